package node

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon/datapath"
	"cordon/ident"
	"cordon/n4"
	"cordon/transport/wireguard"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

var (
	coreInner = netip.MustParseAddr("10.201.0.1")
	siteInner = netip.MustParseAddr("10.201.0.2")
	siteUE    = netip.MustParseAddr("10.45.0.2")
)

// testSite is a site's configuration that needs no privilege. Its echo service stands for the network there.
func testSite(t *testing.T) SiteConfig {
	c := DefaultSiteConfig()
	c.Site, c.Fast.Mode, c.N6.Mode = "harbour", datapath.FastOff, datapath.Netstack
	c.N3.Address = netip.AddrPortFrom(loopback(t, 1), 0)
	c.N6.Echo = testEcho
	c.Networks = []NetworkConfig{{Name: "internet", Pool: netip.MustParsePrefix("10.45.0.0/16"), MTU: 1400}}
	c.API.Listen, c.API.TokenFile = netip.MustParseAddrPort("127.0.0.1:0"), filepath.Join(t.TempDir(), "token")
	return c
}

// runSite opens a site and runs it until the test ends.
func runSite(t *testing.T, c SiteConfig, log *kept) *Site {
	t.Helper()
	s, err := OpenSite(c, Options{Version: "test", Log: NewLogger(io.MultiWriter(log, t.Output()), LogConfig{})})
	if err != nil {
		t.Fatal(err)
	}
	runUntil(t, s)
	return s
}

// runUntil runs a site until stop is called, or the test ends.
func runUntil(t *testing.T, s *Site) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the site ended with %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closing the site: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// testSMF is the control plane's end: one goroutine owns the machine.
type testSMF struct {
	t      *testing.T
	node   pfcp.NodeID // of the site
	events chan n4.Event
	seen   chan n4.Effect
}

