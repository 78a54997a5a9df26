package trust

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"cordon/ident"
)

// identities sees that what tells elements apart belongs to one each.
func (c *checker) identities() {
	nodes, certificates, keys := map[ident.RANNode]int{}, map[string]int{}, map[string]int{}
	for i := range c.f.Elements {
		e := &c.f.Elements[i]
		if e.HasNode {
			if o, twice := nodes[e.Node]; twice {
				c.bad(c.ofElement(i), "node", "%v is the identity of %s too: two radios cannot have one", e.Node, c.named(c.ofElement(o)))
			} else {
				nodes[e.Node] = i
			}
		}
		if e.Fingerprint != "" {
			if o, twice := certificates[e.Fingerprint]; twice {
				c.bad(c.ofElement(i), "fingerprint", "is that of %s too: a certificate belongs to one element", c.named(c.ofElement(o)))
			} else {
				certificates[e.Fingerprint] = i
			}
		}
		if e.WireGuard != "" {
			if o, twice := keys[e.WireGuard]; twice {
				c.bad(c.ofElement(i), "wireguard", "is that of %s too: a key belongs to one element", c.named(c.ofElement(o)))
			} else {
				keys[e.WireGuard] = i
			}
		}
	}
}

// ownRange is a range of addresses and the element whose it is.
type ownRange struct {
	prefix  netip.Prefix
	element int
}

// userPlanes sees that the tunnel endpoints of two radios can be told apart (invariant 5).
func (c *checker) userPlanes() {
	var list []ownRange
	for i := range c.f.Elements {
		e := &c.f.Elements[i]
		if !e.HasNode {
			continue
		}
		for _, p := range e.UserPlane() {
			list = append(list, ownRange{p.Masked(), i})
		}
	}
	slices.SortFunc(list, func(x, y ownRange) int {
		return cmp.Or(x.prefix.Addr().Compare(y.prefix.Addr()), x.prefix.Bits()-y.prefix.Bits(), x.element-y.element)
	})
	var around []ownRange // ranges that hold the next, each in the one before
	for _, o := range list {
		for len(around) > 0 && !around[len(around)-1].prefix.Contains(o.prefix.Addr()) {
			around = around[:len(around)-1]
		}
		for _, a := range around {
			if a.element != o.element {
				c.bad(c.ofElement(o.element), "addresses", "%v overlaps %v of %s: a radio's user plane has addresses of its own",
					o.prefix, a.prefix, c.named(c.ofElement(a.element)))
				break
			}
		}
		around = append(around, o)
	}
}

// maxNamed is how many elements a warning names.
const maxNamed = 4

// areas warns of tracking areas that radios of several vendors share: what keeps a device off one radio of an area
// keeps it off all.
func (c *checker) areas() {
	users := map[ident.TAC][]int{}
	for i := range c.f.Elements {
		for _, t := range c.f.Elements[i].TACs {
			users[t] = append(users[t], i)
		}
	}
	var shared []ident.TAC
	for t, elements := range users {
		first := &c.f.Elements[elements[0]]
		if slices.ContainsFunc(elements, func(i int) bool { return c.f.Elements[i].Vendor != first.Vendor }) {
			shared = append(shared, t)
		}
	}
	slices.Sort(shared)
	for _, t := range shared {
		elements := users[t]
		var names []string
		for _, i := range elements[:min(len(elements), maxNamed)] {
			names = append(names, c.f.Elements[i].Name)
		}
		more := ""
		if n := len(elements) - maxNamed; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		c.warn(c.ofElement(elements[0]), "tacs", "%v is shared by radios of several vendors, %s%s: a device that is kept off one of them is kept off the area",
			t, strings.Join(names, ", "), more)
	}
}
