package upf_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/pfcp"
)

const (
	toAll = "\xff\xff\xff\xff\xff\xff"
	macF  = "\x02\x00\x00\x00\x0f\x01"
	macG  = "\x02\x00\x00\x00\x10\x01"
)

// frame is one of an EtherType for experiments.
func frame(dst, src string) []byte { return upftest.Ethernet(dst, src, []byte{0x88, 0xb5}, 'x') }

// sends has a device send a frame, and gives what comes of it: the copies, or the reason why there is none.
func sends(s *upf.Sessions, now time.Duration, of *upftest.Session, b []byte) (copies []upf.Verdict, why upf.Reason) {
	v := s.Uplink(now, of.Radio, upftest.GPDU(of.TEID, b))
	if v.Action != upf.ToBridge {
		return nil, v.Reason
	}
	v = s.Switch(now, v.TEID, v.Packet, func(c upf.Verdict) {
		c.Head, c.Packet = bytes.Clone(c.Head), bytes.Clone(c.Packet)
		copies = append(copies, c)
	})
	return copies, v.Reason
}

// where are the tunnels that copies go to, and 1 for N6.
func where(copies []upf.Verdict) (to []ident.TEID) {
	for _, c := range copies {
		switch c.Action {
		case upf.ToN6:
			to = append(to, 1)
		default:
			to = append(to, c.TEID)
		}
	}
	return to
}

func TestBridgeFloods(t *testing.T) {
	s, w := network(t, nil)
	copies, why := sends(s, time.Minute, &w.F, frame(toAll, macF))
	if to := where(copies); why != 0 || !slices.Equal(to, []ident.TEID{1, w.G.Remote}) {
		t.Errorf("to %v, %v; want N6 and G", to, why)
	}
	var to []upf.Verdict
	s.Frame(time.Minute, 0, frame(toAll, "\x02\x00\x00\x00\x06\x01"), func(v upf.Verdict) { to = append(to, v) })
	if got := where(to); !slices.Equal(got, []ident.TEID{w.F.Remote, w.G.Remote}) {
		t.Errorf("from N6 to %v; want F and G", got)
	}
	if u, _ := s.Usage(w.G.SEID); u.DownlinkPackets != 2 || u.DownlinkBytes != 30 {
		t.Errorf("G: %+v", u)
	}
	if u, _ := s.Usage(w.F.SEID); u.UplinkPackets != 1 || u.UplinkBytes != 15 || u.DownlinkPackets != 1 {
		t.Errorf("F: %+v", u)
	}
}

// TestBridgeAges: an address stays where it is while it is used, and for the age after; then another may have it.
func TestBridgeAges(t *testing.T) {
	s, w := network(t, func(c *upf.Config) { c.Bridges[0].Age = time.Minute })
	sends(s, time.Minute, &w.G, frame(toAll, macG))
	for _, step := range []struct {
		at   time.Duration
		of   *upftest.Session
		want upf.Reason
	}{
		{2*time.Minute - 1, &w.F, upf.ReasonSpoofedSource}, {2*time.Minute - 1, &w.G, 0}, {3*time.Minute - 2*time.Second, &w.F, upf.ReasonSpoofedSource},
		{3 * time.Minute, &w.F, 0}, {3 * time.Minute, &w.G, upf.ReasonSpoofedSource},
	} {
		if _, why := sends(s, step.at, step.of, frame(toAll, macG)); why != step.want {
			t.Errorf("at %v: %v; want %v", step.at, why, step.want)
		}
	}
	if copies, _ := sends(s, time.Hour, &w.G, frame(macG, "\x02\x00\x00\x00\x10\x02")); !slices.Equal(where(copies), []ident.TEID{w.F.Remote}) {
		t.Errorf("who was silent for long is not found: %v", where(copies))
	}
	if _, err := s.Delete(0, pfcp.Deletion{SEID: w.F.SEID}); err != nil {
		t.Fatal(err)
	}
	if _, why := sends(s, time.Hour, &w.G, frame(toAll, macG)); why != 0 {
		t.Errorf("after the other has gone: %v", why)
	}
}

// TestBridgeRoom: a session's oldest address goes for a new one when it has been silent.
func TestBridgeRoom(t *testing.T) {
	s, w := network(t, nil)
	for i := range uint16(40) {
		src := "\x02\x00\x00\x01" + string(binary.BigEndian.AppendUint16(nil, i))
		if _, why := sends(s, time.Duration(1+i)*10*time.Minute, &w.F, frame(macG, src)); why != 0 {
			t.Fatalf("address %d: %v", i, why)
		}
	}
}

