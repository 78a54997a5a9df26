// Package geo has the few shapes on the earth's surface that records and rules speak of:
// points, circles and polygons. Distances are along the great circle of a sphere of the
// earth's mean radius, which is right within 0.6 %.
//
// A polygon's edges are straight where longitude and latitude are drawn as a plane (RFC 7946 §3.1.1), and
// no edge crosses the antimeridian: an area that does is written as two, one on each side (§3.1.9). A
// polygon that spans more than 180 degrees of longitude is refused, since it was most likely
// meant the other way round. A circle may lie anywhere, also across the antimeridian and over a pole.
package geo

import "math"

// Point is a place in degrees of WGS 84: Lat from -90 to 90, Lon from -180 to 180.
type Point struct{ Lat, Lon float64 }

// Area is a circle around Centre if Radius is above 0, and else a polygon. The zero value is
// no area. An edge belongs to its area.
type Area struct {
	Centre Point
	Radius float64   // metres
	Ring   []Point   // three or more corners; the last is joined to the first
	Holes  [][]Point // parts of the ring that do not belong to it
}

const (
	// EarthRadius is the mean one, in metres.
	EarthRadius = 6371008.8

	// What lies so close to an edge lies on it: a centimetre, since places are measured no better and
	// arithmetic would else decide.
	edgeMetres  = 0.01
	edgeDegrees = 1e-7

	metresPerDegree = EarthRadius * math.Pi / 180
)

// IsZero reports that a is no area.
func (a Area) IsZero() bool { return a.Radius == 0 && len(a.Ring) == 0 }

// Distance is the length of the way between two points, in metres.
func Distance(a, b Point) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((b.Lat - a.Lat) * rad / 2)
	sinLon := math.Sin((b.Lon - a.Lon) * rad / 2)
	h := sinLat*sinLat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*sinLon*sinLon
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// Contains reports that p lies in a or on its edge. That of a hole belongs to the area too.
func (a Area) Contains(p Point) bool { return Prepare(a).Contains(p) }

// Distance is the length of the way from p to the nearest place of a, in metres: 0 within it, and
// infinite where a is no area. To a polygon it may be up to 1 % too long far away from it.
func (a Area) Distance(p Point) float64 { return Prepare(a).Distance(p) }

// Touches reports that a and b have a place in common, be it on their edges.
func (a Area) Touches(b Area) bool { return Prepare(a).Touches(Prepare(b)) }
