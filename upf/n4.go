package upf

import (
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// Establish makes a session, or takes one over that there is already. With an answer other than
// CauseAccepted comes a *pfcp.Rejection that says why, and nothing has changed.
func (s *Sessions) Establish(now time.Duration, e pfcp.Establishment) (pfcp.Established, error) {
	p := &s.plan
	p.reset()
	rej := s.prepare(now, p, &e)
	if rej != nil {
		return pfcp.Established{CP: e.CP.SEID, Cause: rej.Cause}, rej
	}
	s.commit(now, p, e.CP.SEID)
	s.owned(p.slot)
	answer := pfcp.Established{CP: e.CP.SEID, Cause: pfcp.CauseAccepted, Created: p.created()}
	answer.UP = pfcp.FSEID{SEID: ident.SEID(s.mem.Records[p.slot].SEID), Addr: s.cfg.N3}
	answer.Public = s.public(p.slot)
	s.exactly(now, p.slot)
	return answer, nil
}

// public are the ports that a session has for itself, by NAT.
func (s *Sessions) public(i uint32) (p pfcp.PublicPorts) {
	if block := s.mem.Up[i].Entry().Aux; block != 0 {
		first := (block - 1) & 0xffff
		p = pfcp.PublicPorts{Addr: addrOf(s.nat.publics[(block-1)>>16]), First: uint16(first), Last: uint16(first + s.nat.size - 1)}
	}
	return p
}

// prepare makes the plan of an establishment.
func (s *Sessions) prepare(now time.Duration, p *plan, e *pfcp.Establishment) *pfcp.Rejection {
	if e.CP.SEID == 0 {
		return reject(pfcp.CauseMandatoryMissing, "CP F-SEID", "it is 0")
	}
	existing := s.existing(p, e)
	p.granted, p.idle = ^uint16(0), e.Inactivity
	all := pfcp.Modification{CreatePDRs: e.PDRs, CreateFARs: e.FARs, CreateQERs: e.QERs, CreateURRs: e.URRs}
	if rej := p.rules.change(&all); rej != nil {
		return rej
	}
	if rej := s.resolve(p); rej != nil {
		return rej
	}
	if !existing && s.live >= s.cfg.MaxSessions {
		return reject(pfcp.CauseNoResources, "session", "there are %d", s.live)
	}
	return s.room(now, p)
}

// room sees that there are slots for the tunnels that are to be drawn, and public ports if they are wanted.
func (s *Sessions) room(now time.Duration, p *plan) *pfcp.Rejection {
	n := len(p.named)
	for _, teid := range p.tunnels {
		if teid == 0 {
			n++
		}
	}
	if n > len(p.named) && !s.slots.room(now, n) {
		return reject(pfcp.CauseNoResources, "session", "all TEIDs are in use or resting")
	}
	if s.wantsBlock(p) && s.nat.free == 0 {
		return reject(pfcp.CauseNoResources, "session", "all blocks of public ports are in use")
	}
	return nil
}

// wantsBlock reports whether a session is to get a block of public ports.
func (s *Sessions) wantsBlock(p *plan) bool {
	if p.line4 == noLine || p.slot != noLine && s.mem.Up[p.slot].Device.Load()>>32 != 0 {
		return false
	}
	pool := s.poolAt(4, uint64(p.ue4))
	return pool != nil && pool.Flags&PoolNAT != 0
}

// created are the tunnels of the rules that asked for one.
func (p *plan) created() (out []pfcp.CreatedPDR) {
	for i := range p.rules.pdrs {
		if p.chosen>>i&1 != 0 {
			out = append(out, pfcp.CreatedPDR{ID: p.rules.pdrs[i].ID, Local: p.rules.pdrs[i].PDI.Local})
		}
	}
	return out
}

// Modify changes a session, wholly or not at all. What the change sets free, end markers
// for the old paths and then the packets that were held, goes to send in the order in
// which it is to leave; send must not call Sessions.
func (s *Sessions) Modify(now time.Duration, m pfcp.Modification, send func(Verdict)) (pfcp.Modified, error) {
	i, ok := s.find(m.SEID)
	if !ok || s.slots.state(i).shape == nil {
		return pfcp.Modified{Cause: pfcp.CauseNoSession}, &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session modification"}
	}
	p := &s.plan
	p.reset()
	s.load(p, i)
	cp := s.cp(i)
	rej := p.rules.change(&m)
	if rej == nil {
		rej = s.resolve(p)
	}
	if rej == nil {
		rej = s.room(now, p)
	}
	if rej != nil {
		return pfcp.Modified{CP: cp, Cause: rej.Cause}, rej
	}
	p.grant(&m)
	var room [maxFARs]Verdict
	markers := s.endMarkers(room[:0], i, p, &m)
	usage := s.asked(now, i, &m)
	had := s.public(i)
	s.commit(now, p, cp)
	created := p.created()
	s.exactly(now, i)
	if m.DropBuffered {
		s.down.held.drop(i)
	}
	for _, v := range markers {
		send(v)
	}
	s.release(now, i, send)
	answer := pfcp.Modified{CP: cp, Cause: pfcp.CauseAccepted, Created: created, Usage: usage}
	if got := s.public(i); got != had {
		answer.Public = got
	}
	return answer, nil
}

// load makes a plan of a session as it stands.
func (s *Sessions) load(p *plan, i uint32) {
	st, e := s.slots.state(i), s.mem.Up[i].Entry()
	r := &st.shape.rules
	p.slot, p.ue4, p.ue6 = i, e.UE4, e.UE6
	p.tunnels = s.tunnelsOf(i, p.tunnels[:0])
	if st.more != nil {
		p.framed = append(p.framed, st.more.framed...)
	}
	p.rules.pdrs, p.rules.fars = append(p.rules.pdrs, r.pdrs...), append(p.rules.fars, r.fars...)
	p.rules.qers = append(p.rules.qers, r.qers...)
	for k := range p.rules.pdrs {
		d := &p.rules.pdrs[k].PDI
		if n := d.Local.ChooseID; n > 0 {
			d.Local = pfcp.FTEID{TEID: ident.TEID(p.tunnels[n-1]), Addr: s.cfg.N3}
		}
		if d.UE.IsValid() {
			d.UE = addrOf(p.ue4)
		}
		if d.UE6.IsValid() {
			d.UE6 = netip.PrefixFrom(addr6(p.ue6, 0), 64)
		}
		if d.Framed != nil {
			d.Framed = st.more.framed
		}
	}
	p.framed = p.framed[:0]
	var outers [maxEnds]endpoint
	s.outers(i, &outers)
	for k := range p.rules.fars {
		if f := &p.rules.fars[k]; f.Outer != (pfcp.OuterHeader{}) {
			f.Outer = pfcp.OuterHeader{TEID: ident.TEID(outers[k].teid), Addr: s.peers.list[outers[k].peer].addr}
		} else if len(s.resting) > 0 {
			f.Outer = s.resting[restingKey{i, f.ID}]
		}
	}
	for _, u := range urrsOf(st) {
		p.rules.urrs = append(p.rules.urrs, u.rule)
	}
	s.claimed(p, &s.mem.Records[i])
}

// claimed takes over which addresses' lines a session has: they are its own until it ends.
func (s *Sessions) claimed(p *plan, r *Record) {
	if r.Down == 0 {
		return
	}
	p.line4, p.line6 = r.Down-1, noLine
	if r.Alias != 0 {
		p.line6 = r.Alias - 1
	} else if pool := s.poolAt(4, uint64(p.ue4)); pool == nil || pool.First+p.ue4-uint32(pool.Base) != r.Down-1 {
		p.line4, p.line6 = noLine, r.Down-1
	}
}

// grant notes the URRs that a modification makes or changes.
func (p *plan) grant(m *pfcp.Modification) {
	p.idle = m.Inactivity
	for k := range p.rules.urrs {
		id := p.rules.urrs[k].ID
		update := indexOf(m.URRs, urrID, id)
		created := indexOf(m.CreateURRs, urrID, id) >= 0
		if created || update >= 0 {
			p.granted |= 1 << k
		}
		if !created && update >= 0 {
			p.kept[k] = m.URRs[update].Keep
		}
	}
}

// endMarkers are for the paths that the FARs which ask for it leave.
func (s *Sessions) endMarkers(out []Verdict, i uint32, p *plan, m *pfcp.Modification) []Verdict {
	var was [maxEnds]endpoint
	s.outers(i, &was)
	old := s.slots.state(i).shape
	for k := range old.rules.fars {
		id, e := old.rules.fars[k].ID, was[k]
		n := indexOf(m.FARs, farID, id)
		if n < 0 || !m.FARs[n].SendEndMarkers || e.peer == 0 || old.paths[k] != pathRadio {
			continue
		}
		to := pfcp.OuterHeader{TEID: ident.TEID(e.teid), Addr: s.peers.list[e.peer].addr}
		if f := p.rules.far(id); f != nil && inForce(f) && f.Outer == to || slices.ContainsFunc(out, func(v Verdict) bool { return v.TEID == to.TEID && v.To.Addr() == to.Addr }) {
			continue
		}
		h := gtpu.Header{Type: gtpu.TypeEndMarker, TEID: to.TEID}
		out = append(out, Verdict{Action: ToN3, TEID: to.TEID, CP: s.cp(i), To: netip.AddrPortFrom(to.Addr, gtpu.Port), Packet: h.Append(nil, 0)})
	}
	return out
}

// Delete ends a session and says what it carried.
func (s *Sessions) Delete(now time.Duration, d pfcp.Deletion) (pfcp.Deleted, error) {
	i, ok := s.find(d.SEID)
	if !ok {
		return pfcp.Deleted{Cause: pfcp.CauseNoSession}, &pfcp.Rejection{Cause: pfcp.CauseNoSession, What: "session deletion"}
	}
	answer := pfcp.Deleted{CP: s.cp(i), Cause: pfcp.CauseAccepted}
	s.shut(i)
	answer.Usage, answer.Rules = s.usage(i), s.final(now, i)
	s.end(now, i)
	return answer, nil
}

// shut lets nothing more pass, so that what has been counted stands.
func (s *Sessions) shut(i uint32) {
	var room [maxPDRs + 1]uint32
	for _, teid := range s.tunnelsOf(i, room[:0]) {
		s.mem.Up[teid&slotMask].Tunnel.And(^uint64(0xffffffff)) // the peer stays until the end
	}
	r := &s.mem.Records[i]
	for _, d := range [2]uint32{r.Down, r.Alias} {
		if d != 0 {
			s.mem.Down[d-1].Device.Store(0)
		}
	}
}

// end frees all that a session has. Its lines are shut.
func (s *Sessions) end(now time.Duration, i uint32) {
	st, r := *s.slots.state(i), &s.mem.Records[i]
	r.SEID = 0
	s.forget(i, st.shape)
	var was [maxEnds]endpoint
	s.outers(i, &was)
	s.part(i, uint32(s.mem.Up[i].Tunnel.Load()>>32))
	for _, e := range was {
		if e.peer != 0 {
			s.ends.remove(i, e)
		}
		s.peers.release(e.peer)
	}
	s.unwatch(i)
	s.owned(i)
	s.down.held.drop(i)
	if s.bridgeOf(r.Down) != nil {
		s.up.stations.forget(r.Down - 1)
	}
	if block := uint32(s.mem.Up[i].Device.Load() >> 32); block != 0 {
		s.nat.give(block-1, s.mem.NAT)
	}
	if st.more != nil {
		for _, p := range st.more.framed {
			s.framed.remove(p, i)
		}
		for _, teid := range st.more.tunnels {
			if slot := teid & slotMask; slot != i {
				s.leave(now, slot)
			}
		}
	}
	for _, d := range [2]uint32{r.Down, r.Alias} {
		if d != 0 {
			s.mem.Down[d-1].clear()
		}
	}
	s.mem.Up[i].clear()
	*r = Record{TEID: r.TEID}
	s.unshare(st.shape)
	s.slots.give(now, i)
	s.live--
}