func newTestSMF(t *testing.T, conn datagrams, own netip.Addr, site n4.Peer) *testSMF {
	m := &testSMF{t: t, node: site.Node, events: make(chan n4.Event, 16), seen: make(chan n4.Effect, 16)}
	machine := n4.NewControlPlane(n4.Config{Node: pfcp.NodeID{Addr: own}, Addr: own, Recovery: 1, Peers: []n4.Peer{site}, Retry: time.Second}, rand.NewPCG(1, 2))
	done := make(chan struct{})
	read := make(chan struct{})
	go func() {
		defer close(read)
		for room := make([]byte, 1<<16); ; {
			n, from, err := conn.ReadFromUDPAddrPort(room)
			if err != nil {
				return
			}
			select {
			case m.events <- n4.Datagram{From: from, Data: bytes.Clone(room[:n])}:
			case <-done:
				return
			}
		}
	}()
	go func() {
		defer conn.Close()
		for ev := n4.Event(n4.Tick{}); ; {
			for _, e := range machine.Step(time.Now(), ev) {
				switch e := e.(type) {
				case n4.Send:
					conn.WriteToUDPAddrPort(e.Data, e.To)
				case n4.Up, n4.Answer, n4.Report, n4.Finding:
					select {
					case m.seen <- e:
					case <-done:
						return
					}
				}
			}
			wait := time.Hour
			if when, ok := machine.Next(); ok {
				wait = max(0, time.Until(when))
			}
			select {
			case ev = <-m.events:
			case <-time.After(wait):
				ev = n4.Tick{}
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() { close(done); <-read })
	return m
}

// awaited is the next effect of a kind.
func awaited[E n4.Effect](m *testSMF) E {
	m.t.Helper()
	for deadline := time.After(time.Minute); ; {
		select {
		case e := <-m.seen:
			switch e := e.(type) {
			case E:
				return e
			case n4.Finding:
				m.t.Fatalf("the SMF found %+v", e)
			}
		case <-deadline:
			m.t.Fatalf("no %T", *new(E))
		}
	}
}

// ask has the site do something.
func ask[A any](m *testSMF, message pfcp.Message) *A {
	m.t.Helper()
	m.events <- n4.Request{Peer: m.node, ID: 1, Message: message}
	a := awaited[n4.Answer](m)
	if a.Err != nil {
		m.t.Fatalf("%T: %v", message, a.Err)
	}
	answer, ok := any(a.Message).(*A)
	if !ok {
		m.t.Fatalf("%T was answered by %T", message, a.Message)
	}
	return answer
}

const (
	siteRadioTEID = 0x1001
	anchorTEID    = 0x9001
)

// edgeSession is a session whose packets for the echo service go out at the site, and all others to an anchor.
func edgeSession(anchor netip.Addr) *pfcp.Establishment {
	local, echo := pfcp.FTEID{Choose: true, ChooseID: 1}, netip.PrefixFrom(testEcho.Addr(), 32)
	far := func(id pfcp.FARID, to pfcp.Interface, outer pfcp.OuterHeader) pfcp.FAR {
		return pfcp.FAR{ID: id, Action: pfcp.Forward, Destination: to, Outer: outer}
	}
	qers := []pfcp.QERID{1}
	return &pfcp.Establishment{
		CP: pfcp.FSEID{SEID: 7, Addr: coreInner},
		PDRs: []pfcp.PDR{
			{ID: 1, Precedence: 100, PDI: pfcp.PDI{Source: pfcp.Access, Local: local, UE: siteUE, Filters: pfcp.Remotes([]netip.Prefix{echo})}, RemoveOuterHeader: true, FAR: 1, QERs: qers},
			{ID: 2, Precedence: 200, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: siteUE}, FAR: 2, QERs: qers},
			{ID: 3, Precedence: 200, PDI: pfcp.PDI{Source: pfcp.Access, Local: local, UE: siteUE}, RemoveOuterHeader: true, FAR: 3, QERs: qers},
			{ID: 4, Precedence: 200, PDI: pfcp.PDI{Source: pfcp.Core, Local: pfcp.FTEID{Choose: true}, UE: siteUE}, RemoveOuterHeader: true, FAR: 2, QERs: qers},
		},
		FARs: []pfcp.FAR{far(1, pfcp.Core, pfcp.OuterHeader{}), {ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP},
			far(3, pfcp.Core, pfcp.OuterHeader{TEID: anchorTEID, Addr: anchor})},
		QERs: []pfcp.QER{{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: 1}},
	}
}

// tunnelled is a site and the core's end of the tunnel to it.
func tunnelled(t *testing.T, log *kept) (*Site, *wireguard.Tunnel) {
	t.Helper()
	key, coreKey := filepath.Join(t.TempDir(), "key"), wireguard.NewPrivateKey()
	public, err := MakeWireGuardKey(key)
	if err != nil {
		t.Fatal(err)
	}
	core, err := wireguard.Open(wireguard.Config{PrivateKey: coreKey, Listen: netip.AddrPortFrom(loopback(t, 5), 0), Inner: coreInner,
		Peers: []wireguard.Peer{{PublicKey: public, Inner: siteInner}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	c := testSite(t)
	c.WireGuard = WireGuardConfig{KeyFile: key, Listen: netip.AddrPortFrom(loopback(t, 1), 0), Inner: siteInner, PathMTU: 1500,
		Peers: []WireGuardPeer{{PublicKey: coreKey.Public(), Endpoint: core.Local(), Inner: coreInner, KeepAlive: time.Second}}}
	c.N4.SMFs = []SMFConfig{{Address: coreInner}}
	c.complete()
	return runSite(t, c, log), core
}

// A session at another site: what is for the network there goes out there, all else by N9 to the anchor, and what the
// anchor has for the device comes to its radio. N4 and N9 travel in the tunnel alone.
func TestSite(t *testing.T) {
	var log kept
	s, core := tunnelled(t, &log)
	n4Conn, err := core.Listen(pfcp.Port)
	if err != nil {
		t.Fatal(err)
	}
	n9, err := core.Listen(gtpu.Port)
	if err != nil {
		t.Fatal(err)
	}
	smf := newTestSMF(t, n4Conn, coreInner, n4.Peer{Node: s.cfg.NodeID, Addrs: []netip.Addr{siteInner},
		Tunnels: []netip.Prefix{netip.PrefixFrom(s.N3.Addr(), 32), netip.PrefixFrom(siteInner, 32)}})
	awaited[n4.Up](smf)
	made := ask[pfcp.Established](smf, edgeSession(coreInner))
	up, down := made.Created[0].Local.TEID, ident.TEID(0)
	for _, c := range made.Created {
		if c.ID == 4 {
			down = c.Local.TEID
		}
	}
	radio, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 2), gtpu.Port)))
	if err != nil {
		t.Fatal(err)
	}
	defer radio.Close()
	ask[pfcp.Modified](smf, &pfcp.Modification{SEID: made.UP.SEID, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access,
		Outer: pfcp.OuterHeader{TEID: siteRadioTEID, Addr: loopback(t, 2)}}}})

	send := func(to netip.AddrPort, port uint16, text string) {
		inner := innerUDP(netip.AddrPortFrom(siteUE, port), to, text)
		h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: up, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 1}}
		if _, err := radio.WriteToUDPAddrPort(append(h.Append(nil, len(inner)), inner...), s.N3); err != nil {
			t.Fatal(err)
		}
	}
	room := make([]byte, 2048)
	radio.SetReadDeadline(time.Now().Add(time.Minute))
	send(testEcho, 4000, "at the site")
	if n, err := radio.Read(room); err != nil || !bytes.HasSuffix(room[:n], []byte("at the site")) {
		t.Fatalf("from the site's network: %x, %v", room[:n], err)
	}
	send(netip.MustParseAddrPort("203.0.113.9:9"), 4000, "elsewhere")
	n, from, err := n9.ReadFromUDPAddrPort(room)
	h, rest, perr := gtpu.Parse(room[:n])
	if err != nil || perr != nil || from.Addr() != siteInner || h.TEID != anchorTEID || !bytes.HasSuffix(rest, []byte("elsewhere")) {
		t.Fatalf("at the anchor: %+v %x from %s, %v %v", h, rest, from, err, perr)
	}
	inner := innerUDP(netip.MustParseAddrPort("203.0.113.9:9"), netip.AddrPortFrom(siteUE, 4000), "answer")
	h = gtpu.Header{Type: gtpu.TypeGPDU, TEID: down, HasContainer: true, Container: gtpu.Container{QFI: 1}}
	if _, err := n9.WriteToUDPAddrPort(append(h.Append(nil, len(inner)), inner...), netip.AddrPortFrom(siteInner, gtpu.Port)); err != nil {
		t.Fatal(err)
	}
	if n, err := radio.Read(room); err != nil || !bytes.HasSuffix(room[:n], []byte("answer")) {
		t.Fatalf("from the anchor: %x, %v", room[:n], err)
	}

	status := siteGet(t, s, "/v1/status")
	for _, want := range []string{`"site":"harbour"`, `"sessions":1`, `"up":true`, `"inner":"10.201.0.1"`} {
		if !strings.Contains(status, want) {
			t.Errorf("no %s in %s", want, status)
		}
	}
	metrics := siteGet(t, s, "/metrics")
	for _, want := range []string{"\ncordon_sessions_user_plane 1\n", "\ncordon_smfs_up 1\n", "\ncordon_tunnel_peers 1\n", "cordon_user_packets_total{direction=\"uplink\"} 2\n"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %q in %s", want, metrics)
		}
	}
	ask[pfcp.Deleted](smf, &pfcp.Deletion{SEID: made.UP.SEID})
	if n := s.Forwarder.Stats().Sessions; n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	private, err := os.ReadFile(s.cfg.WireGuard.KeyFile)
	if err != nil || strings.Contains(log.String()+status+metrics, strings.TrimSpace(string(private))) {
		t.Errorf("the private key is seen, or %v", err)
	}
}

