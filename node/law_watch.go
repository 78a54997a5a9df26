package node

import (
	"context"
	"slices"
	"time"

	"cordon/rules"
)

const (
	lawTick  = time.Second // how often the date and the findings are looked at
	lawAgain = time.Minute // before what could not be judged is tried again
)

// watchLaw has the law follow the calendar and what is found.
func (n *Node) watchLaw(ctx context.Context) {
	tick := time.NewTicker(lawTick)
	defer tick.Stop()
	var again time.Time
	for {
		select {
		case <-ctx.Done():
			n.keepFindings(false)
			return
		case now := <-tick.C:
			if now.Before(again) {
				continue
			}
			if !n.unasked(n.followCalendar(rules.DateOf(now))) || !n.unasked(n.followFindings(now)) {
				again = now.Add(lawAgain)
			}
			if now.Unix()%keepGraveEvery == 0 {
				n.keepFindings(now.Unix()%keepFindingsEvery != 0)
			}
		}
	}
}

// unasked logs that a change which nobody asked for is refused, and reports whether it was not.
func (n *Node) unasked(err error) bool {
	if err != nil {
		n.d.Log.Error("what has changed cannot be judged; what was in force before stays", "err", err)
	}
	return err == nil
}

// followCalendar has a new day judged by its own law. A clock that goes back changes nothing: what
// has fallen due stays so.
func (n *Node) followCalendar(today rules.Date) error {
	l := n.law
	l.mu.Lock()
	due := !l.fixed && today > l.in.asOf
	l.mu.Unlock()
	if !due {
		return nil
	}
	return n.amend(amendment{
		edit: func(s *statutes) error { s.asOf = today; return nil },
		told: func(snapshot *rules.Snapshot) { n.newSnapshot(snapshot, "a new day") },
	})
}

// followFindings has rules see what was found, where that changes a verdict: findings come all the
// time, and a law that changes without changing anything tells nobody anything.
func (n *Node) followFindings(now time.Time) error {
	n.book.mu.Lock()
	look := n.book.changed || now.Unix()%3600 == 0 // some stop counting after a day
	n.book.changed = false
	var found []rules.Observation
	if look {
		found = n.book.book.Observations(now)
	}
	n.book.mu.Unlock()
	if !look {
		return nil
	}
	l := n.law
	l.mu.Lock()
	change := rules.Change{Findings: differing(about(l.in.findings, l.in.facts), about(found, l.in.facts))}
	l.mu.Unlock()
	before := l.now.Load()
	after, err := before.With(change)
	if err != nil || !slices.ContainsFunc(change.Findings, func(o rules.Observation) bool { return standsApart(before, after, o.Element) }) {
		return err
	}
	return n.amend(amendment{
		edit: func(s *statutes) error {
			change.Findings = differing(about(s.findings, s.facts), about(found, s.facts))
			s.findings = found
			return nil
		},
		touches: func() *rules.Change { return &change },
		told:    func(snapshot *rules.Snapshot) { n.newSnapshot(snapshot, "findings") },
	})
}

// standsApart reports whether two snapshots judge an element differently at any gate, apart from
// what is claimed or asked for there.
func standsApart(a, b *rules.Snapshot, element string) bool {
	for _, gate := range []rules.Gate{rules.GateManagement, rules.GateDevice, rules.GateSession} {
		for _, protected := range []bool{false, true} {
			q := rules.Question{Gate: gate, Element: element, Protected: protected}
			x, y := rules.Decide(a, q), rules.Decide(b, q)
			if x.Act != y.Act || x.Owes != y.Owes || x.Due != y.Due || x.Rule != y.Rule {
				return true
			}
		}
	}
	return false
}

// differing are the observations that are not what they were; one that is gone counts 0.
func differing(before, now []rules.Observation) []rules.Observation {
	type name struct{ element, kind string }
	was := make(map[name]int, len(before))
	for _, o := range before {
		was[name{o.Element, o.Kind}] = o.Count
	}
	var list []rules.Observation
	for _, o := range now {
		if was[name{o.Element, o.Kind}] != o.Count {
			list = append(list, o)
		}
		delete(was, name{o.Element, o.Kind})
	}
	for n := range was {
		list = append(list, rules.Observation{Element: n.element, Kind: n.kind})
	}
	return list
}
