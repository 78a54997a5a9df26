package upftest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// Cases is the table.
func Cases() []Case {
	var all []Case
	for _, part := range [][]Case{tunnels(), uplink4(), uplink6(), downlink(), sizes(), shared()} {
		all = append(all, part...)
	}
	return all
}

var (
	radioA   = netip.MustParseAddrPort(RadioA + ":2152")
	radioB   = netip.MustParseAddrPort(RadioB + ":2152")
	stranger = netip.MustParseAddrPort(Stranger + ":2152")
)

// one is a case of one packet.
func one(name string, s Step) Case { return Case{Name: name, Steps: []Step{s}} }

// up is a packet of a session from its radio.
func up(of func(*World) *Session, packet []byte, a upf.Action, r upf.Reason) Step {
	return Step{Octets: func(w *World) []byte { return GPDU(of(w).TEID, packet) }, From: netip.AddrPort{}, Action: a, Reason: r}
}

// from is the step with its outer source.
func (st Step) from(a netip.AddrPort) Step {
	st.From = a
	return st
}

// out is the step with the packet that is to come of it.
func (st Step) out(b []byte) Step {
	st.Out = func(*World) []byte { return b }
	return st
}

// down is a packet from N6.
func down(packet []byte, a upf.Action, r upf.Reason) Step {
	return Step{N6: true, Octets: func(*World) []byte { return bytes.Clone(packet) }, Action: a, Reason: r}
}

func a(w *World) *Session { return &w.A }
func c(w *World) *Session { return &w.C }
func d(w *World) *Session { return &w.D }
func e(w *World) *Session { return &w.E }

const (
	ueA  = "10.45.0.2"
	ueB  = "10.45.0.3"
	ueC  = "10.46.0.2"
	ueD  = "10.46.0.3"
	ueA6 = "2001:db8:45:2::7"
	ueB6 = "2001:db8:45:3::7"
	ueE6 = "2001:db8:45:5:1:2:3:4"
)

