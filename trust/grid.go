package trust

import (
	"math"

	"cordon/geo"
)

// grid finds the radios near a place without asking each.
type grid struct {
	cells map[cell][]*radio
	sites map[string][]*radio
	wide  []*radio // whose area is too large to enter everywhere
	asked int      // how often
}

type cell struct{ lat, lon int16 }

const (
	cellDegrees = 0.1 // some ten kilometres
	maxCells    = 64  // that one area is entered in
)

func newGrid(radios []*radio) *grid {
	g := &grid{cells: map[cell][]*radio{}, sites: map[string][]*radio{}}
	for _, r := range radios {
		if r.e.Site != "" {
			g.sites[r.e.Site] = append(g.sites[r.e.Site], r)
		}
		if !r.has {
			continue
		}
		cells, ok := cellsOf(r.area.Bounds())
		if !ok {
			g.wide = append(g.wide, r)
		}
		for _, c := range cells {
			g.cells[c] = append(g.cells[c], r)
		}
	}
	return g
}

// cellsOf is the cells that a box lies in; false where they are too many.
func cellsOf(b geo.Box) ([]cell, bool) {
	at := func(degrees float64) int { return int(math.Floor(degrees / cellDegrees)) }
	south, north, west, east := at(b.South), at(b.North), at(b.West), at(b.East)
	if (north-south+1)*(east-west+1) > maxCells {
		return nil, false
	}
	var list []cell
	for lat := south; lat <= north; lat++ {
		for lon := west; lon <= east; lon++ {
			list = append(list, cell{int16(lat), int16(lon)})
		}
	}
	return list, true
}

// near is every radio that may touch r's area or stands at its site, each once.
func (g *grid) near(r *radio) []*radio {
	g.asked++
	var list []*radio
	add := func(radios []*radio) {
		for _, o := range radios {
			if o.asked != g.asked {
				o.asked = g.asked
				list = append(list, o)
			}
		}
	}
	add(g.sites[r.e.Site])
	if !r.has {
		return list
	}
	add(g.wide)
	cells, ok := cellsOf(r.area.Bounds())
	if !ok {
		for _, radios := range g.cells {
			add(radios)
		}
		return list
	}
	for _, c := range cells {
		add(g.cells[c])
	}
	return list
}
