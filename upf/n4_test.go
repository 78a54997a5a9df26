package upf

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// interop (d): a rule that is created again replaces itself, and one that is not there can be removed: a request whose
// answer was lost comes again. One that updates what is not there is refused.
func TestRepeatedRequests(t *testing.T) {
	s := newSessions(t, edgeConfig)
	v := attach(t, s, 1, ueA, gnbA)
	e := edge(1, netip.MustParseAddr(ueA))
	insert := pfcp.Modification{SEID: v.seid, CreatePDRs: e.PDRs[2:3], CreateFARs: e.FARs[2:], CreateQERs: e.QERs}
	insert.CreatePDRs[0].PDI.Local = pfcp.FTEID{TEID: v.teid, Addr: n3}
	for range 2 {
		if _, err := s.Modify(0, insert, nil); err != nil {
			t.Fatal(err)
		}
		invariants(t, s)
	}
	remove := pfcp.Modification{SEID: v.seid, RemovePDRs: []pfcp.PDRID{3}, RemoveFARs: []pfcp.FARID{3}, RemoveQERs: []pfcp.QERID{77}, RemoveURRs: []pfcp.URRID{77}}
	for range 2 {
		if _, err := s.Modify(0, remove, nil); err != nil {
			t.Fatal(err)
		}
		live(t, s, v, gnbA)
	}
	for _, m := range []pfcp.Modification{{FARs: e.FARs[2:]}, {QERs: []pfcp.QER{{ID: 9}}}, {URRs: []pfcp.URR{{ID: 9}}}, {PDRs: []pfcp.PDR{{ID: 9}}},
		{RemoveFARs: []pfcp.FARID{1}}, {RemoveQERs: []pfcp.QERID{2}}, {RemovePDRs: []pfcp.PDRID{1}},
		{CreateQERs: []pfcp.QER{{ID: 9}, {ID: 9}}}, {CreateFARs: []pfcp.FAR{{}}}} {
		before := everything(s)
		if m.SEID = v.seid; true {
			if a, err := s.Modify(0, m, nil); err == nil || everything(s) != before {
				t.Errorf("%+v: %+v", m, a)
			}
		}
	}
	if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid}, nil); err != nil { // interop (j): harmless
		t.Errorf("an empty request: %v", err)
	}
	live(t, s, v, gnbA)
}

// TestChoose: rules that ask with one CHOOSE ID share an F-TEID, those that ask without have one each, and a rule may
// name one that its session has, or one that nobody has. Nobody may name another's, or one whose place is another's (interop b).
func TestChoose(t *testing.T) {
	s := newSessions(t, edgeConfig)
	other := attach(t, s, 1, ueB, gnbB)
	ue := netip.MustParseAddr(ueA)
	e := edge(2, ue)
	more := e.PDRs[2]
	more.ID, more.Precedence, more.PDI.Local.ChooseID = 5, 300, 0
	again := more
	again.ID = 6
	e.PDRs = append(e.PDRs, more, again)
	a, err := s.Establish(0, e)
	if err != nil || len(a.Created) != 5 {
		t.Fatalf("%+v, %v", a, err)
	}
	of := map[pfcp.PDRID]pfcp.FTEID{}
	for _, c := range a.Created {
		of[c.ID] = c.Local
		if c.Local.Addr != n3 || c.Local.Choose || c.Local.TEID == other.teid {
			t.Errorf("%+v", c)
		}
	}
	if of[1] != of[3] || of[1] == of[4] || of[1] == of[5] || of[5] == of[6] || of[4] == of[5] {
		t.Errorf("%+v", of)
	}
	invariants(t, s)
	for _, local := range []pfcp.FTEID{{TEID: other.teid, Addr: n3}, {TEID: of[1].TEID ^ 1<<31, Addr: n3}, {TEID: of[1].TEID, Addr: gnbA.Addr()}, {Addr: n3}} {
		p := e.PDRs[2]
		p.ID, p.PDI.Local = 7, local
		if m, err := s.Modify(0, pfcp.Modification{SEID: a.UP.SEID, CreatePDRs: []pfcp.PDR{p}}, nil); err == nil || m.Cause != pfcp.CauseInvalidFTEID {
			t.Errorf("%+v: %+v, %v", local, m, err)
		}
	}
	if _, err := s.Modify(0, pfcp.Modification{SEID: a.UP.SEID, RemovePDRs: []pfcp.PDRID{5, 6}}, nil); err != nil {
		t.Fatal(err)
	}
	if invariants(t, s); s.slots.live != 3 {
		t.Errorf("%d slots", s.slots.live)
	}
}

