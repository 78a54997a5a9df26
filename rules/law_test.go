package rules

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cordon/geo"
	"cordon/ident"
)

// randomLaws is how many networks and laws each property is tried with.
var randomLaws = flag.Int("laws", 100, "random networks and laws for each property of rules")

// seeds runs a property for random networks and laws, each named by its seed.
func seeds(t *testing.T, n int, property func(t *testing.T, r random, f *Facts, regimes []*Regime, s *Snapshot)) {
	for seed := range uint64(n) {
		r := newRandom(seed)
		f, regimes := r.facts(), r.regimes()
		s, err := Compile(f, regimes, middle)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) { property(t, r, f, regimes, s) })
		if t.Failed() {
			return
		}
	}
}

func answerOf(v Verdict) slowVerdict {
	s := slowVerdict{act: v.Act, owes: v.Owes, due: v.Due}
	if v.Rule != nil {
		s.rule = v.Rule.ID
	}
	return s
}

// TestDecideIsTheSlowWay: a verdict is that of the obvious evaluation.
func TestDecideIsTheSlowWay(t *testing.T) {
	acts := map[Act]int{}
	lang, read := newLanguage(), map[string]*selector{}
	seeds(t, *randomLaws, func(t *testing.T, r random, f *Facts, regimes []*Regime, s *Snapshot) {
		w := &slow{f: f, regimes: regimes, today: middle, s: s, lang: lang, read: read}
		for _, q := range r.questions(f) {
			got, want := answerOf(Decide(s, q)), w.decide(q)
			if got != want {
				t.Fatalf("%+v:\n got %+v\nwant %+v", q, got, want)
			}
			acts[got.act]++
		}
	})
	for _, a := range []Act{Refuse, Restrict, Allow} {
		if acts[a] < 100 {
			t.Errorf("only %d verdicts %v: the laws drawn try too little", acts[a], a)
		}
	}
}

// TestMoreRulesNeverAllow: a rule more never raises an act.
func TestMoreRulesNeverAllow(t *testing.T) {
	seeds(t, *randomLaws, func(t *testing.T, r random, f *Facts, regimes []*Regime, s *Snapshot) {
		stricter := *regimes[1]
		stricter.Rules = append(slices.Clone(stricter.Rules), r.rule(regimes[1], 50))
		more, err := Compile(f, []*Regime{regimes[0], &stricter, r.regime("three")}, middle)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range r.questions(f) {
			if before, after := Decide(s, q), Decide(more, q); after.Act > before.Act {
				t.Fatalf("%+v: %v became %v", q, before.Act, after.Act)
			}
		}
	})
}

// TestUnknownNeverAllows: of an element whose record lacks a fact, no act is higher than with the fact.
func TestUnknownNeverAllows(t *testing.T) {
	blanks := map[string]func(*Element){
		"technology": func(e *Element) { e.Technology = "" }, "vendor": func(e *Element) { e.Vendor = "" }, "manager": func(e *Element) { e.Manager = "" },
		"model": func(e *Element) { e.Model = "" }, "version": func(e *Element) { e.Version = "" }, "protection": func(e *Element) { e.Protection = "" }, "digest": func(e *Element) { e.Digest = "" },
		"site": func(e *Element) { e.Site = "" }, "served": func(e *Element) { e.Served = geo.Area{} }, "n2": func(e *Element) { e.Addresses.N2 = nil },
		"tacs": func(e *Element) { e.TACs = nil }, "slices": func(e *Element) { e.Slices = nil },
		"purchased": func(e *Element) { e.Purchased = 0 }, "installed": func(e *Element) { e.Installed = 0 },
		"traffic": func(e *Element) { e.Traffic = -1 }, "premises": func(e *Element) { e.Premises = -1 },
		"support end": func(e *Element) { e.SupportEnd = 0 }, "path": func(e *Element) { e.Management.Path = "" },
		"country": func(e *Element) { e.Management.Country = "" }, "recorded": func(e *Element) { e.Management.Recorded = Unknown },
		"months": func(e *Element) { e.Management.Months = 0 }, "permits": func(e *Element) { e.Permits = nil },
	}
	seeds(t, *randomLaws/4, func(t *testing.T, r random, f *Facts, regimes []*Regime, _ *Snapshot) {
		f.Cuts = nil // of what records name
		s, err := Compile(f, regimes, middle)
		if err != nil {
			t.Fatal(err)
		}
		at := r.IntN(len(f.Elements))
		for what, blank := range blanks {
			g := *f
			g.Elements = slices.Clone(f.Elements)
			blank(&g.Elements[at])
			less, err := Compile(&g, regimes, middle)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range r.questions(f) {
				if q.UserPlane = ""; q.Element != f.Elements[at].Name || q.Node != (ident.RANNode{}) && q.Node != f.Elements[at].Node {
					continue
				}
				if before, after := Decide(s, q), Decide(less, q); after.Act > before.Act {
					t.Fatalf("without %s, %+v: %v by %v became %v", what, q, before.Act, before.Rule.ID, after.Act)
				}
			}
		}
	})
}

