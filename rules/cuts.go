package rules

// SameAim reports whether two orders name the same thing.
func (c Cut) SameAim(o Cut) bool {
	return c.Vendor == o.Vendor && c.Element == o.Element && c.Digest == o.Digest
}

// cuts is the operator's orders in force. Nil is none.
type cuts struct {
	all      []Cut
	groups   map[int]*Cut
	elements map[string]*Cut
	digests  map[string]*Cut
}

// cutsOf readies orders. An order may name an element or software that has no record: it holds for one
// that comes.
func (b *base) cutsOf(all []Cut, bad func(string, ...any)) *cuts {
	if len(all) == 0 {
		return nil
	}
	c := &cuts{all: all, groups: map[int]*Cut{}, elements: map[string]*Cut{}, digests: map[string]*Cut{}}
	for i := range all {
		cut := &all[i]
		switch {
		case cut.Vendor != "" && cut.Element == "" && cut.Digest == "":
			v := b.companies[cut.Vendor]
			if v == nil {
				bad("cut of vendor %q, which has no record%s", cut.Vendor, meantCompany(cut.Vendor, b.companies))
				continue
			}
			c.groups[v.head.index] = cut
		case cut.Element != "" && cut.Vendor == "" && cut.Digest == "":
			c.elements[cut.Element] = cut
		case cut.Digest != "" && cut.Vendor == "" && cut.Element == "":
			c.digests[cut.Digest] = cut
		default:
			bad("a cut names one of vendor, element and digest: this names vendor %q, element %q, digest %q", cut.Vendor, cut.Element, cut.Digest)
		}
	}
	return c
}

// of is the order by which an element is cut off, nil for none.
func (c *cuts) of(r *record) *Cut {
	if c == nil {
		return nil
	}
	if cut := c.elements[r.e.Name]; cut != nil {
		return cut
	}
	for _, v := range []*company{r.maker, r.manager} {
		if v == nil {
			continue
		}
		if cut := c.groups[v.head.index]; cut != nil {
			return cut
		}
	}
	if r.e.Digest == "" {
		return nil
	}
	return c.digests[r.e.Digest]
}
