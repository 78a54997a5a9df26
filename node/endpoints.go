package node

import (
	"fmt"
	"net/netip"

	"cordon/amf"
	"cordon/smf"
)

// mayReceive reports whether downlink may go to an address because a radio says so: its record
// must have the address (invariant 5). Records that share one are refused, so it is nobody else's.
func (n *Node) mayReceive(addr netip.Addr, radio amf.RadioID) error {
	a := n.association(radio)
	if a == nil {
		return fmt.Errorf("%s: %w, which is gone", addr, smf.ErrForeignEndpoint)
	}
	if record := n.law.now.Load().Radio(a.node()); record == nil || !record.OwnsN3(addr) {
		return fmt.Errorf("%s: %w", addr, smf.ErrForeignEndpoint)
	}
	return nil
}
