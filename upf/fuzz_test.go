package upf

import (
	"net/netip"
	"testing"
	"time"

	"cordon/wire/gtpu"
)

// FuzzForward: whatever comes, what goes to N6 carries the session's address to a place
// that is allowed, and came from the session's radio; what goes to N3 with a head goes to the session's
// radio and tunnel.
func FuzzForward(f *testing.F) {
	ok := udp(ueA, far, 1, 2, 'x')
	f.Add(uint8(0), uint32(0), ok, false)
	f.Add(uint8(1), uint32(0), ok, false)
	f.Add(uint8(0), uint32(0), udp(ueA, "10.0.0.1", 1, 2), true)
	f.Add(uint8(0), uint32(0), ipv4(ueA, gate, protoICMP, 8, 0, 0, 0, 0, 0, 0, 0), true)
	f.Add(uint8(3), uint32(1), []byte{0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0}, false)
	f.Add(uint8(0), uint32(5), udp(far, ueA, 1, 2, 'x'), true)
	f.Fuzz(func(t *testing.T, from uint8, mask uint32, b []byte, wrapped bool) {
		s := newSessions(t, nil)
		v := attach(t, s, 1, ueA, gnbA)
		sources := []netip.AddrPort{gnbA, gnbB, netip.MustParseAddrPort("203.0.113.5:2152"), netip.MustParseAddrPort("[2001:db8::1]:2152")}
		source := sources[int(from)%len(sources)]
		in := b
		if wrapped {
			in = gpdu(v.teid, b)
		} else if len(b) >= 8 && mask != 0 {
			in = set(b, 4, byte(v.teid>>24), byte(v.teid>>16), byte(v.teid>>8), byte(v.teid))
		}
		lawful := func(down Verdict) {
			if down.Action == ToN3 && (down.To != gnbA || down.TEID != v.gnb || packet(down.Packet).destination() != addr4(v.ue)) {
				t.Fatalf("downlink to %v TEID %#x", down.To, uint32(down.TEID))
			}
		}
		switch got := s.Uplink(time.Minute, source, append([]byte(nil), in...)); got.Action {
		case ToN6:
			p := packet(got.Packet)
			to := addrOf(p.destination())
			if source != gnbA || p.source() != addr4(v.ue) || nowhere(p.destination()) || within(s.forbidden, p.destination()) ||
				s.poolOf(p.destination()) != nil {
				t.Fatalf("from %v: %v to %v", source, addrOf(p.source()), to)
			}
		case ToLocal:
			lawful(s.Local(time.Minute, got.Packet))
		case ToN3:
			if h, _, err := gtpu.Parse(got.Packet); err != nil || h.Type == gtpu.TypeGPDU || got.To.Addr() != source.Addr() || len(got.Packet) > len(in)+32 {
				t.Fatalf("%+v, %v to %v", h, err, got.To)
			}
		}
		down := s.Downlink(time.Minute, b)
		lawful(down)
		if down.Action == ToN3 && s.poolOf(packet(b).source()) != nil && packet(b).protocol() != protoICMP {
			t.Fatal("a device's address from outside")
		}
		live(t, s, v, gnbA)
	})
}
