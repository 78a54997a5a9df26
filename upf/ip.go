package upf

import "encoding/binary"

const (
	protoICMP = 1
	protoTCP  = 6
	protoUDP  = 17

	ipHeader = 20
	maxInner = 65535 - 20 - 8 - 16 // IPv4, UDP and GTP-U around it

	dontFragment  = 0x4000
	moreFragments = 0x2000
	offsetMask    = 0x1fff
)

// packet is an IPv4 packet that checkIP found whole and without options.
type packet []byte

func (p packet) source() uint32      { return binary.BigEndian.Uint32(p[12:]) }
func (p packet) destination() uint32 { return binary.BigEndian.Uint32(p[16:]) }
func (p packet) protocol() uint8     { return p[9] }
func (p packet) fragment() uint16    { return binary.BigEndian.Uint16(p[6:]) }

// checkIP takes the packet that b begins with, without what a link may have put after it.
func checkIP(b []byte) (packet, Reason) {
	if len(b) < ipHeader || b[0]>>4 != 4 || b[0]&15 < 5 {
		return nil, ReasonMalformedIP
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n > len(b) || n < int(b[0]&15)*4 {
		return nil, ReasonMalformedIP
	}
	if b[0]&15 != 5 {
		return nil, ReasonIPOptions
	}
	p := packet(b[:n])
	if f := p.fragment(); f&(moreFragments|offsetMask) != 0 && !fragmentFair(p, f) {
		return nil, ReasonFragment
	}
	return p, ReasonNone
}

// fragmentFair refuses what only hides a transport header from a filter or overruns a
// reassembly: a first fragment without the whole header, a second one that begins inside it
// (RFC 1858, RFC 3128), an end beyond 65535 octets, a middle of broken size.
func fragmentFair(p packet, f uint16) bool {
	off, size := int(f&offsetMask)*8, len(p)-ipHeader
	least := 8
	if p.protocol() == protoTCP {
		least = 20
	}
	switch {
	case off == 0:
		return size >= least && size%8 == 0
	case off < least:
		return false
	case f&moreFragments != 0 && size%8 != 0, size == 0:
		return false
	}
	return off+size <= 65535-ipHeader
}

// ports are the transport's, of an unfragmented packet or a first fragment.
func (p packet) ports() (src, dst uint16, ok bool) {
	if p.fragment()&offsetMask != 0 || len(p) < ipHeader+4 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint16(p[ipHeader:]), binary.BigEndian.Uint16(p[ipHeader+2:]), true
}

// ICMP types.
const (
	icmpEchoReply   = 0
	icmpUnreachable = 3
	icmpEcho        = 8
)

// icmpForbidden reports whether the packet is an ICMP message that only misleads or
// reveals: source quench, redirect, router advertisement and solicitation, timestamp,
// information and address mask. An ICMP message too short to tell is one too.
func (p packet) icmpForbidden() bool {
	if p.protocol() != protoICMP || p.fragment()&offsetMask != 0 {
		return false
	}
	if len(p) < ipHeader+8 {
		return true
	}
	switch t := p[ipHeader]; {
	case t == 4, t == 5, t == 9, t == 10, t >= 13 && t <= 18:
		return true
	}
	return false
}

// nowhere reports whether an address is no single other host's: this network, loopback,
// link-local with its metadata services, multicast, reserved, broadcast.
func nowhere(v uint32) bool {
	return v>>24 == 0 || v>>24 == 127 || v>>16 == 0xa9fe || v >= 0xe0000000
}

// nowhere4 are the addresses of nowhere.
var nowhere4 = []Range{
	{Family: 4, Lo: 0, MaskLo: 0xff000000, MaskHi: ^uint64(0)},
	{Family: 4, Lo: 127 << 24, MaskLo: 0xff000000, MaskHi: ^uint64(0)},
	{Family: 4, Lo: 0xa9fe0000, MaskLo: 0xffff0000, MaskHi: ^uint64(0)},
	{Family: 4, Lo: 0xe0000000, MaskLo: 0xe0000000, MaskHi: ^uint64(0)},
}

// answerEcho makes the reply to an echo request, in its place.
func answerEcho(p packet) bool {
	if p.protocol() != protoICMP || p.fragment()&(moreFragments|offsetMask) != 0 || len(p) < ipHeader+8 || p[ipHeader] != icmpEcho {
		return false
	}
	var a [4]byte
	copy(a[:], p[12:16])
	copy(p[12:16], p[16:20])
	copy(p[16:20], a[:])
	p[ipHeader] = icmpEchoReply
	sum := uint32(binary.BigEndian.Uint16(p[ipHeader+2:])) + icmpEcho<<8 // RFC 1624
	binary.BigEndian.PutUint16(p[ipHeader+2:], uint16(sum+sum>>16))
	return true
}

// appendTooBig writes the ICMP message that tells p's source the size that fits
// (RFC 1191), from the gateway.
func appendTooBig(b []byte, p packet, gateway uint32, mtu int) []byte {
	quote := p[:min(len(p), ipHeader+8)]
	n := ipHeader + 8 + len(quote)
	b = append(b, 0x45, 0, byte(n>>8), byte(n), 0, 0, 0, 0, 64, protoICMP, 0, 0)
	b = binary.BigEndian.AppendUint32(b, gateway)
	b = binary.BigEndian.AppendUint32(b, p.source())
	b = append(b, icmpUnreachable, 4, 0, 0, 0, 0, byte(mtu>>8), byte(mtu))
	b = append(b, quote...)
	binary.BigEndian.PutUint16(b[10:], checksum(b[:ipHeader]))
	binary.BigEndian.PutUint16(b[ipHeader+2:], checksum(b[ipHeader:n]))
	return b
}

// checksum is the Internet's (RFC 1071), of an even number of octets.
func checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}
