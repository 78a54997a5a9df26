package upf

import (
	"encoding/binary"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// uplinkHalf is what Uplink changes besides the lines.
type uplinkHalf struct {
	Counters
	unknown limiter // echo requests of strangers
	lost    limiter // error indications
	errors  shares  // ICMP errors to devices, by slot
	routers shares  // router advertisements, by slot
	packet  packet  // the one at hand
	head    [HeadSize]byte
	answer  [answerSize]byte
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
		peer := s.peers.of(source.Addr())
		s.mem.PeerCounters[peer].note(v.Reason)
		v.Radio = (v.Reason.Finding() || v.Reason == ReasonUnknownTEID) && peer != 0
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
	v, t, p := Verdict{TEID: h.TEID}, treatment(l.Treatment.Load()), &s.up.packet
	if t.flags()&LineSlow != 0 {
		return s.slow(now, source.Addr(), i, l, h, rest)
	}
	v.Reason = s.outer(now, l, uint32(tunnel>>32), t, source.Addr(), h)
	if v.Reason == ReasonNone {
		v.Reason = p.parse(rest)
	}
	if v.Reason == ReasonNone && p.isSolicitation() {
		v = s.advertise(now, i, h.TEID)
	} else if v.Reason == ReasonNone {
		v.Action, v.Reason = s.inner(l, i, t, p)
		if v.Reason == ReasonNone {
			v.Reason = s.pass(now, l, i, t, h, v.Action, p)
		}
	}
	if v.Reason != ReasonNone {
		return s.refuse(now, i, v)
	}
	if v.Packet == nil {
		s.up.Packets++
		s.up.Bytes += uint64(len(p.octets))
		v.Packet = p.octets
	}
	return v
}

// refuse says why a session's packet goes no further, to its device too where that helps it.
func (s *Sessions) refuse(now time.Duration, i uint32, v Verdict) Verdict {
	v.Action, v.CP = Drop, s.cp(i)
	mtu := 0
	switch v.Reason {
	case ReasonTooBig:
		mtu = s.cfg.MTUN6
	case ReasonHops:
	default:
		return v
	}
	p := &s.up.packet
	router, ok := s.routerFor(p.family, p.src)
	if ok && p.mayBeTold() && s.up.errors.allow(now, i, errorsPerSecond) {
		v.Action, v.Packet = ToLocal, appendError(s.up.answer[:0], p, router, mtu)
	}
	return v
}

// outer checks what the peer is answerable for: where the packet comes from and which
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
	kind := gtpu.Uplink
	if t.flags()&LineFromCore != 0 {
		kind = gtpu.Downlink
	}
	switch {
	case !h.HasContainer && s.cfg.RequireContainer, h.HasContainer && h.Container.Type != kind:
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
func (s *Sessions) inner(l *Line, i uint32, t treatment, p *packet) (Action, Reason) {
	if t.flags()&LineFromCore != 0 {
		return s.fromCore(l, i, t, p)
	}
	if r := s.honest(l, i, p); r != ReasonNone {
		return Drop, r
	}
	if !s.filters.passes(t.rules(), p, true) {
		return Drop, ReasonNotSealed
	}
	if !s.isSpecial(p.family, p.dst) {
		return ToN6, ReasonNone
	}
	return s.place(p)
}

// honest checks that a packet is one that a device may send, wherever it goes.
func (s *Sessions) honest(l *Line, i uint32, p *packet) Reason {
	if !s.owns(l, i, p.family, p.src) {
		if p.family == 6 && linkOnly(p.src) {
			return ReasonLinkOnly
		}
		return ReasonSpoofedSource
	}
	switch p.protocol {
	case protoICMP, protoICMP6:
		return p.icmpReason()
	case protoUDP:
		if src, _, ok := p.ports(); ok && (p.family == 4 && src == dhcpServer || p.family == 6 && src == dhcp6Server) {
			return ReasonDHCPServer
		}
	}
	return ReasonNone
}

const (
	dhcpServer  = 67
	dhcp6Server = 547
)

// owns reports whether an address is the session's.
func (s *Sessions) owns(l *Line, i, family uint32, a addr) bool {
	if family == 4 {
		if ue := uint32(l.Device.Load()); ue != 0 && uint64(ue) == a.lo {
			return true
		}
	} else if ue := l.UE6.Load(); ue != 0 && ue == a.hi {
		return true
	}
	slot, ok := s.framed.find(family, a)
	return ok && slot == i
}

// fromCore takes what an anchor sends over N9, which has found it to be for the device.
func (s *Sessions) fromCore(l *Line, i uint32, t treatment, p *packet) (Action, Reason) {
	switch {
	case !s.owns(l, i, p.family, p.dst):
		return Drop, ReasonUnknownUE
	case s.isSpecial(p.family, p.src) && s.nowhere(p.family, p.src):
		return Drop, ReasonBadSource
	case p.icmpReason() != ReasonNone:
		return Drop, p.icmpReason()
	case !s.filters.passes(t.rules(), p, false):
		return Drop, ReasonNotSealed
	}
	return ToLocal, ReasonNone
}

// place says which way a packet goes to a destination that is special.
func (s *Sessions) place(p *packet) (Action, Reason) {
	pool := s.poolOf(p.family, p.dst)
	switch {
	case s.isService(p, p.dst, true):
		return ToN6, ReasonNone
	case p.family == 6 && p.dst.hi == translator && p.dst.lo>>32 == 0:
		return s.translated(addr{0, p.dst.lo})
	case p.family == 6 && linkOnly(p.dst):
		return Drop, ReasonLinkOnly
	case s.nowhere(p.family, p.dst):
		return Drop, ReasonForbidden
	case pool == nil && within(s.forbidden, p.family, p.dst.hi, p.dst.lo):
		return Drop, ReasonForbidden
	case pool == nil:
		if _, device := s.framed.find(p.family, p.dst); !device {
			return ToN6, ReasonNone
		}
	case p.dst == pool.router() && p.isEcho():
		return ToLocal, ReasonNone
	case pool.Flags&PoolPublic == 0 && !pool.usable(p.dst.number(p.family)):
		return Drop, ReasonForbidden
	}
	if !s.cfg.UEToUE {
		return Drop, ReasonOtherUE
	}
	return ToLocal, ReasonNone
}

// translator is the first half of 64:ff9b::/96, by which a translator on N6 reaches IPv4 (RFC 6052).
const translator = 0x0064ff9b << 32

// translated judges the IPv4 address that a translator would send to.
func (s *Sessions) translated(a addr) (Action, Reason) {
	if nowhere(uint32(a.lo)) || s.poolOf(4, a) != nil || within(s.forbidden, 4, 0, a.lo) {
		return Drop, ReasonForbidden
	}
	return ToN6, ReasonNone
}

// isService reports whether p goes to, or comes from, an address, protocol and port that Config allows by name.
// Later fragments have no port and do not; nor do first ones to it, of which the rest could not follow.
func (s *Sessions) isService(p *packet, a addr, to bool) bool {
	port, other, ok := p.ports()
	if to {
		port = other
	}
	if !ok || to && p.more {
		return false
	}
	for i := range s.services {
		v := &s.services[i]
		if v.Port == port && v.Protocol == uint16(p.protocol) && v.Lo == a.lo && v.Hi == a.hi && v.Family == uint16(p.family) {
			return true
		}
	}
	return false
}

// pass does what is left once a packet may go: its sequence number, its size, its rate, its new header.
func (s *Sessions) pass(now time.Duration, l *Line, i uint32, t treatment, h *gtpu.Header, a Action, p *packet) Reason {
	if h.HasSeq {
		w := Seen(l.Word.Load())
		if s.cfg.FilterDuplicates && w.repeats(h.Seq) {
			return ReasonReplayed
		}
	}
	answered := false // here, so that it goes no hop further
	if a == ToLocal {
		pool := s.poolOf(p.family, p.dst)
		answered = pool != nil && p.dst == pool.router()
	}
	routed := !answered && t.flags()&LineFromCore == 0
	if routed && a == ToN6 && len(p.octets) > s.cfg.MTUN6 && !p.mayBeFragmented() {
		return ReasonTooBig
	}
	if routed && p.hops() <= 1 {
		return ReasonHops
	}
	if l.over(t, now) {
		return ReasonRate
	}
	if routed {
		if block := uint32(l.Device.Load() >> 32); block != 0 && p.family == 4 {
			if r := s.natOut(now, block-1, s.mem.Records[i].Down-1, p); r != ReasonNone {
				return r
			}
		}
	}
	if h.HasSeq {
		w, gap := Seen(l.Word.Load()).note(h.Seq)
		l.Word.Store(uint64(w))
		if gap > 0 {
			s.mem.PeerCounters[l.Tunnel.Load()>>32].Gaps.Add(uint64(gap))
		}
	}
	l.charge(t, now, len(p.octets), s.mem.Shared)
	switch {
	case answered:
		p.answerEcho()
	case routed:
		p.age()
		if a == ToN6 && s.cfg.MarkN6 {
			p.mark(s.cfg.DSCP[t.qfi()&63])
		}
	}
	return ReasonNone
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

// head writes the header of a G-PDU of n octets with a downlink container.
func appendHead(b *[HeadSize]byte, teid uint32, qfi uint8, n int) []byte {
	*b = [HeadSize]byte{0: 0x34, 1: byte(gtpu.TypeGPDU), 11: 0x85, 12: 1, 14: qfi}
	binary.BigEndian.PutUint16(b[2:], uint16(n+8))
	binary.BigEndian.PutUint32(b[4:], teid)
	return b[:]
}
