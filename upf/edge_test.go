package upf

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const (
	site     = "100.99.7.9" // in the network at the edge site
	siteNet  = "100.99.7.0/24"
	n9Uplink = 0x9001 // the anchor's TEID
)

// edge is a session at an edge site: what is for the site's network goes out here, and all else to the anchor.
func edge(cp ident.SEID, ue netip.Addr) pfcp.Establishment {
	e := establishment(cp, ue)
	local := pfcp.FTEID{Choose: true, ChooseID: 1}
	e.PDRs[0].Precedence, e.PDRs[0].PDI.Local, e.PDRs[0].PDI.Filters = 100, local, pfcp.Remotes(only(siteNet))
	qers := []pfcp.QERID{1, 2}
	e.PDRs = append(e.PDRs,
		pfcp.PDR{ID: 3, Precedence: 200, PDI: pfcp.PDI{Source: pfcp.Access, Local: local, UE: ue}, RemoveOuterHeader: true, FAR: 3, QERs: qers},
		pfcp.PDR{ID: 4, Precedence: 200, PDI: pfcp.PDI{Source: pfcp.Core, Local: pfcp.FTEID{Choose: true}, UE: ue}, RemoveOuterHeader: true, FAR: 2, QERs: qers})
	e.FARs = append(e.FARs, pfcp.FAR{ID: 3, Action: pfcp.Forward, Destination: pfcp.Core, Outer: pfcp.OuterHeader{TEID: n9Uplink, Addr: anchorA}})
	return e
}

// atEdge is a session at an edge site in working order, and its tunnel for what the anchor sends.
func atEdge(t testing.TB, s *Sessions, cp ident.SEID, ue string) (v session, n9 ident.TEID) {
	t.Helper()
	addr := netip.MustParseAddr(ue)
	a, err := s.Establish(0, edge(cp, addr))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Created) != 3 || a.Created[0].Local != a.Created[1].Local {
		t.Fatalf("%+v", a.Created)
	}
	v = session{ue: addr, seid: a.UP.SEID, gnb: ident.TEID(0x1000 + cp)}
	for _, c := range a.Created {
		if c.ID == 4 {
			n9 = c.Local.TEID
		} else {
			v.teid = c.Local.TEID
		}
	}
	if n9 == v.teid || n9 == 0 {
		t.Fatalf("tunnels %#x and %#x", v.teid, n9)
	}
	if _, err := s.Modify(0, toRadio(v.seid, gnbA.Addr(), v.gnb), nil); err != nil {
		t.Fatal(err)
	}
	return v, n9
}

// fromAnchor wraps a packet as another UPF does towards the device.
func fromAnchor(teid ident.TEID, inner []byte) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: teid, HasContainer: true, Container: gtpu.Container{QFI: qfi}}
	return append(h.Append(nil, len(inner)), inner...)
}

func whole(v Verdict) []byte { return slices.Concat(v.Head, v.Packet) }

func TestUplinkClassifier(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v, n9 := atEdge(t, s, 1, ueA)
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, site, 1, 2, 'x'))); got.Action != ToN6 {
		t.Errorf("to the site: %v %v", got.Action, got.Reason)
	}
	inner := udp(ueA, far, 1, 2, 'x')
	got := s.Uplink(0, gnbA, gpdu(v.teid, bytes.Clone(inner)))
	if got.Action != ToN3 || got.To != netip.AddrPortFrom(anchorA, gtpu.Port) {
		t.Fatalf("elsewhere: %v %v to %v", got.Action, got.Reason, got.To)
	}
	h, rest, err := gtpu.Parse(whole(got))
	if want := (gtpu.Header{Type: gtpu.TypeGPDU, TEID: n9Uplink, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}); err != nil || h != want || !bytes.Equal(rest, inner) {
		t.Errorf("%+v, % x, %v", h, rest, err)
	}
	anchor := netip.AddrPortFrom(anchorA, gtpu.Port)
	down := udp(far, ueA, 2, 1, 'y')
	got = s.Uplink(0, anchor, fromAnchor(n9, bytes.Clone(down)))
	if got.Action != ToDevice || got.TEID != n9 {
		t.Fatalf("from the anchor: %v %v", got.Action, got.Reason)
	}
	got = s.Relay(0, got.TEID, got.Packet)
	h, rest, err = gtpu.Parse(whole(got))
	if want := (gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.gnb, HasContainer: true, Container: gtpu.Container{QFI: qfi}}); err != nil || h != want || !bytes.Equal(rest, down) || got.To != gnbA {
		t.Errorf("%+v, % x, %v to %v", h, rest, err, got.To)
	}
	if got := s.Downlink(0, udp(site, ueA, 2, 1, 'z')); got.Action != ToN3 || got.To != gnbA || got.TEID != v.gnb {
		t.Errorf("from the site: %v %v", got.Action, got.Reason)
	}
	if u, _ := s.Usage(v.seid); u != (pfcp.Usage{UplinkPackets: 2, UplinkBytes: 58, DownlinkPackets: 2, DownlinkBytes: 58}) {
		t.Errorf("%+v", u)
	}
	invariants(t, s)
}

