// Package geo has the few shapes on the earth's surface that records and rules speak of:
// points, circles and polygons. Distances are along the great circle of a sphere of the
// earth's mean radius, which is right within 0.6 %.
package geo

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
