package geo

import "math"

// Box is a range of latitude and longitude. It does not cross the antimeridian: one that would reaches
// all around.
type Box struct{ South, West, North, East float64 }

// Bounds is the least box around a. That of no area holds nothing.
func (a Area) Bounds() Box {
	if a.Radius > 0 {
		return circleBounds(a.Centre, a.Radius)
	}
	return ringBounds(a.Ring)
}

func ringBounds(ring []Point) Box {
	b := Box{South: math.Inf(1), West: math.Inf(1), North: math.Inf(-1), East: math.Inf(-1)}
	for _, p := range ring {
		b.South, b.North = min(b.South, p.Lat), max(b.North, p.Lat)
		b.West, b.East = min(b.West, p.Lon), max(b.East, p.Lon)
	}
	return b
}

func circleBounds(centre Point, radius float64) Box {
	angle := (radius + edgeMetres) / EarthRadius
	reach := angle * 180 / math.Pi
	b := Box{South: max(-90, centre.Lat-reach), West: -180, North: min(90, centre.Lat+reach), East: 180}
	if b.South > -90 && b.North < 90 {
		// The meridians that touch a circle (not those at its centre's latitude) bound it.
		wide := math.Asin(min(1, math.Sin(angle)/math.Cos(centre.Lat*math.Pi/180))) * 180 / math.Pi
		if centre.Lon-wide >= -180 && centre.Lon+wide <= 180 {
			b.West, b.East = centre.Lon-wide, centre.Lon+wide
		}
	}
	return b
}

// Contains reports that p lies in b, or within a centimetre of it.
func (b Box) Contains(p Point) bool {
	return p.Lat >= b.South-edgeDegrees && p.Lat <= b.North+edgeDegrees && p.Lon >= b.West-edgeDegrees && p.Lon <= b.East+edgeDegrees
}

func (b Box) empty() bool { return b.South > b.North }

func (b Box) overlaps(o Box) bool {
	return b.South <= o.North+edgeDegrees && o.South <= b.North+edgeDegrees && b.West <= o.East+edgeDegrees && o.West <= b.East+edgeDegrees
}

// beyond reports that every place in b is more than so many metres from p. Where it is not sure it says no.
func (b Box) beyond(p Point, metres float64) bool {
	if (b.South-p.Lat)*metresPerDegree > metres || (p.Lat-b.North)*metresPerDegree > metres {
		return true
	}
	// The way to the nearer of the two meridians, either way round.
	apart := min(around(b.West-p.Lon), around(p.Lon-b.East))
	if p.Lon >= b.West && p.Lon <= b.East || apart >= 90 {
		return false
	}
	const rad = math.Pi / 180
	return math.Asin(math.Cos(p.Lat*rad)*math.Sin(apart*rad))*EarthRadius > metres
}

// around brings a difference of longitudes into 0 to 360.
func around(degrees float64) float64 {
	if degrees < 0 {
		return degrees + 360
	}
	return degrees
}
