package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon/ran"
	"cordon/transport/netnstest"
)

// The user plane as an operator has it: `cordon serve`, a simulated radio whose phone is a kernel's interface
// (`cordon ran --tun`), and programs that know nothing of either.
//
//	radios ── n3 ── core ── n6 ── data
type land struct {
	core, radios, data *netnstest.Space
}

// What stands where. The server is in the data network.
const (
	server4, server6 = "198.51.100.7", "2001:db8:6::7"
	publicAddr       = "203.0.113.77" // of NAT
	n2Addr           = "192.0.2.2"    // apart from N3, so that one can be cut
	coreN36, nearN36 = "fd00:3::1", "fd00:3::10"
)

func newLand(t *testing.T) *land {
	netnstest.Need(t, "ip", "iperf3")
	l := &land{netnstest.New(t), netnstest.New(t), netnstest.New(t)}
	l.core.Wire(t, "n3", "192.0.2.1/24", l.radios, "192.0.2.10/24")
	l.core.Wire(t, "n6", "198.51.100.1/24", l.data, server4+"/24")
	l.radios.Whole(t, "n3")
	l.data.Whole(t, "n6")
	l.core.Sh(t, `ip addr add 192.0.2.2/24 dev n3; ip addr add fd00:3::1/64 dev n3 nodad; ip addr add 2001:db8:6::1/64 dev n6 nodad
		ip route add default via 198.51.100.7; ip route add default via 2001:db8:6::7
		echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding`)
	l.radios.Sh(t, "ip addr add fd00:3::10/64 dev n3 nodad")
	l.data.Sh(t, `ip addr add 2001:db8:6::7/64 dev n6 nodad; ip route add 10.45.0.0/16 via 198.51.100.1
		ip route add 203.0.113.77 via 198.51.100.1; ip route add 2001:db8:45::/48 via 2001:db8:6::1`)
	return l
}

// TestUserPlane carries a kernel's TCP and UDP through a simulated radio and the program: both ways, IPv4 and IPv6, inside and outside, with
// NAT and without, by the kernel's forwarder and by the portable one. Where the kernel forwards, `cordon serve` is killed amid traffic.
func TestUserPlane(t *testing.T) {
	l := newLand(t)
	for _, tt := range []struct {
		fast    string
		nat, v6 bool // v6: N3
	}{
		{"native", true, false},
		{"native", false, true},
		{"off", true, true},
		{"off", false, false},
	} {
		t.Run(fmt.Sprintf("%s nat=%v n3v6=%v", tt.fast, tt.nat, tt.v6), func(t *testing.T) {
			w := l.open(t, tt.fast, tt.nat, tt.v6)
			netnstest.Talk(t, netnstest.End{Host: w.radios, Addr: w.ue4.String()}, netnstest.End{Host: w.data, Addr: server4}, 5200)
			netnstest.Talk(t, netnstest.End{Host: w.radios, Addr: w.ue6.String()}, netnstest.End{Host: w.data, Addr: server6}, 5210)
			w.carried(t, tt.fast == "native", 4000)
			if tt.fast == "native" {
				w.survive(t)
			}
			if tt.nat {
				w.names(t)
			}
		})
	}
}

// world is a land with a core and a radio.
type world struct {
	*land
	site      *site
	core      *process
	radio     *exec.Cmd
	said, sum output // by the radio
	ue4, ue6  netip.Addr
}

