package n4

import (
	"errors"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// waiting is a report that its SMF has not taken yet.
type waiting struct {
	name ident.SEID // local
	pfcp.Report
}

// maxReports is how many reports wait for an SMF that does not answer. Of those that say what a packet did, one of a kind and session is
// enough; usage is never told again, so that all of it is kept while there is room.
const maxReports = 4096

// report sends what the local user plane says of a session.
func (u *UserPlane) report(r pfcp.Report) {
	s, known := u.named(r.CP)
	if !known || s.up == 0 {
		u.emit(Drop{Reason: ReasonSession})
		return
	}
	u.queue(s.peer, waiting{r.CP, r})
	u.tell(s.peer)
}

// queue has a report wait. Where there is no room one goes that is not of usage, else this one.
func (u *UserPlane) queue(p *peer, w waiting) {
	s := u.of(p)
	if w.Type != pfcp.UsageOf {
		for i := range s.reports {
			if q := &s.reports[i]; q.name == w.name && q.Type == w.Type {
				*q = w
				return
			}
		}
	}
	if len(s.reports) >= maxReports {
		u.drop(p, ReasonBusy)
		return
	}
	s.reports = append(s.reports, w)
}

// maxAsked is how many requests a peer is asked at once.
const maxAsked = 256

// tell sends the reports that wait, if the peer is there.
func (u *UserPlane) tell(p *peer) {
	s := u.of(p)
	n := 0
	for ; n < len(s.reports) && p.associated && !p.silent && len(p.asking) < maxAsked; n++ {
		w := s.reports[n]
		slot, known := u.named(w.name)
		if !known {
			continue
		}
		w.CP = slot.cp
		m := w.Message()
		u.ask(p, request{kind: askReport, report: &w, name: slot.up}, m)
	}
	s.reports = s.reports[n:]
	if len(s.reports) == 0 {
		s.reports = nil
	}
}

// answered takes the answer to a report.
func (u *UserPlane) answered(p *peer, r *request, m pfcp.Message, err error) {
	if r.observed != nil {
		u.toldObserved(p, r, err)
		return
	}
	if r.kind != askReport {
		u.tell(p)
		return
	}
	re, ok := m.(*pfcp.Reported)
	switch {
	case errors.Is(err, ErrNoAnswer) && r.report.Type == pfcp.UsageOf:
		u.queue(p, *r.report) // until it answers heartbeats again
	case !ok:
		u.drop(p, ReasonNoAnswer)
	case re.Cause == pfcp.CauseNoAssociation: // it is about to ask for one
		u.queue(p, *r.report)
		return
	case re.Cause != pfcp.CauseAccepted:
		u.drop(p, ReasonSession)
	case re.DropBuffered:
		u.emit(Request{Peer: p.Node, Message: &pfcp.Modification{SEID: r.name, DropBuffered: true}})
	}
	if ok {
		u.tell(p)
	}
}
