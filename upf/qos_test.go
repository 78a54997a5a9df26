package upf

import (
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// flows is a session of three flows: 1 for what is nothing else, 2 with an MBR for port 80, 3 with a GBR for port 5004. The
// session's rate holds for 1 and 2, and for 3 above its GBR.
func flows(cp ident.SEID, ue netip.Addr, session, mbr, gbr uint64) pfcp.Establishment {
	e := establishment(cp, ue)
	port := func(p uint16) []pfcp.SDF {
		return []pfcp.SDF{{Protocol: protoUDP, RemotePorts: pfcp.Ports{First: p, Last: p}}}
	}
	e.QERs = []pfcp.QER{
		{ID: 1, UplinkMBR: session, DownlinkMBR: session},
		{ID: 2, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: 1},
		{ID: 3, UplinkMBR: mbr, DownlinkMBR: mbr, QFI: 2},
		{ID: 4, UplinkMBR: 2 * gbr, DownlinkMBR: 2 * gbr, UplinkGBR: gbr, DownlinkGBR: gbr, QFI: 3},
	}
	e.PDRs[0].PDI.Local.ChooseID = 1
	for k, f := range []struct {
		port uint16
		qer  pfcp.QERID
	}{{80, 3}, {5004, 4}} {
		up, down := e.PDRs[0], e.PDRs[1]
		up.ID, down.ID = pfcp.PDRID(10+2*k), pfcp.PDRID(11+2*k)
		up.Precedence, down.Precedence = 10, 10
		up.PDI.Filters, down.PDI.Filters = port(f.port), port(f.port)
		up.QERs, down.QERs = []pfcp.QERID{1, f.qer}, []pfcp.QERID{1, f.qer}
		e.PDRs = append(e.PDRs, up, down)
	}
	return e
}

func withFlows(t *testing.T, s *Sessions, session, mbr, gbr uint64) session {
	t.Helper()
	return attachMetered(t, s, flows(1, netip.MustParseAddr(ueA), session, mbr, gbr))
}

// asFlow wraps a packet of a flow as a radio does.
func asFlow(teid ident.TEID, flow ident.QFI, inner []byte) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: teid, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: flow}}
	return append(h.Append(nil, len(inner)), inner...)
}

// TestFlows (interop c): rules of one tunnel that differ in flow and filters; each marks with its own.
func TestFlows(t *testing.T) {
	s := newSessions(t, nil)
	v := withFlows(t, s, pfcp.Unlimited, pfcp.Unlimited, 1000)
	invariants(t, s)
	for _, tt := range []struct {
		port uint16
		flow ident.QFI
		want Reason
	}{
		{7, 1, ReasonNone}, {80, 2, ReasonNone}, {5004, 3, ReasonNone},
		{80, 1, ReasonNone}, // as the flow that is for all
		{7, 2, ReasonNoRule}, {5004, 2, ReasonNoRule}, {7, 4, ReasonUnknownQFI},
	} {
		got := s.Uplink(0, gnbA, asFlow(v.teid, tt.flow, udp(ueA, far, 9, tt.port)))
		if got.Reason != tt.want || (got.Action == ToN6) != (tt.want == ReasonNone) {
			t.Errorf("port %d as flow %d: %v %v", tt.port, tt.flow, got.Action, got.Reason)
		}
		if tt.want == ReasonNone && tt.flow != 1 || tt.port == 7 {
			want := map[uint16]byte{7: 1, 80: 2, 5004: 3}[tt.port]
			if got := s.Downlink(0, udp(far, ueA, tt.port, 9)); got.Action != ToN3 || got.Head[14] != want {
				t.Errorf("from port %d: %v %v % x", tt.port, got.Action, got.Reason, got.Head)
			}
		}
	}
	// interop (f): what does not name its flow is of the rule that it meets.
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.teid}
	inner := udp(ueA, far, 9, 80)
	if got := s.Uplink(0, gnbA, append(h.Append(nil, len(inner)), inner...)); got.Action != ToN6 {
		t.Errorf("without a flow: %v", got.Reason)
	}
	// N3-11: a later fragment shows no port, and is not taken for what it may not be.
	later := set(udp(ueA, far, 9, 80), 6, 0, 8)
	if got := s.Uplink(0, gnbA, asFlow(v.teid, 1, later)); got.Reason != ReasonFragment && got.Reason != ReasonNone {
		t.Errorf("%v", got.Reason)
	}
	if got := s.Downlink(0, set(udp(far, ueA, 80, 9), 6, 0, 8)); got.Reason != ReasonFragment {
		t.Errorf("a later fragment: %v %v", got.Action, got.Reason)
	}
}

