package node

import (
	"slices"

	"cordon/ident"
	"cordon/n4"
	"cordon/rules"
	"cordon/wire/pfcp"
)

// How sessions leave user planes: those that have lost them, and those that may not have them any more.

// lost has the sessions of a user plane that began anew, or knows them no more, go other ways: their devices
// come back for them.
func (p *planes) lost(l n4.Lost) {
	site := p.of(l.Peer)
	if site == nil {
		return
	}
	p.n.d.Log.Warn("a user plane has lost sessions; their devices get other ways", "user_plane", site.cfg.Element, "sessions", len(l.Sessions))
	for _, cp := range l.Sessions {
		p.mu.Lock()
		c := p.courses[cp]
		p.mu.Unlock()
		if c != nil {
			p.in(c.key, func() { p.without(c, site) })
		}
	}
}

// without has a session go on without a user plane that has lost it. The anchor keeps downlink until its device is back.
func (p *planes) without(c *course, site *planeSite) {
	p.mu.Lock()
	via, anchor := c.via == site, c.anchor == site
	var gone ident.SEID
	if via {
		gone, c.via = c.viaSEID, nil
	}
	if anchor {
		gone, c.seid = c.seid, 0
	}
	p.mu.Unlock()
	p.n.leases.ended(site.cfg.Element, gone)
	if via && p.stands(c) && p.hold(c) != nil {
		p.n.metrics.n4Errors.Add(1)
	}
	if via || anchor {
		p.n.pathLost(c.rules.CP.SEID)
	}
}

// stands reports whether a session has not ended.
func (p *planes) stands(c *course) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.courses[c.rules.CP.SEID] == c
}

// rejudge has sessions leave user planes that rules do not let have them any more.
func (p *planes) rejudge() {
	for _, s := range p.sites {
		p.judge(s)
	}
	law := p.n.law.now.Load()
	p.follow(law)
	p.mu.Lock()
	var gone []*course
	for _, c := range p.courses {
		if !p.mayStay(law, c.via, c.place) || !p.mayStay(law, c.anchor, c.place) {
			gone = append(gone, c)
		}
	}
	p.mu.Unlock()
	for _, c := range gone {
		p.in(c.key, func() { p.expel(c) })
	}
}

// mayStay reports whether rules let a user plane keep a session; planes.mu is held. The core's own is nobody else's to judge.
func (p *planes) mayStay(law *rules.Snapshot, s *planeSite, where place) bool {
	return s == nil || !s.barred && p.mayCarry(law, s, where)
}

// expel takes a session off user planes that may not have it any more, whether they answer or not: first nothing more is led there, and
// then they are told, in time. Its device comes back for another way. The session's lane runs it.
func (p *planes) expel(c *course) {
	law := p.n.law.now.Load()
	p.mu.Lock()
	via, anchor := !p.mayStay(law, c.via, c.place), !p.mayStay(law, c.anchor, c.place)
	stands, at, seid := p.courses[c.rules.CP.SEID] == c, c.anchor, c.seid
	if anchor && stands {
		c.seid = 0
	}
	p.mu.Unlock()
	if !stands || !via && !anchor {
		return
	}
	p.n.pathLost(c.rules.CP.SEID)
	if via {
		p.remove(c)
	}
	if anchor && seid != 0 && p.deleteAt(at, seid) != nil {
		p.n.metrics.n4Errors.Add(1)
	}
}

// note keeps what a change makes of a session's rules, for when it is made anew, and whether it is sealed now.
func (p *planes) note(c *course, m pfcp.Modification) {
	if len(m.PDRs)+len(m.QERs) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.rules.PDRs, c.rules.QERs = slices.Clone(c.rules.PDRs), slices.Clone(c.rules.QERs)
	for _, r := range m.PDRs {
		if i := slices.IndexFunc(c.rules.PDRs, func(o pfcp.PDR) bool { return o.ID == r.ID }); i >= 0 {
			r.PDI.Local = c.rules.PDRs[i].PDI.Local // drawn anew
			c.rules.PDRs[i] = r
			c.place.sealed = len(r.PDI.Filters) > 0
		}
	}
	for _, r := range m.QERs {
		if i := slices.IndexFunc(c.rules.QERs, func(o pfcp.QER) bool { return o.ID == r.ID }); i >= 0 {
			c.rules.QERs[i] = r
		}
	}
}
