package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// facts is every fact that a rule used of an element.
func (b *base) facts(r *record, v *ruling) []Fact {
	x := &subject{b, v.rule.regime, r}
	var facts []Fact
	for _, n := range v.rule.looksAt() {
		value, known := variables[n].value(x)
		f := Fact{Name: variables[n].name, Known: known}
		if known {
			f.Value = show(value)
		}
		facts = append(facts, f)
	}
	return append(facts, b.shapeFacts(r, v.rule)...)
}

// looksAt is the variables that a rule uses of an element, each once.
func (u *binding) looksAt() []int {
	var uses []int
	use := func(names ...string) {
		for _, name := range names {
			uses = append(uses, variableNamed(name))
		}
	}
	if len(u.Functions) > 0 || u.slot >= 0 {
		use("element.functions")
	}
	if u.Class == HighRisk {
		use("vendor.group", "vendor.class")
		if u.Anyone {
			use("manager.group", "manager.class", "software.classes", "support.classes")
		}
	}
	for _, s := range []*selector{u.where, u.except, u.require, u.domain} {
		if s != nil {
			uses = append(uses, s.uses...)
		}
	}
	switch u.Shape {
	case GeoExclusion:
		use("site.name", "site.zones", "element.reaches")
	case Freeze:
		if u.Freeze.Install {
			use("element.installed")
		}
		if u.Freeze.Purchase {
			use("element.purchased")
		}
	case Permission:
		if u.Permit.Version {
			use("element.version")
		}
		if u.Permit.Site {
			use("site.name")
		}
	case ShareCap:
		use("element.installed")
	}
	var each []int
	for _, n := range uses {
		if !slices.Contains(each, n) {
			each = append(each, n)
		}
	}
	return each
}

// shapeFacts is what a shape looks at beside the facts that selectors can name.
func (b *base) shapeFacts(r *record, u *binding) []Fact {
	switch u.Shape {
	case Permission:
		var facts []Fact
		for i := range r.e.Permits {
			if p := &r.e.Permits[i]; p.Kind == u.Permit.Kind {
				facts = append(facts, Fact{"permit", fmt.Sprintf("%s %s by %s, version %q, site %q, from %s until %s",
					p.Kind, p.Ref, p.By, p.Version, p.Site, p.From, p.Until), true})
			}
		}
		if facts == nil {
			facts = []Fact{{"permit", "none of kind " + u.Permit.Kind, true}}
		}
		return facts
	case GeoExclusion:
		if r.site != nil && r.site.s.Placed {
			return []Fact{{"site.at", r.site.s.At.String(), true}}
		}
		return []Fact{{Name: "site.at"}}
	case ShareCap, Diversity:
		_, m := u.whole()
		n, known := m.of(r.e)
		return []Fact{{"element." + m.String(), strconv.FormatFloat(float64(n)/millionths, 'f', -1, 64), known}}
	}
	return nil
}

// networkFacts is what a rule about the network looked at beside the element.
func (s *Snapshot) networkFacts(r *record, v *ruling) []Fact {
	if v.outcome != byDomain {
		return nil
	}
	o := &s.live[v.rule.slot]
	percent := func(a amount) string { return strconv.FormatFloat(a.percentOf(o.total), 'f', 2, 64) + " %" }
	if d := v.rule.Diverse; d != nil {
		g := r.group()
		return []Fact{{"domain.vendors", strconv.Itoa(len(o.groups)), true}, {"domain.share of " + s.groupName(g), percent(o.groups[g].measure), g != nobody}}
	}
	k := o.rankings[v.rule.Share.group(r)]
	if k == nil {
		return nil
	}
	return []Fact{
		{"share.now", percent(k.sum), k.unknown == 0}, {"share.cap", v.rule.Share.Cap.String(), true},
		{"share.kept", fmt.Sprintf("%d of %d", k.kept, k.known+k.unknown), true},
	}
}

func show(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, ",")
	}
	if c, ok := v.(counts); ok {
		return c.String()
	}
	return fmt.Sprint(v)
}

func join[T fmt.Stringer](of []T) string {
	words := make([]string, len(of))
	for i, v := range of {
		words[i] = v.String()
	}
	return strings.Join(words, ",")
}
