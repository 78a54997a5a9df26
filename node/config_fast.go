package node

import (
	"strings"

	"cordon/datapath"
	"cordon/document"
)

// FastConfig is how far the kernel forwards user packets by itself, see docs/dataplane.md.
type FastConfig struct {
	Mode               datapath.Fast
	N3Device, N6Device string // may be the same; none: every packet goes through this process
	// Pin names what stays in the kernel when this process ends, so that packets go on and the
	// next one finds its sessions; empty: nothing stays.
	Pin string
}

func (c *FastConfig) read() document.Reading {
	return document.Section(
		document.Field("mode", document.Choice(&c.Mode, datapath.FastAuto, datapath.FastOff, datapath.FastNative, datapath.FastGeneric, datapath.FastTCX)),
		document.Field("n3_device", document.Text(&c.N3Device)),
		document.Field("n6_device", document.Text(&c.N6Device)),
		document.Field("pin", document.Text(&c.Pin)),
	)
}

func (k *configChecker) fast(c *FastConfig) {
	for _, d := range []struct{ path, name string }{{"fast.n3_device", c.N3Device}, {"fast.n6_device", c.N6Device}} {
		if d.name != "" && !deviceName(d.name) {
			k.bad(d.path, "want the name of an interface, 1 to 15 characters, as eth1")
		}
	}
	if (c.N3Device == "") != (c.N6Device == "") {
		k.bad("fast", "want n3_device and n6_device, which may be the same, or neither")
	}
	if explicit := c.Mode != datapath.FastAuto && c.Mode != datapath.FastOff; explicit && c.N3Device == "" {
		k.bad("fast", "mode %s wants n3_device and n6_device", c.Mode)
	}
	if len(c.Pin) > 32 || strings.ContainsFunc(c.Pin, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	}) {
		k.bad("fast.pin", "want a name of up to 32 small letters, digits and hyphens, as cordon")
	}
}

// deviceName reports whether the kernel would take it.
func deviceName(s string) bool {
	return len(s) >= 1 && len(s) <= 15 && !strings.ContainsAny(s, "/ \t\n:") && s != "." && s != ".."
}
