package rules_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// TestPageTrial makes the trial that docs/rules.md tells of: its regime, its records, and on each day of its table the
// verdicts that stand there.
func TestPageTrial(t *testing.T) {
	page, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	example := func(begins string) []byte {
		_, text, found := strings.Cut(string(page), "```yaml\n"+begins)
		if !found {
			t.Fatalf("the page has no example that begins with %s", begins)
		}
		text, _, _ = strings.Cut(text, "```")
		return []byte(begins + text)
	}
	regime, err := rules.Parse("own-2027.yaml", example("regime: own-2027"))
	if err != nil {
		t.Fatal(err)
	}
	facts, _, err := trust.Parse([]trust.File{{Name: "radios.yaml", Text: example("vendors:")}})
	if err != nil {
		t.Fatal(err)
	}
	days := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		day, err := rules.ParseDate(cells[0])
		if err != nil || len(cells) != 3 {
			continue
		}
		days++
		s, err := rules.Compile(facts, []*rules.Regime{regime}, day)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"gnb-7", "gnb-8"} {
			if got := shown(rules.Decide(s, rules.Question{Element: name})); got != cells[i+1] {
				t.Errorf("%s of %s: got %q, the page says %q", name, day, got, cells[i+1])
			}
		}
	}
	if days < 4 {
		t.Errorf("the page has %d days of its trial", days)
	}
	day, err := rules.ParseDate("2027-06-01")
	if err != nil {
		t.Fatal(err)
	}
	s, err := rules.Compile(facts, []*rules.Regime{regime}, day)
	if err != nil {
		t.Fatal(err)
	}
	told := string(report.Explain(rules.Decide(s, rules.Question{Gate: rules.GateManagement, Element: "gnb-8"}).Explain()))
	told, _, _ = strings.Cut(told, "\nWhat would change it")
	told = strings.ReplaceAll("    "+strings.TrimSpace(strings.ReplaceAll(told, "\n", "\n    ")), "\n    \n", "\n\n")
	if !strings.Contains(string(page), told) {
		t.Errorf("the page tells the refusal of gnb-8 otherwise than it is told:\n%s", told)
	}
}

// shown is a verdict as the page tells it.
func shown(v rules.Verdict) string {
	words := []string{v.Act.String()}
	if v.Rule != nil {
		words = append(words, v.Rule.ID)
	}
	if v.Act == rules.Restrict {
		words = append(words, fmt.Sprintf("owes %s due %s", v.Owes, v.Due))
	}
	return strings.Join(words, " ")
}
