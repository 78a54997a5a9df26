package upftest

import (
	"encoding/binary"
	"net/netip"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// Protocols.
const (
	ICMP  = 1
	TCP   = 6
	UDP   = 17
	ICMP6 = 58
)

// GPDU wraps a packet as a radio does.
func GPDU(teid ident.TEID, packet []byte) []byte {
	return Wrap(gtpu.Header{TEID: teid, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: QFI}}, packet)
}

// Wrap makes a G-PDU with a header of one's choice.
func Wrap(h gtpu.Header, packet []byte) []byte {
	h.Type = gtpu.TypeGPDU
	return append(h.Append(nil, len(packet)), packet...)
}

// IP is a packet with 64 hops and the checksums that it has to have.
func IP(src, dst string, protocol uint8, payload ...byte) []byte {
	s, d := netip.MustParseAddr(src), netip.MustParseAddr(dst)
	n := len(payload)
	if s.Is4() {
		n += 20
		b := []byte{0x45, 0, byte(n >> 8), byte(n), 0, 1, 0, 0, 64, protocol, 0, 0}
		return Seal(append(append(append(b, s.AsSlice()...), d.AsSlice()...), payload...))
	}
	b := []byte{0x60, 0, 0, 0, byte(n >> 8), byte(n), protocol, 64}
	return Seal(append(append(append(b, s.AsSlice()...), d.AsSlice()...), payload...))
}

// Datagram is a UDP packet.
func Datagram(src, dst string, sport, dport uint16, payload ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return IP(src, dst, UDP, append(append(b, 0, 0), payload...)...)
}

// Segment is a TCP packet.
func Segment(src, dst string, sport, dport uint16, flags byte, payload ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = append(b, 0, 0, 0, 1, 0, 0, 0, 2, 5<<4, flags, 1, 0, 0, 0, 0, 0)
	return IP(src, dst, TCP, append(b, payload...)...)
}

// Message is an ICMP message of either version, with the four octets after its checksum and what follows.
func Message(src, dst string, typ, code byte, rest ...byte) []byte {
	protocol := uint8(ICMP)
	if netip.MustParseAddr(src).Is6() {
		protocol = ICMP6
	}
	return IP(src, dst, protocol, append([]byte{typ, code, 0, 0}, rest...)...)
}

// Set changes octets of a copy of a packet from an offset on, and no checksum.
func Set(b []byte, at int, v ...byte) []byte {
	b = append([]byte(nil), b...)
	copy(b[at:], v)
	return b
}

// Aged is a packet one hop on.
func Aged(b []byte) []byte {
	if b[0]>>4 == 6 {
		return Set(b, 7, b[7]-1)
	}
	return header(Set(b, 8, b[8]-1))
}

// header puts the right checksum into an IPv4 header.
func header(b []byte) []byte {
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], Sum(0, b[:20]))
	return b
}

// Seal puts the right checksums into a whole packet without options or extension headers.
func Seal(b []byte) []byte {
	at := 40
	if b[0]>>4 == 4 {
		at = 20
		header(b)
	}
	off, ok := map[byte]int{ICMP: 2, TCP: 16, UDP: 6, ICMP6: 2}[Protocol(b)]
	if t := b[at:]; ok && len(t) >= off+2 {
		t[off], t[off+1] = 0, 0
		v := Sum(Pseudo(b), t)
		if v == 0 && Protocol(b) == UDP {
			v = 0xffff
		}
		binary.BigEndian.PutUint16(t[off:], v)
	}
	return b
}

// Right reports whether all checksums of a whole packet without options or extension headers are right; UDP
// over IPv4 may have none.
func Right(b []byte) bool {
	at := 40
	if b[0]>>4 == 4 {
		at = 20
		if Sum(0, b[:20]) != 0 {
			return false
		}
	}
	t := b[at:]
	switch Protocol(b) {
	case UDP:
		return len(t) < 8 || t[6] == 0 && t[7] == 0 && at == 20 || Sum(Pseudo(b), t) == 0
	case TCP:
		return len(t) < 20 || Sum(Pseudo(b), t) == 0
	case ICMP, ICMP6:
		return len(t) < 8 || Sum(Pseudo(b), t) == 0
	}
	return true
}

// Protocol is a packet's.
func Protocol(b []byte) byte {
	if b[0]>>4 == 4 {
		return b[9]
	}
	return b[6]
}

// Source and Destination are a packet's addresses.
func Source(b []byte) netip.Addr {
	if b[0]>>4 == 4 {
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	return netip.AddrFrom16([16]byte(b[8:24]))
}

// Destination: see Source.
func Destination(b []byte) netip.Addr {
	if b[0]>>4 == 4 {
		return netip.AddrFrom4([4]byte(b[16:20]))
	}
	return netip.AddrFrom16([16]byte(b[24:40]))
}

// Pseudo is the sum of a packet's pseudo-header; ICMP has none.
func Pseudo(b []byte) (sum uint64) {
	if b[0]>>4 == 4 {
		if b[9] == ICMP {
			return 0
		}
		return add(uint64(b[9])+uint64(len(b)-20), b[12:20])
	}
	return add(uint64(b[6])+uint64(len(b)-40), b[8:40])
}

func add(sum uint64, b []byte) uint64 {
	for i, v := range b {
		sum += uint64(v) << (8 * (1 - i%2))
	}
	return sum
}

// Sum is the Internet's checksum of octets and a sum before them.
func Sum(before uint64, b []byte) uint16 {
	sum := add(before, b)
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// Reply turns a packet around: addresses and ports change places, and an echo request becomes a reply.
func Reply(b []byte) []byte {
	b = append([]byte(nil), b...)
	src, dst, at := Source(b), Destination(b), 40
	if src.Is4() {
		at = 20
		copy(b[12:], dst.AsSlice())
		copy(b[16:], src.AsSlice())
		b[8] = 64
	} else {
		copy(b[8:], dst.AsSlice())
		copy(b[24:], src.AsSlice())
		b[7] = 64
	}
	t := b[at:]
	switch Protocol(b) {
	case UDP, TCP:
		t[0], t[1], t[2], t[3] = t[2], t[3], t[0], t[1]
	case ICMP:
		t[0] = 0
	case ICMP6:
		t[0] = 129
	}
	return Seal(b)
}
