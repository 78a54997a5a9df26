package upf

import (
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// more is what a session has that two lines and a shape do not say.
type more struct {
	// Of a session that is not fast:
	tunnels []uint32       // TEIDs by number
	outers  []endpoint     // by FAR, zero of one that leads to no tunnel; then formerRadio, if there is one
	radios  []uint32       // peers that uplink may come from
	meters  []meter        // by QER
	framed  []netip.Prefix // networks behind the device
	lost    bool           // an error indication has been reported
	carried pfcp.Usage     // of tunnels that are gone

	usage []usageRule // by URR
	idle  idle
	watch int // 1 + its place among the watches, 0 where there is nothing to watch for
}

const (
	formerRadio = maxFARs // the peer that a tunnel for forwarding is for: where the device was when it was made
	maxEnds     = maxFARs + 1
)

// commit puts a plan in its place. Nothing can fail any more.
func (s *Sessions) commit(now time.Duration, p *plan, cp ident.SEID) {
	var was, is [maxEnds]endpoint
	var old state
	var measured [maxURRs]pfcp.Usage
	if p.slot != noLine {
		old = *s.slots.state(p.slot)
		s.outers(p.slot, &was)
		if old.more != nil {
			for k := range old.more.usage {
				measured[k] = s.measured(p.slot, k)
			}
		}
	}
	for i := range p.rules.fars {
		if o := p.rules.fars[i].Outer; inForce(&p.rules.fars[i]) {
			is[i] = endpoint{s.peers.hold(o.Addr), uint32(o.TEID)}
		}
	}
	if slices.Contains(p.shape.tunnels, tunnelForward) && p.slot != noLine {
		from := was[formerRadio].peer
		if from == 0 {
			from = uint32(s.mem.Up[p.slot].Tunnel.Load() >> 32)
		}
		if from != 0 {
			is[formerRadio].peer = s.peers.hold(s.peers.list[from].addr)
		}
	}
	s.share(p.shape)
	s.settle(now, p, cp, old.more)
	s.remember(p, old.shape)
	s.slots.know(p.slot, p.shape, p.more(&old, &is))
	s.lead(p, &was, &is)
	s.unshare(old.shape)
	s.goOn(now, p, &old, &measured)
	s.mem.Records[p.slot].CP = uint64(cp)
}

// lead writes a session's lines, which lead where is says and no longer where was did.
func (s *Sessions) lead(p *plan, was, is *[maxEnds]endpoint) {
	for _, e := range was {
		if e.peer != 0 {
			s.ends.remove(p.slot, e)
		}
	}
	s.publish(p.slot, p.ue4, p.ue6, is)
	for _, e := range is {
		if e.teid != 0 {
			s.ends.add(p.slot, e, p.shape.fast)
		}
	}
	for _, e := range was {
		s.peers.release(e.peer)
	}
}

// share counts one more session of a shape, and unshare one less.
func (s *Sessions) share(h *shape) {
	if h.refs++; h.refs == 1 {
		s.shapes[h.key] = h
		h.set = s.filters.hold(h.filters())
	}
}

func (s *Sessions) unshare(h *shape) {
	if h == nil {
		return
	}
	if h.refs--; h.refs == 0 {
		delete(s.shapes, h.key)
		s.filters.release(h.set)
	}
}

// settle gives a session the slots that its tunnels need, frees those that it needs no more, and claims its
// addresses.
func (s *Sessions) settle(now time.Duration, p *plan, cp ident.SEID, old *more) {
	fresh, block := p.slot == noLine, s.wantsBlock(p)
	for _, teid := range p.named {
		s.slots.name(teid)
	}
	for n, teid := range p.tunnels {
		if teid == 0 {
			slot, teid := s.slots.take(s.cfg.Random)
			s.open(p, n, slot, teid)
		} else if slices.Contains(p.named, teid) {
			s.open(p, n, teid&slotMask, teid)
		}
	}
	for i := len(p.rules.pdrs) - 1; i >= 0; i-- { // a tunnel is known by the first of its rules
		if n := p.numbers[i]; n != noTunnel {
			p.rules.pdrs[i].PDI.Local = pfcp.FTEID{TEID: ident.TEID(p.tunnels[n]), Addr: s.cfg.N3}
			s.mem.Records[p.tunnels[n]&slotMask].PDR = uint32(p.rules.pdrs[i].ID)
		}
	}
	if old != nil {
		for _, teid := range old.tunnels {
			if !slices.Contains(p.tunnels, teid) {
				old.carried = plus(old.carried, s.leave(now, teid&slotMask))
			}
		}
	}
	s.claimLines(p)
	if block {
		first, _ := s.nat.take(s.poolAt(4, uint64(p.ue4)).share(uint64(p.ue4)))
		s.mem.Up[p.slot].Device.Store(uint64(p.ue4) | uint64(first+1)<<32)
	}
	s.claimFramed(p, old)
	if fresh {
		s.live++
		r, seid := &s.mem.Records[p.slot], uint64(0)
		for seid == 0 {
			seid = s.cfg.Random()<<slotBits | uint64(p.slot)
		}
		r.CP, r.SEID = uint64(cp), seid
	}
}

// open has a session's tunnel of a number in a slot, which is the session's own if it is the first. What was under way
// in the kernel's forwarder when the last session of the slot ended may have been counted since.
func (s *Sessions) open(p *plan, n int, slot, teid uint32) {
	s.mem.Up[slot].clear()
	s.mem.Records[slot] = Record{TEID: teid}
	if p.tunnels[n] = teid; n == 0 {
		p.slot = slot
	} else {
		s.mem.Records[slot].Owner = p.slot + 1
	}
}

// claimLines notes which downlink lines are the session's. Those that were nobody's are cleared as in open.
func (s *Sessions) claimLines(p *plan) {
	r := &s.mem.Records[p.slot]
	for _, d := range [2]uint32{p.own(), p.alias()} {
		if d != noLine && s.mem.Down[d].Device.Load() == 0 {
			s.mem.Down[d].clear()
		}
	}
	if own := p.own(); r.Down != own+1 && r.Down != 0 { // the IPv4 address comes to the IPv6 one: its line counts from here
		from, to := &s.mem.Down[r.Down-1], &s.mem.Down[own]
		to.Octets.Store(from.Octets.Load())
		to.Packets.Store(from.Packets.Load())
		from.clear()
	}
	r.Down, r.Alias = p.own()+1, p.alias()+1
}

// claimFramed leads to the session what is for the networks behind its device.
func (s *Sessions) claimFramed(p *plan, old *more) {
	if old != nil {
		for _, f := range old.framed {
			s.framed.remove(f, p.slot)
		}
	}
	for _, f := range p.framed {
		if p.own() != noLine {
			s.framed.add(f, p.slot)
			r := newRange(f)
			r.mark(s.mem.Special) // so that other devices do not take it for a place on N6
		}
	}
}

// leave frees the slot of a further tunnel, and says what had come by it.
func (s *Sessions) leave(now time.Duration, slot uint32) pfcp.Usage {
	l := &s.mem.Up[slot]
	l.Tunnel.Store(0)
	u := pfcp.Usage{DownlinkPackets: l.Packets.Load(), DownlinkBytes: l.Octets.Load()}
	l.clear()
	s.mem.Records[slot] = Record{TEID: s.mem.Records[slot].TEID}
	s.slots.give(now, slot)
	return u
}

// more is what the session has besides its lines. What goes on from before is taken over.
func (p *plan) more(old *state, is *[maxEnds]endpoint) *more {
	if p.shape.fast && len(p.rules.urrs) == 0 && old.more == nil && p.idle == 0 {
		return nil
	}
	m := &more{}
	if old.more != nil {
		m.watch, m.carried, m.idle = old.more.watch, old.more.carried, old.more.idle
	}
	for _, u := range p.rules.urrs {
		rule := usageRule{rule: u}
		if k := indexOf(urrsOf(old), urrOf, u.ID); k >= 0 {
			rule = old.more.usage[k]
		}
		m.usage = append(m.usage, rule)
	}
	if p.shape.fast {
		return m
	}
	m.tunnels, m.outers, m.framed = slices.Clone(p.tunnels), slices.Clone(is[:len(p.rules.fars)]), slices.Clone(p.framed)
	if is[formerRadio].peer != 0 {
		m.outers = slices.Clone(is[:])
	}
	m.lost = old.more != nil && old.more.lost && slices.Equal(old.more.outers, m.outers)
	for i := range p.shape.detects {
		d := &p.shape.detects[i]
		if e := is[d.far]; p.shape.isDownlink(d) && e.peer != 0 && !slices.Contains(m.radios, e.peer) {
			m.radios = append(m.radios, e.peer)
		}
	}
	for i := range p.rules.qers {
		q := newMeter(&p.rules.qers[i])
		if old.more != nil && old.shape != nil && len(old.more.meters) > 0 {
			if k := indexOf(old.shape.rules.qers, qerID, p.rules.qers[i].ID); k >= 0 {
				q.goOn(&old.more.meters[k])
			}
		}
		m.meters = append(m.meters, q)
	}
	return m
}

func urrOf(u *usageRule) pfcp.URRID { return u.rule.ID }

func urrsOf(st *state) []usageRule {
	if st.more == nil {
		return nil
	}
	return st.more.usage
}

// outers are the endpoints that a session leads to, by FAR; of one that no SMF has taken over, that of its downlink line.
func (s *Sessions) outers(i uint32, out *[maxEnds]endpoint) {
	st := s.slots.state(i)
	if st.more != nil && st.more.outers != nil {
		copy(out[:], st.more.outers)
		return
	}
	_, down := s.lines(i)
	if down == nil {
		return
	}
	far := 0
	if st.shape != nil {
		_, d := st.shape.pair()
		far = int(st.shape.detects[d].far)
	}
	e := down.Entry()
	out[far] = endpoint{e.Peer, e.TEID}
}

// tunnelsOf are a session's TEIDs, by number.
func (s *Sessions) tunnelsOf(i uint32, room []uint32) []uint32 {
	if m := s.slots.state(i).more; m != nil && m.tunnels != nil {
		return append(room, m.tunnels...)
	}
	return append(room, s.mem.Records[i].TEID)
}
