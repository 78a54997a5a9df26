package upf

import (
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// again is another process that finds the memory of s.
func again(t testing.TB, s *Sessions, change func(*Config)) *Sessions {
	t.Helper()
	cfg := testConfig()
	smallConfig(&cfg)
	if change != nil {
		change(&cfg)
	}
	n, err := New(cfg, s.mem)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAdopt: a process that ends leaves sessions that go on without it and with the next; their SMF takes them over under
// their own names and tunnels, and what nobody takes over goes.
func TestAdopt(t *testing.T) {
	s := newSessions(t, smallConfig)
	e := metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1})
	v := attachMetered(t, s, e)
	sealed := attachSealed(t, s, 2, ueB, gnbB, seal+"/32")
	at, n9 := atEdge(t, s, 3, "10.45.0.9")
	lost := attach(t, s, 4, "10.45.0.10", gnbB)
	gone := attach(t, s, 5, "10.45.0.11", gnbB)
	if _, err := s.Delete(0, pfcp.Deletion{SEID: gone.seid}); err != nil {
		t.Fatal(err)
	}
	carry(s, time.Second, v, 2, 3)
	if _, err := s.Modify(time.Second, pfcp.Modification{SEID: v.seid, Query: true}, nil); err != nil {
		t.Fatal(err)
	}
	carry(s, time.Second, v, 3, 1)

	s = again(t, s, nil)
	if a := s.Adopt(time.Minute); a != (Adoption{Sessions: 3, Waiting: 1}) || s.Count() != 4 || s.Unclaimed() != 4 {
		t.Fatalf("%+v, %d sessions, %d unclaimed", a, s.Count(), s.Unclaimed())
	}
	invariants(t, s)
	if n := carry(s, time.Minute, v, 1, 1); n != 2 {
		t.Errorf("%d passed", n)
	}
	live(t, s, lost, gnbB)
	if got := s.Uplink(time.Minute, gnbB, gpdu(sealed.teid, udp(ueB, far, 1, 2))); got.Reason != ReasonNotSealed {
		t.Errorf("the seal: %v", got.Reason)
	}
	if got := s.Uplink(time.Minute, gnbA, gpdu(at.teid, udp("10.45.0.9", far, 1, 2))); got.Reason != ReasonGate {
		t.Errorf("at the edge: %v", got.Reason)
	}
	if got := s.Uplink(time.Minute, gnbB, gpdu(gone.teid, udp("10.45.0.11", far, 1, 2))); got.Reason != ReasonLate {
		t.Errorf("one that had gone: %v", got.Reason)
	}
	if _, err := s.Modify(time.Minute, toRadio(v.seid, gnbB.Addr(), 9), nil); err == nil {
		t.Error("it was modified, and its rules are not known")
	}
	claim(t, s, v, 11, metered(establishment(11, v.ue), pfcp.URR{ID: 1}), gnbA, v.teid)
	claim(t, s, sealed, 12, filtered(establishment(12, sealed.ue), only(seal+"/32")), gnbB, sealed.teid)
	claim(t, s, at, 13, edge(13, at.ue), gnbA, at.teid, n9)
	invariants(t, s)
	if got := s.Uplink(time.Minute, gnbA, gpdu(at.teid, udp("10.45.0.9", far, 1, 2))); got.Action != ToN3 {
		t.Errorf("at the edge, taken over: %v", got.Reason)
	}
	if got := s.Uplink(time.Minute, gnbB, gpdu(sealed.teid, udp(ueB, far, 1, 2))); got.Reason != ReasonNotSealed {
		t.Errorf("the seal, taken over: %v", got.Reason)
	}
	if n, carried := s.RemoveUnclaimed(time.Minute); n != 1 || carried.UplinkPackets != 1 || s.Count() != 3 {
		t.Errorf("%d removed, which had carried %+v", n, carried)
	}
	invariants(t, s)
	d, err := s.Delete(time.Minute, pfcp.Deletion{SEID: v.seid})
	if err != nil || d.CP != 11 || d.Usage != used(6, 5) {
		t.Errorf("%+v, %v", d, err)
	}
	wantReports(t, "what the earlier process had not told", d.Rules, pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerTermination, Usage: used(4, 2)})
}