// Without a tunnel, N4 is a socket of the host. Who is not on the list gets no answer, and is counted.
func TestSitePlain(t *testing.T) {
	var log kept
	c := testSite(t)
	c.N4 = SiteN4Config{Address: netip.AddrPortFrom(loopback(t, 1), 0), SMFs: []SMFConfig{{Address: loopback(t, 3)}}}
	c.complete()
	s := runSite(t, c, &log)
	rogue, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 4), 0)), net.UDPAddrFromAddrPort(s.N4))
	if err != nil {
		t.Fatal(err)
	}
	defer rogue.Close()
	m := pfcp.AssociationSetupRequest{Node: pfcp.NodeID{Addr: loopback(t, 3)}, Recovery: 99}
	request, err := pfcp.Append(nil, 1, &m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rogue.Write(request); err != nil {
		t.Fatal(err)
	}
	own, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 3), 0)))
	if err != nil {
		t.Fatal(err)
	}
	smf := newTestSMF(t, own, loopback(t, 3), n4.Peer{Node: c.NodeID, Addrs: []netip.Addr{loopback(t, 1)}, Port: s.N4.Port()})
	awaited[n4.Up](smf)
	if got := siteGet(t, s, "/metrics"); !strings.Contains(got, `cordon_n4_drops_total{why="stranger"} 1`) {
		t.Errorf("the stranger is not counted: %s", got)
	}
}