// What an edge session refuses, each counted and without harm to it.
func TestEdgeRefuses(t *testing.T) {
	anchor, other := netip.AddrPortFrom(anchorA, gtpu.Port), netip.AddrPortFrom(anchorB, gtpu.Port)
	for _, tt := range []struct {
		name string
		from netip.AddrPort
		up   []byte // from the radio's tunnel
		n9   []byte // by the anchor's
		want Reason
	}{
		{name: "N9 from another UPF", from: other, n9: udp(far, ueA, 1, 2), want: ReasonWrongSource},
		{name: "N9 from the radio", from: gnbA, n9: udp(far, ueA, 1, 2), want: ReasonWrongSource},
		{name: "uplink from the anchor", from: anchor, up: udp(ueA, far, 1, 2), want: ReasonWrongSource},
		{name: "N9 for another device", from: anchor, n9: udp(far, ueB, 1, 2), want: ReasonUnknownUE},
		{name: "N9 from nowhere", from: anchor, n9: udp("127.0.0.1", ueA, 1, 2), want: ReasonBadSource},
		{name: "N9 redirect", from: anchor, n9: ipv4(far, ueA, protoICMP, 5, 0, 0, 0, 0, 0, 0, 0), want: ReasonForbiddenICMP},
		{name: "spoofed, to the anchor", from: gnbA, up: udp(ueB, far, 1, 2), want: ReasonSpoofedSource},
		{name: "spoofed, to the site", from: gnbA, up: udp(ueB, site, 1, 2), want: ReasonSpoofedSource},
		{name: "the core, by way of the anchor", from: gnbA, up: udp(ueA, "10.0.0.38", 1, 38412), want: ReasonForbidden},
		{name: "everybody, by way of the anchor", from: gnbA, up: udp(ueA, "255.255.255.255", 1, 2), want: ReasonForbidden},
		{name: "a device as DHCP server", from: gnbA, up: udp(ueA, site, 67, 68), want: ReasonDHCPServer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, edgeConfig)
			v, n9 := atEdge(t, s, 1, ueA)
			in := gpdu(v.teid, tt.up)
			if tt.n9 != nil {
				in = fromAnchor(n9, tt.n9)
			}
			if got := s.Uplink(time.Minute, tt.from, in); got.Action != Drop || got.Reason != tt.want || got.CP != 1 {
				t.Errorf("%v %v of session %d, want %v", got.Action, got.Reason, got.CP, tt.want)
			}
			if up, _ := s.Stats(); up.Drops[tt.want] != 1 {
				t.Error("not counted")
			}
			if u, _ := s.Usage(v.seid); u != (pfcp.Usage{}) {
				t.Errorf("it is charged %+v", u)
			}
		})
	}
	s := newSessions(t, edgeConfig)
	v, n9 := atEdge(t, s, 1, ueA)
	if got := s.Uplink(0, anchor, gpdu(n9, udp(far, ueA, 1, 2))); got.Reason != ReasonWrongContainer {
		t.Errorf("an uplink container from the anchor: %v", got.Reason)
	}
	if got := s.Uplink(0, gnbA, fromAnchor(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonWrongContainer {
		t.Errorf("a downlink container from the radio: %v", got.Reason)
	}
	// Another device's address and the gateway's services are the anchor's to judge.
	for _, to := range []string{ueB, gate} {
		if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, to, 1, 53))); got.Action != ToN3 {
			t.Errorf("to %s: %v %v", to, got.Action, got.Reason)
		}
	}
}

