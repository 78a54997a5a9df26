package wireguard

import (
	"encoding/binary"
	"net/netip"
)

// Packet is an inner datagram as this package writes it.
func Packet(from, to netip.AddrPort, body string) []byte {
	return append(appendHeader(nil, from, to, []byte(body)), body...)
}

// WithChecksum sets an IPv4 header's checksum right.
func WithChecksum(p []byte) []byte {
	p[10], p[11] = 0, 0
	binary.BigEndian.PutUint16(p[10:], ^fold(sum(p[:headerIPv4])))
	return p
}