// claim has the SMF come for a session, which keeps its name and its tunnels.
func claim(t *testing.T, s *Sessions, v session, cp ident.SEID, e pfcp.Establishment, gnb netip.AddrPort, teids ...ident.TEID) {
	t.Helper()
	e.Existing = v.seid
	e.FARs[1] = toRadio(0, gnb.Addr(), v.gnb).FARs[0]
	a, err := s.Establish(time.Minute, e)
	if err != nil || a.UP.SEID != v.seid || a.CP != cp {
		t.Fatalf("%+v, %v", a, err)
	}
	got := map[ident.TEID]bool{}
	for _, c := range a.Created {
		got[c.Local.TEID] = true
	}
	for _, teid := range teids {
		if !got[teid] || len(got) != len(teids) {
			t.Errorf("tunnels %+v, want %x", a.Created, teids)
		}
	}
}

// A session that is not the same device's, or not there, is made anew; a live one is taken over with its URRs.
func TestExisting(t *testing.T) {
	s := newSessions(t, smallConfig)
	v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1}))
	carry(s, 0, v, 1, 0)
	other := establishment(2, netip.MustParseAddr(ueB))
	other.Existing = v.seid
	a, err := s.Establish(0, other)
	if err != nil || a.UP.SEID == v.seid || s.Count() != 2 {
		t.Fatalf("%+v, %v", a, err)
	}
	other = establishment(3, netip.MustParseAddr("10.45.0.9"))
	other.Existing = v.seid + 1
	if a, err := s.Establish(0, other); err != nil || a.UP.SEID == v.seid || s.Count() != 3 {
		t.Fatalf("%+v, %v", a, err)
	}
	again := metered(establishment(4, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1})
	if a, err := s.Establish(0, again); err == nil || a.Cause != pfcp.CauseRuleFailure {
		t.Errorf("N4-06 without its name: %+v, %v", a, err)
	}
	again.PDRs[0].PDI.Local = pfcp.FTEID{TEID: v.teid, Addr: n3} // as the SMF has saved it
	again.Existing = v.seid
	bad := again
	bad.FARs = bad.FARs[:1]
	before := everything(s)
	if _, err := s.Establish(0, bad); err == nil || everything(s) != before {
		t.Errorf("%v", err)
	}
	claimed, err := s.Establish(0, again)
	if err != nil || claimed.UP.SEID != v.seid || len(claimed.Created) != 0 || s.Count() != 3 {
		t.Fatalf("%+v, %v", claimed, err)
	}
	d, err := s.Delete(0, pfcp.Deletion{SEID: v.seid})
	if err != nil || d.CP != 4 {
		t.Fatalf("%+v, %v", d, err)
	}
	wantReports(t, "of both", d.Rules, pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerTermination, Usage: used(1, 0)})
}

