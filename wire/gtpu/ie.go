package gtpu

import (
	"encoding/binary"
	"net/netip"

	"cordon/ident"
)

// Information element types (TS 29.281 §8.1). Below 128 an element has no length field.
const (
	ieRecovery       = 14
	ieTEID           = 16
	iePeerAddress    = 133
	ieExtensionTypes = 141 // the one with a length of one octet (§8.5)
)

// elements is what the information elements of a path message say. Of repeated ones the first
// counts; unknown ones are skipped where their length can be known.
type elements struct {
	hasRecovery   bool
	counter       uint8
	hasTEID       bool
	teid          ident.TEID
	peer          netip.Addr
	extensions    []byte // part of the input
	hasExtensions bool
}

// parseElements reads the elements after a path message's header.
func parseElements(b []byte) (elements, error) {
	var e elements
	for len(b) > 0 {
		typ, lead, n := b[0], 1, 0
		switch {
		case typ == ieRecovery:
			n = 1
		case typ == ieTEID:
			n = 4
		case typ < 0x80: // no length, so nothing after it can be found
			return elements{}, FaultIE
		case typ == ieExtensionTypes:
			if len(b) < 2 {
				return elements{}, FaultIE
			}
			lead, n = 2, int(b[1])
		default:
			if len(b) < 3 {
				return elements{}, FaultIE
			}
			lead, n = 3, int(b[1])<<8|int(b[2])
		}
		if n > len(b)-lead {
			return elements{}, FaultIE
		}
		if !e.set(typ, b[lead:lead+n]) {
			return elements{}, FaultIE
		}
		b = b[lead+n:]
	}
	return e, nil
}

// set takes one element and reports whether its value is well formed.
func (e *elements) set(typ byte, v []byte) bool {
	switch {
	case typ == ieRecovery && !e.hasRecovery:
		e.hasRecovery, e.counter = true, v[0]
	case typ == ieTEID && !e.hasTEID:
		e.hasTEID, e.teid = true, ident.TEID(binary.BigEndian.Uint32(v))
	case typ == iePeerAddress && !e.peer.IsValid():
		addr, ok := netip.AddrFromSlice(v)
		e.peer = addr.Unmap()
		return ok
	case typ == ieExtensionTypes && !e.hasExtensions:
		e.hasExtensions, e.extensions = true, v
	}
	return true
}
