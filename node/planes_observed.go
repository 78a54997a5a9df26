package node

import (
	"time"

	"cordon/n4"
	"cordon/trust"
	"cordon/wire/pfcp"
)

const (
	reportedEach = 30      // findings that one user plane may have entered in a minute
	reportedMost = 100_000 // packets that one of them counts for at most
)

// word is how much of a user plane's word has been taken in a minute. N4's owner alone has it.
type word struct {
	since time.Time
	n     int
}

func (w *word) take(now time.Time) bool {
	if now.Sub(w.since) >= time.Minute {
		*w = word{since: now}
	}
	w.n++
	return w.n <= reportedEach
}

// observed enters what a user plane says of who sends it user packets. What is no kind of user packets' findings, or more than its share, is
// only counted.
func (p *planes) observed(e n4.Observed) {
	s := p.of(e.Peer)
	if s == nil {
		return
	}
	for _, o := range e.Findings {
		kind, known := trust.KindNamed(o.Kind)
		if !known || kind.By != trust.Anyone || !s.word.take(time.Now()) {
			p.n.metrics.reportedLost.Add(1)
			continue
		}
		p.n.metrics.reported.Add(1)
		p.n.observe(p.reported(s, o))
	}
}

// reported is the finding that a user plane's word makes. It counts against a radio where the word is proven to be the user plane's, which
// may serve, and the records have both at one site: no other radio's packets come there. Else it is against nobody.
func (p *planes) reported(s *planeSite, o pfcp.Observed) observed {
	f := observed{kind: trust.Reported, count: min(max(o.Count, 1), reportedMost), why: s.cfg.Element + ": " + o.Kind + " from " + o.Source.String()}
	radio := p.n.radioAt(o.Source)
	if radio == nil || !p.proven(s) || p.isBarred(s) {
		return f
	}
	law := p.n.law.now.Load()
	at, by := law.Element(s.cfg.Element), law.Radio(radio.node())
	if at != nil && by != nil && at.Site != "" && at.Site == by.Site {
		f.by = radio
	}
	return f
}
