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
	misses  [strangersMissing]*misses
	errors  shares // ICMP errors to devices, by slot
	routers shares // router advertisements, by slot
	packet  packet // the one at hand
	frame   frame
	// stations are the MAC addresses behind sessions: this half's to write.
	stations stations
	head     [HeadSize]byte
	answer   [answerSize]byte
}

// Uplink decides about a datagram that came to N3 from source at now, which counts from
// any fixed moment. It may change the datagram.
func (s *Sessions) Uplink(now time.Duration, source netip.AddrPort, datagram []byte) (v Verdict) {
	source = netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
	h, rest, err := gtpu.Parse(datagram)
	switch {
	case err == gtpu.FaultUnknownExtension:
		v = s.notifyExtensions(now, source)
	case err != nil:
		v = Verdict{Reason: ReasonMalformedGTPU}
	case h.Type == gtpu.TypeGPDU:
		s.gpdu(now, source, &h, rest, &v)
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

// gpdu decides about a G-PDU; v is empty.
func (s *Sessions) gpdu(now time.Duration, source netip.AddrPort, h *gtpu.Header, rest []byte, v *Verdict) {
	i := uint32(h.TEID) & slotMask
	if h.TEID == 0 || int(i) >= len(s.mem.Up) {
		*v = s.unknownTEID(now, source, h.TEID)
		return
	}
	l := &s.mem.Up[i]
	tunnel, t := l.Tunnel.Load(), treatment(l.Treatment.Load())
	switch {
	case uint32(tunnel) != uint32(h.TEID):
		*v = s.unknownTEID(now, source, h.TEID)
		return
	case t.flags()&LineSlow != 0:
		*v = s.slow(now, source.Addr(), i, l, h, rest)
		return
	}
	p := &s.up.packet
	v.TEID = h.TEID
	if v.Reason = s.outer(now, l, uint32(tunnel>>32), t, source.Addr(), h); v.Reason == ReasonNone {
		v.Reason = p.parse(rest)
	}
	if v.Reason == ReasonNone && p.isSolicitation() {
		*v = s.advertise(now, i, h.TEID)
	} else if v.Reason == ReasonNone {
		if v.Action, v.Reason = s.inner(l, i, t, p); v.Reason == ReasonNone {
			v.Reason = s.pass(now, l, i, t, h, v.Action, p)
		}
	}
	switch {
	case v.Reason != ReasonNone:
		*v = s.refuse(now, i, *v)
	case v.Packet == nil:
		s.up.Packets++
		s.up.Bytes += uint64(len(p.octets))
		v.Packet = p.octets
	}
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

// unknownTEID answers a packet for a tunnel that is not there with an error indication, if
// it comes from a radio that has sessions, and not too often: strangers learn nothing.
func (s *Sessions) unknownTEID(now time.Duration, source netip.AddrPort, teid ident.TEID) Verdict {
	v := Verdict{Reason: ReasonUnknownTEID, TEID: teid}
	i := s.peers.of(source.Addr())
	q := &s.peers.list[i]
	switch {
	case s.slots.last(teid):
		v.Reason = ReasonLate // of no weight: packets cross with a release
	case s.missesOf(now, i, source.Addr()).sweep(uint32(teid)):
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
