package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"cordon/geo"
	"cordon/rules"
)

const (
	metresPerDegree = geo.EarthRadius * math.Pi / 180
	leastSpan       = 0.02 // degrees that a map shows at least, about two kilometres
)

// plot brings places to a plane: equirectangular, true to scale along the middle parallel.
type plot struct {
	west, north float64 // degrees of the map's upper left corner
	scale       float64 // per degree of latitude
	squeeze     float64 // a degree of longitude, in degrees of latitude
	height      float64 // of the map, without its legend
	eastern     bool    // longitudes run from 0 to 360, since what is drawn lies about the antimeridian
}

// fit finds the plot that shows all sites and all zones but territories, which are larger than what stands in
// them; those too where there is nothing else.
func fit(f *rules.Facts) (plot, bool) {
	boxes := boxesOf(f)
	if len(boxes) == 0 {
		return plot{}, false
	}
	var p plot
	all := around(boxes, false)
	if all.East-all.West > 180 {
		if other := around(boxes, true); other.East-other.West < all.East-all.West {
			all, p.eastern = other, true
		}
	}
	middle := (all.South + all.North) / 2
	p.squeeze = max(0.05, math.Cos(middle*math.Pi/180))
	tall, broad := max(all.North-all.South, leastSpan), max((all.East-all.West)*p.squeeze, leastSpan)
	inner := mapWidth - 2*mapMargin
	p.height = min(mapHighest, max(mapLowest, inner*tall/broad+2*mapMargin))
	p.scale = min(inner/broad, (p.height-2*mapMargin)/tall)
	p.west = (all.West+all.East)/2 - mapWidth/2/p.scale/p.squeeze
	p.north = middle + p.height/2/p.scale
	return p, true
}

func boxesOf(f *rules.Facts) []geo.Box {
	var boxes, grounds []geo.Box
	for i := range f.Sites {
		if s := &f.Sites[i]; s.Placed && s.At.Valid() {
			boxes = append(boxes, geo.Box{South: s.At.Lat, North: s.At.Lat, West: s.At.Lon, East: s.At.Lon})
		}
	}
	for i := range f.Zones {
		z := &f.Zones[i]
		if z.Area.Check() != nil {
			continue
		}
		if z.Purpose == rules.Territory {
			grounds = append(grounds, z.Area.Bounds())
		} else {
			boxes = append(boxes, z.Area.Bounds())
		}
	}
	if len(boxes) == 0 {
		return grounds
	}
	return boxes
}

// around is the least box around boxes.
func around(boxes []geo.Box, eastern bool) geo.Box {
	all := geo.Box{South: 90, North: -90, West: 360, East: -180}
	for _, b := range boxes {
		if eastern && b.West+b.East < 0 {
			b.West, b.East = b.West+360, b.East+360
		}
		all.South, all.North = min(all.South, b.South), max(all.North, b.North)
		all.West, all.East = min(all.West, b.West), max(all.East, b.East)
	}
	return all
}

// at is where a place stands on the map.
func (p *plot) at(g geo.Point) (x, y float64) { return p.turned(g, p.eastern && g.Lon < 0) }

// turned is at for a place of which is known whether it is to be written beyond 180 degrees.
func (p *plot) turned(g geo.Point, beyond bool) (x, y float64) {
	if beyond {
		g.Lon += 360
	}
	x, y = (g.Lon-p.west)*p.scale*p.squeeze, (p.north-g.Lat)*p.scale
	const far = 1e5 // what lies beyond is not seen
	return max(-far, min(far, x)), max(-far, min(far, y))
}

// sortedZones is the zones that can be drawn, the wide ones first, so that none hides another.
func sortedZones(f *rules.Facts) []*rules.Zone {
	var all []*rules.Zone
	for i := range f.Zones {
		if z := &f.Zones[i]; z.Area.Check() == nil {
			all = append(all, z)
		}
	}
	slices.SortStableFunc(all, func(a, b *rules.Zone) int {
		return cmp.Or(cmp.Compare(extent(b), extent(a)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func extent(z *rules.Zone) float64 {
	b := z.Area.Bounds()
	return (b.North - b.South) * (b.East - b.West)
}

// zone draws one.
func (d *drawing) zone(z *rules.Zone) {
	title := cmp.Or(z.Title, z.Name) + " (" + string(z.Purpose) + ")"
	shape := ""
	if a := z.Area; a.Radius > 0 {
		x, y := d.at(a.Centre)
		ry := a.Radius / metresPerDegree * d.scale
		rx := ry * d.squeeze / max(0.01, math.Cos(a.Centre.Lat*math.Pi/180))
		shape = fmt.Sprintf(`<ellipse cx="%.1f" cy="%.1f" rx="%.1f" ry="%.1f"/>`, x, y, max(1, rx), max(1, ry))
	} else {
		var path strings.Builder
		d.ring(&path, a.Ring)
		for _, h := range a.Holes {
			d.ring(&path, h)
		}
		shape = `<path fill-rule="evenodd" d="` + path.String() + `"/>`
	}
	d.line(`<g class="zone %s"><title>%s</title>%s</g>`, purposeClass(z.Purpose), escape(title), shape)
}

// ring writes a ring without the corners that nobody could tell apart.
func (d *drawing) ring(path *strings.Builder, ring []geo.Point) {
	box := geo.Area{Ring: ring}.Bounds()
	beyond := d.eastern && box.West+box.East < 0
	lastX, lastY := math.Inf(1), math.Inf(1)
	for i, g := range ring {
		x, y := d.turned(g, beyond)
		if i > 0 && math.Abs(x-lastX) < 0.4 && math.Abs(y-lastY) < 0.4 {
			continue
		}
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(path, "%s%.1f %.1f", letter, x, y)
		lastX, lastY = x, y
	}
	path.WriteString("Z")
}

// purposeClass is a purpose as a class of the style, which records cannot choose freely.
func purposeClass(p rules.Purpose) string {
	switch p {
	case rules.Sensitive, rules.Critical, rules.Territory, rules.Permitted:
		return string(p)
	}
	return "other"
}
