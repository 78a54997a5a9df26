package n4

import (
	"errors"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// establish has the local user plane make a session, under a name for its SMF's end that is unique here.
func (u *UserPlane) establish(p *peer, a ask, m *pfcp.Establishment) {
	s := u.of(p)
	if c := u.may(p, a, m); c != pfcp.CauseAccepted {
		u.answer(p, a, &pfcp.Established{CP: m.CP.SEID, Node: u.cfg.Node, Cause: c})
		return
	}
	if i, again := u.byCP[name{p, m.CP.SEID}]; again {
		// Its answer was lost, or its SMF began anew: what there was gives way, unless it is what is asked for.
		if up := u.sessions[i].up; up != 0 && up != m.Existing {
			u.emit(Purge{Peer: p.Node, Sessions: []ident.SEID{up}})
		}
		u.give(i)
	}
	if p.MaxSessions > 0 && s.count >= p.MaxSessions {
		u.answer(p, a, &pfcp.Established{CP: m.CP.SEID, Node: u.cfg.Node, Cause: pfcp.CauseNoResources})
		return
	}
	i := u.take(p, m.CP.SEID)
	local := *m
	local.CP.SEID = u.local(i)
	u.do(p, a, i, &local)
}

// may says whether an SMF may have a session made.
func (u *UserPlane) may(p *peer, a ask, m *pfcp.Establishment) pfcp.Cause {
	if c := u.sender(p, a, m.Node); c != pfcp.CauseAccepted {
		return c
	}
	if m.CP.SEID == 0 || !p.owns(m.CP.Addr) {
		u.observe(p, a.from, KindForeignSEID, nil, "reports of its session are to go to %v", m.CP.Addr)
		return pfcp.CauseMandatoryIncorrect
	}
	if i, known := u.byUP[m.Existing]; known && u.sessions[i].peer != p {
		u.observe(p, a.from, KindForeignSEID, nil, "%v would take over a session of %v", p.Node, u.sessions[i].peer.Node)
		return pfcp.CauseNoSession
	}
	return pfcp.CauseAccepted
}

// change has the local user plane change or end a session, if it is the peer's.
func (u *UserPlane) change(p *peer, a ask, seid ident.SEID, m pfcp.Message) {
	if !p.associated {
		u.answer(p, a, refusal(a.Type, u.cfg.Node, 0, pfcp.CauseNoAssociation))
		return
	}
	i, known := u.byUP[seid]
	if !known || u.sessions[i].peer != p {
		if known {
			u.observe(p, a.from, KindForeignSEID, nil, "%v for a session of %v", a.Type, u.sessions[i].peer.Node)
		}
		u.answer(p, a, refusal(a.Type, u.cfg.Node, 0, pfcp.CauseNoSession))
		return
	}
	u.sessions[i].life = p.smf.life // its SMF knows of it
	u.do(p, a, i, m)
}

// do asks the local user plane.
func (u *UserPlane) do(p *peer, a ask, i uint32, m pfcp.Message) {
	if len(u.doing) >= maxDoing {
		u.answer(p, a, refusal(a.Type, u.cfg.Node, u.sessions[i].cp, pfcp.CauseCongestion))
		if a.Type == pfcp.TypeEstablishmentRequest {
			u.give(i)
		}
		return
	}
	u.doing[u.next] = doing{peer: p, ask: a, index: i, gen: u.sessions[i].gen}
	u.emit(Request{Peer: p.Node, ID: u.next, Message: m})
	u.next++
}

// did takes the local user plane's answer and gives it to the SMF, under its name of the session.
func (u *UserPlane) did(ev Answer) {
	d, known := u.doing[ev.ID]
	if !known {
		u.emit(Drop{Reason: ReasonLate})
		return
	}
	delete(u.doing, ev.ID)
	s := &u.sessions[d.index]
	live := s.peer == d.peer && s.gen == d.gen
	var cp ident.SEID
	if live {
		cp = s.cp
	}
	switch m := ev.Message.(type) {
	case *pfcp.Established:
		u.established(d, m, cp, live)
	case *pfcp.Modified:
		out := *m
		out.CP, out.Load = cp, u.loadFor(d.peer)
		u.answer(d.peer, d.ask, &out)
	case *pfcp.Deleted:
		out := *m
		out.CP, out.Load = cp, u.loadFor(d.peer)
		if live && m.Cause == pfcp.CauseAccepted {
			u.give(d.index)
		}
		u.answer(d.peer, d.ask, &out)
	default: // the local user plane did not say
		cause := pfcp.CauseSystemFailure
		if r, ok := errors.AsType[*pfcp.Rejection](ev.Err); ok {
			cause = r.Cause
		}
		if live && d.ask.Type == pfcp.TypeEstablishmentRequest {
			u.give(d.index)
		}
		u.answer(d.peer, d.ask, refusal(d.ask.Type, u.cfg.Node, cp, cause))
	}
}

// established takes the local user plane's word on a new session. One whose peer is gone by then goes too.
func (u *UserPlane) established(d doing, m *pfcp.Established, cp ident.SEID, live bool) {
	out := *m
	out.CP, out.Node, out.UP.Addr, out.Load = cp, u.cfg.Node, u.cfg.Addr, u.loadFor(d.peer)
	ok := m.Cause == pfcp.CauseAccepted && m.UP.SEID != 0
	switch {
	case !live && ok:
		u.emit(Purge{Peer: d.peer.Node, Sessions: []ident.SEID{m.UP.SEID}})
		return
	case !live:
		return
	case !ok:
		out.UP, out.Created = pfcp.FSEID{}, nil
		if out.Cause == pfcp.CauseAccepted {
			out.Cause = pfcp.CauseSystemFailure
		}
		u.give(d.index)
	default:
		if i, taken := u.byUP[m.UP.SEID]; taken && i != d.index { // taken over from the SMF's life before
			u.give(i)
		}
		u.sessions[d.index].up = m.UP.SEID
		u.byUP[m.UP.SEID] = d.index
	}
	u.answer(d.peer, d.ask, &out)
}

// loadFor is how busy the user plane is, for an SMF that wants to know.
func (u *UserPlane) loadFor(p *peer) *pfcp.Load {
	if u.of(p).features&pfcp.FeatureLOAD == 0 || u.load.Sequence == 0 {
		return nil
	}
	l := u.load
	return &l
}
