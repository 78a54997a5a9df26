package node

import (
	"fmt"
	"net/netip"
	"slices"

	"cordon/document"
	"cordon/ident"
	"cordon/wire/pfcp"
)

// N4Config is this core's end of N4, towards user planes at other sites.
type N4Config struct {
	NodeID  pfcp.NodeID    // default: the address
	Address netip.AddrPort // without a tunnel: UDP
}

// UserPlaneConfig is a user plane at another site. What it is made of, where it stands and the key of its end of the
// tunnel are in its record.
type UserPlaneConfig struct {
	Element  string         // the name of its record
	NodeID   pfcp.NodeID    // default: the address
	Address  netip.AddrPort // where it is spoken to on N4
	Endpoint netip.AddrPort // of its end of the tunnel; not valid: it begins
	Inside   bool           // N4 and N9 go through the tunnel; follows from there being one
	Tunnels  []netip.Prefix // where its tunnel endpoints may be, besides its address
	Networks []ident.DNN    // whose sessions pass through it at its site; none: all
	Slices   []ident.SNSSAI // the same
	Anchors  []ident.DNN    // whose sessions end there and not in this process
	Local    []LocalConfig
	NAT      []netip.Prefix // its public addresses: ports of others are not its to give
	Rate     uint64         // bits a second that it can carry at most; 0: not known
}

// LocalConfig is what sessions of a data network reach at the site itself.
type LocalConfig struct {
	Network ident.DNN
	To      []netip.Prefix
}

func (c *UserPlaneConfig) read() document.Reading {
	return document.Section(
		document.Need("element", document.Text(&c.Element)),
		document.Field("node_id", readNodeID(&c.NodeID)),
		document.Need("address", document.Endpoint(&c.Address)),
		document.Field("endpoint", document.Endpoint(&c.Endpoint)),
		document.Field("tunnels", document.List(&c.Tunnels, document.Prefix)),
		document.Field("networks", document.List(&c.Networks, readDNN)),
		document.Field("slices", document.List(&c.Slices, readSlice)),
		document.Field("anchors", document.List(&c.Anchors, readDNN)),
		document.Field("local", document.List(&c.Local, (*LocalConfig).read)),
		document.Field("nat", document.List(&c.NAT, document.Prefix)),
		document.Field("rate", readRate(&c.Rate)),
	)
}

func (c *LocalConfig) read() document.Reading {
	return document.Section(
		document.Need("network", readDNN(&c.Network)),
		document.Need("to", document.List(&c.To, document.Prefix)),
	)
}

// node is its name on N4.
func (c *UserPlaneConfig) node() pfcp.NodeID {
	if c.NodeID.Valid() {
		return c.NodeID
	}
	return pfcp.NodeID{Addr: c.Address.Addr()}
}

const maxUserPlanes = 256

// userPlanes sees that user planes at other sites can be told apart and reached.
func (k *configChecker) userPlanes(c *Config) {
	if len(c.UserPlanes) > maxUserPlanes {
		k.bad("user_planes", "want at most %d, not %d", maxUserPlanes, len(c.UserPlanes))
	}
	if len(c.UserPlanes) > 0 && !c.WireGuard.on() && !c.N4.Address.IsValid() {
		k.bad("n4.address", "want this core's own address and UDP port on N4, as 192.0.2.1:8805, or a wireguard section: there are user planes at other sites")
	}
	if len(c.WireGuard.Peers) > 0 {
		k.bad("wireguard.peers", "the core's peers are its user_planes, with the keys of their records")
	}
	k.wireGuard("wireguard", &c.WireGuard)
	known := func(n ident.DNN) bool {
		return slices.ContainsFunc(c.Networks, func(o NetworkConfig) bool { return o.Name == n })
	}
	for i := range c.UserPlanes {
		p, path := &c.UserPlanes[i], itemPath("user_planes", i)
		if slices.ContainsFunc(c.UserPlanes[:i], func(o UserPlaneConfig) bool {
			return o.Element == p.Element || o.node() == p.node() || o.Address.Addr() == p.Address.Addr()
		}) {
			k.bad(path, "its element, name or address is another's already")
		}
		names := slices.Concat(p.Networks, p.Anchors)
		for _, l := range p.Local {
			names = append(names, l.Network)
			if len(l.To) > 16 {
				k.bad(path+".local", "want at most 16 ranges of %s, not %d", l.Network, len(l.To))
			}
		}
		for j, a := range p.NAT {
			if at := fmt.Sprintf("%s.nat[%d]", path, j); !a.Addr().Is4() {
				k.bad(at, "%v: want IPv4 addresses", a)
			} else if o := slices.IndexFunc(c.UserPlanes[:i], func(o UserPlaneConfig) bool { return slices.ContainsFunc(o.NAT, a.Overlaps) }); o >= 0 {
				k.bad(at, "%v overlaps those of user_planes[%d]", a, o)
			}
		}
		for _, n := range names {
			if !known(n) {
				k.bad(path, "%s is none of the networks", n)
			}
		}
	}
}
