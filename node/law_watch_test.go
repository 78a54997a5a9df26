package node

import (
	"slices"
	"testing"

	"cordon/rules"
)

func TestDiffering(t *testing.T) {
	o := func(element, kind string, n int) rules.Observation {
		return rules.Observation{Element: element, Kind: kind, Count: n}
	}
	got := differing([]rules.Observation{o("a", "x", 1), o("a", "y", 2), o("b", "x", 3)}, []rules.Observation{o("a", "x", 1), o("a", "y", 5), o("c", "x", 1)})
	want := []rules.Observation{o("a", "y", 5), o("c", "x", 1), o("b", "x", 0)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
