package ran

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// TAP is a TAP device, whose programs are behind a phone whose session is of type Ethernet: a [Host]. It is gone when it is closed.
type TAP struct {
	*os.File
	name string
}

// OpenTAP makes a device of that name, down.
func OpenTAP(name string) (*TAP, error) {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return nil, fmt.Errorf("TAP device %q: a name has at most %d characters", name, unix.IFNAMSIZ-1)
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("opening /dev/net/tun, which needs the capability CAP_NET_ADMIN: %w", err)
	}
	ifr.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
	switch err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); {
	case errors.Is(err, unix.EPERM):
		unix.Close(fd)
		return nil, fmt.Errorf("making TAP device %s needs the capability CAP_NET_ADMIN: %w", name, err)
	case err != nil:
		unix.Close(fd)
		return nil, fmt.Errorf("making TAP device %s: %w", name, err)
	}
	return &TAP{os.NewFile(uintptr(fd), "/dev/net/tun"), name}, nil
}

// Address gives the device its MTU and brings it up. Addresses are for whoever uses it to give.
func (t *TAP) Address(_ netip.Addr, _ netip.Prefix, mtu int) error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	ifr, err := unix.NewIfreq(t.name)
	if err != nil {
		return err
	}
	ifr.SetUint32(uint32(mtu))
	if err := unix.IoctlIfreq(s, unix.SIOCSIFMTU, ifr); err != nil {
		return fmt.Errorf("setting the MTU of %s: %w", t.name, err)
	}
	ifr.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, ifr); err != nil {
		return fmt.Errorf("bringing %s up: %w", t.name, err)
	}
	return nil
}

// Read gives one frame.
func (t *TAP) Read(packets [][]byte, sizes []int, offset int) (int, error) {
	n, err := t.File.Read(packets[0][offset:])
	if err != nil {
		return 0, err
	}
	sizes[0] = n
	return 1, nil
}

// Write writes frames and says how many it has.
func (t *TAP) Write(packets [][]byte, offset int) (n int, err error) {
	for _, p := range packets {
		if _, werr := t.File.Write(p[offset:]); werr != nil {
			err = werr
			continue
		}
		n++
	}
	return n, err
}
