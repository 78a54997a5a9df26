package ran

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/transport/netnstest"
)

// TestTAP: a device is brought up with its phone's MTU, and carries frames as they are, both ways.
func TestTAP(t *testing.T) {
	netnstest.Need(t, "ip")
	host := netnstest.New(t)
	host.Sh(t, "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6") // so that nobody else sends
	if err := host.Do(func() error { testTAP(t); return nil }); err != nil {
		t.Fatal(err)
	}
}

func testTAP(t *testing.T) {
	dev, err := OpenTAP("phone0")
	check(t, err)
	defer dev.Close()
	check(t, dev.Address(netip.Addr{}, netip.Prefix{}, 1380))
	link, err := net.InterfaceByName("phone0")
	check(t, err)
	if link.MTU != 1380 || link.Flags&net.FlagUp == 0 {
		t.Errorf("MTU %d, %v", link.MTU, link.Flags)
	}
	const kind = 0xb588 // 0x88b5, for experiments, as the kernel takes it
	program, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, kind)
	check(t, err)
	defer unix.Close(program)
	at := &unix.SockaddrLinklayer{Ifindex: link.Index, Protocol: kind}
	check(t, unix.Bind(program, at))
	check(t, unix.SetsockoptTimeval(program, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 30}))
	check(t, dev.SetReadDeadline(time.Now().Add(30*time.Second)))

	up, down := []byte("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x88\xb5up"), []byte("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x02\x88\xb5down")
	check(t, unix.Sendto(program, up, 0, at))
	b, sizes := make([]byte, 2000), []int{0}
	if n, err := dev.Read([][]byte{b}, sizes, hostOffset); n != 1 || err != nil || !bytes.Equal(b[hostOffset:][:sizes[0]], up) {
		t.Errorf("up: %d frames, %v", n, err)
	}
	if n, err := dev.Write([][]byte{append(make([]byte, hostOffset), down...)}, hostOffset); n != 1 || err != nil {
		t.Errorf("down: %d frames, %v", n, err)
	}
	if n, _, err := unix.Recvfrom(program, b, 0); err != nil || !bytes.Equal(b[:n], down) {
		t.Errorf("down: %q, %v", b[:max(n, 0)], err)
	}
	if _, err := OpenTAP("a name that is too long"); err == nil {
		t.Error("a device of that name")
	}
	if _, err := OpenTAP("phone0"); !errors.Is(err, unix.EBUSY) {
		t.Errorf("a second one of its name: %v", err)
	}
	dev.Close()
	if _, err := dev.Read([][]byte{b}, sizes, hostOffset); err == nil {
		t.Error("a closed device still reads")
	}
}
