package upftest

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"cordon/upf"
	"cordon/wire/gtpu"
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
		one("an extension to be understood, of a stranger", raw([]byte{0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x84, 1, 0, 0, 0}, stranger, upf.Drop, upf.ReasonUnknownExtension)),
		one("an extension announced, and nothing", raw([]byte{0x34, 255, 0, 0, 0, 0, 0, 1}, radioA, upf.Drop, upf.ReasonMalformedGTPU)),
		one("an extension without length", edit(func(b []byte) []byte { return Set(b, 12, 0) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("an extension past the end", edit(func(b []byte) []byte { return Set(b, 12, 200) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("cut off", edit(func(b []byte) []byte { return b[:30] }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("octets after the message", edit(func(b []byte) []byte { return append(b, 0) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("GTP version 2", edit(func(b []byte) []byte { return Set(b, 0, 0x54) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("GTP'", edit(func(b []byte) []byte { return Set(b, 0, 0x24) }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("a packet without its header", edit(func(b []byte) []byte { return b[8:] }, upf.Drop, upf.ReasonMalformedGTPU)),
		one("nothing", raw(nil, radioA, upf.Drop, upf.ReasonMalformedGTPU)),
		one("an end marker", edit(func(b []byte) []byte { return Set(b, 1, 254) }, upf.Drop, upf.ReasonUnexpectedType)),
		one("a message of no use", raw([]byte{0x30, 31, 0, 0, 0, 0, 0, 0}, radioA, upf.Drop, upf.ReasonUnexpectedType)),
		one("a message unknown", raw([]byte{0x30, 99, 0, 0, 0, 0, 0, 0}, radioA, upf.Drop, upf.ReasonUnexpectedType)),
		{Name: "numbers that repeat", Change: func(c *upf.Config) { c.FilterDuplicates = true }, Steps: []Step{
			as(numbered(0xfffe), upf.ToN6, 0), as(numbered(0xffff), upf.ToN6, 0), as(numbered(0xffff), upf.Drop, upf.ReasonReplayed),
			as(numbered(3), upf.ToN6, 0), as(numbered(0), upf.ToN6, 0), as(numbered(0), upf.Drop, upf.ReasonReplayed),
			as(numbered(40), upf.ToN6, 0), as(numbered(9), upf.ToN6, 0), as(numbered(8), upf.Drop, upf.ReasonReplayed)}},
	}
}
