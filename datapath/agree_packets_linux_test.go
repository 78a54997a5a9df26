package datapath

import (
	"testing"

	"cordon/upf"
	"cordon/upf/upftest"
)

// TestProgramTable: the program does with each packet of the table that every forwarder is held to
// what the reference does, or passes it on.
func TestProgramTable(t *testing.T) {
	k := newKernel(t)
	for _, c := range upftest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			w := k.begin(t, c.Change, nil)
			for i, st := range c.Steps {
				before := k.passed
				if err := st.Judge(w, func(b []byte) upf.Verdict { return k.take(&st, b) }); err != nil {
					t.Errorf("packet %d: %v", i, err)
				}
				if k.passed > before {
					t.Logf("packet %d was passed on", i)
				}
				k.sameMemory()
			}
			k.sameCounts()
		})
	}
	t.Logf("%d packets forwarded, %d dropped, %d passed on", k.forwarded, k.dropped, k.passed)
}
