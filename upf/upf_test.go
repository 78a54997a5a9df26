package upf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const (
	internet = ident.DNN("internet")
	qfi      = 1
)

var (
	n3   = netip.MustParseAddr("10.0.0.1")
	gnbA = netip.MustParseAddrPort("10.0.1.1:2152")
	gnbB = netip.MustParseAddrPort("10.0.1.2:2152")
)

// testConfig is a UPF with one pool of devices and everything of the core in 10/8 forbidden.
func testConfig() Config {
	r := rand.New(rand.NewPCG(1, 2))
	return Config{
		N3:          n3,
		Pools:       []Pool{{Instance: internet, Prefix: netip.MustParsePrefix("10.45.0.0/16")}},
		RAN:         []netip.Prefix{netip.MustParsePrefix("10.0.1.0/24")},
		Forbidden:   []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16"), netip.MustParsePrefix("192.0.2.0/24")},
		MaxSessions: 1000,
		Random:      r.Uint64,
	}
}

func newSessions(t testing.TB, change func(*Config)) *Sessions {
	t.Helper()
	cfg := testConfig()
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// establishment is a session for ue whose downlink waits.
func establishment(cp ident.SEID, ue netip.Addr) pfcp.Establishment {
	return pfcp.Establishment{
		CP: pfcp.FSEID{SEID: cp},
		PDRs: []pfcp.PDR{
			{ID: 1, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, Instance: internet, UE: ue},
				RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1, 2}},
			{ID: 2, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Core, Instance: internet, UE: ue}, FAR: 2, QERs: []pfcp.QERID{1, 2}},
		},
		FARs: []pfcp.FAR{
			{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core, Instance: internet},
			{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access},
		},
		QERs: []pfcp.QER{
			{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited},
			{ID: 2, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: qfi},
		},
	}
}

func toRadio(seid ident.SEID, gnb netip.Addr, teid ident.TEID) pfcp.Modification {
	return pfcp.Modification{SEID: seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access,
		Outer: pfcp.OuterHeader{TEID: teid, Addr: gnb}}}}
}

type session struct {
	ue   netip.Addr
	seid ident.SEID
	teid ident.TEID // ours
	gnb  ident.TEID // the radio's
}

// attach makes a session of ue at a radio, all of it in working order.
func attach(t testing.TB, s *Sessions, cp ident.SEID, ue string, gnb netip.AddrPort) session {
	t.Helper()
	addr := netip.MustParseAddr(ue)
	a, err := s.Establish(0, establishment(cp, addr))
	if err != nil {
		t.Fatal(err)
	}
	v := session{ue: addr, seid: a.UP.SEID, teid: a.Created[0].Local.TEID, gnb: ident.TEID(0x1000 + cp)}
	if _, err := s.Modify(0, toRadio(v.seid, gnb.Addr(), v.gnb), nil); err != nil {
		t.Fatal(err)
	}
	return v
}

// ipv4 is a packet with a correct header.
func ipv4(src, dst string, proto uint8, payload ...byte) []byte {
	n := ipHeader + len(payload)
	b := []byte{0x45, 0, byte(n >> 8), byte(n), 0, 0, 0, 0, 64, proto, 0, 0}
	s, d := netip.MustParseAddr(src).As4(), netip.MustParseAddr(dst).As4()
	b = append(append(b, s[:]...), d[:]...)
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return append(b, payload...)
}

func udp(src, dst string, sport, dport uint16, payload ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return ipv4(src, dst, protoUDP, append(append(b, 0, 0), payload...)...)
}

// gpdu wraps a packet as a radio does.
func gpdu(teid ident.TEID, inner []byte) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: teid, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
	return append(h.Append(nil, len(inner)), inner...)
}

