package node

import (
	_ "embed"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"strings"

	"cordon/datapath"
	"cordon/document"
	"cordon/n4"
	"cordon/wire/pfcp"
)

// SiteConfig is a user plane at another site, as the file says it. It is passed by value and not changed once
// the user plane runs.
type SiteConfig struct {
	Site      string // where it stands, as the core's records call the place
	NodeID    pfcp.NodeID
	N4        SiteN4Config
	N3        N3Config
	N9        N9Config
	N6        N6Config
	Fast      FastConfig
	Networks  []NetworkConfig // whose devices' packets may come by this N6
	WireGuard WireGuardConfig
	Sessions  int // at most
	API       APIConfig
	Log       LogConfig
}

// SiteN4Config is where SMFs find this user plane, and who they are.
type SiteN4Config struct {
	Address netip.AddrPort // inside the tunnel where there is one
	SMFs    []SMFConfig
}

// SMFConfig is an SMF that may speak: it is known by its node identity and its address together.
type SMFConfig struct {
	NodeID   pfcp.NodeID
	Address  netip.Addr
	Sessions int // at most; 0: as many as the user plane has
}

// N9Config is how other user planes are reached.
type N9Config struct {
	// Outside has their packets go as those of radios do, and not through the tunnel.
	Outside bool
	Peers   []netip.Prefix // where their endpoints may lie outside the tunnel
}

// DefaultSiteConfig is a configuration whose file says nothing.
func DefaultSiteConfig() SiteConfig {
	return SiteConfig{
		N3:       N3Config{EchoEvery: leastEcho},
		N6:       N6Config{Mode: datapath.Auto, Device: "cordon0", NAT: NATConfig{Ports: defaultNATPorts}},
		Fast:     FastConfig{Mode: datapath.FastAuto, Pin: "cordon-upf"},
		Sessions: 1 << 20,
		API:      APIConfig{Listen: netip.MustParseAddrPort("127.0.0.1:8643"), TokenFile: "upf.token"},
		Log:      LogConfig{Level: slog.LevelInfo},
	}
}

//go:embed site_example.yaml
var siteExample string

// ExampleSiteConfig is a configuration file that passes its check, with every name there is.
func ExampleSiteConfig() string { return siteExample }

// ReadSiteConfig reads and checks a configuration file. Its error joins a [document.Problem] for everything that
// is wrong, in the order of the file.
func ReadSiteConfig(path string) (SiteConfig, error) {
	text, err := readFile(path, "cordon upf example")
	if err != nil {
		return SiteConfig{}, err
	}
	return ParseSiteConfig(path, text)
}

// ParseSiteConfig is ReadSiteConfig for a text; file is the name that problems give.
func ParseSiteConfig(file string, text []byte) (SiteConfig, error) {
	r := document.NewReader(file, configLimits)
	r.KeepPlaces()
	c := DefaultSiteConfig()
	if !r.YAML(text, document.Section(c.fields()...)) {
		r.BadAt(document.Place{}, "", "the file is empty: \"cordon upf example\" prints one to start from")
	}
	if r.OK() {
		c.complete()
		r.Locate(c.Check())
	}
	if err := r.Err(); err != nil {
		return SiteConfig{}, err
	}
	return c, nil
}

// complete fills in what follows from the rest.
func (c *SiteConfig) complete() {
	if !c.N4.Address.IsValid() && c.WireGuard.on() {
		c.N4.Address = netip.AddrPortFrom(c.WireGuard.Inner, pfcp.Port)
	}
	if !c.NodeID.Valid() && !c.N4.Address.Addr().IsUnspecified() {
		c.NodeID.Addr = c.N4.Address.Addr()
	}
}

