package datapath

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"cordon/upf"
)

// tun is a TUN device: the kernel routes what devices send and what is for them.
type tun struct {
	file *os.File
	raw  syscall.RawConn
}

// newTUN makes the device, gives it the pools' gateways and sets it up. The device is gone
// when the file is closed.
func newTUN(name string, cfg upf.Config) (*tun, string, error) {
	if len(name) >= unix.IFNAMSIZ {
		return nil, "", fmt.Errorf("TUN device %q: a name has at most %d characters", name, unix.IFNAMSIZ-1)
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return nil, "", errors.New("/dev/net/tun may not be opened by this user: a TUN device needs it and the capability CAP_NET_ADMIN; the user-space stack needs neither")
	case err != nil:
		return nil, "", fmt.Errorf("/dev/net/tun cannot be opened: %w", err)
	}
	if err := setUp(fd, name, cfg); err != nil {
		unix.Close(fd)
		return nil, "", err
	}
	file := os.NewFile(uintptr(fd), "/dev/net/tun")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, "", fmt.Errorf("TUN device %s: %w", name, err)
	}
	why := "TUN device " + name
	if v, err := os.ReadFile("/proc/sys/net/ipv4/ip_forward"); err == nil && strings.TrimSpace(string(v)) == "0" {
		why += "; this host does not forward IPv4 (net.ipv4.ip_forward is 0), so devices reach only what it reaches itself"
	}
	return &tun{file: file, raw: raw}, why, nil
}

// setUp attaches fd to a device of that name and configures it.
func setUp(fd int, name string, cfg upf.Config) error {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return fmt.Errorf("TUN device %q: %w", name, err)
	}
	ifr.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	switch err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); {
	case errors.Is(err, unix.EPERM):
		return fmt.Errorf("making TUN device %s needs the capability CAP_NET_ADMIN: %w", name, err)
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("TUN device %s is in use by another program: %w", name, err)
	case err != nil:
		return fmt.Errorf("making TUN device %s: %w", name, err)
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("configuring %s: %w", name, err)
	}
	defer unix.Close(s)
	for i, p := range cfg.Pools {
		label := name
		if i > 0 {
			label = fmt.Sprintf("%s:%d", name, i)
		}
		if err := setAddress(s, label, gatewayOf(p), p.Prefix.Bits()); err != nil {
			return fmt.Errorf("giving %s the address %s: %w", name, gatewayOf(p), err)
		}
	}
	return setLink(s, name, cfg.MTU)
}

// setAddress gives an interface, or an alias of it, an address and a mask.
func setAddress(s int, label string, addr netip.Addr, bits int) error {
	a := addr.As4()
	if err := setInet(s, unix.SIOCSIFADDR, label, a[:]); err != nil {
		return err
	}
	return setInet(s, unix.SIOCSIFNETMASK, label, net.CIDRMask(bits, 32))
}

func setInet(s int, request uint, label string, v []byte) error {
	ifr, err := unix.NewIfreq(label)
	if err != nil {
		return err
	}
	if err := ifr.SetInet4Addr(v); err != nil {
		return err
	}
	return unix.IoctlIfreq(s, request, ifr)
}

// setLink gives an interface its MTU and a queue for a burst, and brings it up.
func setLink(s int, name string, mtu int) error {
	for _, step := range []struct {
		what    string
		request uint
		set     func(*unix.Ifreq)
	}{
		{"MTU", unix.SIOCSIFMTU, func(r *unix.Ifreq) { r.SetUint32(uint32(mtu)) }},
		{"queue", unix.SIOCSIFTXQLEN, func(r *unix.Ifreq) { r.SetUint32(4096) }},
		{"state", unix.SIOCSIFFLAGS, func(r *unix.Ifreq) { r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING) }},
	} {
		ifr, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		step.set(ifr)
		if err := unix.IoctlIfreq(s, step.request, ifr); err != nil {
			return fmt.Errorf("setting %s's %s: %w", name, step.what, err)
		}
	}
	return nil
}

// read waits for the first packet and takes as many more as are there.
func (t *tun) read(b *batch) error {
	b.reset()
	var failed error
	err := t.raw.Read(func(fd uintptr) bool {
		for !b.full() {
			n, err := unix.Read(int(fd), b.next())
			switch {
			case err == nil:
				b.took(n)
			case errors.Is(err, unix.EINTR):
			case errors.Is(err, unix.EAGAIN):
				return len(b.packets) > 0
			default:
				failed = err
				return true
			}
		}
		return true
	})
	if len(b.packets) > 0 {
		return nil
	}
	return errors.Join(err, failed)
}

func (t *tun) write(packets [][]byte) (lost int) {
	err := t.raw.Control(func(fd uintptr) {
		for _, p := range packets {
			if _, err := unix.Write(int(fd), p); err != nil {
				lost++
			}
		}
	})
	if err != nil {
		return len(packets)
	}
	return lost
}

// leave has nothing to do: the kernel keeps no flow of a device here.
func (t *tun) leave(netip.Addr) {}

func (t *tun) close() error { return t.file.Close() }
