package wireguard

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

const (
	headerIPv4 = 20
	headerIPv6 = 40
	headerUDP  = 8
	maxHeader  = headerIPv6 + headerUDP
	// maxInner is the largest inner packet that is sent or taken.
	maxInner = 9216

	protocolUDP = 17
	hops        = 64
)

// headerIP is the size of the IP header of an address's family.
func headerIP(a netip.Addr) int {
	if a.Is4() {
		return headerIPv4
	}
	return headerIPv6
}

// appendHeader writes the IP and UDP headers of a datagram (RFC 791, 8200, 768).
func appendHeader(b []byte, from, to netip.AddrPort, body []byte) []byte {
	size := headerUDP + len(body)
	start := len(b)
	if from.Addr().Is4() {
		b = append(b, 0x45, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(headerIPv4+size))
		b = append(b, 0, 0, 0, 0, hops, protocolUDP, 0, 0)
		src, dst := from.Addr().As4(), to.Addr().As4()
		b = append(append(b, src[:]...), dst[:]...)
		binary.BigEndian.PutUint16(b[start+10:], ^fold(sum(b[start:])))
	} else {
		b = append(b, 0x60, 0, 0, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(size))
		b = append(b, protocolUDP, hops)
		src, dst := from.Addr().As16(), to.Addr().As16()
		b = append(append(b, src[:]...), dst[:]...)
	}
	udp := len(b)
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(size))
	b = append(b, 0, 0)
	c := ^fold(add(add(pseudo(from.Addr(), to.Addr(), size), sum(b[udp:])), sum(body)))
	if c == 0 {
		c = 0xffff
	}
	binary.BigEndian.PutUint16(b[udp+6:], c)
	return b
}

// datagram is an inner UDP datagram.
type datagram struct {
	from, to netip.AddrPort
	body     []byte
}

// parse reads an inner packet, which has to be one whole UDP datagram without options, with the right lengths
// and checksums, and nothing after it.
func parse(b []byte) (datagram, bool) {
	if len(b) > maxInner {
		return datagram{}, false
	}
	var src, dst netip.Addr
	var udp []byte
	switch {
	case len(b) >= headerIPv4 && b[0] == 0x45:
		const fragment = 0x3fff // more fragments, or an offset
		if int(binary.BigEndian.Uint16(b[2:])) != len(b) || binary.BigEndian.Uint16(b[6:])&fragment != 0 ||
			b[9] != protocolUDP || fold(sum(b[:headerIPv4])) != 0xffff {
			return datagram{}, false
		}
		src, dst, udp = netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:])), b[headerIPv4:]
	case len(b) >= headerIPv6 && b[0]>>4 == 6:
		if int(binary.BigEndian.Uint16(b[4:])) != len(b)-headerIPv6 || b[6] != protocolUDP {
			return datagram{}, false
		}
		src, dst, udp = netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:])), b[headerIPv6:]
	default:
		return datagram{}, false
	}
	if len(udp) < headerUDP || int(binary.BigEndian.Uint16(udp[4:])) != len(udp) {
		return datagram{}, false
	}
	without := src.Is4() && udp[6] == 0 && udp[7] == 0 // IPv4 may go without
	if !without && fold(add(pseudo(src, dst, len(udp)), sum(udp))) != 0xffff {
		return datagram{}, false
	}
	return datagram{
		from: netip.AddrPortFrom(src, binary.BigEndian.Uint16(udp)),
		to:   netip.AddrPortFrom(dst, binary.BigEndian.Uint16(udp[2:])),
		body: udp[headerUDP:],
	}, true
}

// pseudo is the sum over UDP's pseudo-header.
func pseudo(src, dst netip.Addr, size int) uint64 {
	s := uint64(size) + protocolUDP
	if src.Is4() {
		a, b := src.As4(), dst.As4()
		return add(add(s, sum(a[:])), sum(b[:]))
	}
	a, b := src.As16(), dst.As16()
	return add(add(s, sum(a[:])), sum(b[:]))
}

// sum adds up b as numbers of 16 bits in ones' complement (RFC 1071), eight octets at a time. Fold makes 16 bits
// of it. Only the last of several parts may be of odd length.
func sum(b []byte) uint64 {
	var s, carry uint64
	for ; len(b) >= 32; b = b[32:] {
		s, carry = bits.Add64(s, binary.BigEndian.Uint64(b), carry)
		s, carry = bits.Add64(s, binary.BigEndian.Uint64(b[8:]), carry)
		s, carry = bits.Add64(s, binary.BigEndian.Uint64(b[16:]), carry)
		s, carry = bits.Add64(s, binary.BigEndian.Uint64(b[24:]), carry)
	}
	for ; len(b) >= 8; b = b[8:] {
		s, carry = bits.Add64(s, binary.BigEndian.Uint64(b), carry)
	}
	s = add(s, carry)
	var rest [8]byte
	copy(rest[:], b)
	return add(s, binary.BigEndian.Uint64(rest[:]))
}

func add(a, b uint64) uint64 {
	s, carry := bits.Add64(a, b, 0)
	return s + carry
}

func fold(s uint64) uint16 {
	s = s>>32 + s&0xffffffff
	s = s>>32 + s&0xffffffff
	s = s>>16 + s&0xffff
	s = s>>16 + s&0xffff
	return uint16(s)
}
