package node

import (
	"errors"
	"net/netip"
	"testing"

	"cordon/smf"
	"cordon/wire/pfcp"
)

func TestEndpoints(t *testing.T) {
	e := newEndpoints()
	addr := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 1, byte(i)}) }
	for i := range maxEndpoints {
		for _, want := range []bool{true, false} {
			if first, err := e.claim(addr(i), 1); first != want || err != nil {
				t.Fatalf("claim %d: %v, %v", i, first, err)
			}
		}
	}
	if _, err := e.claim(addr(maxEndpoints), 1); !errors.Is(err, errTooManyEndpoints) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := e.claim(addr(0), 2); !errors.Is(err, errForeignEndpoint) {
		t.Errorf("another's: %v", err)
	}
	e.disclaim(addr(0), 2) // not its to give back
	e.disclaim(addr(0), 1)
	if first, err := e.claim(addr(0), 2); !first || err != nil {
		t.Errorf("given back: %v, %v", first, err)
	}
	if _, err := e.claim(addr(maxEndpoints), 1); err != nil {
		t.Errorf("room again: %v", err)
	}
	e.release(1)
	e.release(2)
	if len(e.owner)+len(e.held) != 0 {
		t.Errorf("left: %v, %v", e.owner, e.held)
	}
}

// TestLateEndpoint has a radio that has gone claim an address: what it said was still on its
// way. The address must be free for the radio when it comes back under another number.
func TestLateEndpoint(t *testing.T) {
	x := start(t, testConfig(t))
	late := smf.Modify{Radio: 77, Request: pfcp.Modification{FARs: []pfcp.FAR{{ID: 1,
		Outer: pfcp.OuterHeader{TEID: 1, Addr: netip.AddrFrom4([4]byte{127, 0, 1, 1})}}}}}
	if err := x.shards[0].modify(late); err == nil {
		t.Error("a radio that is not there has an endpoint")
	}
	x.Node.endpoints.mu.Lock()
	defer x.Node.endpoints.mu.Unlock()
	if len(x.Node.endpoints.owner) != 0 {
		t.Errorf("taken: %v", x.Node.endpoints.owner)
	}
}
