package upftest

import (
	"net/netip"

	"cordon/upf"
)

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
	// A payload that is the checksum without it makes the checksum none, which UDP alone writes in another way.
	none := Datagram(public, Far, blockC(5005), 53, 0, 0)[26:28]
	noneTCP := Segment(public, Far, blockC(5005), 53, 2, 0, 0)[36:38]
	ping := Aged(Message(public, Far, 8, 0, byte(blockC(5)>>8), byte(blockC(5)), 0, 1))
	pinged := out(c, radioA, Message(ueC, Far, 8, 0, 0, 5, 0, 1), ping)
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
		{Name: "NAT of an error about a ping", Steps: []Step{pinged,
			down(unreachable(Far, public, ping), upf.ToN3, 0).out(Aged(unreachable(Far, ueC, Aged(Message(ueC, Far, 8, 0, 0, 5, 0, 1)))))}},
		{Name: "NAT of an error about an error", Steps: []Step{pinged, down(unreachable(Far, public, Seal(Set(ping, 20, 3))), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error about what has no ports", Steps: []Step{ask, down(unreachable(Far, public, Set(sent, 9, 50)), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error about another protocol's port", Steps: []Step{ask,
			down(unreachable(Far, public, Aged(Segment(public, Far, blockC(5005), 53, 2))), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error about what another device got", Steps: []Step{ask,
			up(c, unreachable(ueC, Far, Aged(Datagram(Far, ueD, 53, 5005))), upf.Drop, upf.ReasonPorts).from(radioA)}},
		{Name: "NAT of an error about a later fragment", Steps: []Step{ask, down(unreachable(Far, public, Set(sent, 6, 0, 1)), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error that quotes no more than ports", Steps: []Step{ask,
			down(unreachable(Far, public, sent[:28]), upf.ToN3, 0).out(Aged(unreachable(Far, ueC, inner[:28])))}},
		{Name: "NAT of an error that quotes less", Steps: []Step{ask, down(unreachable(Far, public, sent[:27]), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error that quotes nothing", Steps: []Step{ask, down(unreachable(Far, public, nil), upf.Drop, upf.ReasonUnmapped),
			up(c, unreachable(ueC, Far, nil), upf.Drop, upf.ReasonPorts).from(radioA)}},
		{Name: "NAT of UDP whose checksum becomes none", Steps: []Step{
			out(c, radioA, Datagram(ueC, Far, 5005, 53, none...), Aged(Datagram(public, Far, blockC(5005), 53, none...)))}},
		{Name: "NAT of TCP whose checksum becomes none", Steps: []Step{
			out(c, radioA, Segment(ueC, Far, 5005, 53, 2, noneTCP...), Aged(Segment(public, Far, blockC(5005), 53, 2, noneTCP...)))}},
		{Name: "NAT of an error with a wrong checksum", Steps: []Step{ask,
			down(Set(unreachable(Far, public, sent), 22, 1, 1), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT of an error about another's packet", Steps: []Step{ask,
			down(unreachable(Far, public, Datagram("203.0.113.9", Far, blockC(5005), 53)), upf.Drop, upf.ReasonUnmapped)}},
		one("NAT from nobody asked", down(Datagram(Far, public, 53, blockC(5005)), upf.Drop, upf.ReasonUnmapped)),
		{Name: "NAT from nobody asked, by another protocol", Steps: []Step{ask, down(Segment(Far, public, 53, blockC(5005), 2), upf.Drop, upf.ReasonUnmapped)}},
		{Name: "NAT to another public address", Steps: []Step{ask, down(Datagram(Far, "203.0.113.9", 53, blockC(5005)), upf.Drop, upf.ReasonUnmapped)}},
		one("NAT of what has no ports", up(c, IP(ueC, Far, 50, make([]byte, 32)...), upf.Drop, upf.ReasonPorts).from(radioA)),
		one("NAT of ICMP of the last type", up(c, Message(ueC, Far, 255, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonPorts).from(radioA)),
		one("NAT of ICMP of the last type from N6", down(Message(Far, public, 255, 0, 0, 1, 0, 1), upf.Drop, upf.ReasonUnmapped)),
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
