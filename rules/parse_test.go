package rules

import (
	"strings"
	"testing"
)

const goodPack = `regime: test
title: Test
country: GB
status: law
summary: a regime to test with
sets:
  core: [amf, smf]
  all: [core, gnb]
vendors:
  - {names: [huawei, Huawei Technologies], class: high-risk, notice: a notice, from: 2020-07-14}
parameters:
  - {name: scope, values: [collective, per-vendor], why: sources disagree}
  - {name: months, values: ["13", "6"], why: tiers}
  - {name: deadline_day, values: [excluded, included], why: by a day}
rules:
  - {id: T-1, shape: function-ban, text: no core, mark: F, source: {document: d}, functions: [core], class: high-risk, anyone: true, from: 2020-01-01, target: 2021-01-01, hard: 2022-01-01, until: 2030-01-01}
  - {id: T-2, shape: share-cap, text: a third, mark: F2, source: {document: d}, functions: [gnb], class: high-risk, cap: 33.333, measure: traffic, scope: $scope, domain: {functions: [all]}}
  - {id: T-3, shape: geo-exclusion, text: not near, mark: M, source: {document: d}, class: high-risk, zones: [sensitive], within: 0.5}
  - {id: T-4, shape: phase-out, text: out, mark: A, source: {document: d}, class: high-risk, trigger: notice, months: 48}
  - {id: T-5, shape: freeze, text: none new, mark: F, source: {document: d}, class: high-risk, after: notice, basis: [install]}
  - {id: T-6, shape: permission, text: by leave, mark: F, source: {document: d}, permit: {kind: leave, version: true, longest: 96}}
  - {id: T-7, shape: diversity, text: two, mark: F, source: {document: d}, functions: [gnb], class: high-risk, vendors: 2, outside: 1, act: restrict}
  - {id: T-8, shape: separation, text: kept, mark: F, source: {document: d}, require: management.months >= $months, when: {scope: per-vendor}, only_slices: ["1-000001"]}
`

func TestParse(t *testing.T) {
	g, err := Parse("test.yaml", []byte(goodPack))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Rules) != 7 || g.Rules[1].Share.PerVendor || g.Rules[1].Share.Cap != 33_333 || g.DeadlineGrace {
		t.Errorf("with defaults: %d rules, %+v", len(g.Rules), g.Rules[1].Share)
	}
	g, err = g.With(map[string]string{"scope": "per-vendor", "deadline_day": "included"})
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Rules) != 8 || !g.Rules[1].Share.PerVendor || !g.DeadlineGrace {
		t.Errorf("with others: %d rules, %+v", len(g.Rules), g.Rules[1].Share)
	}
	if got := g.Rules[7].Apart.Require; got != "management.months >= 13" {
		t.Errorf("require: %s", got)
	}
	if got := g.Rules[1].Share.Domain.Functions; len(got) != 3 {
		t.Errorf("set of a set: %v", got)
	}
	if _, err := g.With(map[string]string{"scop": "x", "months": "14"}); err == nil ||
		err.Error() != "regime test has no parameter \"scop\": \"scope\" is\nregime test, parameter months: \"14\" is none of its values: \"13\" is" {
		t.Errorf("wrong parameters: %v", err)
	}
}