func TestEntriesAreSmall(t *testing.T) {
	for what, v := range map[string][2]uintptr{
		"a line": {unsafe.Sizeof(Line{}), LineSize}, "settings": {unsafe.Sizeof(Settings{}), 176}, "a pool": {unsafe.Sizeof(PoolEntry{}), 40},
		"a range": {unsafe.Sizeof(Range{}), 40}, "a service": {unsafe.Sizeof(ServiceEntry{}), 24}, "a record": {unsafe.Sizeof(Record{}), 96},
		"a peer": {unsafe.Sizeof(PeerEntry{}), 64}, "counters": {unsafe.Sizeof(PeerCounters{}), 80}, "a rule": {unsafe.Sizeof(Rule{}), 56},
		"a rule set": {unsafe.Sizeof(RuleSet{}), 8 + 16*56}, "a NAT entry": {unsafe.Sizeof(NATEntry{}), 16},
	} {
		if v[0] != v[1] {
			t.Errorf("%s has %d octets, want %d", what, v[0], v[1])
		}
	}
	if n := unsafe.Sizeof(state{}); n > 16 {
		t.Errorf("a session's rules have %d octets", n)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no randomness":                 func(c *Config) { c.Random = nil },
		"no N3":                         func(c *Config) { c.N3 = netip.Addr{} },
		"wildcard N3":                   func(c *Config) { c.N3 = netip.IPv4Unspecified() },
		"MTU":                           func(c *Config) { c.MTU = 500 },
		"MTU of N6":                     func(c *Config) { c.MTUN6 = 500 },
		"MTU for IPv6":                  func(c *Config) { c.MTU, c.Pools[0].Prefix = 1279, netip.MustParsePrefix("2001:db8::/48") },
		"sessions":                      func(c *Config) { c.MaxSessions = 1<<20 + 1 },
		"IPv6 pool of one":              func(c *Config) { c.Pools[0].Prefix = netip.MustParsePrefix("2001:db8::/64") },
		"IPv6 pool with NAT":            func(c *Config) { c.Pools[0] = Pool{"", netip.MustParsePrefix("2001:db8::/48"), netip.Addr{}, true} },
		"public addresses that overlap": func(c *Config) { c.NAT = []netip.Prefix{netip.MustParsePrefix("10.45.7.0/30")} },
		"too many public addresses":     func(c *Config) { c.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.112.0/23")} },
		"NAT block":                     func(c *Config) { c.NATBlock = 100 },
		"peers":                         func(c *Config) { c.MaxPeers = 1 << 16 },
		"DSCP":                          func(c *Config) { c.DSCP[9] = 64 },
		"tiny pool":                     func(c *Config) { c.Pools[0].Prefix = netip.MustParsePrefix("10.45.0.0/31") },
		"foreign gateway":               func(c *Config) { c.Pools[0].Gateway = netip.MustParseAddr("10.46.0.1") },
		"overlapping": func(c *Config) {
			c.Pools = append(c.Pools, Pool{"ims", netip.MustParsePrefix("10.45.128.0/24"), netip.Addr{}, false})
		},
		"zero prefix":  func(c *Config) { c.Forbidden = append(c.Forbidden, netip.Prefix{}) },
		"SCTP service": func(c *Config) { c.Services = []Service{{netip.MustParseAddr("192.0.2.1"), 132, 1}} },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig()
			change(&cfg)
			if s, err := New(cfg, nil); err == nil || s != nil {
				t.Errorf("%v, %v", s, err)
			}
		})
	}
}

func TestEstablishRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*pfcp.Establishment)
		want   pfcp.Cause
	}{
		{"no CP F-SEID", func(e *pfcp.Establishment) { e.CP.SEID = 0 }, pfcp.CauseMandatoryMissing},
		{"no rules", func(e *pfcp.Establishment) { e.PDRs = nil }, pfcp.CauseMandatoryMissing},
		{"two uplink rules", func(e *pfcp.Establishment) { e.PDRs[1].PDI.Source = pfcp.Access }, pfcp.CauseRuleFailure},
		{"one identifier", func(e *pfcp.Establishment) { e.PDRs[1].ID = 1 }, pfcp.CauseRuleFailure},
		{"F-TEID elsewhere", func(e *pfcp.Establishment) { e.PDRs[0].PDI.Local = pfcp.FTEID{TEID: 7, Addr: gnbA.Addr()} }, pfcp.CauseInvalidFTEID},
		{"outer header stays", func(e *pfcp.Establishment) { e.PDRs[0].RemoveOuterHeader = false }, pfcp.CauseRuleFailure},
		{"no address", func(e *pfcp.Establishment) { e.PDRs[1].PDI.UE = netip.Addr{} }, pfcp.CauseMandatoryIncorrect},
		{"two addresses", func(e *pfcp.Establishment) { e.PDRs[0].PDI.UE = netip.MustParseAddr("10.45.0.9") }, pfcp.CauseMandatoryIncorrect},
		{"address outside the pool", func(e *pfcp.Establishment) { setUE(e, "10.46.0.2") }, pfcp.CauseRuleFailure},
		{"the gateway's address", func(e *pfcp.Establishment) { setUE(e, "10.45.0.1") }, pfcp.CauseRuleFailure},
		{"the network's address", func(e *pfcp.Establishment) { setUE(e, "10.45.0.0") }, pfcp.CauseRuleFailure},
		{"the broadcast address", func(e *pfcp.Establishment) { setUE(e, "10.45.255.255") }, pfcp.CauseRuleFailure},
		{"another network instance", func(e *pfcp.Establishment) { e.PDRs[1].PDI.Instance = "ims" }, pfcp.CauseRuleFailure},
		{"N4-06 a victim's address", func(e *pfcp.Establishment) { setUE(e, "10.45.0.2") }, pfcp.CauseRuleFailure},
		{"one FAR", func(e *pfcp.Establishment) { e.FARs = e.FARs[:1] }, pfcp.CauseRuleFailure},
		{"FAR twice", func(e *pfcp.Establishment) { e.FARs[1] = e.FARs[0] }, pfcp.CauseRuleFailure},
		{"one FAR for both", func(e *pfcp.Establishment) { e.PDRs[1].FAR = 1 }, pfcp.CauseRuleFailure},
		{"N4-07 duplicate", func(e *pfcp.Establishment) { e.FARs[0].Action = pfcp.Forward | 16 }, pfcp.CauseInvalidForwarding},
		{"no action", func(e *pfcp.Establishment) { e.FARs[1].Action = 0 }, pfcp.CauseInvalidForwarding},
		{"uplink to access", func(e *pfcp.Establishment) {
			e.FARs[0].Destination, e.FARs[0].Outer = pfcp.Access, pfcp.OuterHeader{TEID: 1, Addr: gnbA.Addr()}
		}, pfcp.CauseInvalidForwarding},
		{"unknown QER", func(e *pfcp.Establishment) { e.PDRs[0].QERs[0] = 9 }, pfcp.CauseRuleFailure},
		{"too many QERs", func(e *pfcp.Establishment) {
			for id := range pfcp.QERID(maxQERs - 1) {
				e.QERs = append(e.QERs, pfcp.QER{ID: 3 + id})
			}
		}, pfcp.CauseRuleFailure},
		{"QER twice", func(e *pfcp.Establishment) { e.QERs[1].ID = 1 }, pfcp.CauseRuleFailure},
		{"QFI 64", func(e *pfcp.Establishment) { e.QERs[1].QFI = 64 }, pfcp.CauseMandatoryIncorrect},
		{"no QFI", func(e *pfcp.Establishment) { e.QERs[1].QFI = 0 }, pfcp.CauseRuleFailure},
		{"rate", func(e *pfcp.Establishment) { e.QERs[0].UplinkMBR = pfcp.Unlimited + 1 }, pfcp.CauseMandatoryIncorrect},
		{"N4-09 more than there is room for", func(*pfcp.Establishment) {}, pfcp.CauseNoResources},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, func(c *Config) { c.MaxSessions = 1 })
			victim := attach(t, s, 1, "10.45.0.2", gnbA)
			e := establishment(2, netip.MustParseAddr("10.45.0.3"))
			tt.change(&e)
			a, err := s.Establish(0, e)
			rej, ok := errors.AsType[*pfcp.Rejection](err)
			if !ok || a.Cause != tt.want || rej.Cause != tt.want || a.UP.SEID != 0 || a.Created != nil {
				t.Errorf("%+v, %v; want %v", a, err, tt.want)
			}
			if s.Count() != 1 {
				t.Errorf("%d sessions", s.Count())
			}
			live(t, s, victim, gnbA)
		})
	}
}

func setUE(e *pfcp.Establishment, ue string) {
	e.PDRs[0].PDI.UE, e.PDRs[1].PDI.UE = netip.MustParseAddr(ue), netip.MustParseAddr(ue)
}

// aged is a packet one hop on.
func aged(b []byte) []byte {
	b = bytes.Clone(b)
	if b[0]>>4 == 6 {
		b[7]--
		return b
	}
	b[8]--
	binary.BigEndian.PutUint16(b[10:], 0)
	binary.BigEndian.PutUint16(b[10:], checksum(b[:ipHeader]))
	return b
}

// view is an IPv4 packet's addresses.
type view []byte

func (v view) source() uint32      { return binary.BigEndian.Uint32(v[12:]) }
func (v view) destination() uint32 { return binary.BigEndian.Uint32(v[16:]) }
func (v view) protocol() uint8     { return v[9] }

// live is the oracle: the session passes traffic both ways.
func live(t *testing.T, s *Sessions, v session, gnb netip.AddrPort) {
	t.Helper()
	const now = time.Hour
	up := udp(v.ue.String(), "198.51.100.1", 1000, 7, 'x')
	if got := s.Uplink(now, gnb, gpdu(v.teid, up)); got.Action != ToN6 || string(got.Packet) != string(aged(up)) {
		t.Errorf("the victim's uplink: %v %v", got.Action, got.Reason)
	}
	down := udp("198.51.100.1", v.ue.String(), 7, 1000, 'x')
	if got := s.Downlink(now, down); got.Action != ToN3 || got.To != netip.AddrPortFrom(gnb.Addr(), gtpu.Port) || got.TEID != v.gnb {
		t.Errorf("the victim's downlink: %v %v to %v", got.Action, got.Reason, got.To)
	}
}

