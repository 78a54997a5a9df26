package upf

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// hidden is a UPF whose pool shares one public address.
func hidden(t *testing.T, block int) *Sessions {
	t.Helper()
	return newSessions(t, func(c *Config) {
		c.Pools[0].NAT, c.NATBlock = true, block
		c.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.113.8/32")}
	})
}

// segment is a TCP packet with flags.
func segment(src, dst string, sport, dport uint16, flags byte) []byte {
	return ipv4(src, dst, protoTCP, byte(sport>>8), byte(sport), byte(dport>>8), byte(dport), 0, 0, 0, 1, 0, 0, 0, 1, 5<<4, flags, 0, 0, 0, 0, 0, 0)
}

// TestNATIdle: how long a port stays open to the world, by what was last seen of it.
func TestNATIdle(t *testing.T) {
	type step struct {
		at   time.Duration // seconds after the one before
		back bool          // from the world
		b    []byte
		want Reason
	}
	const port = 1056 + 5000%16
	udpOut, udpIn := udp(ueA, far, 5000, 53), udp(far, "203.0.113.8", 53, port)
	ping := func(src, dst string, typ byte, id uint16) []byte {
		return ipv4(src, dst, protoICMP, typ, 0, 0, 0, byte(id>>8), byte(id), 0, 1)
	}
	tcpOut := func(flags byte) []byte { return segment(ueA, far, 5000, 80, flags) }
	tcpIn := func(flags byte) []byte { return segment(far, "203.0.113.8", 80, port, flags) }
	for _, tt := range []struct {
		name  string
		steps []step
	}{
		{"UDP within its time", []step{{0, false, udpOut, 0}, {NATIdleUDP, true, udpIn, 0}}},
		{"UDP after its time", []step{{0, false, udpOut, 0}, {NATIdleUDP + 1, true, udpIn, ReasonUnmapped}}},
		{"UDP that the device keeps up", []step{{0, false, udpOut, 0}, {200, false, udpOut, 0}, {200, true, udpIn, 0}}},
		{"UDP that only the world would keep up", []step{{0, false, udpOut, 0}, {200, true, udpIn, 0}, {200, true, udpIn, ReasonUnmapped}}},
		{"UDP that comes again", []step{{0, false, udpOut, 0}, {1000, false, udpOut, 0}, {1, true, udpIn, 0}}},
		{"a ping after its time", []step{{0, false, ping(ueA, far, 8, 5000), 0}, {NATIdleICMP + 1, true, ping(far, "203.0.113.8", 0, port), ReasonUnmapped}}},
		{"TCP that is asked for", []step{{0, false, tcpOut(tcpSYN), 0}, {NATIdleHalf + 1, true, tcpIn(tcpSYN | tcpACK), ReasonUnmapped}}},
		{"TCP that stands", []step{{0, false, tcpOut(tcpSYN), 0}, {1, true, tcpIn(tcpSYN | tcpACK), 0}, {1, false, tcpOut(tcpACK), 0},
			{NATIdleTCP, true, tcpIn(tcpACK), 0}, {NATIdleTCP, true, tcpIn(tcpACK), 0}, {NATIdleTCP + 1, true, tcpIn(tcpACK), ReasonUnmapped}}},
		{"TCP that the device ends", []step{{0, false, tcpOut(tcpACK), 0}, {1, false, tcpOut(tcpFIN | tcpACK), 0}, {1, false, tcpOut(tcpACK), 0},
			{NATIdleHalf + 1, true, tcpIn(tcpACK), ReasonUnmapped}}},
		{"TCP that the world resets", []step{{0, false, tcpOut(tcpACK), 0}, {1, true, tcpIn(tcpRST), 0}, {NATIdleHalf + 1, true, tcpIn(tcpACK), ReasonUnmapped}}},
		{"TCP that begins anew", []step{{0, false, tcpOut(tcpRST), 0}, {1, false, tcpOut(tcpSYN), 0}, {1, false, tcpOut(tcpACK), 0},
			{NATIdleHalf + 1, true, tcpIn(tcpACK), 0}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, now := hidden(t, 16), time.Hour
			v := attach(t, s, 1, ueA, gnbA)
			for i, st := range tt.steps {
				now += st.at * time.Second
				var got Verdict
				if st.back {
					got = s.Downlink(now, append([]byte(nil), st.b...))
				} else {
					got = s.Uplink(now, gnbA, gpdu(v.teid, st.b))
				}
				if got.Reason != st.want {
					t.Errorf("packet %d: %v; want %v", i, got.Reason, st.want)
				}
			}
		})
	}
}

