package upf

import (
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// pathMessage decides about a GTP-U message that is no G-PDU.
func (s *Sessions) pathMessage(now time.Duration, source netip.AddrPort, h *gtpu.Header, rest []byte) Verdict {
	switch h.Type {
	case gtpu.TypeEchoRequest:
		return s.echo(now, source, h, rest)
	case gtpu.TypeEchoResponse:
		if _, err := gtpu.ParseEchoResponse(*h, rest); err != nil {
			return Verdict{Reason: ReasonMalformedGTPU}
		}
		if s.peers.of(source.Addr()) != 0 {
			return Verdict{Action: Peer, Peer: PeerAlive}
		}
	case gtpu.TypeErrorIndication:
		return s.errorIndication(now, source, rest)
	case gtpu.TypeEndMarker:
		return s.endMarker(source, h.TEID)
	}
	return Verdict{Reason: ReasonUnexpectedType, TEID: h.TEID}
}

// echo answers an echo request, at the port it came from.
func (s *Sessions) echo(now time.Duration, source netip.AddrPort, h *gtpu.Header, rest []byte) Verdict {
	m, err := gtpu.ParseEchoRequest(*h, rest)
	if err != nil {
		return Verdict{Reason: ReasonMalformedGTPU}
	}
	bucket, rate := &s.up.unknown, uint32(strangerEchoPerSecond)
	if i := s.peers.of(source.Addr()); i != 0 {
		bucket, rate = &s.peers.list[i].echoes, echoesPerSecond
	}
	if !bucket.allow(now, rate) {
		return Verdict{Reason: ReasonRateLimited}
	}
	b, err := gtpu.EchoResponse(m).AppendBinary(s.up.answer[:0])
	if err != nil {
		return Verdict{Reason: ReasonRateLimited}
	}
	return Verdict{Action: ToN3, To: source, Packet: b}
}

// notifyExtensions tells a radio that has sessions which extension headers are understood.
func (s *Sessions) notifyExtensions(now time.Duration, source netip.AddrPort) Verdict {
	v := Verdict{Reason: ReasonUnknownExtension}
	i := s.peers.of(source.Addr())
	if i == 0 || !s.peers.list[i].answers.allow(now, answersPerSecond) {
		return v
	}
	b, err := gtpu.Supported().AppendBinary(s.up.answer[:0])
	if err != nil {
		return v
	}
	v.Action, v.Packet, v.To = ToN3, b, netip.AddrPortFrom(source.Addr(), gtpu.Port)
	return v
}

// errorIndication takes a radio's word that it does not know a tunnel, if downlink of a session goes
// to that tunnel at that very address. It is reported once for each time the session is
// led there; what follows from it is for the SMF to say.
func (s *Sessions) errorIndication(now time.Duration, source netip.AddrPort, rest []byte) Verdict {
	m, err := gtpu.ParseErrorIndication(rest)
	if err != nil {
		return Verdict{Reason: ReasonMalformedGTPU}
	}
	peer := s.peers.of(source.Addr())
	if peer != 0 && !s.peers.list[peer].lost.allow(now, lostTunnelsPerSecond) {
		return Verdict{Reason: ReasonRateLimited}
	}
	i, ok := s.ends.find(endpoint{peer, uint32(m.TEID)})
	if peer == 0 || !ok {
		return Verdict{Reason: ReasonForeignErrorInd, TEID: m.TEID}
	}
	return s.lostTunnel(i, m.TEID, source)
}

// endMarker hands on what ends a path, to the radio that packets of the same tunnel go to: the former radio's by a tunnel
// for forwarding (TS 23.502 §4.9.1.3.3), or the anchor's. Anybody else's is worth nothing, and one while packets wait
// says nothing to anybody.
func (s *Sessions) endMarker(source netip.AddrPort, teid ident.TEID) Verdict {
	v, i := Verdict{Reason: ReasonUnexpectedType, TEID: teid}, uint32(teid)&slotMask
	if teid == 0 || int(i) >= len(s.mem.Up) || uint32(s.mem.Up[i].Tunnel.Load()) != uint32(teid) {
		return v
	}
	l, owner := &s.mem.Up[i], s.slots.owner(i)
	st := s.slots.state(owner)
	if treatment(l.Treatment.Load()).flags()&LineFromCore == 0 || st.shape == nil || st.more == nil {
		return v
	}
	if v.CP = s.cp(i); source.Addr() != s.peers.list[l.Tunnel.Load()>>32].addr {
		v.Reason = ReasonWrongSource
		return v
	}
	n := int8(slices.Index(st.more.tunnels, uint32(teid)))
	for k := range st.shape.detects {
		d := &st.shape.detects[k]
		if to := st.more.outers[d.far]; d.tunnel == n && to.teid != 0 {
			h := gtpu.Header{Type: gtpu.TypeEndMarker, TEID: ident.TEID(to.teid)}
			return Verdict{Action: ToN3, TEID: h.TEID, CP: v.CP, To: netip.AddrPortFrom(s.peers.list[to.peer].addr, gtpu.Port), Packet: h.Append(s.up.answer[:0], 0)}
		}
	}
	return v
}
