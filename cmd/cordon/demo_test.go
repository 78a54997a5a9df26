package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cordon/geo"
	"cordon/node"
	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// filed reads the files that the demo wrote, as anybody would who has nothing else.
func filed(t *testing.T, c node.TrustConfig) *rules.Snapshot {
	t.Helper()
	facts, warnings, regimes, err := c.ReadLaw()
	if err != nil || len(warnings) > 0 {
		t.Fatalf("the records: %v, warnings %v", err, warnings)
	}
	s, err := rules.Compile(facts, regimes, c.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func contents(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// verdictLine is a verdict in the golden table.
func verdictLine(name, act, rule string, owes []string) string {
	return strings.TrimRight(fmt.Sprintf("%-13s %-8s %-8s %s", name, act, rule, strings.Join(owes, " ")), " ")
}

// verdictOf is the line of a verdict.
func verdictOf(name string, v rules.Verdict) string {
	rule := ""
	if v.Rule != nil {
		rule = v.Rule.ID
	}
	return verdictLine(name, v.Act.String(), rule, v.Owes.Words())
}

// The verdicts on all of the country are those of the table: on each element, and on the device and the
// session of somebody protected on each radio.
func TestDemoVerdicts(t *testing.T) {
	c, err := writeCountry(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	s := filed(t, c)
	for e, v := range s.Elements() {
		fmt.Fprintln(&b, verdictOf(e.Name, v))
		if !e.HasNode {
			continue
		}
		q := rules.Question{Gate: rules.GateDevice, Node: e.Node, Protected: true, TAC: e.TACs[0]}
		fmt.Fprintln(&b, verdictOf("  device", rules.Decide(s, q)))
		q.Gate, q.DNN, q.Slice = rules.GateSession, "internet", e.Slices[0]
		fmt.Fprintln(&b, verdictOf("  session", rules.Decide(s, q)))
	}
	const golden = "testdata/demo_verdicts.txt"
	if want := string(contents(t, golden)); b.String() != want {
		t.Errorf("%s:\n%s\nhave:\n%s", golden, want, b.String())
	}
}

// What "cordon demo --records" writes is judged by the command that it prints as the running demo judges
// it, element by element.
func TestDemoVerdictsAreThoseOfTheFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "haldrey")
	for range 2 { // a second time the files are there already
		if status, _, errs := run(t, nil, "", "demo", "--records", dir); status != statusOK {
			t.Fatalf("status %d: %s", status, errs)
		}
	}
	_, out, _ := run(t, nil, "", "demo", "--records", dir)
	_, command, _ := strings.Cut(out, "\n\n  cordon ")
	status, out, errs := run(t, nil, "", append(strings.Fields(command), "--format", "json")...)
	if status != statusFailed || errs != "" { // for an element is refused
		t.Fatalf("%s: status %d: %s", command, status, errs)
	}
	var check report.Check
	if err := json.Unmarshal([]byte(out), &check); err != nil {
		t.Fatal(err)
	}
	d, err := openDemo(newStory(&strings.Builder{}))
	if err != nil {
		t.Fatal(err)
	}
	defer d.clear()
	defer d.core.Close()
	running, err := d.core.Elements(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	law, err := d.core.Law(t.Context())
	if err != nil || law.Digest != check.Snapshot || law.AsOf != check.AsOf.String() {
		t.Errorf("the demo obeys %+v (%v); what the files say is %s as of %v", law, err, check.Snapshot, check.AsOf)
	}
	if len(running) == 0 || len(running) != len(check.Elements) || len(check.Warnings) > 0 {
		t.Fatalf("%d elements, %d of the files, warnings %v", len(running), len(check.Elements), check.Warnings)
	}
	for i, e := range check.Elements { // both in the order of names
		have := verdictLine(running[i].Name, running[i].Act, running[i].Rule, running[i].Owes)
		if want := verdictLine(e.Name, e.Act.String(), e.Rule, e.Owes); have != want || running[i].Due != e.Due.String() {
			t.Errorf("the files say %s, the running demo %s", want, have)
		}
	}
}

// Files that are somebody's own are left alone.
func TestDemoRecordsOverwriteNothing(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "sites.yaml")
	if err := os.WriteFile(own, []byte("sites: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, errs := run(t, nil, "", "demo", "--records", dir)
	if status != statusFailed || !strings.Contains(errs, "name another directory") || string(contents(t, own)) != "sites: []\n" {
		t.Errorf("status %d: %s", status, errs)
	}
}

// A site in the sea is refused: the country has a coast.
func TestDemoIsAnIsland(t *testing.T) {
	facts, warnings, err := countryFacts()
	if err != nil || len(warnings) > 0 {
		t.Fatalf("%v, warnings %v", err, warnings)
	}
	facts.Sites[0].At = geo.Point{Lat: 56.5, Lon: -24}
	if _, _, err := trust.Parse([]trust.File{{Name: "sea.yaml", Text: trust.Export(facts)}}); err == nil || !strings.Contains(err.Error(), "in the sea") {
		t.Errorf("a site in the sea: %v", err)
	}
}

// The whole story, as fast as it goes.
func TestDemo(t *testing.T) {
	var told strings.Builder
	d, err := openDemo(newStory(&told))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.run(t.Context(), 0)
	if err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	if !s.OK {
		t.Fatalf("it did not end well: %+v\n%s", s, told.String())
	}
	if want := (demoRadios{Total: 12, Allowed: 6, Restricted: 4, Refused: 1, Pending: 1, Approved: 1}); s.Radios != want {
		t.Errorf("radios: %+v, want %+v", s.Radios, want)
	}
	if c := s.Cut; c.Radios != 3 || c.Devices != 12 || c.Moved != 10 || c.Stranded != 2 || c.Seconds <= 0 || !c.Restored {
		t.Errorf("cut: %+v", c)
	}
	if want := (demoWhatIf{Regime: demoOther, Refused: 5, Dark: 1, Cost: 1_740_000, Currency: "XHC"}); s.WhatIf != want {
		t.Errorf("what if: %+v, want %+v", s.WhatIf, want)
	}
	switch {
	case s.Phones != 22, s.Registered != 22, s.Protected != 2, s.Moves < 13, s.Sealed.Passed < 3, s.Sealed.Dropped < 3,
		s.Findings["stolen connection"] != 1, s.Evidence.Entries < 20, len(s.Sites) != 9:
		t.Errorf("%+v", s)
	}
	if !regexp.MustCompile(`entries verify .*: \d+ act, \d+ cut, \d+ finding, \d+ pending, \d+ snapshot, 1 start, 1 stop, \d+ verdict`).MatchString(told.String()) {
		t.Errorf("the evidence does not have each step:\n%s", told.String())
	}
	if _, err := os.Stat(d.dir); err == nil {
		t.Error("it left its directory behind")
	}
	fields(t, s)
}

// A scene that does not come out is told, and what there is of evidence is verified all the same.
func TestDemoFailsHonestly(t *testing.T) {
	var told strings.Builder
	d, err := openDemo(newStory(&told))
	if err != nil {
		t.Fatal(err)
	}
	d.limit = time.Nanosecond
	s, err := d.run(t.Context(), 0)
	if err != nil || s.OK || len(s.Problems) != 1 || !strings.HasPrefix(s.Problems[0], scenes[0].name+": want this: ") || !s.Evidence.Verified {
		t.Errorf("%v: %+v\n%s", err, s, told.String())
	}
}

// breaker interrupts when it is told of something.
type breaker struct {
	at   string
	stop func()
}

func (b breaker) Write(text []byte) (int, error) {
	if strings.Contains(string(text), b.at) {
		b.stop()
	}
	return len(text), nil
}

func TestDemoInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d, err := openDemo(newStory(breaker{"has no record", stop}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.run(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(d.dir); err == nil {
		t.Error("it left its directory behind")
	}
}

// fields holds the summary to the names that scripts rely on.
func fields(t *testing.T, s demoSummary) {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(b, &object); err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(`radios.total radios.allowed radios.restricted radios.refused radios.pending radios.approved
		phones registered sessions protected sealed_packets.passed sealed_packets.dropped moves findings cut.vendor cut.radios cut.devices
		cut.moved cut.stranded cut.seconds cut.restored whatif.regime whatif.refused whatif.dark whatif.cost whatif.currency
		evidence.entries evidence.verified evidence.tamper_found regime as_of sites transport user_plane seconds ok`) {
		at := object
		outer, inner, nested := strings.Cut(path, ".")
		if nested {
			at, _ = object[outer].(map[string]any)
			outer = inner
		}
		if _, there := at[outer]; !there {
			t.Errorf("the summary has no %s", path)
		}
	}
}

func TestDemoUsage(t *testing.T) {
	for _, args := range []string{"demo --for 14s", "demo --for x", "demo more"} {
		if status, _, _ := run(t, nil, "", strings.Fields(args)...); status != statusUsage {
			t.Errorf("%s: status %d", args, status)
		}
	}
}
