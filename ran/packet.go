package ran

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"cordon/ident"
)

// A probe is the user packet that phones send: IPv4 or IPv6, UDP, and a payload that says whose it
// is, which one, when it left, and is otherwise what [fill] makes of that. An echo service
// sends it back with addresses and ports exchanged.
//
//	octet 0    magic
//	octet 4    flow
//	octet 12   sequence number
//	octet 16   nanoseconds since the sender's start
//	octet 24   fill
type probe struct {
	flow uint64
	seq  uint32
	at   int64
}

const (
	probeMagic  = 0x63_72_64_6e
	probeHeader = 24
	minPayload  = probeHeader + 8
	ipv4Header  = 20
	ipv6Header  = 40
	udpHeader   = 8
	protoUDP    = 17
)

// innerHeader is what precedes the payload of a probe that an address sends.
func innerHeader(from netip.Addr) int {
	if from.Is4() {
		return ipv4Header + udpHeader
	}
	return ipv6Header + udpHeader
}

// flowID is unguessable enough to tell phones' packets apart, and does not give the SUPI away.
func flowID(s ident.SUPI, psi ident.PDUSessionID) uint64 { return mix(uint64(s)<<4 ^ uint64(psi)) }

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fill writes the octets that follow from flow and sequence number alone.
func (p probe) fill(b []byte) {
	x := mix(p.flow ^ uint64(p.seq)<<17)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, x)
		x = x*6364136223846793005 + 1442695040888963407
		b = b[8:]
	}
	for i := range b {
		b[i] = byte(x >> (8 * i))
	}
}

// append writes the whole inner packet, its payload of n octets, at least minPayload.
func (p probe) append(b []byte, from, to netip.AddrPort, n int) []byte {
	start := len(b)
	if from.Addr().Is4() {
		b = p.appendIPv4(b, from.Addr(), to.Addr(), udpHeader+n)
	} else {
		b = appendIPv6(b, from.Addr(), to.Addr(), protoUDP, 64, udpHeader+n)
	}
	header := len(b) - start
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(udpHeader+n))
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint32(b, probeMagic)
	b = binary.BigEndian.AppendUint64(b, p.flow)
	b = binary.BigEndian.AppendUint32(b, p.seq)
	b = binary.BigEndian.AppendUint64(b, uint64(p.at))
	fillAt := len(b)
	b = append(b, make([]byte, n-probeHeader)...)
	p.fill(b[fillAt:])
	c := ^fold(upperSum(b[start:], header, protoUDP))
	if c == 0 {
		c = 0xffff // zero would mean that there is no checksum (RFC 768)
	}
	binary.BigEndian.PutUint16(b[start+header+6:], c)
	return b
}

// appendIPv4 writes the header of a packet with so many octets after it.
func (p probe) appendIPv4(b []byte, from, to netip.Addr, n int) []byte {
	start := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(ipv4Header+n))
	b = append(b, byte(p.seq>>8), byte(p.seq), 0x40, 0, 64, protoUDP, 0, 0) // don't fragment, TTL 64
	b = append(b, from.AsSlice()...)
	b = append(b, to.AsSlice()...)
	binary.BigEndian.PutUint16(b[start+10:], ^fold(sum(b[start:start+ipv4Header])))
	return b
}

// appendIPv6 does the same.
func appendIPv6(b []byte, from, to netip.Addr, next, hops byte, n int) []byte {
	b = append(b, 0x60, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(n))
	b = append(b, next, hops)
	b = append(b, from.AsSlice()...)
	return append(b, to.AsSlice()...)
}

// inner says what an arriving inner packet is.
type inner uint8

const (
	innerForeign   inner = iota // not a probe
	innerCorrupted              // a probe, altered on its way
	innerStray                  // an intact probe of another flow
	innerProbe
)

