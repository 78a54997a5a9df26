package trust

import (
	"math"
	"strconv"

	"cordon/document"
	"cordon/geo"
)

// How places and areas are written.

const wantPoint = "a place: [latitude, longitude] in degrees, or both by name"

var pointSchema = map[string]any{"type": []string{"array", "object"}}

// point is the form of a place.
var point = form[geo.Point]{
	read:   readPoint,
	write:  writePoint,
	schema: pointSchema,
}

func readPoint(to *geo.Point) document.Reading {
	lat, lon := document.Number(&to.Lat, -90, 90), document.Number(&to.Lon, -180, 180)
	n := 0
	pair := document.Each(func(r *document.Reader, v document.Node) {
		switch n++; n {
		case 1:
			lat(r, v)
		case 2:
			lon(r, v)
		default:
			r.Bad(v, "want %s", wantPoint)
		}
	})
	return document.Either(wantPoint, document.Section(document.Need("lat", lat), document.Need("lon", lon)), func(r *document.Reader, v document.Node) {
		n = 0
		if pair(r, v); n == 1 || n == 0 {
			r.Bad(v, "want %s", wantPoint)
		}
		to.Lat, to.Lon = to.Lat+0, to.Lon+0 // -0 is 0
	}, nil)
}

func writePoint(w *writer, p geo.Point) {
	w.flow(2, func(i int) {
		w.value(formatNumber([2]float64{p.Lat, p.Lon}[i]))
	})
}

// areaFields is a circle or a polygon, in a zone as in a served area.
var areaFields = []field[geo.Area]{
	{
		name: "circle", about: "A centre, and a radius in kilometres.",
		schema: objectSchema(circleFields),
		read: func(a *geo.Area) document.Reading {
			return document.Section(entries(circleFields, a, nil)...)
		},
		write: func(w *writer, a *geo.Area) {
			if a.Radius > 0 {
				w.key("circle")
				w.section(func() { writeFields(w, circleFields, a) })
			}
		},
	},
	at("polygon", "Its corners in their order, each [latitude, longitude]; the last is joined to the first.", corners, func(a *geo.Area) *[]geo.Point { return &a.Ring }),
	at("holes", "Parts of the polygon that do not belong to it, each a list of corners.", rings, func(a *geo.Area) *[][]geo.Point { return &a.Holes }),
}

var circleFields = []field[geo.Area]{
	needed("centre", "Its middle.", point, func(a *geo.Area) *geo.Point { return &a.Centre }),
	needed("radius_km", "Kilometres from the centre to the edge.", kilometres, func(a *geo.Area) *float64 { return &a.Radius }),
}

// kilometres is the form of a length that is held in metres. Whole millimetres come out as they went in.
var kilometres = scalar("a number above 0 and up to 20000", false, map[string]any{"type": "number", "exclusiveMinimum": 0, "maximum": geo.MaxRadius / 1000}, func(s string) (float64, error) {
	km, err := parseNumber(s, 1e-6, geo.MaxRadius/1000)
	return math.Round(km*1e6) / 1000, err
}, formatKilometres).bare(formatKilometres)

func formatKilometres(metres float64) string {
	return strconv.FormatFloat(math.Round(metres*1000)/1e6, 'f', -1, 64)
}

var corners = form[[]geo.Point]{
	read: func(to *[]geo.Point) document.Reading { return document.List(to, readPoint) },
	write: func(w *writer, ps []geo.Point) {
		w.lines(len(ps), func(i int) { writePoint(w, ps[i]) })
	},
	absent: func(ps []geo.Point) bool { return len(ps) == 0 },
	schema: map[string]any{"type": "array", "items": pointSchema, "minItems": 3, "maxItems": geo.MaxCorners},
}

var rings = form[[][]geo.Point]{
	read: func(to *[][]geo.Point) document.Reading {
		return func(r *document.Reader, n document.Node) {
			document.List(to, corners.read)(r, n)
			if len(*to) == 0 {
				*to = nil
			}
		}
	},
	write: func(w *writer, list [][]geo.Point) {
		w.lines(len(list), func(i int) {
			w.flow(len(list[i]), func(j int) { writePoint(w, list[i][j]) })
		})
	},
	absent: func(list [][]geo.Point) bool { return len(list) == 0 },
	schema: map[string]any{"type": "array", "items": corners.schema, "maxItems": geo.MaxHoles},
}

// area is the form of an area that has a name of its own in its record.
var area = section(areaFields, geo.Area.IsZero, func(a *geo.Area) error { return a.Check() })
