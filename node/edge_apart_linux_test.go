package node

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/console"
	"cordon/evidence"
	"cordon/ran"
	"cordon/rules"
	"cordon/transport/netnstest"
	"cordon/wire/gtpu"
)

// An edge site as it stands: core, site, radios and the site's own network are in a network namespace each.
//
//	radios ── n3c ── core ── sites ── edge ── n6 ── data
//	   └────────────── n3e ────────────┘
//
// The site's user plane is the program itself, run as an operator runs it.

// What stands where.
var (
	apartCore, apartHill = netip.MustParseAddr("172.31.1.1"), netip.MustParseAddr("172.31.1.2")
	apartEdge, apartMill = netip.MustParseAddr("172.31.2.1"), netip.MustParseAddr("172.31.2.2")
	coreOuter, edgeOuter = netip.MustParseAddrPort("172.31.3.1:51820"), netip.MustParseAddrPort("172.31.3.2:51820")
	dataEcho             = netip.MustParseAddrPort("198.51.100.7:7")
	apartPublic          = netip.MustParsePrefix("203.0.113.77/32")
)

// apart is a land whose mill is in a place of its own.
type apart struct {
	*land
	core, edge, radios, data *netnstest.Space
	server                   *net.UDPConn // in the site's own network
	token                    console.Token
}

// setApart starts it all; hidden has the site hide devices behind a public address.
func setApart(t *testing.T, hidden bool) *apart {
	netnstest.Need(t, "ip")
	if testing.Short() {
		t.Skip("SKIPPED in short mode: builds and runs the program")
	}
	a := &apart{core: netnstest.New(t), edge: netnstest.New(t), radios: netnstest.New(t), data: netnstest.New(t)}
	for _, s := range []*netnstest.Space{a.core, a.edge, a.radios, a.data} {
		s.Sh(t, "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6") // nothing is to be said but what the test has said
	}
	a.radios.Wire(t, "n3c", "172.31.1.2/24", a.core, "172.31.1.1/24")
	a.radios.Wire(t, "n3e", "172.31.2.2/24", a.edge, "172.31.2.1/24")
	a.core.Wire(t, "sites", "172.31.3.1/24", a.edge, "172.31.3.2/24")
	a.edge.Wire(t, "n6", "198.51.100.1/24", a.data, "198.51.100.7/24")
	a.edge.Sh(t, "echo 1 > /proc/sys/net/ipv4/ip_forward")
	a.data.Sh(t, "ip route add 10.45.0.0/16 via 198.51.100.1")
	a.serve(t)
	dir := t.TempDir()
	coreKey, edgeKey := filepath.Join(dir, "core.key"), filepath.Join(dir, "edge.key")
	corePublic, err := MakeWireGuardKey(coreKey)
	if err != nil {
		t.Fatal(err)
	}
	edgePublic, err := MakeWireGuardKey(edgeKey)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(edgeFile, edgeKey, corePublic, dir)
	if hidden {
		a.data.Sh(t, "ip route add "+apartPublic.String()+" via 198.51.100.1")
		text = strings.Replace(text, "pool: 10.45.0.0/16", "pool: 10.45.0.0/16, nat: true", 1)
		text = strings.Replace(text, "n6: {mode: tun}", "n6: {mode: tun, nat: {addresses: ["+apartPublic.String()+"]}}", 1)
	}
	a.runSite(t, dir, text)
	a.land = inLand(t, "", func(l *land) {
		l.within = a.core.Do
		l.cfg.N2.Address, l.cfg.N3.Address = netip.AddrPortFrom(apartCore, 38412), netip.AddrPortFrom(apartCore, gtpu.Port)
		l.cfg.WireGuard = WireGuardConfig{KeyFile: coreKey, Listen: coreOuter, Inner: coreInner, PathMTU: 1500}
		l.cfg.UserPlanes = []UserPlaneConfig{{
			Element: "upf-mill", Address: netip.AddrPortFrom(siteInner, 8805), Endpoint: edgeOuter, Tunnels: []netip.Prefix{netip.PrefixFrom(apartEdge, 32)},
			Local: []LocalConfig{{Network: "internet", To: []netip.Prefix{netip.PrefixFrom(dataEcho.Addr(), 32)}}}, NAT: []netip.Prefix{apartPublic},
		}}
		for i, n3 := range []netip.Addr{apartHill, apartMill} {
			l.facts.Elements[i].Addresses = rules.Addresses{N2: []netip.Prefix{netip.MustParsePrefix("172.31.1.0/24")}, N3: []netip.Prefix{netip.PrefixFrom(n3, 32)}}
		}
		l.facts.Elements = append(l.facts.Elements, rules.Element{
			Name: "upf-mill", Functions: []rules.Function{"upf"}, Technology: "5g", Vendor: "kestrel", Manager: "kestrel", Site: "mill",
			Traffic: -1, Premises: -1, WireGuard: edgePublic.String(), Protection: "wireguard",
			Addresses: rules.Addresses{N3: []netip.Prefix{netip.PrefixFrom(apartEdge, 32)}, N4: []netip.Prefix{netip.PrefixFrom(siteInner, 32)}},
		})
	})
	a.placeRadios()
	a.eventually("the user plane at the mill is there", func() bool { return a.planes.serving("upf-mill") })
	return a
}

