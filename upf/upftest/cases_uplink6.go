package upftest

import (
	"encoding/binary"
	"net/netip"

	"cordon/upf"
)

// ext puts an extension header before what an IPv6 packet has.
func ext(b []byte, typ byte, h ...byte) []byte {
	x := append(append(append([]byte(nil), b[:40]...), h...), b[40:]...)
	x[40], x[6] = b[6], typ
	binary.BigEndian.PutUint16(x[4:], uint16(len(x)-40))
	return x
}

// frag6 puts a fragment header there.
func frag6(b []byte, field uint16) []byte {
	return ext(b, 44, 0, 0, byte(field>>8), byte(field), 0, 0, 0, 9)
}

// uplink6 are cases about IPv6 packets of devices.
func uplink6() []Case {
	ok := Datagram(ueA6, Far6, 1000, 2000, 1, 2, 3, 4)
	options := []byte{0, 0, 1, 4, 0, 0, 0, 0}
	deep := ok
	for range 7 {
		deep = ext(deep, 60, options...)
	}
	var out []Case
	for _, v := range []struct {
		name   string
		packet []byte
		action upf.Action
		reason upf.Reason
	}{
		{"UDP", ok, upf.ToN6, 0},
		{"TCP", Segment(ueA6, Far6, 1, 2, 2), upf.ToN6, 0},
		{"ping", Message(ueA6, Far6, 128, 0, 0, 1, 0, 1), upf.ToN6, 0},
		{"a packet of nothing", IP(ueA6, Far6, 59), upf.ToN6, 0},
		{"another address of its own", Datagram("2001:db8:45:2:ffff::1", Far6, 1, 2), upf.ToN6, 0},
		{"another device's address", Datagram(ueB6, Far6, 1, 2), upf.Drop, upf.ReasonSpoofedSource},
		{"an outside address", Datagram(Far6, Far6, 1, 2), upf.Drop, upf.ReasonSpoofedSource},
		{"no address", Datagram("::", Far6, 1, 2), upf.Drop, upf.ReasonLinkOnly},
		{"a link-local address", Datagram("fe80::2", Far6, 1, 2), upf.Drop, upf.ReasonLinkOnly},
		{"to the core", Datagram(ueA6, Core6, 1, 38412), upf.Drop, upf.ReasonForbidden},
		{"to this host", Datagram(ueA6, "::1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to no address", Datagram(ueA6, "::", 1, 2), upf.Drop, upf.ReasonLinkOnly},
		{"to a router of the link", Datagram(ueA6, "fe80::1", 1, 2), upf.Drop, upf.ReasonLinkOnly},
		{"to all nodes", Datagram(ueA6, "ff02::1", 1, 2), upf.Drop, upf.ReasonLinkOnly},
		{"to DHCP servers", Datagram(ueA6, "ff02::1:2", 546, 547), upf.Drop, upf.ReasonLinkOnly},
		{"to a multicast group", Datagram(ueA6, "ff0e::1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to 6to4", Datagram(ueA6, "2002:a00:26::1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to Teredo", Datagram(ueA6, "2001::a00:26", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to an IPv4 address as one of IPv6", IP(ueA6, "64:ff9a::a00:26", 59), upf.Drop, upf.ReasonForbidden},
		{"by a translator", Datagram(ueA6, "64:ff9b::c633:6401", 1, 2), upf.ToN6, 0},
		{"by a translator to the core", Datagram(ueA6, "64:ff9b::a00:26", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"by a translator to this host", Datagram(ueA6, "64:ff9b::7f00:1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"by a translator to metadata", Datagram(ueA6, "64:ff9b::a9fe:a9fe", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"by a translator to all", Datagram(ueA6, "64:ff9b::ffff:ffff", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"by a translator of one's own", Datagram(ueA6, "64:ff9b:1::c633:6401", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"near a translator", Datagram(ueA6, "64:ff9b::1:0:0", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"by a translator to a device", Datagram(ueA6, "64:ff9b::a2d:3", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to a unique local address", Datagram(ueA6, "fd00:1::1", 1, 2), upf.ToN6, 0},
		{"to the gateway", Datagram(ueA6, Gate6, 1, 53), upf.Drop, upf.ReasonForbidden},
		{"to a device", Datagram(ueA6, ueB6, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a service", Datagram(ueA6, Service6, 1, 53, 1), upf.ToN6, 0},
		{"to an IPv4 address inside", Datagram(ueA6, "::ffff:a00:26", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"near a service", Datagram(ueA6, "2001:db8:ffff:1::53", 1, 53, 1), upf.Drop, upf.ReasonForbidden},
		{"an answer to the gateway", Message(ueA6, Gate6, 129, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonForbidden},
		{"to what was unspecified", Datagram(ueA6, "f800::1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to what was reserved", Datagram(ueA6, "c000::1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to a service by another port", Datagram(ueA6, Service6, 1, 54, 1), upf.Drop, upf.ReasonForbidden},
		{"length above", Set(ok, 4, 1, 0), upf.Drop, upf.ReasonMalformedIP},
		{"header cut off", ok[:39], upf.Drop, upf.ReasonMalformedIP},
		{"hop-by-hop options", ext(ok, 0, options...), upf.ToN6, 0},
		{"destination options", ext(ok, 60, options...), upf.ToN6, 0},
		{"hop-by-hop options that are not first", ext(ext(ok, 0, options...), 60, options...), upf.Drop, upf.ReasonMalformedIP},
		{"options past the end", ext(ok, 60, 0, 9, 1, 4, 0, 0, 0, 0), upf.Drop, upf.ReasonMalformedIP},
		{"too many options", deep, upf.Drop, upf.ReasonMalformedIP},
		{"a routing header", ext(ok, 43, 0, 0, 4, 1, 0, 0, 0, 0), upf.Drop, upf.ReasonIPOptions},
		{"first fragment", frag6(Datagram(ueA6, Far6, 1, 2, make([]byte, 16)...), 1), upf.ToN6, 0},
		{"last fragment", frag6(IP(ueA6, Far6, UDP, make([]byte, 9)...), 64), upf.ToN6, 0},
		{"a fragment that is whole", frag6(ok, 0), upf.ToN6, 0},
		{"tiny first fragment", frag6(IP(ueA6, Far6, TCP, make([]byte, 16)...), 1), upf.Drop, upf.ReasonFragment},
		{"first fragment that hides its headers", frag6(ext(ok, 60, options...), 1), upf.Drop, upf.ReasonFragment},
		{"fragment past the end", frag6(IP(ueA6, Far6, UDP, make([]byte, 64)...), 0xfff8), upf.Drop, upf.ReasonFragment},
		{"fragment of a fragment", frag6(frag6(ok, 0), 8), upf.ToN6, 0},
		{"router advertisement", Message(ueA6, Far6, 134, 0, make([]byte, 12)...), upf.Drop, upf.ReasonForbiddenICMP},
		{"redirect", Message(ueA6, Far6, 137, 0, make([]byte, 36)...), upf.Drop, upf.ReasonForbiddenICMP},
		{"neighbour solicitation", Message(ueA6, "ff02::1:ff00:1", 135, 0, make([]byte, 20)...), upf.Drop, upf.ReasonLinkOnly},
		{"listener report", Message(ueA6, "ff02::16", 143, 0, make([]byte, 4)...), upf.Drop, upf.ReasonLinkOnly},
		{"ICMP of the last type", Message(ueA6, Far6, 255, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonForbiddenICMP},
		{"ICMP cut off", IP(ueA6, Far6, ICMP6, 128), upf.Drop, upf.ReasonForbiddenICMP},
		{"first fragment of odd size", frag6(Datagram(ueA6, Far6, 1, 2, make([]byte, 13)...), 1), upf.Drop, upf.ReasonFragment},
		{"DHCP server", Datagram(ueA6, Far6, 547, 546), upf.Drop, upf.ReasonDHCPServer},
		{"DHCP server behind authentication", ext(Datagram(ueA6, Far6, 547, 546), 51, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3), upf.Drop, upf.ReasonDHCPServer},
	} {
		st := up(a, v.packet, v.action, v.reason).from(radioA)
		if v.action == upf.ToN6 {
			st = st.out(Aged(v.packet))
		}
		out = append(out, one("IPv6 "+v.name, st))
	}
	ping := Message(ueE6, Gate6, 128, 0, 0, 1, 0, 1)
	question := Set(Message("fe80::2", "ff02::2", 133, 0, 0, 0, 0, 0), 7, 255)
	return append(out,
		one("IPv6 of a device without IPv4", up(e, Datagram(ueE6, Far6, 1, 2), upf.ToN6, 0).from(radioA)),
		one("no address, of a device without IPv4", up(e, Datagram("0.0.0.0", Far, 1, 2), upf.Drop, upf.ReasonSpoofedSource).from(radioA)),
		one("no prefix, of a device without IPv6", up(c, Datagram("::7", Far6, 1, 2), upf.Drop, upf.ReasonSpoofedSource).from(radioA)),
		one("IPv4 of a device without", up(e, Datagram(ueA, Far, 1, 2), upf.Drop, upf.ReasonSpoofedSource).from(radioA)),
		one("IPv6 of a device without", up(c, Datagram(ueA6, Far6, 1, 2), upf.Drop, upf.ReasonSpoofedSource).from(radioA)),
		one("IPv6 ping of the gateway", up(e, ping, upf.ToLocal, 0).from(radioA).out(Reply(ping))),
		one("IPv6 router solicitation", up(e, question, upf.ToN3, 0).from(radioA).out(Advertisement("fe80::2", "2001:db8:45:5::", 1400))),
		one("IPv6 router solicitation without an address", up(a, Seal(Set(Message("::", "ff02::2", 133, 0, 0, 0, 0, 0), 7, 255)), upf.ToN3, 0).from(radioA).
			out(Advertisement("ff02::1", "2001:db8:45:2::", 1400))),
		Case{Name: "IPv6 router solicitation twice", Steps: []Step{up(e, question, upf.ToN3, 0).from(radioA), up(e, question, upf.Drop, upf.ReasonRateLimited).from(radioA)}},
		one("IPv6 router solicitation from afar", up(e, Set(question, 7, 254), upf.Drop, upf.ReasonLinkOnly).from(radioA)),
		one("IPv6 router solicitation with a wrong checksum", up(e, Set(question, 42, question[42]+1), upf.Drop, upf.ReasonLinkOnly).from(radioA)),
		Case{Name: "IPv6 to a device, where it may", Change: meet, Steps: []Step{
			up(a, Datagram(ueA6, ueB6, 1, 2, 3), upf.ToLocal, 0).from(radioA).out(Aged(Datagram(ueA6, ueB6, 1, 2, 3)))}},
		Case{Name: "IPv6 marked on N6", Change: func(c *upf.Config) { c.MarkN6 = true }, Steps: []Step{
			up(a, ok, upf.ToN6, 0).from(radioA).out(Set(Aged(ok), 0, 0x6b, 0x80))}})
}

// Advertisement is what a device hears of its router.
func Advertisement(to, prefix string, mtu uint32) []byte {
	b := append(make([]byte, 0, 64), 64, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, 3, 4, 64, 0x40, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0)
	b = append(b, netip.MustParseAddr(prefix).AsSlice()...)
	b = binary.BigEndian.AppendUint32(append(b, 5, 1, 0, 0), mtu)
	return Set(Message("fe80::1", to, 134, 0, b...), 7, 255)
}
