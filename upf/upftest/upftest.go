// Package upftest is what every forwarder of this network is held to: a small network, and a table
// of packets with what becomes of each. The tests of package upf run it through the reference,
// those of package datapath through the forwarders that have to agree with it.
package upftest

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// QFI is the flow of every session.
const QFI = 1

// Places of the network.
const (
	N3       = "10.0.0.1"
	RadioA   = "10.0.1.1"
	RadioB   = "10.0.1.2"
	Stranger = "203.0.113.77"

	Gate  = "10.45.0.1"
	Gate6 = "2001:db8:45::1"
	Far   = "198.51.100.1"
	Far6  = "2606:4700::1111"

	Core     = "10.0.0.38" // forbidden
	Core6    = "2001:db8:ffff::38"
	Service  = "192.0.2.1" // in a forbidden range, UDP port 53 allowed
	Service6 = "2001:db8:ffff::53"
	Public   = "203.0.113.8" // first of two public addresses
)

// Session is a device's. TEID is the UPF's, Remote the radio's.
type Session struct {
	Instance ident.DNN
	UE       netip.Addr
	UE6      netip.Prefix
	Ethernet bool // it carries frames, and has no address
	Radio    netip.AddrPort
	Remote   ident.TEID
	TEID     ident.TEID
	SEID     ident.SEID
}

// World is the network with its sessions: A and B have both versions, behind one radio each, C and D share
// public addresses, behind one radio each, and E, at A's radio, has IPv6 alone. F and G carry frames
// of one network, behind one radio each, and H those of another.
type World struct {
	A, B, C, D, E Session
	F, G, H       Session
	// Out is what last went out on N6.
	Out []byte
}

// Config is the network's, with the same random numbers each time.
func Config() upf.Config {
	r := rand.New(rand.NewPCG(1, 2))
	return upf.Config{
		N3: netip.MustParseAddr(N3),
		Pools: []upf.Pool{
			{Instance: "internet", Prefix: netip.MustParsePrefix("10.45.0.0/24")},
			{Instance: "internet", Prefix: netip.MustParsePrefix("2001:db8:45::/56")},
			{Instance: "shared", Prefix: netip.MustParsePrefix("10.46.0.0/24"), NAT: true},
		},
		NAT:      []netip.Prefix{netip.MustParsePrefix(Public + "/31")},
		NATBlock: 16,
		Bridges:  []upf.Bridge{{Instance: "cell", Sessions: 4, N6: true, FloodRate: 3}, {Instance: "lab", Sessions: 4}},
		RAN:      []netip.Prefix{netip.MustParsePrefix("10.0.1.0/24")},
		Forbidden: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16"), netip.MustParsePrefix("192.0.2.0/24"),
			netip.MustParsePrefix("2001:db8:ffff::/48")},
		Services: []upf.Service{{Addr: netip.MustParseAddr(Service), Protocol: UDP, Port: 53},
			{Addr: netip.MustParseAddr(Service6), Protocol: UDP, Port: 53}},
		DSCP:        [64]uint8{QFI: 46},
		MaxSessions: 16,
		MaxPeers:    16,
		Random:      r.Uint64,
	}
}

