package n4

import (
	"cordon/wire/pfcp"
)

// setup is an association set-up whose sender has to confirm that it restarted.
type setup struct {
	ask
	message *pfcp.AssociationSetupRequest
}

// asked takes a request.
func (u *UserPlane) asked(p *peer, a ask) {
	switch m := a.message.(type) {
	case *pfcp.AssociationSetupRequest:
		u.associate(p, a, m)
	case *pfcp.AssociationUpdateRequest:
		c := u.sender(p, a, m.Node)
		if c == pfcp.CauseAccepted && m.CP != 0 {
			u.of(p).features = m.CP
		}
		u.answer(p, a, &pfcp.AssociationUpdateResponse{Node: u.cfg.Node, Cause: c})
	case *pfcp.AssociationReleaseRequest:
		c := u.sender(p, a, m.Node)
		u.answer(p, a, &pfcp.AssociationReleaseResponse{Node: u.cfg.Node, Cause: c})
		if c == pfcp.CauseAccepted {
			u.release(p)
		}
	case *pfcp.Establishment:
		u.establish(p, a, m)
	case *pfcp.Modification:
		u.change(p, a, m.SEID, m)
	case *pfcp.Deletion:
		u.change(p, a, m.SEID, m)
	default: // what a UPF sends and is not sent
		u.drop(p, ReasonRole)
	}
}

// sender checks the identity in a request of an associated peer.
func (u *UserPlane) sender(p *peer, a ask, n pfcp.NodeID) pfcp.Cause {
	switch {
	case n != p.Node:
		u.observe(p, a.from, KindForeignNode, nil, "%v calls itself %v in %v", p.Node, n, a.Type)
		return pfcp.CauseRejected
	case !p.associated:
		return pfcp.CauseNoAssociation
	}
	return pfcp.CauseAccepted
}

// associate takes an association set-up. Sessions are there to lose only where the peer, asked, says itself that it restarted: the
// answer waits for that.
func (u *UserPlane) associate(p *peer, a ask, m *pfcp.AssociationSetupRequest) {
	s := u.of(p)
	if m.Node != p.Node {
		u.sender(p, a, m.Node)
		u.answer(p, a, &pfcp.AssociationSetupResponse{Node: u.cfg.Node, Cause: pfcp.CauseRejected, Recovery: u.cfg.Recovery})
		return
	}
	if p.stamp == 0 || m.Recovery == p.stamp || s.count == 0 {
		u.agree(p, a, m)
		return
	}
	if s.setup != nil {
		p.answers.forget(s.setup.Seq)
	}
	s.setup = &setup{a, m}
	u.ask(p, request{kind: askHeartbeat, claimed: m.Recovery}, &pfcp.HeartbeatRequest{Recovery: u.cfg.Recovery})
}

// agree answers an association set-up.
func (u *UserPlane) agree(p *peer, a ask, m *pfcp.AssociationSetupRequest) {
	s := u.of(p)
	if m.Recovery != p.stamp {
		p.stamp = m.Recovery
		s.life++
		s.reports = nil
		if s.sweeping = m.Retain && s.count > 0; s.sweeping {
			u.timers.Start(timerKey{p, timerRetention, 0}, u.now.Add(u.cfg.Retention))
		} else {
			u.purge(p, true)
		}
	}
	s.features, s.wants, s.setup = m.CP, m.Observed, nil
	p.associated = true
	u.answer(p, a, &pfcp.AssociationSetupResponse{Node: u.cfg.Node, Cause: pfcp.CauseAccepted, Recovery: u.cfg.Recovery,
		UP: u.cfg.Features, Retained: m.Retain})
	u.emit(Up{Peer: p.Node, Retained: m.Retain})
	p.silent = false
	u.heard(p)
	u.watch(p)
}

// release ends an association, and with it its sessions (§6.2.8).
func (u *UserPlane) release(p *peer) {
	u.abandon(p)
	u.timers.Stop(timerKey{p, timerRetention, 0})
	u.purge(p, true)
	p.associated, p.silent, p.stamp = false, false, 0
	p.smf = nil
	u.emit(Down{Peer: p.Node})
}

// alive goes on where the peer answers again.
func (u *UserPlane) alive(p *peer) {
	s := u.of(p)
	if s.setup != nil { // it is in the life that it was in: somebody else asked
		p.answers.forget(s.setup.Seq)
		s.setup = nil
	}
	if p.associated && p.silent {
		p.silent = false
		u.emit(Up{Peer: p.Node, Retained: true})
	}
	u.heard(p)
}

// heard sends what waited for the peer, and lets no more time run against it.
func (u *UserPlane) heard(p *peer) {
	if !u.of(p).sweeping {
		u.timers.Stop(timerKey{p, timerRetention, 0})
	}
	u.tell(p)
	u.tellObserved(p)
}

// silent lets the sessions of a peer that does not answer go on for a while.
func (u *UserPlane) silent(p *peer) {
	if s := u.of(p); s.setup != nil {
		p.answers.forget(s.setup.Seq)
		s.setup = nil
	}
	if !p.associated || p.silent {
		return
	}
	p.silent = true
	if k := (timerKey{p, timerRetention, 0}); !u.timers.Running(k) {
		u.timers.Start(k, u.now.Add(u.cfg.Retention))
	}
	u.emit(Down{Peer: p.Node})
}

// restarted goes on with the set-up of a peer that confirmed it. One that has yet to come is waited for.
func (u *UserPlane) restarted(p *peer, stamp pfcp.RecoveryTimeStamp) {
	s := u.of(p)
	if s.setup != nil && s.setup.message.Recovery == stamp {
		u.agree(p, s.setup.ask, s.setup.message)
		return
	}
	u.silent(p)
}

// expired ends the sessions that nobody took over in time, or whose SMF was away for too long.
func (u *UserPlane) expired(p *peer, _ timerKind) {
	s := u.of(p)
	u.purge(p, p.silent)
	s.sweeping = false
}

// gone is for a peer that may speak no more.
func (u *UserPlane) gone(p *peer) {
	if p.associated || u.of(p).count > 0 {
		u.release(p)
	}
}

// path tells all SMFs of a peer on N3 or N9.
func (u *UserPlane) path(ev Path) {
	for _, p := range u.order {
		if !p.associated || p.silent {
			continue
		}
		m := &pfcp.NodeReportRequest{Node: u.cfg.Node}
		if ev.Failed {
			m.Failed = append(m.Failed, ev.Remote)
		} else {
			m.Recovered = append(m.Recovered, ev.Remote)
		}
		u.ask(p, request{kind: askOther}, m)
	}
}