// words are all that a line holds.
func words(l *Line) [8]uint64 {
	return [8]uint64{l.Tunnel.Load(), l.Device.Load(), l.UE6.Load(), l.Treatment.Load(), l.TAT.Load(), l.Word.Load(), l.Octets.Load(), l.Packets.Load()}
}

// image is a session's whole state, to compare before and after.
func image(s *Sessions, v session) string {
	i, _ := s.find(v.seid)
	up, down := s.lines(i)
	st := s.slots.state(i)
	return fmt.Sprintf("%x %x %+v %+v %+v", words(up), words(down), s.mem.Records[i], st.shape, st.more)
}

func TestModifyRefusesWhole(t *testing.T) {
	good := pfcp.FAR{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: 9, Addr: gnbB.Addr()}}
	radio := func(addr string, teid ident.TEID) pfcp.FAR {
		f := good
		f.Outer = pfcp.OuterHeader{TEID: teid, Addr: netip.MustParseAddr(addr)}
		return f
	}
	for _, tt := range []struct {
		name string
		fars []pfcp.FAR
		qers []pfcp.QER
		want pfcp.Cause
	}{
		{"good, then an unknown FAR", []pfcp.FAR{good, {ID: 7, Action: pfcp.Drop}}, nil, pfcp.CauseRuleFailure},
		{"good, then an unknown QER", []pfcp.FAR{good}, []pfcp.QER{{ID: 7}}, pfcp.CauseRuleFailure},
		{"good, then a QFI that both flows lose", []pfcp.FAR{good}, []pfcp.QER{{ID: 2}}, pfcp.CauseRuleFailure},
		{"N2-30 another's address", []pfcp.FAR{radio("198.51.100.1", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 the UPF itself", []pfcp.FAR{radio("10.0.0.1", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 loopback", []pfcp.FAR{radio("127.0.0.1", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 multicast", []pfcp.FAR{radio("224.0.0.1", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 broadcast", []pfcp.FAR{radio("255.255.255.255", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 a device", []pfcp.FAR{radio("10.45.0.3", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"N2-30 other family", []pfcp.FAR{radio("2001:db8::1", 9)}, nil, pfcp.CauseInvalidForwarding},
		{"TEID 0", []pfcp.FAR{radio("10.0.1.2", 0)}, nil, pfcp.CauseInvalidForwarding},
		{"forward without outer header", []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access}}, nil, pfcp.CauseInvalidForwarding},
		{"downlink to core", []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Core}}, nil, pfcp.CauseInvalidForwarding},
		{"uplink buffered", []pfcp.FAR{{ID: 1, Action: pfcp.Buffer}}, nil, pfcp.CauseInvalidForwarding},
	} {
		for _, ran := range []string{"listed", "any"} {
			t.Run(tt.name+"/"+ran, func(t *testing.T) {
				s := newSessions(t, func(c *Config) {
					if ran == "any" {
						c.RAN = nil
						c.Forbidden = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("198.51.0.0/16")}
					}
				})
				v := attach(t, s, 1, "10.45.0.2", gnbA)
				before := image(s, v)
				m, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: tt.fars, QERs: tt.qers}, nil)
				if err == nil || m.Cause != tt.want || m.CP != 1 {
					t.Errorf("%+v, %v; want %v", m, err, tt.want)
				}
				if image(s, v) != before || len(s.peers.byAddr) != 1 || s.ends.len() != 1 {
					t.Error("a refused modification left its mark")
				}
			})
		}
	}
}

func TestNoSession(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, "10.45.0.2", gnbA)
	for _, seid := range []ident.SEID{0, 1, v.seid ^ 1<<30, v.seid + 1, 1<<64 - 1} {
		if a, err := s.Modify(0, pfcp.Modification{SEID: seid}, nil); err == nil || a.Cause != pfcp.CauseNoSession {
			t.Errorf("SEID %#x: %+v, %v", seid, a, err)
		}
		if a, err := s.Delete(0, pfcp.Deletion{SEID: seid}); err == nil || a.Cause != pfcp.CauseNoSession {
			t.Errorf("SEID %#x: %+v, %v", seid, a, err)
		}
		if _, ok := s.Usage(seid); ok {
			t.Errorf("SEID %#x has a usage", seid)
		}
	}
	live(t, s, v, gnbA)
}

