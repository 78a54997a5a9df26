package amf

import (
	"fmt"
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/ngap"
)

// claim is what a radio says of itself. What it says is never shortened here, for what is left out
// would not be judged; the messages that it comes in are bounded.
type claim struct {
	node  ident.RANNode
	name  string
	peer  netip.Addr
	areas []rules.ClaimedArea // of every network that it announces
}

// claimed is every area of every network that a radio announces.
func claimed(tas []ngap.SupportedTA) []rules.ClaimedArea {
	var out []rules.ClaimedArea
	for _, ta := range tas {
		for _, p := range ta.PLMNs {
			out = append(out, rules.ClaimedArea{TAI: ident.TAI{PLMN: p.PLMN, TAC: ta.TAC}, Slices: p.Slices})
		}
	}
	return out
}

// Limits of what an operator is shown of a radio that has no record. Anybody can be one.
const (
	maxShownAreas  = 32
	maxShownSlices = 16
)

// shown is the claim as an operator sees it.
func (c *claim) shown() Claim {
	out := Claim{Node: c.node, Name: c.name, Peer: c.peer, More: len(c.areas) > maxShownAreas}
	for _, a := range c.areas[:min(len(c.areas), maxShownAreas)] {
		out.More = out.More || len(a.Slices) > maxShownSlices
		a.Slices = slices.Clone(a.Slices[:min(len(a.Slices), maxShownSlices)])
		out.Areas = append(out.Areas, a)
	}
	return out
}

// weigh asks the N2 gate about a radio, and makes what it would be known as here if it is let in.
func (r *Radio) weigh(law *rules.Snapshot, c *claim) (*RadioInfo, rules.Verdict) {
	v := rules.Decide(law, rules.Question{Gate: rules.GateN2, Node: c.node, Peer: c.peer, Areas: c.areas})
	return &RadioInfo{
		ID: r.id, Node: c.node, Name: c.name, Profile: r.cfg.profile(c.node, c.name),
		Areas: r.areas(c.areas, law.Radio(c.node)), Element: v.Name, Standing: standing(v),
	}, v
}

func standing(v rules.Verdict) Standing {
	s := Standing{Act: v.Act, Owes: v.Owes, Due: v.Due}
	if v.Rule != nil {
		s.Rule = v.Rule.ID
	}
	return s
}

// passes reports whether the N2 gate lets a radio in, and says why it does not.
func (r *Radio) passes(law *rules.Snapshot, c *claim, v rules.Verdict) bool {
	switch {
	case law == nil: // of which nobody can be told anything but to ask again
		r.emit(Drop{ReasonNoLaw})
		return false
	case !v.Known:
		r.emit(Pending{Radio: r.id, Claim: c.shown()})
		return false
	}
	r.judged(c, v)
	r.mismatch(law, c)
	return v.Act != rules.Refuse
}

// judged reports a verdict that restricts or refuses.
func (r *Radio) judged(c *claim, v rules.Verdict) {
	if v.Act != rules.Allow {
		r.emit(Judged{Gate: rules.GateN2, Verdict: v, Radio: r.id, Node: c.node, Peer: c.peer})
	}
}

// mismatch is findings about what a radio says of itself and its record does not.
func (r *Radio) mismatch(law *rules.Snapshot, c *claim) {
	record := law.Radio(c.node)
	if record == nil {
		return
	}
	if why := beyond(record, c); why != "" {
		r.find(Finding{Kind: FindingScope, Node: c.node, Why: why})
	}
	if !record.OwnsN2(c.peer) {
		r.find(Finding{Kind: FindingAddress, Node: c.node, Why: fmt.Sprintf("it comes from %v; its record %q has %s", c.peer, record.Name, list(record.Addresses.N2))})
	}
}

// beyond is the first thing that a radio claims and its record does not grant, empty if there is none.
func beyond(record *rules.Element, c *claim) string {
	for _, a := range c.areas {
		what, has := "", ""
		switch {
		case !slices.Contains(record.Networks(), a.TAI.PLMN):
			what, has = "PLMN "+a.TAI.PLMN.String(), list(record.Networks())
		case !slices.Contains(record.TACs, a.TAI.TAC):
			what, has = "tracking area "+a.TAI.TAC.String(), list(record.TACs)
		default:
			i := slices.IndexFunc(a.Slices, func(s ident.SNSSAI) bool { return !slices.Contains(record.Slices, s) })
			if i < 0 {
				continue
			}
			what, has = "slice "+a.Slices[i].String(), list(record.Slices)
		}
		return fmt.Sprintf("it announces %s; its record %q has %s", what, record.Name, has)
	}
	return ""
}

// grants is which of the slices served in an area a record grants there.
func grants(record *rules.Element, t ident.TAI, served []ident.SNSSAI) []ident.SNSSAI {
	if record == nil || !slices.Contains(record.Networks(), t.PLMN) || !slices.Contains(record.TACs, t.TAC) {
		return nil
	}
	return slices.DeleteFunc(served, func(s ident.SNSSAI) bool { return !slices.Contains(record.Slices, s) })
}