const edgeFile = `
site: mill
n4: {smfs: [{address: 10.201.0.1}]}
n3: {address: "172.31.2.1:2152"}
n6: {mode: tun}
fast: {mode: "off", pin: ""}
networks: [{name: internet, pool: 10.45.0.0/16, mtu: 1356}]
wireguard: {key_file: %s, listen: "172.31.3.2:51820", inner: 10.201.0.2,
  peers: [{public_key: "%s", endpoint: "172.31.3.1:51820", inner: 10.201.0.1, keep_alive: 1s}]}
api: {listen: "127.0.0.1:8643", token_file: %s/edge.token}
`

// placeRadios has the hill's radio and the mill's, and no other, where they stand.
func (a *apart) placeRadios() {
	a.load.Radios = a.load.Radios[:port]
	for i, n3 := range []netip.Addr{apartHill, apartMill} {
		r := &a.load.Radios[i]
		dial := r.Dial
		r.Dial = func(ctx context.Context) (n2 ran.N2, err error) {
			err = a.radios.Do(func() (err error) { n2, err = dial(ctx); return err })
			return n2, err
		}
		r.N3 = netip.AddrPortFrom(n3, gtpu.Port)
		r.Listen = func(at netip.AddrPort) (n3 ran.N3, err error) {
			err = a.radios.Do(func() (err error) { n3, err = ran.ListenUDP(at); return err })
			return n3, err
		}
	}
}

// serve echoes in the site's own network.
func (a *apart) serve(t *testing.T) {
	t.Helper()
	if err := a.data.Do(func() (err error) {
		a.server, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(dataEcho))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for room := make([]byte, 1<<16); ; {
			n, from, err := a.server.ReadFromUDPAddrPort(room)
			if err != nil {
				return
			}
			_, _ = a.server.WriteToUDPAddrPort(room[:n], from) // what is lost is asked for again
		}
	})
	t.Cleanup(func() { a.server.Close(); wg.Wait() })
}

// runSite builds the program and runs the site's user plane.
func (a *apart) runSite(t *testing.T, dir, config string) {
	t.Helper()
	bin, file := filepath.Join(dir, "cordon"), filepath.Join(dir, "edge.yaml")
	build := exec.Command("go", "build", "-trimpath", "-o", bin, "cordon/cmd/cordon")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if a.token, err = console.OpenToken(filepath.Join(dir, "edge.token")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "upf", "--config", file)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := a.edge.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the site's user plane ended with %v", err)
		}
	})
}

