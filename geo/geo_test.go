package geo

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

var (
	london  = Point{51.5074, -0.1278}
	paris   = Point{48.8566, 2.3522}
	newYork = Point{40.7128, -74.0060}
	sydney  = Point{-33.8688, 151.2093}
	fiji    = Point{-17.7134, 178.0650}
	samoa   = Point{-13.7590, -172.1046}
)

func TestDistance(t *testing.T) {
	tests := []struct {
		name   string
		a, b   Point
		metres float64
	}{
		{"none", london, london, 0},
		{"London to Paris", london, paris, 343_557},
		{"London to New York", london, newYork, 5_570_230},
		{"London to Sydney", london, sydney, 16_993_930},
		{"across the antimeridian", fiji, samoa, 1_139_984},
		{"a degree along the equator", Point{0, 0}, Point{0, 1}, 111_195.08},
		{"a degree along a meridian", Point{50, 0}, Point{51, 0}, 111_195.08},
		{"from pole to pole", Point{90, 0}, Point{-90, 77}, 20_015_114.4},
		{"antipodes", Point{0, 0}, Point{0, 180}, 20_015_114.4},
		{"the antimeridian's two names", Point{10, 180}, Point{10, -180}, 0},
	}
	for _, test := range tests {
		for _, got := range []float64{Distance(test.a, test.b), Distance(test.b, test.a)} {
			if math.Abs(got-test.metres) > 1+test.metres*0.0005 {
				t.Errorf("%s: %.1f m, want %.1f", test.name, got, test.metres)
			}
		}
	}
}

var (
	square = Area{Ring: []Point{{50, 0}, {50, 2}, {52, 2}, {52, 0}}}
	// ring is square with a hole in the middle.
	ring  = Area{Ring: square.Ring, Holes: [][]Point{{{50.5, 0.5}, {51.5, 0.5}, {51.5, 1.5}, {50.5, 1.5}}}}
	ell   = Area{Ring: []Point{{0, 0}, {0, 10}, {5, 10}, {5, 5}, {10, 5}, {10, 0}}}
	round = Area{Centre: Point{51, 1}, Radius: 10_000}
	// east and west meet at the antimeridian.
	east = Area{Ring: []Point{{-20, 175}, {-20, 180}, {-10, 180}, {-10, 175}}}
	west = Area{Ring: []Point{{-20, -180}, {-20, -175}, {-10, -175}, {-10, -180}}}
)

func TestContains(t *testing.T) {
	tests := []struct {
		name string
		area Area
		p    Point
		want bool
	}{
		{"middle", square, Point{51, 1}, true},
		{"corner", square, Point{50, 0}, true},
		{"other corner", square, Point{52, 2}, true},
		{"edge", square, Point{50, 1}, true},
		{"west edge", square, Point{51.3, 0}, true},
		{"a hair outside", square, Point{50 - 1e-5, 1}, false},
		{"level with a corner", square, Point{52, 3}, false},
		{"outside", square, Point{51, 3}, false},
		{"in the hole", ring, Point{51, 1}, false},
		{"on the hole's edge", ring, Point{50.5, 1}, true},
		{"at the hole's corner", ring, Point{50.5, 0.5}, true},
		{"between hole and ring", ring, Point{50.2, 1}, true},
		{"in the inner corner", ell, Point{5, 5}, true},
		{"beyond the inner corner", ell, Point{5.1, 5.1}, false},
		{"below the inner corner", ell, Point{4.9, 5.1}, true},
		{"centre", round, Point{51, 1}, true},
		{"on the circle", round, Point{51 + 10_000/metresPerDegree, 1}, true},
		{"past the circle", round, Point{51 + 10_001/metresPerDegree, 1}, false},
		{"the antimeridian by its other name", east, Point{-15, -180}, true},
		{"a circle across the antimeridian", Area{Centre: Point{-15, 179.99}, Radius: 5000}, Point{-15, -179.99}, true},
		{"a circle over the pole", Area{Centre: Point{89.9, 0}, Radius: 50_000}, Point{89.9, 180}, true},
		{"the pole by any longitude", Area{Ring: []Point{{80, 0}, {80, 10}, {90, 5}}}, Point{90, -100}, true},
		{"no area", Area{}, Point{0, 0}, false},
		{"no place", square, Point{math.NaN(), 1}, false},
	}
	for _, test := range tests {
		if got := test.area.Contains(test.p); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
		if d := test.area.Distance(test.p); (d == 0) != test.want {
			t.Errorf("%s: %v m away", test.name, d)
		}
		if got := Prepare(test.area).Within(test.p, 0); got != test.want {
			t.Errorf("%s: within 0 m is %v", test.name, got)
		}
	}
}

