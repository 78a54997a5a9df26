package datapath

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"cordon/upf"
)

// tun is a TUN device: the kernel routes what devices send and what is for them.
type tun struct {
	file *os.File
	raw  syscall.RawConn
}

// newTUN makes the device, gives it the pools' gateways and sets it up. The device is gone
// when the file is closed, unless it is to be kept.
func newTUN(name string, cfg upf.Config) (*tun, string, error) {
	fd, err := openDevice("TUN", name)
	if err != nil {
		return nil, "", err
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
	t := &tun{file: file, raw: raw}
	if err := t.persist(0); err != nil { // it may be one that was kept
		file.Close()
		return nil, "", fmt.Errorf("TUN device %s: %w", name, err)
	}
	why := "TUN device " + name
	if v, err := os.ReadFile("/proc/sys/net/ipv4/ip_forward"); err == nil && strings.TrimSpace(string(v)) == "0" {
		why += "; this host does not forward IPv4 (net.ipv4.ip_forward is 0), so devices reach only what it reaches itself"
	}
	return t, why, nil
}

// openDevice opens what devices of packets, TUN, and of frames, TAP, are made of.
func openDevice(kind, name string) (fd int, err error) {
	if len(name) >= unix.IFNAMSIZ {
		return 0, fmt.Errorf("%s device %q: a name has at most %d characters", kind, name, unix.IFNAMSIZ-1)
	}
	fd, err = unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		err = fmt.Errorf("/dev/net/tun may not be opened by this user: a %s device needs it and the capability CAP_NET_ADMIN", kind)
		if kind == "TUN" {
			err = fmt.Errorf("%w; the user-space stack needs neither", err)
		}
	case err != nil:
		err = fmt.Errorf("/dev/net/tun cannot be opened: %w", err)
	}
	return fd, err
}

// attachDevice attaches fd to a device of that name, which is made if it is not there.
func attachDevice(fd int, kind, name string, flag uint16) (netlink.Link, error) {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return nil, fmt.Errorf("%s device %q: %w", kind, name, err)
	}
	ifr.SetUint16(flag | unix.IFF_NO_PI)
	switch err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); {
	case errors.Is(err, unix.EPERM):
		return nil, fmt.Errorf("making %s device %s needs the capability CAP_NET_ADMIN: %w", kind, name, err)
	case errors.Is(err, unix.EBUSY):
		return nil, fmt.Errorf("%s device %s is in use by another program: %w", kind, name, err)
	case err != nil:
		return nil, fmt.Errorf("making %s device %s: %w", kind, name, err)
	}
	link, err := rtnl().LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("looking up %s device %s: %w", kind, name, err)
	}
	// Of itself it has no say in IPv6: no solicitation of the kernel's for a router. Hosts without IPv6 refuse.
	_ = rtnl().LinkSetIP6AddrGenMode(link, addrGenNone)
	return link, nil
}

// rtnl asks the kernel about the network of the calling thread, by a socket for each question. The package's own functions
// do so too, by one handle of the whole process: that notes without a lock what the kernel did not understand.
func rtnl() *netlink.Handle { return new(netlink.Handle) }

// setUp attaches fd to a device of that name and configures it.
func setUp(fd int, name string, cfg upf.Config) error {
	link, err := attachDevice(fd, "TUN", name, unix.IFF_TUN)
	if err != nil {
		return err
	}
	for _, p := range cfg.Pools {
		if err := addAddress(link, netip.PrefixFrom(gatewayOf(p), p.Prefix.Bits())); err != nil {
			return fmt.Errorf("giving %s the address %s: %w", name, gatewayOf(p), err)
		}
	}
	if err := raiseLink(link, cfg.MTU); err != nil {
		return err
	}
	if err := notOurs(cfg.NAT); err != nil {
		return err
	}
	for _, p := range cfg.NAT { // what comes for a public address is for devices
		if err := rtnl().RouteReplace(&netlink.Route{LinkIndex: link.Attrs().Index, Dst: ipNet(p.Masked())}); err != nil {
			return fmt.Errorf("routing %s to %s: %w", p, name, err)
		}
	}
	return nil
}

// notOurs sees that no interface of this host has a public address of NAT: the kernel would take, and answer, what is for devices.
func notOurs(public []netip.Prefix) error {
	if len(public) == 0 {
		return nil
	}
	all, err := rtnl().AddrList(nil, unix.AF_INET)
	if err != nil {
		return fmt.Errorf("looking up this host's addresses: %w", err)
	}
	for _, a := range all {
		own, _ := netip.AddrFromSlice(a.IP.To4())
		for _, p := range public {
			if p.Contains(own) {
				return fmt.Errorf("public addresses %s: %s is this host's own, on %s: NAT needs addresses that no interface has and that routers lead to this host", p, own, a.Label)
			}
		}
	}
	return nil
}

// addrGenNone is IN6_ADDR_GEN_MODE_NONE: no link-local address.
const addrGenNone = 1

// addAddress gives an interface an address with its network, which is then routed there.
func addAddress(link netlink.Link, p netip.Prefix) error {
	a := &netlink.Addr{IPNet: ipNet(p)}
	if p.Addr().Is6() {
		a.Flags = unix.IFA_F_NODAD
	}
	return rtnl().AddrReplace(link, a)
}

// ipNet is p as the standard library's older type has it, its host bits kept.
func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// raiseLink gives an interface its MTU and a queue for a burst, and brings it up.
func raiseLink(link netlink.Link, mtu int) error {
	name := link.Attrs().Name
	if err := rtnl().LinkSetMTU(link, mtu); err != nil {
		return fmt.Errorf("setting %s's MTU to %d: %w", name, mtu, err)
	}
	if err := rtnl().LinkSetTxQLen(link, tunQueue); err != nil {
		return fmt.Errorf("setting %s's queue: %w", name, err)
	}
	if err := rtnl().LinkSetUp(link); err != nil {
		return fmt.Errorf("bringing %s up: %w", name, err)
	}
	return nil
}

const tunQueue = 4096 // packets that wait for the forwarder

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

// keep has the device and the pools' routes to it stay, so that no router is told that the
// devices are gone, and nothing for them goes round in circles.
func (t *tun) keep() error { return t.persist(1) }

func (t *tun) persist(on int) error {
	var failed error
	err := t.raw.Control(func(fd uintptr) { failed = unix.IoctlSetInt(int(fd), unix.TUNSETPERSIST, on) })
	return errors.Join(err, failed)
}

func (t *tun) close() error { return t.file.Close() }
