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
	pool := s.poolOf(from)
	switch {
	case pool == nil && !nowhere(from), s.isServiceAnswer(p, from):
		return ReasonNone
	case pool == nil:
		return ReasonBadSource
	case from == pool.gateway && p.protocol() == protoICMP:
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
		if ok && v.Port == port && v.Protocol == p.protocol() && addr4(v.Addr) == from {
			return true
		}
	}
	return false
}

// local finds the session and delivers.
func (s *Sessions) local(now time.Duration, p packet) Verdict {
	to := p.destination()
	pool := s.poolOf(to)
	if pool == nil {
		s.down.Drops[ReasonUnknownUE]++
		return Verdict{Reason: ReasonUnknownUE}
	}
	i, ok := pool.slot(to)
	if !ok {
		s.down.Drops[ReasonUnknownUE]++
		return Verdict{Reason: ReasonUnknownUE}
	}
	if !s.filters.passes(s.slots.down(i).filter, p.source()) {
		return s.dropDown(i, ReasonNotSealed)
	}
	if len(p) > s.cfg.MTU {
		return s.refuseSize(now, i, p, pool.gateway)
	}
	return s.deliver(now, i, p)
}

// deliver does with a device's packet what its session's rules say.
func (s *Sessions) deliver(now time.Duration, i uint32, p packet) Verdict {
	e := s.slots.down(i)
	switch {
	case e.path == pathDrop:
		return s.dropDown(i, ReasonGate)
	case e.path == pathHold:
		return s.hold(i, e, p)
	case e.meter.over(now):
		return s.dropDown(i, ReasonRate)
	}
	e.meter.charge(now, len(p))
	e.packets++
	e.bytes += uint64(len(p))
	s.down.Packets++
	s.down.Bytes += uint64(len(p))
	head := &s.down.head // a G-PDU with a downlink container of the session's flow
	*head = [HeadSize]byte{0: 0x34, 1: byte(gtpu.TypeGPDU), 11: 0x85, 12: 1, 14: e.qfi}
	binary.BigEndian.PutUint16(head[2:], uint16(len(p)+8))
	binary.BigEndian.PutUint32(head[4:], e.teid)
	return Verdict{
		Action: ToN3,
		TEID:   ident.TEID(e.teid),
		To:     netip.AddrPortFrom(s.peers.list[e.peer].addr, gtpu.Port),
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
	if p.fragment()&dontFragment == 0 || p.fragment()&offsetMask != 0 || isError || s.poolOf(p.source()) != nil ||
		!s.down.tooBig.allow(now, tooBigRepliesPerSecond) {
		return v
	}
	v.Action, v.Packet = ToN6, appendTooBig(s.down.answer[:0], p, gateway, s.cfg.MTU)
	return v
}
