package upf

import "encoding/binary"

// Extension headers of IPv6 (RFC 8200 §4).
const (
	extHopByHop    = 0
	extRouting     = 43
	extFragment    = 44
	extAuth        = 51
	extDestination = 60

	maxExtensions = 6 // in one packet; RFC 8200 §4.1 has no use for more
)

// parse6 walks to the transport header. A routing header leads where no check has looked, so that it is
// refused like IPv4's source route.
func (p *packet) parse6(b []byte) Reason {
	if len(b) < ip6Header || b[0]>>4 != 6 || ip6Header+int(binary.BigEndian.Uint16(b[4:])) > len(b) {
		return ReasonMalformedIP
	}
	b = b[:ip6Header+int(binary.BigEndian.Uint16(b[4:]))]
	p.octets, p.quote, p.family, p.protocol, p.at, p.later, p.more = b, nil, 6, b[6], ip6Header, false, false
	p.src.hi, p.src.lo = binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])
	p.dst.hi, p.dst.lo = binary.BigEndian.Uint64(b[24:]), binary.BigEndian.Uint64(b[32:])
	for n := range maxExtensions + 1 {
		rest := b[p.at:]
		size := 0
		switch p.protocol {
		case extRouting:
			return ReasonIPOptions
		case extHopByHop, extDestination, extAuth:
			if p.protocol == extHopByHop && n > 0 || len(rest) < 8 {
				return ReasonMalformedIP
			}
			size = 8 + int(rest[1])*8
			if p.protocol == extAuth {
				size = 8 + int(rest[1])*4
			}
		case extFragment:
			if len(rest) < 8 {
				return ReasonMalformedIP
			}
			if r, done := p.fragment6(rest); done {
				return r
			}
			continue
		default:
			return ReasonNone
		}
		if size > len(rest) || n == maxExtensions {
			return ReasonMalformedIP
		}
		p.protocol, p.at = rest[0], p.at+size
	}
	return ReasonMalformedIP
}

// fragment6 reads a fragment header. All of a packet's headers are in its first fragment (RFC 8200
// §4.5), and the protocol that a later one names says nothing. done means that the walk ends.
func (p *packet) fragment6(h []byte) (r Reason, done bool) {
	f := binary.BigEndian.Uint16(h[2:])
	off := int(f &^ 7)
	if p.later || p.more {
		return ReasonFragment, true // a fragment of a fragment
	}
	p.protocol, p.later, p.more, p.at = h[0], off != 0, f&1 != 0, p.at+8
	if !p.later && !p.more {
		return ReasonNone, false // an atomic fragment (RFC 6946)
	}
	if transport(p.protocol) && p.fragmentFair(off, 65535) || p.later && p.fragmentFair(off, 65535) {
		return ReasonNone, true
	}
	return ReasonFragment, true
}

// transport reports whether a protocol is no extension header.
func transport(protocol uint8) bool {
	switch protocol {
	case extHopByHop, extRouting, extFragment, extAuth, extDestination:
		return false
	}
	return true
}

// nowhere6 are the IPv6 addresses of no single other host, or of one behind a relay: all outside 2000::/3
// but the unique local ones, and in it Teredo and 6to4.
var nowhere6 = []Range{
	{Family: 6, Hi: 0, MaskHi: 0xe000 << 48},                    // ::/3
	{Family: 6, Hi: 0x4000 << 48, MaskHi: 0xc000 << 48},         // 4000::/2
	{Family: 6, Hi: 0x8000 << 48, MaskHi: 0xc000 << 48},         // 8000::/2
	{Family: 6, Hi: 0xc000 << 48, MaskHi: 0xe000 << 48},         // c000::/3
	{Family: 6, Hi: 0xe000 << 48, MaskHi: 0xf000 << 48},         // e000::/4
	{Family: 6, Hi: 0xf000 << 48, MaskHi: 0xf800 << 48},         // f000::/5
	{Family: 6, Hi: 0xf800 << 48, MaskHi: 0xfc00 << 48},         // f800::/6
	{Family: 6, Hi: 0xfe00 << 48, MaskHi: 0xfe00 << 48},         // fe00::/7, link-local and multicast in it
	{Family: 6, Hi: 0x20010000 << 32, MaskHi: 0xffffffff << 32}, // Teredo
	{Family: 6, Hi: 0x2002 << 48, MaskHi: 0xffff << 48},         // 6to4
}

const (
	linkLocal   = 0xfe80 << 48 // first half of a link-local address
	gatewayHost = 1            // second half of a gateway's address
)

// linkOnly reports whether an IPv6 address means something on one link alone: link-local, multicast
// of link scope or narrower, none.
func linkOnly(a addr) bool {
	return a.hi>>54 == 0xfe80>>6 || a.hi>>48&0xff0f >= 0xff00 && a.hi>>48&0xff0f <= 0xff02 && a.hi>>56 == 0xff || a == addr{}
}
