package node

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"

	"cordon/amf"
)

// errForeignEndpoint refuses a tunnel endpoint that cannot be the radio's who named it.
var errForeignEndpoint = errors.New("tunnel endpoint of another radio")

// endpoints says whose the radios' N3 addresses are. An address belongs to the radio that
// first named it for as long as that radio is connected: another that names it would have
// its devices' downlink delivered elsewhere (invariant 5). Which addresses may be a
// radio's at all is the user plane's to know. The shards share it.
type endpoints struct {
	mu    sync.Mutex // guards owner
	owner map[netip.Addr]amf.RadioID
}

func newEndpoints() *endpoints { return &endpoints{owner: make(map[netip.Addr]amf.RadioID)} }

// claim notes that radio named addr, or gives errForeignEndpoint. A radio has at most
// maxEndpoints.
func (e *endpoints) claim(addr netip.Addr, radio amf.RadioID) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch owner, known := e.owner[addr]; {
	case known && owner != radio:
		return fmt.Errorf("%s: %w", addr, errForeignEndpoint)
	case !known:
		e.owner[addr] = radio
	}
	return nil
}

// release forgets what a radio that has gone had named.
func (e *endpoints) release(radio amf.RadioID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for addr, owner := range e.owner {
		if owner == radio {
			delete(e.owner, addr)
		}
	}
}
