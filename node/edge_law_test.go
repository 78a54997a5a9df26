package node

import (
	"context"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
)

// What rules that change mean for sessions that go by a user plane at another site, whatever that does.

// cutN4 is N4 of a site that can be cut.
type cutN4 struct {
	datagrams
	cut atomic.Bool
}

func (c *cutN4) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if c.cut.Load() {
		return len(b), nil
	}
	return c.datagrams.WriteToUDPAddrPort(b, to)
}

func (c *cutN4) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := c.datagrams.ReadFromUDPAddrPort(b)
		if err != nil || !c.cut.Load() {
			return n, from, err
		}
	}
}

// toSite is how many sessions have downlink that the anchor sends to the site.
func (e *edge) toSite() int {
	for _, p := range e.Forwarder.Peers() {
		if p.Peer == e.siteCfg.N4.Address.Addr() || p.Peer == siteInner || p.Peer == e.siteCfg.N3.Address.Addr() {
			return p.Sessions
		}
	}
	return 0
}

// back has a phone ask for its session's user plane until packets pass.
func (e *edge) back(u *ran.UE, service netip.AddrPort) {
	e.Helper()
	e.eventually("packets pass", func() bool {
		ctx, cancel := context.WithTimeout(e.Context(), time.Second)
		defer cancel()
		return u.Do(ctx, ran.Pending{}) == nil && u.Echo(ctx, 1, service) == nil
	})
}

const noMill = `element.name == "upf-mill"`

// TestEdgeRefusedIdle: a device that is idle, and for a user plane that cannot be told, is taken off it all the same: nothing more of it
// goes there.
func TestEdgeRefusedIdle(t *testing.T) {
	for _, cut := range []bool{false, true} {
		t.Run(map[bool]string{false: "told", true: "cut off"}[cut], func(t *testing.T) {
			var n4 *cutN4
			e := inClear(t, "ipsec", func(s *Site) {
				n4 = &cutN4{datagrams: s.n4.conn}
				s.n4.conn = n4
			})
			defer e.audit()
			u := e.phones(e.radio(mill), 2)
			idle, busy := u[0], u[1]
			e.must(busy.Echo(e.soon(), 1, testEcho))
			e.must(idle.Idle(e.soon()))
			e.eventually("both go by the site", func() bool { return e.bySite() == 2 && e.toSite() == 2 })
			n4.cut.Store(cut)
			e.amend(rule("OWN-1", noMill, ban))
			e.eventually("nothing goes by the site", func() bool { return e.bySite() == 0 && e.toSite() == 0 })
			for _, u := range u {
				e.back(u, testEcho)
			}
			n4.cut.Store(false)
			e.eventually("the site has no session left", func() bool { return e.site.Forwarder.Stats().Sessions == 0 })
		})
	}
}

// TestEdgeAnchorRefused: sessions that end at a user plane which may not have them any more are taken from it, and have
// their devices' addresses where they may end next.
func TestEdgeAnchorRefused(t *testing.T) {
	e := atEdge(t, "", func(l *land) { l.cfg.UserPlanes[0].Anchors = []ident.DNN{"internet"} })
	defer e.audit()
	u := e.phones(e.radio(mill), 2)
	e.must(u[0].Echo(e.soon(), 1, siteEcho))
	e.must(u[1].Idle(e.soon()))
	e.eventually("they end at the site", func() bool { return e.site.Forwarder.Stats().Sessions == 2 })
	e.amend(rule("OWN-1", noMill, ban))
	e.eventually("none ends there", func() bool { return e.site.Forwarder.Stats().Sessions == 0 })
	e.amend("")
	for _, u := range u {
		e.back(u, siteEcho)
	}
}

// TestEdgeAnchorSealed: a session that was sealed after it was made is sealed still when its user plane has begun anew.
func TestEdgeAnchorSealed(t *testing.T) {
	e := atEdge(t, "", func(l *land) { l.cfg.UserPlanes[0].Anchors = []ident.DNN{"internet"} })
	defer e.audit()
	g := e.group("public", 2, mill)
	g.Target = siteEcho
	e.begin(g)
	e.on("public", mill)
	e.amend(rule("OWN-1", at(mill), sealed))
	for i := range 2 {
		e.eventually("it is sealed", func() bool { return e.session("public", i).Sealed })
	}
	e.silent("public")
	e.stop()
	e.start()
	e.eventually("they end at the site again", func() bool { return e.site.Forwarder.Stats().Sessions == 2 })
	e.silent("public")
}
