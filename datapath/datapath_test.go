package datapath

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const (
	ue     = "10.45.0.2"
	gate   = "10.45.0.1"
	radio  = ident.TEID(0x1001) // the radio's own
	qfi    = 1
	around = time.Minute // long past when what is waited for has come
)

// loopback is an address of this process's own, so that tests at the same time do not meet.
func loopback(last byte) netip.Addr {
	pid := os.Getpid()
	return netip.AddrFrom4([4]byte{127, byte(pid>>8)&0x7f + 1, byte(pid), last})
}

func testConfig(kind N6) Config {
	return Config{
		N3: netip.AddrPortFrom(loopback(1), 0),
		N6: kind,
		UPF: upf.Config{
			Pools: []upf.Pool{{Instance: "internet", Prefix: netip.MustParsePrefix("10.45.0.0/16")}},
		},
	}
}

// gnb is a radio with one device's session.
type gnb struct {
	t    testing.TB
	conn *net.UDPConn
	to   netip.AddrPort
	f    *Forwarder
	seid ident.SEID
	teid ident.TEID
}

func open(t testing.TB, cfg Config) *Forwarder {
	t.Helper()
	f, choice, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if cfg.N6 != Auto && choice.N6 != cfg.N6 || choice.Why == "" {
		t.Fatalf("%+v", choice)
	}
	return f
}

// attach makes a session whose downlink goes to a new socket.
func attach(t testing.TB, f *Forwarder) *gnb {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(2), gtpu.Port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetReadBuffer(4 << 20)
	addr := netip.MustParseAddr(ue)
	a, err := f.Establish(pfcp.Establishment{
		CP: pfcp.FSEID{SEID: 1},
		PDRs: []pfcp.PDR{
			{ID: 1, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, Instance: "internet", UE: addr},
				RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
			{ID: 2, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: addr}, FAR: 2, QERs: []pfcp.QERID{1}},
		},
		FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core}, {ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}},
		QERs: []pfcp.QER{{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: qfi}},
	})
	if err != nil {
		t.Fatal(err)
	}
	g := &gnb{t: t, conn: conn, to: f.N3(), f: f, seid: a.UP.SEID, teid: a.Created[0].Local.TEID}
	g.reach()
	return g
}

// reach leads the session to the radio.
func (g *gnb) reach() {
	g.t.Helper()
	_, err := g.f.Modify(pfcp.Modification{SEID: g.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access,
		Outer: pfcp.OuterHeader{TEID: radio, Addr: loopback(2)}}}})
	if err != nil {
		g.t.Fatal(err)
	}
}

// wrapped is a packet of the device as its radio sends it.
func (g *gnb) wrapped(packet []byte) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: g.teid, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
	return append(h.Append(nil, len(packet)), packet...)
}

func (g *gnb) send(packet []byte) {
	g.t.Helper()
	if _, err := g.conn.WriteToUDPAddrPort(g.wrapped(packet), g.to); err != nil {
		g.t.Fatal(err)
	}
}

// receive is the next packet for the device.
func (g *gnb) receive() []byte {
	g.t.Helper()
	g.conn.SetReadDeadline(time.Now().Add(around))
	b := make([]byte, 1<<16)
	n, from, err := g.conn.ReadFromUDPAddrPort(b)
	if err != nil {
		g.t.Fatalf("%v; %+v", err, g.f.Stats())
	}
	h, packet, err := gtpu.Parse(b[:n])
	if err != nil || h.TEID != radio || h.Container.QFI != qfi || from != g.to {
		g.t.Fatalf("%+v from %v, %v", h, from, err)
	}
	return packet
}

func sum(b []byte, seed uint32) uint16 {
	for i := 0; i+1 < len(b); i += 2 {
		seed += uint32(b[i])<<8 | uint32(b[i+1])
	}
	if len(b)%2 == 1 {
		seed += uint32(b[len(b)-1]) << 8
	}
	for seed>>16 != 0 {
		seed = seed&0xffff + seed>>16
	}
	return ^uint16(seed)
}

// inner is a packet with its header's checksum.
func inner(src, dst string, proto uint8, payload []byte) []byte {
	n := 20 + len(payload)
	b := []byte{0x45, 0, byte(n >> 8), byte(n), 0, 0, 0x40, 0, 64, proto, 0, 0}
	s, d := netip.MustParseAddr(src).As4(), netip.MustParseAddr(dst).As4()
	b = append(append(b, s[:]...), d[:]...)
	binary.BigEndian.PutUint16(b[10:], sum(b, 0))
	return append(b, payload...)
}

