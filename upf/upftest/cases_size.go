package upftest

import (
	"fmt"

	"cordon/upf"
)

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
		one("downlink at its last hop, as from the core", down(hops(Datagram(Core, ueA, 1, 2, 3), 1), upf.Drop, upf.ReasonHops)),
		one("downlink IPv6 at its last hop, as from the core", down(hops(Datagram(Core6, ueA6, 1, 2, 3), 1), upf.Drop, upf.ReasonHops)),
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
