package geo

import "math"

// Shape is an area with its bounds worked out, for many questions about one area.
type Shape struct {
	area Area
	box  Box
}

// Prepare works out what questions about a need again and again. The shape refers to a's corners.
func Prepare(a Area) Shape { return Shape{area: a, box: a.Bounds()} }

// contains is Contains where p is away from the antimeridian.
func (s *Shape) contains(p Point) bool {
	if !s.box.Contains(p) {
		return false
	}
	if s.area.Radius > 0 {
		return Distance(s.area.Centre, p) <= s.area.Radius+edgeMetres
	}
	odd, on := crossings(s.area.Ring, p)
	for i := 0; i < len(s.area.Holes) && !on; i++ {
		var inHole bool
		inHole, on = crossings(s.area.Holes[i], p)
		odd = odd != inHole
	}
	return odd || on
}

// Contains is [Area.Contains].
func (s Shape) Contains(p Point) bool {
	switch {
	case s.contains(p):
		return true
	case s.area.Radius > 0:
		return false
	case math.Abs(p.Lat) >= 90-edgeDegrees: // a pole has every longitude
		return p.Lat > 0 && s.box.North >= p.Lat || p.Lat < 0 && s.box.South <= p.Lat
	}
	// The antimeridian has two longitudes and is one place.
	return math.Abs(p.Lon) == 180 && s.contains(Point{p.Lat, -p.Lon})
}

// crossings reports whether a ray from p to the north crosses a ring an odd number of times, and whether p lies on
// the ring.
func crossings(ring []Point, p Point) (odd, on bool) {
	if len(ring) == 0 {
		return false, false
	}
	west, east := p.Lon-edgeDegrees, p.Lon+edgeDegrees
	a := ring[len(ring)-1]
	for _, b := range ring {
		if a.Lon < west && b.Lon < west || a.Lon > east && b.Lon > east { // most edges
			a = b
			continue
		}
		if onEdge(p, a, b) {
			return false, true
		}
		if (a.Lon > p.Lon) != (b.Lon > p.Lon) && p.Lat < a.Lat+(b.Lat-a.Lat)*(p.Lon-a.Lon)/(b.Lon-a.Lon) {
			odd = !odd
		}
		a = b
	}
	return odd, false
}

// onEdge reports that p is on the edge from a to b, as near as degrees tell.
func onEdge(p, a, b Point) bool {
	if p.Lon < min(a.Lon, b.Lon)-edgeDegrees || p.Lon > max(a.Lon, b.Lon)+edgeDegrees ||
		p.Lat < min(a.Lat, b.Lat)-edgeDegrees || p.Lat > max(a.Lat, b.Lat)+edgeDegrees {
		return false
	}
	q := nearest(p, a, b, 1)
	return flat(p, q, 1) <= edgeDegrees*edgeDegrees
}

// nearest is the place on the edge from a to b that is nearest to p, where a degree of longitude is so many
// of latitude long.
func nearest(p, a, b Point, lon float64) Point {
	ax, ay := (a.Lon-p.Lon)*lon, a.Lat-p.Lat
	dx, dy := (b.Lon-a.Lon)*lon, b.Lat-a.Lat
	length := dx*dx + dy*dy
	if length == 0 {
		return a
	}
	t := max(0, min(1, -(ax*dx+ay*dy)/length))
	return Point{a.Lat + t*(b.Lat-a.Lat), a.Lon + t*(b.Lon-a.Lon)}
}

// Distance is [Area.Distance].
func (s Shape) Distance(p Point) float64 {
	switch {
	case s.area.IsZero():
		return math.Inf(1)
	case s.Contains(p):
		return 0
	case s.area.Radius > 0:
		return Distance(s.area.Centre, p) - s.area.Radius
	}
	// Seen from p, the polygon lies the short way round.
	if middle := (s.box.West + s.box.East) / 2; p.Lon-middle > 180 {
		p.Lon -= 360
	} else if middle-p.Lon > 180 {
		p.Lon += 360
	}
	least := ringDistance(s.area.Ring, p)
	for _, h := range s.area.Holes {
		least = min(least, ringDistance(h, p))
	}
	return least
}

// ringDistance finds the edges that look nearest in a plane around p, and measures those.
func ringDistance(ring []Point, p Point) float64 {
	lon := math.Cos(p.Lat * math.Pi / 180)
	seems := math.Inf(1)
	for i, b := range ring {
		seems = min(seems, flat(p, nearest(p, before(ring, i), b, lon), lon))
	}
	least := math.Inf(1)
	const far = 5 // degrees: beyond it the plane misleads
	for i, b := range ring {
		a := before(ring, i)
		q := nearest(p, a, b, lon)
		if d := flat(p, q, lon); d > 2*seems && d < far*far {
			continue
		}
		least = min(least, Distance(p, q))
		if math.Abs(q.Lat-p.Lat) > 0.1 { // so far off a degree of longitude differs
			q = nearest(p, a, b, math.Cos((p.Lat+q.Lat)/2*math.Pi/180))
			least = min(least, Distance(p, q))
		}
	}
	return least
}

// before is the corner before the i-th, round the ring.
func before(ring []Point, i int) Point {
	if i == 0 {
		i = len(ring)
	}
	return ring[i-1]
}

// flat is the square of a distance in degrees of latitude, where one of longitude is lon of them.
func flat(p, q Point, lon float64) float64 {
	x, y := (q.Lon-p.Lon)*lon, q.Lat-p.Lat
	return x*x + y*y
}

// Within reports that p is at most so many metres from s. It is quick where p is far away.
func (s Shape) Within(p Point, metres float64) bool {
	if s.box.empty() || s.box.beyond(p, metres+edgeMetres) {
		return false
	}
	return s.Contains(p) || s.Distance(p) <= metres
}

// Bounds is [Area.Bounds], without working it out again.
func (s Shape) Bounds() Box { return s.box }
