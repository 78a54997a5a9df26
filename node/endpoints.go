package node

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"

	"cordon/amf"
)

// Refusals of a tunnel endpoint that cannot be the radio's who named it.
var (
	errForeignEndpoint  = errors.New("tunnel endpoint of another radio")
	errTooManyEndpoints = errors.New("more tunnel endpoints than a radio has")
)

// maxEndpoints is how many addresses a radio may have on N3, so that none takes those that
// others will need.
const maxEndpoints = 16

// endpoints says whose the radios' N3 addresses are. An address belongs to the radio that
// first named it for as long as that radio is connected: another that names it would have
// its devices' downlink delivered elsewhere (invariant 5). Which addresses may be a
// radio's at all is the user plane's to know. The shards share it.
type endpoints struct {
	mu    sync.Mutex // guards owner and held
	owner map[netip.Addr]amf.RadioID
	held  map[amf.RadioID]int // how many addresses are its
}

func newEndpoints() *endpoints {
	return &endpoints{owner: make(map[netip.Addr]amf.RadioID), held: make(map[amf.RadioID]int)}
}

// claim notes that radio named addr, and whether for the first time; or says why that
// cannot be its. A radio has at most maxEndpoints.
func (e *endpoints) claim(addr netip.Addr, radio amf.RadioID) (first bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	owner, known := e.owner[addr]
	switch {
	case known && owner != radio:
		return false, fmt.Errorf("%s: %w", addr, errForeignEndpoint)
	case known:
		return false, nil
	case e.held[radio] >= maxEndpoints:
		return false, fmt.Errorf("%s: %w", addr, errTooManyEndpoints)
	}
	e.owner[addr] = radio
	e.held[radio]++
	return true, nil
}

// disclaim takes back a claim that came to nothing.
func (e *endpoints) disclaim(addr netip.Addr, radio amf.RadioID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.owner[addr] == radio {
		delete(e.owner, addr)
		e.held[radio]--
	}
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
	delete(e.held, radio)
}
