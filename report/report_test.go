package report_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

var update = flag.Bool("update", false, "write what is made as what is expected")

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: -update makes it", err)
	}
	if string(got) != string(want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		from := max(0, at-80)
		t.Errorf("%s differs at octet %d (-update rewrites it)\ngot  ...%q\nwant ...%q", name, at, got[from:min(len(got), at+80)], want[from:min(len(want), at+80)])
	}
}

// law is the regime of the tests.
func law(t testing.TB) *rules.Regime {
	t.Helper()
	text, err := os.ReadFile("testdata/law.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g, err := rules.Parse("law.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func date(t testing.TB, s string) rules.Date {
	t.Helper()
	d, err := rules.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// judged is facts under the law of the tests.
func judged(t testing.TB, f *rules.Facts, day string) *rules.Snapshot {
	t.Helper()
	s, err := rules.Compile(f, []*rules.Regime{law(t)}, date(t, day))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// country is the records of the tests.
func country(t testing.TB) (*rules.Facts, trust.Warnings) {
	t.Helper()
	text, err := os.ReadFile("testdata/country.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, odd, err := trust.Parse([]trust.File{{Name: "country.yaml", Text: text}})
	if err != nil {
		t.Fatal(err)
	}
	return f, odd
}

const today = "2026-06-01"

func outlook(t testing.TB, f *rules.Facts) trust.Forecast {
	t.Helper()
	o, err := trust.Outlook(f, []*rules.Regime{law(t)}, date(t, today), 36)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func check(t testing.TB) *report.Check {
	t.Helper()
	f, odd := country(t)
	return report.NewCheck(judged(t, f, today), f, odd, outlook(t, f))
}

func TestGolden(t *testing.T) {
	c := check(t)
	f, _ := country(t)
	acts := map[string]rules.Act{}
	for _, e := range c.Elements {
		acts[e.Name] = e.Act
	}
	if s := judged(t, f, today).Digest(); c.Snapshot != fmt.Sprintf("sha256:%x", s) {
		t.Errorf("the snapshot is %s", c.Snapshot)
	}
	c.Snapshot = "sha256:" + strings.Repeat("7", 64) // which follows from more than what is told
	golden(t, "check.txt", c.Text())
	golden(t, "check.json", c.JSON())
	golden(t, "check.html", c.HTML())
	golden(t, "map.svg", report.Map(f, func(name string) rules.Act { return acts[name] }))
	w := report.NewWhatIf(date(t, today), []*rules.Regime{law(t)}, outlook(t, f), map[string]int{"gnb-3": 41, "gnb-8": 7})
	w.Draw(f)
	golden(t, "whatif.txt", w.Text())
	golden(t, "whatif.html", w.HTML())
}

func TestExplain(t *testing.T) {
	f, _ := country(t)
	s := judged(t, f, today)
	var all []byte
	for _, q := range []rules.Question{
		{Gate: rules.GateManagement, Element: "gnb-3"},
		{Gate: rules.GateManagement, Element: "gnb-8"},
		{Gate: rules.GateDevice, Element: "gnb-11", Protected: true},
		{Gate: rules.GateManagement, Element: "upf-1"},
		{Gate: rules.GateManagement, Element: "spare-1"},
		{Gate: rules.GateManagement, Element: "router-1"},
		{Gate: rules.GateN2, Element: "gnb-1"},
		{Gate: rules.GateN2, Element: "nobody"},
	} {
		all = fmt.Appendf(all, "=== %v %s\n%s\n", q.Gate, q.Element, report.Explain(rules.Decide(s, q).Explain()))
	}
	golden(t, "explain.txt", all)
}