// NewWorld makes the sessions by a UPF's method.
func NewWorld(establish func(pfcp.Establishment) (pfcp.Established, error)) (*World, error) {
	a, b := netip.AddrPortFrom(netip.MustParseAddr(RadioA), gtpu.Port), netip.AddrPortFrom(netip.MustParseAddr(RadioB), gtpu.Port)
	prefix := func(n int) netip.Prefix { return netip.MustParsePrefix(fmt.Sprintf("2001:db8:45:%d::/64", n)) }
	w := &World{
		A: Session{Instance: "internet", UE: netip.MustParseAddr("10.45.0.2"), UE6: prefix(2), Radio: a},
		B: Session{Instance: "internet", UE: netip.MustParseAddr("10.45.0.3"), UE6: prefix(3), Radio: b},
		C: Session{Instance: "shared", UE: netip.MustParseAddr("10.46.0.2"), Radio: a},
		D: Session{Instance: "shared", UE: netip.MustParseAddr("10.46.0.3"), Radio: b},
		E: Session{Instance: "internet", UE6: prefix(5), Radio: a},
		F: Session{Instance: "cell", Ethernet: true, Radio: a},
		G: Session{Instance: "cell", Ethernet: true, Radio: b},
		H: Session{Instance: "lab", Ethernet: true, Radio: a},
	}
	for i, s := range append(w.Sessions(), w.Frames()...) {
		s.Remote = ident.TEID(0x1001 + i)
		answer, err := establish(s.Establishment(ident.SEID(1 + i)))
		if err != nil {
			return nil, err
		}
		s.SEID, s.TEID = answer.UP.SEID, answer.Created[0].Local.TEID
	}
	return w, nil
}

// Frames are those of type Ethernet.
func (w *World) Frames() []*Session { return []*Session{&w.F, &w.G, &w.H} }

// Sessions are those of IP.
func (w *World) Sessions() []*Session { return []*Session{&w.A, &w.B, &w.C, &w.D, &w.E} }

// Establishment asks for the session.
func (s *Session) Establishment(cp ident.SEID) pfcp.Establishment {
	return pfcp.Establishment{
		CP: pfcp.FSEID{SEID: cp},
		PDRs: []pfcp.PDR{
			{ID: 1, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, Instance: s.Instance, UE: s.UE, UE6: s.UE6, Ethernet: s.Ethernet},
				RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
			{ID: 2, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Core, Instance: s.Instance, UE: s.UE, UE6: s.UE6, Ethernet: s.Ethernet}, FAR: 2, QERs: []pfcp.QERID{1}},
		},
		FARs: []pfcp.FAR{
			{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core, Instance: s.Instance},
			{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: s.Remote, Addr: s.Radio.Addr()}},
		},
		QERs: []pfcp.QER{{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: QFI}},
	}
}

// Case is a few packets, of which each has its verdict. Change, if set, changes the configuration
// before.
type Case struct {
	Name   string
	Change func(*upf.Config)
	Steps  []Step
}

// Step is a packet: a datagram that comes to N3 from From, or with N6 an IP packet that comes from there, and with Bridge a
// frame that comes from N6 of the first network of frames.
type Step struct {
	N6     bool
	Bridge bool
	From   netip.AddrPort
	Octets func(*World) []byte
	// Action is of Uplink or Downlink; what is ToLocal goes through Local next. What is ToBridge goes through Switch, and
	// Action is of that.
	Action upf.Action
	Reason upf.Reason
	// Out, if set, is the packet of the verdict.
	Out func(*World) []byte
}

// Frame has a UPF decide about a step that is a frame's, once Uplink has let it pass.
func (st *Step) Frame(s *upf.Sessions, now time.Duration, v upf.Verdict, octets []byte) upf.Verdict {
	none := func(upf.Verdict) {}
	if st.Bridge {
		return s.Frame(now, 0, octets, none)
	}
	return s.Switch(now, v.TEID, v.Packet, none)
}

// Judge has a UPF decide about a step's packet, and says how the verdict is not the table's.
func (st *Step) Judge(w *World, decide func(octets []byte) upf.Verdict) error {
	v := decide(st.Octets(w))
	if v.Action != st.Action || v.Reason != st.Reason {
		return fmt.Errorf("action %d, %v; want action %d, %v", v.Action, v.Reason, st.Action, st.Reason)
	}
	if st.Out != nil {
		if want := st.Out(w); string(v.Packet) != string(want) {
			return fmt.Errorf("packet % x; want % x", v.Packet, want)
		}
	}
	if v.Action == upf.ToN6 {
		w.Out = append([]byte(nil), v.Packet...)
	}
	return nil
}
