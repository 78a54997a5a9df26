package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// Switch leads on a frame that Uplink found to be ToBridge, TEID of its verdict. Each copy goes to send, which must not call
// Sessions: ToN3 for a device, Held for one that is not reachable, and ToN6. What Switch gives back is the last of them, or why there is none.
func (s *Sessions) Switch(now time.Duration, teid ident.TEID, octets []byte, send func(Verdict)) Verdict {
	i, f := uint32(teid)&slotMask, &s.down.frame
	var b *bridge
	if int(i) < len(s.mem.Up) && uint32(s.mem.Up[i].Tunnel.Load()) == uint32(teid) {
		i = s.slots.owner(i)
		b = s.bridgeOf(s.mem.Records[i].Down)
	}
	reason := f.parse(octets)
	if b == nil && reason == ReasonNone {
		reason = ReasonUnknownUE
	}
	if reason != ReasonNone {
		s.down.Drops[reason]++
		return Verdict{Reason: reason}
	}
	return s.forward(now, b, i, f, send)
}

// Frame decides about a frame that came from N6 of a bridge, whose place in Config.Bridges it says. It is as Switch.
func (s *Sessions) Frame(now time.Duration, bridge int, octets []byte, send func(Verdict)) Verdict {
	b, f, second := &s.bridges[bridge], &s.down.frame, uint32(now/time.Second)
	reason := f.parse(octets)
	switch {
	case reason != ReasonNone:
	case !f.host():
		reason = ReasonBadSource
	case f.linkOnly():
		reason = ReasonLinkOnly
	case s.up.stations.holds(b.key(f.src), second, b.age):
		reason = ReasonUESource
	case len(f.payload()) > b.cfg.MTU:
		reason = ReasonTooBig
	}
	if reason != ReasonNone {
		s.down.Drops[reason]++
		return Verdict{Reason: reason}
	}
	_ = s.down.stations.learn(b.key(f.src), 0, second, b.age) // one more than there is room for is not protected
	return s.forward(now, b, noLine, f, send)
}

// forward sends a frame where its address is: from is the slot of its session, noLine of N6.
func (s *Sessions) forward(now time.Duration, b *bridge, from uint32, f *frame, send func(Verdict)) (v Verdict) {
	if f.toGroup() {
		return s.flood(now, b, from, f, send)
	}
	line, _, known := s.up.stations.find(b.key(f.dst))
	to := noLine
	if known {
		to = uint32(s.mem.Down[line].Device.Load()>>32) - 1
	}
	switch {
	case to != noLine && (to == from || from != noLine && b.cfg.Isolated):
		return s.dropFrame(from, ReasonOtherUE)
	case to != noLine:
		if v = s.deliverFrame(now, to, f.octets, false); v.Action != Drop {
			send(v)
		}
		return v
	case b.cfg.FloodUnknown:
		return s.flood(now, b, from, f, send)
	case from != noLine && b.cfg.N6:
		v = Verdict{Action: ToN6, Bridge: b.number, Packet: f.octets}
		send(v)
		return v
	}
	return s.dropFrame(from, ReasonUnknownUE)
}

// flood sends a frame to all but its sender.
func (s *Sessions) flood(now time.Duration, b *bridge, from uint32, f *frame, send func(Verdict)) (v Verdict) {
	sender := noLine
	if from != noLine {
		sender = s.mem.Records[from].Down - 1
	}
	if !b.sender(sender).allow(now, uint32(b.cfg.FloodRate)) {
		return s.dropFrame(from, ReasonFlood)
	}
	if from != noLine && b.cfg.N6 {
		v = Verdict{Action: ToN6, Bridge: b.number, Packet: f.octets}
		send(v)
	}
	if from != noLine && b.cfg.Isolated {
		return v
	}
	for line := b.first; line < b.first+uint32(b.cfg.Sessions); line++ {
		to := uint32(s.mem.Down[line].Device.Load()>>32) - 1
		if to == noLine || to == from {
			continue
		}
		if !b.copies.allow(now, floodCopies) {
			s.down.Drops[ReasonFlood]++
			return v
		}
		if c := s.deliverFrame(now, to, f.octets, true); c.Action != Drop {
			send(c)
			v = c
		}
	}
	return v
}

// dropFrame counts a frame that goes nowhere; from is the slot of its session, noLine of N6.
func (s *Sessions) dropFrame(from uint32, r Reason) Verdict {
	if from == noLine {
		s.down.Drops[r]++
		return Verdict{Reason: r}
	}
	return s.dropDown(from, r)
}

// deliverFrame does with a frame for a device what its session's rules say. A copy of one for all waits only while there is
// plenty of room for what is for one device.
func (s *Sessions) deliverFrame(now time.Duration, i uint32, octets []byte, copied bool) Verdict {
	st := s.slots.state(i)
	if st.shape == nil || !st.shape.frames || st.more == nil {
		return s.dropDown(i, ReasonGate)
	}
	d, reason := st.shape.detectFrame(noTunnel, noFlow)
	if reason != ReasonNone {
		return s.dropDown(i, reason)
	}
	_, line := s.lines(i)
	switch st.shape.paths[d.far] {
	case pathDrop:
		return s.dropDown(i, ReasonGate)
	case pathHold:
		if h := &s.down.held; copied && (h.packets > heldMost/4 || h.octets > heldOctets/4) {
			return s.dropDown(i, ReasonBufferFull)
		}
		return s.hold(now, i, 0, st.shape.ruleOf(d), st.shape.rules.fars[d.far].Action&pfcp.NotifyCP != 0, octets)
	}
	if reason := st.admit(now, d, len(octets)); reason != ReasonNone {
		return s.dropDown(i, reason)
	}
	line.charge(0, now, len(octets), s.mem.Shared)
	s.down.Packets++
	s.down.Bytes += uint64(len(octets))
	out := st.more.outers[d.far]
	return Verdict{Action: ToN3, TEID: ident.TEID(out.teid), To: netip.AddrPortFrom(s.peers.list[out.peer].addr, gtpu.Port),
		Head: appendHead(&s.down.head, out.teid, d.qfi, len(octets)), Packet: octets, DSCP: s.cfg.DSCP[d.qfi&63]}
}
