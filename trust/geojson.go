package trust

import (
	"fmt"

	"cordon/document"
	"cordon/geo"
	"cordon/rules"
)

// feature is a Feature of GeoJSON (RFC 7946 §3.2) with what makes it a zone.
type feature struct {
	zone     rules.Zone
	polygons []geo.Area
}

// geoJSON reads zones: Polygon and MultiPolygon features whose properties have a name, a purpose and perhaps
// a title. Other members and properties are the writer's own. Each polygon of several becomes a zone,
// numbered from 1.
func (b *intake) geoJSON(file int32) document.Reading {
	return document.Part(
		document.Need("type", literal("FeatureCollection")),
		document.Need("features", document.Each(func(r *document.Reader, n document.Node) {
			var f feature
			before := r.Told()
			if f.read()(r, n); r.Told() > before {
				return
			}
			for i, area := range f.polygons {
				z := f.zone
				z.Area = area
				if len(f.polygons) > 1 {
					z.Name = fmt.Sprintf("%s-%d", z.Name, i+1)
				}
				b.zones = append(b.zones, record[rules.Zone]{z, origin{file: file, at: spotOf(n.Place())}})
			}
		})),
	)
}

func literal(word string) document.Reading {
	return document.Choice(new(string), word)
}

func (f *feature) read() document.Reading {
	properties := document.Part(
		document.Need("name", name.read(&f.zone.Name)),
		document.Need("purpose", purpose.read(&f.zone.Purpose)),
		document.Field("title", line.read(&f.zone.Title)),
	)
	return document.Part(
		document.Need("type", literal("Feature")),
		document.Need("properties", properties),
		document.Need("geometry", f.geometry),
	)
}

// geometry reads a Polygon or MultiPolygon (RFC 7946 §3.1.6, §3.1.7), whose type may follow its coordinates.
func (f *feature) geometry(r *document.Reader, n document.Node) {
	kind, coordinates := "", document.Reading(f.polygon)
	if n.Member("type") == "MultiPolygon" {
		coordinates = func(r *document.Reader, n document.Node) {
			before := r.Told()
			if document.Each(f.polygon)(r, n); len(f.polygons) == 0 && r.Told() == before {
				r.Bad(n, "want at least one polygon")
			}
		}
	}
	document.Part(
		document.Need("type", document.Choice(&kind, "Polygon", "MultiPolygon")),
		document.Need("coordinates", coordinates),
	)(r, n)
}

func (f *feature) polygon(r *document.Reader, n document.Node) {
	var rings [][]geo.Point
	before := r.Told()
	if document.List(&rings, readRing)(r, n); r.Told() > before {
		return
	}
	if len(rings) == 0 {
		r.Bad(n, "want at least one ring of coordinates")
		return
	}
	a := geo.Area{Ring: rings[0]}
	if len(rings) > 1 {
		a.Holes = rings[1:]
	}
	if err := a.Check(); err != nil {
		r.Bad(n, "%v", err)
	}
	f.polygons = append(f.polygons, a)
}

// readRing reads a linear ring (RFC 7946 §3.1.6), whose last position is its first again.
func readRing(to *[]geo.Point) document.Reading {
	return func(r *document.Reader, n document.Node) {
		before := r.Told()
		if document.List(to, readPosition)(r, n); r.Told() > before {
			return
		}
		ring := *to
		if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
			r.Bad(n, "want a ring of at least four positions, of which the last is the first again")
			return
		}
		*to = ring[: len(ring)-1 : len(ring)-1]
	}
}

// readPosition reads [longitude, latitude] and perhaps an altitude (RFC 7946 §3.1.1), which is passed over.
func readPosition(to *geo.Point) document.Reading {
	const want = "[longitude, latitude] in degrees"
	n := 0
	var altitude float64
	return document.Either(want, nil, func(r *document.Reader, v document.Node) {
		document.Each(func(r *document.Reader, v document.Node) {
			switch n++; n {
			case 1:
				document.Number(&to.Lon, -180, 180)(r, v)
			case 2:
				document.Number(&to.Lat, -90, 90)(r, v)
			case 3:
				document.Number(&altitude, -1e6, 1e9)(r, v)
			default:
				r.Bad(v, "want %s", want)
			}
		})(r, v)
		if n < 2 {
			r.Bad(v, "want %s", want)
		}
		to.Lat, to.Lon = to.Lat+0, to.Lon+0 // -0 is 0
	}, nil)
}
