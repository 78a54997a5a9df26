//go:build linux

package transport

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"cordon/transport/umltest"
)

// Set for the tests that run under a kernel that has SCTP for certain.
const guestEnv = "CORDON_TEST_KERNEL_SCTP"

// TestUserModeLinux runs the tests named TestKernel under a kernel that has SCTP.
func TestUserModeLinux(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: boots a kernel")
	}
	out := umltest.Run(t, umltest.Guest{
		Program: umltest.BuildTest(t),
		Args:    []string{"-test.run=^TestKernel", "-test.v", "-test.timeout=100s"},
		Env:     []string{guestEnv + "=1"},
		Modules: []string{"sctp"},
	})
	for _, must := range []string{"TestKernel", "TestKernelIsTheFirstChoice", "TestKernelAnswersUs", "TestKernelDialsUs", "TestKernelRestart"} {
		if !strings.Contains(out, "--- PASS: "+must+" ") {
			t.Errorf("%s did not pass:\n%s", must, out)
		}
	}
	if strings.Contains(out, "--- SKIP") {
		t.Errorf("something was skipped:\n%s", out)
	}
}

// needKernel skips a test where the kernel has no SCTP, unless it must have.
func needKernel(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP)
	if err == nil {
		unix.Close(fd)
		return
	}
	if os.Getenv(guestEnv) != "" {
		t.Fatalf("no SCTP in this kernel: %v", err)
	}
	t.Skip("SKIPPED here: the kernel has no SCTP. TestUserModeLinux runs it under one that has")
}

func TestKernel(t *testing.T) {
	needKernel(t)
	for _, addr := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		t.Run(addr, func(t *testing.T) { conforms(t, socketWorld(Kernel, addr)) })
	}
}

func TestKernelIsTheFirstChoice(t *testing.T) {
	needKernel(t)
	l, choice, err := Listen(Config{Addr: netip.MustParseAddrPort("127.0.0.1:38999")})
	if err != nil || choice.Mode != Kernel {
		t.Fatalf("%v, %v", choice, err)
	}
	defer l.Close()
	_, _, err = Listen(Config{Addr: netip.MustParseAddrPort("127.0.0.1:38999")})
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a port in use: %v", err)
	}
}

// sysctl sets one of the kernel's settings for the test.
func sysctl(t *testing.T, name, value string) {
	t.Helper()
	file := "/proc/sys/net/sctp/" + name
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(value), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.WriteFile(file, old, 0) })
}

// Our SCTP over UDP sets up associations with the kernel's.
func TestKernelAnswersUs(t *testing.T) {
	needKernel(t)
	sysctl(t, "udp_port", "9899")
	for _, addr := range []string{"127.0.0.1", "::1"} {
		w := socketWorld(Kernel, addr)
		ours := socketWorld(UDP, addr)
		w.dial = func(t *testing.T, l Listener, cfg DialConfig) Conn {
			cfg.UDPPort = 9899
			return ours.dial(t, l, cfg)
		}
		t.Run(addr, func(t *testing.T) { conforms(t, w) })
	}
}

// The kernel's SCTP sets up associations with ours over UDP.
func TestKernelDialsUs(t *testing.T) {
	needKernel(t)
	sysctl(t, "udp_port", "9899")
	sysctl(t, "encap_port", "9900")
	for _, addr := range []string{"127.0.0.1", "::1", "0.0.0.0"} {
		w := socketWorld(Kernel, addr)
		port := uint16(39000)
		w.listen = func(t *testing.T, cfg Config) Listener {
			port++
			cfg.Mode, cfg.UDPPort = UDP, 9900
			cfg.Addr = netip.AddrPortFrom(netip.MustParseAddr(addr), port)
			l, _, err := Listen(cfg)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		t.Run(addr, func(t *testing.T) { conforms(t, w) })
	}
}

func TestKernelRestart(t *testing.T) {
	needKernel(t)
	sysctl(t, "udp_port", "9899")
	w := socketWorld(Kernel, "127.0.0.1")
	ours := socketWorld(UDP, "127.0.0.1")
	w.dial = func(t *testing.T, l Listener, cfg DialConfig) Conn {
		cfg.UDPPort = 9899
		return ours.dial(t, l, cfg)
	}
	testRestart(t, w)
	testLost(t, w)
}