// A UPF between radio and anchor needs no pool for the device.
func TestRelayOnly(t *testing.T) {
	s := newSessions(t, edgeConfig)
	ue := netip.MustParseAddr("10.99.0.7") // of the anchor's pool
	e := edge(1, ue)
	e.PDRs = e.PDRs[2:]
	e.FARs = e.FARs[1:]
	a, err := s.Establish(0, e)
	if err != nil || len(a.Created) != 2 {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := s.Modify(0, toRadio(a.UP.SEID, gnbA.Addr(), 7), nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Uplink(0, gnbA, gpdu(a.Created[0].Local.TEID, udp(ue.String(), far, 1, 2))); got.Action != ToN3 {
		t.Errorf("%v %v", got.Action, got.Reason)
	}
	got := s.Uplink(0, netip.AddrPortFrom(anchorA, 1), fromAnchor(a.Created[1].Local.TEID, udp(far, ue.String(), 1, 2)))
	if got = s.Relay(0, got.TEID, got.Packet); got.Action != ToN3 || got.To != gnbA || got.TEID != 7 {
		t.Errorf("%v %v", got.Action, got.Reason)
	}
	invariants(t, s)
	d, err := s.Delete(0, pfcp.Deletion{SEID: a.UP.SEID})
	if want := (pfcp.Usage{UplinkPackets: 1, UplinkBytes: 28, DownlinkPackets: 1, DownlinkBytes: 28}); err != nil || d.Usage != want {
		t.Errorf("%+v, %v", d, err)
	}
	if invariants(t, s); s.slots.live != 0 || len(s.peers.byAddr) != 0 {
		t.Errorf("%d slots, peers %v", s.slots.live, s.peers.byAddr)
	}
}

// An anchor's radio is another UPF, and nothing else is different.
func TestAnchor(t *testing.T) {
	s := newSessions(t, edgeConfig)
	between := netip.AddrPortFrom(anchorB, gtpu.Port)
	v := attach(t, s, 1, ueA, between)
	if i, _ := s.find(v.seid); !s.slots.state(i).shape.fast {
		t.Error("not fast")
	}
	live(t, s, v, between)
}

// N4-07: rules lead to radios and to the UPFs that Config names, and nowhere else.
func TestAnchorRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*pfcp.Establishment)
		want   pfcp.Cause
	}{
		{"N9 to a radio", func(e *pfcp.Establishment) { e.FARs[2].Outer.Addr = gnbA.Addr() }, pfcp.CauseInvalidForwarding},
		{"N9 to anybody", func(e *pfcp.Establishment) { e.FARs[2].Outer.Addr = netip.MustParseAddr(far) }, pfcp.CauseInvalidForwarding},
		{"N9 to the UPF itself", func(e *pfcp.Establishment) { e.FARs[2].Outer.Addr = n3 }, pfcp.CauseInvalidForwarding},
		{"N9 without TEID", func(e *pfcp.Establishment) { e.FARs[2].Outer.TEID = 0 }, pfcp.CauseInvalidForwarding},
		{"two anchors", func(e *pfcp.Establishment) {
			e.FARs[0].Outer = pfcp.OuterHeader{TEID: 1, Addr: anchorB}
		}, pfcp.CauseInvalidForwarding},
		{"duplicate to core", func(e *pfcp.Establishment) { e.FARs[2].Action |= 16 }, pfcp.CauseInvalidForwarding},
		{"what comes from the anchor, back to it", func(e *pfcp.Establishment) {
			e.FARs = append(e.FARs, pfcp.FAR{ID: 4, Action: pfcp.Forward, Destination: pfcp.Core, Outer: e.FARs[2].Outer})
			e.PDRs[3].FAR = 4
		}, pfcp.CauseInvalidForwarding},
		{"one tunnel from both sides", func(e *pfcp.Establishment) { e.PDRs[3].PDI.Local.ChooseID = 1 }, pfcp.CauseRuleFailure},
		{"no address", func(e *pfcp.Establishment) {
			for i := range e.PDRs {
				e.PDRs[i].PDI.UE = netip.Addr{}
			}
		}, pfcp.CauseMandatoryIncorrect},
		{"unknown URR", func(e *pfcp.Establishment) { e.PDRs[0].URRs = []pfcp.URRID{7} }, pfcp.CauseRuleFailure},
		{"too many PDRs", func(e *pfcp.Establishment) {
			for id := range pfcp.PDRID(maxPDRs) {
				p := e.PDRs[2]
				p.ID = 10 + id
				e.PDRs = append(e.PDRs, p)
			}
		}, pfcp.CauseRuleFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, edgeConfig)
			before := everything(s)
			e := edge(1, netip.MustParseAddr(ueA))
			tt.change(&e)
			if a, err := s.Establish(0, e); err == nil || a.Cause != tt.want {
				t.Errorf("%+v, %v; want %v", a, err, tt.want)
			}
			if everything(s) != before {
				t.Error("it left its mark")
			}
		})
	}
}