func TestSiteRefused(t *testing.T) {
	taken, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 1), 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte(wireguard.NewPrivateKey().Text()), 0o644); err != nil {
		t.Fatal(err)
	}
	tunnel := func(c *SiteConfig, key string) {
		c.WireGuard = WireGuardConfig{KeyFile: key, Listen: netip.AddrPortFrom(loopback(t, 1), 0), Inner: siteInner}
	}
	for _, r := range []struct {
		want   string
		change func(*SiteConfig)
	}{
		{"is in use by another program", func(c *SiteConfig) { c.N4.Address = taken.LocalAddr().(*net.UDPAddr).AddrPort() }},
		{"is not one of this host's", func(c *SiteConfig) { c.N4.Address = netip.MustParseAddrPort("192.0.2.77:8805") }},
		{"N3 address", func(c *SiteConfig) { c.N3.Address = taken.LocalAddr().(*net.UDPAddr).AddrPort() }},
		{`"cordon upf key FILE" makes one`, func(c *SiteConfig) { tunnel(c, filepath.Join(t.TempDir(), "none")) }},
		{"may be read by others (mode 0644)", func(c *SiteConfig) { tunnel(c, open) }},
	} {
		c := testSite(t)
		c.N4.Address = netip.AddrPortFrom(loopback(t, 1), 0)
		r.change(&c)
		c.complete()
		if s, err := OpenSite(c, Options{}); err == nil || !strings.Contains(err.Error(), r.want) {
			t.Errorf("%v, want %q", err, r.want)
			if s != nil {
				s.Close()
			}
		}
	}
}

// innerUDP is an IPv4 packet of a device, or for one.
func innerUDP(from, to netip.AddrPort, text string) []byte {
	src, dst := from.Addr().As4(), to.Addr().As4()
	b := binary.BigEndian.AppendUint16([]byte{0x45, 0}, uint16(28+len(text)))
	b = append(b, 0, 0, 0, 0, 64, 17, 0, 0)
	b = append(append(b, src[:]...), dst[:]...)
	var sum uint32
	for i := 0; i < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum>>16+sum&0xffff))
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(text)))
	return append(append(b, 0, 0), text...)
}

// siteGet asks the site's console.
func siteGet(t *testing.T, s *Site, path string) string {
	t.Helper()
	q, err := http.NewRequest("GET", "http://"+s.API.String()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", s.Token.Header())
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s %v", path, a.Status, b, err)
	}
	return string(b)
}