// metrics are what the site's console tells; nothing where it does not answer.
func (a *apart) metrics() string {
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		err = a.edge.Do(func() (err error) { c, err = (&net.Dialer{}).DialContext(ctx, network, addr); return err })
		return c, err
	}}}
	q, err := http.NewRequestWithContext(a.Context(), "GET", "http://127.0.0.1:8643/metrics", nil)
	a.must(err)
	q.Header.Set("Authorization", a.token.Header())
	answer, err := client.Do(q)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return ""
	}
	return string(b)
}

// sessions waits until the site has so many.
func (a *apart) sessions(n int) {
	a.Helper()
	a.eventually(fmt.Sprintf("the site has %d sessions", n), func() bool {
		return strings.Contains(a.metrics(), fmt.Sprintf("\ncordon_sessions_user_plane %d\n", n))
	})
}

// tap counts what crosses a wire, by what it is.
type tap struct {
	mu   sync.Mutex // guards what follows
	seen map[string]int
	look map[string][]byte // octets that are looked for in any frame, by their name
}

// listen taps an interface until the test ends.
func listen(t *testing.T, s *netnstest.Space, name string, look map[string][]byte) *tap {
	t.Helper()
	const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8
	fd := -1
	if err := s.Do(func() error {
		dev, err := net.InterfaceByName(name)
		if err != nil {
			return err
		}
		if fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0); err != nil {
			return err
		}
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000}); err != nil {
			return err
		}
		return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: dev.Index})
	}); err != nil {
		t.Fatalf("tapping %s: %v", name, err)
	}
	p := &tap{seen: map[string]int{}, look: look}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer unix.Close(fd)
		for room := make([]byte, 1<<16); ; {
			select {
			case <-stop:
				return
			default:
			}
			if n, err := unix.Read(fd, room); err == nil {
				p.take(room[:n])
			} else if err != syscall.EAGAIN && err != syscall.EINTR && err != syscall.ENETDOWN {
				return
			}
		}
	})
	t.Cleanup(func() { close(stop); wg.Wait() })
	return p
}

