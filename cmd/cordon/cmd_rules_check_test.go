package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/report"
	"cordon/rules"
)

const (
	checkRecords = `vendors:
  - {name: alder, country: FI}
  - {name: dragon, country: CN, classes: [{class: high-risk}]}
sites:
  - {name: hill, country: GB, at: [51, 0]}
elements:
  - {name: amf-1, functions: [amf], technology: 5g, vendor: MAKER, manager: alder, site: hill, installed: 2019-01-01}
  - {name: gnb-1, functions: [gnb], technology: 5g, vendor: dragon, site: hill, installed: 2019-01-01, node: gnb-00101-1/24, tacs: [1], slices: ["1"], addresses: {n2: [192.0.2.1]}, served: {circle: {centre: [51, 0], radius_km: 2}}}
`
	checkRules = `regime: own-2027
title: Our own
status: own
summary: s
parameters:
  - {name: strictness, values: ["2027-01-01", "2030-01-01"], why: undecided}
rules:
  - {id: OWN-1, shape: phase-out, text: No dragon in the core., source: {document: The board}, functions: [amf], class: high-risk, hard: $strictness}
  - {id: OWN-2, shape: separation, text: Dragon's radios are watched., source: {document: The board}, functions: [gnb], class: high-risk, act: restrict, owes: [watch]}
`
)

// checkFiles writes records whose core has that maker, and rules.
func checkFiles(t *testing.T, maker string) (records, own string) {
	t.Helper()
	dir := t.TempDir()
	records, own = filepath.Join(dir, "records.yaml"), filepath.Join(dir, "own-2027.yaml")
	for file, text := range map[string]string{records: strings.ReplaceAll(checkRecords, "MAKER", maker), own: checkRules} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return records, own
}

func TestRulesCheckStatus(t *testing.T) {
	lawful, own := checkFiles(t, "alder")
	unlawful, _ := checkFiles(t, "dragon")
	for _, tt := range []struct {
		name string
		want int
		args []string
	}{
		{"nothing is refused", 0, []string{lawful, "--regime", own, "--as-of", "2028-01-01"}},
		{"something is", 1, []string{unlawful, "--regime", own, "--as-of", "2028-01-01"}},
		{"in grace", 0, []string{unlawful, "--rules", own, "--as-of", "2026-12-31"}},
		{"on the day", 1, []string{unlawful, "--rules", own, "--as-of", "2027-01-01"}},
		{"restricted", 1, []string{lawful, "--rules", own, "--as-of", "2026-12-31", "--fail-on", "restrict"}},
		{"for a look only", 0, []string{unlawful, "--rules", own, "--as-of", "2028-01-01", "--fail-on", "never"}},
		{"a regime that comes with Cordon", 1, []string{unlawful, "--regime", "uk-2019", "--as-of", "2020-01-01", "--param", "uk-2019.near_km=0", "--months", "0"}},
	} {
		for _, format := range []string{"text", "json", "html"} {
			status, out, errs := run(t, nil, "", append([]string{"rules", "check", "--format", format}, tt.args...)...)
			if status != tt.want || errs != "" || !strings.Contains(out, "amf-1") {
				t.Errorf("%s, %s: status %d, %q\n%s", tt.name, format, status, errs, out)
			}
		}
	}
}

func TestRulesCheckToFile(t *testing.T) {
	records, own := checkFiles(t, "dragon")
	to := filepath.Join(t.TempDir(), "report.json")
	status, out, errs := run(t, nil, "", "rules", "check", records, "--rules", own, "--regime", "contain", "--as-of", "2028-01-01", "--format", "json", "-o", to)
	if status != statusFailed || out+errs != "" {
		t.Fatalf("status %d: %s%s", status, out, errs)
	}
	text, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	var c report.Check
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Regimes) != 2 || c.AsOf.String() != "2028-01-01" || len(c.Elements) != 2 || c.Elements[0].Act != rules.Refuse || c.Elements[0].Rule != "CONTAIN-02" {
		t.Errorf("%s", text)
	}
	if status, _, errs := run(t, nil, "", "rules", "check", records, "--rules", own, "-o", filepath.Join(to, "no")); status != statusFailed || !strings.Contains(errs, "not a directory") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// All that is wrong in all files is told at once, with its place.
func TestRulesCheckBadInput(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"a.yaml":   "vendors:\n  - {name: alder, colour: red}\n",
		"b.yaml":   "sites:\n  - {name: hill, at: [91, 0]}\n",
		"own.yaml": "regime: own\ntitle: t\nstatus: own\nsummary: s\nrules:\n  - {id: X-1, shape: ban, text: x, source: {document: d}}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	status, out, errs := run(t, nil, "", "rules", "check", in("a.yaml"), in("b.yaml"), "--rules", in("own.yaml"), "--regime", "uk-2091", "--regime", "contain", "--param", "contain.near_km=7")
	if status != statusUsage || out != "" {
		t.Errorf("status %d: %s", status, out)
	}
	for _, want := range []string{in("a.yaml") + ":2:19:", in("b.yaml") + ":2:23:", in("own.yaml") + ":6:22:", "uk-2091", `"7" is none of its values`} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not told:\n%s", want, errs)
		}
	}
	status, out, errs = run(t, nil, "", "rules", "check", in("a.yaml"), in("none.yaml"), "--regime", "contain")
	if status != statusUsage || out != "" || !strings.Contains(errs, "none.yaml") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

func TestRulesCheckUsage(t *testing.T) {
	records, own := checkFiles(t, "alder")
	for want, args := range map[string][]string{
		"want a --regime":              {records},
		"an argument is missing":       {"--regime", "contain"},
		"none of text, json and html":  {records, "--regime", "contain", "--format", "pdf"},
		"none of refuse, restrict":     {records, "--regime", "contain", "--fail-on", "allow"},
		"is not as uk-2019.near_km=0":  {records, "--regime", "contain", "--param", "near_km=0"},
		"no --regime uk-2019 is":       {records, "--regime", "contain", "--param", "uk-2019.near_km=0"},
		"states its values in its":     {records, "--rules", own, "--param", "own-2027.strictness=2030-01-01"},
		"want one as 2027-12-31":       {records, "--regime", "contain", "--as-of", "tomorrow"},
		"--months: want 0 to 1200":     {records, "--regime", "contain", "--months", "1201"},
		"flag provided but not define": {records, "--regime", "contain", "--colour"},
	} {
		if status, out, errs := run(t, nil, "", append([]string{"rules", "check"}, args...)...); status != statusUsage || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, want %q\n%s%s", args, status, want, out, errs)
		}
	}
}
