package geo

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Limits of an area.
const (
	MaxCorners = 10_000 // of all its rings
	MaxHoles   = 1_000
	MaxRadius  = 20_000_000 // metres: nearly half around the earth
)

// Valid reports that p is a place.
func (p Point) Valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180 // NaN is not
}

// Check says what is wrong with an area; nil where nothing is. No area is wrong too.
func (a Area) Check() error {
	switch {
	case a.Radius != 0 && (a.Ring != nil || a.Holes != nil):
		return errors.New("want a circle or a polygon, not both")
	case a.Radius != 0:
		if !a.Centre.Valid() {
			return outside(a.Centre)
		}
		if !(a.Radius > 0 && a.Radius <= MaxRadius) {
			return fmt.Errorf("want a radius above 0 and up to %d km", MaxRadius/1000)
		}
		return nil
	case len(a.Ring) == 0:
		return errors.New("want a circle or a polygon")
	case a.Centre != Point{}:
		return errors.New("want a radius above 0 with the centre")
	}
	return a.checkRings()
}

func (a Area) checkRings() error {
	corners := len(a.Ring)
	for _, h := range a.Holes {
		corners += len(h)
	}
	if corners > MaxCorners || len(a.Holes) > MaxHoles {
		return fmt.Errorf("%d corners and %d holes: want at most %d and %d", corners, len(a.Holes), MaxCorners, MaxHoles)
	}
	if err := checkRing(a.Ring); err != nil {
		return err
	}
	if b := a.Bounds(); b.East-b.West > 180 {
		return errors.New("spans more than 180 degrees of longitude: cut it at the antimeridian into two areas")
	}
	for i, h := range a.Holes {
		if err := checkRing(h); err != nil {
			return fmt.Errorf("hole %d: %w", i+1, err)
		}
		for _, p := range h {
			if odd, on := crossings(a.Ring, p); !odd && !on {
				return fmt.Errorf("hole %d: its corner %v lies outside the polygon", i+1, p)
			}
		}
	}
	return a.checkCrossings()
}

func outside(p Point) error {
	return fmt.Errorf("%v is no place: want a latitude from -90 to 90 and a longitude from -180 to 180", p)
}

func checkRing(ring []Point) error {
	if len(ring) < 3 {
		return fmt.Errorf("%d corners: want at least 3", len(ring))
	}
	last := ring[len(ring)-1]
	for i, p := range ring {
		if !p.Valid() {
			return outside(p)
		}
		if p == last {
			return fmt.Errorf("corner %d, %v, stands there twice in a row", i+1, p)
		}
		last = p
	}
	return nil
}

// ringEdge is an edge that knows its place in its ring.
type ringEdge struct {
	edge
	ring, at, of int
}

// checkCrossings sees that no two edges cross. Rings may touch each other, and not themselves.
func (a Area) checkCrossings() error {
	var list []ringEdge
	for r, ring := range append([][]Point{a.Ring}, a.Holes...) {
		for i, p := range ring {
			list = append(list, ringEdge{edge{p, ring[(i+1)%len(ring)]}, r, i, len(ring)})
		}
	}
	slices.SortFunc(list, func(x, y ringEdge) int { return cmp.Compare(x.box().West, y.box().West) })
	for i, e := range list {
		box := e.box()
		for _, o := range list[i+1:] {
			other := o.box()
			if other.West > box.East {
				break // and so are all after it
			}
			if other.South <= box.North && box.South <= other.North && e.clashes(o) {
				return fmt.Errorf("its edges cross near %v", o.a)
			}
		}
	}
	return nil
}

func (e ringEdge) clashes(o ringEdge) bool {
	if e.ring != o.ring {
		return e.crosses(o.edge)
	}
	switch {
	case (e.at+1)%e.of == o.at: // o goes on from e
		return side(e.edge, o.b) == 0 && between(e.b, e.a, o.b)
	case (o.at+1)%o.of == e.at:
		return side(o.edge, e.b) == 0 && between(o.b, o.a, e.b)
	}
	return e.crosses(o.edge) || e.holds(o.a) || e.holds(o.b) || o.holds(e.a) || o.holds(e.b)
}

// between reports that two ways from a corner, along one line, go back over each other.
func between(corner, a, b Point) bool {
	return (a.Lon-corner.Lon)*(b.Lon-corner.Lon)+(a.Lat-corner.Lat)*(b.Lat-corner.Lat) > 0
}

// holds reports that p is exactly on e.
func (e edge) holds(p Point) bool {
	b := e.box()
	return side(e, p) == 0 && p.Lat >= b.South && p.Lat <= b.North && p.Lon >= b.West && p.Lon <= b.East
}

// String is as people write a place: latitude, longitude.
func (p Point) String() string { return fmt.Sprintf("%g, %g", p.Lat, p.Lon) }
