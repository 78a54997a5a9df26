package upftest

import (
	"net/netip"

	"cordon/upf"
)

// downlink are cases about packets from N6.
func downlink() []Case {
	unreachable := func(src, dst string) []byte {
		if netip.MustParseAddr(src).Is6() {
			return Message(src, dst, 1, 3, make([]byte, 4)...)
		}
		return Message(src, dst, 3, 1, make([]byte, 4)...)
	}
	var out []Case
	for _, v := range []struct {
		name   string
		packet []byte
		action upf.Action
		reason upf.Reason
	}{
		{"to a device", Datagram(Far, ueA, 1, 2, 'x'), upf.ToN3, 0},
		{"to a device of another radio", Segment(Far, ueB, 1, 2, 0x10, 'x'), upf.ToN3, 0},
		{"nothing", nil, upf.Drop, upf.ReasonMalformedIP},
		{"from a device's address", Datagram(ueB, ueA, 1, 2), upf.Drop, upf.ReasonUESource},
		{"from its own address", Datagram(ueA, ueA, 1, 2), upf.Drop, upf.ReasonUESource},
		{"from a public address", Datagram(Public, ueA, 1, 2), upf.Drop, upf.ReasonUESource},
		{"from the gateway, no ICMP", Datagram(Gate, ueA, 1, 2), upf.Drop, upf.ReasonUESource},
		{"unreachable, of the gateway", unreachable(Gate, ueA), upf.ToN3, 0},
		{"redirect", Message(Far, ueA, 5, 1, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"ICMP of the last type", Message(Far, ueA, 255, 0, 0, 1, 0, 1), upf.ToN3, 0},
		{"ICMP cut off", IP(Far, ueA, ICMP, 8), upf.Drop, upf.ReasonForbiddenICMP},
		{"options", header(Set(append(Datagram(Far, ueA, 1, 2), 0, 0, 0, 0), 0, 0x46, 0, 0, 32)), upf.Drop, upf.ReasonIPOptions},
		{"from multicast", Datagram("224.0.0.1", ueA, 1, 2), upf.Drop, upf.ReasonBadSource},
		{"from loopback", Datagram("127.0.0.1", ueA, 1, 2), upf.Drop, upf.ReasonBadSource},
		{"from the core", Datagram(Core, ueA, 1, 2), upf.ToN3, 0},
		{"to nobody", Datagram(Far, "10.45.0.99", 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"to no pool", Datagram(Far, "10.99.0.1", 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"to the gateway", Datagram(Far, Gate, 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"to the pool's last", Datagram(Far, "10.45.0.255", 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"tiny fragment", header(Set(IP(Far, ueA, TCP, make([]byte, 8)...), 6, 0x20)), upf.Drop, upf.ReasonFragment},
		{"IPv6 to a device", Datagram(Far6, ueA6, 1, 2, 'x'), upf.ToN3, 0},
		{"IPv6 to a device without IPv4", Datagram(Far6, ueE6, 1, 2, 'x'), upf.ToN3, 0},
		{"IPv6 from a device's address", Datagram(ueB6, ueA6, 1, 2), upf.Drop, upf.ReasonUESource},
		{"IPv6 from the gateway, no ICMP", Datagram(Gate6, ueA6, 1, 2), upf.Drop, upf.ReasonUESource},
		{"IPv6 unreachable, of the gateway", unreachable(Gate6, ueA6), upf.ToN3, 0},
		{"IPv6 from multicast", Datagram("ff02::1", ueA6, 1, 2), upf.Drop, upf.ReasonBadSource},
		{"IPv6 from the link", Datagram("fe80::1", ueA6, 1, 2), upf.Drop, upf.ReasonBadSource},
		{"IPv6 from near a translator", Datagram("64:ff9b::1:0:0", ueA6, 1, 2), upf.Drop, upf.ReasonBadSource},
		{"IPv6 from a translator", Datagram("64:ff9b::c633:6401", ueA6, 1, 2), upf.ToN3, 0},
		{"IPv6 router advertisement", Message(Far6, ueA6, 134, 0, make([]byte, 12)...), upf.Drop, upf.ReasonForbiddenICMP},
		{"IPv6 neighbour solicitation", Message(Far6, ueA6, 135, 0, make([]byte, 20)...), upf.Drop, upf.ReasonLinkOnly},
		{"IPv6 ICMP of the last type", Message(Far6, ueA6, 255, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonForbiddenICMP},
		{"IPv6 ICMP cut off", IP(Far6, ueA6, ICMP6, 128), upf.Drop, upf.ReasonForbiddenICMP},
		{"IPv6 to nobody", Datagram(Far6, "2001:db8:45:9::1", 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"IPv6 to the gateway", Datagram(Far6, Gate6, 1, 2), upf.Drop, upf.ReasonUnknownUE},
		{"IPv6 routing header", ext(Datagram(Far6, ueA6, 1, 2), 43, 0, 0, 4, 1, 0, 0, 0, 0), upf.Drop, upf.ReasonIPOptions},
	} {
		st := down(v.packet, v.action, v.reason)
		if v.action == upf.ToN3 {
			st = st.out(Aged(v.packet))
		}
		out = append(out, one("downlink "+v.name, st))
	}
	return out
}
