package rules_test

import (
	"slices"
	"strings"
	"testing"

	"cordon/rules"
)

func TestDates(t *testing.T) {
	g, err := rules.Parse("dates.yaml", []byte(`regime: dates
title: a
status: own
summary: a
vendors:
  - {names: [bad], class: high-risk, from: 2024-01-31}
parameters:
  - {name: deadline_day, values: [excluded, included], why: a}
rules:
  - {id: D-1, shape: function-ban, text: a, source: {document: d}, class: high-risk, from: 2025-01-01, target: 2025-06-01, hard: 2026-01-01, until: 2026-12-31}
  - {id: D-2, shape: phase-out, text: a, source: {document: d}, class: high-risk, trigger: notice, months: 13}
  - {id: D-3, shape: function-ban, text: a, source: {document: d}, where: today > "2031-05-05"}
`))
	if err != nil {
		t.Fatal(err)
	}
	f := &rules.Facts{
		Vendors: []rules.Vendor{{Name: "bad", Classes: []rules.Classing{{Class: rules.HighRisk, From: day(t, "2024-06-01")}}}},
		Elements: []rules.Element{{Name: "e", Functions: []rules.Function{"gnb"}, Vendor: "bad", SupportEnd: day(t, "2028-03-03"),
			Permits: []rules.Permit{{Kind: "k", From: day(t, "2027-01-01"), Until: day(t, "2027-12-31")}}}},
	}
	s, err := rules.Compile(f, []*rules.Regime{g}, day(t, "2025-02-01"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range s.Dates() {
		got = append(got, d.String())
	}
	want := strings.Fields("2024-01-31 2024-06-01 2025-01-01 2025-03-03 2025-06-01 2025-07-01 2026-01-01 2027-01-01 2028-01-01 2028-03-03 2028-03-04 2031-05-05 2031-05-06")
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestDatesAreAll: between two days that are named, no verdict changes.
func TestDatesAreAll(t *testing.T) {
	for _, name := range rules.Packs() {
		g, err := rules.Pack(name)
		if err != nil {
			t.Fatal(err)
		}
		f := largeFacts(60)
		for i := range f.Vendors {
			f.Vendors[i].Aliases = []string{[]string{"huawei", "zte", "nokia"}[i%3]}
		}
		s, err := rules.Compile(f, []*rules.Regime{g}, day(t, "2019-01-01"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		days := s.Dates()
		for i, d := range days {
			last := d + 400
			if i+1 < len(days) {
				last = days[i+1] - 1
			}
			if a, b := acts(t, f, g, d), acts(t, f, g, last); a != b {
				t.Errorf("%s: from %s to %s\n%s\n%s", name, d, last, a, b)
			}
		}
	}
}

func acts(t *testing.T, f *rules.Facts, g *rules.Regime, d rules.Date) string {
	t.Helper()
	s, err := rules.Compile(f, []*rules.Regime{g}, d)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range s.Elements() {
		b.WriteString(v.Act.String() + " " + v.Owes.String() + " " + v.Due.String() + ";")
	}
	return b.String()
}

// TestWithRefuses: a change that contradicts is refused whole, and what was there stays.
func TestWithRefuses(t *testing.T) {
	f := largeFacts(40)
	f.Links = []rules.Link{{Name: "l", A: "element-000001", B: "element-000002"}}
	s, err := rules.Compile(f, []*rules.Regime{largeRegime(t, 10)}, benchDate)
	if err != nil {
		t.Fatal(err)
	}
	before := s.Digest()
	other := f.Elements[3]
	other.Name = "element-new"
	_, err = s.With(rules.Change{
		Elements: []rules.Element{other, {Name: "x", Vendor: "nobody"}, {Name: "x"}, {}},
		Removed:  []string{"nothing", "element-000001"},
		Findings: []rules.Observation{{Element: "nothing", Kind: "k"}, {Element: "element-000001", Kind: "k"}},
		Cuts:     []rules.Cut{{Vendor: "nobody"}},
	})
	wantAll(t, err, "are both the radio", `element x: vendor "nobody" has no record`, `element "x" is there twice`, `element "" is there twice or has no name`,
		`element "nothing" has no record to take away`, "element element-000001: link l still ends there", `findings against "nothing"`, `findings against "element-000001"`, `cut of vendor "nobody"`)
	if s.Digest() != before {
		t.Error("a refused change changed the snapshot")
	}
}

// TestRenumber: two radios change their identities for each other's in one change.
func TestRenumber(t *testing.T) {
	f := largeFacts(4)
	s, err := rules.Compile(f, nil, benchDate)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Elements[0], f.Elements[1]
	a.Node, b.Node = b.Node, a.Node
	s, err = s.With(rules.Change{Elements: []rules.Element{a, b}})
	if err != nil {
		t.Fatal(err)
	}
	if v := rules.Decide(s, rules.Question{Node: a.Node}); v.Name != a.Name {
		t.Errorf("%v is %s", a.Node, v.Name)
	}
}

func TestParseFunction(t *testing.T) {
	for _, f := range rules.Functions() {
		if got, err := rules.ParseFunction(string(f)); err != nil || got != f {
			t.Errorf("%s: %v", f, err)
		}
	}
	if _, err := rules.ParseFunction("ausff"); err == nil || err.Error() != `"ausff" is no function tag: "ausf" is` {
		t.Errorf("%v", err)
	}
}

func TestWords(t *testing.T) {
	all := rules.SealedOnly | rules.Watch | rules.Diversify
	text, err := all.MarshalText()
	if err != nil || string(text) != "sealed-only,watch,diversify" {
		t.Errorf("%s, %v", text, err)
	}
	var back rules.Owes
	if err := back.UnmarshalText(text); err != nil || back != all {
		t.Errorf("%v, %v", back, err)
	}
	if err := back.UnmarshalText([]byte("seal-only")); err == nil {
		t.Error("an obligation that there is not")
	}
	for _, g := range []rules.Gate{rules.GateN2, rules.GateDevice, rules.GateSession, rules.GateHandover, rules.GateN4, rules.GateManagement, rules.GateSoftware} {
		if got, err := rules.ParseGate(g.String()); err != nil || got != g {
			t.Errorf("%v: %v", g, err)
		}
	}
}

func day(t testing.TB, s string) rules.Date {
	t.Helper()
	d, err := rules.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
