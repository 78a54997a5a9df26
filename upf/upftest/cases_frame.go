package upftest

import (
	"net/netip"

	"cordon/upf"
)

type frameCase struct {
	name   string
	octets []byte
	action upf.Action
	reason upf.Reason
}

// singleFrames are frames that F sends before any other was seen.
func singleFrames() []frameCase {
	return append(wholeFrames(), ipFrames()...)
}

// wholeFrames are cases about frames themselves.
func wholeFrames() []frameCase {
	mine := []byte{0x88, 0xb5}
	vlan := func(kind ...byte) []byte { return append([]byte{0x81, 0, 0x20, 7}, kind...) }
	reserved := func(last byte) []byte {
		return Ethernet("\x01\x80\xc2\x00\x00"+string([]byte{last}), macF, []byte{0, 3}, 0x42, 0x42, 3)
	}
	return []frameCase{
		{"to N6", own(macN6, macF), upf.ToN6, 0},
		{"to all", own(macAll, macF), upf.ToN3, 0},
		{"with a tag", Ethernet(macN6, macF, vlan(mine...), 'x'), upf.ToN6, 0},
		{"with two tags", Ethernet(macN6, macF, append([]byte{0x88, 0xa8, 0, 1}, vlan(mine...)...), 'x'), upf.ToN6, 0},
		{"with three tags", Ethernet(macN6, macF, vlan(vlan(vlan(mine...)...)...)), upf.Drop, upf.ReasonMalformedFrame},
		{"cut off in a tag", Ethernet(macN6, macF, []byte{0x81, 0, 0}), upf.Drop, upf.ReasonMalformedFrame},
		{"cut off", []byte(macN6 + macF), upf.Drop, upf.ReasonMalformedFrame},
		{"of nothing", nil, upf.Drop, upf.ReasonMalformedFrame},
		{"with a length", Ethernet(macN6, macF, []byte{0, 3}, 1, 2, 3), upf.ToN6, 0},
		{"with a length past its end", Ethernet(macN6, macF, []byte{0, 4}, 1, 2, 3), upf.Drop, upf.ReasonMalformedFrame},
		{"with neither type nor length", Ethernet(macN6, macF, []byte{5, 0xf0}, 1, 2, 3), upf.Drop, upf.ReasonMalformedFrame},
		{"from all", own(macN6, macAll), upf.Drop, upf.ReasonSpoofedSource},
		{"from a group", own(macN6, "\x01\x00\x5e\x00\x00\x01"), upf.Drop, upf.ReasonSpoofedSource},
		{"from nobody", own(macN6, "\x00\x00\x00\x00\x00\x00"), upf.Drop, upf.ReasonSpoofedSource},
		{"of spanning tree", reserved(0), upf.Drop, upf.ReasonLinkOnly},
		{"of 802.1X", reserved(3), upf.Drop, upf.ReasonLinkOnly},
		{"of LLDP", reserved(0xe), upf.Drop, upf.ReasonLinkOnly},
		{"of a group just above", reserved(0x10), upf.ToN3, 0},
		{"of pause", Ethernet(macN6, macF, []byte{0x88, 8}, 0, 1), upf.Drop, upf.ReasonLinkOnly},
		{"as large as may be", Ethernet(macN6, macF, vlan(mine...), make([]byte, 1400)...), upf.ToN6, 0},
		{"too large", Ethernet(macN6, macF, mine, make([]byte, 1401)...), upf.Drop, upf.ReasonTooBig},
	}
}

// ipFrames are cases about what frames carry.
func ipFrames() []frameCase {
	const here, there = "192.168.7.2", "192.168.7.1"
	ip := func(b []byte) []byte { return Ethernet(macN6, macF, []byte{8, 0}, b...) }
	ip6 := func(b []byte) []byte { return Ethernet(macN6, macF, []byte{0x86, 0xdd}, b...) }
	core := netip.MustParseAddr(Core6).As16()
	about := append(make([]byte, 4), core[:]...)
	return []frameCase{
		{"with a packet", ip(Datagram(here, there, 1, 2)), upf.ToN6, 0},
		{"with a packet to the core", ip(Datagram(here, Core, 1, 38412)), upf.Drop, upf.ReasonForbidden},
		{"with a packet to the core, tagged", Ethernet(macN6, macF, []byte{0x81, 0, 0, 1, 8, 0}, Datagram(here, Core, 1, 38412)...), upf.Drop, upf.ReasonForbidden},
		{"with a packet to this host", ip(Datagram(here, "127.0.0.1", 1, 2)), upf.Drop, upf.ReasonForbidden},
		{"with a packet from the core", ip(Datagram(Core, there, 1, 2)), upf.Drop, upf.ReasonSpoofedSource},
		{"with half a packet", ip(Datagram(here, there, 1, 2)[:19]), upf.Drop, upf.ReasonMalformedIP},
		{"with multicast", Ethernet("\x01\x00\x5e\x00\x00\xfb", macF, []byte{8, 0}, Datagram(here, "224.0.0.251", 5353, 5353)...), upf.ToN3, 0},
		{"of a DHCP client", Ethernet(macAll, macF, []byte{8, 0}, Datagram("0.0.0.0", "255.255.255.255", 68, 67)...), upf.ToN3, 0},
		{"of a DHCP server", Ethernet(macAll, macF, []byte{8, 0}, Datagram(here, "255.255.255.255", 67, 68)...), upf.Drop, upf.ReasonDHCPServer},
		{"of a DHCPv6 server", ip6(Datagram("fe80::2", "fe80::1", 547, 546)), upf.Drop, upf.ReasonDHCPServer},
		{"with IPv6", ip6(Datagram("fe80::2", "fe80::1", 1, 2)), upf.ToN6, 0},
		{"with IPv6 to the core", ip6(Datagram("fe80::2", Core6, 1, 2)), upf.Drop, upf.ReasonForbidden},
		{"with IPv6 from the core", ip6(Datagram(Core6, "fe80::1", 1, 2)), upf.Drop, upf.ReasonSpoofedSource},
		{"with IPv6 to this host", ip6(Datagram("fe80::2", "::1", 1, 2)), upf.Drop, upf.ReasonForbidden},
		{"of a router", ip6(Message("fe80::2", "ff02::1", 134, 0, make([]byte, 12)...)), upf.Drop, upf.ReasonForbiddenICMP},
		{"that asks for the core", ip6(Message("fe80::2", "ff02::1:ff00:38", 135, 0, about...)), upf.Drop, upf.ReasonForbidden},
		{"that speaks for the core", ip6(Message("fe80::2", "ff02::1", 136, 0, about...)), upf.Drop, upf.ReasonForbidden},
		{"with half of IPv6", ip6(make([]byte, 39)), upf.Drop, upf.ReasonMalformedIP},
		{"of ARP", ARP(macF, here, there), upf.ToN3, 0},
		{"of ARP for the core", ARP(macF, here, Core), upf.Drop, upf.ReasonForbidden},
		{"of ARP in the core's name", ARP(macF, Core, there), upf.Drop, upf.ReasonForbidden},
		{"of ARP for another", Set(ARP(macF, here, there), 27, 9), upf.Drop, upf.ReasonSpoofedSource},
		{"of ARP cut off", ARP(macF, here, there)[:41], upf.Drop, upf.ReasonMalformedFrame},
	}
}
