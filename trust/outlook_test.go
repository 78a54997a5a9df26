package trust

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cordon/rules"
)

const lawText = `regime: test-law
title: A law for tests
status: law
summary: Alder leaves the network step by step.
vendors:
  - {names: [alder], class: high-risk, notice: a notice, from: 2020-01-01}
rules:
  - id: T-CORE
    shape: function-ban
    text: No core function is of a high-risk vendor.
    mark: F
    source: {document: a law}
    functions: [upf]
    class: high-risk
    from: 2026-06-01
    hard: 2027-01-01
  - id: T-ALL
    shape: phase-out
    text: High-risk vendors leave.
    mark: F
    source: {document: a law}
    class: high-risk
    hard: 2028-01-01
  - id: T-CAP
    shape: share-cap
    text: At most half of the radios.
    mark: F
    source: {document: a law}
    functions: [gnb]
    class: high-risk
    cap: 80
    measure: count
`

const operatorText = `vendors: [{name: alder}, {name: birch}]
sites:
  - {name: mill, at: [51, 0]}
  - {name: coast, title: The coast, at: [52, 0]}
elements:
  - {name: g1, functions: [gnb], vendor: alder, manager: alder, node: gnb-00101-1/22, site: mill, installed: 2019-01-01, addresses: {n2: [192.0.2.1]},
     support: [alder, birch], software: [alder], model: x, version: "1", permits: [{kind: authorisation, from: 2020-01-01}],
     plan: {by: 2027-06-30, vendor: birch, cost: 1000, currency: GBP}}
  - {name: g2, functions: [gnb], vendor: birch, node: gnb-00101-2/22, site: mill, addresses: {n2: [192.0.2.2]}}
  - {name: g3, functions: [gnb], vendor: alder, node: gnb-00101-3/22, site: coast, addresses: {n2: [192.0.2.3]}}
  - {name: u1, functions: [upf], vendor: alder, site: mill, plan: {by: 2026-12-01, vendor: birch, cost: 500, currency: GBP}}
`

func TestOutlook(t *testing.T) {
	law, err := rules.Parse("test-law.yaml", []byte(lawText))
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, File{"o.yaml", []byte(operatorText)})
	from, _ := rules.ParseDate("2026-03-01")
	forecast, err := Outlook(f, []*rules.Regime{law}, from, 120)
	if err != nil || forecast.Later != 0 {
		t.Fatal(err, forecast.Later)
	}
	var got []string
	tell := func(o *Outcome) string {
		var w []string
		for _, r := range o.Refused {
			w = append(w, "-"+r.Element+" "+r.Rule.ID)
		}
		for _, r := range o.Restored {
			w = append(w, "+"+r)
		}
		for _, l := range o.Dark {
			w = append(w, fmt.Sprintf("%s dark %v", l.Element, l.Dark()))
		}
		return fmt.Sprintf("%s (%d, %d restricted, %d shares)", strings.Join(w, ", "), o.Serving, o.Restricted, len(o.Shares))
	}
	for _, d := range forecast.Due {
		got = append(got, fmt.Sprintf("%v as is: %s; planned: %s; %v", d.Date, tell(&d.AsIs), tell(&d.Planned), d.Cost))
	}
	want := []string{
		"2026-03-01 as is:  (4, 3 restricted, 1 shares); planned:  (4, 3 restricted, 1 shares); map[]",
		"2026-12-01 as is:  (4, 3 restricted, 1 shares); planned:  (4, 2 restricted, 1 shares); map[GBP:500]",
		"2027-01-01 as is: -u1 T-CORE (3, 2 restricted, 1 shares); planned:  (4, 2 restricted, 1 shares); map[GBP:500]",
		"2027-06-30 as is:  (3, 2 restricted, 1 shares); planned:  (4, 1 restricted, 1 shares); map[GBP:1500]",
		"2028-01-01 as is: -g1 T-ALL, -g3 T-ALL, g1 dark false, g3 dark true (1, 0 restricted, 1 shares); planned: -g3 T-ALL, g3 dark true (3, 0 restricted, 1 shares); map[GBP:1500]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	text, err := json.Marshal(forecast.Due[4].AsIs)
	if err != nil || !strings.Contains(string(text), `{"element":"g1","rule":"T-ALL"}`) || !strings.Contains(string(text), `{"rule":"T-CAP",`) {
		t.Errorf("%s %v", text, err)
	}
}

