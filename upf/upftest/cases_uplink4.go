package upftest

import (
	"cordon/upf"
)

// uplink4 are cases about IPv4 packets of devices.
func uplink4() []Case {
	ok := Datagram(ueA, Far, 1000, 2000, 1, 2, 3, 4)
	frag := func(protocol uint8, field uint16, n int) []byte {
		return header(Set(IP(ueA, Far, protocol, make([]byte, n)...), 6, byte(field>>8), byte(field)))
	}
	var out []Case
	for _, v := range []struct {
		name   string
		packet []byte
		action upf.Action
		reason upf.Reason
	}{
		{"TCP", Segment(ueA, Far, 1, 2, 2), upf.ToN6, 0},
		{"ping", Message(ueA, Far, 8, 0, 0, 1, 0, 1), upf.ToN6, 0},
		{"a protocol without ports", IP(ueA, Far, 50, make([]byte, 32)...), upf.ToN6, 0},
		{"a packet of nothing", IP(ueA, Far, 59), upf.ToN6, 0},
		{"another device's address", Datagram(ueB, Far, 1, 2), upf.Drop, upf.ReasonSpoofedSource},
		{"an outside address", Datagram(Far, "198.51.100.2", 1, 2), upf.Drop, upf.ReasonSpoofedSource},
		{"no address", Datagram("0.0.0.0", Far, 68, 67), upf.Drop, upf.ReasonSpoofedSource},
		{"to the UPF", Datagram(ueA, N3, 1, 2152), upf.Drop, upf.ReasonForbidden},
		{"to the core", Datagram(ueA, Core, 1, 38412), upf.Drop, upf.ReasonForbidden},
		{"to this host", Datagram(ueA, "127.0.0.1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to this network", Datagram(ueA, "0.0.0.0", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to metadata", Datagram(ueA, "169.254.169.254", 1, 80), upf.Drop, upf.ReasonForbidden},
		{"to multicast", Datagram(ueA, "224.0.0.251", 5353, 5353), upf.Drop, upf.ReasonForbidden},
		{"to reserved", Datagram(ueA, "240.0.0.1", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to all", Datagram(ueA, "255.255.255.255", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to the pool's last", Datagram(ueA, "10.45.0.255", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to the gateway", Datagram(ueA, Gate, 1, 53), upf.Drop, upf.ReasonForbidden},
		{"an answer to the gateway", Message(ueA, Gate, 0, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonForbidden},
		{"to a device", Datagram(ueA, ueB, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a public address", Datagram(ueA, Public, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a service", Datagram(ueA, Service, 1, 53, 1), upf.ToN6, 0},
		{"to a service by another port", Datagram(ueA, Service, 1, 54, 1), upf.Drop, upf.ReasonForbidden},
		{"to a service by TCP", Segment(ueA, Service, 1, 53, 2), upf.Drop, upf.ReasonForbidden},
		{"to a service, in fragments", header(Set(Datagram(ueA, Service, 1, 53, make([]byte, 8)...), 6, 0x20)), upf.Drop, upf.ReasonForbidden},
		{"to a service, a later fragment", header(Set(Datagram(ueA, Service, 1, 53), 7, 9)), upf.Drop, upf.ReasonForbidden},
		{"near a pool", Datagram(ueA, "10.45.1.1", 1, 2), upf.ToN6, 0},
		{"inner length above", Set(ok, 2, 1, 0), upf.Drop, upf.ReasonMalformedIP},
		{"inner length below its header", Set(ok, 2, 0, 19), upf.Drop, upf.ReasonMalformedIP},
		{"inner header too short", Set(ok, 0, 0x44), upf.Drop, upf.ReasonMalformedIP},
		{"inner version 5", Set(ok, 0, 0x55), upf.Drop, upf.ReasonMalformedIP},
		{"inner nothing", nil, upf.Drop, upf.ReasonMalformedIP},
		{"source route", Set(append(ok[:len(ok):len(ok)], make([]byte, 4)...), 0, 0x46), upf.Drop, upf.ReasonIPOptions},
		{"tiny first fragment", frag(TCP, 0x2000, 16), upf.Drop, upf.ReasonFragment},
		{"fragment within the header", frag(TCP, 1, 64), upf.Drop, upf.ReasonFragment},
		{"fragment past the end", frag(UDP, 0x1fff, 64), upf.Drop, upf.ReasonFragment},
		{"middle of odd size", frag(UDP, 0x2000|4, 63), upf.Drop, upf.ReasonFragment},
		{"empty fragment", frag(UDP, 4, 0), upf.Drop, upf.ReasonFragment},
		{"first fragment of odd size", frag(UDP, 0x2000, 61), upf.Drop, upf.ReasonFragment},
		{"first fragment", frag(UDP, 0x2000, 64), upf.ToN6, 0},
		{"last fragment", frag(UDP, 8, 63), upf.ToN6, 0},
		{"redirect", Message(ueA, Far, 5, 1, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"router advertisement", Message(ueA, Far, 9, 0, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"timestamp", Message(ueA, Far, 13, 0, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"ICMP of the last type", Message(ueA, Far, 255, 0, 0, 1, 0, 1), upf.ToN6, 0},
		{"ICMP cut off", IP(ueA, Far, ICMP, 8), upf.Drop, upf.ReasonForbiddenICMP},
		{"DHCP server", Datagram(ueA, Far, 67, 68), upf.Drop, upf.ReasonDHCPServer},
	} {
		st := up(a, v.packet, v.action, v.reason).from(radioA)
		if v.action == upf.ToN6 {
			st = st.out(Aged(v.packet))
		}
		out = append(out, one("IPv4 "+v.name, st))
	}
	ping := Message(ueA, Gate, 8, 0, 0, 1, 0, 1)
	return append(out,
		one("IPv4 ping of the gateway", up(a, ping, upf.ToLocal, 0).from(radioA).out(Reply(ping))),
		Case{Name: "IPv4 to a device, with two hops left", Change: meet, Steps: []Step{
			up(a, header(Set(Datagram(ueA, ueB, 1, 2, 3), 8, 2)), upf.ToLocal, 0).from(radioA).out(header(Set(Datagram(ueA, ueB, 1, 2, 3), 8, 1)))}},
		Case{Name: "IPv4 to a device, larger than N6 takes", Change: func(c *upf.Config) { c.UEToUE, c.MTUN6 = true, 1300 }, Steps: []Step{
			up(a, Datagram(ueA, ueB, 1, 2, make([]byte, 1300)...), upf.ToLocal, 0).from(radioA)}},
		Case{Name: "IPv4 to a device, where it may", Change: meet, Steps: []Step{
			up(a, Datagram(ueA, ueB, 1, 2, 3), upf.ToLocal, 0).from(radioA).out(Aged(Datagram(ueA, ueB, 1, 2, 3)))}},
		Case{Name: "IPv4 marked on N6", Change: func(c *upf.Config) { c.MarkN6 = true }, Steps: []Step{
			up(a, ok, upf.ToN6, 0).from(radioA).out(header(Set(Aged(ok), 1, 46<<2)))}},
		Case{Name: "IPv4 marked, with congestion", Change: func(c *upf.Config) { c.MarkN6 = true }, Steps: []Step{
			up(a, header(Set(ok, 1, 0x2b)), upf.ToN6, 0).from(radioA).out(header(Set(Aged(ok), 1, 46<<2|3)))}})
}

// meet lets devices reach each other.
func meet(c *upf.Config) { c.UEToUE = true }