func (c *SiteConfig) fields() []document.Entry {
	return []document.Entry{
		document.Field("site", document.Text(&c.Site)),
		document.Field("node_id", readNodeID(&c.NodeID)),
		document.Field("n4", document.Section(
			document.Field("address", document.Endpoint(&c.N4.Address)),
			document.Field("smfs", document.List(&c.N4.SMFs, (*SMFConfig).read)),
		)),
		document.Field("n3", c.N3.read()),
		document.Field("n9", document.Section(
			document.Field("outside", document.Bool(&c.N9.Outside)),
			document.Field("peers", document.List(&c.N9.Peers, document.Prefix)),
		)),
		document.Field("n6", c.N6.read()),
		document.Field("fast", c.Fast.read()),
		document.Field("networks", document.List(&c.Networks, (*NetworkConfig).readPools)),
		document.Field("wireguard", c.WireGuard.read()),
		document.Field("sessions", document.Int(&c.Sessions, 1, 1<<20)),
		document.Field("api", c.API.read()),
		document.Field("log", c.Log.read()),
	}
}

func (c *SMFConfig) read() document.Reading {
	return document.Section(
		document.Field("node_id", readNodeID(&c.NodeID)),
		document.Need("address", document.Address(&c.Address)),
		document.Field("sessions", document.Int(&c.Sessions, 1, 1<<20)),
	)
}

// readNodeID reads a node's name on N4: an address, or a domain name.
func readNodeID(to *pfcp.NodeID) document.Reading {
	return document.Value(to, "an address, or a domain name of at most 253 characters, as upf-1.example.org", func(s string) (pfcp.NodeID, error) {
		if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && !a.Is4In6() {
			return pfcp.NodeID{Addr: a}, nil
		}
		for label := range strings.SplitSeq(s, ".") {
			if len(label) < 1 || len(label) > 63 || strings.ContainsFunc(label, func(r rune) bool {
				return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
			}) {
				return pfcp.NodeID{}, document.ErrValue
			}
		}
		if len(s) > 253 {
			return pfcp.NodeID{}, document.ErrValue
		}
		return pfcp.NodeID{FQDN: s}, nil
	})
}

// Check reports everything that is wrong with c: a [document.Problem] for each, joined.
func (c SiteConfig) Check() error {
	k := &configChecker{}
	if c.Site == "" {
		k.bad("site", "want the name of the place, as the core's records have it")
	}
	if !c.NodeID.Valid() {
		k.bad("node_id", "want the name by which SMFs know this user plane: an address or a domain name")
	}
	k.networks(c.Networks)
	k.siteAddresses(&c)
	k.smfs(&c)
	k.n6(&c.N6)
	k.nat(&c.N6, c.Networks, c.ownAddresses())
	k.fast(&c.Fast)
	k.ethernet(c.Networks, &c.N6, &c.Fast)
	k.wireGuard("wireguard", &c.WireGuard)
	if c.API.TokenFile == "" {
		k.bad("api.token_file", "want the name of a file")
	}
	return errors.Join(k.problems...)
}

// siteAddresses sees that the planes stay apart: no pool covers an own address (invariant 6).
func (k *configChecker) siteAddresses(c *SiteConfig) {
	n3, n4 := c.N3.Address, c.N4.Address
	k.n3(&c.N3)
	k.console(&c.API)
	switch {
	case !n4.IsValid() || n4.Port() == 0 || n4.Addr().IsUnspecified():
		k.bad("n4", "want the address and UDP port that SMFs send to, as 192.0.2.1:8805, or a wireguard section whose inner address that is")
	case c.WireGuard.on() && n4.Addr() != c.WireGuard.Inner:
		k.bad("n4.address", "%v is not the tunnel's inner address, %v: where there is a tunnel, N4 goes through it", n4.Addr(), c.WireGuard.Inner)
	}
	if w := c.WireGuard.Listen; c.WireGuard.on() && n3.IsValid() && w.Port() == n3.Port() && (w.Addr() == n3.Addr() || w.Addr().IsUnspecified() || n3.Addr().IsUnspecified()) {
		k.bad("wireguard.listen", "port %d is n3's already: name another", w.Port())
	}
	for _, a := range c.ownAddresses() {
		for _, n := range c.Networks {
			for _, pool := range n.ranges() {
				if pool.Overlaps(a.prefix) {
					k.bad(a.path, "%v meets the devices of %s, %v: devices and the network must be apart", a.prefix, n.Name, pool)
				}
			}
		}
	}
}

