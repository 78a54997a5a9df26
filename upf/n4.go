package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// Establish makes a session. With an answer other than CauseAccepted comes a
// *pfcp.Rejection that says why, and nothing has changed.
func (s *Sessions) Establish(now time.Duration, e pfcp.Establishment) (pfcp.Established, error) {
	p, rej := s.newPlan(&e)
	if rej == nil && s.slots.live >= s.cfg.MaxSessions {
		rej = reject(pfcp.CauseNoResources, "session", "there are %d", s.slots.live)
	}
	if rej != nil {
		return pfcp.Established{CP: e.CP.SEID, Cause: rej.Cause}, rej
	}
	i, teid, seid, ok := s.slots.take(now, s.cfg.Random)
	if !ok {
		rej = reject(pfcp.CauseNoResources, "session", "all TEIDs are in use or resting")
		return pfcp.Established{CP: e.CP.SEID, Cause: rej.Cause}, rej
	}
	p.state.seid, p.state.teid, p.up.TEID, p.down.Aux = seid, teid, teid, i+1
	if p.pool.Flags&PoolNAT != 0 {
		first, ok := s.nat.take(p.state.down)
		if !ok {
			s.slots.give(now, i)
			rej = reject(pfcp.CauseNoResources, "session", "all blocks of public ports are in use")
			return pfcp.Established{CP: e.CP.SEID, Cause: rej.Cause}, rej
		}
		p.up.Aux = first + 1
	}
	s.commit(i, &p)
	return pfcp.Established{
		CP:    e.CP.SEID,
		Cause: pfcp.CauseAccepted,
		UP:    pfcp.FSEID{SEID: seid, Addr: s.cfg.N3},
		Created: []pfcp.CreatedPDR{{
			ID:    pfcp.PDRID(p.state.pdrUL),
			Local: pfcp.FTEID{TEID: ident.TEID(teid), Addr: s.cfg.N3},
		}},
	}, nil
}

// Modify changes a session, wholly or not at all. What the change sets free, an end marker
// for the old path and then the packets that were held, goes to send in the order in
// which it is to leave; send must not call Sessions.
func (s *Sessions) Modify(now time.Duration, m pfcp.Modification, send func(Verdict)) (pfcp.Modified, error) {
	i, ok := s.find(m.SEID)
	if !ok {
		return pfcp.Modified{Cause: pfcp.CauseNoSession}, &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session modification"}
	}
	st := s.slots.state(i)
	up, down := s.lines(i)
	p := plan{state: *st, up: up.Entry(), down: down.Entry()}
	p.remoteUL = s.filters.sets[st.filter].remote
	p.remoteDL = p.remoteUL
	old := pfcp.OuterHeader{TEID: ident.TEID(p.down.TEID), Addr: s.peers.list[p.down.Peer].addr}
	if p.state.pathDL == pathRadio {
		p.outer = old
	}
	marker, rej := p.change(s, &m)
	if rej != nil {
		return pfcp.Modified{CP: st.cp, Cause: rej.Cause}, rej
	}
	s.commit(i, &p)
	if m.DropBuffered || p.state.pathDL == pathDrop {
		s.down.held.drop(i)
	}
	if marker && old.Addr.IsValid() && p.outer != old {
		h := gtpu.Header{Type: gtpu.TypeEndMarker, TEID: old.TEID}
		send(Verdict{Action: ToN3, TEID: old.TEID, CP: st.cp, To: netip.AddrPortFrom(old.Addr, gtpu.Port), Packet: h.Append(nil, 0)})
	}
	if p.state.pathDL == pathRadio {
		for _, octets := range s.down.held.take(i) {
			var packet packet
			if packet.parse(octets) != ReasonNone || !s.filters.passes(p.state.filter, &packet, false) {
				s.dropDown(i, ReasonNotSealed)
				continue
			}
			if v := s.deliver(now, i, down, &packet); v.Action == ToN3 {
				send(v)
			}
		}
	}
	return pfcp.Modified{CP: st.cp, Cause: pfcp.CauseAccepted}, nil
}

// change applies a modification to the plan and reports whether end markers are wanted.
func (p *plan) change(s *Sessions, m *pfcp.Modification) (marker bool, rej *pfcp.Rejection) {
	for k := range m.PDRs {
		if rej := p.setPDR(s, &m.PDRs[k]); rej != nil {
			return false, rej
		}
	}
	for _, f := range m.FARs {
		if rej := p.setFAR(s, f); rej != nil {
			return false, rej
		}
		marker = marker || f.SendEndMarkers && uint32(f.ID) == p.state.farDL
	}
	for _, q := range m.QERs {
		if rej := p.setQER(q); rej != nil {
			return false, rej
		}
	}
	return marker, p.compose(s)
}

// commit puts a plan in its place and moves the session's hold on its endpoint and its filters.
func (s *Sessions) commit(i uint32, p *plan) {
	old := p.state.filter
	p.state.filter = s.filters.hold(p.remoteUL)
	s.filters.release(old)
	p.up.Rules, p.down.Rules = p.state.filter, p.state.filter
	up, down := &s.mem.Up[i], &s.mem.Down[p.state.down]
	was := down.Entry()
	p.up.Peer, p.down.Peer, p.down.TEID = 0, 0, 0
	if p.outer.Addr.IsValid() {
		p.down.Peer, p.down.TEID = s.peers.hold(p.outer.Addr), uint32(p.outer.TEID)
		p.up.Peer = p.down.Peer
		s.endpoints[endpoint{p.down.Peer, p.down.TEID}] = i
	}
	if p.down.Peer != was.Peer || p.down.TEID != was.TEID {
		up.Word.Store(0) // another radio counts anew
		p.down.set(LineLost, false)
		s.forget(i, was.Peer, was.TEID)
	}
	if p.state.pathDL != pathHold || s.slots.state(i).pathDL != pathHold {
		p.down.set(LineReported, false)
	}
	s.peers.release(was.Peer)
	*s.slots.state(i) = p.state
	down.publishDownlink(&p.down)
	up.publishUplink(&p.up)
}

// forget removes a session's claim to an endpoint, unless a later session has it.
func (s *Sessions) forget(i, peer, teid uint32) {
	if k := (endpoint{peer, teid}); peer != 0 && s.endpoints[k] == i {
		delete(s.endpoints, k)
	}
}

// Delete ends a session and says what it carried.
func (s *Sessions) Delete(now time.Duration, d pfcp.Deletion) (pfcp.Deleted, error) {
	i, ok := s.find(d.SEID)
	if !ok {
		return pfcp.Deleted{Cause: pfcp.CauseNoSession}, &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session deletion"}
	}
	st := s.slots.state(i)
	up, down := s.lines(i)
	was := down.Entry()
	up.Tunnel.Store(0)
	down.Device.Store(0)
	answer := pfcp.Deleted{CP: st.cp, Cause: pfcp.CauseAccepted, Usage: s.usage(i)}
	if block := uint32(up.Device.Load() >> 32); block != 0 {
		s.nat.give(block-1, s.mem.NAT)
	}
	up.clear()
	down.clear()
	s.forget(i, was.Peer, was.TEID)
	s.peers.release(was.Peer)
	s.down.held.drop(i)
	s.filters.release(st.filter)
	s.slots.give(now, i)
	return answer, nil
}