// A session goes from one UPF's rules to an edge's and back, in traffic, without another TEID and without a count lost.
func TestBecomesEdge(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v := attach(t, s, 1, ueA, gnbA)
	live(t, s, v, gnbA)
	ue := netip.MustParseAddr(ueA)
	e := edge(1, ue)
	shared := pfcp.FTEID{TEID: v.teid, Addr: n3}
	insert := pfcp.Modification{SEID: v.seid, CreatePDRs: e.PDRs[2:], CreateFARs: e.FARs[2:], PDRs: e.PDRs[:1]}
	insert.CreatePDRs[0].PDI.Local = shared
	insert.PDRs[0].PDI.Local = shared
	a, err := s.Modify(0, insert, nil)
	if err != nil || len(a.Created) != 1 || a.Created[0].ID != 4 {
		t.Fatalf("%+v, %v", a, err)
	}
	invariants(t, s)
	if got := s.Uplink(time.Hour, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Action != ToN3 || got.To.Addr() != anchorA {
		t.Errorf("%v %v", got.Action, got.Reason)
	}
	got := s.Uplink(time.Hour, netip.AddrPortFrom(anchorA, 2152), fromAnchor(a.Created[0].Local.TEID, udp(far, ueA, 1, 2)))
	if got = s.Relay(time.Hour, got.TEID, got.Packet); got.Action != ToN3 {
		t.Errorf("%v %v", got.Action, got.Reason)
	}
	if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), func(Verdict) {}); err != nil {
		t.Fatal(err)
	}
	if got := s.Uplink(2*time.Hour, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonWrongSource {
		t.Errorf("from the radio before: %v", got.Reason)
	}
	back := pfcp.Modification{SEID: v.seid, RemovePDRs: []pfcp.PDRID{3, 4}, RemoveFARs: []pfcp.FARID{3}, PDRs: establishment(1, ue).PDRs[:1]}
	back.PDRs[0].PDI.Local = shared
	if _, err := s.Modify(0, back, func(Verdict) {}); err != nil {
		t.Fatal(err)
	}
	invariants(t, s)
	if i, _ := s.find(v.seid); !s.slots.state(i).shape.fast || s.slots.live != 1 {
		t.Errorf("fast %v, %d slots", s.slots.state(i).shape.fast, s.slots.live)
	}
	v.gnb = 9
	live(t, s, v, gnbB)
	if u, _ := s.Usage(v.seid); u != (pfcp.Usage{UplinkPackets: 3, UplinkBytes: 29 + 28 + 29, DownlinkPackets: 3, DownlinkBytes: 29 + 28 + 29}) {
		t.Errorf("%+v", u)
	}
	if got := s.Uplink(0, netip.AddrPortFrom(anchorA, 2152), fromAnchor(a.Created[0].Local.TEID, udp(far, ueA, 1, 2))); got.Reason != ReasonLate {
		t.Errorf("by the tunnel that is gone: %v", got.Reason)
	}
}

