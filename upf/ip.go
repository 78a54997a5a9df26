package upf

import "encoding/binary"

const (
	protoICMP  = 1
	protoTCP   = 6
	protoUDP   = 17
	protoICMP6 = 58

	ipHeader  = 20
	ip6Header = 40
	maxInner  = 65535 - 40 - 8 - 16 // IPv6, UDP and GTP-U around it

	dontFragment  = 0x4000
	moreFragments = 0x2000
	offsetMask    = 0x1fff
)

// addr is an IP address as a Range asks for it.
type addr struct{ hi, lo uint64 }

// packet is an IP packet that parse found whole and without what sends it astray.
type packet struct {
	octets   []byte // without what a link may have put after it
	family   uint32 // 4 or 6
	src, dst addr
	protocol uint8 // of the transport
	later    bool  // a fragment that is not the first: no transport header
	more     bool  // a fragment that is not the last
	at       int   // where the transport header is

	public addr   // the address that it came to, where NAT has put the device's in its place
	quote  []byte // and how it began
}

// parse takes the packet that b begins with.
func (p *packet) parse(b []byte) Reason {
	if len(b) >= ipHeader && b[0]>>4 == 4 {
		return p.parse4(b)
	}
	return p.parse6(b)
}

func (p *packet) parse4(b []byte) Reason {
	n := int(binary.BigEndian.Uint16(b[2:]))
	if b[0]&15 < 5 || n > len(b) || n < int(b[0]&15)*4 {
		return ReasonMalformedIP
	}
	if b[0]&15 != 5 {
		return ReasonIPOptions
	}
	p.octets, p.quote, p.family, p.protocol, p.at = b[:n:n], nil, 4, b[9], ipHeader // one by one, for speed
	p.src.hi, p.src.lo = 0, uint64(binary.BigEndian.Uint32(b[12:]))
	p.dst.hi, p.dst.lo = 0, uint64(binary.BigEndian.Uint32(b[16:]))
	f := binary.BigEndian.Uint16(b[6:])
	p.later, p.more = f&offsetMask != 0, f&moreFragments != 0
	if (p.later || p.more) && !p.fragmentFair(int(f&offsetMask)*8, 65535-ipHeader) {
		return ReasonFragment
	}
	return ReasonNone
}

// fragmentFair refuses what only hides a transport header from a filter or overruns a
// reassembly: a first fragment without the whole header, a second one that begins inside it
// (RFC 1858, RFC 3128), an end beyond what a packet can have, a middle of broken size.
func (p *packet) fragmentFair(off, most int) bool {
	size := len(p.octets) - p.at
	least := 8
	if p.protocol == protoTCP {
		least = 20
	}
	switch {
	case off == 0:
		return size >= least && size%8 == 0
	case off < least:
		return false
	case p.more && size%8 != 0, size == 0:
		return false
	}
	return off+size <= most
}

// transport is the packet from its transport header on, empty in later fragments.
func (p *packet) transport() []byte {
	if p.later {
		return nil
	}
	return p.octets[p.at:]
}

// ports are the transport's, of an unfragmented packet or a first fragment.
func (p *packet) ports() (src, dst uint16, ok bool) {
	b := p.transport()
	if len(b) < 4 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), true
}

// isICMP reports whether the packet is one of its family.
func (p *packet) isICMP() bool {
	return p.family == 4 && p.protocol == protoICMP || p.family == 6 && p.protocol == protoICMP6
}

// isEcho reports whether the packet is a whole echo request.
func (p *packet) isEcho() bool {
	b := p.transport()
	return p.isICMP() && !p.more && len(b) >= 8 && (p.family == 4 && b[0] == icmpEcho || p.family == 6 && b[0] == icmp6Echo)
}

// isError reports whether the packet is an ICMP error message, to which nobody answers with another.
func (p *packet) isError() bool {
	b := p.transport()
	if !p.isICMP() || len(b) == 0 {
		return false
	}
	if p.family == 6 {
		return b[0] < 128
	}
	return b[0] == icmpUnreachable || b[0] == 4 || b[0] == 5 || b[0] == icmpTimeExceeded || b[0] == 12
}

// hops is what is left of the packet's life.
func (p *packet) hops() uint8 {
	if p.family == 4 {
		return p.octets[8]
	}
	return p.octets[7]
}

// age takes one hop from the packet's life.
func (p *packet) age() {
	b := p.octets
	if p.family == 6 {
		b[7]--
		return
	}
	b[8]--
	sum := uint32(binary.BigEndian.Uint16(b[10:])) + 0x100 // RFC 1624 for one less in the high octet
	binary.BigEndian.PutUint16(b[10:], uint16(sum+sum>>16))
}

// mark gives the packet a DSCP.
func (p *packet) mark(dscp uint8) {
	b := p.octets
	if p.family == 6 {
		v := binary.BigEndian.Uint16(b)&^0x0fc0 | uint16(dscp)<<6
		binary.BigEndian.PutUint16(b, v)
		return
	}
	old := binary.BigEndian.Uint16(b)
	b[1] = b[1]&3 | dscp<<2
	binary.BigEndian.PutUint16(b[10:], adjust(binary.BigEndian.Uint16(b[10:]), old, binary.BigEndian.Uint16(b)))
}

// adjust is a checksum after 16 bits that it covers have changed (RFC 1624, equation 3).
func adjust(sum, old, now uint16) uint16 {
	v := uint32(^sum) + uint32(^old) + uint32(now)
	v = v&0xffff + v>>16
	return ^uint16(v + v>>16)
}

// nowhere reports whether an IPv4 address is no single other host's: this network, loopback,
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

// nowhere reports whether an address is no single other host's.
func (s *Sessions) nowhere(family uint32, a addr) bool {
	if family == 4 {
		return nowhere(uint32(a.lo))
	}
	return within(nowhere6, 6, a.hi, a.lo)
}

// isSpecial reports whether more need be asked of an address.
func (s *Sessions) isSpecial(family uint32, a addr) bool {
	if family == 4 {
		return s.mem.Special[a.lo>>22&1023]>>(a.lo>>16&63)&1 != 0
	}
	return s.mem.Special[specialWords/2+int(a.hi>>54)]>>(a.hi>>48&63)&1 != 0
}

// poolOf is the pool that has an address, nil if none.
func (s *Sessions) poolOf(family uint32, a addr) *pool {
	if family == 4 {
		return s.poolAt(4, a.lo)
	}
	return s.poolAt(6, a.hi)
}

// checksum is the Internet's (RFC 1071).
func checksum(b []byte) uint16 { return ^fold(sumOf(0, b)) }

// sumOf adds octets to a sum.
func sumOf(sum uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return sum
}

func fold(sum uint32) uint16 {
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return uint16(sum)
}