func TestAreaDistance(t *testing.T) {
	tests := []struct {
		name   string
		area   Area
		p      Point
		metres float64
	}{
		{"north of an edge", square, Point{53, 1}, 111_195},
		{"off a corner", square, Point{53, 3}, Distance(Point{53, 3}, Point{52, 2})},
		{"west of an edge", square, Point{51, -0.01}, 699.8},
		{"in the hole", ring, Point{51, 0.51}, 699.8},
		{"circle", round, Point{52, 1}, 101_195},
		{"across the antimeridian", east, Point{-15, -179.99}, 1074.1},
		{"and back", west, Point{-15, 179.99}, 1074.1},
	}
	for _, test := range tests {
		if got := test.area.Distance(test.p); math.Abs(got-test.metres) > 1+test.metres*0.001 {
			t.Errorf("%s: %.1f m, want %.1f", test.name, got, test.metres)
		}
	}
	if !math.IsInf(Area{}.Distance(london), 1) {
		t.Error("no area is near")
	}
}

func TestTouches(t *testing.T) {
	at := func(lat, lon, radius float64) Area { return Area{Centre: Point{lat, lon}, Radius: radius} }
	box := func(s, w, n, e float64) Area { return Area{Ring: []Point{{s, w}, {s, e}, {n, e}, {n, w}}} }
	tests := []struct {
		name string
		a, b Area
		want bool
	}{
		{"itself", square, square, true},
		{"side by side", square, box(50, 2, 52, 3), true},
		{"corner to corner", square, box(52, 2, 53, 3), true},
		{"apart", square, box(50, 2.1, 52, 3), false},
		{"one inside", square, box(50.9, 0.9, 51.1, 1.1), true},
		{"one in the hole", ring, box(50.9, 0.9, 51.1, 1.1), false},
		{"one filling the hole", ring, box(50.5, 0.5, 51.5, 1.5), true},
		{"crossing without a corner inside", square, box(50.5, -1, 51.5, 3), true},
		{"in the ell's notch", ell, box(6, 6, 9, 9), false},
		{"circles", at(51, 1, 10_000), at(51.1, 1, 1200), true},
		{"circles apart", at(51, 1, 10_000), at(51.1, 1, 1000), false},
		{"circle at an edge", square, at(51, 2.01, 800), true},
		{"circle off an edge", square, at(51, 2.02, 800), false},
		{"circle in the hole", ring, at(51, 1, 100), false},
		{"circle around all", square, at(51, 1, 1_000_000), true},
		{"no area", square, Area{}, false},
	}
	for _, test := range tests {
		if test.a.Touches(test.b) != test.want || test.b.Touches(test.a) != test.want {
			t.Errorf("%s: %v and %v", test.name, test.a.Touches(test.b), test.b.Touches(test.a))
		}
	}
}

