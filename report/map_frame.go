package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cordon/geo"
	"cordon/rules"
)

// rect is an area of the map that is taken.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) meets(o rect) bool { return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1 }

// mapStyle needs no variables, so that programs that know little CSS draw maps too. Print is always light.
const mapStyle = `
.map{font:11px system-ui,"DejaVu Sans",sans-serif}
.map .ground{fill:#f7f7f4;stroke:#999}
.map text{fill:#222}
.map .label{paint-order:stroke;stroke:#f7f7f4;stroke-width:3px;stroke-linejoin:round}
.map .area{font-style:italic}
.map .count{font-size:9px;font-weight:bold;text-anchor:middle;fill:#fff}
.map .restrict .count{fill:#222}
.map .none .count{fill:#666}
.map .zone{stroke-width:1.5;fill-opacity:.18}
.map .territory{fill:#8a8a7a;stroke:#8a8a7a;fill-opacity:.12}
.map .sensitive{fill:#7b2d8b;stroke:#7b2d8b}
.map .critical{fill:#00695c;stroke:#00695c;stroke-dasharray:7 3}
.map .permitted{fill:#33691e;stroke:#33691e;stroke-dasharray:2 3}
.map .other{fill:#555;stroke:#555;stroke-dasharray:7 3 2 3}
.map .site{stroke:#fff;stroke-width:1}
.map .site text{stroke:none}
.map .allow{fill:#0b6fb8}
.map .restrict{fill:#e9a200;stroke:#5c4000}
.map .refuse{fill:#b3261e}
.map .none{fill:none;stroke:#777;stroke-width:1.5}
.map .cross{fill:none;stroke:#fff;stroke-width:1.6}
.map .scale{fill:none;stroke:#222;stroke-width:1.5}
@media screen and (prefers-color-scheme:dark){
.map .ground{fill:#1c1e22;stroke:#666}
.map text{fill:#e6e6e6}
.map .label{stroke:#1c1e22}
.map .count,.map .restrict .count{fill:#111}
.map .none .count{fill:#bbb}
.map .zone{fill-opacity:.3}
.map .sensitive{fill:#b968c9;stroke:#b968c9}
.map .critical{fill:#4db6ac;stroke:#4db6ac}
.map .permitted{fill:#9ccc65;stroke:#9ccc65}
.map .allow{fill:#4ea3e0}
.map .refuse{fill:#e5534b}
.map .site{stroke:#1c1e22}
.map .none{stroke:#aaa}
.map .scale{stroke:#e6e6e6}
}
`

// open begins the document.
func (d *drawing) open(marks []mark, zones []*rules.Zone, unplaced int) {
	var by [3]int
	empty := 0
	for i := range marks {
		all := 0
		for a, n := range marks[i].by {
			by[a] += n
			all += n
		}
		empty += marks[i].sites - all
	}
	about := fmt.Sprintf("%s and %s.", count(by[0]+by[1]+by[2]+empty, "site", "sites"), count(len(zones), "zone", "zones"))
	if t := d.tallied(by, "site", "sites"); t != "" {
		about += " By " + d.which + ": " + t + "."
	}
	if unplaced > 0 {
		about += " Not drawn, for want of coordinates: " + count(unplaced, "site", "sites") + "."
	}
	d.line(`<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="map-title map-desc">`,
		mapWidth, d.height+legendHigh, mapWidth, d.height+legendHigh)
	d.line(`<title id="map-title">Sites and zones</title><desc id="map-desc">%s</desc>`, escape(about))
	d.line("<style>%s</style>", mapStyle)
	d.line(`<clipPath id="map-clip"><rect width="%.0f" height="%.0f"/></clipPath>`, mapWidth, d.height)
	d.line(`<rect class="ground" x="0.5" y="0.5" width="%.0f" height="%.0f"/>`, mapWidth-1, d.height-1)
	d.line(`<g clip-path="url(#map-clip)">`)
}

