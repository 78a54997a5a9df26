package trust

import (
	"cmp"
	"slices"

	"cordon/geo"
	"cordon/rules"
)

// Loss is a radio out of service, and who could serve its devices instead.
type Loss struct {
	Element string `json:"element"`
	Site    string `json:"site,omitempty"`
	Place   string `json:"place,omitempty"` // the site's title
	// Alternatives are lawful radios that its devices could reach, the nearest first. Where there is none, its
	// area goes dark.
	Alternatives []Alternative `json:"alternatives,omitempty"`
	// Refuges are radios that go out of service too, and could serve its devices until then.
	Refuges []Alternative `json:"refuges,omitempty"`
}

// Dark reports that nobody lawful could serve its devices.
func (l *Loss) Dark() bool { return len(l.Alternatives) == 0 }

// Alternative is a radio that could serve another's devices.
type Alternative struct {
	Element  string  `json:"element"`
	Metres   float64 `json:"metres"`   // between the sites, 0 where one has no place
	Overlaps bool    `json:"overlaps"` // the served areas of both are known, and touch
}

const (
	// AssumedReach is how far from its site, in metres, a radio is taken to serve whose area is not recorded.
	AssumedReach = 3000

	maxAlternatives = 8 // told of a radio
)

// Dark says for each radio among the refused who could serve its devices, in the order of names. Refused and lawful
// name elements; those that are no radios are passed over. One radio can stand in for another that broadcasts a
// network and offers a slice of the other's, and whose area touches the other's; an area that is not recorded is
// taken for a circle around the site. Where the site has no place either, only a radio of the same site can.
func Dark(f *rules.Facts, refused, lawful []string) []Loss {
	m := newCoverage(f)
	from, to := m.radios(refused), m.radios(lawful)
	others, fellows := newGrid(to), newGrid(from)
	losses := make([]Loss, 0, len(from))
	for _, r := range from {
		losses = append(losses, Loss{
			Element: r.e.Name, Site: r.e.Site, Place: r.title,
			Alternatives: r.standIns(others), Refuges: r.standIns(fellows),
		})
	}
	return losses
}

type coverage struct {
	elements map[string]*rules.Element
	sites    map[string]*rules.Site
}

func newCoverage(f *rules.Facts) coverage {
	m := coverage{make(map[string]*rules.Element, len(f.Elements)), make(map[string]*rules.Site, len(f.Sites))}
	for i := range f.Elements {
		m.elements[f.Elements[i].Name] = &f.Elements[i]
	}
	for i := range f.Sites {
		m.sites[f.Sites[i].Name] = &f.Sites[i]
	}
	return m
}

// radio is a radio as devices meet it.
type radio struct {
	e      *rules.Element
	title  string
	at     geo.Point
	placed bool
	area   geo.Shape // recorded, or assumed
	known  bool      // area is recorded
	has    bool      // area is either
	asked  int       // the last question of the grid that it was found for
}

// radios is the radios of such names, each once, in the order of names.
func (m coverage) radios(names []string) []*radio {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	var list []*radio
	for _, n := range slices.Compact(sorted) {
		e := m.elements[n]
		if e == nil || !isRadio(e) {
			continue
		}
		r := &radio{e: e}
		if s := m.sites[e.Site]; s != nil {
			r.at, r.placed, r.title = s.At, s.Placed, s.Title
		}
		switch {
		case !e.Served.IsZero():
			r.area, r.known, r.has = geo.Prepare(e.Served), true, true
		case r.placed:
			r.area, r.has = geo.Prepare(geo.Area{Centre: r.at, Radius: AssumedReach}), true
		}
		list = append(list, r)
	}
	return list
}

// isRadio reports that an element connects over N2.
func isRadio(e *rules.Element) bool {
	return e.HasNode || slices.ContainsFunc(e.Functions, func(f rules.Function) bool { return slices.Contains(radioFunctions, f) })
}

// standIns is who of a grid could serve r's devices, the nearest first.
func (r *radio) standIns(g *grid) []Alternative {
	var list []Alternative
	for _, o := range g.near(r) {
		if o.e == r.e || !r.reaches(o) || !sharesService(r.e, o.e) {
			continue
		}
		a := Alternative{Element: o.e.Name, Overlaps: r.known && o.known}
		if r.placed && o.placed {
			a.Metres = geo.Distance(r.at, o.at)
		}
		at, _ := slices.BinarySearchFunc(list, a, func(x, y Alternative) int {
			return cmp.Or(cmp.Compare(x.Metres, y.Metres), cmp.Compare(x.Element, y.Element))
		})
		if at == maxAlternatives {
			continue
		}
		if list = slices.Insert(list, at, a); len(list) > maxAlternatives {
			list = list[:maxAlternatives]
		}
	}
	return list
}

func (r *radio) reaches(o *radio) bool {
	if r.e.Site != "" && r.e.Site == o.e.Site {
		return true
	}
	return r.has && o.has && r.area.Touches(o.area)
}

// sharesService reports that two radios have a network and a slice in common. What is not recorded may be
// any.
func sharesService(a, b *rules.Element) bool {
	return shares(a.Networks(), b.Networks()) && shares(a.Slices, b.Slices)
}

func shares[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}
