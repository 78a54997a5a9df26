package trust

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// rows is a table of fields as the documentation has it.
func rows[T any](fields []field[T]) string {
	var b strings.Builder
	for _, f := range fields {
		star := ""
		if f.need {
			star = " *"
		}
		fmt.Fprintf(&b, "| `%s`%s | %s |\n", f.name, star, f.about)
	}
	return b.String()
}

// The documentation has every field, column and kind of finding, in the words of their tables; and its example is read.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("../docs/records.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	var findings strings.Builder
	for _, k := range kinds {
		counts := "24 hours"
		if k.Lasting {
			counts = "until cleared"
		} else if k.Free > 0 {
			counts = fmt.Sprintf("24 hours, beyond %d in one", k.Free)
		}
		fmt.Fprintf(&findings, "| %s | %d | %s | %s | %s | %s |\n", k.Name, k.Invariant, k.By, k.Means, k.Do, counts)
	}
	for _, table := range []string{rows(vendorFields), rows(classFields), rows(siteFields), rows(zoneFields), rows(elementFields), rows(addressFields),
		rows(permitFields), rows(planFields), rows(managementFields), rows(linkFields), findings.String()} {
		if !strings.Contains(doc, table) {
			t.Errorf("docs/records.md lacks\n%s", table)
		}
	}
	for _, c := range readings() {
		if !strings.Contains(doc, "`"+c.name+"`") {
			t.Errorf("docs/records.md lacks the column %s", c.name)
		}
	}
	_, example, _ := strings.Cut(doc, "```yaml\n")
	example, _, ok := strings.Cut(example, "```")
	if f, warnings, err := Parse([]File{{"example.yaml", []byte(example)}}); err != nil || !ok || len(f.Elements) != 2 || len(warnings) != 0 {
		t.Errorf("%v %v", err, warnings)
	}
}