// rates are what passes in ten seconds, in kbit/s, where 8000 kbit/s come for each port.
func rates(s *Sessions, v session, up bool, ports ...uint16) (kbits []int) {
	kbits = make([]int, len(ports))
	for ms := range 10000 {
		now := time.Duration(ms) * time.Millisecond
		for k, port := range ports {
			got := Verdict{}
			if flow := map[uint16]ident.QFI{7: 1, 80: 2, 5004: 3}[port]; up {
				got = s.Uplink(now, gnbA, asFlow(v.teid, flow, udp(ueA, far, 9, port, make([]byte, 972)...)))
			} else {
				got = s.Downlink(now, udp(far, ueA, port, 9, make([]byte, 972)...))
			}
			if got.Action != Drop {
				kbits[k] += 8
			}
		}
	}
	for k := range kbits {
		kbits[k] /= 10
	}
	return kbits
}

// TestRates: a flow keeps to its MBR and all to the session's rate, but what is within a GBR passes whatever else there is.
func TestRates(t *testing.T) {
	for _, up := range []bool{true, false} {
		s := newSessions(t, nil)
		v := withFlows(t, s, 1000, 500, 2000)
		near := func(what string, got, want int) {
			if got < want*95/100 || got > want*105/100 {
				t.Errorf("uplink %v: %s: %d kbit/s, want %d", up, what, got, want)
			}
		}
		all := rates(s, v, up, 7, 80, 5004)
		near("all", all[0]+all[1]+all[2], 3000)
		if all[2] < 1950 || all[1] > 525 {
			t.Errorf("uplink %v: %v kbit/s", up, all)
		}
		s = newSessions(t, nil)
		v = withFlows(t, s, 1000, 500, 2000)
		near("the one with an MBR", rates(s, v, up, 80)[0], 500)
		s = newSessions(t, nil)
		v = withFlows(t, s, 1000, 500, 2000)
		near("the one with a GBR, alone", rates(s, v, up, 5004)[0], 3000)
	}
}

// TestGates: a closed gate is its flow's, and one of the session's is for all.
func TestGates(t *testing.T) {
	s := newSessions(t, nil)
	v := withFlows(t, s, pfcp.Unlimited, pfcp.Unlimited, 1000)
	gate := func(q pfcp.QER) {
		t.Helper()
		if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, QERs: []pfcp.QER{q}}, nil); err != nil {
			t.Fatal(err)
		}
		invariants(t, s)
	}
	check := func(what string, want ...bool) {
		t.Helper()
		for k, port := range []uint16{7, 80, 5004} {
			up := s.Uplink(0, gnbA, asFlow(v.teid, ident.QFI(k+1), udp(ueA, far, 9, port)))
			down := s.Downlink(0, udp(far, ueA, port, 9))
			if (up.Action == ToN6) != want[k] || down.Action != ToN3 || !want[k] && up.Reason != ReasonGate {
				t.Errorf("%s: port %d: %v, %v", what, port, up.Reason, down.Reason)
			}
		}
	}
	check("open", true, true, true)
	gate(pfcp.QER{ID: 3, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: 2, CloseUL: true})
	check("one closed", true, false, true)
	gate(pfcp.QER{ID: 1, UplinkMBR: 0, DownlinkMBR: pfcp.Unlimited})
	check("all closed, by a rate of 0", false, false, false)
}

// What was owed at a slow rate does not hold up a fast one, of a session or of a flow; asking for the same rate again
// gives no new burst.
func TestRateRaised(t *testing.T) {
	for name, attached := range map[string]func(s *Sessions) session{
		"lines":  func(s *Sessions) session { return attach(t, s, 1, ueA, gnbA) },
		"meters": func(s *Sessions) session { return withFlows(t, s, 1, pfcp.Unlimited, 0) },
	} {
		s := newSessions(t, nil)
		v := attached(s)
		limit := func(kbits uint64) {
			m := pfcp.Modification{SEID: v.seid, QERs: []pfcp.QER{{ID: 1, UplinkMBR: kbits, DownlinkMBR: kbits}}}
			if _, err := s.Modify(0, m, nil); err != nil {
				t.Fatal(err)
			}
		}
		burst := func() (up, down int) {
			for range 20 {
				if s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2, make([]byte, 1372)...))).Action == ToN6 {
					up++
				}
				if s.Downlink(0, udp(far, ueA, 1, 2, make([]byte, 1372)...)).Action == ToN3 {
					down++
				}
			}
			return up, down
		}
		limit(2)
		if up, down := burst(); up != 9 || down != 9 {
			t.Errorf("%s: %d and %d packets at 2 kbit/s; want a burst", name, up, down)
		}
		limit(2)
		if up, down := burst(); up != 0 || down != 0 {
			t.Errorf("%s: %d and %d packets at the same rate again", name, up, down)
		}
		limit(1_000_000)
		if up, down := burst(); up != 20 || down != 20 {
			t.Errorf("%s: %d and %d packets at 1 Gbit/s", name, up, down)
		}
	}
}
