package trust

import (
	"maps"
	"slices"
	"strings"

	"cordon/document"
	"cordon/geo"
	"cordon/rules"
)

// vendorKnown sees that a record names a vendor that there is, if any.
func (c *checker) vendorKnown(s subject, field, name string) {
	if _, ok := c.vendor[name]; ok || name == "" || c.full() {
		return
	}
	for i := range c.f.Vendors {
		if v := &c.f.Vendors[i]; strings.EqualFold(v.Title, name) || slices.ContainsFunc(v.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			c.bad(s, field, "%q is another name of the vendor %q: write that", name, v.Name)
			return
		}
	}
	c.bad(s, field, "there is no vendor %q%s", name, c.near(name, c.vendor))
}

// maxHints is how many misspelt names are looked for: it takes long where there are many.
const maxHints = 10

// near completes a sentence with the name that was probably meant.
func (c *checker) near(name string, known map[string]int) string {
	if c.hints++; c.hints > maxHints {
		return ""
	}
	if n := document.Nearest(name, slices.Sorted(maps.Keys(known))); n != "" {
		return ": is it " + quoted(n) + "?"
	}
	return ""
}

func (c *checker) siteKnown(s subject, field, name string) {
	if _, ok := c.site[name]; !ok && name != "" && !c.full() {
		c.bad(s, field, "there is no site %q%s", name, c.near(name, c.site))
	}
}

func (c *checker) vendors() {
	owner := map[string]int{} // of an alias
	cyclic := c.cycles()
	for i := range c.f.Vendors {
		v := &c.f.Vendors[i]
		c.vendorKnown(c.ofVendor(i), "parent", v.Parent)
		if cyclic[i] {
			c.bad(c.ofVendor(i), "parent", "its parents lead back to itself: one of them has none")
		}
		for _, a := range append([]string{v.Name, v.Title}, v.Aliases...) {
			key := strings.ToLower(a)
			if o, ok := owner[key]; ok && o != i && a != "" {
				c.bad(c.ofVendor(i), "aliases", "%q is a name of %s too", a, c.named(c.ofVendor(o)))
			}
			owner[key] = i
		}
	}
}

// cycles says of each vendor whether following its parents leads back to it.
func (c *checker) cycles() []bool {
	cyclic := make([]bool, len(c.f.Vendors))
	seen := make([]int, len(c.f.Vendors)) // from which start a vendor was first come to, from 1
	for start := range c.f.Vendors {
		at, ok := start, true
		for ok && seen[at] == 0 {
			seen[at] = start + 1
			at, ok = c.parent(at)
		}
		for ok && seen[at] == start+1 && !cyclic[at] { // come back to on this very way
			cyclic[at] = true
			at, ok = c.parent(at)
		}
	}
	return cyclic
}

func (c *checker) parent(i int) (int, bool) {
	at, ok := c.vendor[c.f.Vendors[i].Parent]
	return at, ok
}

func (c *checker) zones() {
	for i := range c.f.Zones {
		z := &c.f.Zones[i]
		if z.Purpose == "" {
			c.bad(c.ofZone(i), "purpose", "is missing")
		}
		if err := z.Area.Check(); err != nil {
			field := "polygon"
			if z.Area.Radius != 0 {
				field = "circle"
			}
			c.bad(c.ofZone(i), field, "%v", err)
		}
	}
}

// sites sees that each has a place, and that it can be there.
func (c *checker) sites() {
	var land []geo.Shape
	for i := range c.f.Zones {
		if z := &c.f.Zones[i]; z.Purpose == rules.Territory && z.Area.Check() == nil {
			land = append(land, geo.Prepare(z.Area))
		}
	}
	for i := range c.f.Sites {
		switch s := &c.f.Sites[i]; {
		case !s.Placed:
			c.warn(c.ofSite(i), "at", "has no place: rules about places take it for the worst one")
		case !s.At.Valid():
			c.bad(c.ofSite(i), "at", "%v is no place", s.At)
		case len(land) > 0 && !slices.ContainsFunc(land, func(l geo.Shape) bool { return l.Contains(s.At) }):
			c.bad(c.ofSite(i), "at", "%v is in no zone of purpose territory: it would stand in the sea, or abroad", s.At)
		}
	}
}