// TestNATFull: a device that has used its block up gets a port again when one is idle, or when
// a connection of its has ended; and it never gets one of another's block.
func TestNATFull(t *testing.T) {
	s := hidden(t, 16)
	v := attach(t, s, 1, ueA, gnbA)
	out := func(now time.Duration, b []byte) Reason { return s.Uplink(now, gnbA, gpdu(v.teid, b)).Reason }
	now := time.Hour
	for i := range uint16(15) {
		if r := out(now, udp(ueA, far, 100+i, 53)); r != ReasonNone {
			t.Fatalf("port %d: %v", i, r)
		}
	}
	if r := out(now, segment(ueA, far, 9, 80, tcpACK)); r != ReasonNone {
		t.Fatal(r)
	}
	for _, later := range []time.Duration{0, 5 * time.Second} {
		if r := out(now+later, udp(ueA, far, 200, 53)); r != ReasonPorts {
			t.Errorf("one port more than there are, %v on: %v", later, r)
		}
	}
	out(now, segment(ueA, far, 9, 80, tcpFIN))
	if r := out(now, udp(ueA, far, 201, 53)); r != ReasonPorts {
		t.Errorf("the place of a connection that has just ended: %v", r)
	}
	if r := out(now+5*time.Second, udp(ueA, far, 202, 53)); r != ReasonNone {
		t.Errorf("the place of a connection that has ended: %v", r)
	}
	if r := out(now+NATIdleUDP*time.Second+6*time.Second, udp(ueA, far, 203, 53)); r != ReasonNone {
		t.Errorf("the place of an idle port: %v", r)
	}
}

// TestNATVictim: of the connections that have ended, the one that did so first gives its place away.
func TestNATVictim(t *testing.T) {
	s := hidden(t, 16)
	v := attach(t, s, 1, ueA, gnbA)
	out := func(now time.Duration, b []byte) (port uint16) {
		got := s.Uplink(now, gnbA, gpdu(v.teid, b))
		if got.Action != ToN6 {
			t.Fatal(got.Reason)
		}
		return binary.BigEndian.Uint16(got.Packet[20:])
	}
	now := time.Hour
	for i := range uint16(14) {
		out(now, udp(ueA, far, 100+i, 53))
	}
	late, early := segment(ueA, far, 9, 80, tcpFIN), segment(ueA, far, 10, 80, tcpFIN)
	out(now, late)
	first := out(now, early)
	out(now+3*time.Second, late)
	if p := out(now+5*time.Second, udp(ueA, far, 200, 53)); p != first {
		t.Errorf("port %d; want %d", p, first)
	}
}

// TestNATSecond: blocks lie on the second public address when the first one's are taken, and lead back from there.
func TestNATSecond(t *testing.T) {
	s := newSessions(t, func(c *Config) {
		c.Pools[0].NAT, c.NATBlock = true, 4096
		c.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.113.8/31")}
	})
	const ue = "10.45.0.17" // two more than an address has blocks
	v := attach(t, s, 1, ue, gnbA)
	got := s.Uplink(time.Minute, gnbA, gpdu(v.teid, udp(ue, far, 7, 53)))
	if want := udp("203.0.113.9", far, 4096*3+7, 53); got.Action != ToN6 || !bytes.Equal(got.Packet[12:24], want[12:24]) {
		t.Fatalf("%v: % x", got.Reason, got.Packet)
	}
	if got := s.Downlink(time.Minute, udp(far, "203.0.113.8", 53, 4096*3+7)); got.Reason != ReasonUnmapped {
		t.Errorf("to the first address: %v", got.Reason)
	}
	if got := s.Downlink(time.Minute, udp(far, "203.0.113.9", 53, 4096*3+7)); got.Action != ToN3 || !bytes.Equal(got.Packet[16:20], []byte{10, 45, 0, 17}) {
		t.Errorf("to the second: %v", got.Reason)
	}
	if _, err := s.Delete(0, pfcp.Deletion{SEID: v.seid}); err != nil {
		t.Fatal(err)
	}
	if got := s.Downlink(time.Minute, udp(far, "203.0.113.9", 53, 4096*3+7)); got.Reason != ReasonUnmapped {
		t.Errorf("after the session: %v", got.Reason)
	}
}

