package upftest

import (
	"bytes"
	"net/netip"

	"cordon/upf"
)

// Cases is the table.
func Cases() []Case {
	var all []Case
	for _, part := range [][]Case{tunnels(), uplink4(), uplink6(), downlink(), sizes(), shared(), frames()} {
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