func TestCheck(t *testing.T) {
	many := Area{Ring: make([]Point, MaxCorners+1)}
	tests := []struct {
		name, want string
		area       Area
	}{
		{"square", "", square},
		{"with a hole", "", ring},
		{"circle", "", round},
		{"none", "want a circle or a polygon", Area{}},
		{"both", "not both", Area{Radius: 1, Ring: square.Ring}},
		{"centre alone", "want a radius above 0", Area{Centre: london, Ring: square.Ring}},
		{"negative radius", "want a radius above 0", Area{Centre: london, Radius: -1}},
		{"no radius", "want a radius above 0", Area{Centre: london, Radius: math.NaN()}},
		{"endless radius", "want a radius above 0", Area{Centre: london, Radius: math.Inf(1)}},
		{"centre nowhere", "no place", Area{Centre: Point{91, 0}, Radius: 1}},
		{"two corners", "2 corners: want at least 3", Area{Ring: square.Ring[:2]}},
		{"corner nowhere", "no place", Area{Ring: []Point{{0, 0}, {0, 181}, {1, 1}}}},
		{"corner that is no number", "no place", Area{Ring: []Point{{0, 0}, {0, math.NaN()}, {1, 1}}}},
		{"corner twice", "twice in a row", Area{Ring: []Point{{0, 0}, {0, 1}, {0, 1}, {1, 1}}}},
		{"closed", "twice in a row", Area{Ring: []Point{{0, 0}, {0, 1}, {1, 1}, {0, 0}}}},
		{"bow tie", "its edges cross", Area{Ring: []Point{{0, 0}, {1, 1}, {0, 1}, {1, 0}}}},
		{"bow tie through a corner", "its edges cross", Area{Ring: []Point{{0, 0}, {2, 2}, {0, 2}, {1, 1}, {2, 0}}}},
		{"spike", "its edges cross", Area{Ring: []Point{{0, 0}, {0, 2}, {0, 1}, {1, 1}}}},
		{"flat", "its edges cross", Area{Ring: []Point{{0, 0}, {1, 1}, {2, 2}}}},
		{"straight on", "", Area{Ring: []Point{{0, 0}, {0, 1}, {0, 2}, {1, 1}}}},
		{"half the world", "more than 180 degrees", Area{Ring: []Point{{0, -179}, {0, 179}, {1, 179}, {1, -179}}}},
		{"hole outside", "outside the polygon", Area{Ring: square.Ring, Holes: [][]Point{{{0, 0}, {0, 1}, {1, 1}}}}},
		{"hole across the edge", "outside the polygon", Area{Ring: square.Ring, Holes: [][]Point{{{51, 1}, {51, 3}, {51.5, 1}}}}},
		{"hole across the notch", "its edges cross", Area{Ring: ell.Ring, Holes: [][]Point{{{1, 9}, {9, 4}, {1, 1}}}}},
		{"hole with two corners", "hole 1: 2 corners", Area{Ring: square.Ring, Holes: [][]Point{square.Ring[:2]}}},
		{"many corners", "want at most 10000", many},
	}
	for _, test := range tests {
		err := test.area.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// star is a polygon around a point whose corners are at random distances, so that none of its edges cross.
func star(rng *rand.Rand, centre Point, corners int) Area {
	var a Area
	for i := range corners {
		angle := 2 * math.Pi * float64(i) / float64(corners)
		far := 0.2 + rng.Float64()
		a.Ring = append(a.Ring, Point{centre.Lat + far*math.Sin(angle), centre.Lon + far*math.Cos(angle)})
	}
	return a
}

// winding is the slow way to tell whether a point is inside: how often the ring goes round it.
func winding(ring []Point, p Point) bool {
	var turned float64
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		x, y := math.Atan2(a.Lat-p.Lat, a.Lon-p.Lon), math.Atan2(b.Lat-p.Lat, b.Lon-p.Lon)
		turned += math.Remainder(y-x, 2*math.Pi)
	}
	return math.Abs(turned) > math.Pi
}

func TestContainsAsWinding(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	inside := 0
	for range 300 {
		centre := Point{rng.Float64()*120 - 60, rng.Float64()*340 - 170}
		a := star(rng, centre, 3+rng.IntN(20))
		if err := a.Check(); err != nil {
			t.Fatalf("%v: %v", a, err)
		}
		for range 50 {
			p := Point{centre.Lat + rng.Float64()*3 - 1.5, centre.Lon + rng.Float64()*3 - 1.5}
			if got := a.Contains(p); got != winding(a.Ring, p) {
				t.Fatalf("%v in %v: %v", p, a.Ring, got)
			} else if got {
				inside++
			}
		}
		for i, p := range a.Ring { // corners and middles of edges belong
			q := a.Ring[(i+1)%len(a.Ring)]
			if !a.Contains(p) || !a.Contains(Point{(p.Lat + q.Lat) / 2, (p.Lon + q.Lon) / 2}) {
				t.Fatalf("the edge from %v to %v of %v", p, q, a.Ring)
			}
		}
	}
	if inside < 1000 {
		t.Errorf("%d points inside: the test tests little", inside)
	}
}

// The distance to a polygon is that to the nearest of very many points along its edges.
func TestDistanceAsWalked(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		centre := Point{rng.Float64()*120 - 60, rng.Float64()*340 - 170}
		a := star(rng, centre, 3+rng.IntN(8))
		p := Point{centre.Lat + rng.Float64()*8 - 4, centre.Lon + rng.Float64()*8 - 4}
		if a.Contains(p) {
			continue
		}
		walked := math.Inf(1)
		for i, from := range a.Ring {
			to := a.Ring[(i+1)%len(a.Ring)]
			for s := range 2001 {
				f := float64(s) / 2000
				walked = min(walked, Distance(p, Point{from.Lat + f*(to.Lat-from.Lat), from.Lon + f*(to.Lon-from.Lon)}))
			}
		}
		if got := a.Distance(p); got < walked*0.999-60 || got > walked*1.01+1 {
			t.Fatalf("%v to %v: %.0f m, walked %.0f", p, a.Ring, got, walked)
		}
		for _, metres := range []float64{walked * 0.98, walked * 1.02} {
			if got := Prepare(a).Within(p, metres); got != (a.Distance(p) <= metres) {
				t.Fatalf("%v within %.0f m of %v: %v", p, metres, a.Ring, got)
			}
		}
	}
}

