package upf

import "encoding/binary"

// ICMP types.
const (
	icmpEchoReply    = 0
	icmpUnreachable  = 3
	icmpEcho         = 8
	icmpTimeExceeded = 11

	icmp6TooBig       = 2
	icmp6TimeExceeded = 3
	icmp6Echo         = 128
	icmp6EchoReply    = 129
	icmp6Solicitation = 133
	icmp6Advertise    = 134
)

// icmpReason refuses an ICMP message that only misleads or reveals: source quench, redirect, router
// advertisement and solicitation, timestamp, information and address mask, and of IPv6 all but
// echo and errors. What a device says to its link alone is told apart. An ICMP message too
// short to tell is refused too.
func (p *packet) icmpReason() Reason {
	if !p.isICMP() || p.later {
		return ReasonNone
	}
	b := p.transport()
	if len(b) < 8 {
		return ReasonForbiddenICMP
	}
	switch t := b[0]; {
	case p.family == 4 && (t == 4 || t == 5 || t == 9 || t == 10 || t >= 13 && t <= 18):
		return ReasonForbiddenICMP
	case p.family == 4, t >= 1 && t <= 4, t == icmp6Echo, t == icmp6EchoReply:
		return ReasonNone
	case t >= 130 && t <= 133, t == 135, t == 136, t == 143: // listeners, solicitations, neighbours
		return ReasonLinkOnly
	}
	return ReasonForbiddenICMP
}

// answerEcho makes the reply to an echo request, in its place.
func (p *packet) answerEcho() {
	b := p.octets
	t, reply := b[p.at:], byte(icmpEchoReply)
	if p.family == 4 {
		var a [4]byte
		copy(a[:], b[12:16])
		copy(b[12:16], b[16:20])
		copy(b[16:20], a[:])
	} else {
		var a [16]byte
		copy(a[:], b[8:24])
		copy(b[8:24], b[24:40])
		copy(b[24:40], a[:])
		reply = icmp6EchoReply
	}
	p.src, p.dst = p.dst, p.src
	old := binary.BigEndian.Uint16(t)
	t[0] = reply
	binary.BigEndian.PutUint16(t[2:], adjust(binary.BigEndian.Uint16(t[2:]), old, binary.BigEndian.Uint16(t)))
}

// answerSize is the largest message that is made here: no larger than every link takes.
const answerSize = 1280

// appendError writes the ICMP message that tells p's source what became of p: too big (RFC 1191, RFC
// 8201) for mtu, or out of hops with an mtu of 0. It comes from the address from, of p's family.
func appendError(b []byte, p *packet, from addr, mtu int) []byte {
	if p.family == 6 {
		typ := byte(icmp6TimeExceeded)
		if mtu != 0 {
			typ = icmp6TooBig
		}
		quote := p.octets[:min(len(p.octets), answerSize-ip6Header-8)]
		b = appendIP6(b, from, p.src, protoICMP6, 64, 8+len(quote))
		b = binary.BigEndian.AppendUint32(append(b, typ, 0, 0, 0), uint32(mtu))
		return sealICMP6(append(b, quote...))
	}
	typ, code := byte(icmpTimeExceeded), byte(0)
	if mtu != 0 {
		typ, code = icmpUnreachable, 4
	}
	quote := p.octets[:min(len(p.octets), ipHeader+8)]
	if p.quote != nil {
		quote = p.quote
	}
	n := ipHeader + 8 + len(quote)
	b = append(b, 0x45, 0, byte(n>>8), byte(n), 0, 0, 0, 0, 64, protoICMP, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(from.lo))
	b = binary.BigEndian.AppendUint32(b, uint32(p.src.lo))
	b = append(b, typ, code, 0, 0, 0, 0, byte(mtu>>8), byte(mtu))
	b = append(b, quote...)
	binary.BigEndian.PutUint16(b[10:], checksum(b[:ipHeader]))
	binary.BigEndian.PutUint16(b[ipHeader+2:], checksum(b[ipHeader:n]))
	return b
}

// appendIP6 writes the header of a packet with n octets after it.
func appendIP6(b []byte, src, dst addr, protocol, hops uint8, n int) []byte {
	b = append(b, 0x60, 0, 0, 0, byte(n>>8), byte(n), protocol, hops)
	for _, v := range []uint64{src.hi, src.lo, dst.hi, dst.lo} {
		b = binary.BigEndian.AppendUint64(b, v)
	}
	return b
}

// sealICMP6 puts the checksum into a packet that is an ICMPv6 message without extension headers.
func sealICMP6(b []byte) []byte {
	binary.BigEndian.PutUint16(b[ip6Header+2:], 0)
	binary.BigEndian.PutUint16(b[ip6Header+2:], ^fold(pseudo6(b)))
	return b
}

// pseudo6 is the sum of an ICMPv6 message without extension headers and its pseudo-header: 0xffff if its checksum is right.
func pseudo6(b []byte) uint32 {
	return sumOf(sumOf(uint32(len(b)-ip6Header)+protoICMP6, b[8:ip6Header]), b[ip6Header:])
}
