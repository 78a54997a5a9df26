package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// HeadSize is the longest Verdict.Head. A forwarder that keeps so much room before a
// packet sends both from one buffer.
const HeadSize = 16

// downlinkHalf is what Downlink and Local change besides the lines.
type downlinkHalf struct {
	Counters
	held   held
	paging []limiter // notifications, by pool
	errors shares    // ICMP errors to the world, by slot
	packet packet    // the one at hand
	frame  frame
	// stations are the MAC addresses on N6: this half's to write.
	stations stations
	head     [HeadSize]byte
	answer   [answerSize]byte
	quote    [ipHeader + 8]byte
}

// Downlink decides about an IP packet that came from N6. It may change the packet.
func (s *Sessions) Downlink(now time.Duration, b []byte) (v Verdict) {
	p := &s.down.packet
	if v.Reason = p.parse(b); v.Reason == ReasonNone {
		v.Reason = s.fromOutside(p)
	}
	if v.Reason != ReasonNone {
		s.down.Drops[v.Reason]++
		return v
	}
	s.local(now, p, true, &v)
	return v
}

// Local decides about a packet that Uplink found to be for a device. It may change the packet.
func (s *Sessions) Local(now time.Duration, b []byte) (v Verdict) {
	p := &s.down.packet
	if v.Reason = p.parse(b); v.Reason != ReasonNone {
		s.down.Drops[v.Reason]++
		return v
	}
	s.local(now, p, false, &v)
	return v
}

// fromOutside checks that a packet from N6 can come from there. The gateway's address is
// the only one of a pool that may: the kernel speaks under it of unreachable places. What
// Config names as a service may answer, wherever it is.
func (s *Sessions) fromOutside(p *packet) Reason {
	if r := p.icmpReason(); r != ReasonNone {
		return r
	}
	if !s.isSpecial(p.family, p.src) {
		return ReasonNone
	}
	pool := s.poolOf(p.family, p.src)
	switch {
	case s.isService(p, p.src, false):
		return ReasonNone
	case pool != nil && p.src == pool.router() && p.isICMP():
		return ReasonNone
	case pool != nil:
		return ReasonUESource
	case p.family == 6 && p.src.hi == translator && p.src.lo>>32 == 0:
		return ReasonNone
	case s.nowhere(p.family, p.src):
		return ReasonBadSource
	}
	if _, device := s.framed.find(p.family, p.src); device {
		return ReasonUESource
	}
	return ReasonNone
}

// local finds the session and delivers. routed says that this is a hop of the packet's way; v is empty.
func (s *Sessions) local(now time.Duration, p *packet, routed bool, v *Verdict) {
	l, i, reason := s.deviceOf(now, p)
	if reason != ReasonNone {
		s.down.Drops[reason]++
		v.Reason = reason
		return
	}
	t := treatment(l.Treatment.Load())
	switch {
	case !s.filters.passes(t.rules(), p, false):
		*v = s.dropDown(i, ReasonNotSealed)
		return
	case len(p.octets) > s.cfg.MTU:
		*v = s.refuseDown(now, i, p, ReasonTooBig, s.cfg.MTU)
		return
	case routed && p.hops() <= 1:
		*v = s.refuseDown(now, i, p, ReasonHops, 0)
		return
	case routed:
		p.age()
	}
	*v = s.deliver(now, i, l, p)
}

// deviceOf is the line and the slot of the session that a packet is for. What comes to a public address has the
// device's afterwards.
func (s *Sessions) deviceOf(now time.Duration, p *packet) (l *Line, i uint32, r Reason) {
	pool := s.poolOf(p.family, p.dst)
	var at uint32
	switch {
	case pool == nil:
		slot, ok := s.framed.find(p.family, p.dst)
		if !ok {
			return nil, 0, ReasonUnknownUE
		}
		at = s.mem.Records[slot].Down - 1
	case pool.Flags&PoolPublic != 0:
		var ok bool
		if at, ok = s.natIn(now, pool, p); !ok {
			return nil, 0, ReasonUnmapped
		}
	default:
		var ok bool
		if at, ok = pool.index(p.dst.number(p.family)); !ok {
			return nil, 0, ReasonUnknownUE
		}
	}
	l = &s.mem.Down[at]
	if treatment(l.Treatment.Load()).flags()&LineAlias != 0 {
		l = &s.mem.Down[l.Word.Load()%uint64(len(s.mem.Down))]
	}
	if i = uint32(l.Device.Load() >> 32); i == 0 {
		return nil, 0, ReasonUnknownUE
	}
	return l, i - 1, ReasonNone
}

// deliver does with a device's packet what its session's rules say.
func (s *Sessions) deliver(now time.Duration, i uint32, l *Line, p *packet) Verdict {
	t, tunnel := treatment(l.Treatment.Load()), l.Tunnel.Load()
	switch {
	case t.flags()&LineSlow != 0:
		return s.slowDownlink(now, i, noTunnel, p)
	case t.flags()&LineShut != 0:
		return s.dropDown(i, ReasonGate)
	case t.flags()&LineHold != 0:
		return s.holdFast(now, i, t, p)
	case uint32(tunnel) == 0:
		return s.dropDown(i, ReasonGate)
	case l.over(t, now):
		return s.dropDown(i, ReasonRate)
	}
	n := len(p.octets)
	l.charge(t, now, n, s.mem.Shared)
	s.down.Packets++
	s.down.Bytes += uint64(n)
	return Verdict{
		Action: ToN3,
		TEID:   ident.TEID(tunnel),
		To:     netip.AddrPortFrom(s.peers.list[tunnel>>32].addr, gtpu.Port),
		Head:   appendHead(&s.down.head, uint32(tunnel), t.qfi(), n),
		Packet: p.octets,
		DSCP:   s.cfg.DSCP[t.qfi()&63],
	}
}

func (s *Sessions) dropDown(i uint32, r Reason) Verdict {
	s.down.Drops[r]++
	return Verdict{Reason: r, CP: s.cp(i)}
}

// refuseDown drops what does not fit or has come too far, and says so to its source outside. Nothing
// is fragmented here: the link to N6 has the MTU, and who sends past it is told or loses. Who claims to be where devices
// do not reach is told nothing, for nothing that a stranger words is to come there.
func (s *Sessions) refuseDown(now time.Duration, i uint32, p *packet, r Reason, mtu int) Verdict {
	v := s.dropDown(i, r)
	if pool := s.poolOf(p.family, p.src); pool != nil && p.src != pool.router() || within(s.forbidden, p.family, p.src.hi, p.src.lo) ||
		r == ReasonTooBig && p.mayBeFragmented() || !p.mayBeTold() || !s.down.errors.allow(now, i, errorsPerSecond) {
		return v
	}
	from, ok := p.public, p.quote != nil // what is behind a public address is not spoken of
	if !ok {
		from, ok = s.routerFor(p.family, p.dst)
	}
	if !ok {
		return v
	}
	v.Action, v.Packet = ToN6, appendError(s.down.answer[:0], p, from, mtu)
	return v
}
