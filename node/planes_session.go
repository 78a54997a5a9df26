package node

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/n4"
	"cordon/smf"
	"cordon/wire/pfcp"
)

// establish makes a session at its anchor and, where one is to come between, at the user plane of the radio's site.
func (p *planes) establish(e smf.Establish) (pfcp.Established, error) {
	r := e.Request
	where := p.place(e.Radio, r.PDRs[0].PDI.Instance, e.Slice, e.Protected, e.Sealed)
	c := &course{key: e.Key, rules: r, place: where}
	if p.anchored(where.dnn) {
		if c.anchor = anchors(p.candidates(where), where); c.anchor == nil {
			return pfcp.Established{}, errNoPlane
		}
	}
	if r.Existing != 0 && (c.anchor != nil || p.wasBetween(r)) { // what another site had is made anew
		r.Existing = 0
		r.FARs = []pfcp.FAR{r.FARs[0], {ID: r.FARs[1].ID, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access}}
		c.rules = r
	}
	answer, err := p.establishAt(c.anchor, c.key.SUPI, r)
	if err != nil || answer.Cause != pfcp.CauseAccepted || len(answer.Created) != 1 {
		return answer, err
	}
	c.name, c.seid, c.local = answer.UP.SEID, answer.UP.SEID, answer.Created[0].Local
	c.rules.Existing = 0
	p.mu.Lock()
	for p.names[c.name] != nil { // names of several user planes may meet
		c.name++
	}
	p.courses[r.CP.SEID], p.names[c.name] = c, c
	p.mu.Unlock()
	answer.UP.SEID = c.name
	if c.anchor == nil && e.Radio != 0 && !framed(&r) {
		p.insert(c, between(p.candidates(where), where))
	}
	if p.expel(c); c.seid == 0 { // rules have changed meanwhile
		return pfcp.Established{}, errors.Join(errNoPlane, p.end(c.name))
	}
	answer.Created[0].Local = p.uplink(c)
	return answer, nil
}

// framed reports whether a session carries Ethernet frames: these go to its anchor, for no user plane between could tell which
// are for a network of its site.
func framed(r *pfcp.Establishment) bool { return r.PDRs[0].PDI.Ethernet }

// wasBetween reports whether a session that was active before a restart will have gone by a user plane between its
// radio and this one.
func (p *planes) wasBetween(r pfcp.Establishment) bool {
	out := r.FARs[1].Outer.Addr
	if !out.IsValid() || framed(&r) {
		return false
	}
	law := p.n.law.now.Load()
	site := ""
	for e := range law.Elements() {
		if e.HasNode && e.OwnsN3(out) {
			site = e.Site
		}
	}
	for _, s := range p.sites {
		if record := law.Element(s.cfg.Element); site != "" && record != nil && record.Site == site {
			return true
		}
	}
	return false
}

// establishAt makes a session of a subscriber at a user plane, nil for this process's.
func (p *planes) establishAt(at *planeSite, supi ident.SUPI, r pfcp.Establishment) (answer pfcp.Established, err error) {
	if at == nil {
		answer, err = p.own.Establish(r)
	} else {
		var m pfcp.Message
		m, err = p.n4.ask(at.cfg.node(), &r)
		if a, ok := m.(*pfcp.Established); ok {
			answer = *a
		}
	}
	if err == nil {
		p.n.leases.given(at.element(), answer.UP.SEID, supi, answer.Public)
	}
	return answer, err
}

// element is the name of a user plane's record, empty for this process's.
func (s *planeSite) element() string {
	if s == nil {
		return ""
	}
	return s.cfg.Element
}

// modifyAt changes a session at a user plane. What one that does not answer now is to do, it does when it answers: the error
// is n4.ErrDeferred then.
func (p *planes) modifyAt(at *planeSite, supi ident.SUPI, m pfcp.Modification) (answer pfcp.Modified, err error) {
	if at == nil {
		answer, err = p.own.Modify(m)
	} else {
		var v pfcp.Message
		v, err = p.n4.ask(at.cfg.node(), &m)
		if a, ok := v.(*pfcp.Modified); ok {
			answer = *a
		}
	}
	if err == nil {
		p.n.leases.given(at.element(), m.SEID, supi, answer.Public)
	}
	return answer, err
}

func (p *planes) deleteAt(at *planeSite, seid ident.SEID) error {
	defer p.n.leases.ended(at.element(), seid)
	if at == nil {
		_, err := p.own.Delete(pfcp.Deletion{SEID: seid})
		return err
	}
	_, err := p.n4.ask(at.cfg.node(), &pfcp.Deletion{SEID: seid})
	if errors.Is(err, n4.ErrDeferred) || errors.Is(err, n4.ErrLost) {
		return nil
	}
	return err
}