// tunnels are cases about what is around a packet.
func tunnels() []Case {
	ok := Datagram(ueA, Far, 1000, 2000, 1, 2, 3, 4)
	wrap := func(h gtpu.Header) Step {
		return Step{From: radioA, Octets: func(w *World) []byte { h.TEID = w.A.TEID; return Wrap(h, ok) }}
	}
	raw := func(b []byte, from netip.AddrPort, act upf.Action, r upf.Reason) Step {
		return Step{From: from, Octets: func(*World) []byte { return bytes.Clone(b) }, Action: act, Reason: r}
	}
	edit := func(change func([]byte) []byte, act upf.Action, r upf.Reason) Step {
		return Step{From: radioA, Octets: func(w *World) []byte { return change(GPDU(w.A.TEID, ok)) }, Action: act, Reason: r}
	}
	as := func(st Step, act upf.Action, r upf.Reason) Step { st.Action, st.Reason = act, r; return st }
	numbered := func(seq uint16) Step { return wrap(gtpu.Header{HasSeq: true, Seq: seq}) }
	container := gtpu.Container{Type: gtpu.Uplink, QFI: QFI}
	pdcp := func(b []byte) []byte { // a PDCP number before the container
		x := append([]byte{b[0], b[1], 0, 0, b[4], b[5], b[6], b[7], 0, 0, 0, 0xc0, 1, 1, 2, 0x85}, b[12:]...)
		binary.BigEndian.PutUint16(x[2:], uint16(len(x)-8))
		return x
	}
	return []Case{
		one("uplink", up(a, ok, upf.ToN6, 0).from(radioA).out(Aged(ok))),
		one("another port of the radio", up(a, ok, upf.ToN6, 0).from(netip.MustParseAddrPort(RadioA+":50000"))),
		one("octets after the packet", up(a, append(ok[:len(ok):len(ok)], 9, 9), upf.ToN6, 0).from(radioA).out(Aged(ok))),
		one("TEID of nobody", raw(GPDU(7, ok), radioA, upf.ToN3, upf.ReasonUnknownTEID)),
		one("TEID of nobody, of a stranger", raw(GPDU(7, ok), stranger, upf.Drop, upf.ReasonUnknownTEID)),
		one("TEID 0", raw(GPDU(0, ok), radioA, upf.ToN3, upf.ReasonUnknownTEID)),
		one("right slot, wrong TEID", Step{From: stranger, Octets: func(w *World) []byte { return GPDU(w.A.TEID^1<<31, ok) }, Reason: upf.ReasonUnknownTEID}),
		one("another radio", up(a, ok, upf.Drop, upf.ReasonWrongSource).from(radioB)),
		one("a stranger", up(a, ok, upf.Drop, upf.ReasonWrongSource).from(stranger)),
		{Name: "two radios at once", Steps: []Step{up(a, ok, upf.ToN6, 0).from(radioA), up(a, ok, upf.Drop, upf.ReasonSecondSource).from(radioB)}},
		one("no container", as(wrap(gtpu.Header{}), upf.ToN6, 0)),
		{Name: "no container where one is required", Change: func(c *upf.Config) { c.RequireContainer = true },
			Steps: []Step{as(wrap(gtpu.Header{}), upf.Drop, upf.ReasonWrongContainer)}},
		one("downlink container", as(wrap(gtpu.Header{HasContainer: true, Container: gtpu.Container{QFI: QFI}}), upf.Drop, upf.ReasonWrongContainer)),
		one("another flow", as(wrap(gtpu.Header{HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 9}}), upf.Drop, upf.ReasonUnknownQFI)),
		one("a sequence number", as(wrap(gtpu.Header{HasSeq: true, Seq: 7, HasContainer: true, Container: container}), upf.ToN6, 0).out(Aged(ok))),
		one("an N-PDU number", as(wrap(gtpu.Header{HasNPDU: true, NPDU: 7, HasContainer: true, Container: container}), upf.ToN6, 0)),
		one("a PDCP number", edit(pdcp, upf.ToN6, 0).out(Aged(ok))),
		one("an extension to be understood", raw([]byte{0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x84, 1, 0, 0, 0}, radioA, upf.ToN3, upf.ReasonUnknownExtension)),
		one("an extension without length", edit(func(b []byte) []byte { return Set(b, 12, 0) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("an extension past the end", edit(func(b []byte) []byte { return Set(b, 12, 200) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("cut off", edit(func(b []byte) []byte { return b[:30] }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("octets after the message", edit(func(b []byte) []byte { return append(b, 0) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("GTP version 2", edit(func(b []byte) []byte { return Set(b, 0, 0x54) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("GTP'", edit(func(b []byte) []byte { return Set(b, 0, 0x24) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("nothing", raw(nil, radioA, upf.Drop, upf.ReasonMalformedGTPU)),
		one("an end marker", edit(func(b []byte) []byte { return Set(b, 1, 254) }, upf.Drop, upf.ReasonUnexpectedType)),
		{Name: "numbers that repeat", Change: func(c *upf.Config) { c.FilterDuplicates = true }, Steps: []Step{
			as(numbered(0xfffe), upf.ToN6, 0), as(numbered(0xffff), upf.ToN6, 0), as(numbered(0xffff), upf.Drop, upf.ReasonReplayed),
			as(numbered(3), upf.ToN6, 0), as(numbered(0), upf.ToN6, 0), as(numbered(0), upf.Drop, upf.ReasonReplayed),
			as(numbered(40), upf.ToN6, 0), as(numbered(9), upf.ToN6, 0), as(numbered(8), upf.Drop, upf.ReasonReplayed)}},
	}
}

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
		{"to a device", Datagram(ueA, ueB, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a public address", Datagram(ueA, Public, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a service", Datagram(ueA, Service, 1, 53, 1), upf.ToN6, 0},
		{"to a service by another port", Datagram(ueA, Service, 1, 54, 1), upf.Drop, upf.ReasonForbidden},
		{"to a service by TCP", Segment(ueA, Service, 1, 53, 2), upf.Drop, upf.ReasonForbidden},
		{"to a service, in fragments", header(Set(Datagram(ueA, Service, 1, 53, make([]byte, 8)...), 6, 0x20)), upf.Drop, upf.ReasonForbidden},
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
		{"first fragment", frag(UDP, 0x2000, 64), upf.ToN6, 0},
		{"last fragment", frag(UDP, 8, 63), upf.ToN6, 0},
		{"redirect", Message(ueA, Far, 5, 1, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"router advertisement", Message(ueA, Far, 9, 0, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
		{"timestamp", Message(ueA, Far, 13, 0, 0, 0, 0, 0), upf.Drop, upf.ReasonForbiddenICMP},
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
		Case{Name: "IPv4 to a device, where it may", Change: meet, Steps: []Step{
			up(a, Datagram(ueA, ueB, 1, 2, 3), upf.ToLocal, 0).from(radioA).out(Aged(Datagram(ueA, ueB, 1, 2, 3)))}},
		Case{Name: "IPv4 marked on N6", Change: func(c *upf.Config) { c.MarkN6 = true }, Steps: []Step{
			up(a, ok, upf.ToN6, 0).from(radioA).out(header(Set(Aged(ok), 1, 46<<2)))}},
		Case{Name: "IPv4 marked, with congestion", Change: func(c *upf.Config) { c.MarkN6 = true }, Steps: []Step{
			up(a, header(Set(ok, 1, 0x2b)), upf.ToN6, 0).from(radioA).out(header(Set(Aged(ok), 1, 46<<2|3)))}})
}

// meet lets devices reach each other.
func meet(c *upf.Config) { c.UEToUE = true }

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
		{"by a translator to a device", Datagram(ueA6, "64:ff9b::a2d:3", 1, 2), upf.Drop, upf.ReasonForbidden},
		{"to a unique local address", Datagram(ueA6, "fd00:1::1", 1, 2), upf.ToN6, 0},
		{"to the gateway", Datagram(ueA6, Gate6, 1, 53), upf.Drop, upf.ReasonForbidden},
		{"to a device", Datagram(ueA6, ueB6, 1, 2), upf.Drop, upf.ReasonOtherUE},
		{"to a service", Datagram(ueA6, Service6, 1, 53, 1), upf.ToN6, 0},
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
		{"ICMP cut off", IP(ueA6, Far6, ICMP6, 128), upf.Drop, upf.ReasonForbiddenICMP},
		{"DHCP server", Datagram(ueA6, Far6, 547, 546), upf.Drop, upf.ReasonDHCPServer},
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
		{"IPv6 from a translator", Datagram("64:ff9b::c633:6401", ueA6, 1, 2), upf.ToN3, 0},
		{"IPv6 router advertisement", Message(Far6, ueA6, 134, 0, make([]byte, 12)...), upf.Drop, upf.ReasonForbiddenICMP},
		{"IPv6 neighbour solicitation", Message(Far6, ueA6, 135, 0, make([]byte, 20)...), upf.Drop, upf.ReasonForbiddenICMP},
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

// TooBig and TimeExceeded are what a router says of a packet.
func TooBig(router string, packet []byte, mtu uint16) []byte {
	if packet[0]>>4 == 6 {
		return icmpError(router, packet, 2, 0, 0, 0, byte(mtu>>8), byte(mtu))
	}
	return icmpError(router, packet, 3, 4, 0, 0, byte(mtu>>8), byte(mtu))
}

// TimeExceeded: see TooBig.
func TimeExceeded(router string, packet []byte) []byte {
	if packet[0]>>4 == 6 {
		return icmpError(router, packet, 3, 0, 0, 0, 0, 0)
	}
	return icmpError(router, packet, 11, 0, 0, 0, 0, 0)
}

func icmpError(router string, packet []byte, typ, code byte, word ...byte) []byte {
	quote := packet[:min(len(packet), 1232)]
	if packet[0]>>4 == 4 {
		quote = packet[:min(len(packet), 28)]
	}
	b := Message(router, Source(packet).String(), typ, code, append(word, quote...)...)
	if b[0]>>4 == 4 {
		header(Set(b, 4, 0, 0))
		b[4], b[5] = 0, 0
		return header(b)
	}
	return b
}

// sizes are cases about packets that do not fit, or have come too far.
func sizes() []Case {
	df := func(b []byte) []byte { return header(Set(b, 6, 0x40)) }
	hops := func(b []byte, n byte) []byte {
		if b[0]>>4 == 6 {
			return Set(b, 7, n)
		}
		return header(Set(b, 8, n))
	}
	big := func(src, dst string, n int) []byte { return Datagram(src, dst, 1, 2, make([]byte, n)...) }
	far, far6 := big(Far, ueA, 1400), big(Far6, ueA6, 1400)
	out, out6 := big(ueA, Far, 1500), big(ueA6, Far6, 1500)
	last, last6 := hops(Datagram(ueA, Far, 1, 2, 3), 1), hops(Datagram(ueA6, Far6, 1, 2, 3), 1)
	late, late6 := hops(Datagram(Far, ueA, 1, 2, 3), 1), hops(Datagram(Far6, ueA6, 1, 2, 3), 0)
	sizes := []Case{
		one("downlink as large as may be", down(df(big(Far, ueA, 1372)), upf.ToN3, 0)),
		one("downlink too big", down(far, upf.Drop, upf.ReasonTooBig)),
		one("downlink too big, not to be cut up", down(df(far), upf.ToN6, upf.ReasonTooBig).out(TooBig(Gate, df(far), 1400))),
		one("downlink too big, an error itself", down(df(Message(Far, ueA, 3, 1, make([]byte, 1400)...)), upf.Drop, upf.ReasonTooBig)),
		one("downlink IPv6 as large as may be", down(big(Far6, ueA6, 1352), upf.ToN3, 0)),
		one("downlink IPv6 too big", down(far6, upf.ToN6, upf.ReasonTooBig).out(TooBig(Gate6, far6, 1400))),
		one("uplink as large as may be", up(a, df(big(ueA, Far, 1472)), upf.ToN6, 0).from(radioA)),
		one("uplink too big for N6, that may be cut up", up(a, out, upf.ToN6, 0).from(radioA).out(Aged(out))),
		one("uplink too big for N6", up(a, df(out), upf.ToLocal, upf.ReasonTooBig).from(radioA).out(TooBig(Gate, df(out), 1500))),
		one("uplink IPv6 too big for N6", up(a, out6, upf.ToLocal, upf.ReasonTooBig).from(radioA).out(TooBig(Gate6, out6, 1500))),
		one("uplink at its last hop", up(a, last, upf.ToLocal, upf.ReasonHops).from(radioA).out(TimeExceeded(Gate, last))),
		one("uplink IPv6 at its last hop", up(a, last6, upf.ToLocal, upf.ReasonHops).from(radioA).out(TimeExceeded(Gate6, last6))),
		one("uplink with one more hop", up(a, hops(last, 2), upf.ToN6, 0).from(radioA).out(last)),
		one("downlink at its last hop", down(late, upf.ToN6, upf.ReasonHops).out(TimeExceeded(Gate, late))),
		one("downlink IPv6 past its last hop", down(late6, upf.ToN6, upf.ReasonHops).out(TimeExceeded(Gate6, late6))),
		one("ping of the gateway at the last hop", up(a, hops(Message(ueA, Gate, 8, 0, 0, 1, 0, 1), 1), upf.ToLocal, 0).from(radioA)),
		one("an error at its last hop", up(a, hops(Message(ueA, Far, 3, 1, make([]byte, 4)...), 1), upf.Drop, upf.ReasonHops).from(radioA)),
	}
	for n := range 7 { // every remainder of a checksum
		p := Seal(hops(Datagram(ueA, Far, uint16(n*9111), 2, byte(n)), byte(2+37*n)))
		p = header(Set(p, 4, byte(n*36), byte(n*151)))
		sizes = append(sizes, one(fmt.Sprintf("header checksum %x", p[10:12]), up(a, p, upf.ToN6, 0).from(radioA).out(Aged(p))))
	}
	return sizes
}

// shared are cases about devices that share public addresses. C and D are the pool's second and third
// addresses after its base, and have the blocks that follow from that: of the first public address
// ports 1024+16*2 and 1024+16*3 on.
func shared() []Case {
	const public, natC, natD = Public, 2, 3
	df := func(b []byte) []byte { return header(Set(b, 6, 0x40)) }
	block := func(n, port int) uint16 { return uint16(1024 + 16*n + port%16) }
	blockC, blockD := func(port int) uint16 { return block(natC, port) }, func(port int) uint16 { return block(natD, port) }
	out := func(of func(*World) *Session, from netip.AddrPort, p, want []byte) Step {
		return up(of, p, upf.ToN6, 0).from(from).out(want)
	}
	ask := out(c, radioA, Datagram(ueC, Far, 5005, 53, 1, 2, 3), Aged(Datagram(public, Far, blockC(5005), 53, 1, 2, 3)))
	reply := down(Datagram(Far, public, 53, blockC(5005), 4, 5), upf.ToN3, 0).out(Aged(Datagram(Far, ueC, 53, 5005, 4, 5)))
	sent := Aged(Datagram(public, Far, blockC(5005), 53, 1, 2, 3))
	inner := Aged(Datagram(ueC, Far, 5005, 53, 1, 2, 3))
	unreachable := func(src, dst string, quote []byte) []byte {
		return Message(src, dst, 3, 3, append(make([]byte, 4), quote...)...)
	}
	all := []Case{
		{Name: "NAT there and back", Steps: []Step{ask, reply}},
		{Name: "NAT to several places from one port", Steps: []Step{ask,
			out(c, radioA, Datagram(ueC, "198.51.100.9", 5005, 99), Aged(Datagram(public, "198.51.100.9", blockC(5005), 99))),
			down(Datagram("198.51.100.77", public, 7, blockC(5005)), upf.ToN3, 0).out(Aged(Datagram("198.51.100.77", ueC, 7, 5005)))}},
		{Name: "NAT of two ports with one place", Steps: []Step{ask,
			out(c, radioA, Datagram(ueC, Far, 5005+16, 53), Aged(Datagram(public, Far, blockC(5006), 53)))}},
		{Name: "NAT of two devices with one port", Steps: []Step{ask,
			out(d, radioB, Datagram(ueD, Far, 5005, 53), Aged(Datagram(public, Far, blockD(5005), 53)))}},
		{Name: "NAT of UDP and TCP with one port", Steps: []Step{ask,
			out(c, radioA, Segment(ueC, Far, 5005, 80, 2), Aged(Segment(public, Far, blockC(5006), 80, 2))),
			down(Segment(Far, public, 80, blockC(5006), 0x12), upf.ToN3, 0).out(Aged(Segment(Far, ueC, 80, 5005, 0x12)))}},
		{Name: "NAT of a ping", Steps: []Step{
			out(c, radioA, Message(ueC, Far, 8, 0, 0x12, 0x34, 0, 1), Aged(Message(public, Far, 8, 0, byte(blockC(0x1234)>>8), byte(blockC(0x1234)), 0, 1))),
			down(Message(Far, public, 0, 0, byte(blockC(0x1234)>>8), byte(blockC(0x1234)), 0, 1), upf.ToN3, 0).out(Aged(Message(Far, ueC, 0, 0, 0x12, 0x34, 0, 1)))}},
		{Name: "NAT of UDP without checksum", Steps: []Step{
			out(c, radioA, Set(Datagram(ueC, Far, 5005, 53), 26, 0, 0), Aged(Set(Datagram(public, Far, blockC(5005), 53), 26, 0, 0)))}},
		{Name: "NAT of an error about what a device sent", Steps: []Step{ask,
			down(unreachable(Far, public, sent), upf.ToN3, 0).out(Aged(unreachable(Far, ueC, inner)))}},
		{Name: "NAT of an error about what a device got", Steps: []Step{ask, reply,
			out(c, radioA, unreachable(ueC, Far, Aged(Datagram(Far, ueC, 53, 5005, 4, 5))), Aged(unreachable(public, Far, Aged(Datagram(Far, public, 53, blockC(5005), 4, 5)))))}},
		{Name: "NAT of an error with a wrong checksum", Steps: []Step{ask,
			down(Set(unreachable(Far, public, sent), 22, 1, 1), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error about another's packet", Steps: []Step{ask,
			down(unreachable(Far, public, Datagram("203.0.113.9", Far, blockC(5005), 53)), upf.Drop, upf.ReasonUnmapped)}},
		one("NAT from nobody asked", down(Datagram(Far, public, 53, blockC(5005)), upf.Drop, upf.ReasonUnmapped)),
		{Name: "NAT from nobody asked, by another protocol", Steps: []Step{ask, down(Segment(Far, public, 53, blockC(5005), 2), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT to another public address", Steps: []Step{ask, down(Datagram(Far, "203.0.113.9", 53, blockC(5005)), upf.Drop, upf.ReasonUnmapped)}},
		one("NAT of what has no ports", up(c, IP(ueC, Far, 50, make([]byte, 32)...), upf.Drop, upf.ReasonPorts).from(radioA)),
		one("NAT to another device", up(c, Datagram(ueC, ueD, 1, 2), upf.Drop, upf.ReasonOtherUE).from(radioA)),
		one("NAT to another device's public address", up(c, Datagram(ueC, public, 1, blockD(5)), upf.Drop, upf.ReasonOtherUE).from(radioA)),
		{Name: "NAT to another device's public address, where it may", Change: meet, Steps: []Step{
			out(d, radioB, Datagram(ueD, Far, 7, 53), Aged(Datagram(public, Far, blockD(7), 53))),
			up(c, Datagram(ueC, public, 5005, blockD(7)), upf.ToLocal, 0).from(radioA).out(Aged(Datagram(public, public, blockC(5005), blockD(7))))}},
		{Name: "NAT of a packet that is too big", Steps: []Step{ask,
			down(df(Datagram(Far, public, 53, blockC(5005), make([]byte, 1400)...)), upf.ToN6, upf.ReasonTooBig).
				out(TooBig(public, df(Datagram(Far, public, 53, blockC(5005), make([]byte, 1400)...)), 1400))}},
		{Name: "NAT of fragments", Steps: []Step{ask,
			{N6: true, Octets: func(*World) []byte {
				return header(Set(Datagram(Far, public, 53, blockC(5005), make([]byte, 24)...), 6, 0x20))
			}, Action: upf.ToN3, Out: func(*World) []byte {
				return Aged(header(Set(Datagram(Far, ueC, 53, 5005, make([]byte, 24)...), 6, 0x20)))
			}},
			down(header(Set(IP(Far, public, UDP, 1, 2, 3), 6, 0, 4, 64, UDP, 0, 0)), upf.ToN3, 0)}},
		one("NAT of a fragment without its first", down(header(Set(IP(Far, public, UDP, 1, 2, 3), 6, 0, 4, 64, UDP, 0, 0)), upf.Drop, upf.ReasonUnmapped)),
	}
	full := Case{Name: "NAT of more ports than there are"}
	for n := range 16 {
		full.Steps = append(full.Steps, up(c, Datagram(ueC, Far, uint16(100*n), 53), upf.ToN6, 0).from(radioA))
	}
	full.Steps = append(full.Steps, up(c, Datagram(ueC, Far, 9999, 53), upf.Drop, upf.ReasonPorts).from(radioA),
		up(c, Datagram(ueC, Far, 700, 53), upf.ToN6, 0).from(radioA))
	return append(all, full)
}
