package datapath

import (
	"net/netip"
	"testing"

	"cordon/upf"
)

// TestFlowsAreShared: however many flows some devices open, another one can still have some.
func TestFlowsAreShared(t *testing.T) {
	f := newFlows(t.Context(), upf.Config{}, netip.AddrPort{}, func(Fault) {})
	device := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 45, byte(i >> 8), byte(i)}) }
	greedy := 64
	for i := range greedy {
		for f.begin(device(i)) {
		}
	}
	if f.of[device(0)] != flowsOfDevice {
		t.Errorf("a device alone had %d flows", f.of[device(0)])
	}
	honest := device(greedy)
	for range 16 {
		if !f.begin(honest) {
			t.Fatalf("no place for a device with %d flows; there are %d", f.of[honest], f.total)
		}
	}
	for ue, n := range f.of {
		for range n {
			f.end(ue)
		}
	}
	if f.total != 0 || len(f.of) != 0 {
		t.Errorf("%d flows of %d devices left behind", f.total, len(f.of))
	}
}