// uplink is where the radio is to send.
func (p *planes) uplink(c *course) pfcp.FTEID {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.via != nil {
		return c.viaLocal
	}
	return c.local
}

// insert puts a user plane between the radio and the anchor; where it cannot, the radio speaks to the anchor itself.
func (p *planes) insert(c *course, via *planeSite) {
	if via == nil {
		return
	}
	anchor := pfcp.OuterHeader{TEID: c.local.TEID, Addr: c.local.Addr}
	if via.cfg.Inside && p.n9.IsValid() {
		anchor.Addr = p.n9
	}
	answer, err := p.establishAt(via, c.key.SUPI, betweenRules(c, via.cfg.localOf(c.place.dnn), anchor))
	local, core, ok := betweenTunnels(answer)
	if err == nil && !ok {
		p.finding(n4.Finding{Peer: via.cfg.node(), From: via.cfg.Address, Kind: n4.KindBadEndpoint, Why: "one F-TEID towards the radio and the anchor"})
		_ = p.deleteAt(via, answer.UP.SEID) // whatever it is
	}
	if err != nil || !ok {
		p.n.d.Log.Warn("a session goes past the user plane of its site, which did not take it", "user_plane", via.cfg.Element, "err", err)
		return
	}
	if via.cfg.Inside {
		core.Addr = via.cfg.Address.Addr()
	}
	to := pfcp.OuterHeader{TEID: core.TEID, Addr: core.Addr}
	c.tally.begin(p.carried(c.seid))
	_, err = p.modifyAt(c.anchor, c.key.SUPI, pfcp.Modification{SEID: c.seid, FARs: []pfcp.FAR{{ID: c.rules.FARs[1].ID, Action: pfcp.Forward, Destination: pfcp.Access, Outer: to}}})
	if err != nil {
		p.n.d.Log.Warn("a session goes past the user plane of its site: its endpoint is not taken", "user_plane", via.cfg.Element, "err", err)
		_ = p.deleteAt(via, answer.UP.SEID) // it has nothing to forward by
		return
	}
	p.mu.Lock()
	c.via, c.viaSEID, c.viaLocal, c.viaCore = via, answer.UP.SEID, local, core
	p.mu.Unlock()
}

// remove takes the user plane between away. The anchor keeps downlink until a radio is known.
func (p *planes) remove(c *course) {
	p.mu.Lock()
	via, seid := c.via, c.viaSEID
	c.via = nil
	p.mu.Unlock()
	if via == nil {
		return
	}
	if err := errors.Join(p.hold(c), p.endBetween(c, via, seid)); err != nil {
		p.n.metrics.n4Errors.Add(1)
	}
}

// hold has the anchor keep downlink.
func (p *planes) hold(c *course) error {
	hold := pfcp.FAR{ID: c.rules.FARs[1].ID, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access}
	_, err := p.modifyAt(c.anchor, c.key.SUPI, pfcp.Modification{SEID: c.seid, FARs: []pfcp.FAR{hold}})
	return err
}

// route has a session go as is best from the radio that its device is at now, and says where that sends uplink.
func (p *planes) route(e smf.Route) (pfcp.FTEID, error) {
	p.mu.Lock()
	c := p.names[e.SEID]
	p.mu.Unlock()
	if c == nil {
		return pfcp.FTEID{}, errNoPlane
	}
	where := p.place(e.Radio, c.place.dnn, e.Slice, e.Protected, e.Sealed)
	p.mu.Lock()
	c.place = where
	p.mu.Unlock()
	if c.anchor != nil {
		return p.again(c)
	}
	var want *planeSite
	if !framed(&c.rules) {
		want = between(p.candidates(where), where)
	}
	if want != c.via || want == nil {
		p.remove(c)
		p.insert(c, want)
	}
	p.expel(c) // rules may have changed meanwhile
	return p.uplink(c), nil
}

// again has a session that ends at another site made anew, if the user plane there has lost it or may not have it any more, at the
// one that is best now.
func (p *planes) again(c *course) (pfcp.FTEID, error) {
	if p.expel(c); c.seid != 0 {
		return c.local, nil
	}
	at := anchors(p.candidates(c.place), c.place)
	if at == nil {
		return pfcp.FTEID{}, errNoPlane
	}
	answer, err := p.establishAt(at, c.key.SUPI, c.rules)
	if err != nil || len(answer.Created) != 1 {
		return pfcp.FTEID{}, errors.Join(errNoPlane, err)
	}
	p.mu.Lock()
	c.anchor, c.seid, c.local = at, answer.UP.SEID, answer.Created[0].Local
	p.mu.Unlock()
	if p.expel(c); c.seid == 0 { // rules have changed meanwhile
		return pfcp.FTEID{}, errNoPlane
	}
	return c.local, nil
}

