package datapath

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cordon/transport/netnstest"
	"cordon/upf"
)

// isolated runs f in a network namespace of its own, where lines of the shell ran before.
func isolated(t testing.TB, lines string, f func()) {
	t.Helper()
	netnstest.Need(t, "ip")
	s := netnstest.New(t)
	s.Sh(t, lines)
	if err := s.Do(func() error { f(); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestTUN(t *testing.T) {
	isolated(t, "ip addr add 198.51.100.1/32 dev lo", func() {
		server := udpEcho(t, netip.MustParseAddrPort("198.51.100.1:9"))
		cfg := testConfig(Auto)
		at := service(&cfg, protoUDP, server.LocalAddr())
		cfg.UPF.Pools = append(cfg.UPF.Pools, upf.Pool{Instance: "ims", Prefix: netip.MustParsePrefix("10.46.0.0/24")})
		f, choice, err := Open(cfg)
		if err != nil || choice.N6 != TUN {
			t.Fatalf("%+v, %v", choice, err)
		}
		defer f.Close()
		t.Log(choice.Why)
		g := attach(t, f)
		for i := range 200 {
			payload := fmt.Appendf(nil, "packet %d", i)
			g.send(udpPacket(ue, "198.51.100.1", 4000, at.Port(), payload))
			wantUDP(t, g.receive(), "198.51.100.1", at.Port(), 4000, payload)
		}
		// N3-05: the address is the host's, and only the one port of it is a service.
		g.send(udpPacket(ue, "198.51.100.1", 4000, at.Port()+1, nil))
		g.send(udpPacket(ue, "198.51.100.1", 4000, at.Port(), nil))
		g.receive()
		if s := f.Stats(); s.Uplink.Drops[upf.ReasonForbidden] != 1 {
			t.Errorf("%+v", s)
		}
		cfg.N6 = TUN
		if _, _, err := Open(cfg); err == nil {
			t.Error("a second forwarder took the same device")
		} else {
			t.Log(err)
		}
	})
}

// TestTUNTakenAway: a forwarder whose device is deleted says so, and is still closed.
func TestTUNTakenAway(t *testing.T) {
	isolated(t, "", func() {
		f, _, err := Open(testConfig(TUN))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if out, err := exec.Command("ip", "link", "delete", "cordon0").CombinedOutput(); err != nil {
			t.Fatalf("deleting the device: %v: %s", err, out)
		}
		select {
		case err := <-f.Failed():
			t.Log(err)
		case <-time.After(10 * time.Second):
			t.Error("nothing was said")
		}
	})
}

// TestTUNOwnAddress: an address that the kernel answers at hides no devices.
func TestTUNOwnAddress(t *testing.T) {
	isolated(t, "ip addr add 198.51.100.9/32 dev lo", func() {
		cfg := testConfig(TUN)
		cfg.UPF.Pools[0].NAT, cfg.UPF.NAT = true, []netip.Prefix{netip.MustParsePrefix("198.51.100.8/30")}
		if _, _, err := Open(cfg); err == nil || !strings.Contains(err.Error(), "198.51.100.9 is this host's own, on lo") {
			t.Errorf("%v", err)
		}
		cfg.UPF.NAT[0] = netip.MustParsePrefix("198.51.100.12/30")
		f, _, err := Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	})
}