// placed is a range of addresses and where it stands in the file.
type placed struct {
	path   string
	prefix netip.Prefix
}

// ownAddresses are the addresses that are no device's.
func (c *SiteConfig) ownAddresses() (list []placed) {
	one := func(path string, a netip.Addr) {
		if a.IsValid() && !a.IsUnspecified() {
			list = append(list, placed{path, netip.PrefixFrom(a, a.BitLen())})
		}
	}
	one("n3.address", c.N3.Address.Addr())
	one("n3.advertise", c.N3.Advertise)
	one("n4.address", c.N4.Address.Addr())
	one("n6.dns", c.N6.DNS.Addr())
	one("api.listen", c.API.Listen.Addr())
	if c.WireGuard.on() {
		one("wireguard.inner", c.WireGuard.Inner)
		one("wireguard.listen", c.WireGuard.Listen.Addr())
	}
	for i, p := range c.WireGuard.Peers {
		one(itemPath("wireguard.peers", i)+".inner", p.Inner)
	}
	for i, s := range c.N4.SMFs {
		one(itemPath("n4.smfs", i)+".address", s.Address)
	}
	for i, p := range c.N3.Radios {
		list = append(list, placed{itemPath("n3.radios", i), p})
	}
	for i, p := range c.N9.Peers {
		list = append(list, placed{itemPath("n9.peers", i), p})
	}
	return list
}

func (k *configChecker) smfs(c *SiteConfig) {
	list := c.N4.SMFs
	if len(list) < 1 || len(list) > maxSMFs {
		k.bad("n4.smfs", "want 1 to %d SMFs that may speak, not %d", maxSMFs, len(list))
	}
	for i, s := range list {
		path := itemPath("n4.smfs", i)
		inside := slices.ContainsFunc(c.WireGuard.Peers, func(p WireGuardPeer) bool { return p.Inner == s.Address })
		switch {
		case c.WireGuard.on() && !inside:
			k.bad(path+".address", "%v is no peer's inner address: where there is a tunnel, N4 goes through it", s.Address)
		case slices.ContainsFunc(list[:i], func(o SMFConfig) bool { return o.Address == s.Address || o.node() == s.node() }):
			k.bad(path, "its name or address is another's already")
		}
	}
}

const maxSMFs = 64

// node is the SMF's name: its address, where it has no other.
func (c *SMFConfig) node() pfcp.NodeID {
	if c.NodeID.Valid() {
		return c.NodeID
	}
	return pfcp.NodeID{Addr: c.Address}
}

// inside reports whether packets of N9 go through the tunnel.
func (c *SiteConfig) inside() bool { return c.WireGuard.on() && !c.N9.Outside }

// peers are the SMFs as n4 wants them.
func (c *SiteConfig) peers() (list []n4.Peer) {
	for _, s := range c.N4.SMFs {
		list = append(list, n4.Peer{Node: s.node(), Addrs: []netip.Addr{s.Address}, MaxSessions: s.Sessions})
	}
	return list
}

// userPlane is what the forwarder is told.
func (c *SiteConfig) userPlane() datapath.Config {
	core := Config{Networks: c.Networks, N3: c.N3, N6: c.N6, Fast: c.Fast, API: c.API, Limits: LimitConfig{Sessions: c.Sessions}}
	d := core.userPlane()
	for _, a := range []netip.Addr{c.N4.Address.Addr(), c.WireGuard.Inner} {
		if a.IsValid() {
			d.UPF.Forbidden = append(d.UPF.Forbidden, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	for _, p := range c.WireGuard.Peers {
		d.UPF.Forbidden = append(d.UPF.Forbidden, netip.PrefixFrom(p.Inner, p.Inner.BitLen()))
	}
	d.UPF.N9 = c.N9.Peers
	if len(d.UPF.RAN) > 0 {
		d.UPF.RAN = append(slices.Clip(d.UPF.RAN), c.N9.Peers...)
	}
	return d
}
