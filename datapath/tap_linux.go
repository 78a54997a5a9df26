package datapath

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// newTAP makes a device, which is gone when it is closed, and makes it a port of the host's bridge if one is named. The host itself
// has no address on it.
func newTAP(to Tap, mtu int) (*tap, error) {
	fd, err := openDevice("TAP", to.Device)
	if err != nil {
		return nil, err
	}
	if err := setUpTAP(fd, to, mtu); err != nil {
		unix.Close(fd)
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "/dev/net/tun")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("TAP device %s: %w", to.Device, err)
	}
	return &tap{n6: &tun{file: file, raw: raw}}, nil
}

func setUpTAP(fd int, to Tap, mtu int) error {
	link, err := attachDevice(fd, "TAP", to.Device, unix.IFF_TAP)
	if err != nil {
		return err
	}
	if to.Bridge != "" {
		bridge, err := rtnl().LinkByName(to.Bridge)
		if err != nil {
			return fmt.Errorf("bridge %s, of which TAP device %s is to be a port: %w", to.Bridge, to.Device, err)
		}
		if err := rtnl().LinkSetMaster(link, bridge); err != nil {
			return fmt.Errorf("making TAP device %s a port of %s: %w", to.Device, to.Bridge, err)
		}
	}
	return raiseLink(link, mtu)
}
