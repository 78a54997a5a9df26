package n4

import (
	"errors"
	"fmt"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// established takes the answer to an establishment. Where there is none the session may be there all the same: it is asked for again, to be
// deleted.
func (m *ControlPlane) established(s *session, r *request, answer pfcp.Message, err error) {
	a, ok := answer.(*pfcp.Established)
	switch {
	case errors.Is(err, ErrNoAnswer):
		s.doubt, s.gone = true, true
		m.unsettle(s)
		m.say(r, nil, err)
		return
	case err != nil || !ok:
		m.say(r, nil, m.wrong(r, err))
		m.forget(s, ErrLost)
		return
	}
	m.loads(s.peer, a.Load, a.Overload)
	if a.Cause != pfcp.CauseAccepted {
		m.say(r, a, &pfcp.Rejection{Cause: a.Cause, What: fmt.Sprintf("session at %v", s.peer.Node)})
		m.forget(s, ErrLost)
		return
	}
	s.doubt = false
	if err := m.verify(s, r, a); err != nil {
		m.say(r, nil, err)
		if s.gone = s.up != 0; !s.gone {
			m.forget(s, ErrLost)
		}
		return
	}
	s.request = nil
	if !s.gone {
		m.say(r, a, nil)
	}
}

// modified takes the answer to a modification.
func (m *ControlPlane) modified(s *session, r *request, asked *pfcp.Modification, answer pfcp.Message, err error) {
	a, ok := answer.(*pfcp.Modified)
	switch {
	case errors.Is(err, ErrNoAnswer) && r.id == 0:
		if s.deferred != nil {
			merge(asked, s.deferred)
		}
		s.deferred = asked
		m.unsettle(s)
		return
	case errors.Is(err, ErrNoAnswer):
		m.say(r, nil, err)
		return
	case err == nil && ok && a.Cause == pfcp.CauseNoSession:
		m.say(r, a, &pfcp.Rejection{Cause: a.Cause, What: "session modification"})
		m.lost(s)
		return
	case err != nil || !ok || a.CP != s.cp && (a.CP != 0 || a.Cause == pfcp.CauseAccepted):
		err = m.wrong(r, err)
	case a.Cause != pfcp.CauseAccepted:
		err = &pfcp.Rejection{Cause: a.Cause, What: "session modification"}
	default:
		err = m.moved(s, r, asked, a)
	}
	if ok && err == nil {
		m.loads(s.peer, a.Load, a.Overload)
		a.Usage = m.measure(s, a.Usage)
	}
	if r.id != 0 {
		m.say(r, answer, err)
		return
	}
	if err != nil { // it is not as its SMF believes it to be
		cp := s.cp
		s.gone = true
		m.emit(Lost{Peer: s.peer.Node, Sessions: []ident.SEID{cp}})
	} else if len(a.Usage) > 0 {
		m.emit(Report{Peer: s.peer.Node, Report: pfcp.Report{CP: s.cp, Type: pfcp.UsageOf, Usage: a.Usage}})
	}
}

// lost tells of a session that its user plane does not know.
func (m *ControlPlane) lost(s *session) {
	gone, cp := s.gone, s.cp
	m.forget(s, ErrLost)
	if !gone {
		m.emit(Lost{Peer: s.peer.Node, Sessions: []ident.SEID{cp}})
	}
}

// deleted takes the answer to a deletion. One that is not answered is asked for again.
func (m *ControlPlane) deleted(s *session, r *request, answer pfcp.Message, err error) {
	a, ok := answer.(*pfcp.Deleted)
	switch {
	case errors.Is(err, ErrNoAnswer):
		s.gone = true
		m.unsettle(s)
		m.say(r, nil, ErrDeferred)
		return
	case err != nil || !ok || a.CP != s.cp && (a.CP != 0 || a.Cause == pfcp.CauseAccepted):
		m.say(r, nil, m.wrong(r, err))
	case a.Cause != pfcp.CauseAccepted:
		m.say(r, a, &pfcp.Rejection{Cause: a.Cause, What: "session deletion"})
	default:
		m.loads(s.peer, a.Load, a.Overload)
		a.Rules = m.measure(s, a.Rules)
		m.total(s, a.Usage)
		if m.say(r, a, nil); r.id == 0 && len(a.Rules) > 0 {
			m.emit(Report{Peer: s.peer.Node, Report: pfcp.Report{CP: s.cp, Type: pfcp.UsageOf, Usage: a.Rules}})
		}
	}
	m.forget(s, &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "deleted session"})
}

// wrong finds an answer that cannot be one, and is the error for whoever asked. What was asked and cannot be encoded is nobody's finding.
func (m *ControlPlane) wrong(r *request, err error) error {
	if r.want == 0 {
		return err
	}
	if err == nil {
		err = errors.New("not about the session that was asked about")
	}
	m.observe(r.session.peer, r.from, KindBadAnswer, r.data, "%v: %v", r.want, err)
	return fmt.Errorf("%w: %w", ErrBadAnswer, err)
}
