package trust

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/rules"
)

const countryText = `
sites:
  - {name: mill, title: The old mill, at: [51, 0]}
  - {name: hill, at: [51.03, 0]}
  - {name: coast, at: [52, 0]}
  - {name: attic}
elements:
  - {name: bad-mill, functions: [gnb], node: gnb-00101-1/22, site: mill}
  - {name: good-mill, functions: [gnb], node: gnb-00101-2/22, site: mill}
  - {name: good-hill, functions: [gnb], node: gnb-00101-3/22, site: hill, served: {circle: {centre: [51.03, 0], radius_km: 1}}}
  - {name: other-network, functions: [gnb], node: gnb-00102-4/22, site: mill}
  - {name: other-slice, functions: [gnb], node: gnb-00101-5/22, site: mill, slices: [2]}
  - {name: bad-coast, functions: [gnb], node: gnb-00101-6/22, site: coast, slices: [1], served: {circle: {centre: [52, 0], radius_km: 10}}}
  - {name: bad-coast-2, functions: [gnb], node: gnb-00101-7/22, site: coast, served: {circle: {centre: [52.1, 0], radius_km: 2}}}
  - {name: bad-attic, functions: [gnb], node: gnb-00101-8/22, site: attic}
  - {name: good-attic, functions: [gnb], node: gnb-00101-9/22, site: attic}
  - {name: router, functions: [router], site: mill}
`

