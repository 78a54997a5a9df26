package rules_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"cordon/ident"
	"cordon/rules"
)

const (
	benchElements = 100_000
	benchRules    = 50
	benchDate     = rules.Date(20500)
)

func large(b testing.TB, elements int) (*rules.Facts, *rules.Snapshot) {
	b.Helper()
	f := largeFacts(elements)
	s, err := rules.Compile(f, []*rules.Regime{largeRegime(b, benchRules)}, benchDate)
	if err != nil {
		b.Fatal(err)
	}
	return f, s
}

// BenchmarkDecide is one verdict on a radio's claims, at 100,000 elements: at most 1 us and no allocation.
func BenchmarkDecide(b *testing.B) {
	_, s := large(b, benchElements)
	for _, gate := range []rules.Gate{rules.GateN2, rules.GateDevice, rules.GateSession} {
		b.Run(gate.String(), func(b *testing.B) {
			areas := make([]rules.ClaimedArea, 1)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = (n + 7919) % benchElements
				areas[0] = rules.ClaimedArea{TAI: ident.TAI{PLMN: largeNode(n).PLMN, TAC: ident.TAC(n % 500)}}
				q := rules.Question{Gate: gate, Node: largeNode(n), Areas: areas, DNN: "internet", Protected: n&1 == 0,
					Peer: netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})}
				if v := rules.Decide(s, q); !v.Known {
					b.Fatal("no record")
				}
			}
		})
	}
}

// BenchmarkCompile judges 100,000 elements under 50 rules: at most 1 s.
func BenchmarkCompile(b *testing.B) {
	f, g := largeFacts(benchElements), largeRegime(b, benchRules)
	b.ResetTimer()
	for b.Loop() {
		if _, err := rules.Compile(f, []*rules.Regime{g}, benchDate); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N), "s/100k")
}

// BenchmarkWith judges one changed element of 100,000: at most 1 ms.
func BenchmarkWith(b *testing.B) {
	f, s := large(b, benchElements)
	rng := rand.New(rand.NewPCG(3, 4))
	one := func(i int) string { return fmt.Sprintf("element-%06d", i) }
	for name, change := range map[string]func(i int) rules.Change{
		"element": func(i int) rules.Change {
			return rules.Change{Elements: []rules.Element{largeElement(i, f.Sites[i/20], rng)}}
		},
		"removed": func(i int) rules.Change { return rules.Change{Removed: []string{one(i)}} },
		"finding": func(i int) rules.Change {
			return rules.Change{Findings: []rules.Observation{{Element: one(i), Kind: "radio-3", Count: i % 9}}}
		},
		"cut": func(i int) rules.Change { return rules.Change{Cuts: []rules.Cut{{Element: one(i), Who: "noc"}}} },
	} {
		b.Run(name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i = (i + 7919) % benchElements
				if _, err := s.With(change(i)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/change")
		})
	}
}

// BenchmarkCut cuts off a vendor of 10,000 records and decides each: at most 1 s.
func BenchmarkCut(b *testing.B) {
	f, s := large(b, benchElements)
	var hit []ident.RANNode
	for i := range f.Elements {
		if f.Elements[i].Vendor == "vendor-1" && len(hit) < 10_000 {
			hit = append(hit, f.Elements[i].Node)
		}
	}
	if len(hit) < 10_000 {
		b.Fatalf("%d records", len(hit))
	}
	for b.Loop() {
		cut, err := s.With(rules.Change{Cuts: []rules.Cut{{Vendor: "vendor-1", Who: "noc"}}})
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range hit {
			if v := rules.Decide(cut, rules.Question{Gate: rules.GateDevice, Node: n}); v.Act != rules.Refuse {
				b.Fatal("not cut off")
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/10k")
}

// BenchmarkDigest hashes a snapshot whose parts are hashed.
func BenchmarkDigest(b *testing.B) {
	_, s := large(b, 10_000)
	for b.Loop() {
		s.Digest()
	}
}

// What is found with the help of an earlier snapshot is what is found without.
func TestAreasAfter(t *testing.T) {
	f := largeFacts(3000)
	s, err := rules.Compile(f, []*rules.Regime{largeRegime(t, benchRules)}, benchDate)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(8, 9))
	areas, closed := s.Areas(nil), 0
	for i := range 300 {
		var c rules.Change
		e := &f.Elements[rng.IntN(len(f.Elements))]
		switch i % 4 {
		case 0:
			c.Findings = []rules.Observation{{Element: e.Name, Kind: "radio-3", Count: rng.IntN(9)}}
		case 1:
			moved := largeElement(rng.IntN(3000), f.Sites[0], rng)
			moved.TACs = []ident.TAC{ident.TAC(1000 + rng.IntN(3))} // areas of few radios
			c.Elements = []rules.Element{moved}
		case 2:
			c.Cuts = []rules.Cut{{Element: e.Name, Who: "noc"}}
		case 3:
			c.Cuts = []rules.Cut{{Vendor: fmt.Sprint("vendor-", rng.IntN(60)), Who: "noc"}}
			if rng.IntN(2) == 0 {
				c.Restored, c.Cuts = c.Cuts, nil
			}
		}
		next, err := s.With(c)
		if err != nil {
			continue // a vendor that there is not
		}
		s = next
		areas = s.Areas(areas)
		if want := s.Forbidden(); !reflect.DeepEqual(areas.Forbidden, want) {
			t.Fatalf("after %+v: %v, want %v", c, areas.Forbidden, want)
		}
		closed += len(areas.Protected)
	}
	if closed == 0 {
		t.Error("no area was ever closed")
	}
}

// BenchmarkAreas is the areas of a network in which one radio has changed.
func BenchmarkAreas(b *testing.B) {
	_, s := large(b, benchElements)
	areas := s.Areas(nil)
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			s.Areas(nil)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/snapshot")
	})
	b.Run("changed", func(b *testing.B) {
		next, err := s.With(rules.Change{Findings: []rules.Observation{{Element: "element-000007", Kind: "radio-3", Count: 5}}})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			next.Areas(areas)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/change")
	})
}
