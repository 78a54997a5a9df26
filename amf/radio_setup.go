package amf

import (
	"fmt"
	"slices"
	"strings"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/ngap"
)

// setup is NG Setup (TS 38.413 §8.7.1). A radio that sets up again begins anew: what it had
// is reset.
func (r *Radio) setup(in Input, m *ngap.NGSetupRequest) {
	c := claim{node: m.GlobalRANNodeID, name: m.RANNodeName, peer: in.Peer, areas: claimed(m.SupportedTAs)}
	next, v := r.weigh(in.Law, &c)
	if !r.passes(in.Law, &c, v) {
		wait := ngap.Wait60s
		if !v.Known {
			wait = ngap.Wait10s // an operator may be about to approve it
		}
		r.refuse(ngap.CauseMiscUnspecified, wait)
		return
	}
	if r.info == nil || r.info.Node != c.node {
		if in.Taken != nil && in.Taken(c.node) {
			// The one that came first stays: a newcomer with its name has proven nothing.
			r.finding(FindingDuplicate, c.node)
			r.refuse(ngap.CauseMiscUnspecified, ngap.Wait60s)
			return
		}
	}
	if cause, ok := r.acceptable(next.Areas); !ok {
		r.outOfScope(&c, next.Areas)
		r.refuse(cause, ngap.Wait10s)
		return
	}
	if was := r.info; was != nil {
		r.emit(Reset{All: true})
		if was.Draining {
			r.emit(Lawful{Radio: r.id, Node: was.Node})
		}
	}
	r.info, r.said, r.overloaded = next, c, false // it has forgotten that it was to hold anything back
	r.emit(Reply{&ngap.NGSetupResponse{
		AMFName:             r.cfg.Name,
		ServedGUAMIs:        []ngap.ServedGUAMI{{GUAMI: r.cfg.GUAMI}},
		RelativeAMFCapacity: r.cfg.Capacity,
		PLMNSupport:         []ngap.PLMNSupport{{PLMN: r.cfg.GUAMI.PLMN, Slices: r.cfg.Slices}},
	}})
	r.emit(Joined{r.info})
}

// refuse always says when to try again: some radios never do without it.
func (r *Radio) refuse(cause ngap.Cause, wait ngap.TimeToWait) {
	r.emit(Reply{&ngap.NGSetupFailure{Cause: cause, TimeToWait: &wait}})
	r.emit(Drop{ReasonRefused})
}

// maxOffered is how many of the slices that a radio offers in an area are kept for the operator
// to see. Connections hold on to what their radio was when they began, so it must be small.
const maxOffered = 16

// areas is what a radio broadcasts in the served network, each area once. Of what it offers
// there that is served which its record grants.
func (r *Radio) areas(said []rules.ClaimedArea, record *rules.Element) (areas []Area) {
	for _, s := range said {
		if s.TAI.PLMN != r.cfg.GUAMI.PLMN || slices.ContainsFunc(areas, func(a Area) bool { return a.TAI == s.TAI }) {
			continue
		}
		areas = append(areas, Area{
			TAI:     s.TAI,
			Offered: slices.Clone(s.Slices[:min(len(s.Slices), maxOffered)]),
			Served:  grants(record, s.TAI, r.cfg.serves(s.TAI.TAC, s.Slices)),
		})
	}
	return areas
}

// acceptable is whether a radio with these areas has anything to do here (TS 38.413 §8.7.1.3).
func (r *Radio) acceptable(areas []Area) (ngap.Cause, bool) {
	switch {
	case len(areas) == 0:
		return ngap.CauseMiscUnknownPLMNOrSNPN, false
	case slices.ContainsFunc(areas, func(a Area) bool { return len(a.Served) > 0 }):
		return 0, true
	case slices.ContainsFunc(areas, func(a Area) bool { return slices.Contains(r.cfg.TACs, a.TAI.TAC) }):
		return ngap.CauseRadioSliceNotSupported, false
	default:
		return ngap.CauseMiscUnspecified, false
	}
}

// outOfScope is a finding about a radio that is not acceptable. It says what does not agree,
// for this is mostly an operator's slip.
func (r *Radio) outOfScope(c *claim, areas []Area) {
	announced, served := "no PLMN at all", "PLMN "+r.cfg.GUAMI.PLMN.String()
	switch {
	case len(areas) == 0:
		if len(c.areas) > 0 {
			announced = "PLMN " + c.areas[0].TAI.PLMN.String()
		}
	default:
		announced, served = "tracking area "+areas[0].TAI.TAC.String(), "tracking areas "+list(r.cfg.TACs)
		if i := slices.IndexFunc(areas, func(a Area) bool { return slices.Contains(r.cfg.TACs, a.TAI.TAC) }); i >= 0 {
			announced, served = "slices "+list(areas[i].Offered), "slices "+list(r.cfg.Slices)
		}
	}
	r.find(Finding{Kind: FindingScope, Node: c.node, Why: "it announces " + announced + "; served here: " + served})
}

// list names the first few.
func list[T fmt.Stringer](all []T) string {
	if len(all) == 0 {
		return "none"
	}
	var names []string
	for _, v := range all[:min(len(all), 8)] {
		names = append(names, v.String())
	}
	if len(all) > 8 {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}

// serves is which of the slices that a radio offers in an area this core serves there.
func (c *Config) serves(t ident.TAC, offered []ident.SNSSAI) []ident.SNSSAI {
	if !slices.Contains(c.TACs, t) {
		return nil
	}
	var out []ident.SNSSAI
	for _, s := range c.Slices {
		if slices.Contains(offered, s) {
			out = append(out, s)
		}
	}
	return out
}

// profile is that of the first rule that matches the radio, or else of the make that it
// seems to be.
func (c *Config) profile(node ident.RANNode, name string) *Profile {
	for _, rule := range c.Radios {
		if rule.Node != nil && *rule.Node == node || rule.Node == nil && strings.HasPrefix(name, rule.Prefix) {
			p, _ := LookupProfile(rule.Profile)
			return p
		}
	}
	return profileOf(name)
}
