package ran

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"cordon/ident"
)

// A probe is the user packet that phones send: IPv4, UDP, and a payload that says whose it
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
	udpHeader   = 8
	innerHeader = ipv4Header + udpHeader
)

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
	src, dst := from.Addr().As4(), to.Addr().As4()
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(innerHeader+n))
	b = append(b, byte(p.seq>>8), byte(p.seq), 0x40, 0, 64, 17, 0, 0) // don't fragment, TTL 64, UDP
	b = append(b, src[:]...)
	b = append(b, dst[:]...)
	binary.BigEndian.PutUint16(b[start+10:], ^fold(sum(b[start:start+ipv4Header])))
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
	c := ^fold(udpSum(b[start:]))
	if c == 0 {
		c = 0xffff // zero would mean that there is no checksum (RFC 768)
	}
	binary.BigEndian.PutUint16(b[start+ipv4Header+6:], c)
	return b
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
	if len(b) < innerHeader+probeHeader || b[0]>>4 != 4 || b[9] != 17 {
		return probe{}, innerForeign
	}
	payload := b[innerHeader:]
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
	src, dst := to.Addr().As4(), from.Addr().As4()
	switch {
	case b[0] != 0x45,
		int(binary.BigEndian.Uint16(b[2:])) != len(b),
		binary.BigEndian.Uint16(b[6:])&0x3fff != 0, // a fragment
		fold(sum(b[:ipv4Header])) != 0xffff,
		!bytes.Equal(b[12:16], src[:]), !bytes.Equal(b[16:20], dst[:]),
		binary.BigEndian.Uint16(b[20:]) != to.Port(), binary.BigEndian.Uint16(b[22:]) != from.Port(),
		int(binary.BigEndian.Uint16(b[24:])) != udpHeader+len(payload),
		binary.BigEndian.Uint16(b[26:]) != 0 && fold(udpSum(b)) != 0xffff:
		return p, innerCorrupted
	}
	return p, innerProbe
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

// udpSum is the sum over pseudo header, header and payload of a UDP packet.
func udpSum(ip []byte) uint64 {
	return sum(ip[12:20]) + 17 + uint64(len(ip)-ipv4Header) + sum(ip[ipv4Header:])
}

func fold(s uint64) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