// open starts a core, and a radio with one phone.
func (l *land) open(t *testing.T, fast string, nat, v6 bool) *world {
	s := newSite(t)
	s.N2 = n2Addr
	s.Net, s.N6, s.enter, s.Network = "192.0.2", "tun", l.core.Do, ", pool6: \"2001:db8:45::/48\""
	s.http = &http.Client{Transport: &http.Transport{DialContext: dialIn(l.core), DisableKeepAlives: true}}
	pin, n3 := fmt.Sprintf("test-%d-%d", os.Getpid(), sites), "192.0.2.10"
	s.Extra = "fast: {mode: \"off\", pin: \"\"}"
	if fast != "off" {
		s.Extra = fmt.Sprintf("fast: {mode: %s, n3_device: n3, n6_device: n6, pin: %s}", fast, pin)
	}
	if nat {
		s.Network += ", nat: true"
		s.N6More = fmt.Sprintf(", nat: {addresses: [%s/32], ports: 1024}", publicAddr)
	}
	if v6 {
		s.N3, s.Near, n3 = "["+coreN36+"]", netip.MustParseAddr(nearN36), nearN36
	}
	w := &world{land: l, site: s}
	if fast != "off" {
		detachAfter(t, l.core, pin) // after the core has ended
	}
	w.core = s.serve(t)
	w.attach(t, n3)
	return w
}

// detachAfter takes away, when the test ends, what a user plane has left in the kernel.
func detachAfter(t *testing.T, at *netnstest.Space, pin string) {
	t.Cleanup(func() {
		detach := exec.Command(program(t), "upf", "detach", pin)
		var out []byte
		if err := at.Do(func() (err error) { out, err = detach.CombinedOutput(); return err }); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// attach starts a radio with one phone, which has its session.
func (w *world) attach(t *testing.T, n3 string) {
	t.Helper()
	w.core.subscribe(t, 1)
	w.radio = exec.Command(program(t), "ran", "--core", n2Addr+":38412", "--sctp", "udp", "--n2", "192.0.2.10", "--n3", n3,
		"--type", "ipv4v6", "--tun", "ue0", "--keep-tunnels", "--hold", "1h", "--json")
	w.radio.Stderr, w.radio.Stdout = &w.said, &w.sum
	if err := w.radios.Do(w.radio.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.close(t) })
	addresses := regexp.MustCompile(`ue0 is the first phone's: ([0-9.]+) ([0-9a-f:]+)/`)
	wait(t, 30*time.Second, "the phone has its addresses", func() bool {
		m := addresses.FindStringSubmatch(w.said.String())
		if m != nil {
			w.ue4, w.ue6 = netip.MustParseAddr(m[1]), netip.MustParseAddr(m[2])
		}
		return m != nil
	})
	w.radios.Sh(t, fmt.Sprintf("ip route add %s dev ue0; ip route add %s dev ue0", server4, server6))
}

// close ends the radio, whose phone has not had to register again.
func (w *world) close(t *testing.T) {
	w.radio.Process.Signal(os.Interrupt)
	if err := w.radio.Wait(); err != nil {
		t.Errorf("the radio ended with %v", err)
	}
	var sum ran.Summary
	if err := json.Unmarshal([]byte(w.sum.String()), &sum); err != nil || !sum.OK || sum.Registered != 1 || sum.Reregistered != 0 {
		t.Errorf("%v: %s", err, w.sum.String())
	}
	if t.Failed() {
		t.Logf("the radio said:\n%s", w.said.String())
	}
}

// metric is the sum of a metric's values.
func (w *world) metric(t *testing.T, name string) float64 {
	t.Helper()
	api, err := w.core.api(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sumOf(t, api, name)
}

// sumOf is the sum of a metric's values at a console.
func sumOf(t *testing.T, api *client, name string) (sum float64) {
	t.Helper()
	text, err := api.fetch(http.MethodGet, "/metrics", "", nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if at, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && (at == name || strings.HasPrefix(at, name+"{")) {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(line)
			}
			sum += v
		}
	}
	return sum
}

// carried sees that the core has counted what passed, and that the kernel carried nearly all of it where it was to, and nothing elsewhere.
func (w *world) carried(t *testing.T, fast bool, least float64) {
	t.Helper()
	all, kernels := w.metric(t, "cordon_user_packets_total"), w.metric(t, "cordon_user_packets_fast_total")
	if all < least || fast && kernels < all*9/10 || !fast && kernels != 0 {
		t.Errorf("of %v packets the kernel forwarded %v by itself", all, kernels)
	}
	t.Logf("of %v packets the kernel forwarded %v by itself", all, kernels)
}
