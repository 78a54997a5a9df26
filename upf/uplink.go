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
	if h.TEID == 0 || int(i) >= len(s.mem.Up) {
		return s.unknownTEID(now, source, h.TEID)
	}
	l := &s.mem.Up[i]
	tunnel := l.Tunnel.Load()
	if uint32(tunnel) != uint32(h.TEID) {
		return s.unknownTEID(now, source, h.TEID)
	}
	v, t := Verdict{TEID: h.TEID}, treatment(l.Treatment.Load())
	if v.Reason = s.outer(now, l, uint32(tunnel>>32), t, source.Addr(), h); v.Reason != ReasonNone {
		v.CP = s.slots.state(i).cp
		return v
	}
	p, reason := checkIP(rest)
	if reason == ReasonNone {
		v.Action, reason = s.inner(uint32(l.Device.Load()), t, p)
	}
	if reason == ReasonNone && s.cfg.FilterDuplicates && h.HasSeq && Seen(l.Word.Load()).repeats(h.Seq) {
		reason = ReasonReplayed
	}
	if reason == ReasonNone && l.over(t, now) {
		reason = ReasonRate
	}
	if reason != ReasonNone {
		return Verdict{Reason: reason, TEID: h.TEID, CP: s.slots.state(i).cp}
	}
	if h.HasSeq {
		w, _ := Seen(l.Word.Load()).note(h.Seq)
		l.Word.Store(uint64(w))
	}
	l.charge(t, now, len(p), s.mem.Shared)
	s.up.Packets++
	s.up.Bytes += uint64(len(p))
	if v.Action == ToLocal {
		if pool := s.pool4(p.destination()); uint64(p.destination()) == pool.Gateway {
			answerEcho(p)
		}
	}
	v.Packet = p
	return v
}

// outer checks what the radio is answerable for: where the packet comes from and which
// flow it names. The flow that the session has counts, whatever the packet says.
func (s *Sessions) outer(now time.Duration, l *Line, peer uint32, t treatment, source netip.Addr, h *gtpu.Header) Reason {
	if peer == 0 {
		return ReasonUnbound
	}
	w, second := Seen(l.Word.Load()), max(uint16(now/time.Second), 1)
	if source != s.peers.list[peer].addr {
		if w.second() != 0 && second-w.second() < secondSource {
			return ReasonSecondSource
		}
		return ReasonWrongSource
	}
	if w.second() != second {
		l.Word.Store(uint64(w.at(second)))
	}
	switch {
	case !h.HasContainer && s.cfg.RequireContainer, h.HasContainer && h.Container.Type != gtpu.Uplink:
		return ReasonWrongContainer
	case h.HasContainer && uint8(h.Container.QFI) != t.qfi():
		return ReasonUnknownQFI
	case t.flags()&LineShut != 0:
		return ReasonGate
	}
	return ReasonNone
}

// secondSource is how recently, in seconds, the right endpoint must have sent for a packet from another
// to mean that the path is copied, and not only that it moved.
const secondSource = 10

// inner checks what the device is answerable for, and says which way the packet goes.
func (s *Sessions) inner(ue uint32, t treatment, p packet) (Action, Reason) {
	if p.source() != ue {
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
	if !s.filters.passes(t.rules(), to) {
		return Drop, ReasonNotSealed
	}
	if !s.isSpecial4(to) {
		return ToN6, ReasonNone
	}
	switch pool := s.pool4(to); {
	case len(s.services) > 0 && s.isService(p, to):
		return ToN6, ReasonNone
	case nowhere(to):
		return Drop, ReasonForbidden
	case pool == nil && within4(s.forbidden, to):
		return Drop, ReasonForbidden
	case pool == nil:
		return ToN6, ReasonNone
	case uint64(to) == pool.Gateway && p.protocol() == protoICMP && p.fragment()&(moreFragments|offsetMask) == 0 && p[ipHeader] == icmpEcho:
		return ToLocal, ReasonNone
	case !pool.usable(uint64(to)):
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
		if v.Port == port && v.Protocol == uint16(p.protocol()) && v.Lo == uint64(to) && v.Family == 4 {
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
