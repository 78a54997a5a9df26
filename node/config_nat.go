package node

import (
	"fmt"
	"net/netip"

	"cordon/datapath"
	"cordon/document"
)

// NATConfig is behind which public addresses devices of networks with NAT are hidden.
type NATConfig struct {
	Addresses []netip.Prefix // IPv4, 256 addresses at most, which no interface of the host has
	Ports     int            // that each session has of one of them: a power of two, 16 to 4096
}

const (
	defaultNATPorts = 256
	maxPublic       = 256 // addresses
	systemPorts     = 1024
)

func (c *NATConfig) read() document.Reading {
	return document.Section(
		document.Field("addresses", document.List(&c.Addresses, document.Prefix)),
		document.Field("ports", document.Int(&c.Ports, 16, 4096)),
	)
}

// public is how many addresses there are.
func (c *NATConfig) public() (n int) {
	for _, p := range c.Addresses {
		n += 1 << min(max(32-p.Bits(), 0), 16)
	}
	return n
}

// sessions is how many there can be at once: each has a block of ports, and the system ports are in none.
func (c *NATConfig) sessions() int {
	return c.public() * ((1<<16 - systemPorts) / c.Ports) // a block with some of them is given to nobody
}

// nat sees that public addresses can be told from all others, and that there are some where they are wanted.
func (k *configChecker) nat(c *N6Config, networks []NetworkConfig, apart []placed) {
	hidden := false
	for i, n := range networks {
		hidden = hidden || n.NAT
		if path := itemPath("networks", i) + ".nat"; n.NAT && !n.Pool.IsValid() {
			k.bad(path, "want a pool, an IPv4 range: devices' IPv6 addresses are never hidden")
		} else if n.NAT && len(c.NAT.Addresses) == 0 {
			k.bad(path, "want public addresses to hide devices behind: name them under n6.nat.addresses")
		}
	}
	if p := c.NAT.Ports; p < 16 || p > 4096 || p&(p-1) != 0 {
		k.bad("n6.nat.ports", "%d: want a power of two from 16 to 4096, as 256", p)
	}
	if len(c.NAT.Addresses) == 0 {
		return
	}
	if !hidden {
		k.bad("n6.nat", "no network is hidden behind these addresses: say nat: true of one, or leave them out")
	}
	if c.Mode != datapath.TUN {
		k.bad("n6.nat", "want n6.mode tun: what the user-space stack carries leaves by this host's own address, and no ports are a device's")
	}
	if n := c.NAT.public(); n > maxPublic {
		k.bad("n6.nat.addresses", "want at most %d addresses, not %d", maxPublic, n)
	}
	for i, p := range c.NAT.Addresses {
		k.public(itemPath("n6.nat.addresses", i), p, networks, apart)
		for j, o := range c.NAT.Addresses[:i] {
			if p.Overlaps(o) {
				k.bad(itemPath("n6.nat.addresses", i), "%v overlaps addresses[%d], %v", p, j, o)
			}
		}
	}
}

// public sees that a range of public addresses is nobody else's.
func (k *configChecker) public(path string, p netip.Prefix, networks []NetworkConfig, apart []placed) {
	if a := p.Addr(); !a.Is4() || a.IsLoopback() || a.IsMulticast() || a.IsLinkLocalUnicast() || a.As4()[0] == 0 || a.As4()[0] >= 240 {
		k.bad(path, "%v: want IPv4 addresses that routers lead to this host, as 198.51.100.8/29", p)
		return
	}
	for _, n := range networks {
		if n.Pool.IsValid() && n.Pool.Overlaps(p) {
			k.bad(path, "%v overlaps the devices' own addresses of %s, %v", p, n.Name, n.Pool)
		}
	}
	for _, o := range apart {
		if o.prefix.Overlaps(p) {
			k.bad(path, "%v covers %s, %v: ports of that address are not devices'", p, o.path, o.prefix)
		}
	}
}

// apart are the addresses that are no device's, nor hide one.
func (c *Config) apart() (list []placed) {
	one := func(path string, a netip.Addr) {
		if a.IsValid() && !a.IsUnspecified() {
			list = append(list, placed{path, netip.PrefixFrom(a, a.BitLen())})
		}
	}
	one("n2.address", c.N2.Address.Addr())
	one("n3.address", c.N3.Address.Addr())
	one("n3.advertise", c.N3.Advertise)
	one("n4.address", c.N4.Address.Addr())
	one("api.listen", c.API.Listen.Addr())
	one("n6.dns", c.N6.DNS.Addr())
	if c.WireGuard.on() && len(c.UserPlanes) > 0 {
		one("wireguard.inner", c.WireGuard.Inner)
		one("wireguard.listen", c.WireGuard.Listen.Addr())
	}
	for i, p := range c.N3.Radios {
		list = append(list, placed{itemPath("n3.radios", i), p})
	}
	for i, u := range c.UserPlanes {
		path := itemPath("user_planes", i)
		one(path+".address", u.Address.Addr())
		one(path+".endpoint", u.Endpoint.Addr())
		for _, p := range u.NAT {
			list = append(list, placed{path + ".nat", p})
		}
	}
	return list
}

// scarce is a sentence for the operator where more devices have addresses than can have public ports at once, else empty.
func (c *NATConfig) scarce(networks []NetworkConfig) string {
	hidden := 0
	for _, n := range networks {
		if n.NAT {
			hidden += 1<<(32-n.Pool.Bits()) - 3
		}
	}
	if hidden == 0 {
		return ""
	}
	if most := c.sessions(); hidden > most {
		return fmt.Sprintf("%d devices can have addresses, and %d at once can have %d public ports each: a session beyond is refused for lack of resources", hidden, most, c.Ports)
	}
	return ""
}
