package upftest

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// MAC addresses of the network: behind F, G and H, and on N6.
const (
	macF   = "\x02\x00\x00\x00\x0f\x01"
	macF2  = "\x02\x00\x00\x00\x0f\x02"
	macG   = "\x02\x00\x00\x00\x10\x01"
	macH   = "\x02\x00\x00\x00\x11\x01"
	macN6  = "\x02\x00\x00\x00\x06\x01"
	macAll = "\xff\xff\xff\xff\xff\xff"
)

// Ethernet is a frame. Kind is its EtherType and what goes with it before the payload, as tags.
func Ethernet(dst, src string, kind []byte, payload ...byte) []byte {
	return append(append(append([]byte(dst), src...), kind...), payload...)
}

// ARP is a frame to all that asks who has an IPv4 address.
func ARP(mac, sender, target string) []byte {
	b := append([]byte{0, 1, 8, 0, 6, 4, 0, 1}, mac...)
	b = append(b, netip.MustParseAddr(sender).AsSlice()...)
	b = append(append(b, make([]byte, 6)...), netip.MustParseAddr(target).AsSlice()...)
	return Ethernet(macAll, mac, []byte{8, 6}, b...)
}

// own is a frame of an EtherType for experiments.
func own(dst, src string) []byte { return Ethernet(dst, src, []byte{0x88, 0xb5}, 'x') }

func f(w *World) *Session { return &w.F }
func g(w *World) *Session { return &w.G }
func h(w *World) *Session { return &w.H }

// fromF, fromG and fromH are frames of a device.
func fromF(b []byte, a upf.Action, r upf.Reason) Step { return up(f, b, a, r).from(radioA) }
func fromG(b []byte, a upf.Action, r upf.Reason) Step { return up(g, b, a, r).from(radioB) }
func fromH(b []byte, a upf.Action, r upf.Reason) Step { return up(h, b, a, r).from(radioA) }

// fromN6 is a frame from N6 of the network of F and G.
func fromN6(b []byte, a upf.Action, r upf.Reason) Step {
	return Step{N6: true, Bridge: true, Octets: func(*World) []byte { return bytes.Clone(b) }, Action: a, Reason: r}
}

// frames are cases about sessions that carry Ethernet frames.
func frames() []Case {
	known := fromG(own(macAll, macG), upf.ToN3, 0) // where G's address is
	out := []Case{
		{Name: "frame between devices", Steps: []Step{known, fromF(own(macG, macF), upf.ToN3, 0).out(own(macG, macF))}},
		{Name: "frame between devices that are to be apart", Change: func(c *upf.Config) { c.Bridges[0].Isolated = true },
			Steps: []Step{fromG(own(macAll, macG), upf.ToN6, 0), fromF(own(macG, macF), upf.Drop, upf.ReasonOtherUE)}},
		{Name: "frame for a device of another network", Steps: []Step{fromH(own(macAll, macH), upf.Drop, 0),
			fromF(own(macH, macF), upf.ToN6, 0), fromH(own(macF, macH), upf.Drop, upf.ReasonUnknownUE)}},
		{Name: "frame from another's address", Steps: []Step{known, fromF(own(macAll, macG), upf.Drop, upf.ReasonSpoofedSource), fromH(own(macAll, macG), upf.Drop, 0)}},
		{Name: "frame from an address on N6", Steps: []Step{fromN6(own(macAll, macN6), upf.ToN3, 0), fromF(own(macAll, macN6), upf.Drop, upf.ReasonSpoofedSource)}},
		{Name: "frames from N6", Steps: []Step{known, fromN6(own(macG, macN6), upf.ToN3, 0), fromN6(own(macF, macN6), upf.Drop, upf.ReasonUnknownUE),
			fromN6(own(macF, macG), upf.Drop, upf.ReasonUESource), fromN6(own(macF, macAll), upf.Drop, upf.ReasonBadSource),
			fromN6(own("\x01\x80\xc2\x00\x00\x00", macN6), upf.Drop, upf.ReasonLinkOnly), fromN6([]byte(macN6), upf.Drop, upf.ReasonMalformedFrame),
			fromN6(Ethernet(macG, macN6, []byte{0x88, 0xb5}, make([]byte, 1401)...), upf.Drop, upf.ReasonTooBig)}},
		{Name: "frames for nobody that go to all", Change: func(c *upf.Config) { c.Bridges[0].FloodUnknown = true },
			Steps: []Step{fromN6(own(macF, macN6), upf.ToN3, 0)}},
		{Name: "frame to its own side", Steps: []Step{fromF(own(macN6, macF2), upf.ToN6, 0), fromF(own(macF2, macF), upf.Drop, upf.ReasonOtherUE)}},
		{Name: "frames to all, too many", Steps: []Step{known, known, known, fromG(own(macAll, macG), upf.Drop, upf.ReasonFlood), fromF(own(macAll, macF), upf.ToN3, 0)}},
		{Name: "frames from many addresses", Steps: manyMACs()},
		{Name: "frame from another radio", Steps: []Step{up(f, own(macAll, macF), upf.Drop, upf.ReasonWrongSource).from(radioB)}},
		{Name: "frames that repeat", Change: func(c *upf.Config) { c.FilterDuplicates = true }, Steps: []Step{numberedFrame(upf.ToN6, 0), numberedFrame(upf.Drop, upf.ReasonReplayed)}},
		one("frame in a session of packets", up(a, own(macAll, macF), upf.Drop, upf.ReasonMalformedIP).from(radioA)),
	}
	for _, v := range singleFrames() {
		st := fromF(v.octets, v.action, v.reason)
		if v.action == upf.ToN6 {
			st = st.out(v.octets)
		}
		out = append(out, one("frame "+v.name, st))
	}
	return out
}

// manyMACs are frames from as many addresses as a session may have, and from one more.
func manyMACs() (out []Step) {
	for i := range uint16(17) {
		st := fromF(own(macN6, "\x02\x00\x00\x00"+string(binary.BigEndian.AppendUint16(nil, i))), upf.ToN6, 0)
		if i == 16 {
			st.Action, st.Reason = upf.Drop, upf.ReasonManyMACs
		}
		out = append(out, st)
	}
	return out
}

// numberedFrame is a frame of F with sequence number 5.
func numberedFrame(a upf.Action, r upf.Reason) Step {
	return Step{From: radioA, Action: a, Reason: r, Octets: func(w *World) []byte {
		return Wrap(gtpu.Header{TEID: w.F.TEID, HasSeq: true, Seq: 5}, own(macN6, macF))
	}}
}
