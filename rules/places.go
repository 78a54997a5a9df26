package rules

import (
	"math/bits"
	"slices"

	"cordon/geo"
)

// purposes is every purpose that a zone may have, in the order of purposeSet's bits.
var purposes = []Purpose{Sensitive, Critical, Territory, Permitted}

// purposeSet is a set of purposes.
type purposeSet uint8

func (s purposeSet) words() []string {
	words := make([]string, 0, bits.OnesCount8(uint8(s)))
	for i, p := range purposes {
		if s&(1<<i) != 0 {
			words = append(words, string(p))
		}
	}
	return words
}

func setOf(ps []Purpose) purposeSet {
	var s purposeSet
	for i, p := range purposes {
		if slices.Contains(ps, p) {
			s |= 1 << i
		}
	}
	return s
}

// place is a site with the purposes of the zones that it lies in.
type place struct {
	s     *Site
	index int
	zones purposeSet
}

type preparedZone struct {
	*Zone
	shape   geo.Shape
	purpose purposeSet
}

func (b *base) resolvePlaces(f *Facts, bad func(string, ...any)) {
	seen := map[string]bool{}
	for i := range f.Zones {
		z := &f.Zones[i]
		if z.Name == "" || seen[z.Name] {
			bad("zone %q is there twice or has no name", z.Name)
		}
		seen[z.Name] = true
		p := setOf([]Purpose{z.Purpose})
		if p == 0 {
			bad("zone %s: %.40q is no purpose of a zone%s", z.Name, z.Purpose, meant(string(z.Purpose), purposes))
		}
		if z.Area.IsZero() {
			bad("zone %s has no area", z.Name)
		} else if err := z.Area.Check(); err != nil {
			bad("zone %s: %v", z.Name, err)
		}
		b.zones = append(b.zones, preparedZone{z, geo.Prepare(z.Area), p})
	}
	b.places = make(map[string]*place, len(f.Sites))
	for i := range f.Sites {
		s := &f.Sites[i]
		if s.Name == "" || b.places[s.Name] != nil {
			bad("site %q is there twice or has no name", s.Name)
			continue
		}
		p := &place{s: s, index: i}
		if s.Placed {
			if !s.At.Valid() {
				bad("site %s: %v is no place on earth", s.Name, s.At)
			}
			p.zones = b.zonesWithin(s.At, 0)
		}
		b.places[s.Name] = p
	}
}

// zonesWithin is the purposes of zones at most so many metres from a point.
func (b *base) zonesWithin(at geo.Point, metres float64) purposeSet {
	var s purposeSet
	for i := range b.zones {
		z := &b.zones[i]
		if s&z.purpose == 0 && z.shape.Within(at, metres) {
			s |= z.purpose
		}
	}
	return s
}

// reached is the purposes of zones that an area touches.
func (b *base) reached(area geo.Area) purposeSet {
	var s purposeSet
	if len(b.zones) == 0 {
		return 0
	}
	shape := geo.Prepare(area)
	for i := range b.zones {
		z := &b.zones[i]
		if s&z.purpose == 0 && z.shape.Touches(shape) {
			s |= z.purpose
		}
	}
	return s
}

// near reports whether an element stands within so many metres of a zone of a purpose, or serves one.
// Where either is not known it may.
func (b *base) near(x *record, zones purposeSet, metres float64) bool {
	switch {
	case x.site == nil || !x.site.s.Placed || !x.reachesKnown:
		return true
	case x.site.zones&zones != 0 || x.reaches&zones != 0:
		return true
	case metres == 0:
		return false
	}
	return b.zonesWithin(x.site.s.At, metres)&zones != 0
}