// labels names zones and sites where there is room, the strictest first.
func (d *drawing) labels(zones []*rules.Zone, marks []mark) {
	d.taken = append(d.taken, rect{0, d.height - 30, 190, d.height}) // the scale bar's
	for _, z := range zones {
		if z.Purpose != rules.Territory && len(zones) <= maxLabelled {
			d.nameZone(z)
		}
	}
	if len(marks) > maxLabelled {
		return
	}
	for i := range slices.Backward(marks) {
		m := &marks[i]
		if m.sites > 1 {
			continue
		}
		text, r := cut(m.name), m.size()+3
		w := wide(text)
		d.label(text, "label",
			spot{m.x + r, m.y + 4}, spot{m.x - r - w, m.y + 4}, spot{m.x - w/2, m.y - r - 2}, spot{m.x - w/2, m.y + r + 9})
	}
}

// spot is where a text begins.
type spot struct{ x, y float64 }

func (d *drawing) nameZone(z *rules.Zone) {
	text := cut(cmp.Or(z.Title, z.Name))
	b := z.Area.Bounds()
	beyond := d.eastern && b.West+b.East < 0
	centre := z.Area.Centre
	if z.Area.Radius == 0 {
		centre.Lat, centre.Lon = (b.South+b.North)/2, (b.West+b.East)/2
	}
	x, y := d.turned(centre, beyond)
	_, top := d.turned(geo.Point{Lat: b.North, Lon: centre.Lon}, beyond)
	_, bottom := d.turned(geo.Point{Lat: b.South, Lon: centre.Lon}, beyond)
	left := x - wide(text)/2
	d.label(text, "label area", spot{left, top - 4}, spot{left, bottom + 12}, spot{left, y + 4}, spot{left, top + 14})
}

// label writes a text at the first spot that is free, or nowhere.
func (d *drawing) label(text, class string, spots ...spot) {
	for _, s := range spots {
		r := rect{s.x - 1, s.y - 10, s.x + wide(text) + 1, s.y + 3}
		if r.x0 < 2 || r.x1 > mapWidth-2 || r.y0 < 2 || r.y1 > d.height-2 || slices.ContainsFunc(d.taken, r.meets) {
			continue
		}
		d.taken = append(d.taken, r)
		d.line(`<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, s.x, s.y, escape(text))
		return
	}
}

// scaleBar shows a round distance, at most a sixth of the map long.
func (d *drawing) scaleBar() {
	metres := mapWidth / 6 / d.scale * metresPerDegree
	step := math.Pow(10, math.Floor(math.Log10(metres)))
	for _, k := range []float64{5, 2} {
		if k*step <= metres {
			step *= k
			break
		}
	}
	text := fmt.Sprintf("%.0f km", step/1000)
	if step < 1000 {
		text = fmt.Sprintf("%.0f m", step)
	}
	long, y := step/metresPerDegree*d.scale, d.height-12
	d.line(`<path class="scale" d="M12 %.1fv5h%.1fv-5"/><text x="%.1f" y="%.1f">%s</text>`, y-5, long, 18+long, y, text)
}

// legend explains shapes and colours below the map. Joined says that some marks are of several sites.
func (d *drawing) legend(zones []*rules.Zone, joined bool) {
	x, y := 14.0, d.height+22
	item := func(shape, text string) {
		d.line(`%s<text x="%.1f" y="%.1f">%s</text>`, shape, x+14, y+4, escape(text))
		x += 14 + wide(text) + 22
	}
	for _, class := range []string{"refuse", "restrict", "allow", "none"} {
		text := "no element"
		if a, err := rules.ParseAct(class); err == nil {
			text = d.words[a]
		}
		item(fmt.Sprintf(`<g class="site %s">%s</g>`, class, symbol(class, x+2, y, 5.5, true)), text)
	}
	note := "a site shows " + d.which
	if joined {
		note += "; a number counts sites that stand close together"
	}
	d.line(`<text x="%.1f" y="%.1f">%s</text>`, x, y+4, note)
	x, y = 14, y+24
	seen := map[string]bool{}
	for _, purpose := range []rules.Purpose{rules.Sensitive, rules.Critical, rules.Permitted, rules.Territory, "other"} {
		for _, z := range zones {
			if class := purposeClass(z.Purpose); class == string(purpose) && !seen[class] {
				seen[class] = true
				item(fmt.Sprintf(`<g class="zone %s"><rect x="%.1f" y="%.1f" width="16" height="11"/></g>`, class, x-6, y-6), class+" zone")
			}
		}
	}
}
