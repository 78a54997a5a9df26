package main

import (
	"testing"

	"cordon/console"
)

func TestRoundTrip(t *testing.T) {
	path := func(sessions, answers int, ms float64) console.PlanePeer {
		return console.PlanePeer{Sessions: sessions, Echo: console.PlaneEcho{Measured: true, Round: answers, Fastest: ms}}
	}
	for _, c := range []struct {
		paths []console.PlanePeer
		want  string
	}{
		{nil, "-"},
		{[]console.PlanePeer{{Sessions: 1}}, "-"}, // not measured yet
		{[]console.PlanePeer{path(1, 5, 0.04)}, "0.0 ms"},
		{[]console.PlanePeer{path(1, 5, 2), path(1, 1, 31.24), path(1, 5, 4)}, "31.2 ms"},
		{[]console.PlanePeer{path(1, 5, 2), path(1, 0, 0)}, "silent"},
		{[]console.PlanePeer{path(1, 5, 2), path(0, 0, 0)}, "2.0 ms"}, // nothing leads there any more
	} {
		if got := roundTrip(c.paths); got != c.want {
			t.Errorf("%+v: %q, want %q", c.paths, got, c.want)
		}
	}
}
