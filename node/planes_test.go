package node

import (
	"io"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cordon/evidence"
	"cordon/ident"
	"cordon/rules"
	"cordon/transport/wireguard"
	"cordon/wire/pfcp"
)

// Several user planes over real sockets: the core's, and one at a site, in a tunnel.

// siteEcho is a service in the site's own network.
var siteEcho = netip.MustParseAddrPort("198.51.100.7:7")

// An edge is a land whose mill has a user plane of its own.
type edge struct {
	*land
	site    *Site
	siteCfg SiteConfig
	stop    func()
	tamper  func(*Site) // what the site's user plane becomes before it runs; nil: it stays honest
}

// atEdge starts a core and a user plane at the mill's site.
func atEdge(t *testing.T, law string, change ...func(*land)) *edge {
	dir := t.TempDir()
	coreKey, siteKey := filepath.Join(dir, "core.key"), filepath.Join(dir, "site.key")
	corePublic, err := MakeWireGuardKey(coreKey)
	if err != nil {
		t.Fatal(err)
	}
	sitePublic, err := MakeWireGuardKey(siteKey)
	if err != nil {
		t.Fatal(err)
	}
	coreOuter, siteOuter := netip.AddrPortFrom(loopback(t, 5), 51820), netip.AddrPortFrom(loopback(t, 6), 51820)
	e := &edge{}
	e.land = inLand(t, law, append([]func(*land){func(l *land) {
		l.cfg.WireGuard = WireGuardConfig{KeyFile: coreKey, Listen: coreOuter, Inner: coreInner, PathMTU: 1500}
		l.cfg.UserPlanes = []UserPlaneConfig{{
			Element: "upf-mill", Address: netip.AddrPortFrom(siteInner, 8805), Endpoint: siteOuter,
			Tunnels: []netip.Prefix{netip.PrefixFrom(loopback(t, 7), 32)},
			Local:   []LocalConfig{{Network: "internet", To: []netip.Prefix{netip.PrefixFrom(siteEcho.Addr(), 32)}}},
		}}
		l.facts.Elements = append(l.facts.Elements, rules.Element{
			Name: "upf-mill", Functions: []rules.Function{"upf"}, Technology: "5g", Vendor: "kestrel", Manager: "kestrel", Site: "mill",
			Traffic: -1, Premises: -1, WireGuard: sitePublic.String(), Protection: "wireguard",
			Addresses: rules.Addresses{N3: []netip.Prefix{netip.PrefixFrom(loopback(t, 7), 32)}, N4: []netip.Prefix{netip.PrefixFrom(siteInner, 32)}},
		})
	}}, change...)...)
	c := testSite(t)
	c.Site = "mill"
	c.N3.Address = netip.AddrPortFrom(loopback(t, 7), 2152)
	c.N6.Echo = siteEcho
	c.WireGuard = WireGuardConfig{KeyFile: siteKey, Listen: siteOuter, Inner: siteInner, PathMTU: 1500,
		Peers: []WireGuardPeer{{PublicKey: corePublic, Endpoint: coreOuter, Inner: coreInner, KeepAlive: time.Second}}}
	c.N4.SMFs = []SMFConfig{{Address: coreInner}}
	c.complete()
	e.siteCfg = c
	e.start()
	return e
}

// start starts the site's user plane and waits until the core has it.
func (e *edge) start() {
	e.Helper()
	s, err := OpenSite(e.siteCfg, Options{Version: "test", Log: NewLogger(io.Discard, LogConfig{})})
	e.must(err)
	e.site = s
	if e.tamper != nil {
		e.tamper(s)
	}
	e.stop = runUntil(e.T, s)
	if !eventually(func() bool { return e.planes.serving("upf-mill") }) {
		for _, tunnel := range []*wireguard.Tunnel{e.Tunnel, s.Tunnel} {
			if tunnel != nil {
				e.Logf("the tunnel of %v: %+v, %+v", tunnel.Inner(), tunnel.Stats(), tunnel.Peers())
			}
		}
		e.Fatal("the user plane at the mill is not there")
	}
}

