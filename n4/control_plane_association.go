package n4

import (
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// setUp asks a user plane for an association, unless it has just been asked. claimed is a time stamp that it is said to have now.
func (m *ControlPlane) setUp(p *peer, claimed pfcp.RecoveryTimeStamp) {
	u := p.upf
	if u.setting || !u.lastSet.IsZero() && m.now.Sub(u.lastSet) < m.cfg.T1 {
		if !u.setting && !p.associated {
			m.timers.Start(timerKey{p, timerSetup, 0}, m.now.Add(m.cfg.T1))
		}
		return
	}
	m.timers.Stop(timerKey{p, timerSetup, 0})
	if u.setting, u.lastSet = true, m.now; p.associated && u.suspect.IsZero() {
		u.suspect = m.now
	}
	m.ask(p, request{kind: askSetup, claimed: claimed}, &pfcp.AssociationSetupRequest{Node: m.cfg.Node, Recovery: m.cfg.Recovery,
		CP: pfcp.FeatureLOAD | pfcp.FeatureOVRL, Retain: !m.cfg.Anew, Observed: m.cfg.Observed})
}

// setUpAnswered takes the answer. That it came in a new life is proven by its being an answer.
func (m *ControlPlane) setUpAnswered(p *peer, r *request, answer pfcp.Message, err error) {
	u := p.upf
	u.setting = false
	a, ok := answer.(*pfcp.AssociationSetupResponse)
	if ok && a.Node != p.Node {
		m.observe(p, r.from, KindForeignNode, r.data, "%v calls itself %v", p.Node, a.Node)
		ok = false
	}
	if !ok || err != nil || a.Cause != pfcp.CauseAccepted {
		if ok {
			m.drop(p, ReasonRefused)
		}
		if !p.associated {
			m.timers.Start(timerKey{p, timerSetup, 0}, m.now.Add(m.cfg.Retry))
		}
		m.pump(p)
		return
	}
	u.features = a.UP
	switch {
	case p.stamp != 0 && a.Recovery != p.stamp:
		m.lose(p)
	case p.associated: // asked for nothing: it is in the life that it was in
		if r.claimed != 0 && r.claimed != a.Recovery {
			m.observe(p, r.from, KindFalseRestart, nil, "a restart with time stamp %d was claimed in its name", r.claimed)
		}
		u.suspect = time.Time{}
		m.pump(p)
		return
	}
	p.stamp, p.associated, u.suspect = a.Recovery, true, time.Time{}
	m.emit(Up{Peer: p.Node, Features: a.UP, Retained: a.Retained})
	m.watch(p)
	m.settle(p)
}

// lose tells of all sessions of a user plane that began anew, and forgets them, but for those that it may have made since it began.
func (m *ControlPlane) lose(p *peer) {
	making := map[*session]bool{}
	for _, r := range m.abandon(p) {
		if r.kind == askSession && r.id != 0 {
			m.emit(Answer{ID: r.id, Err: ErrLost})
		}
		switch r.message.(type) {
		case *pfcp.Establishment:
			making[r.session] = true
		case *pfcp.Deletion:
			r.session.gone = true
		}
	}
	u := p.upf
	u.asked, u.ready, u.unsettled, u.setting = 0, nil, nil, false
	u.load, u.overload = pfcp.Load{}, pfcp.Overload{} // their numbers begin anew
	u.calm = m.now.Add(m.cfg.T1)
	clear(u.byUP)
	clear(u.ends)
	var lost []ident.SEID
	for _, s := range m.of(p) {
		s.gone = s.gone || slices.ContainsFunc(s.queue, func(w work) bool { return w.message.Type() == pfcp.TypeDeletionRequest })
		made := s.gone && !u.suspect.IsZero() && !s.made.Before(u.suspect)
		if making[s] || s.doubt || made {
			s.busy, s.ready, s.doubt, s.gone, s.unsettle = false, false, !made, true, false
			m.flush(s, ErrLost)
			m.unsettle(s)
			for _, e := range s.ends {
				u.ends[e.endp] = s
			}
			continue
		}
		if s.up != 0 && !s.gone {
			lost = append(lost, s.cp)
		}
		m.forget(s, ErrLost)
	}
	if len(lost) > 0 {
		m.emit(Lost{Peer: p.Node, Sessions: lost})
	}
}

// silent has what was asked of a user plane that does not answer wait until it does.
func (m *ControlPlane) silent(p *peer) {
	if !p.associated {
		return
	}
	p.associated = false
	m.emit(Down{Peer: p.Node})
	u := p.upf
	u.setting = false
	later := u.ready
	u.asked, u.ready = 0, nil
	for _, r := range m.abandon(p) {
		if r.kind == askSession {
			m.postpone(r.session, work{r.id, r.message})
			later = append(later, r.session)
		}
	}
	for _, s := range later {
		s.busy, s.ready = false, false
		queue := s.queue
		s.queue = nil
		for _, w := range queue {
			m.postpone(s, w)
		}
		m.unsettle(s)
	}
	u.lastSet, u.calm = time.Time{}, m.now.Add(m.cfg.T1)
	m.setUp(p, 0)
}

// postpone keeps what cannot be asked now, and says so.
func (m *ControlPlane) postpone(s *session, w work) {
	err := ErrDeferred
	switch msg := w.message.(type) {
	case *pfcp.Establishment:
		s.doubt, s.gone, err = true, true, ErrDown // it may have been made
	case *pfcp.Deletion:
		s.gone = true
	case *pfcp.Modification:
		if wantsEndpoint(msg) {
			err = ErrDown // nobody would learn which it is
			break
		}
		if s.deferred == nil {
			s.deferred = &pfcp.Modification{SEID: s.up}
		}
		merge(s.deferred, msg)
	}
	m.unsettle(s)
	if w.id != 0 {
		m.emit(Answer{ID: w.id, Err: err})
	}
}

// unsettle remembers a session that has something to be made.
func (m *ControlPlane) unsettle(s *session) {
	if !s.unsettle && (s.doubt || s.gone || s.deferred != nil) {
		s.unsettle = true
		s.peer.upf.unsettled = append(s.peer.upf.unsettled, s)
	}
}

// settle makes what could not be made before.
func (m *ControlPlane) settle(p *peer) {
	u := p.upf
	list := u.unsettled
	u.unsettled = nil
	for _, s := range list {
		s.unsettle = false
		m.start(s)
	}
}

// alive tries again what was not answered.
func (m *ControlPlane) alive(p *peer) {
	if p.associated {
		m.settle(p)
	}
}

// restarted asks a user plane for an association anew.
func (m *ControlPlane) restarted(p *peer, stamp pfcp.RecoveryTimeStamp) { m.setUp(p, stamp) }

// expired is when it is time to try to associate again, or to ask again about sessions.
func (m *ControlPlane) expired(p *peer, t timerKind) {
	if t == timerCalm {
		m.pump(p)
	} else {
		m.setUp(p, 0)
	}
}

// gone is for a user plane that is none any more: it is told once, and its sessions are lost.
func (m *ControlPlane) gone(p *peer) {
	if p.associated {
		if b, err := pfcp.Append(nil, p.seq, &pfcp.AssociationReleaseRequest{Node: m.cfg.Node}); err == nil {
			m.emit(Send{To: p.to(), Data: b})
		}
	}
	m.lose(p)
	for _, s := range m.of(p) {
		m.forget(s, ErrLost)
	}
	if p.associated {
		p.associated = false
		m.emit(Down{Peer: p.Node})
	}
}
