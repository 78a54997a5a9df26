package n4

import (
	"slices"
	"time"

	"cordon/wire/pfcp"
)

// asked takes a request of a user plane.
func (m *ControlPlane) asked(p *peer, a ask) {
	switch msg := a.message.(type) {
	case *pfcp.SessionReport:
		m.report(p, a, msg)
	case *pfcp.AssociationSetupRequest:
		c := m.sender(p, a, msg.Node)
		m.answer(p, a, &pfcp.AssociationSetupResponse{Node: m.cfg.Node, Cause: c, Recovery: m.cfg.Recovery, CP: pfcp.FeatureLOAD | pfcp.FeatureOVRL})
		if c == pfcp.CauseAccepted && (!p.associated || msg.Recovery != p.stamp) {
			m.setUp(p, msg.Recovery)
		}
	case *pfcp.AssociationUpdateRequest:
		c := m.sender(p, a, msg.Node)
		m.answer(p, a, &pfcp.AssociationUpdateResponse{Node: m.cfg.Node, Cause: c})
		if c == pfcp.CauseAccepted && msg.UP != 0 {
			p.upf.features = msg.UP
		}
		if c == pfcp.CauseAccepted && msg.Release { // until it goes it shall have nothing new
			m.emit(Load{Peer: p.Node, Percent: 100})
		}
	case *pfcp.NodeReportRequest:
		c := m.sender(p, a, msg.Node)
		m.answer(p, a, &pfcp.NodeReportResponse{Node: m.cfg.Node, Cause: c})
		if c != pfcp.CauseAccepted {
			return
		}
		for _, r := range msg.Failed {
			m.emit(Path{Peer: p.Node, Remote: r, Failed: true})
		}
		for _, r := range msg.Recovered {
			m.emit(Path{Peer: p.Node, Remote: r})
		}
		if len(msg.Observed) > 0 && m.cfg.Observed {
			m.emit(Observed{Peer: p.Node, Findings: msg.Observed})
		}
	default: // what an SMF sends and is not sent
		m.drop(p, ReasonRole)
	}
}

// sender checks the identity in a request.
func (m *ControlPlane) sender(p *peer, a ask, n pfcp.NodeID) pfcp.Cause {
	if n != p.Node {
		m.observe(p, a.from, KindForeignNode, nil, "%v calls itself %v in %v", p.Node, n, a.Type)
		return pfcp.CauseRejected
	}
	return pfcp.CauseAccepted
}

// report takes a user plane's word about a session, if it has the session.
func (m *ControlPlane) report(p *peer, a ask, msg *pfcp.SessionReport) {
	s := m.sessions[name{p, msg.CP}]
	switch {
	case !p.associated:
		m.answer(p, a, &pfcp.Reported{Cause: pfcp.CauseNoAssociation})
		m.setUp(p, 0)
		return
	case s == nil:
		if i := slices.IndexFunc(m.order, func(o *peer) bool { return m.sessions[name{o, msg.CP}] != nil }); i >= 0 && !slices.Contains(p.upf.had[:], msg.CP) {
			m.observe(p, a.from, KindForeignSEID, nil, "a report about a session of %v", m.order[i].Node)
		}
		fallthrough
	case s.up == 0 || s.gone:
		m.answer(p, a, &pfcp.Reported{Cause: pfcp.CauseNoSession})
		m.drop(p, ReasonSession)
		return
	}
	m.answer(p, a, &pfcp.Reported{SEID: s.up, Cause: pfcp.CauseAccepted})
	m.loads(p, msg.Load, msg.Overload)
	msg.Usage = m.measure(s, msg.Usage)
	for _, r := range msg.Reports() {
		m.emit(Report{Peer: p.Node, Report: r})
	}
}

// loads tells of a user plane's load, where it is news.
func (m *ControlPlane) loads(p *peer, l *pfcp.Load, o *pfcp.Overload) {
	u := p.upf
	news := false
	if l != nil && (l.Sequence > u.load.Sequence || u.load == pfcp.Load{}) && *l != u.load {
		u.load, news = *l, true
	}
	if o != nil && (o.Sequence > u.overload.Sequence || u.overload == pfcp.Overload{}) && *o != u.overload {
		u.overload, news = *o, true
	}
	if !news {
		return
	}
	out := Load{Peer: p.Node, Percent: u.load.Percent}
	if o != nil && o.Percent > 0 {
		out.Less, out.Until = o.Percent, m.now.Add(time.Duration(o.Seconds)*time.Second)
	}
	m.emit(out)
}
