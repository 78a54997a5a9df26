package node

import (
	"time"

	"cordon/datapath"
	"cordon/document"
	"cordon/upf"
)

// EthernetConfig makes a data network one of Ethernet frames: its sessions are of that type and have no addresses.
type EthernetConfig struct {
	Device       string // a TAP device that is made; empty: the network has its own devices only
	Bridge       string // the host's bridge of which that becomes a port
	Sessions     int    // at most, and so how many copies of a frame to all are made
	Isolate      bool   // devices reach what is behind the TAP device, and not each other
	FloodUnknown bool   // frames for an address that nobody is known to have go to all
	FloodRate    int    // frames to all that each session may send in a second
	Keep         time.Duration
}

const (
	mostBridges  = 32
	mostEthernet = 4096 // sessions of one network
)

// readEthernet reads the section that makes the network one of Ethernet, even if it says nothing.
func (c *NetworkConfig) readEthernet() document.Reading {
	return func(r *document.Reader, n document.Node) {
		c.Ethernet = &EthernetConfig{Sessions: 256, FloodRate: 1000, Keep: 5 * time.Minute}
		e := c.Ethernet
		document.Section(
			document.Field("device", document.Text(&e.Device)),
			document.Field("bridge", document.Text(&e.Bridge)),
			document.Field("sessions", document.Int(&e.Sessions, 1, mostEthernet)),
			document.Field("isolate", document.Bool(&e.Isolate)),
			document.Field("flood_unknown", document.Bool(&e.FloodUnknown)),
			document.Field("flood_rate", document.Int(&e.FloodRate, 1, 100000)),
			document.Field("keep", document.Duration(&e.Keep)),
		)(r, n)
	}
}

// ethernet sees that the networks of Ethernet frames can be made.
func (k *configChecker) ethernet(list []NetworkConfig, n6 *N6Config, fast *FastConfig) {
	used := map[string]string{n6.Device: "n6.device", fast.N3Device: "fast.n3_device", fast.N6Device: "fast.n6_device"}
	count := 0
	for i, n := range list {
		e, path := n.Ethernet, itemPath("networks", i)+".ethernet"
		if e == nil {
			continue
		}
		if count++; count > mostBridges {
			k.bad(path, "there are more than %d networks of type Ethernet", mostBridges)
		}
		if len(n.ranges()) > 0 || len(n.DNS) > 0 || n.NAT {
			k.bad(path, "a network of Ethernet frames gives devices no addresses and tells them no resolvers: take out pool, pool6, dns and nat, or this")
		}
		switch {
		case e.Device == "" && e.Bridge != "":
			k.bad(path+".bridge", "%s: want a device too, which becomes a port of it", e.Bridge)
		case e.Device == "" && e.Isolate:
			k.bad(path+".isolate", "without a device there is nobody whom devices could reach")
		case e.Device == "":
		case !deviceName(e.Device):
			k.bad(path+".device", "want a device name of 1 to 15 characters, as cordon-cell")
		case used[e.Device] != "":
			k.bad(path+".device", "%s is %s already: want a device of its own, which is made", e.Device, used[e.Device])
		}
		if used[e.Device] = path + ".device"; e.Bridge != "" && (!deviceName(e.Bridge) || e.Bridge == e.Device) {
			k.bad(path+".bridge", "want the name of a bridge of this host, as br-cell")
		}
		if e.Keep < time.Second || e.Keep > 24*time.Hour {
			k.bad(path+".keep", "%v: want 1s to 24h", e.Keep)
		}
	}
}

// bridge adds a network of Ethernet frames to what the forwarder is told.
func (n *NetworkConfig) bridge(d *datapath.Config) {
	e := n.Ethernet
	d.UPF.Bridges = append(d.UPF.Bridges, upf.Bridge{Instance: n.Name, Sessions: e.Sessions, Isolated: e.Isolate,
		FloodUnknown: e.FloodUnknown, FloodRate: e.FloodRate, MTU: int(n.MTU), Age: e.Keep})
	d.Taps = append(d.Taps, datapath.Tap{Device: e.Device, Bridge: e.Bridge})
}