// What comes over N9 and from the site waits for an idle device, and is delivered in its order.
func TestEdgeHold(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v, n9 := atEdge(t, s, 1, ueA)
	if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
		t.Fatal(err)
	}
	for i := range byte(4) {
		var got Verdict
		if i%2 == 0 {
			got = s.Relay(0, n9, udp(far, ueA, 1, 2, i))
		} else {
			got = s.Downlink(0, udp(site, ueA, 1, 2, i))
		}
		if want := []pfcp.PDRID{4, 2}[i%2]; got.Action != Held || got.Report != (i == 0) || got.PDR != want {
			t.Errorf("packet %d: %+v", i, got)
		}
	}
	var order []byte
	if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), func(d Verdict) { order = append(order, d.Packet[len(d.Packet)-1]) }); err != nil || !bytes.Equal(order, []byte{0, 1, 2, 3}) {
		t.Errorf("% x, %v", order, err)
	}
}

// On a change of path each tunnel of the session's that is left gets one end marker.
func TestEdgeEndMarker(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v, _ := atEdge(t, s, 1, ueA)
	m := toRadio(v.seid, gnbB.Addr(), 9)
	m.FARs[0].SendEndMarkers = true
	var sent []Verdict
	if _, err := s.Modify(0, m, func(d Verdict) { sent = append(sent, d) }); err != nil || len(sent) != 1 || sent[0].To != gnbA || sent[0].TEID != v.gnb {
		t.Fatalf("%v, %+v", err, sent)
	}
}

// interop (h): what the radio that a device leaves still has, it sends back by a tunnel of its own, for the radio
// that the device goes to. Nobody else may, and nothing of it is counted twice.
func TestForwarding(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v := attach(t, s, 1, ueA, gnbA)
	m := pfcp.Modification{SEID: v.seid,
		CreatePDRs: []pfcp.PDR{{ID: 9, Precedence: 50, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}}, RemoveOuterHeader: true, FAR: 9, QERs: []pfcp.QERID{1, 2}}},
		CreateFARs: []pfcp.FAR{{ID: 9, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: 0x77, Addr: gnbB.Addr()}}}}
	a, err := s.Modify(0, m, nil)
	if err != nil || len(a.Created) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	teid := a.Created[0].Local.TEID
	if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), nil); err != nil {
		t.Fatal(err)
	}
	invariants(t, s)
	got := s.Uplink(0, gnbA, fromAnchor(teid, udp(far, ueA, 1, 2)))
	if got = s.Relay(0, got.TEID, got.Packet); got.Action != ToN3 || got.To != gnbB || got.TEID != 0x77 {
		t.Errorf("%v %v to %v", got.Action, got.Reason, got.To)
	}
	for _, tt := range []struct {
		from  netip.AddrPort
		inner []byte
		want  Reason
	}{{gnbB, udp(far, ueA, 1, 2), ReasonSecondSource}, {gnbA, udp(far, ueB, 1, 2), ReasonUnknownUE}} {
		if got := s.Uplink(0, tt.from, fromAnchor(teid, tt.inner)); got.Reason != tt.want {
			t.Errorf("from %v: %v, want %v", tt.from, got.Reason, tt.want)
		}
	}
	if u, _ := s.Usage(v.seid); u != (pfcp.Usage{}) {
		t.Errorf("%+v", u)
	}
}