// carries is how many packets of devices the site has forwarded.
func (e *edge) carries() uint64 { return e.site.Forwarder.Stats().Uplink.Packets }

// TestEdge: at the mill's site sessions break out to the site's network and reach the anchor over N9, at other sites they
// go to the anchor; a device that moves keeps its address and its session.
func TestEdge(t *testing.T) {
	e := atEdge(t, "")
	defer e.audit()
	near := e.group("near", 3, mill, hill)
	near.Target = siteEcho
	e.begin(e.group("public", 5, mill, hill), near)
	e.on("public", mill)
	e.on("near", mill)
	if got := e.site.Forwarder.Stats(); got.Sessions != 8 || got.Uplink.Packets == 0 {
		t.Errorf("the site has %d sessions and forwarded %d packets", got.Sessions, got.Uplink.Packets)
	}
	before := e.addresses("public")
	e.amend(rule("OWN-1", at(mill), ban))
	e.on("public", hill)
	e.same("public", before)
	e.eventually("the site has no session left", func() bool { return e.site.Forwarder.Stats().Sessions == 0 })
	e.amend("")
	e.is(mill, "connected")
}

// TestEdgeRefused: rules keep sessions from a user plane, from the start and when they change.
func TestEdgeRefused(t *testing.T) {
	e := atEdge(t, "")
	defer e.audit()
	e.begin(e.group("public", 4, mill))
	e.on("public", mill)
	before := e.addresses("public")
	e.eventually("they go by the site", func() bool { return e.site.Forwarder.Stats().Sessions == 4 })
	e.amend(rule("OWN-1", `element.name == "upf-mill"`, ban))
	e.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n4", Element: "upf-mill"})
	e.eventually("none goes by the site", func() bool { return e.site.Forwarder.Stats().Sessions == 0 })
	e.on("public", mill)
	e.same("public", before)
	e.amend("")
}

// TestEdgeLost: a user plane that begins anew has lost its sessions, and gets them again.
func TestEdgeLost(t *testing.T) {
	e := atEdge(t, "")
	defer e.audit()
	e.begin(e.group("public", 4, mill))
	e.on("public", mill)
	before := e.addresses("public")
	e.stop()
	e.start()
	e.on("public", mill)
	e.same("public", before)
	e.eventually("they go by the site again", func() bool { return e.site.Forwarder.Stats().Sessions == 4 && e.carries() > 0 })
}

// TestEdgeRestart: a core that begins anew has its sessions go by the site again, with their addresses, and leaves
// nothing of before there.
func TestEdgeRestart(t *testing.T) {
	e := atEdge(t, "")
	defer func() { e.audit() }()
	e.begin(e.group("public", 4, mill))
	e.on("public", mill)
	before := e.addresses("public")
	e.restart()
	e.on("public", mill)
	e.same("public", before)
	e.eventually("they go by the site again, and nothing else does", func() bool { return e.bySite() == 4 && e.site.Forwarder.Stats().Sessions == 4 })
}

// TestEdgeAnchor: sessions of a network that is the site's own end there.
func TestEdgeAnchor(t *testing.T) {
	e := atEdge(t, "", func(l *land) { l.cfg.UserPlanes[0].Anchors = []ident.DNN{"internet"} })
	defer e.audit()
	g := e.group("public", 4, mill, hill)
	g.Target = siteEcho
	e.begin(g)
	e.on("public", mill)
	e.eventually("they end at the site", func() bool { return e.site.Forwarder.Stats().Sessions == 4 && e.Forwarder.Stats().Sessions == 0 })
	before := e.addresses("public")
	e.stop()
	e.start()
	e.on("public", mill)
	e.same("public", before)
}