func TestDelete(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, "10.45.0.2", gnbA)
	live(t, s, v, gnbA)
	d, err := s.Delete(time.Second, pfcp.Deletion{SEID: v.seid})
	if want := (pfcp.Usage{UplinkPackets: 1, UplinkBytes: 29, DownlinkPackets: 1, DownlinkBytes: 29}); err != nil || d.Cause != pfcp.CauseAccepted || d.CP != 1 || d.Usage != want {
		t.Fatalf("%+v, %v; want %+v", d, err, want)
	}
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp("10.45.0.2", "198.51.100.1", 1, 2))); got.Reason != ReasonLate || got.Finding() {
		t.Errorf("uplink: %v", got.Reason)
	}
	if got := s.Downlink(0, udp("198.51.100.1", "10.45.0.2", 1, 2)); got.Reason != ReasonUnknownUE {
		t.Errorf("downlink: %v", got.Reason)
	}
	if s.Count() != 0 || len(s.peers.byAddr) != 0 || s.ends.len() != 0 {
		t.Errorf("left behind: %d sessions, peers %v, %d endpoints", s.Count(), s.peers.byAddr, s.ends.len())
	}
	live(t, s, attach(t, s, 1, "10.45.0.2", gnbB), gnbB)
}

// TestSlotsRest: within Rest no TEID's slot comes again, and afterwards not with the same TEID.
func TestSlotsRest(t *testing.T) {
	s := newSessions(t, nil)
	ue := netip.MustParseAddr("10.45.0.2")
	last := map[uint32]time.Duration{}
	teids := map[uint32]ident.TEID{}
	for i := range 20000 {
		now := time.Duration(i) * 10 * time.Millisecond
		a, err := s.Establish(now, establishment(1, ue))
		if err != nil {
			t.Fatal(err)
		}
		teid := a.Created[0].Local.TEID
		slot := uint32(teid) & slotMask
		if at, ok := last[slot]; ok && now-at < Rest {
			t.Fatalf("slot %d after %v", slot, now-at)
		}
		if teids[slot] == teid {
			t.Fatalf("TEID %#x twice in a row", uint32(teid))
		}
		if _, err := s.Delete(now, pfcp.Deletion{SEID: a.UP.SEID}); err != nil {
			t.Fatal(err)
		}
		last[slot], teids[slot] = now, teid
	}
}

// TestTEIDsUnguessable: of many TEIDs none repeats, neighbours are not near each other, and
// every bit above the slot is set about as often as not.
func TestTEIDsUnguessable(t *testing.T) {
	const n = 20000
	s := newSessions(t, func(c *Config) { c.MaxSessions = n })
	seen := map[ident.TEID]bool{}
	var ones [32]int
	near := 0
	var last ident.TEID
	for i := range n {
		a, err := s.Establish(0, establishment(1, addrOf(0x0a2d0002+uint32(i))))
		if err != nil {
			t.Fatal(err)
		}
		teid := a.Created[0].Local.TEID
		if seen[teid] {
			t.Fatalf("%#x twice", uint32(teid))
		}
		seen[teid] = true
		for bit := range ones {
			ones[bit] += int(teid >> bit & 1)
		}
		if d := int64(teid) - int64(last); d > -1<<16 && d < 1<<16 {
			near++
		}
		last = teid
	}
	for bit := slotBits; bit < 32; bit++ {
		if ones[bit] < n*45/100 || ones[bit] > n*55/100 {
			t.Errorf("bit %d is set in %d of %d", bit, ones[bit], n)
		}
	}
	if near > n/100 {
		t.Errorf("%d of %d follow each other closely", near, n)
	}
}

// TestMemory holds a hundred thousand sessions at sixteen radios to their share of the
// memory that a device may have.
func TestMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const n = 50_000
	before := heap()
	s := newSessions(t, func(c *Config) { c.Pools[0].Prefix, c.MaxSessions = netip.MustParsePrefix("10.64.0.0/16"), n })
	for i := range n {
		a, err := s.Establish(0, establishment(ident.SEID(i+1), addrOf(0x0a400002+uint32(i))))
		if err != nil {
			t.Fatal(err)
		}
		radio := addrOf(0x0a000101 + uint32(i%16))
		if _, err := s.Modify(0, toRadio(a.UP.SEID, radio, ident.TEID(i+1)), nil); err != nil {
			t.Fatal(err)
		}
	}
	each := (heap() - before) / n
	t.Logf("%d octets for a session", each)
	if each > 370 {
		t.Error("want at most 370")
	}
	runtime.KeepAlive(s)
}