func udpPacket(src, dst string, sport, dport uint16, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return inner(src, dst, protoUDP, append(append(b, 0, 0), payload...))
}

// wantUDP checks a datagram for the device.
func wantUDP(t *testing.T, p []byte, src string, sport, dport uint16, payload []byte) {
	t.Helper()
	if len(p) < 28 || sum(p[:20], 0) != 0 || netip.AddrFrom4([4]byte(p[12:16])).String() != src || netip.AddrFrom4([4]byte(p[16:20])).String() != ue ||
		binary.BigEndian.Uint16(p[20:]) != sport || binary.BigEndian.Uint16(p[22:]) != dport || !bytes.Equal(p[28:], payload) {
		t.Errorf("% x", p)
	}
	if c := binary.BigEndian.Uint16(p[26:]); c != 0 {
		pseudo := uint32(protoUDP) + uint32(len(p)-20)
		for i := 12; i < 20; i += 2 {
			pseudo += uint32(binary.BigEndian.Uint16(p[i:]))
		}
		if sum(p[20:], pseudo) != 0 {
			t.Error("wrong UDP checksum")
		}
	}
}

func TestEchoService(t *testing.T) {
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort("198.51.100.7:7")
	g := attach(t, open(t, cfg))
	for i := range 200 {
		payload := fmt.Appendf(nil, "packet %d", i)
		g.send(udpPacket(ue, "198.51.100.7", 4000, 7, payload))
		wantUDP(t, g.receive(), "198.51.100.7", 7, 4000, payload)
	}
	u, ok := g.f.Usage(g.seid)
	if s := g.f.Stats(); !ok || u.UplinkPackets != 200 || u.DownlinkPackets != 200 || s.Uplink.Packets != 200 || s.Sessions != 1 {
		t.Errorf("%+v, %+v", u, s)
	}
	if d, err := g.f.Delete(pfcp.Deletion{SEID: g.seid}); err != nil || d.Usage != u {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestEchoServiceAtGateway(t *testing.T) {
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort(gate + ":7")
	g := attach(t, open(t, cfg))
	g.send(udpPacket(ue, gate, 4000, 7, []byte("x")))
	wantUDP(t, g.receive(), gate, 7, 4000, []byte("x"))
}

func TestGatewayPing(t *testing.T) {
	g := attach(t, open(t, testConfig(Netstack)))
	ping := []byte{8, 0, 0, 0, 0x12, 0x34, 0, 1, 'x', 'y'}
	binary.BigEndian.PutUint16(ping[2:], sum(ping, 0))
	g.send(inner(ue, gate, protoICMP, ping))
	p := g.receive()
	if p[20] != 0 || sum(p[20:], 0) != 0 || !bytes.Equal(p[24:], ping[4:]) {
		t.Errorf("% x", p)
	}
}

func TestGTPEcho(t *testing.T) {
	g := attach(t, open(t, testConfig(Netstack)))
	m, _ := gtpu.EchoRequest{Seq: 9}.AppendBinary(nil)
	g.conn.WriteToUDPAddrPort(m, g.to)
	b := make([]byte, 100)
	g.conn.SetReadDeadline(time.Now().Add(around))
	n, err := g.conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	h, rest, err := gtpu.Parse(b[:n])
	if r, rerr := gtpu.ParseEchoResponse(h, rest); err != nil || rerr != nil || r.Seq != 9 {
		t.Errorf("%+v, %v, %v", r, err, rerr)
	}
}

// TestEvents: waiting data and a lost tunnel are reported, a spoofed packet is a finding.
func TestEvents(t *testing.T) {
	events := make(chan Event, 100)
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort("198.51.100.7:7")
	cfg.Events = func(e Event) { events <- e }
	g := attach(t, open(t, cfg))
	next := func() Event {
		t.Helper()
		select {
		case e := <-events:
			return e
		case <-time.After(around):
			t.Fatal("no event")
			return Event{}
		}
	}
	spoofed := udpPacket("10.45.0.9", "198.51.100.7", 1, 7, make([]byte, 200))
	g.send(spoofed)
	if e := next(); e.Reason != upf.ReasonSpoofedSource || e.CP != 1 || e.TEID != g.teid || e.Source.Addr() != loopback(2) || !e.Radio ||
		e.Count != 1 || !bytes.Equal(e.Octets(), g.wrapped(spoofed)[:EventOctets]) || e.Report != nil {
		t.Errorf("%+v", e)
	}
	m, err := gtpu.ErrorIndication{TEID: radio, Peer: loopback(2)}.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	g.conn.WriteToUDPAddrPort(m, g.to)
	want := pfcp.Report{CP: 1, Type: pfcp.ErrorIndication, Remote: pfcp.OuterHeader{TEID: radio, Addr: loopback(2)}}
	if e := next(); e.Report == nil || !reflect.DeepEqual(*e.Report, want) {
		t.Errorf("%+v", e.Report)
	}
	// A packet under way when the device goes idle waits for it.
	if _, err := g.f.Modify(pfcp.Modification{SEID: g.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}); err != nil {
		t.Fatal(err)
	}
	g.f.rules.RLock()
	g.f.turn(g.f.now(), udpPacket("198.51.100.7", ue, 7, 1, []byte("waits")), g.f.sessions.Downlink)
	g.f.rules.RUnlock()
	if e := next(); e.Report == nil || !reflect.DeepEqual(*e.Report, pfcp.Report{CP: 1, Type: pfcp.DownlinkData, PDR: 2}) {
		t.Errorf("%+v", e.Report)
	}
	g.reach()
	wantUDP(t, g.receive(), "198.51.100.7", 7, 1, []byte("waits"))
}

// TestN4UnderTraffic changes sessions from several goroutines while packets flow; the race
// detector looks on.
func TestN4UnderTraffic(t *testing.T) {
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort("198.51.100.7:7")
	g := attach(t, open(t, cfg))
	done := make(chan error)
	for w := range 4 {
		go func() {
			for i := range 200 {
				addr := netip.AddrFrom4([4]byte{10, 45, byte(w + 1), byte(i + 1)})
				e := pfcp.Establishment{
					CP: pfcp.FSEID{SEID: 2},
					PDRs: []pfcp.PDR{
						{ID: 1, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, UE: addr}, RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
						{ID: 2, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: addr}, FAR: 2, QERs: []pfcp.QERID{1}},
					},
					FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core}, {ID: 2, Action: pfcp.Drop}},
					QERs: []pfcp.QER{{ID: 1, QFI: 1}},
				}
				a, err := g.f.Establish(e)
				if err == nil {
					_, err = g.f.Delete(pfcp.Deletion{SEID: a.UP.SEID})
				}
				if err != nil {
					done <- err
					return
				}
				g.f.Stats()
			}
			done <- nil
		}()
	}
	for i := range 300 {
		payload := []byte{byte(i)}
		g.send(udpPacket(ue, "198.51.100.7", 4000, 7, payload))
		wantUDP(t, g.receive(), "198.51.100.7", 7, 4000, payload)
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	taken, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(3), 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"port in use", func(c *Config) { c.N3 = taken.LocalAddr().(*net.UDPAddr).AddrPort() }, "is in use by another program"},
		{"foreign address", func(c *Config) { c.N3 = netip.MustParseAddrPort("198.51.100.1:2152") }, "is not one of this host's"},
		{"N6", func(c *Config) { c.N6 = "dpdk" }, "want auto, tun or netstack"},
		{"pool", func(c *Config) { c.UPF.Pools[0].Prefix = netip.Prefix{} }, "want an IPv4 prefix"},
		{"echo", func(c *Config) { c.Echo = netip.MustParseAddrPort("[2001:db8::1]:7") }, "want an IPv4 address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			cfg := testConfig(Netstack)
			tt.change(&cfg)
			f, _, err := Open(cfg)
			if f != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, %v; want %q", f, err, tt.want)
			}
			settle(t, before)
		})
	}
}

// TestAutoFallsBack: where there can be no TUN device, the stack serves, and says why.
func TestAutoFallsBack(t *testing.T) {
	cfg := testConfig(Auto)
	cfg.Device = "a-name-too-long-for-linux"
	f, choice, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if choice.N6 != Netstack || !strings.Contains(choice.Why, "a name has at most 15 characters") {
		t.Errorf("%+v", choice)
	}
	cfg.N6 = TUN
	if _, _, err := Open(cfg); err == nil {
		t.Error("asked for TUN, got something else")
	}
}

// settle waits until no more goroutines run than before.
func settle(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(around); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(end) {
			b := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, were %d\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
		}
	}
}

func TestCloseEndsAll(t *testing.T) {
	before := runtime.NumGoroutine()
	cfg := testConfig(Netstack)
	cfg.EchoInterval = time.Minute
	f, _, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error("closed twice:", err)
	}
	settle(t, before)
}