// parseProbe reads an inner packet that came down the tunnel of a flow, whose probes go
// from one address to the other. Every octet is checked.
func parseProbe(b []byte, flow uint64, from, to netip.AddrPort) (probe, inner) {
	header := headerSize(b)
	if header == 0 || len(b) < header+udpHeader+probeHeader {
		return probe{}, innerForeign
	}
	payload := b[header+udpHeader:]
	if binary.BigEndian.Uint32(payload) != probeMagic {
		return probe{}, innerForeign
	}
	p := probe{
		flow: binary.BigEndian.Uint64(payload[4:]),
		seq:  binary.BigEndian.Uint32(payload[12:]),
		at:   int64(binary.BigEndian.Uint64(payload[16:])),
	}
	// The fill is compared in pieces, so that nothing is allocated.
	x := mix(p.flow ^ uint64(p.seq)<<17)
	rest := payload[probeHeader:]
	for len(rest) >= 8 {
		if binary.LittleEndian.Uint64(rest) != x {
			return p, innerCorrupted
		}
		x = x*6364136223846793005 + 1442695040888963407
		rest = rest[8:]
	}
	for i, c := range rest {
		if c != byte(x>>(8*i)) {
			return p, innerCorrupted
		}
	}
	if p.flow != flow {
		return p, innerStray
	}
	if !wholeIP(b, header, to.Addr(), from.Addr()) || !wholeUDP(b, header, to.Port(), from.Port()) {
		return p, innerCorrupted
	}
	return p, innerProbe
}

// headerSize is that of the IP header of a UDP packet without options or extensions; 0 for any other.
func headerSize(b []byte) int {
	switch {
	case len(b) >= ipv4Header && b[0]>>4 == 4 && b[9] == protoUDP:
		return ipv4Header
	case len(b) >= ipv6Header && b[0]>>4 == 6 && b[6] == protoUDP:
		return ipv6Header
	}
	return 0
}

// wholeIP reports whether the IP header is right and leads from one address to the other.
func wholeIP(b []byte, header int, from, to netip.Addr) bool {
	if header == ipv6Header {
		return int(binary.BigEndian.Uint16(b[4:])) == len(b)-ipv6Header && bytes.Equal(b[8:24], from.AsSlice()) && bytes.Equal(b[24:40], to.AsSlice())
	}
	return b[0] == 0x45 && int(binary.BigEndian.Uint16(b[2:])) == len(b) &&
		binary.BigEndian.Uint16(b[6:])&0x3fff == 0 && // no fragment
		fold(sum(b[:ipv4Header])) == 0xffff &&
		bytes.Equal(b[12:16], from.AsSlice()) && bytes.Equal(b[16:20], to.AsSlice())
}

// wholeUDP reports the same of the UDP header. Over IPv6 it has a checksum (RFC 8200 §8.1).
func wholeUDP(b []byte, header int, from, to uint16) bool {
	u := b[header:]
	unsummed := header == ipv4Header && binary.BigEndian.Uint16(u[6:]) == 0
	return binary.BigEndian.Uint16(u) == from && binary.BigEndian.Uint16(u[2:]) == to &&
		int(binary.BigEndian.Uint16(u[4:])) == len(u) && (unsummed || fold(upperSum(b, header, protoUDP)) == 0xffff)
}

// sum adds up 16-bit words (RFC 1071).
func sum(b []byte) uint64 {
	var s uint64
	for len(b) >= 8 {
		v := binary.BigEndian.Uint64(b)
		s += v>>32 + v&0xffffffff
		b = b[8:]
	}
	for len(b) >= 2 {
		s += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		s += uint64(b[0]) << 8
	}
	return s
}

// upperSum is the sum over pseudo header, header and payload of what an IP packet carries.
func upperSum(ip []byte, header int, protocol uint64) uint64 {
	addresses := ip[12:20]
	if header == ipv6Header {
		addresses = ip[8:40]
	}
	return sum(addresses) + protocol + uint64(len(ip)-header) + sum(ip[header:])
}

func fold(s uint64) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
