package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/console"
	"cordon/rules"
	"cordon/transport/netnstest"
)

// A network whose sessions end at another site, where the kernel forwards.
//
//	core ── n3 ── radios ── n3e ── edge ── n6 ── data
//	  └───────────── n4 ────────────┘
const (
	edgeN3, edgeNear = "192.0.3.1", "192.0.3.10"
	edgeN4, coreN4   = "192.0.4.2", "192.0.4.1"
)

const anchorFile = `
site: site
n4: {address: "192.0.4.2:8805", smfs: [{address: 192.0.4.1}]}
n3: {address: "192.0.3.1:2152"}
n6: {mode: tun}
fast: {mode: native, n3_device: n3e, n6_device: n6, pin: %s}
networks: [{name: internet, pool: 10.45.0.0/16, pool6: "2001:db8:45::/48"}]
sessions: 4096
api: {listen: "127.0.0.1:8643", token_file: %s/edge.token}
`

// anchor is a site whose user plane is a process of its own.
type anchor struct {
	*world
	edge      *netnstest.Space
	pin, file string
	cmd       *exec.Cmd
	log       *output
}

// TestAnchorApart: a network whose sessions end at another site is forwarded there by the kernel. The site's process is killed and
// comes back amid traffic: until the core hears of it no packet is lost, and then it has its session there again, with its address.
func TestAnchorApart(t *testing.T) {
	netnstest.Need(t, "ip", "iperf3")
	a := openAnchor(t)
	netnstest.Talk(t, netnstest.End{Host: a.radios, Addr: a.ue4.String()}, netnstest.End{Host: a.data, Addr: server4}, 5300)
	netnstest.Talk(t, netnstest.End{Host: a.radios, Addr: a.ue6.String()}, netnstest.End{Host: a.data, Addr: server6}, 5310)
	if log := a.log.String(); !strings.Contains(log, "XDP native on n3e, XDP native on n6; sessions outlast this process in") {
		t.Error("the kernel does not forward")
	}
	all, kernels := a.count(t, "cordon_user_packets_total"), a.count(t, "cordon_user_packets_fast_total")
	if all < 2000 || kernels < all*9/10 {
		t.Errorf("of %v packets the kernel forwarded %v by itself", all, kernels)
	}
	s := a.stream(t, a.ue4, server4)
	s.goOn(t, 100)
	a.kill()
	s.goOn(t, 300)
	up, down := s.up.sent.Load(), s.down.sent.Load()
	wait(t, 30*time.Second, "all that was sent while the site has no process has come", func() bool {
		return len(before(s.up.missing(), up))+len(before(s.down.missing(), down)) == 0
	})
	a.start(t)
	wait(t, 30*time.Second, "the core has its session there again, and packets pass", func() bool {
		if a.count(t, "cordon_sessions_user_plane") != 1 || !strings.Contains(a.log.String(), "sessions of an earlier process") {
			return false
		}
		up, down := s.up.sent.Load(), s.down.sent.Load()
		s.goOn(t, 100)
		return s.up.seen[up].Load() && s.down.seen[down].Load()
	})
	s.close()
	if log := a.log.String(); !strings.Contains(log, "1 sessions were adopted") {
		t.Error("nothing was adopted")
	}
}

// openAnchor starts the site, its core, and a radio with one phone.
func openAnchor(t *testing.T) *anchor {
	l := &land{netnstest.New(t), netnstest.New(t), netnstest.New(t)}
	a := &anchor{world: &world{land: l}, edge: netnstest.New(t), pin: fmt.Sprintf("test-%d-anchor", os.Getpid())}
	l.core.Wire(t, "n3", "192.0.2.1/24", l.radios, "192.0.2.10/24")
	l.core.Wire(t, "n4", coreN4+"/24", a.edge, edgeN4+"/24")
	a.edge.Wire(t, "n3e", edgeN3+"/24", l.radios, edgeNear+"/24")
	a.edge.Wire(t, "n6", "198.51.100.1/24", l.data, server4+"/24")
	l.radios.Whole(t, "n3e")
	l.data.Whole(t, "n6")
	l.core.Sh(t, "ip addr add 192.0.2.2/24 dev n3")
	a.edge.Sh(t, `ip addr add 2001:db8:6::1/64 dev n6 nodad; ip route add default via 198.51.100.7; ip route add default via 2001:db8:6::7
		echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding`)
	l.data.Sh(t, `ip addr add 2001:db8:6::7/64 dev n6 nodad; ip route add 10.45.0.0/16 via 198.51.100.1
		ip route add 2001:db8:45::/48 via 2001:db8:6::1`)
	s := newSite(t)
	a.site = s
	s.N2, s.Net, s.enter, s.Network = n2Addr, "192.0.2", l.core.Do, ", pool6: \"2001:db8:45::/48\""
	s.Near = netip.MustParseAddr(edgeNear)
	s.http = &http.Client{Transport: &http.Transport{DialContext: dialIn(l.core), DisableKeepAlives: true}}
	s.Extra = fmt.Sprintf(`n4: {address: "%s:8805"}
user_planes: [{element: upf-edge, address: "%s:8805", tunnels: [%s/32], anchors: [internet]}]`, coreN4, edgeN4, edgeN3)
	s.Elements = []rules.Element{{
		Name: "upf-edge", Functions: []rules.Function{"upf"}, Technology: "5g", Vendor: "maker", Site: "site", Traffic: -1, Premises: -1, Protection: "ipsec",
		Addresses: rules.Addresses{N3: []netip.Prefix{netip.MustParsePrefix(edgeN3 + "/32")}, N4: []netip.Prefix{netip.MustParsePrefix(edgeN4 + "/32")}},
	}}
	detachAfter(t, a.edge, a.pin)
	a.file = filepath.Join(s.Dir, "edge.yaml")
	if err := os.WriteFile(a.file, fmt.Appendf(nil, anchorFile, a.pin, s.Dir), 0o600); err != nil {
		t.Fatal(err)
	}
	a.start(t)
	t.Cleanup(func() {
		a.kill()
		if t.Failed() {
			t.Logf("the site said at last:\n%s", a.log)
		}
	})
	a.core = s.serve(t)
	wait(t, 30*time.Second, "the user plane is there", func() bool { return strings.Contains(a.core.log.String(), "a user plane is there") })
	a.attach(t, edgeNear)
	return a
}

// before are those of a list of growing numbers that are less than one.
func before(list []uint32, than uint32) []uint32 {
	n, _ := slices.BinarySearch(list, than)
	return list[:n]
}

// start runs the site's user plane.
func (a *anchor) start(t *testing.T) {
	t.Helper()
	a.cmd, a.log = exec.Command(program(t), "upf", "--config", a.file), &output{}
	a.cmd.Stderr = a.log
	if err := a.edge.Do(a.cmd.Start); err != nil {
		t.Fatal(err)
	}
	wait(t, 30*time.Second, "the site forwards", func() bool { return strings.Contains(a.log.String(), "cordon forwards") })
}

// kill ends it as a crash does.
func (a *anchor) kill() {
	a.cmd.Process.Kill()
	_ = a.cmd.Wait() // it was killed
}

// count is a metric of the site's.
func (a *anchor) count(t *testing.T, name string) float64 {
	t.Helper()
	token, err := console.ReadToken(filepath.Join(a.site.Dir, "edge.token"))
	if err != nil {
		t.Fatal(err)
	}
	hc := &http.Client{Transport: &http.Transport{DialContext: dialIn(a.edge), DisableKeepAlives: true}}
	return sumOf(t, &client{ctx: t.Context(), base: "http://127.0.0.1:8643", token: token, http: hc}, name)
}