// between and anchors choose by site, network, slice and load.
func TestChoice(t *testing.T) {
	one, two := ident.SNSSAI{SST: 1, SD: ident.NoSD}, ident.SNSSAI{SST: 2, SD: ident.NoSD}
	of := func(name, at string, load uint8, c UserPlaneConfig) candidate {
		c.Element = name
		return candidate{site: &planeSite{cfg: c}, at: at, load: load}
	}
	all := func() []candidate {
		return []candidate{
			of("busy", "mill", 90, UserPlaneConfig{}),
			of("free", "mill", 10, UserPlaneConfig{Slices: []ident.SNSSAI{one}}),
			of("port", "port", 0, UserPlaneConfig{Networks: []ident.DNN{"factory"}, Anchors: []ident.DNN{"factory"}}),
			of("hill", "hill", 50, UserPlaneConfig{Anchors: []ident.DNN{"factory"}}),
		}
	}
	for _, c := range []struct {
		where         place
		between, ends string
	}{
		{place{site: "mill", dnn: "internet", slice: one}, "free", ""},
		{place{site: "mill", dnn: "internet", slice: two}, "busy", ""},
		{place{site: "port", dnn: "internet", slice: one}, "", ""},
		{place{site: "port", dnn: "factory", slice: one}, "port", "port"},
		{place{site: "hill", dnn: "factory", slice: one}, "hill", "hill"},
		{place{site: "mill", dnn: "factory", slice: two}, "busy", "port"},
		{place{dnn: "internet", slice: one}, "", ""},
	} {
		name := func(s *planeSite) string {
			if s == nil {
				return ""
			}
			return s.cfg.Element
		}
		if got := name(between(all(), c.where)); got != c.between {
			t.Errorf("%+v: between is %q, want %q", c.where, got, c.between)
		}
		if got := name(anchors(all(), c.where)); got != c.ends {
			t.Errorf("%+v: it ends at %q, want %q", c.where, got, c.ends)
		}
	}
}

// What a user plane says of N9 may differ from the anchor's count by what is on its way, and by losses one way.
func TestTally(t *testing.T) {
	const mega = 1 << 20
	usage := func(up, down uint64) pfcp.Usage { return pfcp.Usage{UplinkBytes: up, DownlinkBytes: down} }
	for _, c := range []struct {
		name         string
		said         pfcp.Usage // since it began
		before, last pfcp.Usage // the anchor's counts around that
		lie, missing bool
	}{
		{"nothing", usage(0, 0), usage(0, 0), usage(0, 0), false, false},
		{"the same", usage(8*mega, 9*mega), usage(8*mega, 9*mega), usage(8*mega, 9*mega), false, false},
		{"a little on its way", usage(mega, mega), usage(mega+auditSlack, mega), usage(mega+auditSlack, mega-auditSlack), false, false},
		{"grown while it was asked", usage(mega, mega), usage(mega, mega), usage(9*mega, 9*mega), false, false},
		{"a third lost", usage(9*mega, 0), usage(6*mega, 9*mega), usage(6*mega, 9*mega), false, false},
		{"most lost", usage(9*mega, 0), usage(mega, 0), usage(mega, 0), false, true},
		{"sent less than came", usage(mega, 0), usage(2*mega, 0), usage(2*mega, 0), true, false},
		{"got more than was sent", usage(0, 2*mega), usage(0, mega), usage(0, mega), true, false},
	} {
		var y tally
		base := usage(5*mega, 7*mega)
		y.begin(base)
		y.add([]pfcp.UsageReport{{URR: nearN9, Usage: c.said}, {URR: nearN9 + 1, Usage: usage(mega, mega)}})
		for _, u := range []*pfcp.Usage{&c.before, &c.last} {
			*u = usage(u.UplinkBytes+base.UplinkBytes, u.DownlinkBytes+base.DownlinkBytes)
		}
		if why := y.contradicted(c.before, c.last); (why != "") != c.lie {
			t.Errorf("%s: %q", c.name, why)
		}
		if _, missing := y.missing(c.before, c.last, time.Now()); missing != c.missing {
			t.Errorf("%s: missing is %v", c.name, missing)
		}
	}
}

// serving is whether a user plane is there and may serve.
func (p *planes) serving(element string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.sites, func(s *planeSite) bool { return s.cfg.Element == element && s.up && !s.barred })
}