// TestAdoptMisfits: what does not fit goes, is counted, and harms no other.
func TestAdoptMisfits(t *testing.T) {
	for _, tt := range []struct {
		name   string
		break_ func(s *Sessions, i uint32)
		config func(*Config)
		want   Adoption
	}{
		{"nothing", func(*Sessions, uint32) {}, nil, Adoption{Sessions: 2}},
		{"half made: no name yet", func(s *Sessions, i uint32) { s.mem.Records[i].SEID = 0 }, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitLine: 2}}},
		{"half gone: no line any more", func(s *Sessions, i uint32) { s.mem.Up[i].Tunnel.Store(0) }, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitRecord: 1}}},
		{"another slot's name", func(s *Sessions, i uint32) { s.mem.Records[i].SEID++ }, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitRecord: 1}}},
		{"another's line", func(s *Sessions, i uint32) {
			for k := range s.slots.size() {
				if r := &s.mem.Records[k]; r.SEID != 0 && uint32(k) != i {
					s.mem.Records[i].Down = r.Down
				}
			}
		}, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitAddress: 1, MisfitLine: 1}}},
		{"a line that is none", func(s *Sessions, i uint32) { s.mem.Records[i].Down = 1 << 31 }, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitAddress: 1, MisfitLine: 1}}},
		{"no peer", func(s *Sessions, i uint32) {
			_, down := s.lines(i)
			s.mem.Peers[down.Entry().Peer].leave()
		}, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitPeer: 1}}},
		{"no such peer", func(s *Sessions, i uint32) {
			_, down := s.lines(i)
			down.Tunnel.Store(1<<63 | 5)
		}, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitPeer: 1}}},
		{"a radio that is not to be there any more", func(*Sessions, uint32) {}, func(c *Config) { c.RAN = only(gnbB.Addr().String() + "/32") },
			Adoption{Sessions: 1, Removed: [Misfits]int{MisfitPeer: 1}}},
		{"a seal that is lost", func(s *Sessions, i uint32) {
			up, down := s.lines(i)
			for _, l := range []*Line{up, down} {
				e := l.Entry()
				e.Rules = 9
				l.Treatment.Store(e.treatment())
			}
		}, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitRules: 1}}},
		{"one direction sealed", func(s *Sessions, i uint32) {
			_, down := s.lines(i)
			e := down.Entry()
			e.Rules = 9
			down.Treatment.Store(e.treatment())
		}, nil, Adoption{Sessions: 1, Removed: [Misfits]int{MisfitRules: 1}}},
		{"an address that has a public one now", func(*Sessions, uint32) {}, func(c *Config) {
			c.Pools[0].NAT = true
		}, Adoption{Removed: [Misfits]int{MisfitAddress: 2}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, smallConfig)
			v, w := attach(t, s, 1, ueA, gnbA), attach(t, s, 2, ueB, gnbB)
			i, _ := s.find(v.seid)
			tt.break_(s, i)
			s = again(t, s, tt.config)
			got := s.Adopt(0)
			if got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
			invariants(t, s)
			if tt.want.Sessions > 0 {
				live(t, s, w, gnbB)
			}
			if a, err := s.Establish(0, establishment(3, v.ue)); (err == nil) == (tt.want.Sessions == 2) {
				t.Errorf("its address: %+v, %v", a, err)
			}
		})
	}
}

// FuzzAdopt: whatever the memory holds, what is adopted of it fits together.
func FuzzAdopt(f *testing.F) {
	for i := range byte(16) {
		f.Add([]byte{0, 5 * i, 0xff, 1, 3 * i, 1, 2, 3 * i, 7, 3, i, 9})
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSessions(t, smallConfig)
		v := attachSealed(t, s, 1, ueA, gnbA, seal+"/32")
		attach(t, s, 2, ueB, gnbB)
		atEdge(t, s, 3, "10.45.0.9")
		i, _ := s.find(v.seid)
		for ; len(b) >= 3; b = b[3:] {
			spoil(s, i, b[0], b[1], b[2])
		}
		s = again(t, s, nil)
		s.Adopt(0)
		invariants(t, s)
		s.RemoveUnclaimed(0)
		if invariants(t, s); s.Count()+s.slots.live+len(s.peers.byAddr)+s.ends.len() != 0 {
			t.Fatal(everything(s))
		}
		live(t, s, attach(t, s, 1, ueA, gnbA), gnbA)
	})
}

// spoil changes one octet of a session's record, its lines, or a peer.
func spoil(s *Sessions, i uint32, what, where, by byte) {
	up, down := &s.mem.Up[i], &s.mem.Down[2]
	bits := uint64(by) << (where % 8 * 8)
	switch r := &s.mem.Records[i]; what % 4 {
	case 0:
		words := []*uint64{&r.SEID, &r.CP}
		if where/8%3 < 2 {
			*words[where/8%3] ^= bits
		} else {
			for k, p := range []*uint32{&r.TEID, &r.Owner, &r.Down, &r.Alias} {
				if int(where/24%4) == k {
					*p ^= uint32(by) << (where % 4 * 8)
				}
			}
		}
	case 1:
		for k, w := range []interface {
			Load() uint64
			Store(uint64)
		}{&up.Tunnel, &up.Device, &up.UE6, &up.Treatment, &up.Word} {
			if int(where/8%5) == k {
				w.Store(w.Load() ^ bits)
			}
		}
	case 2:
		for k, w := range []interface {
			Load() uint64
			Store(uint64)
		}{&down.Tunnel, &down.Device, &down.UE6, &down.Treatment, &down.Word} {
			if int(where/8%5) == k {
				w.Store(w.Load() ^ bits)
			}
		}
	case 3:
		p := &s.mem.Peers[1+int(where)%4]
		p.Addr[where%16] ^= by
		p.Family ^= uint32(by & 7)
	}
}
