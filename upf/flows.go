package upf

import (
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// detect is the rule that a packet meets. What could meet one, but for ports that a later fragment does not
// show, is not taken for what it may not be.
func (h *shape) detect(k *flowKey, tunnel int8, flow uint8) (*detect, Reason) {
	for i := range h.detects {
		switch met, doubt := h.detects[i].meets(k, tunnel, flow); {
		case doubt:
			return nil, ReasonFragment
		case met:
			return &h.detects[i], ReasonNone
		}
	}
	return nil, ReasonNoRule
}

// slow decides about a G-PDU of a line whose session's rules are more than it says.
func (s *Sessions) slow(now time.Duration, source netip.Addr, i uint32, l *Line, h *gtpu.Header, rest []byte) Verdict {
	owner := s.slots.owner(i)
	v, st := Verdict{TEID: h.TEID}, s.slots.state(owner)
	n := -1
	if st.shape != nil && st.more != nil {
		n = slices.Index(st.more.tunnels, uint32(h.TEID))
	}
	if n < 0 { // an earlier process had it, whose SMF has not come back yet
		return s.refuse(now, owner, Verdict{TEID: h.TEID, Reason: ReasonGate})
	}
	if st.shape.frames {
		return s.frameUp(now, source, owner, int8(n), l, h, rest)
	}
	kind, p := st.shape.tunnels[n], &s.up.packet
	if v.Reason = s.slowOuter(now, st, kind, l, source, h); v.Reason == ReasonNone {
		v.Reason = p.parse(rest)
	}
	switch {
	case v.Reason != ReasonNone:
	case kind != tunnelUplink:
		v.Action, v.Packet = ToDevice, p.octets
		_, v.Reason = s.fromCore(l, owner, 0, p)
		if v.Reason == ReasonNone {
			v.Reason = s.numbered(l, h)
		}
	case p.isSolicitation():
		return s.advertise(now, owner, h.TEID)
	default:
		v = s.slowUplink(now, owner, st, int8(n), l, h, p)
	}
	if v.Reason != ReasonNone {
		return s.refuse(now, owner, v)
	}
	return v
}

// slowOuter is outer for a session that may be at several radios, and have several flows.
func (s *Sessions) slowOuter(now time.Duration, st *state, kind tunnel, l *Line, source netip.Addr, h *gtpu.Header) Reason {
	peer, t := uint32(l.Tunnel.Load()>>32), treatment(l.Treatment.Load())
	if from := s.peers.of(source); kind == tunnelUplink && from != 0 && slices.Contains(st.more.radios, from) {
		peer = from
	}
	flow := uint8(h.Container.QFI)
	if kind != tunnelUplink {
		t |= treatment(LineFromCore) << 16
	} else if h.HasContainer && st.shape.qfis>>flow&1 != 0 {
		t = t&^0xff | treatment(flow) // one of the session's flows is as good as another
	}
	if kind != tunnelUplink && h.HasContainer {
		t = t&^0xff | treatment(flow)
	}
	return s.outer(now, l, peer, t, source, h)
}

// numbered judges a packet's sequence number, and notes it.
func (s *Sessions) numbered(l *Line, h *gtpu.Header) Reason {
	if !h.HasSeq {
		return ReasonNone
	}
	if s.cfg.FilterDuplicates && Seen(l.Word.Load()).repeats(h.Seq) {
		return ReasonReplayed
	}
	s.note(l, h.Seq)
	return ReasonNone
}

// slowUplink decides about a packet from a device.
func (s *Sessions) slowUplink(now time.Duration, i uint32, st *state, n int8, l *Line, h *gtpu.Header, p *packet) Verdict {
	v, t := Verdict{TEID: h.TEID}, treatment(l.Treatment.Load())
	if v.Reason = s.honest(l, i, p); v.Reason != ReasonNone {
		return v
	}
	flow := uint8(noFlow)
	if h.HasContainer {
		flow = uint8(h.Container.QFI)
	}
	k := p.key(true)
	d, reason := st.shape.detect(&k, n, flow)
	if v.Reason = reason; reason != ReasonNone {
		return v
	}
	path := st.shape.paths[d.far]
	switch {
	case path == pathDrop:
		v.Reason = ReasonGate
	case path == pathN9:
		v.Action, v.Reason = ToN3, s.beyond(p)
		t |= treatment(LineFromCore) << 16 // no hop of the packet's way
	case s.isSpecial(p.family, p.dst):
		v.Action, v.Reason = s.place(p)
	default:
		v.Action = ToN6
	}
	size := len(p.octets)
	if v.Reason == ReasonNone {
		v.Reason = st.admit(now, d, size)
	}
	if v.Reason == ReasonNone {
		v.Reason = s.pass(now, l, i, t, h, v.Action, p)
	}
	if v.Reason != ReasonNone {
		return v
	}
	s.up.Packets++
	s.up.Bytes += uint64(size)
	v.Packet = p.octets
	if path == pathN9 {
		if flow == noFlow || d.qfis>>flow&1 == 0 {
			flow = uint8(max(d.qfi, 1))
		}
		out := st.more.outers[d.far]
		v.Head = appendHead(&s.up.head, out.teid, flow, size)
		v.Head[13] = byte(gtpu.Uplink) << 4
		v.To, v.DSCP = netip.AddrPortFrom(s.peers.list[out.peer].addr, gtpu.Port), s.cfg.DSCP[flow&63]
	}
	return v
}

// beyond judges where a packet may go that another UPF routes. What is a device's or a gateway's, the other knows.
func (s *Sessions) beyond(p *packet) Reason {
	if !s.isSpecial(p.family, p.dst) || s.poolOf(p.family, p.dst) != nil {
		return ReasonNone
	}
	_, r := s.place(p)
	return r
}

// Relay decides about a packet that Uplink found to be for the device of a tunnel, TEID of its verdict, by
// which it came: over N9, or from the radio that the device has left.
func (s *Sessions) Relay(now time.Duration, teid ident.TEID, b []byte) Verdict {
	i, p := uint32(teid)&slotMask, &s.down.packet
	reason := p.parse(b)
	if reason == ReasonNone && (int(i) >= len(s.mem.Up) || uint32(s.mem.Up[i].Tunnel.Load()) != uint32(teid)) {
		reason = ReasonUnknownUE
	}
	if reason != ReasonNone {
		s.down.Drops[reason]++
		return Verdict{Reason: reason}
	}
	owner := s.slots.owner(i)
	n := -1
	if m := s.slots.state(owner).more; m != nil {
		n = slices.Index(m.tunnels, uint32(teid))
	}
	if n < 0 {
		return s.dropDown(owner, ReasonGate)
	}
	return s.slowDownlink(now, owner, int8(n), p)
}

// slowDownlink decides about a packet for a device, which came by a tunnel or, with noTunnel, from N6.
func (s *Sessions) slowDownlink(now time.Duration, i uint32, n int8, p *packet) Verdict {
	st := s.slots.state(i)
	if st.shape == nil || st.more == nil || st.more.tunnels == nil {
		return s.dropDown(i, ReasonGate)
	}
	k := p.key(false)
	d, reason := st.shape.detect(&k, n, noFlow)
	if reason != ReasonNone {
		return s.dropDown(i, reason)
	}
	_, line := s.lines(i)
	var teid uint32
	if n != noTunnel {
		if teid = st.more.tunnels[n]; line == nil {
			line = &s.mem.Up[teid&slotMask]
		}
	}
	size := len(p.octets)
	switch path := st.shape.paths[d.far]; {
	case path == pathDrop:
		return s.dropDown(i, ReasonGate)
	case path == pathHold:
		f := st.shape.rules.fars[d.far]
		return s.hold(now, i, teid, st.shape.ruleOf(d), f.Action&pfcp.NotifyCP != 0, p.octets)
	case st.shape.isDownlink(d):
		if reason := st.admit(now, d, size); reason != ReasonNone {
			return s.dropDown(i, reason)
		}
		line.charge(0, now, size, s.mem.Shared)
	}
	s.down.Packets++
	s.down.Bytes += uint64(size)
	out := st.more.outers[d.far]
	return Verdict{Action: ToN3, TEID: ident.TEID(out.teid), To: netip.AddrPortFrom(s.peers.list[out.peer].addr, gtpu.Port),
		Head: appendHead(&s.down.head, out.teid, d.qfi, size), Packet: p.octets, DSCP: s.cfg.DSCP[d.qfi&63]}
}

// ruleOf is the PDR that a detect is of.
func (h *shape) ruleOf(d *detect) pfcp.PDRID {
	for i := range h.detects {
		if d == &h.detects[i] {
			return h.rules.pdrs[i].ID
		}
	}
	return 0
}

// lostTunnel says that a session's tunnel is not known where it leads, for the first time or again.
func (s *Sessions) lostTunnel(i uint32, teid ident.TEID, source netip.AddrPort) Verdict {
	v := Verdict{Action: Peer, Peer: PeerLostTunnel, TEID: teid, CP: s.cp(i), To: source}
	if m := s.slots.state(i).more; m != nil && m.outers != nil {
		v.Report, m.lost = !m.lost, true
		return v
	}
	_, down := s.lines(i)
	v.Report = treatment(down.Treatment.Load()).flags()&LineLost == 0
	down.flag(LineLost)
	return v
}
