package datapath

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// port is an interface that is to get a program.
type port struct {
	netlink.Link
	name string
	pin  string // of what stays there
}

// attached is a program on an interface.
type attached struct {
	device string
	pin    string
	index  int
	mode   Fast
	link   link.Link
}

func (a *attached) String() string {
	if a.mode == FastTCX {
		return "TCX on " + a.device
	}
	return "XDP " + string(a.mode) + " on " + a.device
}

// modes are what may be tried, best first. All interfaces get the same: what comes to one natively leaves only by one
// that is native too.
var modes = map[Fast][]Fast{
	FastAuto:    {FastNative, FastTCX, FastGeneric},
	FastNative:  {FastNative},
	FastGeneric: {FastGeneric},
	FastTCX:     {FastTCX},
}

// unable says why an interface cannot have a mode, so that another may be tried.
type unable struct {
	device string
	mode   Fast
	why    string
	err    error
}

func (e *unable) Error() string {
	return fmt.Sprintf("interface %s: no program of mode %s: %s", e.device, e.mode, e.why)
}

func (e *unable) Unwrap() error { return e.err }

// attach puts the program on the interfaces, in the best mode that is wanted and all of them can have. Links that a
// process before this one left pinned get the program instead of their own, without a packet in between that meets none.
func (k *fast) attach(cfg *Config) error {
	ports, err := portsOf(cfg)
	if err != nil {
		return err
	}
	want := modes[cfg.Fast]
	if want == nil {
		return fmt.Errorf("mode %q: want auto, native, generic or tcx", cfg.Fast)
	}
	if k.pins != nil {
		if k.on, err = adoptLinks(k.program, ports, want, k.pins); k.on != nil || err != nil {
			return err
		}
	}
	for i, mode := range want {
		on, err := attachAll(k.program, ports, mode)
		if no := new(unable); errors.As(err, &no) && i < len(want)-1 {
			k.note("no %s on %s, %s", no.mode, no.device, no.why)
			continue
		}
		if k.on = on; err != nil {
			return err
		}
		break
	}
	if err := k.separate(); err != nil || k.pins == nil {
		return err
	}
	for i, a := range k.on {
		if err := a.link.Pin(k.pins.path(ports[i].pin)); err != nil {
			return fmt.Errorf("keeping the program on %s: %w", a.device, err)
		}
	}
	return nil
}

// portsOf are the interfaces of a configuration, each once.
func portsOf(cfg *Config) (ports []port, err error) {
	for _, p := range []port{{name: cfg.N3Device, pin: pinN3}, {name: cfg.N6Device, pin: pinN6}} {
		if len(ports) > 0 && ports[0].name == p.name {
			continue
		}
		if p.Link, err = rtnl().LinkByName(p.name); err != nil {
			return nil, fmt.Errorf("interface %s: %w", p.name, err)
		}
		if kind := p.Attrs().EncapType; kind != "ether" && kind != "loopback" {
			return nil, fmt.Errorf("interface %s: it carries no Ethernet frames", p.name)
		}
		ports = append(ports, p)
	}
	return ports, nil
}

// returned puts the program on an interface that went and is there again, as another of the same name: what was on
// the old one went with it.
func (k *fast) returned(device string, index int) {
	k.attaching.Lock()
	defer k.attaching.Unlock()
	for _, a := range k.on {
		if a.device != device || a.index == index {
			continue
		}
		a.index = index // once: what fails now would fail each time
		if err := k.replace(a); err != nil {
			k.log.Warn("an interface is there again, and what comes by it goes through this process", "device", device, "err", err)
			continue
		}
		k.log.Info("an interface is there again, and forwards as before", "device", device, "mode", a.mode)
	}
}