// take counts a frame of Ethernet.
func (p *tap) take(b []byte) {
	what := "another protocol"
	switch {
	case len(b) >= 14 && b[12] == 8 && b[13] == 6:
		what = "ARP"
	case len(b) >= 38 && b[12] == 8 && b[13] == 0 && b[23] == unix.IPPROTO_UDP:
		what = fmt.Sprintf("UDP to %d", int(b[36])<<8|int(b[37]))
	case len(b) >= 34 && b[12] == 8 && b[13] == 0:
		what = fmt.Sprintf("IP protocol %d", b[23])
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[what]++
	for name, octets := range p.look {
		if bytes.Contains(b, octets) {
			p.seen[name]++
		}
	}
}

func (p *tap) count(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[what]
}

// header is two addresses as an IP header has them.
func header(from, to netip.Addr) []byte {
	a, b := from.As4(), to.As4()
	return append(a[:], b[:]...)
}

// TestEdgeApart: at the mill devices break out to the mill's network and reach the anchor over N9, which nobody between
// the sites can read; those that move to the hill and back keep their addresses and their traffic.
func TestEdgeApart(t *testing.T) {
	t.Parallel()
	a := setApart(t, true)
	defer a.audit()
	to := testEcho.Addr().As4()
	clear := map[string][]byte{"inner packets": append([]byte{10, 45, 0, 2}, to[:]...), "inner packets of the second": append([]byte{10, 45, 0, 3}, to[:]...)}
	sites, n3 := listen(t, a.core, "sites", clear), listen(t, a.radios, "n3e", clear)
	far, near := a.group("far", 3, mill, hill), a.group("near", 3, mill)
	near.Target = dataEcho
	a.begin(far, near)
	a.on("far", mill)
	a.on("near", mill)
	a.sessions(6)
	before := a.addresses("far")
	a.eventually("what goes to the anchor is seen before the site", func() bool { return n3.count("inner packets") > 10 })
	a.on("far", mill)
	a.amend(rule("OWN-1", at(mill), ban))
	a.on("far", hill)
	a.same("far", before)
	a.amend(rule("OWN-1", at(hill), ban))
	a.is(mill, "connected")
	a.on("far", mill)
	a.on("near", mill)
	a.same("far", before)
	a.sessions(6)
	a.leases(6)
	sites.mu.Lock()
	defer sites.mu.Unlock()
	for what, n := range sites.seen {
		if what != "ARP" && what != "UDP to 51820" {
			t.Errorf("between the sites there were %d frames of %s", n, what)
		}
	}
	if sites.seen["UDP to 51820"] < 100 {
		t.Errorf("between the sites there was hardly anything: %v", sites.seen)
	}
}

// leases waits until the core's evidence has so many subscribers behind the site's public address.
func (a *apart) leases(n int) {
	a.Helper()
	a.eventually("evidence tells who has which public ports", func() bool {
		held := map[evidence.Lease]int{}
		for _, e := range a.evidence() {
			list, err := e.Leases()
			a.must(err)
			for _, l := range list {
				if e.Element != "upf-mill" || l.Addr != apartPublic.Addr() {
					a.Errorf("%q tells %v", e.Element, l)
				}
				if l.Ended {
					l.Ended = false
					held[l]--
				} else {
					held[l]++
				}
			}
		}
		sum := 0
		for l, times := range held {
			if sum += times; times < 0 || times > 1 {
				a.Errorf("%v is given %d times", l, times)
			}
		}
		return sum == n
	})
}

// TestEdgeCut: for a minute nothing passes between the sites. What breaks out at the mill goes on; then everything is
// as it was, and what was changed meanwhile is done.
func TestEdgeCut(t *testing.T) {
	t.Parallel()
	a := setApart(t, false)
	defer a.audit()
	near, far, gone, idle := a.group("near", 2, mill), a.group("far", 1, mill), a.group("gone", 1, mill), a.group("idle", 1, mill)
	near.Target, gone.Target, idle.Target = dataEcho, netip.AddrPort{}, netip.AddrPort{}
	a.begin(near, far, gone, idle)
	for _, g := range []string{"near", "far", "gone", "idle"} {
		a.on(g, mill)
	}
	a.sessions(5)
	nears, fars, idles := a.addresses("near"), a.addresses("far"), a.addresses("idle")
	asleep := idles[0]
	n3 := listen(t, a.radios, "n3e", map[string][]byte{"to the idle device": header(dataEcho.Addr(), asleep)})
	call := func() int {
		before := n3.count("to the idle device")
		for range 5 {
			_, err := a.server.WriteToUDPAddrPort([]byte("wake up"), netip.AddrPortFrom(asleep, 9))
			a.must(err)
		}
		time.Sleep(200 * time.Millisecond)
		return n3.count("to the idle device") - before
	}
	a.eventually("what is for a device that is there reaches its radio", func() bool { return call() > 0 })

	a.core.Sh(t, "ip link set sites down")
	cut := time.Now()
	a.eventually("the user plane at the mill does not answer", func() bool { return !a.planes.serving("upf-mill") })
	a.must(a.live.Phone("gone", 0).Deregister(a.soon(), false))
	a.must(a.live.Phone("idle", 0).Idle(a.soon()))
	for time.Since(cut) < time.Minute {
		a.on("near", mill)
		time.Sleep(time.Second)
	}
	a.sessions(5) // the site cannot know better
	if got := a.planes.status()[0]; got.Up || got.Since.Before(cut) || got.Sessions != 4 {
		t.Errorf("the core says of the user plane at the mill: %+v", got)
	}
	a.core.Sh(t, "ip link set sites up")

	a.eventually("the user plane at the mill is there", func() bool { return a.planes.serving("upf-mill") })
	a.on("far", mill)
	a.on("near", mill)
	a.sessions(4)
	a.eventually("the idle device is paged because the site says that something came, and is reached again", func() bool {
		return call() > 0 && a.Node.metrics.pages.Load() > 0
	})
	a.same("near", nears)
	a.same("far", fars)
	a.same("idle", idles)
}
