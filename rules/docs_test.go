package rules

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// page is docs/rules.md, which regulators and engineers read. These tests have it keep up with the code.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rows is the cells of each row of the page's tables that begins with a name in code.
func rows(t *testing.T) map[string][][]string {
	found := map[string][][]string{}
	for line := range strings.Lines(page(t)) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		name := strings.Trim(cells[0], "`")
		found[name] = append(found[name], cells[1:])
	}
	if len(found) == 0 {
		t.Fatal("the page has no tables")
	}
	return found
}

func TestPageHasEachVariable(t *testing.T) {
	found := rows(t)
	for _, v := range variables {
		kind := strings.ReplaceAll(v.kind.String(), "map(string, int)", "map of int")
		kind = strings.ReplaceAll(kind, "list(string)", "list")
		if !slices.ContainsFunc(found[v.name], func(cells []string) bool { return cells[0] == kind && cells[1] != "" }) {
			t.Errorf("want the row | `%s` | %s | and its meaning; the page has %q", v.name, kind, found[v.name])
		}
	}
	for name := range found {
		if prefix, _, dotted := strings.Cut(name, "."); dotted && variableNamed(name) < 0 &&
			slices.ContainsFunc(variables, func(v variable) bool { return strings.HasPrefix(v.name, prefix+".") }) {
			t.Errorf("the page tells of %s, and selectors have no such variable", name)
		}
	}
}

func TestPageHasEachPack(t *testing.T) {
	found := rows(t)
	for _, name := range Packs() {
		g, err := Pack(name)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{g.Title, g.Status.String(), marks(g)}
		if !slices.ContainsFunc(found[name], func(cells []string) bool { return slices.Equal(cells, want) }) {
			t.Errorf("want the row | `%s` | %s |\nthe page has %q", name, strings.Join(want, " | "), found[name])
		}
	}
}

// marks counts a regime's rules by their evidence mark, under the defaults of its parameters.
func marks(g *Regime) string {
	var words []string
	for m := MarkPrimary; m <= MarkAddress; m++ {
		n := 0
		for _, r := range g.Rules {
			if r.Mark == m {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, m))
		}
	}
	return strings.Join(words, ", ")
}

func TestPageHasEachWord(t *testing.T) {
	text := page(t)
	for _, words := range [][]string{shapeWords, statusWords, gateWords, owesWords, actWords, measureWords} {
		for _, w := range nonEmpty(words) {
			if !strings.Contains(text, "**"+w+"**") && !strings.Contains(text, "`"+w+"`") {
				t.Errorf("the page does not tell of %s", w)
			}
		}
	}
	for _, p := range purposes {
		if !strings.Contains(text, "`"+string(p)+"`") {
			t.Errorf("the page does not tell of zones that are %s", p)
		}
	}
	for _, f := range functionTags {
		if !strings.Contains(text, "`"+string(f)+"`") {
			t.Errorf("the page does not tell of function tag %s", f)
		}
	}
	for _, id := range []string{RuleRecord, RuleAddress, RuleArea, RuleCertificate, RuleSlice, RuleCut} {
		if !strings.Contains(text, "`"+id+"`") {
			t.Errorf("the page does not tell of Cordon's own rule %s", id)
		}
	}
}

// TestPageExamples reads every example of a regime and of a rule on the page.
func TestPageExamples(t *testing.T) {
	shown := map[Shape]bool{}
	for i, part := range strings.Split(page(t), "```yaml\n")[1:] {
		text, _, closed := strings.Cut(part, "```")
		if !closed {
			t.Fatalf("example %d has no end", i+1)
		}
		switch {
		case strings.HasPrefix(text, "regime:"):
		case strings.HasPrefix(text, "shape:"):
			text = "regime: example\ntitle: x\nstatus: own\nsummary: x\nsets:\n  core: [amf]\n  access: [gnb]\nrules:\n  - id: OWN-01\n" +
				"    text: x\n    source: {document: x}\n    " + strings.TrimSpace(strings.ReplaceAll(text, "\n", "\n    ")) + "\n"
		default:
			continue // records and configuration, which other packages read
		}
		g, err := Parse(fmt.Sprintf("example %d", i+1), []byte(text))
		if err != nil {
			t.Errorf("%v\n%s", err, text)
			continue
		}
		for _, r := range g.Rules {
			shown[r.Shape] = true
		}
	}
	for s := FunctionBan; s <= Separation; s++ {
		if !shown[s] {
			t.Errorf("the page shows no example of %s", s)
		}
	}
}
