package rules

import (
	"cmp"
	"slices"
	"strings"
)

// company is a vendor with the head of its group.
type company struct {
	v     *Vendor
	head  *company
	index int // among all companies, by name
	// Of a head: what each regime holds of the group.
	classes []classed
}

// classed is the strictest that a regime holds of a group today, and since when.
type classed struct {
	class  Class
	since  Date // the first day on which it was held; 0 for always
	notice string
}

func (c *company) name() string      { return c.v.Name }
func (c *company) groupName() string { return c.head.v.Name }

// country is where control lies: with the head of the group where that is known.
func (c *company) country() string { return cmp.Or(c.head.v.Country, c.v.Country) }

// maxParents is how many companies stand above one in its group.
const maxParents = 16

// resolveVendors finds the group of each vendor.
func (b *base) resolveVendors(vendors []Vendor, bad func(string, ...any)) {
	b.companies = make(map[string]*company, len(vendors))
	for i := range vendors {
		v := &vendors[i]
		if v.Name == "" || b.companies[v.Name] != nil {
			bad("vendor %q is there twice or has no name", v.Name)
			continue
		}
		b.companies[v.Name] = &company{v: v}
	}
	for _, c := range b.companies {
		c.head = c
		for steps := 0; c.head.v.Parent != ""; steps++ {
			up := b.companies[c.head.v.Parent]
			if up == nil {
				bad("vendor %s: its parent %q has no record", c.head.v.Name, c.head.v.Parent)
				break
			}
			if steps == maxParents || up == c {
				bad("vendor %s controls itself, or has more than %d parents above it", c.v.Name, maxParents)
				c.head = c
				break
			}
			c.head = up
		}
	}
	names := make([]string, 0, len(b.companies))
	for name := range b.companies {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		b.companies[name].index = i
	}
	b.classify(names)
}

// strictness orders classes: what is known to be of high risk counts before what is trusted.
func strictness(c Class) int { return map[Class]int{Trusted: 0, Standard: 1, HighRisk: 2}[c] }

// classify finds what each regime holds of each group.
func (b *base) classify(names []string) {
	for _, name := range names {
		if c := b.companies[name]; c.head == c {
			c.classes = make([]classed, len(b.regimes))
		}
	}
	for i, g := range b.regimes {
		named := map[string][]*NamedVendor{}
		for j := range g.Vendors {
			for _, n := range g.Vendors[j].Names {
				named[fold(n)] = append(named[fold(n)], &g.Vendors[j])
			}
		}
		held := map[*company]bool{} // groups of which the regime holds something
		hold := func(c *company, k classed) {
			if k.since > b.asOf {
				return
			}
			now := &c.head.classes[i]
			switch {
			case !held[c.head] || strictness(k.class) > strictness(now.class):
				*now = k
			case k.class == now.class && k.since < now.since:
				*now = k
			}
			held[c.head] = true
		}
		for _, name := range names {
			c := b.companies[name]
			for _, known := range append([]string{c.v.Name, c.v.Title}, c.v.Aliases...) {
				for _, n := range named[fold(known)] {
					hold(c, classed{n.Class, n.From, n.Notice})
				}
			}
			for _, k := range c.v.Classes {
				if k.Regime == "" || k.Regime == g.Name {
					hold(c, classed{k.Class, k.From, k.Notice})
				}
			}
		}
	}
}

// fold makes names comparable that people write in different ways.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func (b *base) company(name, of string, bad func(string, ...any)) *company {
	if name == "" {
		return nil
	}
	c := b.companies[name]
	if c == nil {
		bad("%s: vendor %q has no record%s", of, name, meantCompany(name, b.companies))
	}
	return c
}

func meantCompany(name string, among map[string]*company) string {
	if len(among) > maxTold {
		return "" // it would be looked for at length, for each that is missing
	}
	names := make([]string, 0, len(among))
	for n := range among {
		names = append(names, n)
	}
	slices.Sort(names)
	return meant(name, names)
}

// risky reports whether a regime holds a company's group to be of high risk, and since when.
// Nobody knows that of an unknown company, and so it counts.
func risky(c *company, regime int) (bool, Date) {
	if c == nil {
		return true, 0
	}
	k := c.head.classes[regime]
	return k.class == HighRisk, k.since
}

// concerns reports whether a rule's class is about the element, and since when its vendor is
// of that class, the earliest of several.
func (r *binding) concerns(x *record) (bool, Date) {
	if r.Class != HighRisk {
		return true, 0
	}
	yes, since := risky(x.maker, r.regime)
	if !r.Anyone {
		return yes, since
	}
	join := func(c *company) {
		if also, day := risky(c, r.regime); also {
			if !yes || day < since {
				since = day
			}
			yes = true
		}
	}
	join(x.manager)
	for _, c := range x.software {
		join(c)
	}
	for _, c := range x.support {
		join(c)
	}
	return yes, since
}
