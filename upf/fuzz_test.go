package upf

import (
	"net/netip"
	"testing"
	"time"

	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// FuzzSealed: whatever comes, from its radio, from N6 or from another device, a sealed session
// sends to the seal gateway alone and gets from it alone. Services and other devices, which
// sessions may reach here, are no way around, and nothing waits for it that may not reach it.
func FuzzSealed(f *testing.F) {
	f.Add(udp(ueA, seal, 4500, 4500, 'x'))
	f.Add(udp(seal, ueA, 4500, 4500, 'x'))
	f.Add(udp(ueA, gate, 1000, 53))
	f.Add(udp(ueB, ueA, 1, 2))
	f.Add(set(udp(far, ueA, 1, 2, make([]byte, 1400)...), 6, 0x40))
	f.Add(ipv4(ueA, gate, protoICMP, 8, 0, 0xf7, 0xff, 0, 0, 0, 0))
	f.Add(set(udp(ueA, seal, 1, 2), 6, 0x20, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSessions(t, func(c *Config) {
			c.UEToUE = true
			c.Services = []Service{{netip.MustParseAddr(gate), protoUDP, 53}, {netip.MustParseAddr("192.0.2.1"), protoUDP, 7}}
		})
		v, w := attachSealed(t, s, 1, ueA, gnbA, seal+"/32"), attach(t, s, 2, ueB, gnbB)
		gateway := addr4(netip.MustParseAddr(seal))
		arrives := func(d Verdict) {
			if d.Action == ToN3 && d.TEID == v.gnb && (view(d.Packet).source() != gateway || view(d.Packet).destination() != addr4(v.ue)) {
				t.Fatalf("from %v to %v", addrOf(view(d.Packet).source()), addrOf(view(d.Packet).destination()))
			}
		}
		up := s.Uplink(time.Minute, gnbA, gpdu(v.teid, append([]byte(nil), b...)))
		switch p := view(up.Packet); {
		case up.Action == ToLocal && up.Reason != ReasonNone && p.destination() == addr4(v.ue): // why its packet went no further
			arrives(s.Local(time.Minute, up.Packet))
		case up.Action == ToLocal, up.Action == ToN6 && (p.source() != addr4(v.ue) || p.destination() != gateway):
			t.Fatalf("%v: % x", up.Action, up.Packet)
		}
		arrives(s.Downlink(time.Minute, append([]byte(nil), b...)))
		if up := s.Uplink(time.Minute, gnbB, gpdu(w.teid, append([]byte(nil), b...))); up.Action == ToLocal {
			arrives(s.Local(time.Minute, up.Packet))
		}
		if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
			t.Fatal(err)
		}
		if d := s.Downlink(time.Minute, append([]byte(nil), b...)); d.Action == Held && d.CP == 1 && view(b).source() != gateway {
			t.Fatalf("held from %v", addrOf(view(b).source()))
		}
		if _, err := s.Modify(0, toRadio(v.seid, gnbA.Addr(), v.gnb), arrives); err != nil {
			t.Fatal(err)
		}
		live(t, s, w, gnbB)
	})
}

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
			if down.Action == ToN3 && (down.To != gnbA || down.TEID != v.gnb || view(down.Packet).destination() != addr4(v.ue)) {
				t.Fatalf("downlink to %v TEID %#x", down.To, uint32(down.TEID))
			}
		}
		switch got := s.Uplink(time.Minute, source, append([]byte(nil), in...)); got.Action {
		case ToN6:
			p := view(got.Packet)
			to := addrOf(p.destination())
			if source != gnbA || p.source() != addr4(v.ue) || nowhere(p.destination()) || within(s.forbidden, 4, 0, uint64(p.destination())) ||
				s.poolAt(4, uint64(p.destination())) != nil {
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
		if down.Action == ToN3 && s.poolAt(4, uint64(view(b).source())) != nil && view(b).protocol() != protoICMP {
			t.Fatal("a device's address from outside")
		}
		live(t, s, v, gnbA)
	})
}
