package datapath

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// attached is a program on an interface.
type attached struct {
	device string
	mode   Fast
	why    string // it is not a better mode, empty if there is none
	link   link.Link
}

func (a *attached) String() string {
	s := string(a.mode) + " on " + a.device
	if a.why != "" {
		s += " (" + a.why + ")"
	}
	return s
}

// attachTo puts the program on an interface, as the mode says. A link that a process before this one left
// pinned gets the program instead of its own, without a packet in between that meets none.
func attachTo(p *ebpf.Program, device string, want Fast, at *pins, pin string) (*attached, error) {
	dev, err := netlink.LinkByName(device)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", device, err)
	}
	if a, err := adoptLink(p, dev, want, at, pin); a != nil || err != nil {
		return a, err
	}
	a, err := attachNew(p, dev, want)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", device, err)
	}
	if at != nil {
		if err := a.link.Pin(at.path(pin)); err != nil {
			a.link.Close()
			return nil, fmt.Errorf("keeping the program on %s: %w", device, err)
		}
	}
	return a, nil
}

// modes are what may be tried, best first.
var modes = map[Fast][]Fast{
	FastAuto:    {FastNative, FastGeneric},
	FastNative:  {FastNative},
	FastGeneric: {FastGeneric},
}

func attachNew(p *ebpf.Program, dev netlink.Link, want Fast) (*attached, error) {
	a := &attached{device: dev.Attrs().Name}
	for _, a.mode = range modes[want] {
		flags := link.XDPDriverMode
		if a.mode == FastGeneric {
			flags = link.XDPGenericMode
		}
		var err error
		a.link, err = link.AttachXDP(link.XDPOptions{Program: p, Interface: dev.Attrs().Index, Flags: flags})
		switch {
		case err == nil:
			return a, nil
		case errors.Is(err, unix.EBUSY), errors.Is(err, unix.EEXIST):
			return nil, errors.New("another program is on it: take that off (ip link set dev NAME xdp off), or name another interface")
		case a.mode == want || a.mode == FastGeneric:
			return nil, fmt.Errorf("no XDP of mode %s: %w", a.mode, err)
		case errors.Is(err, unix.EOPNOTSUPP):
			a.why = "its driver has no native XDP"
		default: // as with an MTU that is too large for the driver
			a.why = "its driver refuses native XDP: " + plain(err)
		}
	}
	return nil, fmt.Errorf("mode %q: want auto, native, generic or tcx", want)
}

// plain is what the kernel says.
func plain(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}

// adoptLink takes over a pinned link if it is on that interface, in a mode that is wanted. Otherwise it is
// taken away, and nil returned.
func adoptLink(p *ebpf.Program, dev netlink.Link, want Fast, at *pins, pin string) (*attached, error) {
	if at == nil {
		return nil, nil
	}
	l, err := link.LoadPinnedLink(at.path(pin), nil)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the program that was left on %s: %w", dev.Attrs().Name, err)
	}
	mode := modeOf(dev)
	info, err := l.Info()
	if err == nil && info.XDP() != nil && int(info.XDP().Ifindex) == dev.Attrs().Index && (want == FastAuto || want == mode) {
		if err = l.Update(p); err == nil {
			return &attached{device: dev.Attrs().Name, mode: mode, link: l}, nil
		}
	}
	return nil, errors.Join(os.Remove(at.path(pin)), l.Close())
}

// modeOf is how a program is on an interface.
func modeOf(dev netlink.Link) Fast {
	if x := dev.Attrs().Xdp; x != nil && x.AttachMode == nlXDPDriver {
		return FastNative
	}
	return FastGeneric
}

const nlXDPDriver = 1 // XDP_ATTACHED_DRV

// describe is all interfaces' modes in one sentence.
func describe(all []*attached) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, a.String())
	}
	return "XDP " + strings.Join(parts, ", ")
}
