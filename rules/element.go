package rules

import (
	"net/netip"
	"slices"

	"cordon/ident"
)

// Networks is the PLMNs that an element may serve: its identity's, where its record names none.
func (e *Element) Networks() []ident.PLMN {
	if len(e.PLMNs) == 0 && e.HasNode {
		return []ident.PLMN{e.Node.PLMN}
	}
	return e.PLMNs
}

// UserPlane is the prefixes that an element's own addresses on N3 lie in.
func (e *Element) UserPlane() []netip.Prefix {
	if len(e.Addresses.N3) == 0 {
		return e.Addresses.N2
	}
	return e.Addresses.N3
}

// OwnsN2 reports whether an address on N2 is the element's own. No address is nobody's.
func (e *Element) OwnsN2(a netip.Addr) bool { return holds(e.Addresses.N2, a) }

// OwnsN3 reports whether an address on N3 is the element's own.
func (e *Element) OwnsN3(a netip.Addr) bool { return holds(e.UserPlane(), a) }

func holds(prefixes []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