func TestFollow(t *testing.T) {
	f := parse(t, File{"o.yaml", []byte(operatorText)})
	f.Findings = []rules.Observation{{Element: "g1", Kind: "mac", Count: 1}, {Element: "g2", Kind: "mac", Count: 1}}
	was := Export(f)
	due := f.Elements[0].Plan.By
	if before := Follow(f, due-1); !reflect.DeepEqual(before.Elements[0], f.Elements[0]) || len(before.Findings) != 2 {
		t.Errorf("%+v", before.Elements[0])
	}
	after := Follow(f, due)
	e := after.Elements[0]
	if e.Vendor != "birch" || e.Manager != "birch" || e.Installed != due || e.Purchased != due || e.Permits != nil || e.Plan != nil || e.Model != "" ||
		!slices.Equal(e.Support, []string{"birch"}) || !slices.Equal(e.Software, []string{"birch"}) || !e.HasNode || e.Site != "mill" {
		t.Errorf("%+v", e)
	}
	if len(after.Findings) != 1 || after.Findings[0].Element != "g2" {
		t.Errorf("%+v", after.Findings)
	}
	if !reflect.DeepEqual(Export(f), was) {
		t.Error("following plans changed the records")
	}
	if _, err := check(after, &intake{}); err != nil {
		t.Error(err)
	}
}

// With more dates than a forecast works out it says how many are left.
func TestOutlookLater(t *testing.T) {
	f := parse(t, File{"o.yaml", []byte(operatorText)})
	for i := range 100 {
		f.Elements[0].Permits = append(f.Elements[0].Permits, rules.Permit{Kind: "authorisation", From: rules.Date(20_600 + 10*i)})
	}
	forecast, err := Outlook(f, nil, 20_600, 120)
	if err != nil || forecast.Later < 30 || len(forecast.Due) == 0 {
		t.Errorf("%+v %v", forecast.Later, err)
	}
	f.Elements[0].Name = f.Elements[1].Name
	if _, err := Outlook(f, nil, 20_600, 120); err == nil {
		t.Error("an outlook of contradictory records")
	}
}

// Replacements on ever so many days leave the rules' own deadlines in the forecast.
func TestOutlookPlansGiveWay(t *testing.T) {
	law, err := rules.Parse("test-law.yaml", []byte(lawText))
	if err != nil {
		t.Fatal(err)
	}
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "alder"}, {Name: "birch"}}}
	from, _ := rules.ParseDate("2026-03-01")
	for i := range 100 {
		f.Elements = append(f.Elements, rules.Element{Name: fmt.Sprintf("u%d", i), Functions: []rules.Function{"upf"}, Vendor: "alder",
			Plan: &rules.Replacement{By: from + rules.Date(i+1), Vendor: "birch", Cost: 1}})
	}
	forecast, err := Outlook(f, []*rules.Regime{law}, from, 120)
	if err != nil {
		t.Fatal(err)
	}
	last := len(forecast.Due) - 1
	deadline, _ := rules.ParseDate("2027-01-01")
	if d := forecast.Due[last]; d.Date != deadline || d.Cost[""] != 100 || len(d.AsIs.Refused) != 100 || d.Planned.Serving != 100 {
		t.Errorf("last is %v: %v, %d refused, %d serve", d.Date, d.Cost, len(d.AsIs.Refused), d.Planned.Serving)
	}
	if d := forecast.Due[1]; d.Date != from+1 || d.Cost[""] != 1 || d.Planned.Restricted != d.AsIs.Restricted-1 {
		t.Errorf("first plan: %v %v, %d restricted, as is %d", d.Date, d.Cost, d.Planned.Restricted, d.AsIs.Restricted)
	}
	if forecast.Later == 0 || !slices.IsSortedFunc(forecast.Due, func(a, b Due) int { return int(a.Date - b.Date) }) {
		t.Errorf("%d left", forecast.Later)
	}
}

func BenchmarkOutlook(b *testing.B) {
	law, err := rules.Parse("test-law.yaml", []byte(lawText))
	if err != nil {
		b.Fatal(err)
	}
	f := randomCountry(rand.New(rand.NewPCG(1, 2)), 10_000)
	f.Vendors = []rules.Vendor{{Name: "alder"}, {Name: "birch"}}
	for i := range f.Elements {
		f.Elements[i].Vendor = f.Vendors[i%2].Name
	}
	for b.Loop() {
		if _, err := Outlook(f, []*rules.Regime{law}, 20_000, 120); err != nil {
			b.Fatal(err)
		}
	}
}
