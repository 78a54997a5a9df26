package upf

import (
	"bytes"
	"testing"

	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// TestHold: what comes while a device is idle is reported once, bounded, and delivered in
// order when it is back.
func TestHold(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	idle := pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
	for range 2 {
		if _, err := s.Modify(0, idle, nil); err != nil {
			t.Fatal(err)
		}
		for i := range heldEach + 2 {
			got := s.Downlink(0, udp(far, ueA, 1, 2, byte(i)))
			if i < heldEach && (got.Action != Held || got.Report != (i == 0) || got.CP != 1) || i >= heldEach && got.Reason != ReasonBufferFull {
				t.Fatalf("packet %d: %+v", i, got)
			}
		}
		var order []byte
		if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), func(d Verdict) {
			order = append(order, d.Packet[len(d.Packet)-1])
			if d.To != gnbB || d.TEID != 9 || len(d.Head) != HeadSize {
				t.Errorf("%+v", d)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(order, []byte{0, 1, 2, 3, 4, 5, 6, 7}) || s.down.held.octets != 0 {
			t.Errorf("order % x, %d octets kept", order, s.down.held.octets)
		}
	}
	if _, err := s.Modify(0, idle, nil); err != nil {
		t.Fatal(err)
	}
	s.Downlink(0, udp(far, ueA, 1, 2))
	drop := toRadio(v.seid, gnbB.Addr(), 9)
	drop.DropBuffered = true
	if _, err := s.Modify(0, drop, func(Verdict) { t.Error("a discarded packet is sent") }); err != nil || s.down.held.octets != 0 {
		t.Errorf("%v, %d octets kept", err, s.down.held.octets)
	}
}

func TestEndMarker(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	m := toRadio(v.seid, gnbB.Addr(), 9)
	m.FARs[0].SendEndMarkers = true
	var sent []Verdict
	if _, err := s.Modify(0, m, func(d Verdict) { sent = append(sent, d) }); err != nil || len(sent) != 1 {
		t.Fatalf("%v, %d sent", err, len(sent))
	}
	h, _, err := gtpu.Parse(sent[0].Packet)
	if err != nil || h.Type != gtpu.TypeEndMarker || h.TEID != v.gnb || sent[0].To != gnbA {
		t.Errorf("%+v to %v", h, sent[0].To)
	}
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonWrongSource {
		t.Errorf("uplink by the old path: %v", got.Reason)
	}
	if got := s.Uplink(0, gnbB, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Action != ToN6 {
		t.Errorf("uplink by the new path: %v", got.Reason)
	}
}
