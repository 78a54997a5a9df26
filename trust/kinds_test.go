package trust_test

import (
	"slices"
	"testing"

	"cordon/amf"
	"cordon/n4"
	"cordon/smf"
	"cordon/trust"
	"cordon/upf"
)

// Every kind of finding that the core's machines know is in the table, by its name there, and no other is: rules would
// count what nobody ever sees.
func TestKindsOfMachines(t *testing.T) {
	names := []string{smf.ForeignEndpoint.String(), upf.ReasonUnknownTEID.String(), "malformed", trust.Reported}
	for k := range amf.FindingSwitch + 1 {
		names = append(names, k.String())
	}
	for r := range upf.Reason(upf.Reasons) {
		if r.Finding() {
			names = append(names, r.String())
		}
	}
	for f := range upf.EchoFaults {
		names = append(names, f.String())
	}
	for k := range n4.KindFalseUsage + 1 {
		names = append(names, "n4 "+k.String())
	}
	if len(names) < 30 {
		t.Errorf("only %d kinds: the test looks at too few", len(names))
	}
	for _, n := range names {
		if _, ok := trust.KindNamed(n); !ok {
			t.Errorf("%q is in no kind of finding", n)
		}
	}
	for _, k := range trust.Kinds() {
		if !slices.Contains(names, k.Name) {
			t.Errorf("nothing observes %q", k.Name)
		}
	}
}

func TestKindsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range trust.Kinds() {
		if k.Name == "" || seen[k.Name] || k.Means == "" || k.Do == "" || k.Invariant < 1 || k.Invariant > 10 || k.Lasting && k.Free > 0 {
			t.Errorf("%+v", k)
		}
		seen[k.Name] = true
	}
	if _, ok := trust.KindNamed("no such"); ok {
		t.Error("a kind of no name")
	}
}
