package upf_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// network is the table's network.
func network(t testing.TB, change func(*upf.Config)) (*upf.Sessions, *upftest.World) {
	t.Helper()
	cfg := upftest.Config()
	if change != nil {
		change(&cfg)
	}
	s, err := upf.New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := upftest.NewWorld(func(e pfcp.Establishment) (pfcp.Established, error) { return s.Establish(0, e) })
	if err != nil {
		t.Fatal(err)
	}
	return s, w
}

// seeds are the table's packets: of which session, and the IP packet.
func seeds(f *testing.F, add func(session uint8, down bool, b []byte)) {
	_, w := network(f, nil)
	for _, c := range upftest.Cases() {
		for _, st := range c.Steps {
			b := st.Octets(w)
			if st.Bridge {
				continue
			}
			if st.N6 {
				add(0, true, b)
				continue
			}
			h, rest, err := gtpu.Parse(b)
			for i, s := range w.Sessions() {
				if err == nil && h.TEID == s.TEID {
					add(uint8(i), false, rest)
				}
			}
		}
	}
}

var publics = netip.MustParsePrefix(upftest.Public + "/31")

// pooled reports whether an address is a device's or a gateway's.
func pooled(a netip.Addr) bool {
	for _, p := range upftest.Config().Pools {
		if p.Prefix.Contains(a) {
			return true
		}
	}
	return false
}

// forbidden is what no device reaches, told apart from how package upf knows it.
func forbidden(b []byte) bool {
	a := upftest.Destination(b)
	if netip.MustParsePrefix("64:ff9b::/96").Contains(a) {
		v := a.As16()
		a = netip.AddrFrom4([4]byte(v[12:]))
	}
	cfg := upftest.Config()
	for _, s := range cfg.Services {
		at := len(b) - 8
		if a == s.Addr && at >= 0 && upftest.Protocol(b) == upftest.UDP {
			return false
		}
	}
	for _, p := range cfg.Forbidden {
		if p.Contains(a) {
			return true
		}
	}
	return pooled(a) || publics.Contains(a) || a.IsLoopback() || a.IsMulticast() || a.IsUnspecified() || a.IsLinkLocalUnicast() ||
		a.Is4() && (a.As4()[0] == 0 || a.As4()[0] >= 240) || a.Is6() && (a.Is4In6() || netip.MustParsePrefix("2002::/16").Contains(a))
}

// whole reports whether a packet has nothing that upftest does not know, so that its checksums can be judged.
func whole(b []byte) bool {
	if len(b) >= 20 && b[0] == 0x45 {
		return int(binary.BigEndian.Uint16(b[2:])) == len(b) && binary.BigEndian.Uint16(b[6:])&0x3fff == 0
	}
	return len(b) >= 40 && b[0]>>4 == 6 && int(binary.BigEndian.Uint16(b[4:])) == len(b)-40
}

// FuzzLaws: whatever a device sends, what goes out on N6 has the source that is the device's, or the block of
// public ports that is, goes nowhere that is forbidden, has lived one hop more and has right
// checksums if it had. What comes back to a device is for that device.
func FuzzLaws(f *testing.F) {
	seeds(f, func(i uint8, down bool, b []byte) { f.Add(i, down, b) })
	f.Fuzz(func(t *testing.T, n uint8, down bool, b []byte) {
		s, w := network(t, nil)
		of := w.Sessions()[int(n)%5]
		if down {
			law(t, w, b, s.Downlink(time.Minute, bytes.Clone(b)))
			return
		}
		v := s.Uplink(time.Minute, of.Radio, upftest.GPDU(of.TEID, b))
		switch v.Action {
		case upf.ToN6:
			leaving(t, w, of, b, v.Packet)
		case upf.ToLocal:
			d := s.Local(time.Minute, v.Packet)
			if d.Action == upf.ToN3 && d.TEID != of.Remote {
				t.Fatal("one device reaches another")
			}
		case upf.ToN3:
			if v.To != of.Radio || len(v.Head) > 0 && !bytes.Equal(v.Head[4:8], binary.BigEndian.AppendUint32(nil, uint32(of.Remote))) {
				t.Fatalf("an answer to %v: % x", v.To, v.Head)
			}
		}
	})
}