// A device's question for a router is answered also where nothing comes from N6 for its session, and not while it waits.
func TestRelaySolicited(t *testing.T) {
	s := newSessions(t, edgeConfig)
	e := edge(1, netip.Addr{})
	e.PDRs, e.FARs = e.PDRs[2:], e.FARs[1:]
	for i := range e.PDRs {
		e.PDRs[i].PDI.UE6 = netip.MustParsePrefix("2001:db8:99:7::/64")
	}
	a, err := s.Establish(0, e)
	if err != nil {
		t.Fatal(err)
	}
	question := appendIP6(nil, addr{linkLocal, 5}, addr{0xff02 << 48, 2}, protoICMP6, 255, 8)
	question = sealICMP6(append(question, icmp6Solicitation, 0, 0, 0, 0, 0, 0, 0))
	ask := func() Verdict { return s.Uplink(0, gnbA, gpdu(a.Created[0].Local.TEID, bytes.Clone(question))) }
	if got := ask(); got.Reason != ReasonUnbound {
		t.Errorf("without a radio: %+v", got)
	}
	if _, err := s.Modify(0, toRadio(a.UP.SEID, gnbA.Addr(), 7), nil); err != nil {
		t.Fatal(err)
	}
	got := ask()
	h, rest, err := gtpu.Parse(whole(got))
	if err != nil || got.To != gnbA || h.TEID != 7 || h.Container.QFI != qfi || len(rest) < 88 || rest[40] != icmp6Advertise {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.Modify(0, pfcp.Modification{SEID: a.UP.SEID, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
		t.Fatal(err)
	}
	if got := ask(); got.Action != Drop {
		t.Errorf("while it waits: %+v", got)
	}
}

// N3-14: an end marker goes on to where its tunnel's packets go, from the endpoint that they come from and from nobody else.
func TestEndMarkerRelayed(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v, n9 := atEdge(t, s, 1, ueA)
	m := pfcp.Modification{SEID: v.seid,
		CreatePDRs: []pfcp.PDR{{ID: 9, Precedence: 50, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}}, RemoveOuterHeader: true, FAR: 9, QERs: []pfcp.QERID{1, 2}}},
		CreateFARs: []pfcp.FAR{{ID: 9, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: 0x77, Addr: gnbB.Addr()}}}}
	a, err := s.Modify(0, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	forward, anchor := a.Created[0].Local.TEID, netip.AddrPortFrom(anchorA, gtpu.Port)
	for _, tt := range []struct {
		name string
		from netip.AddrPort
		teid ident.TEID
		to   netip.AddrPort // not valid: dropped
		next ident.TEID
		want Reason
	}{
		{"from the radio that was left", gnbA, forward, gnbB, 0x77, ReasonNone},
		{"from the anchor", anchor, n9, gnbA, v.gnb, ReasonNone},
		{"forged, for forwarding", gnbB, forward, netip.AddrPort{}, 0, ReasonWrongSource},
		{"forged, by N9", gnbA, n9, netip.AddrPort{}, 0, ReasonWrongSource},
		{"for uplink", gnbA, v.teid, netip.AddrPort{}, 0, ReasonUnexpectedType},
		{"for no tunnel", gnbA, n9 ^ 1<<31, netip.AddrPort{}, 0, ReasonUnexpectedType},
		{"for none at all", gnbA, 0, netip.AddrPort{}, 0, ReasonUnexpectedType},
	} {
		h := gtpu.Header{Type: gtpu.TypeEndMarker, TEID: tt.teid}
		got := s.Uplink(0, tt.from, h.Append(nil, 0))
		if (got.Action == ToN3) != tt.to.IsValid() || got.Reason != tt.want || got.To != tt.to {
			t.Errorf("%s: %+v", tt.name, got)
			continue
		}
		if out, rest, err := gtpu.Parse(whole(got)); tt.to.IsValid() && (err != nil || out != (gtpu.Header{Type: gtpu.TypeEndMarker, TEID: tt.next}) || len(rest) > 0) {
			t.Errorf("%s: %+v, % x, %v", tt.name, out, rest, err)
		}
	}
	if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
		t.Fatal(err)
	}
	h := gtpu.Header{Type: gtpu.TypeEndMarker, TEID: n9}
	if got := s.Uplink(0, anchor, h.Append(nil, 0)); got.Action != Drop {
		t.Errorf("while packets wait: %+v", got)
	}
}

// TestHostChatter: what a host says on the link of its TUN device when that comes up is nobody's fault.
func TestHostChatter(t *testing.T) {
	s := newSessions(t, nil)
	for _, kind := range []byte{icmp6Solicitation, 143} {
		b := appendIP6(nil, addr{linkLocal, 5}, addr{0xff02 << 48, 0x16}, protoICMP6, 255, 8)
		b = sealICMP6(append(b, kind, 0, 0, 0, 0, 0, 0, 0))
		if got := s.Downlink(0, b); got.Action != Drop || got.Reason != ReasonLinkOnly || got.Reason.Finding() {
			t.Errorf("ICMPv6 type %d: %v %v", kind, got.Action, got.Reason)
		}
	}
}
