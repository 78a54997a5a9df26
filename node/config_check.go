package node

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"cordon/aka"
	"cordon/amf"
	"cordon/document"
	"cordon/ident"
	"cordon/rules"
)

// Check reports everything that is wrong with c: a [document.Problem] for each, joined.
func (c Config) Check() error {
	k := &configChecker{}
	k.identity(&c)
	k.networks(c.Networks)
	k.plans(&c)
	k.addresses(&c)
	k.n6(&c.N6)
	k.nat(&c.N6, c.Networks, c.apart())
	k.fast(&c.Fast)
	k.ethernet(c.Networks, &c.N6, &c.Fast)
	k.userPlanes(&c)
	k.security(&c.Security)
	k.timers(&c.Timers)
	k.radios(c.Radios)
	k.trust(&c)
	k.files(&c)
	return errors.Join(k.problems...)
}

type configChecker struct{ problems []error }

func (k *configChecker) bad(path, format string, args ...any) {
	k.problems = append(k.problems, &document.Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (k *configChecker) identity(c *Config) {
	if n := len(c.Name); n < 1 || n > 150 || strings.ContainsFunc(c.Name, func(r rune) bool { return r < ' ' || r > '~' }) {
		k.bad("name", "want 1 to 150 letters, digits and signs of ASCII") // TS 38.413 §9.3.3.21
	}
	if c.PLMN == (ident.PLMN{}) || !c.PLMN.Valid() {
		k.bad("plmn", "want the network's country code and network code, as \"00101\"")
	}
	if c.AMF.Set > 1023 || c.AMF.Pointer > 63 {
		k.bad("amf", "want a set of 0 to 1023 and a pointer of 0 to 63")
	}
	if n := len(c.TACs); n < 1 || n > 256 {
		k.bad("tacs", "want 1 to 256 tracking area codes, not %d", n)
	}
	for i, t := range c.TACs {
		switch path := itemPath("tacs", i); {
		case t == 0 || t >= ident.MaxTAC-1:
			k.bad(path, "%v is reserved (TS 23.003 §19.4.2.3)", t)
		case slices.Contains(c.TACs[:i], t):
			k.bad(path, "%v stands there twice", t)
		}
	}
	if n := len(c.Slices); n < 1 || n > 8 {
		k.bad("slices", "want 1 to 8 slices, not %d", n)
	}
	for i, s := range c.Slices {
		if slices.Contains(c.Slices[:i], s) {
			k.bad(itemPath("slices", i), "slice %v stands there twice", s)
		}
	}
	for _, n := range []struct{ path, name string }{{"network_name.full", c.NetworkName.Full}, {"network_name.short", c.NetworkName.Short}} {
		if len(n.name) > 64 {
			k.bad(n.path, "want up to 64 characters, not %d", len(n.name))
		}
	}
}

func itemPath(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func (k *configChecker) networks(list []NetworkConfig) {
	if len(list) < 1 || len(list) > 64 {
		k.bad("networks", "want 1 to 64 data networks, not %d", len(list))
	}
	for i, n := range list {
		path := itemPath("networks", i)
		if n.Name == "" {
			k.bad(path, "want a name")
		}
		if j := slices.IndexFunc(list[:i], func(o NetworkConfig) bool { return o.Name == n.Name }); j >= 0 {
			k.bad(path+".name", "%s is networks[%d] already", n.Name, j)
		}
		k.pools(path, n)
		for _, p := range n.ranges() {
			for j, o := range list[:i] {
				for _, other := range o.ranges() {
					if p.Overlaps(other) {
						k.bad(path+n.poolName(p), "%v overlaps networks[%d], %v: want ranges apart from each other", p, j, other)
					}
				}
			}
		}
		k.resolvers(path+".dns", n)
		if n.MTU < 1280 || n.MTU > 9000 {
			k.bad(path+".mtu", "want 1280 to 9000, not %d", n.MTU)
		}
	}
}

// pools sees that a network has addresses for devices.
func (k *configChecker) pools(path string, n NetworkConfig) {
	switch p := n.Pool; {
	case n.Ethernet != nil:
	case !p.IsValid() && !n.Pool6.IsValid():
		k.bad(path, "want a pool, an IPv4 range of /8 to /29 for the devices, or a pool6, an IPv6 range of /16 to /60; or ethernet")
	case !p.IsValid():
	case !p.Addr().Is4() || p.Bits() < 8 || p.Bits() > 29:
		k.bad(path+".pool", "%v: want an IPv4 range of /8 to /29", p)
	case p.Addr().IsLoopback() || p.Addr().IsMulticast() || p.Addr().IsLinkLocalUnicast() || p.Addr().As4()[0] == 0 || p.Addr().As4()[0] >= 240:
		k.bad(path+".pool", "%v cannot be devices' addresses: want a range such as 10.45.0.0/16", p)
	}
	switch p := n.Pool6; {
	case !p.IsValid():
	case !p.Addr().Is6() || p.Addr().Is4In6() || p.Bits() < 16 || p.Bits() > 60:
		k.bad(path+".pool6", "%v: want an IPv6 range of /16 to /60, of which each device gets a /64", p)
	case !uniqueLocal.Overlaps(p) && !globalUnicast.Overlaps(p):
		k.bad(path+".pool6", "%v cannot be devices' addresses: want a range of your own, or of fd00::/8", p)
	}
}

var (
	globalUnicast = netip.MustParsePrefix("2000::/3") // RFC 4291 §2.4
	uniqueLocal   = netip.MustParsePrefix("fc00::/7") // RFC 4193
)

// poolName is the key of one of the network's ranges.
func (n *NetworkConfig) poolName(p netip.Prefix) string {
	if p == n.Pool6 {
		return ".pool6"
	}
	return ".pool"
}

// resolvers sees that devices can use those that they are told.
func (k *configChecker) resolvers(path string, n NetworkConfig) {
	of := map[bool]int{}
	for j, a := range n.DNS {
		if of[a.Is4()]++; of[a.Is4()] == maxResolvers+1 {
			k.bad(path, "want up to %d resolvers of each version of IP", maxResolvers)
		}
		switch pool := n.Pool6; {
		case !a.Is4() && !a.Is6() || a.Is4In6() || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() || a.Zone() != "":
			k.bad(itemPath(path, j), "%v: want the address of a resolver", a)
		case a.Is6() && !pool.IsValid(), a.Is4() && !n.Pool.IsValid():
			k.bad(itemPath(path, j), "%v: devices have no addresses of that version of IP", a)
		}
	}
}

const maxResolvers = 4

// addresses sees that the planes stay apart: no pool covers an address of the core's own
// (invariant 6).
func (k *configChecker) addresses(c *Config) {
	n2, n3, api := c.N2.Address, c.N3.Address, c.API.Listen
	if !n2.IsValid() || n2.Port() == 0 {
		k.bad("n2.address", "want the address and SCTP port that radios connect to, as 192.0.2.1:38412")
	}
	if c.N2.UDPPort == 0 {
		k.bad("n2.udp_port", "want 1 to 65535")
	}
	k.n3(&c.N3)
	k.console(&c.API)
	if n2.IsValid() && n3.IsValid() && c.N2.UDPPort == n3.Port() && (n2.Addr() == n3.Addr() || n2.Addr().IsUnspecified() || n3.Addr().IsUnspecified()) {
		k.bad("n2.udp_port", "%d is n3's port already: name another", c.N2.UDPPort)
	}
	own := []struct {
		path string
		addr netip.Addr
	}{{"n2.address", n2.Addr()}, {"n3.address", n3.Addr()}, {"n3.advertise", c.N3.Advertise}, {"api.listen", api.Addr()}, {"n6.dns", c.N6.DNS.Addr()}}
	for i, n := range c.Networks {
		for _, pool := range n.ranges() {
			for _, o := range own {
				if o.addr.IsValid() && pool.Contains(o.addr) {
					k.bad(itemPath("networks", i)+n.poolName(pool), "%v covers %s, %v: devices and the core must be apart", pool, o.path, o.addr)
				}
			}
			for j, p := range c.N3.Radios {
				if pool.Overlaps(p) {
					k.bad(itemPath("n3.radios", j), "%v overlaps networks[%d], %v: devices and radios must be apart", p, i, pool)
				}
			}
		}
	}
}

func (k *configChecker) n3(c *N3Config) {
	at := c.Address
	if !at.IsValid() || at.Port() == 0 {
		k.bad("n3.address", "want the address and UDP port that radios send to, as 192.0.2.1:2152")
	}
	switch told := c.Advertise; {
	case told.IsValid() && (told.IsUnspecified() || told.IsMulticast()):
		k.bad("n3.advertise", "%v: want an address that radios can send to", told)
	case at.IsValid() && at.Addr().IsUnspecified() && !told.IsValid():
		k.bad("n3", "%v is every address: say in advertise which one radios are told", at.Addr())
	}
	if c.EchoEvery != 0 && (c.EchoEvery < leastEcho || c.EchoEvery > 24*time.Hour) {
		k.bad("n3.echo_every", "%v: want %v to 24h, as the standard has it, or 0 for no echo requests", c.EchoEvery, leastEcho)
	}
}

func (k *configChecker) console(c *APIConfig) {
	if at := c.Listen; !at.IsValid() || at.Port() == 0 || !at.Addr().IsLoopback() {
		k.bad("api.listen", "want a port on loopback, as 127.0.0.1:8642: the token crosses it in clear")
	}
}

func (k *configChecker) n6(c *N6Config) {
	if !deviceName(c.Device) {
		k.bad("n6.device", "want a device name of 1 to 15 characters, as cordon0")
	}
	for i, s := range c.Services {
		if path := itemPath("n6.services", i); !s.Address.IsValid() || s.Address.Port() == 0 || s.Address.Addr().IsUnspecified() {
			k.bad(path, "want the address and port of one service, as 10.0.0.5:53")
		} else if s.Protocol == "" {
			k.bad(path, "want a protocol, tcp or udp")
		}
	}
}

func (k *configChecker) security(c *SecurityConfig) {
	k.algorithms("security.integrity", "nia", c.Integrity)
	if i := slices.Index(c.Integrity, aka.AlgNull); i >= 0 {
		k.bad(itemPath("security.integrity", i), "nia0 protects nothing and is never used: take it out")
	}
	k.algorithms("security.ciphering", "nea", c.Ciphering)
	for i, key := range c.Keys {
		path := itemPath("security.home_keys", i)
		if j := slices.IndexFunc(c.Keys[:i], func(o HomeKeyConfig) bool { return o.ID == key.ID }); j >= 0 {
			k.bad(path+".id", "%d is home_keys[%d] already", key.ID, j)
		}
		if key.Profile != ident.SchemeProfileA && key.Profile != ident.SchemeProfileB {
			k.bad(path, "want a profile, A (X25519) or B (P-256)")
		}
		if key.File == "" && key.Private == nil {
			k.bad(path, "want a file, with the private key")
		}
	}
	if len(c.Keys) == 0 && !c.NullScheme {
		k.bad("security", "no device could register: name home_keys, or set null_scheme to let identities be sent in clear")
	}
}

func (k *configChecker) algorithms(path, kind string, list []uint8) {
	if len(list) == 0 {
		k.bad(path, "want at least one algorithm")
	}
	for i, a := range list {
		switch {
		case a > 3:
			k.bad(itemPath(path, i), "%s%d does not exist: want %[1]s0 to %[1]s3", kind, a)
		case slices.Contains(list[:i], a):
			k.bad(itemPath(path, i), "%s%d stands there twice", kind, a)
		}
	}
}

func (k *configChecker) timers(c *TimerConfig) {
	for _, t := range []struct {
		path    string
		d, most time.Duration
	}{
		{"timers.t3512", c.T3512, 310 * time.Hour}, // the ends of GPRS timer 3 and 2 (TS 24.008 §10.5.7.4, 4a)
		{"timers.t3502", c.T3502, 186 * time.Minute},
		{"timers.t3346", c.T3346, 186 * time.Minute},
	} {
		if t.d < 2*time.Second || t.d > t.most {
			k.bad(t.path, "want 2s to %v, not %v", t.most, t.d)
		}
	}
}

func (k *configChecker) radios(list []RadioConfig) {
	for i, r := range list {
		path := itemPath("radios", i)
		if (r.GNB == ident.RANNode{}) == (r.Name == "") {
			k.bad(path, "want either gnb, an identifier, or name, how names begin")
		}
		if _, ok := amf.LookupProfile(r.Profile); !ok {
			k.bad(path, "the profile %q is not known: want generic, ueransim, packetrusher, oai, srsran, ocudu, nokia, baicells or ericsson", r.Profile)
		}
	}
}

// files sees that each file has a name of its own: a key written over a database is lost.
// trust does not read files: what stands in them is read, and refused, at the start.
func (k *configChecker) trust(c *Config) {
	if a := c.Trust.PathAllowance; a < 0 || a > time.Minute {
		k.bad("trust.path_allowance", "%v: want 0s to 1m", a)
	}
	for i, r := range c.Trust.Regimes {
		path := itemPath("trust.regimes", i)
		if j := slices.IndexFunc(c.Trust.Regimes[:i], func(o RegimeConfig) bool { return o.Name == r.Name }); j >= 0 {
			k.bad(path+".name", "%s is regimes[%d] already", r.Name, j)
			continue
		}
		regime, err := rules.Pack(r.Name)
		if err != nil {
			k.bad(path+".name", "%v", err)
		} else if _, err := regime.With(r.Parameters); err != nil {
			k.bad(path+".parameters", "%v", err)
		}
	}
	for i, p := range c.Trust.Seal {
		path := itemPath("trust.seal", i)
		for _, n := range c.Networks {
			if slices.ContainsFunc(n.ranges(), p.Overlaps) {
				k.bad(path, "%v lies in the devices' own addresses of %s: want the seal gateway's", p, n.Name)
			}
		}
		for _, f := range c.userPlane().UPF.Forbidden {
			if f.Overlaps(p) && !c.offers(p) {
				k.bad(path, "no device reaches %v, by n6.forbidden or because it is this host's: name it under n6.services", f)
			}
		}
	}
}

// offers reports whether a service has an address in the range.
func (c *Config) offers(p netip.Prefix) bool {
	return slices.ContainsFunc(c.N6.Services, func(s ServiceConfig) bool { return p.Contains(s.Address.Addr()) })
}

func (k *configChecker) files(c *Config) {
	files := []struct{ path, name string }{
		{"store.path", c.Store.Path}, {"store.key_file", c.Store.KeyFile}, {"api.token_file", c.API.TokenFile},
		{"evidence.path", c.Evidence.Path}, {"evidence.key_file", c.Evidence.KeyFile}, {"evidence.pseudonym_key_file", c.Evidence.PseudonymFile},
	}
	for i, f := range files {
		if f.name == "" {
			k.bad(f.path, "want the name of a file")
		}
		for _, o := range files[:i] {
			if f.name == o.name && f.name != "" {
				k.bad(f.path, "%s is %s already: want a file of its own", f.name, o.path)
			}
		}
	}
	if o := c.Evidence.Origin; len(o) > 128 || strings.ContainsFunc(o, func(r rune) bool { return r <= ' ' || r > '~' || r == '+' }) {
		k.bad("evidence.origin", "want the log's name in the world, as \"example.org/evidence\": letters, digits and signs of ASCII but for + and spaces, 128 at most")
	}
}
