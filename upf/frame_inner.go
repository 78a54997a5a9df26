package upf

import (
	"encoding/binary"
)

// carries checks what a device's frame carries, where that is IP or speaks for an IP address: it may not have to do with what Config
// forbids, be that as destination, as source, or by claiming or asking for such an address on the link; and its
// device may be neither router nor DHCP server of the others. What has another EtherType is nobody's to judge here, nor are IPv6
// extension headers and what is in tunnels.
func (s *Sessions) carries(f *frame) Reason {
	b := f.payload()
	switch f.kind {
	case etherIPv4:
		return s.carries4(b)
	case etherIPv6:
		return s.carries6(b)
	case etherARP:
		return s.carriesARP(f, b)
	}
	return ReasonNone
}

func (s *Sessions) carries4(b []byte) Reason {
	if len(b) < ipHeader || b[0]>>4 != 4 || b[0]&15 < 5 || len(b) < int(b[0]&15)*4 {
		return ReasonMalformedIP
	}
	src, dst := addr{0, uint64(binary.BigEndian.Uint32(b[12:]))}, addr{0, uint64(binary.BigEndian.Uint32(b[16:]))}
	switch {
	case s.offLimits(4, dst):
		return ReasonForbidden
	case s.offLimits(4, src):
		return ReasonSpoofedSource
	}
	up := b[int(b[0]&15)*4:]
	if b[9] == protoUDP && binary.BigEndian.Uint16(b[6:])&offsetMask == 0 && len(up) >= 2 && binary.BigEndian.Uint16(up) == dhcpServer {
		return ReasonDHCPServer
	}
	return ReasonNone
}

func (s *Sessions) carries6(b []byte) Reason {
	if len(b) < ip6Header || b[0]>>4 != 6 {
		return ReasonMalformedIP
	}
	up := b[ip6Header:]
	switch src, dst := halvesAt(b[8:]), halvesAt(b[24:]); {
	case s.offLimits(6, dst):
		return ReasonForbidden
	case s.offLimits(6, src):
		return ReasonSpoofedSource
	case b[6] == protoUDP && len(up) >= 2 && binary.BigEndian.Uint16(up) == dhcp6Server:
		return ReasonDHCPServer
	case b[6] != protoICMP6 || len(up) == 0:
		return ReasonNone
	}
	switch up[0] {
	case icmp6Advertise, icmp6Redirect:
		return ReasonForbiddenICMP
	case icmp6Neighbour, icmp6NeighbourIs:
		if len(up) >= 24 && s.offLimits(6, halvesAt(up[8:])) {
			return ReasonForbidden
		}
	}
	return ReasonNone
}

const (
	icmp6Neighbour   = 135 // is asked for
	icmp6NeighbourIs = 136
	icmp6Redirect    = 137
)

// carriesARP checks that a device speaks for itself (RFC 826): with the address that its frame comes from, and not of what is
// forbidden.
func (s *Sessions) carriesARP(f *frame, b []byte) Reason {
	if len(b) < 28 || binary.BigEndian.Uint64(b)>>16 != 0x0001_0800_0604 {
		return ReasonMalformedFrame
	}
	if mac(b[8:]) != f.src {
		return ReasonSpoofedSource
	}
	for _, at := range [2]int{14, 24} {
		if s.offLimits(4, addr{0, uint64(binary.BigEndian.Uint32(b[at:]))}) {
			return ReasonForbidden
		}
	}
	return ReasonNone
}

// offLimits reports whether an address is one that Config forbids, or this host's loopback.
func (s *Sessions) offLimits(family uint32, a addr) bool {
	if !s.isSpecial(family, a) {
		return false
	}
	loopback := family == 4 && a.lo>>24 == 127 || family == 6 && a == addr{0, 1}
	return loopback || within(s.forbidden, family, a.hi, a.lo)
}

// halvesAt is the IPv6 address that b begins with.
func halvesAt(b []byte) addr {
	return addr{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}
