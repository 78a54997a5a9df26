package upf

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
	"unsafe"
)

// touched are the words that sessions have of what a forwarder shares.
func touched(s *Sessions) (out []*uint64) {
	add := func(p unsafe.Pointer, octets uintptr) {
		for at := uintptr(0); at < octets; at += 8 {
			out = append(out, (*uint64)(unsafe.Add(p, at)))
		}
	}
	for i := range s.mem.Records {
		if r := &s.mem.Records[i]; r.TEID != 0 {
			add(unsafe.Pointer(r), unsafe.Sizeof(*r))
			add(unsafe.Pointer(&s.mem.Up[i]), LineSize)
		}
	}
	for i := range s.mem.Down {
		if l := &s.mem.Down[i]; l.Device.Load() != 0 || i < 9 {
			add(unsafe.Pointer(l), LineSize)
		}
	}
	for i := range s.mem.NAT {
		if e := &s.mem.NAT[i]; e.Owner.Load() != 0 {
			add(unsafe.Pointer(e), unsafe.Sizeof(*e))
		}
	}
	add(unsafe.Pointer(&s.mem.Peers[1]), 4*unsafe.Sizeof(PeerEntry{}))
	return out
}

// TestAdoptSpoilt: whatever words of the memory are wrong, what is adopted of it fits together, no packet ends the
// process, and no device's line leads to another's.
func TestAdoptSpoilt(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := newSessions(t, smallConfig)
		edge, _ := atEdge(t, s, 3, "10.45.0.9")
		all := []session{attachSealed(t, s, 1, ueA, gnbA, seal+"/32"), attach(t, s, 2, ueB, gnbB), edge}
		hidden := establishment(4, netip.MustParseAddr("10.46.0.7"))
		hidden.PDRs[0].PDI.Instance, hidden.PDRs[1].PDI.Instance = "ims", "ims"
		hidden.FARs[1] = toRadio(0, gnbA.Addr(), 0x1004).FARs[0]
		a, err := s.Establish(0, hidden)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, session{ue: netip.MustParseAddr("10.46.0.7"), seid: a.UP.SEID, teid: a.Created[0].Local.TEID, gnb: 0x1004})
		out := s.Uplink(0, gnbA, gpdu(all[3].teid, udp("10.46.0.7", far, 7, 8)))
		if out.Action != ToN6 {
			t.Fatalf("%+v", out)
		}
		back := udp(far, addrOf(view(out.Packet).source()).String(), 8, uint16(out.Packet[20])<<8|uint16(out.Packet[21]))
		words := touched(s)
		for range 1 + r.IntN(3) {
			w := words[r.IntN(len(words))]
			switch r.IntN(3) {
			case 0:
				*w ^= 1 << r.IntN(64)
			case 1:
				*w = r.Uint64()
			case 2:
				*w = *w&^0xffffffff | uint64(r.Uint32())
			}
		}
		s = again(t, s, nil)
		s.Adopt(time.Minute)
		invariants(t, s)
		for _, v := range all {
			for _, gnb := range []netip.AddrPort{gnbA, gnbB} {
				s.Uplink(time.Minute, gnb, gpdu(v.teid, udp(v.ue.String(), far, 7, 8)))
			}
			got := s.Downlink(time.Minute, udp(far, v.ue.String(), 8, 7))
			for _, o := range all {
				if o != v && got.Action == ToN3 && got.TEID == o.gnb {
					t.Errorf("seed %d: for %s to tunnel %#x of %s", seed, v.ue, uint32(got.TEID), o.ue)
				}
			}
		}
		s.Downlink(time.Minute, bytes.Clone(back))
		s.RemoveUnclaimed(time.Minute)
		invariants(t, s)
	}
}

// An adopted session's rate does not wait for a time that no packet can have led to.
func TestAdoptFarAhead(t *testing.T) {
	s := newSessions(t, smallConfig)
	e := establishment(1, netip.MustParseAddr(ueA))
	e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = 1000, 1000
	v := attachMetered(t, s, e)
	i, _ := s.find(v.seid)
	up, down := s.lines(i)
	up.TAT.Store(uint64(time.Hour))
	down.TAT.Store(uint64(time.Minute + burstTime))
	s = again(t, s, nil)
	s.Adopt(time.Minute)
	if up.TAT.Load() != 0 || down.TAT.Load() != uint64(time.Minute+burstTime) {
		t.Errorf("uplink at %d, downlink at %d", up.TAT.Load(), down.TAT.Load())
	}
}