// modify changes a session. Where packets go may change later, when a user plane answers that does not now; what may pass is
// changed now or not at all.
func (p *planes) modify(m pfcp.Modification) (pfcp.Modified, error) {
	answer, err := p.change(m)
	switch {
	case !errors.Is(err, n4.ErrDeferred):
		return answer, err
	case len(m.PDRs) > 0:
		return pfcp.Modified{}, fmt.Errorf("%w: %w", smf.ErrDeferred, err)
	default:
		return pfcp.Modified{Cause: pfcp.CauseAccepted}, nil
	}
}

// change asks for what leads to the radio at the user plane that is next to it, and for the rest at the anchor.
func (p *planes) change(m pfcp.Modification) (pfcp.Modified, error) {
	p.mu.Lock()
	c := p.names[m.SEID]
	p.mu.Unlock()
	if c == nil {
		return p.own.Modify(m)
	}
	if p.note(c, m); len(m.PDRs) > 0 { // what is sealed no longer may not go everywhere
		p.expel(c)
	}
	switch to := slices.ContainsFunc(m.FARs, func(f pfcp.FAR) bool { return f.Action == pfcp.Forward }); {
	case c.seid == 0 && to:
		return pfcp.Modified{}, n4.ErrLost
	case c.seid == 0: // it is as it shall be when it is made anew
		return pfcp.Modified{CP: c.rules.CP.SEID, Cause: pfcp.CauseAccepted}, nil
	}
	m.SEID = c.seid
	for i := range m.PDRs {
		if m.PDRs[i].PDI.Source == pfcp.Access {
			m.PDRs[i].PDI.Local = c.local
		}
	}
	if c.via == nil {
		return p.modifyAt(c.anchor, c.key.SUPI, m)
	}
	near := betweenChange(c, m)
	m.FARs = nil
	if len(m.PDRs) > 0 { // the anchor first: what it passes no more needs no way here
		if answer, err := p.modifyAt(c.anchor, c.key.SUPI, m); err != nil {
			return answer, err
		}
	}
	if len(near.FARs)+len(near.RemovePDRs)+len(near.CreatePDRs) == 0 {
		return pfcp.Modified{CP: c.rules.CP.SEID, Cause: pfcp.CauseAccepted}, nil
	}
	return p.modifyAt(c.via, c.key.SUPI, near)
}

// end ends a session everywhere.
func (p *planes) end(name ident.SEID) error {
	p.mu.Lock()
	c := p.names[name]
	if c != nil {
		delete(p.names, name)
		delete(p.courses, c.rules.CP.SEID)
	}
	p.mu.Unlock()
	if c == nil {
		return p.deleteAt(nil, name)
	}
	var err error
	if c.via != nil {
		err = p.endBetween(c, c.via, c.viaSEID)
	}
	if c.seid == 0 {
		return err
	}
	return errors.Join(err, p.deleteAt(c.anchor, c.seid))
}

// Usage is what a session has carried at its anchor, where that is in this process.
func (p *planes) Usage(name ident.SEID) (pfcp.Usage, bool) {
	p.mu.Lock()
	c := p.names[name]
	p.mu.Unlock()
	meter, ok := p.own.(interface {
		Usage(ident.SEID) (pfcp.Usage, bool)
	})
	if !ok || c != nil && c.anchor != nil {
		return pfcp.Usage{}, false
	}
	return meter.Usage(name)
}

// lostTunnel reports whether an error indication is about the tunnel from a session's anchor to the user plane between,
// and has the session go another way then.
func (p *planes) lostTunnel(r pfcp.Report) bool {
	p.mu.Lock()
	c := p.courses[r.CP]
	about := c != nil && c.via != nil && r.Remote == pfcp.OuterHeader{TEID: c.viaCore.TEID, Addr: c.viaCore.Addr}
	p.mu.Unlock()
	if about {
		p.n.pathLost(r.CP)
	}
	return about
}

// localOf are the networks at a site that sessions of a data network reach there.
func (c *UserPlaneConfig) localOf(dnn ident.DNN) (to []netip.Prefix) {
	for _, l := range c.Local {
		if l.Network == dnn {
			to = append(to, l.To...)
		}
	}
	return to
}
