package node

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"cordon/evidence"
	"cordon/ident"
	"cordon/n4"
	"cordon/rules"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// Who speaks on N4 without being who it says, and user planes that lie.

// inClear is a core and a user plane at the mill's site whose N4 and N9 are protected by their hosts, or by nobody.
func inClear(t *testing.T, protection string, tamper func(*Site)) *edge {
	core, site, n3 := loopback(t, 5), loopback(t, 6), loopback(t, 7)
	e := &edge{tamper: tamper}
	e.land = inLand(t, "", func(l *land) {
		l.cfg.N4.Address = netip.AddrPortFrom(core, pfcp.Port)
		l.cfg.UserPlanes = []UserPlaneConfig{{
			Element: "upf-mill", Address: netip.AddrPortFrom(site, pfcp.Port), Tunnels: []netip.Prefix{netip.PrefixFrom(n3, 32)}, Rate: 1e9,
			Local: []LocalConfig{{Network: "internet", To: []netip.Prefix{netip.PrefixFrom(siteEcho.Addr(), 32)}}},
		}}
		l.facts.Elements = append(l.facts.Elements, rules.Element{
			Name: "upf-mill", Functions: []rules.Function{"upf"}, Technology: "5g", Vendor: "kestrel", Manager: "kestrel", Site: "mill",
			Traffic: -1, Premises: -1, Protection: protection,
			Addresses: rules.Addresses{N3: []netip.Prefix{netip.PrefixFrom(n3, 32)}, N4: []netip.Prefix{netip.PrefixFrom(site, 32)}},
		})
	})
	c := testSite(t)
	c.Site = "mill"
	c.N3.Address = netip.AddrPortFrom(n3, gtpu.Port)
	c.N4 = SiteN4Config{Address: netip.AddrPortFrom(site, pfcp.Port), SMFs: []SMFConfig{{Address: core}}}
	c.N6.Echo, c.N9.Peers = siteEcho, []netip.Prefix{netip.PrefixFrom(e.cfg.N3.Address.Addr(), 32)}
	c.complete()
	e.siteCfg = c
	e.start()
	return e
}

// say sends a message of N4 from an address of the attacker's choice.
func (e *edge) say(from netip.Addr, to netip.AddrPort, m pfcp.Message) {
	e.Helper()
	conn, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0)), net.UDPAddrFromAddrPort(to))
	e.must(err)
	defer conn.Close()
	b, err := pfcp.Append(nil, 0x123456, m)
	e.must(err)
	_, err = conn.Write(b)
	e.must(err)
}

// found waits until the book has a finding of a kind, of an element or, without one, of whoever it was.
func (e *edge) found(element, kind string) {
	e.Helper()
	e.eventually("a finding "+kind+" of "+element, func() bool {
		for _, f := range findings(e.land, element) {
			if f.Kind == kind {
				return true
			}
		}
		return false
	})
}

// counts waits until the site's console has a line of metrics.
func (e *edge) counts(line string) {
	e.Helper()
	e.eventually("the site counts "+line, func() bool { return strings.Contains(siteGet(e.T, e.site, "/metrics"), line) })
}

// TestEdgeRogue: who claims to be the core or the site, from elsewhere or from next door, changes nothing and is counted.
func TestEdgeRogue(t *testing.T) {
	e := inClear(t, "none", nil)
	defer e.audit()
	core, site, rogue := e.cfg.N4.Address, e.site.N4, loopback(t, 9)
	e.begin(e.group("public", 4, mill))
	e.on("public", mill)
	before := e.addresses("public")
	if n := e.site.Forwarder.Stats().Sessions; n != 4 {
		t.Fatalf("the site has %d sessions", n)
	}
	asCore, asSite := pfcp.NodeID{Addr: core.Addr()}, e.siteCfg.NodeID
	known := e.sessionAt()

	// From an address of its own: to the site as the core, to the core as the site.
	e.say(rogue, site, &pfcp.AssociationSetupRequest{Node: asCore, Recovery: 99})
	e.say(rogue, site, &pfcp.Deletion{SEID: known})
	e.say(rogue, core, &pfcp.AssociationSetupRequest{Node: asSite, Recovery: 99})
	e.say(rogue, core, &pfcp.HeartbeatRequest{Recovery: 99})
	e.counts(`cordon_n4_drops_total{why="stranger"} 2`)
	e.counts(`cordon_n4_findings_total{kind="stranger"} 1`)
	e.found("", "n4 stranger")

	// With the other's address in front: a restart that never was, somebody else's name, a session that is guessed.
	e.say(core.Addr(), site, &pfcp.HeartbeatRequest{Recovery: 99})
	e.say(core.Addr(), site, &pfcp.AssociationSetupRequest{Node: pfcp.NodeID{FQDN: "smf.example.org"}, Recovery: 99})
	e.say(core.Addr(), site, &pfcp.Deletion{SEID: known ^ 0x5555})
	e.say(site.Addr(), core, &pfcp.HeartbeatRequest{Recovery: 99})
	e.counts(`cordon_n4_findings_total{kind="false restart"} 1`)
	e.counts(`cordon_n4_findings_total{kind="foreign node identity"} 1`)
	e.found("", "n4 false restart") // not the site's: nothing proves that it spoke
	e.say(site.Addr(), core, &pfcp.AssociationSetupRequest{Node: pfcp.NodeID{FQDN: "upf.example.org"}, Recovery: 99})
	e.found("", "n4 foreign node identity")
	if list := findings(e.land, "upf-mill"); len(list) != 0 {
		t.Errorf("the site is blamed: %+v", list)
	}

	carried := e.carries()
	e.on("public", mill)
	e.same("public", before)
	if n := e.site.Forwarder.Stats().Sessions; n != 4 || !e.planes.serving("upf-mill") {
		t.Errorf("the site has %d sessions", n)
	}
	e.eventually("they go by the site still", func() bool { return e.carries() > carried })
}

