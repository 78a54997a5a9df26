package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/ran"
	"cordon/transport/netnstest"
	"cordon/transport/umltest"
)

// A whole network of kernels' interfaces: the radios, the core and a data network are in a
// network namespace each, with a cable from the core to either. The namespaces are the
// test's own and gone with it.

// guestEnv is set under a kernel that has SCTP for certain.
const guestEnv = "CORDON_TEST_KERNEL_SCTP"

// TestUserModeLinux runs TestKernelNetwork under a kernel that has SCTP.
func TestUserModeLinux(t *testing.T) {
	bin := program(t)
	out := umltest.Run(t, umltest.Guest{
		Program: umltest.BuildTest(t),
		Args:    []string{"-test.run=^TestKernelNetwork$", "-test.v", "-test.timeout=100s"},
		Env:     []string{guestEnv + "=1", programEnv + "=" + bin},
		Modules: []string{"sctp", "veth", "tun"},
	})
	t.Log(out)
	if !strings.Contains(out, "--- PASS: TestKernelNetwork ") || !strings.Contains(out, "SCTP in the kernel to 192.0.2.1:38412") {
		t.Error("it did not come to pass")
	}
}

// Kernel SCTP on N2, and kernel routing on N6.
func TestKernelNetwork(t *testing.T) {
	if !kernelSCTP() {
		if os.Getenv(guestEnv) != "" {
			t.Fatal("no SCTP in this kernel")
		}
		t.Skip("SKIPPED here: the kernel has no SCTP. TestUserModeLinux runs it under one that has")
	}
	testNetwork(t, "kernel", "SCTP in the kernel")
}

// SCTP in user space over raw IP on N2, as it serves where the kernel has none.
func TestRawNetwork(t *testing.T) {
	if kernelSCTP() {
		t.Skip("SKIPPED here: the kernel has SCTP and would answer for us")
	}
	testNetwork(t, "raw", "SCTP in user space over raw IP")
}

func kernelSCTP() bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP)
	if err == nil {
		unix.Close(fd)
	}
	return err == nil
}

func testNetwork(t *testing.T, sctp, how string) {
	netnstest.Need(t, "ip")
	const phones = 40
	core, radios, data := netnstest.New(t), netnstest.New(t), netnstest.New(t)
	core.Wire(t, "n2", "192.0.2.1/24", radios, "192.0.2.10/24")
	core.Wire(t, "n6", "198.51.100.1/24", data, "198.51.100.7/24")
	radios.Sh(t, "ip addr add 192.0.2.11/24 dev n2")
	core.Sh(t, "echo 1 > /proc/sys/net/ipv4/ip_forward")
	data.Sh(t, "ip route add 10.45.0.0/16 via 198.51.100.1")
	heard := echoIn(t, data, "198.51.100.7:7")

	s := newSite(t)
	s.Net, s.SCTP, s.N6, s.enter = "192.0.2", sctp, "tun", core.Do
	s.http = &http.Client{Transport: &http.Transport{DialContext: dialIn(core)}}
	defer s.http.CloseIdleConnections()
	p := s.serve(t)
	if log := p.log.String(); !strings.Contains(log, how) || !strings.Contains(log, "n6=tun") {
		t.Errorf("the core does not serve as asked:\n%s", log)
	}
	p.subscribe(t, phones)
	out, err := s.cordon(t, radios.Do, "ran", "--core", "192.0.2.1:38412", "--sctp", sctp, "--n3", "192.0.2.10", "--radios", "2",
		"--phones", fmt.Sprint(phones), "--traffic", "2s", "--pps", "10", "--target", "198.51.100.7:7", "--payload", "1200", "--deregister", "--json")
	t.Logf("%s", out)
	var sum ran.Summary
	if jerr := json.Unmarshal([]byte(out), &sum); err != nil || jerr != nil {
		t.Fatal(err, jerr)
	}
	if !sum.OK || sum.PhonesEchoed != phones || sum.Deregistered != phones {
		t.Error("not everybody did everything")
	}
	from := heard()
	if len(from) != phones {
		t.Errorf("the data network heard %d addresses of %d phones", len(from), phones)
	}
	for addr := range from {
		if !netip.MustParsePrefix("10.45.0.0/16").Contains(addr) {
			t.Errorf("the data network heard %v, which is no device's", addr)
		}
	}
	p.cmd.Process.Signal(os.Interrupt)
	if status := p.exit(t, 10*time.Second); status != 0 {
		t.Errorf("exit status %d:\n%s", status, p.log)
	}
}

// dialIn connects from inside a namespace.
func dialIn(s *netnstest.Space) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		err = s.Do(func() (err error) { c, err = (&net.Dialer{}).DialContext(ctx, network, addr); return err })
		return c, err
	}
}

// echoIn serves inside a namespace, and in the end says who spoke to it.
func echoIn(t *testing.T, s *netnstest.Space, addr string) func() map[netip.Addr]bool {
	t.Helper()
	var c *net.UDPConn
	if err := s.Do(func() (err error) {
		c, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(addr)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	heard, done := make(map[netip.Addr]bool), make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 65536)
		for {
			size, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			heard[from.Addr().Unmap()] = true
			c.WriteToUDPAddrPort(b[:size], from)
		}
	}()
	end := func() map[netip.Addr]bool { c.Close(); <-done; return heard }
	t.Cleanup(func() { end() })
	return end
}