// TestNATPieces: a later fragment follows the first one of its own packet, for a while.
func TestNATPieces(t *testing.T) {
	s := hidden(t, 16)
	v := attach(t, s, 1, ueA, gnbA)
	now := time.Hour
	out := s.Uplink(now, gnbA, gpdu(v.teid, udp(ueA, far, 5000, 53)))
	if out.Action != ToN6 {
		t.Fatal(out.Reason)
	}
	piece := func(id, field uint16) []byte {
		b := ipv4(far, "203.0.113.8", protoUDP, 0, 53, out.Packet[20], out.Packet[21], 0, 64, 0, 0)
		binary.BigEndian.PutUint16(b[4:], id)
		binary.BigEndian.PutUint16(b[6:], field)
		return b
	}
	for _, st := range []struct {
		after     time.Duration
		id, field uint16
		want      Reason
	}{
		{0, 7, moreFragments, ReasonNone},
		{time.Second, 7, 1, ReasonNone},
		{time.Second, 7 + uint16(len(s.nat.pieces)), 1, ReasonUnmapped}, // another packet's, which has the same place
		{pieceTime - time.Nanosecond, 7, 1, ReasonNone},
		{pieceTime, 7, 1, ReasonUnmapped},
	} {
		if got := s.Downlink(now+st.after, piece(st.id, st.field)); got.Reason != st.want {
			t.Errorf("after %v, packet %d: %v; want %v", st.after, st.id, got.Reason, st.want)
		}
	}
}

// TestNATBlocks: an address has always the same block, or another if that is taken; a session without
// one is refused, and one that ends gives its block back, with nothing in it.
func TestNATBlocks(t *testing.T) {
	s := hidden(t, 4096) // fifteen
	source := func(v session) (port uint16) {
		got := s.Uplink(time.Minute, gnbA, gpdu(v.teid, udp(v.ue.String(), far, 0, 53)))
		if got.Action != ToN6 {
			t.Fatal(got.Reason)
		}
		return uint16(got.Packet[20])<<8 | uint16(got.Packet[21])
	}
	ue := func(i int) string { return addrOf(0x0a2d0000 + uint32(i)).String() }
	a := attach(t, s, 1, ue(2), gnbA)
	if p := source(a); p != 4096*3 {
		t.Errorf("port %d", p)
	}
	if got := s.Uplink(time.Minute, gnbA, gpdu(a.teid, udp(a.ue.String(), far, 5, 53))); got.Action != ToN6 {
		t.Error(got.Reason)
	}
	b := attach(t, s, 2, ue(17), gnbA) // would have the same
	if p := source(b); p != 4096*4 {
		t.Errorf("port %d of the next block", p)
	}
	if _, err := s.Delete(0, pfcp.Deletion{SEID: a.seid}); err != nil {
		t.Fatal(err)
	}
	for _, port := range []uint16{0, 5} {
		if got := s.Downlink(time.Minute, udp(far, "203.0.113.8", 53, 4096*3+port)); got.Reason != ReasonUnmapped {
			t.Errorf("to a port of a session that has ended: %v", got.Reason)
		}
	}
	if p := source(attach(t, s, 1, ue(2), gnbA)); p != 4096*3 {
		t.Errorf("port %d after all", p)
	}
	for i := range 13 {
		attach(t, s, 10, ue(100+i), gnbA)
	}
	e := establishment(1, netip.MustParseAddr(ue(200)))
	if a, err := s.Establish(0, e); err == nil || a.Cause != pfcp.CauseNoResources || s.Count() != 15 {
		t.Errorf("%+v, %v, %d sessions", a, err, s.Count())
	}
}