// TestBridgeHolds: what is for a device that is idle waits and is reported once, be it for it alone or for all.
func TestBridgeHolds(t *testing.T) {
	s, w := network(t, nil)
	sends(s, time.Minute, &w.G, frame(toAll, macG))
	hold := pfcp.Modification{SEID: w.G.SEID, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access}}}
	if _, err := s.Modify(time.Minute, hold, nil); err != nil {
		t.Fatal(err)
	}
	first, _ := sends(s, time.Minute, &w.F, frame(toAll, macF))
	second, _ := sends(s, time.Minute, &w.F, frame(macG, macF))
	if len(first) != 2 || first[1].Action != upf.Held || !first[1].Report || len(second) != 1 || second[0].Action != upf.Held || second[0].Report || second[0].PDR != 2 {
		t.Fatalf("%+v, then %+v", first, second)
	}
	var got [][]byte
	lead := pfcp.Modification{SEID: w.G.SEID, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access,
		Outer: pfcp.OuterHeader{TEID: w.G.Remote, Addr: w.G.Radio.Addr()}}}}
	if _, err := s.Modify(time.Minute, lead, func(v upf.Verdict) { got = append(got, bytes.Clone(v.Packet)) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !bytes.Equal(got[0], frame(toAll, macF)) || !bytes.Equal(got[1], frame(macG, macF)) {
		t.Errorf("% x", got)
	}
}

// TestBridgeSealed: a sealed session's frames go nowhere, and none comes to it.
func TestBridgeSealed(t *testing.T) {
	s, w := network(t, nil)
	sends(s, time.Minute, &w.F, frame(toAll, macF))
	e := w.F.Establishment(6)
	for i := range e.PDRs {
		e.PDRs[i].PDI.Local = pfcp.FTEID{}
		e.PDRs[i].PDI.Filters = []pfcp.SDF{{Remote: netip.MustParsePrefix("198.51.100.9/32")}}
	}
	if _, err := s.Modify(0, pfcp.Modification{SEID: w.F.SEID, PDRs: e.PDRs}, nil); err != nil {
		t.Fatal(err)
	}
	if _, why := sends(s, time.Minute, &w.F, frame(toAll, macF)); why != upf.ReasonNotSealed {
		t.Errorf("from it: %v", why)
	}
	if copies, why := sends(s, time.Minute, &w.G, frame(macF, macG)); why != upf.ReasonNotSealed || len(copies) > 0 {
		t.Errorf("to it: %v", why)
	}
}

// TestBridgeEstablish is what a session of type Ethernet may be.
func TestBridgeEstablish(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*pfcp.Establishment)
		want pfcp.Cause
	}{
		{"a network of IP", func(e *pfcp.Establishment) { e.PDRs[1].PDI.Instance = "internet" }, pfcp.CauseRuleFailure},
		{"an address", func(e *pfcp.Establishment) { e.PDRs[0].PDI.UE = netip.MustParseAddr("10.45.0.9") }, pfcp.CauseMandatoryIncorrect},
		{"another UPF beyond", func(e *pfcp.Establishment) {
			e.FARs[0].Outer = pfcp.OuterHeader{TEID: 1, Addr: netip.MustParseAddr("10.0.9.9")}
		}, pfcp.CauseInvalidForwarding},
		{"no rule from N6", func(e *pfcp.Establishment) { e.PDRs = e.PDRs[:1] }, pfcp.CauseMandatoryMissing},
		{"an IP session of its network", func(e *pfcp.Establishment) {
			for i := range e.PDRs {
				e.PDRs[i].PDI.Ethernet, e.PDRs[i].PDI.UE = false, netip.MustParseAddr("10.45.0.9")
			}
		}, pfcp.CauseRuleFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, w := network(t, func(c *upf.Config) { c.N9 = []netip.Prefix{netip.MustParsePrefix("10.0.9.0/24")} })
			e := w.F.Establishment(50)
			tt.edit(&e)
			_, err := s.Establish(0, e)
			if rej, ok := errors.AsType[*pfcp.Rejection](err); !ok || rej.Cause != tt.want {
				t.Errorf("%v; want cause %v", err, tt.want)
			}
		})
	}
	t.Run("more than there may be", func(t *testing.T) {
		s, w := network(t, nil)
		for n := range 3 {
			if _, err := s.Establish(0, w.F.Establishment(ident.SEID(60+n))); (err == nil) != (n < 2) {
				t.Errorf("session %d: %v", n, err)
			}
		}
	})
	t.Run("its type is for good", func(t *testing.T) {
		s, w := network(t, nil)
		e := w.A.Establishment(1)
		e.PDRs[0].PDI.Local, e.PDRs[1].PDI.Instance = pfcp.FTEID{}, "cell"
		if _, err := s.Modify(0, pfcp.Modification{SEID: w.F.SEID, PDRs: e.PDRs}, nil); err == nil {
			t.Error("a session of frames became one of packets")
		}
		if copies, why := sends(s, time.Minute, &w.F, frame(toAll, macF)); why != 0 || len(copies) != 2 {
			t.Errorf("afterwards: %v", why)
		}
	})
}