// sessionAt is the name that the site has of a session.
func (e *edge) sessionAt() (seid ident.SEID) {
	e.planes.mu.Lock()
	defer e.planes.mu.Unlock()
	for _, c := range e.planes.courses {
		seid = c.viaSEID
	}
	return seid
}

// liar says what its user plane did not.
type liar struct {
	datagrams
	lie func([]byte) []byte
}

func (l *liar) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return l.datagrams.WriteToUDPAddrPort(l.lie(slices.Clone(b)), to)
}

// lies has a site's user plane answer otherwise than it did: change may change what is sent.
func lies[M pfcp.Message](change func(M)) func(*Site) {
	return func(s *Site) {
		s.n4.conn = &liar{s.n4.conn, func(b []byte) []byte {
			h, m, err := pfcp.Parse(b)
			if said, ok := m.(M); err == nil && ok {
				change(said)
				if b, err = pfcp.Append(nil, h.Seq, m); err != nil {
					panic(err)
				}
			}
			return b
		}}
	}
}

// causeless leaves the cause out of answers about new sessions.
func causeless(s *Site) {
	const header, ie, cause = 16, 4, 19
	s.n4.conn = &liar{s.n4.conn, func(b []byte) []byte {
		if pfcp.Type(b[1]) != pfcp.TypeEstablishmentResponse {
			return b
		}
		for at := header; at < len(b); {
			n := ie + int(binary.BigEndian.Uint16(b[at+2:]))
			if binary.BigEndian.Uint16(b[at:]) == cause {
				b = slices.Delete(b, at, at+n)
				binary.BigEndian.PutUint16(b[2:], uint16(len(b)-4))
				break
			}
			at += n
		}
		return b
	}}
}

// TestEdgeLies: what an honest user plane does not answer is refused and found, and sessions go past it.
func TestEdgeLies(t *testing.T) {
	elsewhere := netip.MustParseAddr("203.0.113.66")
	var first pfcp.FTEID
	for _, c := range []struct {
		name, kind string
		tamper     func(*Site)
		pass       int // sessions that go by it all the same
	}{
		{"endpoint outside its addresses", "n4 foreign tunnel endpoint", lies(func(m *pfcp.Established) { m.Created[0].Local.Addr = elsewhere }), 0},
		{"endpoint of another session", "n4 foreign tunnel endpoint", lies(func(m *pfcp.Established) {
			if first == (pfcp.FTEID{}) {
				first = m.Created[0].Local
			}
			m.Created[0].Local = first
		}), 1},
		{"one endpoint for both sides", "n4 foreign tunnel endpoint", lies(func(m *pfcp.Established) {
			for i := range m.Created {
				m.Created[i].Local = m.Created[0].Local
			}
		}), 0},
		{"no endpoint", "n4 impossible answer", lies(func(m *pfcp.Established) { m.Created = nil }), 0},
		{"no cause", "n4 malformed message", causeless, 0},
		{"no name", "n4 impossible answer", lies(func(m *pfcp.Established) { m.UP = pfcp.FSEID{} }), 0},
		{"another node's name", "n4 foreign node identity", lies(func(m *pfcp.Established) { m.Node = pfcp.NodeID{FQDN: "upf.example.org"} }), 0},
		{"an address for the device", "n4 address that was not asked for", lies(func(m *pfcp.Established) { m.Created[0].UE = elsewhere }), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := inClear(t, "ipsec", c.tamper)
			defer e.audit()
			e.begin(e.group("public", 4, mill))
			e.on("public", mill)
			e.found("upf-mill", c.kind)
			e.tells(evidence.Entry{Kind: evidence.Finding, Act: c.kind, Element: "upf-mill"})
			e.on("public", mill)
			if by := e.bySite(); by != c.pass {
				t.Errorf("%d sessions go by a user plane that lies, want %d", by, c.pass)
			}
			if n := e.Forwarder.Stats().Sessions; n != 4 {
				t.Errorf("the anchor has %d sessions", n)
			}
		})
	}
}