// replace gives what was attached a link to the interface that has its name now.
func (k *fast) replace(a *attached) error {
	dev, err := rtnl().LinkByName(a.device)
	if err != nil {
		return err
	}
	l, err := attachNew(k.program, port{dev, a.device, a.pin}, a.mode)
	if err != nil {
		return err
	}
	if k.pins != nil {
		if err := errors.Join(a.link.Unpin(), l.Pin(k.pins.path(a.pin))); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	err = a.link.Close()
	a.link = l
	return errors.Join(err, k.separate())
}

// attachAll puts programs on all interfaces, or on none.
func attachAll(p *program, ports []port, mode Fast) (on []*attached, err error) {
	for _, at := range ports {
		a := &attached{device: at.name, pin: at.pin, index: at.Attrs().Index, mode: mode}
		if a.link, err = attachNew(p, at, mode); err != nil {
			for _, a := range on {
				a.link.Close()
			}
			return nil, err
		}
		on = append(on, a)
	}
	return on, nil
}

// attachNew puts a program on an interface.
func attachNew(p *program, at port, mode Fast) (l link.Link, err error) {
	for _, v := range variants[mode] {
		var program *ebpf.Program
		if program, err = p.variant(v); err != nil && mode != FastTCX {
			return nil, err
		} else if err != nil {
			break
		}
		switch mode {
		case FastTCX:
			l, err = link.AttachTCX(link.TCXOptions{Program: program, Interface: at.Attrs().Index, Attach: ebpf.AttachTCXIngress})
		case FastGeneric:
			l, err = link.AttachXDP(link.XDPOptions{Program: program, Interface: at.Attrs().Index, Flags: link.XDPGenericMode})
		default:
			l, err = link.AttachXDP(link.XDPOptions{Program: program, Interface: at.Attrs().Index, Flags: link.XDPDriverMode})
		}
		if err == nil {
			return l, nil
		}
		if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EBUSY) || errors.Is(err, unix.EEXIST) {
			break // for another program it is the same
		}
	}
	return nil, refused(at.name, mode, err)
}

// refused says why an interface does not take a program.
func refused(device string, mode Fast, err error) error {
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES), errors.Is(err, unix.ENOMEM):
		return fmt.Errorf("interface %s: %w", device, err)
	case errors.Is(err, unix.EBUSY), errors.Is(err, unix.EEXIST):
		return fmt.Errorf("interface %s: another program is on it: take that off (ip link set dev NAME xdp off), or name another interface", device)
	case mode == FastTCX:
		return &unable{device, mode, fmt.Sprintf("it needs kernel 6.6 or later with BTF, and this is %s: %s", release(), plain(err)), err}
	case errors.Is(err, unix.EOPNOTSUPP):
		return &unable{device, mode, "its driver has no such XDP", err}
	}
	return &unable{device, mode, "its driver refuses the program: " + plain(err), err} // as with an MTU that is too large for it
}

// plain is what the kernel says.
func plain(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return strings.SplitN(err.Error(), "\n", 2)[0]
}

// adoptLinks takes over pinned links if they are on these interfaces, all in one mode of those wanted. Otherwise they
// are taken away, and nil is returned.
func adoptLinks(p *program, ports []port, want []Fast, at *pins) (on []*attached, err error) {
	for _, port := range ports {
		l, err := link.LoadPinnedLink(at.path(port.pin), nil)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the program that was left on %s: %w", port.name, err)
		}
		on = append(on, &attached{device: port.name, pin: port.pin, index: port.Attrs().Index, mode: modeOf(l, port), link: l})
	}
	fits := len(on) == len(ports)
	for _, a := range on {
		fits = fits && a.mode == on[0].mode && slices.Contains(want, a.mode) && renew(p, a) == nil
	}
	if fits {
		return on, nil
	}
	for _, a := range on {
		err = errors.Join(err, a.link.Unpin(), a.link.Close())
	}
	at.joinAgain()
	return nil, err
}

// renew gives a link this build's program.
func renew(p *program, a *attached) (err error) {
	for _, v := range variants[a.mode] {
		program, err := p.variant(v)
		if err == nil {
			err = a.link.Update(program)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// modeOf is how a program is on an interface, empty if it is on none or another.
func modeOf(l link.Link, at port) Fast {
	info, err := l.Info()
	if err != nil {
		return ""
	}
	if x := info.TCX(); x != nil && int(x.Ifindex) == at.Attrs().Index {
		return FastTCX
	}
	if x := info.XDP(); x == nil || int(x.Ifindex) != at.Attrs().Index {
		return ""
	}
	if x := at.Attrs().Xdp; x != nil && x.AttachMode == nlXDPDriver {
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
	return strings.Join(parts, ", ")
}
