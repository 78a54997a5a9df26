package ran

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
	"golang.zx2c4.com/wireguard/tun"
)

// TUN is a TUN device, whose programs are a phone's: a [Host]. It is gone when it is closed.
type TUN struct {
	tun.Device
	name string
	v6   netip.Prefix // that it has
}

// OpenTUN makes a device of that name, without an address and down.
func OpenTUN(name string) (*TUN, error) {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return nil, fmt.Errorf("TUN device %q: a name has at most %d characters", name, unix.IFNAMSIZ-1)
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("opening /dev/net/tun, which needs the capability CAP_NET_ADMIN: %w", err)
	}
	ifr.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI | unix.IFF_VNET_HDR)
	switch err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); {
	case errors.Is(err, unix.EPERM):
		unix.Close(fd)
		return nil, fmt.Errorf("making TUN device %s needs the capability CAP_NET_ADMIN: %w", name, err)
	case err != nil:
		unix.Close(fd)
		return nil, fmt.Errorf("making TUN device %s: %w", name, err)
	}
	dev, _, err := tun.CreateUnmonitoredTUNFromFD(fd)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("making TUN device %s: %w", name, err)
	}
	// The kernel's own link-local address is nobody's in the phone's network. Where there is no IPv6, there is no file.
	_ = os.WriteFile("/proc/sys/net/ipv6/conf/"+name+"/addr_gen_mode", []byte("1"), 0)
	return &TUN{Device: dev, name: name}, nil
}

// Address gives the device its addresses and MTU and brings it up. Routes are for whoever uses it to make.
func (t *TUN) Address(v4 netip.Addr, v6 netip.Prefix, mtu int) error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	for _, step := range []struct {
		what    string
		request uint
		set     func(*unix.Ifreq) error
	}{
		{"MTU", unix.SIOCSIFMTU, func(r *unix.Ifreq) error { r.SetUint32(uint32(mtu)); return nil }},
		{"queue", unix.SIOCSIFTXQLEN, func(r *unix.Ifreq) error { r.SetUint32(4096); return nil }},
		{"address", unix.SIOCSIFADDR, func(r *unix.Ifreq) error { return r.SetInet4Addr(v4.AsSlice()) }},
		{"mask", unix.SIOCSIFNETMASK, func(r *unix.Ifreq) error { return r.SetInet4Addr(net.CIDRMask(32, 32)) }},
		{"state", unix.SIOCSIFFLAGS, func(r *unix.Ifreq) error { r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING); return nil }},
	} {
		if !v4.IsValid() && (step.request == unix.SIOCSIFADDR || step.request == unix.SIOCSIFNETMASK) {
			continue
		}
		ifr, err := unix.NewIfreq(t.name)
		if err == nil {
			err = step.set(ifr)
		}
		if err == nil {
			err = unix.IoctlIfreq(s, step.request, ifr)
		}
		if err != nil {
			return fmt.Errorf("setting the %s of %s: %w", step.what, t.name, err)
		}
	}
	return t.address6(v6)
}

// in6Ifreq is the kernel's struct in6_ifreq.
type in6Ifreq struct {
	addr   [16]byte
	prefix uint32
	index  int32
}

// address6 replaces the IPv6 address that the device has.
func (t *TUN) address6(v6 netip.Prefix) error {
	if v6 == t.v6 {
		return nil
	}
	s, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("giving %s an IPv6 address: %w", t.name, err)
	}
	defer unix.Close(s)
	for _, step := range []struct {
		request uintptr
		p       netip.Prefix
	}{{unix.SIOCDIFADDR, t.v6}, {unix.SIOCSIFADDR, v6}} {
		if !step.p.IsValid() {
			continue
		}
		link, err := net.InterfaceByName(t.name)
		if err != nil {
			return err
		}
		req := in6Ifreq{addr: step.p.Addr().As16(), prefix: uint32(step.p.Bits()), index: int32(link.Index)}
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(s), step.request, uintptr(unsafe.Pointer(&req))); errno != 0 {
			return fmt.Errorf("giving %s the address %s: %w", t.name, v6, errno)
		}
	}
	t.v6 = v6
	return nil
}
