package node

import (
	"net/netip"
	"slices"
	"time"

	"cordon/amf"
	"cordon/datapath"
	"cordon/ident"
	"cordon/smf"
	"cordon/subscriber"
	"cordon/transport"
	"cordon/upf"
)

// What the parts of a node are told, out of the operator's configuration.

func (c *Config) amf() amf.Config {
	a := amf.Config{
		Name:     c.Name,
		GUAMI:    ident.GUAMI{PLMN: c.PLMN, Region: c.AMF.Region, Set: c.AMF.Set, Pointer: c.AMF.Pointer},
		Capacity: c.AMF.Capacity,
		TACs:     c.TACs, Slices: c.Slices,
		Integrity: c.Security.Integrity, Ciphering: c.Security.Ciphering,
		T3512: c.Timers.T3512, T3502: c.Timers.T3502, T3346: c.Timers.T3346,
		FullName: c.NetworkName.Full, ShortName: c.NetworkName.Short, NITZ: c.NetworkName.NITZ,
		IMSVoice: c.IMSVoice,
		Limits:   amf.Limits{HalfOpen: c.Limits.HalfOpen, Devices: c.Limits.Devices},
	}
	for _, r := range c.Radios {
		rule := amf.RadioRule{Prefix: r.Name, Profile: r.Profile}
		if r.GNB != (ident.RANNode{}) {
			rule.Node = &r.GNB
		}
		a.Radios = append(a.Radios, rule)
	}
	return a
}

func (c *Config) smf() smf.Config {
	s := smf.Config{Networks: make(map[ident.DNN]smf.Network), Seal: c.Trust.Seal, Sites: len(c.UserPlanes) > 0}
	for _, n := range c.Networks {
		dns := n.DNS
		if len(dns) == 0 { // the gateways answer
			for _, p := range n.ranges() {
				dns = append(dns, gateway(p))
			}
		}
		s.Networks[n.Name] = smf.Network{IP: n.pools().versions(), DNS: dns, MTU: n.MTU, Ethernet: n.Ethernet != nil}
	}
	return s
}

// gateway is the network's own address in a pool.
func gateway(pool netip.Prefix) netip.Addr { return pool.Masked().Addr().Next() }

func (n *NetworkConfig) pools() Pool { return Pool{IPv4: n.Pool, IPv6: n.Pool6} }

// ranges are those of its pools that there are.
func (n *NetworkConfig) ranges() (list []netip.Prefix) {
	for _, p := range []netip.Prefix{n.Pool, n.Pool6} {
		if p.IsValid() {
			list = append(list, p)
		}
	}
	return list
}

// A radio that lost its power comes back from another port, and is refused as a second one of
// its identity until the first is known to be gone: so a silent association is probed often, and
// given up within three quarters of a minute.
const (
	n2Heartbeat       = 5 * time.Second
	n2Retransmissions = 4
)

func (c *Config) n2() transport.Config {
	return transport.Config{
		Mode: c.N2.SCTP, Addr: c.N2.Address, UDPPort: c.N2.UDPPort, EphemeralUDP: c.N2.UDPPort == 0,
		Heartbeat: n2Heartbeat, Retransmissions: n2Retransmissions,
		MaxAssociations: c.Limits.Radios, MaxPerPrefix: c.Limits.PerPrefix,
	}
}

func (c *Config) userPlane() datapath.Config {
	d := datapath.Config{
		N3: c.N3.Address, N6: c.N6.Mode, Device: c.N6.Device, DNS: c.N6.DNS, Echo: c.N6.Echo, Echo6: c.N6.Echo6,
		EchoInterval: c.N3.EchoEvery,
		Fast:         c.Fast.Mode, N3Device: c.Fast.N3Device, N6Device: c.Fast.N6Device, Pin: c.Fast.Pin,
		UPF: upf.Config{
			N3: c.N3.Advertise, RAN: c.N3.Radios, UEToUE: c.N6.UEToUE, MaxSessions: c.Limits.Sessions,
			Forbidden: slices.Clone(c.N6.Forbidden), NAT: c.N6.NAT.Addresses, NATBlock: c.N6.NAT.Ports,
		},
	}
	if !d.UPF.N3.IsValid() {
		d.UPF.N3 = c.N3.Address.Addr()
	}
	own := []netip.Addr{c.N2.Address.Addr(), c.N3.Address.Addr(), c.N3.Advertise, c.API.Listen.Addr(), c.N4.Address.Addr(), c.WireGuard.Inner}
	for i := range c.UserPlanes {
		p := &c.UserPlanes[i]
		own = append(own, p.Address.Addr())
		if !c.WireGuard.on() {
			d.UPF.N9 = append(append(d.UPF.N9, netip.PrefixFrom(p.Address.Addr(), p.Address.Addr().BitLen())), p.Tunnels...)
		}
	}
	for _, own := range own {
		if own.IsValid() && !own.IsUnspecified() {
			d.UPF.Forbidden = append(d.UPF.Forbidden, netip.PrefixFrom(own, own.BitLen()))
		}
	}
	for _, n := range c.Networks {
		if n.Ethernet != nil {
			n.bridge(&d)
			continue
		}
		for _, p := range n.ranges() {
			d.UPF.Pools = append(d.UPF.Pools, upf.Pool{Instance: n.Name, Prefix: p, NAT: n.NAT && p == n.Pool})
		}
		d.UPF.MTU = max(d.UPF.MTU, int(n.MTU))
	}
	for _, s := range c.N6.Services {
		proto := uint8(6)
		if s.Protocol == "udp" {
			proto = 17
		}
		d.UPF.Services = append(d.UPF.Services, upf.Service{Addr: s.Address.Addr(), Protocol: proto, Port: s.Address.Port()})
	}
	return d
}

// deps are the parts of a node's surroundings that the configuration itself holds or names.
func (c *Config) deps() (Deps, error) {
	d := Deps{DefaultPlan: subscriber.DefaultPlan, Pools: make(map[ident.DNN]Pool), StrictStreams: c.N2.StrictStreams}
	var err error
	if d.Plans, err = c.planSet(); err != nil {
		return Deps{}, err
	}
	for _, n := range c.Networks {
		d.Pools[n.Name] = n.pools()
	}
	d.HomeKeys, err = LoadHomeKeys(c.Security)
	return d, err
}