// TestParseRefuses: each slip is refused by name, with its place.
func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ old, with, want string }{
		{"regime: test", "regime: Test", `test.yaml:1:9: regime: "Test": want 1 to 60 lower-case letters`},
		{"regime: test", "regime: cordon", "cordon is the name of Cordon's own rules"},
		{"id: T-2", "id: CORDON-CUT", "CORDON- begins the names of Cordon's own rules"},
		{"status: law", "status: lex", `test.yaml:4:9: status: "lex" is no status: "law" is`},
		{"country: GB", "country: UK1", `want a country as two capitals`},
		{"title: Test\n", "", "title is missing"},
		{"[amf, smf]", "[amf, snf]", `test.yaml:7:15: sets.core[1]: "snf" is neither a set of this regime nor a function tag`},
		{"all: [core", "amf: [core", `"amf" is a function tag, and no name for a set`},
		{"class: high-risk, notice", "class: highrisk, notice", `"highrisk" is no class: "high-risk" is`},
		{"2020-07-14", "2020-14-07", `"2020-14-07" is no date: want one as 2027-12-31`},
		{"values: [collective, per-vendor]", "values: []", "want one or more values, the strictest first"},
		{"[excluded, included]", "[before, after]", "want the values excluded and included"},
		{"shape: function-ban", "shape: function-bann", `test.yaml:16:22: rules[0].shape: "function-bann" is no shape of a rule: "function-ban" is`},
		{"shape: function-ban", "shape: record-match", `"record-match" is no shape of a rule`},
		{"id: T-2", "id: T-1", "rules[1].id: T-1 stands there twice: the first is on line 16"},
		{"mark: F2", "mark: F3", `"F3" is no evidence mark`},
		{"mark: F2, ", "", "mark is missing"},
		{"text: a third, ", "", "text is missing"},
		{"$scope", "$skope", `no parameter is called "skope": "scope" is`},
		{">= $months", ">= $month", `no parameter is called "month": "months" is`},
		{"when: {scope: per-vendor}", "when: {scope: each}", `parameter scope has no value "each"`},
		{"functions: [core]", "functions: [cores]", `"cores" is neither a set of this regime nor a function tag: "core" is`},
		{"target: 2021-01-01", "target: 2019-01-01", "rules[0].target: 2019-01-01 is before from, which is 2020-01-01"},
		{"hard: 2022-01-01", "hard: 2020-06-01", "rules[0].hard: 2020-06-01 is before target, which is 2021-01-01"},
		{"until: 2030-01-01", "until: 2021-06-01", "rules[0].until: 2021-06-01 is before hard"},
		{"cap: 33.333", "cap: 133", `"133": want a percentage from 0 to 100`},
		{"cap: 33.333, ", "", "share-cap asks for cap, which is missing"},
		{"measure: traffic", "measure: weight", `"weight" is no measure`},
		{"zones: [sensitive], ", "", "geo-exclusion asks for zones, which is missing"},
		{"zones: [sensitive]", "zones: [secret]", `"secret" is no purpose of a zone`},
		{"within: 0.5", "within: -1", `"-1": want a distance from 0 to 1000 km`},
		{"within: 0.5", "within: 0.5, cap: 3", "rules[2].cap: geo-exclusion has no cap: want of its own zones or within"},
		{"trigger: notice, months: 48", "target: 2027-01-01", "phase-out asks for hard, or for trigger and months"},
		{", months: 48", "", "trigger and months go together"},
		{"after: notice", "after: later", `"later" is no date`},
		{"basis: [install]", "basis: [instal]", `want install or purchase`},
		{"kind: leave, ", "", "kind is missing"},
		{"vendors: 2, outside: 1, act: restrict", "act: restrict", "want one or more of vendors, outside and share"},
		{"outside: 1, act: restrict", "outside: 1", "a lack of diversity restricts and cannot refuse"},
		{"act: restrict", "act: allow", "a rule refuses or restricts"},
		{"require: management.months", "require: management.month", "this does not compile as CEL: undeclared reference to 'management.month'"},
		{"require: management.months >= $months", "require: management.months", "the expression is int: want one that is true or false"},
		{"require: management.months >= $months", "require: 'element.tags.all(a, element.tags.all(b, element.tags.all(c, a + b == c)))'", "the expression may cost"},
		{`["1-000001"]`, `["1-1"]`, "the differentiator is six hexadecimal digits"},
		{"rules:\n", "rule:\n", `"rule" is not known here: want rules`},
		{goodPack, "", "test.yaml:1:1: the file is empty"},
		{goodPack, "regime: [", "this is not YAML"},
	} {
		text := strings.Replace(goodPack, c.old, c.with, 1)
		if text == goodPack {
			t.Fatalf("%q is not in the pack", c.old)
		}
		g, err := Parse("test.yaml", []byte(text))
		if err == nil || g != nil {
			t.Errorf("%q for %q is accepted", c.with, c.old)
		} else if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "test.yaml:") {
			t.Errorf("%q for %q: %v\nwant %s", c.with, c.old, err, c.want)
		}
	}
}

// FuzzParse: what is accepted compiles, reads the same again, and holds under every parameter; what is
// refused names the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte(goodPack))
	text, err := packs.ReadFile("regimes/contain.yaml") // the others are long, and slow to make small
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	facts := newRandom(1).facts()
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := Parse("f.yaml", text)
		if err != nil {
			if g != nil || !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Fatalf("refused without its place: %v", err)
			}
			return
		}
		again, err := g.With(nil)
		if err != nil || len(again.Rules) != len(g.Rules) {
			t.Fatalf("read again: %v", err)
		}
		s, err := Compile(facts, []*Regime{g}, middle)
		if err != nil {
			t.Fatalf("accepted and does not compile: %v", err)
		}
		for _, r := range g.Rules {
			if r.ID == "" || r.Shape == 0 || r.Shape >= RecordMatch || r.Mark == 0 || r.Status == 0 || r.Act == Allow {
				t.Fatalf("a rule without what every rule has: %+v", r)
			}
		}
		Decide(s, Question{Gate: GateSession, Element: "e1", Protected: true}).Explain()
	})
}

// FuzzSelector: what compiles as a selector is within the cost that is allowed, and comes to an answer
// for every record without an error that is not Unknown.
func FuzzSelector(f *testing.F) {
	for _, text := range someSelectors {
		f.Add(text)
	}
	lang := newLanguage()
	facts := newRandom(2).facts()
	s, err := Compile(facts, newRandom(2).regimes(), middle)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sel, err := lang.compile(text)
		if err != nil {
			if sel != nil || err.Error() == "" {
				t.Fatalf("%q is refused with %v and %v", text, sel, err)
			}
			return
		}
		for r := range s.names.all() {
			x := &subject{s.base, 1, r}
			if first, again := sel.holds(x), sel.holds(x); first != again || first > Yes {
				t.Fatalf("%q is %v and then %v", text, first, again)
			}
		}
	})
}
