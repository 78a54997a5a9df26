package geo

// Touches is [Area.Touches].
func (s Shape) Touches(o Shape) bool {
	switch {
	case s.area.IsZero() || o.area.IsZero():
		return false
	case s.area.Radius > 0:
		return o.Within(s.area.Centre, s.area.Radius)
	case o.area.Radius > 0:
		return s.Within(o.area.Centre, o.area.Radius)
	}
	if !s.box.overlaps(o.box) {
		return false
	}
	// Two polygons have a place in common where edges meet, or where one holds the other whole.
	return s.Contains(o.area.Ring[0]) || o.Contains(s.area.Ring[0]) || edgesMeet(s, o)
}

func edgesMeet(s, o Shape) bool {
	near := edges(s.area, o.box)
	for _, e := range edges(o.area, s.box) {
		for _, n := range near {
			if e.box().overlaps(n.box()) && e.meets(n) {
				return true
			}
		}
	}
	return false
}

type edge struct{ a, b Point }

func (e edge) box() Box {
	return Box{min(e.a.Lat, e.b.Lat), min(e.a.Lon, e.b.Lon), max(e.a.Lat, e.b.Lat), max(e.a.Lon, e.b.Lon)}
}

// edges is those of all rings of a that come near a box.
func edges(a Area, near Box) []edge {
	var list []edge
	for i := -1; i < len(a.Holes); i++ {
		ring := a.Ring
		if i >= 0 {
			ring = a.Holes[i]
		}
		last := ring[len(ring)-1]
		for _, p := range ring {
			if e := (edge{last, p}); e.box().overlaps(near) {
				list = append(list, e)
			}
			last = p
		}
	}
	return list
}

// meets reports that two edges cross or touch.
func (e edge) meets(o edge) bool {
	return e.crosses(o) || onEdge(e.a, o.a, o.b) || onEdge(e.b, o.a, o.b) || onEdge(o.a, e.a, e.b) || onEdge(o.b, e.a, e.b)
}

// crosses reports that two edges have one place in common that is an end of neither.
func (e edge) crosses(o edge) bool {
	return side(e, o.a)*side(e, o.b) < 0 && side(o, e.a)*side(o, e.b) < 0
}

// side is 1 where p lies left of e, -1 right of it and 0 on its line.
func side(e edge, p Point) float64 {
	switch d := (e.b.Lon-e.a.Lon)*(p.Lat-e.a.Lat) - (e.b.Lat-e.a.Lat)*(p.Lon-e.a.Lon); {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}