// bySite is how many sessions have the site's user plane on their way.
func (e *edge) bySite() (n int) {
	e.planes.mu.Lock()
	defer e.planes.mu.Unlock()
	for _, c := range e.planes.courses {
		if c.via != nil {
			n++
		}
	}
	return n
}

// TestEdgeLiesOfUsage: usage that the site's line cannot have carried is found when the session ends.
func TestEdgeLiesOfUsage(t *testing.T) {
	e := inClear(t, "ipsec", lies(func(m *pfcp.Deleted) { m.Usage.DownlinkBytes = 1 << 50 }))
	defer e.audit()
	e.begin(e.group("public", 2, mill))
	e.on("public", mill)
	e.must(e.live.Phone("public", 0).Deregister(e.soon(), false))
	e.found("upf-mill", "n4 "+n4.KindFalseUsage.String())
	e.tells(evidence.Entry{Kind: evidence.Finding, Act: "n4 impossible usage", Element: "upf-mill"})
}

// TestEdgeCounts: what a user plane says that it carried over N9 is held against the anchor's counts. An honest one is
// not blamed.
func TestEdgeCounts(t *testing.T) {
	scaled := func(change func(*pfcp.Usage)) func(*Site) {
		return lies(func(m *pfcp.Modified) {
			for i := range m.Usage {
				change(&m.Usage[i].Usage)
			}
		})
	}
	for _, c := range []struct {
		name, says string
		tamper     func(*Site)
	}{
		{"honest", "", nil},
		{"sent less", "and the anchor got", scaled(func(u *pfcp.Usage) { u.UplinkBytes /= 4 })},
		{"got more", "and the anchor sent", scaled(func(u *pfcp.Usage) { u.DownlinkBytes *= 4 })},
		{"says nothing", "and the anchor got", lies(func(m *pfcp.Modified) { m.Usage = nil })},
		{"keeps what it says that it sent", "less than half", scaled(func(u *pfcp.Usage) { u.UplinkBytes *= 4 })},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := inClear(t, "ipsec", c.tamper)
			defer e.audit()
			e.load.PPS, e.load.Payload = 400, 1000
			e.begin(e.group("public", 3, mill))
			e.on("public", mill)
			site := e.planes.sites[0]
			heard := func() uint64 { return e.Forwarder.Stats().Uplink.Bytes }
			for next := uint64(0); next < 8<<20; next += 2 << 20 {
				e.eventually("packets flow", func() bool { return heard() > next })
				e.planes.audit(site)
			}
			if c.says == "" {
				e.must(e.live.Phone("public", 0).Deregister(e.soon(), false))
				e.eventually("its session ends", func() bool { return e.bySite() == 2 })
				if list := findings(e.land, "upf-mill"); len(list) != 0 {
					t.Errorf("it is blamed: %+v", list)
				}
				return
			}
			entry := e.tells(evidence.Entry{Kind: evidence.Finding, Act: "n4 impossible usage", Element: "upf-mill"})[0]
			if !strings.Contains(entry.Why, c.says) {
				t.Errorf("found is %q, want %q", entry.Why, c.says)
			}
		})
	}
}

// TestEdgeUnwanted: a user plane whose configuration does not name this core is told of once, with what to write there, and the tunnel to it
// is left alone.
func TestEdgeUnwanted(t *testing.T) {
	log, site := &kept{}, UserPlaneConfig{Element: "upf-mill", NodeID: pfcp.NodeID{FQDN: "upf.example.org"}}
	p := newPlanes(nil, []UserPlaneConfig{site})
	p.n = &Node{d: Deps{Log: NewLogger(log, LogConfig{})}}
	c := &controlN4{planes: p, node: pfcp.NodeID{FQDN: "core.example.org"}}
	for range 3 {
		c.perform(n4.Drop{Peer: site.NodeID, Reason: n4.ReasonRefused})
	}
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "n4.smfs") || !strings.Contains(said, "core.example.org") {
		t.Errorf("it says %q", said)
	}
}
