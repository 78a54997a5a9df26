package rules_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cordon/rules"
)

var update = flag.Bool("update", false, "rewrite the expected lines of verdict tables, to be reviewed against the sources")

// fewestCases is how many each pack's table has at least.
const fewestCases = 20

// TestVerdicts runs the verdict table of each pack: testdata/verdicts/PACK.txt. Its form is told at
// the head of golden_table_test.go.
func TestVerdicts(t *testing.T) {
	packs := rules.Packs()
	if len(packs) == 0 {
		t.Fatal("no packs")
	}
	for _, name := range packs {
		t.Run(name, func(t *testing.T) { runTable(t, name) })
	}
	files, err := filepath.Glob("testdata/verdicts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".txt"); !slices.Contains(packs, name) {
			t.Errorf("%s: no pack is called %s", f, name)
		}
	}
}

func runTable(t *testing.T, pack string) {
	file := "testdata/verdicts/" + pack + ".txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("each pack has a table: %v", err)
	}
	table, err := readTable(string(text))
	if err != nil {
		t.Fatalf("%s:%v", file, err)
	}
	if len(table.cases) < fewestCases {
		t.Errorf("%s: %d cases: want at least %d", file, len(table.cases), fewestCases)
	}
	regime, err := rules.Pack(pack)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	lines := strings.Split(string(text), "\n")
	for _, c := range table.cases {
		got, rulesNamed, err := c.decide(regime)
		if err != nil {
			t.Errorf("%s:%d: %s: %v", file, c.line, c.name, err)
			continue
		}
		for _, id := range rulesNamed {
			named[id] = true
		}
		if *update {
			lines[c.wantLine-1] = "=> " + got
		} else if got != c.want {
			t.Errorf("%s:%d: %s\n got %s\nwant %s", file, c.wantLine, c.name, got, c.want)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range everyRule(t, regime) {
		if !named[id] {
			t.Errorf("%s: no case shows what %s does", file, id)
		}
	}
}

// everyRule is the rules of a regime under any value of each of its parameters, by ID.
func everyRule(t *testing.T, g *rules.Regime) []string {
	ids := map[string]bool{}
	add := func(g *rules.Regime) {
		for _, u := range g.Rules {
			ids[u.ID] = true
		}
	}
	add(g)
	for _, p := range g.Parameters {
		for _, v := range p.Values {
			with, err := g.With(map[string]string{p.Name: v})
			if err != nil {
				t.Fatalf("%s with %s=%s: %v", g.Name, p.Name, v, err)
			}
			add(with)
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// decide asks a case's question and writes the verdict as tables do, with the rules that it names.
func (c *verdictCase) decide(g *rules.Regime) (string, []string, error) {
	g, err := g.With(c.with)
	if err != nil {
		return "", nil, err
	}
	s, err := rules.Compile(c.facts, []*rules.Regime{g}, c.date)
	if err != nil {
		return "", nil, err
	}
	v := rules.Decide(s, c.question)
	if !v.Known {
		return "", nil, fmt.Errorf("the element of the case has no record")
	}
	var others []string
	for _, r := range v.Explain().Rules {
		if r.Act != rules.Allow && r.Rule != v.Rule.ID && !slices.Contains(others, r.Rule) {
			others = append(others, r.Rule)
		}
	}
	slices.Sort(others)
	b := &strings.Builder{}
	fmt.Fprint(b, v.Act)
	if v.Rule != nil {
		fmt.Fprint(b, " ", v.Rule.ID)
	}
	if v.Owes != 0 {
		fmt.Fprint(b, " owes ", v.Owes)
	}
	if v.Due != 0 {
		fmt.Fprint(b, " due ", v.Due)
	}
	if others != nil {
		fmt.Fprint(b, " also ", strings.Join(others, ","))
	}
	if v.Rule != nil {
		others = append(others, v.Rule.ID)
	}
	return b.String(), others, nil
}
