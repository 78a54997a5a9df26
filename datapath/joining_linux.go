package datapath

import (
	"fmt"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An interface on which the kernel joins packets of a flow as they come (GRO) has nothing for a program at the hook
// of traffic control, which cannot take them apart: they would all go through this process. So joining is switched off there, as
// the kernel does by itself for XDP, and on again when the program goes.

// joins reports whether packets are joined on an interface.
func joins(device string) (bool, error) {
	v, err := offload(device, unix.ETHTOOL_GGRO, 0)
	return v != 0, err
}

// setJoins has packets be joined on an interface, or not.
func setJoins(device string, on bool) error {
	value := uint32(0)
	if on {
		value = 1
	}
	_, err := offload(device, unix.ETHTOOL_SGRO, value)
	return err
}

// offload asks for one of an interface's offloads, or sets it.
func offload(device string, command, value uint32) (uint32, error) {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(s)
	v := struct{ command, data uint32 }{command, value}
	request := struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte
	}{name: deviceOf(device), data: unsafe.Pointer(&v)}
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(s), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); e != 0 {
		return 0, fmt.Errorf("offload %#x of %s: %w", command, device, e)
	}
	return v.data, nil
}

// separate has no packets be joined on the interfaces of programs for traffic control, and remembers where they were.
func (k *fast) separate() error {
	for _, a := range k.on {
		if a.mode != FastTCX {
			continue
		}
		on, err := joins(a.device)
		if err == nil && on {
			if !slices.Contains(k.joined, a.device) {
				k.joined = append(k.joined, a.device)
			}
			err = setJoins(a.device, false)
		}
		if err != nil {
			k.note("packets that the kernel joins on %s go through this process (ethtool -K %s gro off): %s", a.device, a.device, plain(err))
		}
	}
	if k.pins == nil || len(k.joined) == 0 {
		return nil
	}
	return k.pins.noteJoined(k.joined)
}

// joinAgain has packets be joined where they were. An interface may have gone.
func joinAgain(devices []string) {
	for _, d := range devices {
		_ = setJoins(d, true)
	}
}
