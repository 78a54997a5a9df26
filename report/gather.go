package report

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// NewCheck gathers the verdicts of a snapshot, which was compiled from the facts and is not nil. An outlook of no date is left out.
func NewCheck(s *rules.Snapshot, f *rules.Facts, odd trust.Warnings, outlook trust.Forecast) *Check {
	c := &Check{
		AsOf: s.AsOf(), Snapshot: s.DigestText(), Regimes: []Regime{},
		Elements: make([]Element, 0, len(f.Elements)), Network: []Share{}, Warnings: []Warning{}, Outlook: outlook, facts: f,
	}
	named := ruleSet{}
	for _, g := range s.Regimes() {
		c.Regimes = append(c.Regimes, regimeOf(g))
	}
	areas := areaBook{}
	for e, v := range s.Elements() {
		c.add(e, v, named)
		if e.HasNode {
			areas.note(e, v, c.protect(s, e, named))
		}
	}
	for _, n := range s.Network() {
		named.of(n.Rule)
		c.Network = append(c.Network, shareOf(n.Rule, n))
	}
	named.ofOutlook(&outlook, nil)
	c.Rules, c.Areas = named.sorted(), areas.unlike()
	for _, w := range odd {
		c.Warnings = append(c.Warnings, Warning{w.File, w.Line, w.Column, w.Path, w.Message})
	}
	return c
}

// add enters the verdict on an element.
func (c *Check) add(e *rules.Element, v rules.Verdict, named ruleSet) {
	out := Element{Name: e.Name, Functions: e.Functions, Vendor: e.Vendor, Site: e.Site, Act: v.Act, Owes: words(v.Owes), Due: v.Due, Missing: []string{}}
	c.Summary.Elements++
	switch v.Act {
	case rules.Refuse:
		c.Summary.Refused++
	case rules.Restrict:
		c.Summary.Restricted++
		if v.Due != 0 {
			c.Summary.Due++
		}
	default:
		c.Summary.Allowed++
	}
	if r := named.of(v.Rule); r != nil {
		out.Rule = r.ID
		if v.Act != rules.Allow {
			out.Missing = missing(v)
		}
		switch v.Act {
		case rules.Refuse:
			r.Refuses++
		case rules.Restrict:
			r.Restricts++
		}
	}
	c.Elements = append(c.Elements, out)
}

// protect enters what a protected subscriber meets at the radio that was added last.
func (c *Check) protect(s *rules.Snapshot, e *rules.Element, named ruleSet) rules.Verdict {
	v := rules.Decide(s, rules.Question{Gate: rules.GateDevice, Element: e.Name, Protected: true})
	out := Protected{Act: v.Act, Owes: words(v.Owes)}
	if r := named.of(v.Rule); r != nil {
		out.Rule = r.ID
	}
	c.Elements[len(c.Elements)-1].Protected = &out
	return v
}

// missing is what the rule that decided looked at and did not find.
func missing(v rules.Verdict) []string {
	names := []string{}
	for _, r := range v.Explain().Rules {
		if r.Rule != v.Rule.ID || r.Act != v.Act {
			continue
		}
		for _, f := range r.Facts {
			if !f.Known {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

func words(o rules.Owes) []string {
	if o == 0 {
		return []string{}
	}
	return o.Words()
}

func regimeOf(g *rules.Regime) Regime {
	out := Regime{Name: g.Name, Title: g.Title, Status: g.Status.String(), Rules: len(g.Rules), Parameters: []Parameter{}}
	for _, p := range g.Parameters {
		out.Parameters = append(out.Parameters, Parameter{p.Name, p.Value, p.Values[0], p.Why})
	}
	return out
}

// shareOf is what a rule about the network comes to; r is nil where it is not known.
func shareOf(r *rules.Rule, n rules.NetworkRuling) Share {
	out := Share{Group: n.Group, Share: n.Share, Members: n.Members, Over: n.Over, Unknown: n.Unknown, Vendors: n.Vendors, Outcome: n.Outcome, Due: n.Due}
	if r == nil {
		return out
	}
	out.Rule = r.ID
	switch {
	case r.Share != nil:
		out.Measure, out.Capped, out.Cap = r.Share.Measure.String(), true, float64(r.Share.Cap)/1000
	case r.Diverse != nil:
		out.Measure, out.Capped, out.Cap, out.Wanted = r.Diverse.Measure.String(), r.Diverse.Share > 0, float64(r.Diverse.Share)/1000, r.Diverse.Vendors
	}
	return out
}

// ruleSet is rules by their id.
type ruleSet map[string]*Rule

// of enters a rule, and is nil for none.
func (s ruleSet) of(r *rules.Rule) *Rule {
	if r == nil {
		return nil
	}
	if s[r.ID] == nil {
		s[r.ID] = &Rule{ID: r.ID, Regime: r.Regime.Name, Shape: r.Shape, Text: r.Text, Status: r.Status, Mark: r.Mark, Source: r.Source}
	}
	return s[r.ID]
}

// ofOutlook enters the rules that an outlook names, as far as it or the law has them.
func (s ruleSet) ofOutlook(f *trust.Forecast, law map[string]*rules.Rule) {
	for i := range f.Due {
		for _, o := range []*trust.Outcome{&f.Due[i].AsIs, &f.Due[i].Planned} {
			for _, r := range o.Refused {
				s.of(cmp.Or(r.Rule, law[r.RuleID]))
			}
			for _, sh := range o.Shares {
				s.of(cmp.Or(sh.Rule, law[sh.RuleID]))
			}
		}
	}
}

func (s ruleSet) sorted() []Rule {
	all := make([]Rule, 0, len(s))
	for _, id := range slices.Sorted(maps.Keys(s)) {
		all = append(all, *s[id])
	}
	return all
}

// areaBook is who serves a tracking area.
type areaBook map[ident.TAI]*Area

// note enters a radio with its verdicts. One that serves nobody makes no phone avoid an area.
func (b areaBook) note(e *rules.Element, v, protected rules.Verdict) {
	if v.Act == rules.Refuse {
		return
	}
	for _, p := range e.Networks() {
		for _, t := range e.TACs {
			at := ident.TAI{PLMN: p, TAC: t}
			if b[at] == nil {
				b[at] = &Area{PLMN: p.String(), TAC: t.String()}
			}
			if protected.Act == rules.Refuse {
				b[at].Refuse = append(b[at].Refuse, e.Name)
			} else {
				b[at].Serve = append(b[at].Serve, e.Name)
			}
		}
	}
}

// unlike is the areas whose radios differ.
func (b areaBook) unlike() []Area {
	all := []Area{}
	for _, t := range slices.SortedFunc(maps.Keys(b), func(x, y ident.TAI) int {
		return cmp.Or(cmp.Compare(x.PLMN.String(), y.PLMN.String()), cmp.Compare(x.TAC, y.TAC))
	}) {
		if a := b[t]; len(a.Refuse) > 0 && len(a.Serve) > 0 {
			all = append(all, *a)
		}
	}
	return all
}

// encode is JSON as people can read it too.
func encode(v any) []byte {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // of these types nothing can fail but a share that is no number, and shares are numbers
	}
	return append(b, '\n')
}

// JSON is the check for machines.
func (c *Check) JSON() []byte { return encode(c) }