// A radio may be reached over IPv6, if the user plane's own address is one.
func TestN3IPv6(t *testing.T) {
	own, radio := netip.MustParseAddr("fd00::1"), netip.MustParseAddrPort("[fd00::2:1]:2152")
	s := newSessions(t, func(c *Config) {
		c.N3, c.RAN = own, nil
		c.Forbidden = append(c.Forbidden, netip.MustParsePrefix("fd00::/112"))
		c.Pools = append(c.Pools, Pool{Instance: internet, Prefix: netip.MustParsePrefix("2001:db8::/48")})
	})
	v := attach(t, s, 1, ueA, radio)
	live(t, s, v, radio)
	if m := s.mem.Settings[0]; m.N3v4 != 0 || m.N3v6 != own.As16() {
		t.Errorf("settings %+v", m)
	}
	got := s.Uplink(0, radio, gpdu(7, udp(ueA, far, 1, 2)))
	_, rest, _ := gtpu.Parse(got.Packet)
	if m, err := gtpu.ParseErrorIndication(rest); err != nil || m.Peer != own || got.To != radio {
		t.Errorf("%+v to %v, %v", m, got.To, err)
	}
	for _, bad := range []string{"fd00::1", "fd00::99", "2001:db8::7", "ff02::1", "::1", "fe80::1", "10.0.1.1"} {
		if _, err := s.Modify(0, toRadio(v.seid, netip.MustParseAddr(bad), 9), nil); err == nil {
			t.Errorf("downlink goes to %s", bad)
		}
	}
	live(t, s, v, radio)
}

// TestSpecial: no address that anything is to be asked of is taken for an ordinary one.
func TestSpecial(t *testing.T) {
	s := newSessions(t, func(c *Config) {
		c.Pools = append(c.Pools, Pool{Instance: internet, Prefix: netip.MustParsePrefix("2a00:1234:5600::/44")})
		c.Forbidden = append(c.Forbidden, netip.MustParsePrefix("2c00::/6"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("2a01::1/128"))
		c.Services = []Service{{netip.MustParseAddr("9.9.9.9"), protoUDP, 53}, {netip.MustParseAddr("2620:fe::fe"), protoUDP, 53}}
	})
	if s.isSpecial(4, addr{0, 0x08080808}) || s.isSpecial(6, addr{0x2606_4700 << 32, 1}) {
		t.Error("an ordinary address is special")
	}
	for v := range uint64(1 << 16) {
		for _, low := range []uint64{0, 1, 0x1234, 0xffff} {
			a4, a6 := addr{0, v<<16 | low}, addr{v<<48 | low<<32, low}
			asked4 := nowhere(uint32(a4.lo)) || within(s.forbidden, 4, 0, a4.lo) || s.poolOf(4, a4) != nil
			asked6 := s.nowhere(6, a6) || within(s.forbidden, 6, a6.hi, a6.lo) || s.poolOf(6, a6) != nil || linkOnly(a6)
			if asked4 && !s.isSpecial(4, a4) || asked6 && !s.isSpecial(6, a6) {
				t.Fatalf("%v or %v", addrOf(uint32(a4.lo)), addr6(a6.hi, a6.lo))
			}
		}
	}
	for _, a := range []string{"10.45.1.1", "172.31.9.9", "9.9.9.9", "2a00:1234:5605::1", "2a01::1", "2620:fe::fe", "2f00::1", "64:ff9b::1"} {
		family, hi, lo := halves(netip.MustParseAddr(a))
		if !s.isSpecial(family, addr{hi, lo}) {
			t.Errorf("%s is ordinary", a)
		}
	}
}

// TestNATTold: whoever asks for a session hears which ports it has, also when it comes by them later, and when another process takes
// it over.
func TestNATTold(t *testing.T) {
	s := hidden(t, 256)
	e := establishment(1, netip.MustParseAddr(ueA))
	a, err := s.Establish(0, e)
	if err != nil || a.Public.Addr != netip.MustParseAddr("203.0.113.8") || a.Public.First < 1024 || a.Public.Last != a.Public.First+255 {
		t.Fatalf("%+v, %v", a, err)
	}
	m, err := s.Modify(0, toRadio(a.UP.SEID, gnbA.Addr(), 9), nil)
	if err != nil || m.Public.Addr.IsValid() {
		t.Errorf("what it has already is told again: %+v, %v", m, err)
	}
	e.Existing = a.UP.SEID
	again, err := s.Establish(0, e)
	if err != nil || again.Public != a.Public || again.UP.SEID != a.UP.SEID {
		t.Errorf("%+v, %v", again, err)
	}
	open := newSessions(t, func(*Config) {})
	if a, err := open.Establish(0, establishment(1, netip.MustParseAddr(ueA))); err != nil || a.Public.Addr.IsValid() {
		t.Errorf("without NAT: %+v, %v", a, err)
	}
}
