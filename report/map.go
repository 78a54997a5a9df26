package report

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon/rules"
)

// Size of a map and of what stands on it, in its own units, which are CSS pixels where nobody scales it.
const (
	mapWidth   = 960.0
	mapLowest  = 320.0
	mapHighest = 760.0
	mapMargin  = 44.0 // around what has to be seen, for labels
	legendHigh = 62.0

	maxSingle   = 250  // sites drawn each by itself; more are joined where they stand close together
	clusterCell = 30.0 // side of the square in which they are joined
	maxLabelled = 90   // marks that have labels, if they find room
	maxLabel    = 24   // characters of a label
)

// Map draws sites and zones as an SVG document of its own, nil where no site and no zone has a place. A site
// has the strictest verdict of its elements, told by shape as well as by colour; verdict answers for
// an element of the facts.
func Map(f *rules.Facts, verdict func(element string) rules.Act) []byte {
	return draw(f, verdict, [3]string{participle(rules.Refuse), participle(rules.Restrict), participle(rules.Allow)}, "the strictest verdict of its elements")
}

// draw is Map with other words for what a shape says of a site, and for which of its elements that is.
func draw(f *rules.Facts, verdict func(element string) rules.Act, words [3]string, which string) []byte {
	p, ok := fit(f)
	if !ok {
		return nil
	}
	d := &drawing{plot: p, words: words, which: which}
	marks, unplaced := d.marks(f, verdict)
	zones := sortedZones(f)
	d.open(marks, zones, unplaced)
	for _, z := range zones {
		d.zone(z)
	}
	for i := range marks {
		d.mark(&marks[i])
	}
	d.labels(zones, marks)
	d.line("</g>")
	d.scaleBar()
	d.legend(zones, slices.ContainsFunc(marks, func(m mark) bool { return m.sites > 1 }))
	d.line("</svg>")
	return []byte(d.b.String())
}

// drawing is an SVG document being written.
type drawing struct {
	plot
	b     strings.Builder
	words [3]string // for verdicts
	which string    // of a site's verdicts counts
	taken []rect    // by marks and labels
}

func (d *drawing) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

// escape makes any text one that may stand in XML.
func escape(s string) string { return html.EscapeString(clean(s)) }

// mark is one site, or several that stand close together.
type mark struct {
	x, y  float64
	act   rules.Act
	empty bool // no element is there
	sites int
	by    [3]int // sites by verdict
	name  string // of a single one
	about string // of a single one: what stands there
}

// marks is the sites that have a place, the strictest last, and how many have none.
func (d *drawing) marks(f *rules.Facts, verdict func(string) rules.Act) (all []mark, unplaced int) {
	at := map[string][3]int{}
	for i := range f.Elements {
		e := &f.Elements[i]
		n := at[e.Site]
		n[min(verdict(e.Name), rules.Allow)]++
		at[e.Site] = n
	}
	for i := range f.Sites {
		s := &f.Sites[i]
		if !s.Placed || !s.At.Valid() {
			unplaced++
			continue
		}
		m := mark{sites: 1, name: cmp.Or(s.Title, s.Name), act: rules.Allow, empty: true, about: "no element"}
		m.x, m.y = d.at(s.At)
		if n := at[s.Name]; n != [3]int{} {
			m.empty, m.about = false, d.tallied(n, "element", "elements")
			for m.act = rules.Refuse; n[m.act] == 0; m.act++ {
			}
			m.by[m.act] = 1
		}
		all = append(all, m)
	}
	if len(all) > maxSingle {
		all = clustered(all)
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x), cmp.Compare(a.name, b.name))
	})
	return all, unplaced
}

// rank orders marks for drawing: what is strict lies on top.
func (m *mark) rank() int {
	if m.empty {
		return 0
	}
	return 1 + int(rules.Allow) - int(m.act)
}

// clustered joins marks in each square of a grid.
func clustered(all []mark) []mark {
	type cell struct{ x, y int }
	place := map[cell]int{}
	var joined []mark
	for _, m := range all {
		c := cell{int(math.Floor(m.x / clusterCell)), int(math.Floor(m.y / clusterCell))}
		i, ok := place[c]
		if !ok {
			place[c] = len(joined)
			joined = append(joined, m)
			continue
		}
		j := &joined[i]
		n := float64(j.sites)
		j.x, j.y = (j.x*n+m.x)/(n+1), (j.y*n+m.y)/(n+1)
		j.act, j.empty, j.sites = min(j.act, m.act), j.empty && m.empty, j.sites+1
		for a := range j.by {
			j.by[a] += m.by[a]
		}
	}
	return joined
}

// tallied is counts by verdict in words.
func (d *drawing) tallied(n [3]int, one, more string) string {
	var parts []string
	for a := rules.Refuse; a <= rules.Allow; a++ {
		if n[a] > 0 {
			parts = append(parts, strings.TrimSpace(count(n[a], one, more))+" "+d.words[a])
		}
	}
	return strings.Join(parts, ", ")
}

func (d *drawing) title(m *mark) string {
	if m.sites == 1 {
		return m.name + ": " + m.about
	}
	return count(m.sites, "site", "sites") + ": " + cmp.Or(d.tallied(m.by, "", ""), "no element")
}

// size is half the width of a mark's shape.
func (m *mark) size() float64 {
	if m.sites == 1 {
		return 5.5
	}
	return 6 + min(5, math.Log2(float64(m.sites)))
}

func (m *mark) class() string {
	if m.empty {
		return "none"
	}
	return m.act.String()
}

// mark draws one, with its count where it is several sites.
func (d *drawing) mark(m *mark) {
	r := m.size()
	d.line(`<g class="site %s"><title>%s</title>%s`, m.class(), escape(d.title(m)), symbol(m.class(), m.x, m.y, r, m.sites == 1))
	if m.sites > 1 {
		d.line(`<text class="count" x="%.1f" y="%.1f">%d</text>`, m.x, m.y+3, m.sites)
	}
	d.line("</g>")
	d.taken = append(d.taken, rect{m.x - r, m.y - r, m.x + r, m.y + r})
}

// symbol is the shape of a verdict: a disc, a triangle, a square with a cross where there is room for it; a ring for none.
func symbol(class string, x, y, r float64, room bool) string {
	switch class {
	case "refuse":
		q, c := r*0.9, r*0.5
		shape := fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, x-q, y-q, 2*q, 2*q)
		if room {
			shape += fmt.Sprintf(`<path class="cross" d="M%.1f %.1fl%.1f %.1fm0 %.1fl%.1f %.1f"/>`, x-c, y-c, 2*c, 2*c, -2*c, -2*c, 2*c)
		}
		return shape
	case "restrict":
		return fmt.Sprintf(`<path d="M%.1f %.1fL%.1f %.1fL%.1f %.1fZ"/>`, x, y-r*1.15, x+r*1.1, y+r*0.8, x-r*1.1, y+r*0.8)
	}
	return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="%.1f"/>`, x, y, r*0.9)
}

// wide is about how wide a text is at the size of labels.
func wide(s string) float64 {
	w := 0.0
	for _, r := range s {
		if w += 6.3; r >= 0x2e80 {
			w += 5.5
		}
	}
	return w
}

// cut is a label's text.
func cut(s string) string {
	if s = clean(s); utf8.RuneCountInString(s) > maxLabel {
		s = short(s, maxLabel)
	}
	return s
}
