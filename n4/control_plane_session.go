package n4

import (
	"errors"

	"cordon/wire/pfcp"
)

// asks takes a Request of the SMF.
func (m *ControlPlane) asks(ev Request) {
	p := m.peers[ev.Peer]
	if p == nil {
		m.emit(Answer{ID: ev.ID, Err: ErrDown})
		return
	}
	w := work{ev.ID, ev.Message}
	switch msg := ev.Message.(type) {
	case *pfcp.Establishment:
		m.establish(p, w, msg)
	case *pfcp.Modification:
		s := p.upf.byUP[msg.SEID]
		switch {
		case s == nil || s.gone:
			m.emit(Answer{ID: w.id, Message: &pfcp.Modified{Cause: pfcp.CauseNoSession}, Err: &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session modification"}})
		case empty(msg):
			m.emit(Answer{ID: w.id, Message: &pfcp.Modified{CP: s.cp, Cause: pfcp.CauseAccepted}})
		default:
			m.enqueue(s, w)
		}
	case *pfcp.Deletion:
		s := p.upf.byUP[msg.SEID]
		if s == nil || s.gone {
			m.emit(Answer{ID: w.id, Message: &pfcp.Deleted{Cause: pfcp.CauseNoSession}, Err: &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session deletion"}})
			return
		}
		m.enqueue(s, w)
	default:
		m.emit(Answer{ID: w.id, Err: &pfcp.Rejection{Cause: pfcp.CauseServiceNotSupported, What: "request"}})
	}
}

// establish begins a session.
func (m *ControlPlane) establish(p *peer, w work, e *pfcp.Establishment) {
	old := m.sessions[name{p, e.CP.SEID}]
	switch {
	case !p.associated:
		m.emit(Answer{ID: w.id, Err: ErrDown})
		return
	case e.CP.SEID == 0 || old != nil && (!old.gone || old.busy):
		m.emit(Answer{ID: w.id, Err: &pfcp.Rejection{Cause: pfcp.CauseMandatoryIncorrect, What: "CP F-SEID"}})
		return
	}
	if old != nil && old.doubt { // what it may have made gives way to this
		m.forget(old, ErrLost)
	} else if old != nil { // it is on its way out, and has its name no more
		m.flush(old, ErrLost)
	}
	out := *e
	out.Node, out.CP.Addr = m.cfg.Node, m.cfg.Addr
	s := &session{peer: p, cp: e.CP.SEID, request: &out, began: m.now, existing: e.Existing != 0}
	if p.upf.features&pfcp.FeatureFTUP == 0 {
		out.PDRs = m.choose(s, e.PDRs)
	}
	m.sessions[name{p, s.cp}] = s
	w.message = &out
	s.queue = append(s.queue, w)
	m.start(s)
}

// enqueue has a request about a session wait for its turn, or for the user plane.
func (m *ControlPlane) enqueue(s *session, w work) {
	switch {
	case !s.peer.associated:
		m.postpone(s, w)
	case len(s.queue) >= maxQueue:
		m.emit(Answer{ID: w.id, Err: ErrBusy})
	default:
		if msg, ok := w.message.(*pfcp.Modification); ok && s.peer.upf.features&pfcp.FeatureFTUP == 0 {
			out := *msg
			out.CreatePDRs, out.PDRs = m.choose(s, msg.CreatePDRs), m.choose(s, msg.PDRs)
			w.message = &out
		}
		s.queue = append(s.queue, w)
		m.start(s)
	}
}

// start has a session's next request sent, if there is one and none has an answer to come.
func (m *ControlPlane) start(s *session) {
	if s.busy || s.ready || !s.doubt && !s.gone && s.deferred == nil && len(s.queue) == 0 {
		return
	}
	s.ready = true
	u := s.peer.upf
	u.ready = append(u.ready, s)
	m.pump(s.peer)
}

// pump sends what is ready, as much as a user plane is asked at once; not so soon after it was away that what was asked
// then could arrive later, nor while it is open whether it began anew.
func (m *ControlPlane) pump(p *peer) {
	u := p.upf
	if m.now.Before(u.calm) {
		m.timers.Start(timerKey{p, timerCalm, 0}, u.calm)
		return
	}
	for p.associated && !u.setting && u.asked < maxAsked && len(u.ready) > 0 {
		s := u.ready[0]
		u.ready = u.ready[1:]
		s.ready = false
		w := s.take()
		if w.message == nil {
			continue
		}
		s.busy = true
		u.asked++
		m.ask(p, request{kind: askSession, session: s, id: w.id, message: w.message}, w.message)
	}
}

// take is the next request about a session: what is left over from before, then what came.
func (s *session) take() work {
	switch {
	case s.doubt:
		return work{message: s.request}
	case s.gone && s.up != 0:
		return work{message: &pfcp.Deletion{SEID: s.up}}
	case s.deferred != nil:
		d := s.deferred
		s.deferred = nil
		return work{message: d}
	case len(s.queue) > 0:
		w := s.queue[0]
		s.queue = s.queue[1:]
		return w
	}
	return work{}
}

// answered takes the answer to a request of ours.
func (m *ControlPlane) answered(p *peer, r *request, answer pfcp.Message, err error) {
	if r.kind == askSetup {
		m.setUpAnswered(p, r, answer, err)
		return
	}
	s := r.session
	p.upf.asked--
	if s.busy = false; s.dead {
		m.pump(p)
		return
	}
	switch msg := r.message.(type) {
	case *pfcp.Establishment:
		m.established(s, r, answer, err)
	case *pfcp.Modification:
		m.modified(s, r, msg, answer, err)
	case *pfcp.Deletion:
		m.deleted(s, r, answer, err)
	}
	if none(answer) {
		m.setUp(p, 0)
	}
	if errors.Is(err, ErrNoAnswer) && p.associated && !m.challenging(p) {
		m.ask(p, request{kind: askHeartbeat}, &pfcp.HeartbeatRequest{Recovery: m.cfg.Recovery})
	}
	if !s.unsettle { // what was not answered waits for a sign of life
		m.start(s)
	}
	m.pump(p)
}

// none reports whether an answer says that there is no association.
func none(answer pfcp.Message) bool {
	switch a := answer.(type) {
	case *pfcp.Established:
		return a.Cause == pfcp.CauseNoAssociation
	case *pfcp.Modified:
		return a.Cause == pfcp.CauseNoAssociation
	case *pfcp.Deleted:
		return a.Cause == pfcp.CauseNoAssociation
	}
	return false
}

// say gives the SMF the answer to a Request, if it was one.
func (m *ControlPlane) say(r *request, answer pfcp.Message, err error) {
	if r.id != 0 {
		m.emit(Answer{ID: r.id, Message: answer, Err: err})
	}
}
