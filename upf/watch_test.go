package upf

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// look is all of it at once.
func look(s *Sessions) []Watched {
	var w Watching
	for !s.Watch(&w, 1000) {
	}
	return w.Peers()
}

// What a radio's devices carry is the radio's, while they are there, when they have left it and when they are gone.
func TestWatched(t *testing.T) {
	s := newSessions(t, func(c *Config) { c.FilterDuplicates = true })
	v := attach(t, s, 1, ueA, gnbA)
	live(t, s, v, gnbA)
	live(t, s, v, gnbA)
	if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), func(Verdict) {}); err != nil {
		t.Fatal(err)
	}
	attach(t, s, 2, ueB, gnbA)
	v.gnb = 9
	live(t, s, v, gnbB)
	up := udp(ueA, far, 1, 2)
	for seq := range uint16(2) {
		s.Uplink(0, gnbB, header(gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.teid, HasSeq: true, Seq: seq * 5}, up))
	}
	s.Uplink(0, gnbB, header(gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.teid, HasSeq: true}, up))
	s.Uplink(0, gnbB, gpdu(7, up))
	s.Uplink(0, gnbB, gpdu(v.teid, udp(ueB, far, 1, 2)))
	s.Uplink(0, gnbB, []byte{1})
	s.Uplink(0, gnbA, gpdu(v.teid, up))
	s.Uplink(0, stranger, gpdu(v.teid, up))
	a := Watched{Peer: gnbA.Addr(), Sessions: 1, Foreign: 1, Usage: pfcp.Usage{UplinkPackets: 2, UplinkBytes: 58, DownlinkPackets: 2, DownlinkBytes: 58}}
	b := Watched{Peer: gnbB.Addr(), Sessions: 1, UnknownTEID: 1, Spoofed: 1, Replayed: 1, Gaps: 4, Malformed: 1,
		Usage: pfcp.Usage{UplinkPackets: 3, UplinkBytes: 29 + 2*28, DownlinkPackets: 1, DownlinkBytes: 29}}
	check := func(want ...Watched) {
		t.Helper()
		got := look(s)
		if len(got) != len(want)+1 || got[0].Foreign != 1 || got[0].Peer.IsValid() {
			t.Fatalf("%+v", got)
		}
		for i, w := range want {
			if got[i+1] != w {
				t.Errorf("%+v\nwant %+v", got[i+1], w)
			}
		}
	}
	check(a, b)
	w := attach(t, s, 3, "10.45.0.4", gnbB)
	if _, err := s.Delete(time.Second, pfcp.Deletion{SEID: v.seid}); err != nil {
		t.Fatal(err)
	}
	check(a, b) // another session is at B now
	if _, err := s.Delete(time.Second, pfcp.Deletion{SEID: w.seid}); err != nil {
		t.Fatal(err)
	}
	b.Sessions = 0
	check(a, b) // what has been seen of it stays
	attach(t, s, 4, "10.45.0.5", gnbB)
	b.Sessions = 1
	check(a, b)
}

// A number goes from one peer to another when there is no other, and what was counted goes.
func TestPeerNumbers(t *testing.T) {
	s := newSessions(t, func(c *Config) { c.MaxPeers = 1 })
	v := attach(t, s, 1, ueA, gnbA)
	live(t, s, v, gnbA)
	e := establishment(2, netip.MustParseAddr(ueB))
	e.FARs[1] = toRadio(0, gnbB.Addr(), 7).FARs[0]
	if a, err := s.Establish(0, e); err == nil || a.Cause != pfcp.CauseNoResources {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := s.Delete(0, pfcp.Deletion{SEID: v.seid}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Establish(0, e); err != nil {
		t.Fatal(err)
	}
	if got := look(s); len(got) != 2 || got[1] != (Watched{Peer: gnbB.Addr(), Sessions: 1}) {
		t.Errorf("%+v", got)
	}
}

// What is counted of a peer only grows, and nothing of it twice, though sessions come, move and go while it is looked at.
func TestWatchedMeanwhile(t *testing.T) {
	s := newSessions(t, smallConfig)
	r := rand.New(rand.NewPCG(5, 6))
	var all []session
	carried, cp := pfcp.Usage{}, ident.SEID(0)
	change := func() {
		switch k := r.IntN(4); {
		case len(all) < 4 && k == 0:
			cp++
			ue := addrOf(0x0a2d0002 + uint32(cp%64))
			all = append(all, attach(t, s, cp, ue.String(), gnbA))
		case len(all) == 0:
		case k == 1:
			v := &all[r.IntN(len(all))]
			cp++
			v.gnb = 0x100 + ident.TEID(cp)
			if _, err := s.Modify(0, toRadio(v.seid, []netip.Addr{gnbA.Addr(), gnbB.Addr()}[r.IntN(2)], v.gnb), func(Verdict) {}); err != nil {
				t.Fatal(err)
			}
		case k == 2 && r.IntN(4) == 0:
			i := r.IntN(len(all))
			if _, err := s.Delete(0, pfcp.Deletion{SEID: all[i].seid}); err != nil {
				t.Fatal(err)
			}
			all = slices.Delete(all, i, i+1)
		default:
			if s.Downlink(0, udp(far, all[r.IntN(len(all))].ue.String(), 1, 2)).Action == ToN3 {
				carried.DownlinkPackets++
			}
		}
	}
	before := map[netip.Addr]uint64{}
	for range 40 {
		var w Watching
		for !s.Watch(&w, 1+r.IntN(1000)) {
			change()
			change()
		}
		for _, p := range w.Peers() {
			if p.Usage.DownlinkPackets < before[p.Peer] || p.Usage.DownlinkPackets > carried.DownlinkPackets {
				t.Fatalf("%v: %d packets, %d before, %d in all", p.Peer, p.Usage.DownlinkPackets, before[p.Peer], carried.DownlinkPackets)
			}
			before[p.Peer] = p.Usage.DownlinkPackets
		}
		sum := uint64(0)
		for _, p := range look(s) {
			sum += p.Usage.DownlinkPackets
		}
		if sum != carried.DownlinkPackets {
			t.Fatalf("%d packets of all peers, %d were carried", sum, carried.DownlinkPackets)
		}
	}
}