// leaving judges what went out for a packet of a session.
func leaving(t *testing.T, w *upftest.World, of *upftest.Session, in, out []byte) {
	t.Helper()
	src, shared := upftest.Source(out), of == &w.C || of == &w.D
	if !shared && src != of.UE && !of.UE6.Contains(src) || shared && src != publics.Addr() {
		t.Fatalf("source %v", src)
	}
	if forbidden(out) {
		t.Fatalf("destination %v: % x", upftest.Destination(out), out)
	}
	hops := 8
	if out[0]>>4 == 6 {
		hops = 7
	}
	if out[hops] != in[hops]-1 || out[hops] == 0 {
		t.Fatalf("%d hops and then %d", in[hops], out[hops])
	}
	if cut := in[:len(out)]; whole(cut) && upftest.Right(cut) && !upftest.Right(out) {
		t.Fatalf("checksums: % x became % x", cut, out)
	}
	if shared && upftest.Protocol(out) != upftest.ICMP && whole(out) {
		first, port := uint16(1024+2*16), binary.BigEndian.Uint16(out[20:])
		if of == &w.D {
			first += 16
		}
		if port-first >= 16 {
			t.Fatalf("port %d is of another block than %d", port, first)
		}
	}
}

// law judges what came of a packet from N6.
func law(t *testing.T, w *upftest.World, in []byte, v upf.Verdict) {
	t.Helper()
	switch v.Action {
	case upf.ToN3:
		for _, s := range w.Sessions() {
			if dst := upftest.Destination(v.Packet); v.TEID == s.Remote && (dst == s.UE || s.UE6.Contains(dst)) {
				if src := upftest.Source(v.Packet); pooled(src) && upftest.Protocol(v.Packet) != upftest.ICMP && upftest.Protocol(v.Packet) != upftest.ICMP6 &&
					whole(v.Packet) || src.IsMulticast() || src.IsLoopback() {
					t.Fatalf("source %v", src)
				}
				if cut := in[:len(v.Packet)]; whole(cut) && upftest.Right(cut) && !upftest.Right(v.Packet) {
					t.Fatalf("checksums: % x became % x", cut, v.Packet)
				}
				return
			}
		}
		t.Fatalf("to TEID %#x: % x", uint32(v.TEID), v.Packet)
	case upf.ToN6:
		if !upftest.Right(v.Packet) || upftest.Destination(v.Packet) != upftest.Source(in) || len(v.Packet) > 1280 {
			t.Fatalf("answer % x", v.Packet)
		}
	}
}

// FuzzNAT: what a device sends by NAT and what is answered, turned around, comes back as if there were
// no NAT, whatever else went on before; and no other device gets it.
func FuzzNAT(f *testing.F) {
	f.Add(uint64(1), uint16(5005), uint16(53), uint8(0), []byte("hello"))
	f.Add(uint64(2), uint16(0), uint16(0), uint8(1), []byte{})
	f.Add(uint64(3), uint16(65535), uint16(1), uint8(2), []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, seed uint64, sport, dport uint16, kind uint8, payload []byte) {
		s, w := network(t, nil)
		r := rand.New(rand.NewPCG(seed, 1))
		now := time.Minute
		for range r.IntN(40) { // what went on before
			of := []*upftest.Session{&w.C, &w.D}[r.IntN(2)]
			now += time.Duration(r.IntN(100)) * time.Second
			p := upftest.Segment(of.UE.String(), upftest.Far, uint16(r.IntN(64)), 80, byte(r.IntN(32)))
			if r.IntN(2) == 0 {
				p = upftest.Datagram(of.UE.String(), upftest.Far, uint16(r.IntN(64)), 80, 1)
			}
			if v := s.Uplink(now, of.Radio, upftest.GPDU(of.TEID, p)); v.Action == upf.ToN6 {
				s.Downlink(now, upftest.Reply(v.Packet))
			}
		}
		payload = payload[:min(len(payload), 1000)]
		p := upftest.Datagram("10.46.0.2", upftest.Far, sport, dport, payload...)
		switch kind % 3 {
		case 1:
			p = upftest.Segment("10.46.0.2", upftest.Far, sport, dport, byte(seed), payload...)
		case 2:
			p = upftest.Message("10.46.0.2", upftest.Far, 8, 0, append([]byte{byte(sport >> 8), byte(sport), 0, 1}, payload...)...)
		}
		v := s.Uplink(now, w.C.Radio, upftest.GPDU(w.C.TEID, p))
		if v.Reason == upf.ReasonPorts || v.Reason == upf.ReasonDHCPServer {
			return // all of the block is in use, or what no device may send
		}
		if v.Action != upf.ToN6 || !upftest.Right(v.Packet) {
			t.Fatalf("%v: % x", v.Reason, v.Packet)
		}
		back := s.Downlink(now, upftest.Reply(v.Packet))
		if want := upftest.Aged(upftest.Reply(p)); back.Action != upf.ToN3 || back.TEID != w.C.Remote || !same(back.Packet, want) {
			t.Fatalf("%v: % x; want % x", back.Reason, back.Packet, want)
		}
	})
}

// same compares packets; a checksum of UDP may be written in two ways.
func same(a, b []byte) bool {
	return bytes.Equal(a, b) || len(a) == len(b) && upftest.Right(a) && upftest.Right(b) && a[9] == upftest.UDP
}