// TestOrderDoesNotMatter: the order of facts and rules changes neither verdicts nor the digest.
func TestOrderDoesNotMatter(t *testing.T) {
	seeds(t, *randomLaws, func(t *testing.T, r random, f *Facts, regimes []*Regime, s *Snapshot) {
		g := *f
		g.Vendors, g.Sites, g.Zones, g.Elements = mixed(r, f.Vendors), mixed(r, f.Sites), mixed(r, f.Zones), mixed(r, f.Elements)
		g.Links, g.Cuts, g.Findings = mixed(r, f.Links), mixed(r, f.Cuts), mixed(r, f.Findings)
		var laws []*Regime
		for _, l := range mixed(r, regimes) {
			c := *l
			c.Rules = mixed(r, l.Rules)
			laws = append(laws, &c)
		}
		other, err := Compile(&g, laws, middle)
		if err != nil {
			t.Fatal(err)
		}
		same(t, r, f, s, other)
	})
}

func mixed[T any](r random, of []T) []T {
	c := slices.Clone(of)
	rand.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
	return c
}

// same sees that two snapshots cannot be told apart.
func same(t *testing.T, r random, f *Facts, a, b *Snapshot) {
	t.Helper()
	if a.Digest() != b.Digest() {
		t.Errorf("digests %x and %x", a.Digest(), b.Digest())
	}
	for _, q := range r.questions(f) {
		if x, y := answerOf(Decide(a, q)), answerOf(Decide(b, q)); x != y {
			t.Fatalf("%+v: %+v and %+v", q, x, y)
		}
	}
	x, y := a.Network(), b.Network()
	if len(x) != len(y) {
		t.Fatalf("network: %+v and %+v", x, y)
	}
	for i := range x {
		x[i].Rule, y[i].Rule = nil, nil
		if x[i] != y[i] {
			t.Errorf("network: %+v and %+v", x[i], y[i])
		}
	}
}

// TestWithIsCompile: a changed snapshot is the one compiled of the changed facts.
func TestWithIsCompile(t *testing.T) {
	seeds(t, *randomLaws, func(t *testing.T, r random, f *Facts, regimes []*Regime, _ *Snapshot) {
		f.Links = nil // which hold elements in place
		s, err := Compile(f, regimes, middle)
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			c := r.change(f)
			if s, err = s.With(c); err != nil {
				t.Fatal(err)
			}
			whole, err := Compile(f, regimes, middle)
			if err != nil {
				t.Fatal(err)
			}
			same(t, r, f, whole, s)
			if t.Failed() {
				return
			}
		}
	})
}

// change draws a change and makes it in f, too.
func (r random) change(f *Facts) Change {
	var c Change
	now := *f
	now.Elements, now.Findings, now.Cuts = slices.Clone(f.Elements), slices.Clone(f.Findings), slices.Clone(f.Cuts)
	forget := func(name string) {
		now.Findings = slices.DeleteFunc(now.Findings, func(o Observation) bool { return o.Element == name })
	}
	for i := range 10 {
		name := fmt.Sprint("e", i)
		at := slices.IndexFunc(now.Elements, func(e Element) bool { return e.Name == name })
		switch r.IntN(5) {
		case 0:
			e := r.element(i)
			c.Elements = append(c.Elements, e)
			if at >= 0 {
				now.Elements[at] = e
			} else {
				now.Elements = append(now.Elements, e)
			}
		case 1:
			if at >= 0 {
				c.Removed = append(c.Removed, name)
				now.Elements = slices.Delete(now.Elements, at, at+1)
				forget(name)
			}
		case 2:
			if at >= 0 {
				o := Observation{name, "theft", r.IntN(3)}
				c.Findings = append(c.Findings, o)
				now.Findings = slices.DeleteFunc(now.Findings, func(was Observation) bool { return was.Element == name && was.Kind == o.Kind })
				now.Findings = append(now.Findings, o)
			}
		}
	}
	now.Findings = slices.DeleteFunc(now.Findings, func(o Observation) bool { return o.Count == 0 })
	switch r.IntN(3) {
	case 0:
		c.Cuts = []Cut{r.cut()}
		now.Cuts = append(now.Cuts, c.Cuts...)
	case 1:
		if len(now.Cuts) > 0 {
			c.Restored = now.Cuts[:1:1]
			back := now.Cuts[0]
			now.Cuts = slices.DeleteFunc(slices.Clone(now.Cuts), func(o Cut) bool { return o == back })
		}
	}
	*f = now
	return c
}
