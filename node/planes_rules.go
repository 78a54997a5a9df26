package node

import (
	"net/netip"

	"cordon/wire/pfcp"
)

// The rules of a session at the user plane between its radio and its anchor, by their numbers (TS 23.501 §5.6.4.2).
const (
	nearLocalUp   = 1 // PDR: from the radio, for a network of the site
	nearUp        = 2 // PDR: from the radio, the rest
	nearDown      = 3 // PDR: from the anchor
	nearLocalDown = 4 // PDR: from a network of the site

	nearToSite   = 1 // FAR
	nearToAnchor = 2
	nearToRadio  = 3

	nearN9 = 1 // URR: both ways

	nearFromRadio  = 1 // CHOOSE ID
	nearFromAnchor = 2
)

// betweenRules are those of a session whose radio is not known yet. A sealed session has no business in the site's
// own networks.
func betweenRules(c *course, local []netip.Prefix, anchor pfcp.OuterHeader) pfcp.Establishment {
	d := c.rules.PDRs[0].PDI
	qers, urrs := c.rules.PDRs[0].QERs, []pfcp.URRID{nearN9}
	up := pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true, ChooseID: nearFromRadio}, Instance: d.Instance, UE: d.UE, UE6: d.UE6}
	down := pfcp.PDI{Source: pfcp.Core, Local: pfcp.FTEID{Choose: true, ChooseID: nearFromAnchor}, Instance: d.Instance}
	e := pfcp.Establishment{
		CP: c.rules.CP,
		PDRs: []pfcp.PDR{
			{ID: nearUp, Precedence: 255, PDI: up, RemoveOuterHeader: true, FAR: nearToAnchor, QERs: qers, URRs: urrs},
			{ID: nearDown, Precedence: 255, PDI: down, RemoveOuterHeader: true, FAR: nearToRadio, QERs: qers, URRs: urrs},
		},
		FARs: []pfcp.FAR{
			{ID: nearToAnchor, Action: pfcp.Forward, Destination: pfcp.Core, Instance: d.Instance, Outer: anchor},
			{ID: nearToRadio, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access},
		},
		QERs: c.rules.QERs,
		URRs: []pfcp.URR{{ID: nearN9}},
	}
	if len(local) > 0 && !c.place.sealed {
		e.PDRs = append(e.PDRs, localRules(up, d, local, qers)...)
		e.FARs = append(e.FARs, pfcp.FAR{ID: nearToSite, Action: pfcp.Forward, Destination: pfcp.Core, Instance: d.Instance})
	}
	return e
}

// localRules let a session have to do with networks of the site.
func localRules(up, device pfcp.PDI, local []netip.Prefix, qers []pfcp.QERID) []pfcp.PDR {
	up.Filters = pfcp.Remotes(local)
	down := pfcp.PDI{Source: pfcp.Core, Instance: device.Instance, UE: device.UE, UE6: device.UE6, Filters: up.Filters}
	return []pfcp.PDR{
		{ID: nearLocalUp, Precedence: 100, PDI: up, RemoveOuterHeader: true, FAR: nearToSite, QERs: qers},
		{ID: nearLocalDown, Precedence: 100, PDI: down, FAR: nearToRadio, QERs: qers},
	}
}

// betweenTunnels are the endpoints that the user plane between has drawn.
func betweenTunnels(e pfcp.Established) (radio, anchor pfcp.FTEID, ok bool) {
	for _, c := range e.Created {
		switch c.ID {
		case nearUp:
			radio = c.Local
		case nearDown:
			anchor = c.Local
		}
	}
	return radio, anchor, radio.TEID != 0 && anchor.TEID != 0 && radio != anchor
}

// betweenChange is what a change of the session means for the user plane between: where the radio is. One that is
// sealed loses the site's networks, until its way is chosen again.
func betweenChange(c *course, m pfcp.Modification) pfcp.Modification {
	near := pfcp.Modification{SEID: c.viaSEID, DropBuffered: m.DropBuffered}
	for _, f := range m.FARs {
		if f.ID == c.rules.FARs[1].ID {
			f.ID = nearToRadio
			near.FARs = append(near.FARs, f)
		}
	}
	if len(m.PDRs) > 0 && len(c.via.cfg.localOf(c.place.dnn)) > 0 {
		near.RemovePDRs = []pfcp.PDRID{nearLocalUp, nearLocalDown}
	}
	return near
}