func TestDark(t *testing.T) {
	f := parse(t, File{"c.yaml", []byte(countryText)})
	losses := Dark(f, []string{"router", "bad-mill", "bad-coast", "bad-coast-2", "bad-attic", "bad-mill", "nobody"},
		[]string{"good-mill", "good-hill", "other-network", "other-slice", "good-attic"})
	var got []string
	for _, l := range losses {
		got = append(got, fmt.Sprintf("%s at %q dark %v: %s / %s", l.Element, l.Place, l.Dark(), words(l.Alternatives), words(l.Refuges)))
	}
	want := []string{
		`bad-attic at "" dark false: good-attic 0 / `,
		`bad-coast at "" dark true:  / bad-coast-2 0 overlaps`,
		`bad-coast-2 at "" dark true:  / bad-coast 0 overlaps`,
		`bad-mill at "The old mill" dark false: good-mill 0, other-slice 0, good-hill 3336 / `,
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func words(list []Alternative) string {
	var w []string
	for _, a := range list {
		s := fmt.Sprintf("%s %.0f", a.Element, a.Metres)
		if a.Overlaps {
			s += " overlaps"
		}
		w = append(w, s)
	}
	return strings.Join(w, ", ")
}

// The grid finds whom asking every radio finds.
func TestDarkAsAsked(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		f := randomCountry(rng, 120)
		var refused, lawful []string
		for i := range f.Elements {
			if rng.IntN(2) == 0 {
				refused = append(refused, f.Elements[i].Name)
			} else {
				lawful = append(lawful, f.Elements[i].Name)
			}
		}
		m := newCoverage(f)
		all := m.radios(lawful)
		everywhere := &grid{wide: all, sites: map[string][]*radio{}}
		for _, o := range all {
			everywhere.sites[o.e.Site] = append(everywhere.sites[o.e.Site], o)
		}
		for i, l := range Dark(f, refused, lawful) {
			r := m.radios(refused)[i]
			if want := r.standIns(everywhere); !reflect.DeepEqual(want, l.Alternatives) && len(want)+len(l.Alternatives) > 0 {
				t.Fatalf("%s: %v, want %v", l.Element, l.Alternatives, want)
			}
		}
	}
}

// randomCountry is radios in a few square degrees, with small and large areas.
func randomCountry(rng *rand.Rand, n int) *rules.Facts {
	f := &rules.Facts{}
	for i := range n {
		at := geo.Point{Lat: 50 + rng.Float64()*2, Lon: rng.Float64()*2 - 1}
		f.Sites = append(f.Sites, rules.Site{Name: fmt.Sprint("s", i), At: at, Placed: rng.IntN(5) > 0})
		e := rules.Element{Name: fmt.Sprintf("g%06d", i), Functions: []rules.Function{"gnb"}, Site: f.Sites[rng.IntN(len(f.Sites))].Name}
		if rng.IntN(2) == 0 {
			e.Served = geo.Area{Centre: at, Radius: 500 + rng.Float64()*20_000}
			if rng.IntN(20) == 0 {
				e.Served.Radius = 200_000
			}
		}
		f.Elements = append(f.Elements, e)
	}
	return f
}

func TestDrainOrder(t *testing.T) {
	to := func(names ...string) []Alternative {
		var list []Alternative
		for _, n := range names {
			list = append(list, Alternative{Element: n})
		}
		return list
	}
	tests := []struct {
		name   string
		losses []Loss
		want   string
	}{
		{"none", nil, "[]"},
		{"alternatives first", []Loss{{Element: "dark"}, {Element: "one", Alternatives: to("x")}, {Element: "two", Alternatives: to("x", "y")}}, "[two one dark]"},
		{"fewest devices first", []Loss{{Element: "a"}, {Element: "b"}, {Element: "c"}}, "[b c a]"},
		{"after who leans on it", []Loss{{Element: "refuge", Alternatives: to("x")}, {Element: "leaning", Refuges: to("refuge")}}, "[leaning refuge]"},
		{"a chain", []Loss{{Element: "1", Alternatives: to("x")}, {Element: "2", Refuges: to("1")}, {Element: "3", Refuges: to("2")}}, "[3 2 1]"},
		{"a circle", []Loss{{Element: "b", Refuges: to("c")}, {Element: "c", Refuges: to("b")}}, "[c b]"},
		{"two refuges are enough", []Loss{{Element: "r", Alternatives: to("x")}, {Element: "q", Alternatives: to("x")}, {Element: "l", Refuges: to("q", "r")}}, "[q r l]"},
	}
	devices := map[string]int{"a": 5, "b": 1, "c": 2}
	for _, test := range tests {
		for range 4 {
			rand.Shuffle(len(test.losses), func(i, j int) { test.losses[i], test.losses[j] = test.losses[j], test.losses[i] })
			if got := fmt.Sprint(DrainOrder(test.losses, devices)); got != test.want {
				t.Errorf("%s: %s, want %s", test.name, got, test.want)
			}
		}
	}
}

// Each radio is in the order once, and whoever leans on one other is before it unless that leans back.
func TestDrainOrderHoldsAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		f := randomCountry(rng, 30)
		var refused []string
		for i := range f.Elements {
			refused = append(refused, f.Elements[i].Name)
		}
		losses := Dark(f, refused[:20], refused[20:])
		order := DrainOrder(losses, nil)
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, refused[:20]) {
			t.Fatalf("%v", order)
		}
		leans := map[string]string{}
		for _, l := range losses {
			if l.Dark() && len(l.Refuges) == 1 {
				leans[l.Element] = l.Refuges[0].Element
			}
		}
		for l, on := range leans {
			if leans[on] != l && slices.Index(order, l) > slices.Index(order, on) {
				t.Fatalf("%s leans on %s and comes after it: %v", l, on, order)
			}
		}
	}
}

func BenchmarkDark(b *testing.B) {
	f := randomCountry(rand.New(rand.NewPCG(5, 6)), 100_000)
	var refused, lawful []string
	for i := range f.Elements {
		f.Elements[i].Served = geo.Area{Centre: geo.Point{Lat: 40 + float64(i%1000)/50, Lon: float64(i/1000) / 5}, Radius: 2000}
		if i%10 == 0 {
			refused = append(refused, f.Elements[i].Name)
		} else {
			lawful = append(lawful, f.Elements[i].Name)
		}
	}
	for b.Loop() {
		DrainOrder(Dark(f, refused, lawful), nil)
	}
}
