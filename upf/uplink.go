package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// uplinkHalf is what Uplink changes besides the entries.
type uplinkHalf struct {
	Counters
	unknown limiter // echo requests of strangers
	lost    limiter // error indications
	answer  [64]byte
}

// Uplink decides about a datagram that came to N3 from source at now, which counts from
// any fixed moment. It may change the datagram.
func (s *Sessions) Uplink(now time.Duration, source netip.AddrPort, datagram []byte) Verdict {
	source = netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
	h, rest, err := gtpu.Parse(datagram)
	var v Verdict
	switch {
	case err == gtpu.FaultUnknownExtension:
		v = s.notifyExtensions(now, source)
	case err != nil:
		v = Verdict{Reason: ReasonMalformedGTPU}
	case h.Type == gtpu.TypeGPDU:
		v = s.gpdu(now, source, &h, rest)
	default:
		v = s.pathMessage(now, source, &h, rest)
	}
	if v.Reason != ReasonNone {
		s.up.Drops[v.Reason]++
		v.Radio = (v.Reason.Finding() || v.Reason == ReasonUnknownTEID) && s.peers.of(source.Addr()) != 0
	}
	return v
}

// gpdu decides about a G-PDU.
func (s *Sessions) gpdu(now time.Duration, source netip.AddrPort, h *gtpu.Header, rest []byte) Verdict {
	i := uint32(h.TEID) & slotMask
	if h.TEID == 0 || int(i) >= s.slots.size() || s.slots.up(i).teid != uint32(h.TEID) {
		return s.unknownTEID(now, source, h.TEID)
	}
	e := s.slots.up(i)
	v := Verdict{TEID: h.TEID}
	if v.Reason = s.outer(now, e, source.Addr(), h); v.Reason != ReasonNone {
		v.CP = s.slots.state(i).cp
		return v
	}
	p, reason := checkIP(rest)
	if reason == ReasonNone {
		v.Action, reason = s.inner(e, p)
	}
	if reason == ReasonNone && s.cfg.FilterDuplicates && h.HasSeq && e.repeats(h.Seq) {
		reason = ReasonReplayed
	}
	if reason == ReasonNone && e.meter.over(now) {
		reason = ReasonRate
	}
	if reason != ReasonNone {
		return Verdict{Reason: reason, TEID: h.TEID, CP: s.slots.state(i).cp}
	}
	if h.HasSeq {
		e.note(h.Seq)
	}
	e.meter.charge(now, len(p))
	e.packets++
	e.bytes += uint64(len(p))
	s.up.Packets++
	s.up.Bytes += uint64(len(p))
	if v.Action == ToLocal {
		if pool := s.poolOf(p.destination()); p.destination() == pool.gateway {
			answerEcho(p)
		}
	}
	v.Packet = p
	return v
}

// outer checks what the radio is answerable for: where the packet comes from and which
// flow it names. The flow that the session has counts, whatever the packet says.
func (s *Sessions) outer(now time.Duration, e *uplinkEntry, source netip.Addr, h *gtpu.Header) Reason {
	if e.peer == 0 {
		return ReasonUnbound
	}
	if source != s.peers.list[e.peer].addr {
		if e.seen != 0 && now-e.seen < secondSource {
			return ReasonSecondSource
		}
		return ReasonWrongSource
	}
	e.seen = max(now, 1)
	switch {
	case !h.HasContainer && s.cfg.RequireContainer, h.HasContainer && h.Container.Type != gtpu.Uplink:
		return ReasonWrongContainer
	case h.HasContainer && uint8(h.Container.QFI) != e.qfi:
		return ReasonUnknownQFI
	case e.pass == passNone:
		return ReasonGate
	}
	return ReasonNone
}

// secondSource is how recently the right endpoint must have sent for a packet from another
// to mean that the path is copied, and not only that it moved.
const secondSource = 10 * time.Second

// inner checks what the device is answerable for, and says which way the packet goes.
func (s *Sessions) inner(e *uplinkEntry, p packet) (Action, Reason) {
	if p.source() != e.ue {
		return Drop, ReasonSpoofedSource
	}
	switch p.protocol() {
	case protoICMP:
		if p.icmpForbidden() {
			return Drop, ReasonForbiddenICMP
		}
	case protoUDP:
		if src, _, ok := p.ports(); ok && src == dhcpServer {
			return Drop, ReasonDHCPServer
		}
	}
	to := p.destination()
	if !s.filters.passes(e.pass, to) {
		return Drop, ReasonNotSealed
	}
	switch pool := s.poolOf(to); {
	case len(s.services) > 0 && s.isService(p, to):
		return ToN6, ReasonNone
	case nowhere(to):
		return Drop, ReasonForbidden
	case pool == nil && within(s.forbidden, to):
		return Drop, ReasonForbidden
	case pool == nil:
		return ToN6, ReasonNone
	case to == pool.gateway && p.protocol() == protoICMP && p.fragment()&(moreFragments|offsetMask) == 0 && p[ipHeader] == icmpEcho:
		return ToLocal, ReasonNone
	case !pool.usable(to):
		return Drop, ReasonForbidden
	case !s.cfg.UEToUE:
		return Drop, ReasonOtherUE
	}
	return ToLocal, ReasonNone
}

const dhcpServer = 67

// isService reports whether p goes to an address, protocol and port that Config allows by name. Later
// fragments have no port and are not.
func (s *Sessions) isService(p packet, to uint32) bool {
	_, port, ok := p.ports()
	if !ok || p.fragment()&moreFragments != 0 {
		return false
	}
	for i := range s.services {
		v := &s.services[i]
		if v.Port == port && v.Protocol == p.protocol() && addr4(v.Addr) == to {
			return true
		}
	}
	return false
}

// unknownTEID answers a packet for a tunnel that is not there with an error indication, if
// it comes from a radio that has sessions, and not too often: strangers learn nothing.
func (s *Sessions) unknownTEID(now time.Duration, source netip.AddrPort, teid ident.TEID) Verdict {
	v := Verdict{Reason: ReasonUnknownTEID, TEID: teid}
	i := s.peers.of(source.Addr())
	q := &s.peers.list[i]
	switch {
	case s.slots.last(teid):
		v.Reason = ReasonLate // of no weight: packets cross with a release
	case q.miss(now):
		v.Reason = ReasonSweep
	}
	if i == 0 || !q.answers.allow(now, answersPerSecond) {
		return v
	}
	b, err := gtpu.ErrorIndication{TEID: teid, Peer: s.cfg.N3}.AppendBinary(s.up.answer[:0])
	if err != nil {
		return v
	}
	v.Action, v.Packet, v.To = ToN3, b, netip.AddrPortFrom(source.Addr(), gtpu.Port) // TS 29.281 §4.4.2.4
	return v
}

// repeats reports whether a sequence number has been seen or is too old to tell.
func (e *uplinkEntry) repeats(seq uint16) bool {
	if e.window == 0 {
		return false
	}
	behind := e.top - seq
	if behind >= 1<<15 {
		return false // ahead
	}
	return behind >= 64 || e.window>>behind&1 != 0
}

// note marks a sequence number as seen.
func (e *uplinkEntry) note(seq uint16) {
	if e.window == 0 {
		e.top, e.window = seq, 1
		return
	}
	if ahead := seq - e.top; ahead < 1<<15 {
		e.window = e.window<<min(ahead, 64) | 1
		e.top = seq
		return
	}
	if behind := e.top - seq; behind < 64 {
		e.window |= 1 << behind
	}
}
