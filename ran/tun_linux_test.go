package ran

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"cordon/transport/netnstest"
)

// TestTUN: a device has its phone's addresses, others when they change, and carries packets of both versions of IP as they are.
func TestTUN(t *testing.T) {
	netnstest.Need(t, "ip")
	if err := netnstest.New(t).Do(func() error { testTUN(t); return nil }); err != nil {
		t.Fatal(err)
	}
}

func testTUN(t *testing.T) {
	dev, err := OpenTUN("phone0")
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	for _, c := range []struct {
		v4, v6 string
		mtu    int
	}{{"10.45.0.7", "2001:db8:1:2::7/64", 1400}, {"10.45.0.8", "2001:db8:1:3::7/64", 1390}} {
		v4, v6 := netip.MustParseAddr(c.v4), netip.MustParsePrefix(c.v6)
		if err := dev.Address(v4, v6, c.mtu); err != nil {
			t.Fatal(err)
		}
		link, err := net.InterfaceByName("phone0")
		if err != nil {
			t.Fatal(err)
		}
		addrs, err := link.Addrs()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range addrs {
			names = append(names, a.String())
		}
		slices.Sort(names)
		if link.MTU != c.mtu || link.Flags&net.FlagUp == 0 || !slices.Equal(names, []string{c.v4 + "/32", c.v6}) {
			t.Errorf("MTU %d, %v, %v", link.MTU, link.Flags, names)
		}
	}
	if _, err := OpenTUN("a name that is too long"); err == nil {
		t.Error("a device of that name")
	}
	var errno unix.Errno
	if _, err := OpenTUN("phone0"); !errors.As(err, &errno) || errno != unix.EBUSY {
		t.Errorf("a second one of its name: %v", err)
	}
}