// Whatever the numbers: the questions about an area that passes its check agree with each other.
func FuzzArea(f *testing.F) {
	f.Add(50.0, 0.0, 50.0, 2.0, 52.0, 1.0, 51.0, 1.0, 0.0)
	f.Add(51.0, 1.0, 0.0, 0.0, 0.0, 0.0, 51.0, 179.0, 9e6)
	f.Add(-90.0, -180.0, 90.0, 0.0, 90.0, -180.0, 89.0, 180.0, 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, lat, lon, radius float64) {
		area, p := Area{Ring: []Point{{a, b}, {c, d}, {e, g}}}, Point{lat, lon}
		if radius != 0 {
			area = Area{Centre: Point{a, b}, Radius: radius}
		}
		if area.Check() != nil || !p.Valid() {
			return
		}
		in, far, box := area.Contains(p), area.Distance(p), area.Bounds()
		if in != (far == 0) || in != Prepare(area).Within(p, 0) || !(far >= 0) || math.IsInf(far, 0) {
			t.Fatalf("%v in %v: %v, and %v m away", p, area, in, far)
		}
		if in && math.Abs(p.Lat) < 90-edgeDegrees && !box.Contains(p) && !box.Contains(Point{p.Lat, -p.Lon}) {
			t.Fatalf("%v is in %v and not in its bounds %v", p, area, box)
		}
		if !Prepare(area).Within(p, far*1.000001) {
			t.Fatalf("%v is %v m from %v and not within that", p, far, area)
		}
		if !area.Touches(area) {
			t.Fatalf("%v does not touch itself", area)
		}
		spot := Area{Centre: p, Radius: 1}
		if near := far <= 0.9; near && !area.Touches(spot) {
			t.Fatalf("%v is %v m from %v and a metre around it does not touch", p, far, area)
		}
	})
}

func BenchmarkSitesInZones(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	zones := make([]Shape, 100)
	for i := range zones {
		a := star(rng, Point{50 + rng.Float64()*10, rng.Float64() * 10}, 50)
		zones[i] = Prepare(a)
	}
	sites := make([]Point, 100_000)
	for i := range sites {
		sites[i] = Point{50 + rng.Float64()*10, rng.Float64() * 10}
	}
	for b.Loop() {
		n := 0
		for _, s := range sites {
			for i := range zones {
				if zones[i].Within(s, 2000) {
					n++
				}
			}
		}
		if n == 0 {
			b.Fatal("no site is in any zone")
		}
	}
}

func BenchmarkCheckLargest(b *testing.B) {
	a := star(rand.New(rand.NewPCG(7, 8)), Point{50, 0}, MaxCorners)
	for b.Loop() {
		if err := a.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