// TestBridgeAdopted: a session of frames waits for its SMF after a restart, and then goes on by its tunnel with what it has counted.
func TestBridgeAdopted(t *testing.T) {
	cfg := upftest.Config()
	layout, err := cfg.Layout()
	if err != nil {
		t.Fatal(err)
	}
	mem := upf.NewMemory(layout)
	begin := func() *upf.Sessions {
		s, err := upf.New(cfg, mem)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := begin()
	w, err := upftest.NewWorld(func(e pfcp.Establishment) (pfcp.Established, error) { return s.Establish(0, e) })
	if err != nil {
		t.Fatal(err)
	}
	sends(s, time.Minute, &w.F, frame(toAll, macF))
	s = begin()
	if a := s.Adopt(time.Minute); a.Sessions != 5 || a.Waiting != 3 || a.Removed != [upf.Misfits]int{} {
		t.Fatalf("%+v", a)
	}
	if _, why := sends(s, time.Minute, &w.F, frame(toAll, macF)); why != upf.ReasonGate {
		t.Errorf("before its SMF is back: %v", why)
	}
	for i, v := range w.Frames() {
		e := v.Establishment(ident.SEID(90 + i))
		e.Existing = v.SEID
		if a, err := s.Establish(time.Minute, e); err != nil || a.UP.SEID != v.SEID || a.Created[0].Local.TEID != v.TEID {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	if copies, why := sends(s, time.Minute, &w.F, frame(toAll, macF)); why != 0 || !slices.Equal(where(copies), []ident.TEID{1, w.G.Remote}) {
		t.Errorf("afterwards to %v, %v", where(copies), why)
	}
	if u, _ := s.Usage(w.F.SEID); u.UplinkPackets != 2 {
		t.Errorf("%+v", u)
	}
}

// TestBridgeConfig is what is refused of a configuration.
func TestBridgeConfig(t *testing.T) {
	for _, b := range [][]upf.Bridge{
		{{}}, {{Instance: "a"}, {Instance: "a"}}, {{Instance: "a", Sessions: 5000}}, {{Instance: "a", MTU: 20}}, {{Instance: "a", MTU: 1 << 16}},
		{{Instance: "a", Age: time.Millisecond}}, {{Instance: "a", FloodRate: -1}}, make([]upf.Bridge, 33),
	} {
		cfg := upftest.Config()
		cfg.Bridges = b
		if _, err := cfg.Layout(); err == nil {
			t.Errorf("%+v is taken", b)
		}
	}
}

// FuzzFrames: whatever frame a device sends, nothing is for itself, another network, or the core, and what goes out is what came in.
func FuzzFrames(f *testing.F) {
	f.Add(uint8(0), frame(toAll, macF))
	f.Add(uint8(1), frame(macF, macG))
	f.Add(uint8(2), upftest.ARP(macF, "192.168.7.2", upftest.Core))
	f.Add(uint8(0), upftest.Ethernet(macG, macF, []byte{0x81, 0, 0, 1, 8, 0}, upftest.Datagram("192.168.7.2", upftest.Core, 1, 2)...))
	f.Fuzz(func(t *testing.T, n uint8, b []byte) {
		s, w := network(t, func(c *upf.Config) { c.Bridges[0].FloodUnknown = true })
		of := w.Frames()[int(n)%3]
		copies, _ := sends(s, time.Minute, of, bytes.Clone(b))
		for _, c := range copies {
			to := slices.IndexFunc(w.Frames(), func(v *upftest.Session) bool { return c.Action == upf.ToN3 && v.Remote == c.TEID })
			switch {
			case !bytes.Equal(c.Packet, b):
				t.Fatalf("% x went out", c.Packet)
			case c.Action == upf.ToN6 && (of.Instance != "cell" || c.Bridge != 0):
				t.Fatalf("out on N6 %d", c.Bridge)
			case c.Action != upf.ToN6 && (to < 0 || w.Frames()[to] == of || w.Frames()[to].Instance != of.Instance):
				t.Fatalf("to %v", c.TEID)
			case len(b) >= 34 && binary.BigEndian.Uint16(b[12:]) == 0x0800 && netip.MustParsePrefix("10.0.0.0/16").Contains(netip.AddrFrom4([4]byte(b[30:34]))):
				t.Fatalf("to the core: % x", b)
			}
		}
		s.Frame(time.Minute, 0, b, func(c upf.Verdict) {
			if c.TEID == w.H.Remote {
				t.Fatal("to another network")
			}
		})
	})
}

// BenchmarkFrame is what a frame costs from one device to another: both halves of its way.
func BenchmarkFrame(b *testing.B) {
	s, w := network(b, nil)
	sends(s, time.Minute, &w.G, frame(toAll, macG))
	datagram := upftest.GPDU(w.F.TEID, upftest.Ethernet(macG, macF, []byte{0x88, 0xb5}, make([]byte, 46)...))
	none := func(upf.Verdict) {}
	b.ReportAllocs()
	for b.Loop() {
		v := s.Uplink(time.Minute, w.F.Radio, datagram)
		if v = s.Switch(time.Minute, v.TEID, v.Packet, none); v.Action != upf.ToN3 {
			b.Fatal(v.Reason)
		}
	}
}