// N4-06: an address is one session's within its network instance, of either family, and networks behind devices
// are nobody else's.
func TestAddressesAreUnique(t *testing.T) {
	s := newSessions(t, edgeConfig)
	first := establishment(1, netip.MustParseAddr(ueA))
	six := netip.MustParsePrefix("2001:db8:45:7::/64")
	first.PDRs[0].PDI.UE6, first.PDRs[1].PDI.UE6 = six, six
	first.PDRs[1].PDI.Framed = only("172.20.0.0/24")
	if _, err := s.Establish(0, first); err != nil {
		t.Fatal(err)
	}
	invariants(t, s)
	for name, change := range map[string]func(*pfcp.PDI){
		"IPv4":           func(d *pfcp.PDI) { d.UE = netip.MustParseAddr(ueA) },
		"IPv6":           func(d *pfcp.PDI) { d.UE6 = six },
		"framed":         func(d *pfcp.PDI) { d.Framed = only("172.20.0.0/24") },
		"framed, a pool": func(d *pfcp.PDI) { d.Framed = only("10.0.0.0/8") },
		"framed, core":   func(d *pfcp.PDI) { d.Framed = only("192.0.2.128/25") },
		"instance":       func(d *pfcp.PDI) { d.Instance = "ims" },
		"IPv6 of 56":     func(d *pfcp.PDI) { d.UE6 = netip.MustParsePrefix("2001:db8:45::/56") },
		"gateway's /64":  func(d *pfcp.PDI) { d.UE6 = netip.MustParsePrefix("2001:db8:45::/64") },
	} {
		e := establishment(2, netip.MustParseAddr(ueB))
		e.PDRs[0].PDI.UE = netip.Addr{}
		change(&e.PDRs[1].PDI)
		before := everything(s)
		if a, err := s.Establish(0, e); err == nil || everything(s) != before {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// TestHeldBounds: what waits is bounded by session and in all, in packets and octets; what waits too long goes, and
// the next notifies again.
func TestHeldBounds(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	idle := pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
	if _, err := s.Modify(0, idle, nil); err != nil {
		t.Fatal(err)
	}
	n := 0
	for s.Downlink(0, udp(far, ueA, 1, 2, make([]byte, 1300)...)).Action == Held {
		n++
	}
	if n != 8 && n != heldEachOctets/1328 {
		t.Errorf("%d large packets", n)
	}
	s.Expire(heldFor - 1)
	if !s.down.held.has(uint32(v.teid) & slotMask) {
		t.Error("gone too soon")
	}
	s.Expire(heldFor)
	if _, down := s.Stats(); s.down.held.packets != 0 || s.down.held.octets != 0 || down.Drops[ReasonStale] != uint64(n) {
		t.Errorf("%d packets, %d octets, %d stale", s.down.held.packets, s.down.held.octets, down.Drops[ReasonStale])
	}
	if got := s.Downlink(heldFor, udp(far, ueA, 1, 2, 'a')); got.Action != Held || !got.Report {
		t.Errorf("the next: %+v", got)
	}
	s.Downlink(heldFor+time.Second, udp(far, ueA, 1, 2, 'b'))
	var sent []byte
	if _, err := s.Modify(2*heldFor, toRadio(v.seid, gnbB.Addr(), 9), func(d Verdict) { sent = append(sent, d.Packet[len(d.Packet)-1]) }); err != nil || !bytes.Equal(sent, []byte{'b'}) {
		t.Errorf("%q sent, %v", sent, err)
	}
	h := &s.down.held
	for i := range uint32(2 * heldMost) {
		h.add(0, i, 0, make([]byte, 100))
	}
	if h.packets > heldMost || h.octets > heldOctets || h.packets < heldMost/2 {
		t.Errorf("%d packets, %d octets", h.packets, h.octets)
	}
}

// N6-01: whoever sends to all devices of a pool has no more of them paged in a second than the pool's budget, and
// takes nothing from another pool's.
func TestPagingBudget(t *testing.T) {
	s := newSessions(t, func(c *Config) {
		c.Paging = 3
		c.Pools = append(c.Pools, Pool{Instance: "ims", Prefix: netip.MustParsePrefix("10.47.0.0/24")})
	})
	var ues []string
	for i := range 6 {
		ues = append(ues, addrOf(0x0a2d0102+uint32(i)).String())
	}
	for i, ue := range append(ues, "10.47.0.9") {
		e := establishment(ident.SEID(i+1), netip.MustParseAddr(ue))
		if ue == "10.47.0.9" {
			e.PDRs[1].PDI.Instance = "ims"
		}
		if _, err := s.Establish(0, e); err != nil {
			t.Fatal(err)
		}
	}
	storm := func(now time.Duration, ues ...string) (told int) {
		for _, ue := range ues {
			if s.Downlink(now, udp(far, ue, 1, 2)).Report {
				told++
			}
		}
		return told
	}
	if n := storm(0, ues...); n != 3 {
		t.Errorf("%d notifications", n)
	}
	if _, down := s.Stats(); down.Drops[ReasonPaging] != 3 {
		t.Errorf("%d dropped for it", down.Drops[ReasonPaging])
	}
	if n := storm(0, "10.47.0.9"); n != 1 {
		t.Error("the other pool's device was not notified of")
	}
	if n := storm(time.Second, ues...); n != 3 {
		t.Errorf("%d notifications in the next second", n)
	}
	if n := storm(2*time.Second, ues...); n != 0 {
		t.Errorf("%d notifications twice", n)
	}
}

// N6-01: who fills the room for what waits, with packets for some devices, does not keep others from being paged, each
// once; and what was only noted is not delivered or counted twice.
func TestPagingWithoutRoom(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
		t.Fatal(err)
	}
	h := &s.down.held
	for i := uint32(100); h.add(0, maxSlots+i, 0, make([]byte, 1500)); i++ {
	}
	for i := range 3 {
		if got := s.Downlink(0, udp(far, ueA, 1, 2, make([]byte, 1300)...)); got.Reason != ReasonBufferFull || got.Report != (i == 0) || got.PDR != 2 || got.CP != 1 {
			t.Errorf("packet %d: %+v", i, got)
		}
	}
	if _, err := s.Modify(0, toRadio(v.seid, gnbA.Addr(), 9), func(v Verdict) { t.Errorf("sent: %+v", v) }); err != nil || h.has(uint32(v.teid)&slotMask) {
		t.Errorf("%v; still noted: %v", err, h.has(uint32(v.teid)&slotMask))
	}
	for i := uint32(0); h.mark(0, 2*maxSlots+i); i++ {
	}
	if h.packets != heldMost {
		t.Errorf("%d packets and notes", h.packets)
	}
	s.down.Drops[ReasonStale] = 0
	kept := 0
	for _, w := range h.of {
		if w.octets > 0 {
			kept++
		}
	}
	s.Expire(heldFor)
	if _, down := s.Stats(); down.Drops[ReasonStale] != uint64(kept) || h.packets != 0 || h.octets != 0 {
		t.Errorf("%d stale; want %d; %d packets, %d octets", down.Drops[ReasonStale], kept, h.packets, h.octets)
	}
}

// What the kernel's forwarder counts for a session while it ends is not the next one's.
func TestCountedTooLate(t *testing.T) {
	s := newSessions(t, smallConfig)
	gone := attach(t, s, 1, ueA, gnbA)
	if _, err := s.Delete(0, pfcp.Deletion{SEID: gone.seid}); err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][]Line{s.mem.Up, s.mem.Down} {
		for i := range lines {
			lines[i].Octets.Store(40)
			lines[i].Packets.Store(1)
			lines[i].TAT.Store(uint64(time.Hour))
		}
	}
	e := establishment(2, netip.MustParseAddr(ueA))
	e.PDRs[0].PDI.UE6, e.PDRs[1].PDI.UE6 = netip.MustParsePrefix("2001:db8:45:7::/64"), netip.MustParsePrefix("2001:db8:45:7::/64")
	e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = 1000, 1000
	v := attachMetered(t, s, e)
	if n := carry(s, 0, v, 1, 1); n != 2 {
		t.Errorf("%d passed", n)
	}
	if u, _ := s.Usage(v.seid); u != used(1, 1) {
		t.Errorf("%+v; want %+v", u, used(1, 1))
	}
}
