package node

import (
	"testing"

	"cordon/amf"
)

// TestHeaviest: a radio that floods the core is told to hold back, and nobody else; when all
// cause the load alike, half are.
func TestHeaviest(t *testing.T) {
	n := still(t, 1, &testStore{})
	for _, c := range []struct {
		name   string
		posted []uint64
		want   []amf.RadioID
	}{
		{"nobody", nil, nil},
		{"silence", []uint64{0, 0}, nil},
		{"one floods", []uint64{30, 12500, 25, 40}, []amf.RadioID{2}},
		{"two flood", []uint64{9000, 30, 9000, 40}, []amf.RadioID{1, 3}},
		{"all alike", []uint64{100, 100, 100, 100}, []amf.RadioID{1, 2}},
		{"one alone", []uint64{5}, []amf.RadioID{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all []load
			for i, v := range c.posted {
				all = append(all, load{n.living(amf.RadioID(i+1), "192.0.2.1:1"), v})
			}
			got := heaviest(all)
			if len(got) != len(c.want) {
				t.Fatalf("%d radios, want %v", len(got), c.want)
			}
			for i, id := range c.want {
				if got[i].by.id != id {
					t.Errorf("radio %d, want %d", got[i].by.id, id)
				}
			}
		})
	}
}

// TestLoads: what counts is what has come since the last look.
func TestLoads(t *testing.T) {
	n := still(t, 1, &testStore{})
	a := n.living(1, "192.0.2.1:1")
	a.info.Store(&amf.RadioInfo{ID: 1})
	posted := make(map[amf.RadioID]uint64)
	for i, want := range []uint64{5, 7, 0} {
		a.posted.Add(want)
		if got := n.loads(posted); len(got) != 1 || got[0].posted != want {
			t.Errorf("look %d: %+v", i, got)
		}
	}
	delete(n.radios, 1)
	if n.loads(posted); len(posted) != 0 {
		t.Error("a radio that has gone is remembered")
	}
}
