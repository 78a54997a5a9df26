package upf

import (
	"encoding/binary"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// HeadSize is the longest Verdict.Head. A forwarder that keeps so much room before a
// packet sends both from one buffer.
const HeadSize = 16

// downlinkHalf is what Downlink and Local change besides the entries.
type downlinkHalf struct {
	Counters
	held   held
	tooBig limiter
	head   [HeadSize]byte
	answer [64]byte
}

// Downlink decides about an IP packet that came from N6.
func (s *Sessions) Downlink(now time.Duration, b []byte) Verdict {
	p, reason := checkIP(b)
	if reason == ReasonNone {
		reason = s.fromOutside(p)
	}
	if reason != ReasonNone {
		s.down.Drops[reason]++
		return Verdict{Reason: reason}
	}
	return s.local(now, p)
}

// Local decides about a packet that Uplink found to be for a device.
func (s *Sessions) Local(now time.Duration, b []byte) Verdict {
	p, reason := checkIP(b)
	if reason != ReasonNone {
		s.down.Drops[reason]++
		return Verdict{Reason: reason}
	}
	return s.local(now, p)
}

// fromOutside checks that a packet from N6 can come from there. The gateway's address is
// the only one of a pool that may: the kernel speaks under it of unreachable places. What
// Config names as a service may answer, wherever it is.
func (s *Sessions) fromOutside(p packet) Reason {
	if p.icmpForbidden() {
		return ReasonForbiddenICMP
	}
	from := p.source()
	if !s.isSpecial4(from) {
		return ReasonNone
	}
	pool := s.pool4(from)
	switch {
	case pool == nil && !nowhere(from), s.isServiceAnswer(p, from):
		return ReasonNone
	case pool == nil:
		return ReasonBadSource
	case uint64(from) == pool.Gateway && p.protocol() == protoICMP:
		return ReasonNone
	}
	return ReasonUESource
}

// isServiceAnswer reports whether p comes from an address, protocol and port of a service. Later
// fragments have no port and do not.
func (s *Sessions) isServiceAnswer(p packet, from uint32) bool {
	port, _, ok := p.ports()
	for i := range s.services {
		v := &s.services[i]
		if ok && v.Port == port && v.Protocol == uint16(p.protocol()) && v.Lo == uint64(from) && v.Family == 4 {
			return true
		}
	}
	return false
}

// local finds the session and delivers.
func (s *Sessions) local(now time.Duration, p packet) Verdict {
	to := p.destination()
	pool := s.pool4(to)
	l := s.downLine(pool, uint64(to))
	if l == nil {
		s.down.Drops[ReasonUnknownUE]++
		return Verdict{Reason: ReasonUnknownUE}
	}
	t, i := treatment(l.Treatment.Load()), uint32(l.Device.Load()>>32)-1
	if !s.filters.passes(t.rules(), p.source()) {
		return s.dropDown(i, ReasonNotSealed)
	}
	if len(p) > s.cfg.MTU {
		return s.refuseSize(now, i, p, uint32(pool.Gateway))
	}
	return s.deliver(now, i, l, p)
}

// downLine is the line of an address that a session has, nil if none has it.
func (s *Sessions) downLine(p *pool, v uint64) *Line {
	if p == nil {
		return nil
	}
	i, ok := p.index(v)
	if !ok || s.mem.Down[i].Device.Load()>>32 == 0 {
		return nil
	}
	return &s.mem.Down[i]
}

// deliver does with a device's packet what its session's rules say.
func (s *Sessions) deliver(now time.Duration, i uint32, l *Line, p packet) Verdict {
	t, tunnel := treatment(l.Treatment.Load()), l.Tunnel.Load()
	switch {
	case t.flags()&LineShut != 0:
		return s.dropDown(i, ReasonGate)
	case t.flags()&LineHold != 0:
		return s.hold(i, l, p)
	case uint32(tunnel) == 0:
		return s.dropDown(i, ReasonGate)
	case l.over(t, now):
		return s.dropDown(i, ReasonRate)
	}
	l.charge(t, now, len(p), s.mem.Shared)
	s.down.Packets++
	s.down.Bytes += uint64(len(p))
	head := &s.down.head // a G-PDU with a downlink container of the session's flow
	*head = [HeadSize]byte{0: 0x34, 1: byte(gtpu.TypeGPDU), 11: 0x85, 12: 1, 14: t.qfi()}
	binary.BigEndian.PutUint16(head[2:], uint16(len(p)+8))
	binary.BigEndian.PutUint32(head[4:], uint32(tunnel))
	return Verdict{
		Action: ToN3,
		TEID:   ident.TEID(tunnel),
		To:     netip.AddrPortFrom(s.peers.list[tunnel>>32].addr, gtpu.Port),
		Head:   head[:],
		Packet: p,
	}
}

func (s *Sessions) dropDown(i uint32, r Reason) Verdict {
	s.down.Drops[r]++
	return Verdict{Reason: r, CP: s.slots.state(i).cp}
}

// refuseSize drops what does not fit, and says so to a source that asked not to be
// fragmented. Nothing is fragmented here: the link to N6 has the MTU, and who sends past
// it is told or loses.
func (s *Sessions) refuseSize(now time.Duration, i uint32, p packet, gateway uint32) Verdict {
	v := s.dropDown(i, ReasonTooBig)
	isError := p.protocol() == protoICMP && p[ipHeader] == icmpUnreachable
	if p.fragment()&dontFragment == 0 || p.fragment()&offsetMask != 0 || isError || s.pool4(p.source()) != nil ||
		!s.down.tooBig.allow(now, tooBigRepliesPerSecond) {
		return v
	}
	v.Action, v.Packet = ToN6, appendTooBig(s.down.answer[:0], p, gateway, s.cfg.MTU)
	return v
}
