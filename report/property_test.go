package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// randomCountry is so many sites, most of them with an element or more.
func randomCountry(r *rand.Rand, sites int) *rules.Facts {
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "alder"}, {Name: "dragon"}, {Name: "elm"}}}
	for i := range 3 {
		f.Zones = append(f.Zones, rules.Zone{Name: fmt.Sprintf("zone-%d", i), Purpose: rules.Sensitive,
			Area: geo.Area{Centre: geo.Point{Lat: 50 + 4*r.Float64(), Lon: -4 + 6*r.Float64()}, Radius: 1000 + 20000*r.Float64()}})
	}
	for i := range sites {
		town := float64(i % 17)
		at := geo.Point{Lat: 50 + town/4 + r.NormFloat64()/8, Lon: -4 + float64(i%13)/2 + r.NormFloat64()/6}
		name := fmt.Sprintf("site-%d", i)
		f.Sites = append(f.Sites, rules.Site{Name: name, Country: "GB", At: at, Placed: r.IntN(50) > 0})
		for k := range r.IntN(4) {
			e := rules.Element{Name: fmt.Sprintf("gnb-%d-%d", i, k), Functions: []rules.Function{"gnb"}, Site: name, Traffic: -1, Premises: -1, Technology: "5g",
				Installed: rules.Date(18000 + r.IntN(2500)), Served: geo.Area{Centre: at, Radius: 3000}}
			e.Vendor = []string{"alder", "alder", "elm", "dragon", ""}[r.IntN(5)]
			if r.IntN(9) == 0 {
				e.Functions = []rules.Function{"upf"}
			}
			f.Elements = append(f.Elements, e)
		}
	}
	return f
}

// TestEveryVerdict holds that a check tells every element once, in each of its forms, and every refusal with a rule that
// has a source.
func TestEveryVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 20 {
		f := randomCountry(r, 1+r.IntN(60))
		s := judged(t, f, today)
		ahead := trust.Forecast{} // whose lists name elements again
		c := report.NewCheck(s, f, nil, ahead)
		page, rows := c.HTML(), map[string]int{}
		for _, m := range regexp.MustCompile(`(?m)^<tr><td class="act (\w+)">. (\w+)</td><td class="name"><bdi>([^<]*)</bdi>`).FindAllSubmatch(page, -1) {
			rows[string(m[3])]++
			if want := s.Judge(string(m[3])).Act.String(); string(m[1]) != want {
				t.Errorf("%s: the page says %s, the rules %s", m[3], m[1], want)
			}
		}
		lines := map[string]int{}
		for _, m := range regexp.MustCompile(`(?m)^  (gnb-\d+-\d+) `).FindAllSubmatch(c.Text(), -1) {
			lines[string(m[1])]++
		}
		var back report.Check
		if err := json.Unmarshal(c.JSON(), &back); err != nil {
			t.Fatal(err)
		}
		source := map[string]string{}
		for _, rule := range back.Rules {
			source[rule.ID] = rule.Source.Document
		}
		told := map[string]int{}
		for _, e := range back.Elements {
			told[e.Name]++
			if e.Act == rules.Refuse && (source[e.Rule] == "" || !bytes.Contains(page, []byte(`id="rule-`+e.Rule+`"`))) {
				t.Errorf("%s is refused by %q, of which no source is told", e.Name, e.Rule)
			}
		}
		for i := range f.Elements {
			if n := f.Elements[i].Name; rows[n] != 1 || lines[n] != 1 || told[n] != 1 {
				t.Errorf("%s: %d times on the page, %d in the text, %d in JSON", n, rows[n], lines[n], told[n])
			}
		}
		if n := back.Summary; len(back.Elements) != len(f.Elements) || n.Allowed+n.Restricted+n.Refused != n.Elements || n.Elements != len(f.Elements) {
			t.Errorf("%d elements are counted as %+v", len(f.Elements), n)
		}
	}
}

// TestMapOfAnySize holds that every site is on the map, by itself or in a count, and that marks stay on it.
func TestMapOfAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for _, sites := range []int{1, 2, 90, 250, 251, 5000} {
		f := randomCountry(r, sites)
		s := judged(t, f, today)
		svg := report.Map(f, func(name string) rules.Act { return s.Judge(name).Act })
		harmless(t, svg)
		if len(svg) > 200_000 {
			t.Errorf("%d sites: %d octets", sites, len(svg))
		}
		placed, shown := 0, 0
		for i := range f.Sites {
			if f.Sites[i].Placed {
				placed++
			}
		}
		for _, m := range regexp.MustCompile(`<g class="site \w+"><title>([^<]*)</title>`).FindAllSubmatch(svg, -1) {
			n := 1
			if i := strings.Index(string(m[1]), " sites: "); i > 0 {
				fmt.Sscan(string(m[1][:i]), &n)
			}
			shown += n
		}
		if shown != placed {
			t.Errorf("%d sites have a place and %d are shown", placed, shown)
		}
		for _, m := range regexp.MustCompile(`<circle cx="([-\d.]+)" cy="([-\d.]+)"`).FindAllSubmatch(svg, -1) {
			var x, y float64
			fmt.Sscan(string(m[1]), &x)
			fmt.Sscan(string(m[2]), &y)
			if x < 0 || x > 960 || y < 0 || y > 840 {
				t.Errorf("%d sites: a mark at %v, %v", sites, x, y)
			}
		}
	}
	if report.Map(&rules.Facts{Sites: []rules.Site{{Name: "nowhere"}}}, nil) != nil {
		t.Error("a map of nowhere")
	}
}

// TestMapAcrossTheAntimeridian holds that sites on both of its sides are drawn close together.
func TestMapAcrossTheAntimeridian(t *testing.T) {
	f := &rules.Facts{
		Sites: []rules.Site{{Name: "west", Placed: true, At: geo.Point{Lat: -17, Lon: 179.5}}, {Name: "east", Placed: true, At: geo.Point{Lat: -17, Lon: -179.5}}},
		Zones: []rules.Zone{{Name: "isle", Purpose: rules.Sensitive, Area: geo.Area{Ring: []geo.Point{{Lat: -17.2, Lon: -179.9}, {Lat: -17.2, Lon: -179.6}, {Lat: -16.9, Lon: -179.6}}}}},
	}
	svg := report.Map(f, nil)
	bar := regexp.MustCompile(`>(\d+) km</text>`).FindSubmatch(svg)
	if bar == nil || len(bar[1]) > 2 {
		t.Errorf("the scale is %q: sites 106 km apart fill the map", bar)
	}
	if x := regexp.MustCompile(`d="M([-\d.]+) `).FindSubmatch(svg); x == nil || len(x[1]) > 5 || x[1][0] == '-' {
		t.Errorf("the zone begins at %q", x)
	}
}
