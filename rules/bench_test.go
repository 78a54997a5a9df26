package rules_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
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
