// Package pfcp holds what N4 carries about a session (TS 29.244 §5.2): the rules by
// which a UPF detects packets (PDR), forwards them (FAR) and holds them to a rate (QER),
// the three requests that create, change and end them, their answers, and the report by
// which a UPF speaks first; and how two nodes find each other. The SMF makes these values, a UPF in the same process
// takes them as they are, and Append and Parse carry them to one elsewhere.
//
// The SMF chooses the device's address and the rules' identifiers; the UPF chooses the TEID (CHOOSE) and its own SEID.
//
// A message is one description, a table of its elements, used in both directions. What a table does not have is skipped, unless
// to skip it would widen what a rule lets pass: then the message is refused. An update says which parts of its rule it leaves as they
// are (Keep). Lists, elements and lengths are bounded before anything is made of them, and nothing is nested deeper than the tables are.
//
// Values are plain data and own their memory. A receiver keeps none of the slices it is given.
package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// Interface is the side of the UPF on which a packet comes in or leaves (§8.2.2, §8.2.24).
type Interface uint8

const (
	Access     Interface = 0 // towards the radios, N3
	Core       Interface = 1 // towards the data network, N6
	CPFunction Interface = 3 // the SMF, by a tunnel of its own (N4-u)
)

func (i Interface) String() string {
	switch i {
	case Access:
		return "access"
	case Core:
		return "core"
	case CPFunction:
		return "SMF"
	}
	return "unknown interface"
}

type (
	// PDRID names a packet detection rule within its session (§8.2.36).
	PDRID uint16
	// FARID names a forwarding action rule within its session (§8.2.74).
	FARID uint32
	// QERID names a QoS enforcement rule within its session; 0 is none (§8.2.75).
	QERID uint32
	// URRID names a usage reporting rule within its session; 0 is none (§8.2.54).
	URRID uint32
)

// FSEID names a session at one end of N4: the handle and the address it is known at
// (§8.2.37). The address is zero where both ends are one process.
type FSEID struct {
	SEID ident.SEID
	Addr netip.Addr
}

// FTEID is a tunnel endpoint of the UPF (§8.2.3). In a request Choose asks the UPF to
// draw the TEID and say which address it uses; an FTEID in an answer has both and no Choose.
//
// Rules of one session that ask with the same ChooseID, other than 0, share one endpoint.
type FTEID struct {
	Choose   bool
	ChooseID uint8
	TEID     ident.TEID
	Addr     netip.Addr
}