func (c *checker) elements() {
	for i := range c.f.Elements {
		e, s := &c.f.Elements[i], c.ofElement(i)
		c.functions(e, s)
		c.siteKnown(s, "site", e.Site)
		c.vendorKnown(s, "vendor", e.Vendor)
		c.vendorKnown(s, "manager", e.Manager)
		c.vendorKnown(s, "management", e.Management.Staff)
		for _, v := range e.Support {
			c.vendorKnown(s, "support", v)
		}
		for _, v := range e.Software {
			c.vendorKnown(s, "software", v)
		}
		if !e.Served.IsZero() {
			if err := e.Served.Check(); err != nil {
				c.bad(s, "served", "%v", err)
			}
		}
		c.protected(e, s)
		c.dates(e, s)
	}
}

// protected sees that a key of WireGuard and what is said of N4 and N9 agree.
func (c *checker) protected(e *rules.Element, s subject) {
	switch {
	case e.Protection == wireGuard && e.WireGuard == "":
		c.bad(s, "protection", "is wireguard, and there is no key: give the public key as wireguard")
	case e.WireGuard != "" && e.Protection == "":
		c.bad(s, "wireguard", "is a key, and protection does not say that it is used")
	case e.WireGuard != "" && e.Protection != wireGuard:
		c.bad(s, "protection", "is %s, and there is a key of WireGuard: one of the two is wrong", e.Protection)
	}
}

// radioFunctions are those that connect over N2.
var radioFunctions = []rules.Function{"gnb", "cu", "ng-enb", "n3iwf"}

func (c *checker) functions(e *rules.Element, s subject) {
	if len(e.Functions) == 0 {
		c.bad(s, "functions", "want at least one function")
	}
	radio := false
	for _, f := range e.Functions {
		if _, err := rules.ParseFunction(string(f)); err != nil {
			c.bad(s, "functions", "%v", err)
		}
		radio = radio || slices.Contains(radioFunctions, f)
	}
	if radio && !e.HasNode {
		c.warn(s, "node", "a radio without node is not known by its identity when it connects")
	}
}

func (c *checker) dates(e *rules.Element, s subject) {
	if e.Purchased > e.Installed && e.Installed != 0 {
		c.warn(s, "purchased", "was bought on %v, after it was installed on %v", e.Purchased, e.Installed)
	}
	if p := e.Plan; p != nil {
		if p.By < e.Installed {
			c.bad(s, "plan", "is replaced by %v, before it was installed on %v", p.By, e.Installed)
		}
		if p.By == 0 {
			c.bad(s, "plan", "want a date by which it is replaced")
		}
		c.vendorKnown(s, "plan", p.Vendor)
	}
	if len(e.Permits) > maxPermits {
		c.bad(s, "permits", "%d: want at most %d", len(e.Permits), maxPermits)
	}
	for _, p := range e.Permits {
		if p.Until != 0 && p.Until < p.From {
			c.bad(s, "permits", "the %s ends on %v, before it begins on %v", p.Kind, p.Until, p.From)
		}
		c.siteKnown(s, "permits", p.Site)
	}
}

func (c *checker) links() {
	for i := range c.f.Links {
		l, s := &c.f.Links[i], c.ofLink(i)
		for _, end := range []struct{ field, name string }{{"a", l.A}, {"b", l.B}} {
			if _, ok := c.element[end.name]; !ok && !c.full() {
				c.bad(s, end.field, "there is no element %q%s", end.name, c.near(end.name, c.element))
			}
		}
		if l.A == l.B {
			c.bad(s, "b", "joins %q to itself", l.A)
		}
	}
}
