package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cordon/ident"
	"cordon/n4"
	"cordon/wire/pfcp"
)

// A user plane between a radio and the anchor is asked now and then what it has carried over N9, and that is held against
// what the anchor counts. More uplink at the anchor than it says that it sent, or more downlink than the anchor sent it, is a
// lie whatever happens on the way. Less uplink at the anchor may be loss, or what a device sends that the anchor forbids:
// it counts where the way was there all the time and more than half is missing of most sessions. Less downlink than was sent
// shows nothing: devices are idle, and rates are policed at both. So who leads a smaller part of uplink elsewhere is not found: a
// lower bound would let whoever drops packets on the way, or a device that sends what is forbidden, speak against an honest user plane.
// Sessions that end at another site have nobody between and are counted once; n4 holds them to what is possible.

const (
	auditEvery  = time.Minute
	auditSample = 128 // sessions of one user plane that are looked at in a round: who lies does so for many
	// auditSlack is what counts may be apart for packets on their way and in buffers, and 1/auditShare of what was carried.
	auditSlack = 128 << 10
	auditShare = 16
)

// tally is what a user plane between says of N9, and what the anchor had counted when it began to say it.
type tally struct {
	base, said pfcp.Usage
	torn       bool // a report may be lost: the next one begins anew
	// At the round before: what it had said, what the anchor had, and when.
	lastSaid, lastHad uint64
	last              time.Time
}

// begin begins anew where the anchor is now.
func (t *tally) begin(at pfcp.Usage) {
	*t = tally{base: at, lastHad: at.UplinkBytes}
}

// add takes reports about N9.
func (t *tally) add(reports []pfcp.UsageReport) {
	for _, r := range reports {
		if r.URR == nearN9 {
			t.said.UplinkBytes += r.Usage.UplinkBytes
			t.said.DownlinkBytes += r.Usage.DownlinkBytes
		}
	}
}

// contradicted is what cannot be, "" if all can; before and after are the anchor's counts around the last report.
func (t *tally) contradicted(before, after pfcp.Usage) string {
	got, sent := before.UplinkBytes-t.base.UplinkBytes, after.DownlinkBytes-t.base.DownlinkBytes
	switch {
	case t.said.UplinkBytes+auditSlack+got/auditShare < got:
		return fmt.Sprintf("it sent %d octets over N9, and the anchor got %d", t.said.UplinkBytes, got)
	case t.said.DownlinkBytes > sent+auditSlack+sent/auditShare:
		return fmt.Sprintf("it got %d octets over N9, and the anchor sent %d", t.said.DownlinkBytes, sent)
	}
	return ""
}

// missing compares what it says that it sent since the round before with what the anchor got; active says whether that is enough
// to tell.
func (t *tally) missing(before, after pfcp.Usage, now time.Time) (active, lost bool) {
	sent, got := t.said.UplinkBytes-t.lastSaid, after.UplinkBytes-t.lastHad
	t.lastSaid, t.lastHad, t.last = t.said.UplinkBytes, before.UplinkBytes, now
	return sent > auditSlack, sent > auditSlack && got < sent/2
}

// carried is what a session has carried at its anchor in this process.
func (p *planes) carried(seid ident.SEID) pfcp.Usage {
	meter, ok := p.own.(interface {
		Usage(ident.SEID) (pfcp.Usage, bool)
	})
	if !ok {
		return pfcp.Usage{}
	}
	u, _ := meter.Usage(seid)
	return u
}

// audits compares until ctx ends.
func (p *planes) audits(ctx context.Context) {
	tick := time.NewTicker(auditEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			for _, s := range p.sites {
				p.audit(s)
			}
		case <-ctx.Done():
			return
		}
	}
}

// audit compares once for some sessions of a user plane.
func (p *planes) audit(s *planeSite) {
	p.mu.Lock()
	var some []*course
	for _, c := range p.courses { // in any order: in the long run all are looked at
		if s.up && c.via == s && c.anchor == nil && len(some) < auditSample {
			some = append(some, c)
		}
	}
	p.mu.Unlock()
	var wg sync.WaitGroup
	var mu sync.Mutex // guards the counts
	active, lost := 0, 0
	for _, c := range some {
		wg.Add(1)
		p.in(c.key, func() {
			defer wg.Done()
			if c.via != s {
				return
			}
			a, l := p.compare(c)
			mu.Lock()
			defer mu.Unlock()
			if a {
				active++
			}
			if l {
				lost++
			}
		})
	}
	wg.Wait()
	if lost > 1 && lost > active/2 {
		p.falseUsage(s, fmt.Sprintf("of what it sent over N9 for %d of %d sessions the anchor got less than half", lost, active))
	}
}

// compare asks about a session. The session's lane runs it.
func (p *planes) compare(c *course) (active, lost bool) {
	t := &c.tally
	before := p.carried(c.seid)
	m, err := p.n4.ask(c.via.cfg.node(), &pfcp.Modification{SEID: c.viaSEID, Query: true})
	after := p.carried(c.seid)
	answer, ok := m.(*pfcp.Modified)
	switch {
	case err != nil || !ok:
		t.torn = true
		return false, false
	case t.torn:
		t.begin(after)
		return false, false
	}
	t.add(answer.Usage)
	if why := t.contradicted(before, after); why != "" {
		p.falseUsage(c.via, why)
		t.begin(after)
		return false, false
	}
	p.mu.Lock()
	steady := c.via.up && !t.last.IsZero() && c.via.since.Before(t.last)
	p.mu.Unlock()
	active, lost = t.missing(before, after, time.Now())
	return active && steady, lost && steady
}

// endBetween ends a session at the user plane between, and holds its last report against the anchor, which still has the
// session.
func (p *planes) endBetween(c *course, via *planeSite, seid ident.SEID) error {
	defer p.n.leases.ended(via.element(), seid)
	before := p.carried(c.seid)
	m, err := p.n4.ask(via.cfg.node(), &pfcp.Deletion{SEID: seid})
	if answer, ok := m.(*pfcp.Deleted); ok && err == nil && !c.tally.torn && c.anchor == nil {
		c.tally.add(answer.Rules)
		if why := c.tally.contradicted(before, p.carried(c.seid)); why != "" {
			p.falseUsage(via, why)
		}
	}
	if errors.Is(err, n4.ErrDeferred) || errors.Is(err, n4.ErrLost) {
		return nil
	}
	return err
}

func (p *planes) falseUsage(s *planeSite, why string) {
	p.finding(n4.Finding{Peer: s.cfg.node(), From: s.cfg.Address, Kind: n4.KindFalseUsage, Why: why})
}
