package rules

import (
	"net/netip"

	"cordon/ident"
)

// Act is what a verdict comes to. A smaller one is stricter; the zero value refuses.
type Act uint8

const (
	Refuse   Act = iota // it may not serve
	Restrict            // it may, under obligations
	Allow               // it may, without any
)

// Owes is a set of obligations under which an element serves.
type Owes uint16

const (
	// SealedOnly sessions pass nothing but the seal gateway's address.
	SealedOnly Owes = 1 << iota
	// NoProtected keeps protected subscribers away.
	NoProtected
	// Watch counts findings against the element at lower thresholds.
	Watch
	// Replace has the element out of service by the verdict's Due.
	Replace
	// Late says that a target date has passed, or a share is over its cap within its grace.
	Late
	// Mediate has management go through the operator's mediation point only.
	Mediate
	// Report has the operator tell an authority.
	Report
	// Diversify has the operator bring in another vendor.
	Diversify
)

// Gate is a place in the running network where a verdict is asked for.
type Gate uint8

const (
	GateN2         Gate = iota + 1 // a radio sets up, or changes what it claims
	GateDevice                     // a device asks to be served through a radio
	GateSession                    // a session's user plane is asked for
	GateHandover                   // a handover's target is chosen
	GateN4                         // a user plane associates
	GateManagement                 // none but an operator asks: the record alone is judged
	GateSoftware                   // an element's software changes
)

// Question is what a gate asks. Node names a radio; where it is zero, Element names an element.
type Question struct {
	Gate    Gate
	Node    ident.RANNode
	Element string

	// N2: what the radio claims, and from where. Areas is valid during Decide.
	Peer  netip.Addr
	Areas []ClaimedArea
	// Fingerprint is that of the certificate the peer showed; empty where the transport has none.
	Fingerprint string

	// Device and session.
	Protected bool // the subscriber is
	TAC       ident.TAC

	// Session.
	DNN       ident.DNN
	Slice     ident.SNSSAI
	UserPlane string // element; empty for the core's own
}

// ClaimedArea is a tracking area that a radio says it broadcasts.
type ClaimedArea struct {
	TAI    ident.TAI
	Slices []ident.SNSSAI
}

// Verdict is the answer to a question. It refers into its snapshot and costs no allocation.
type Verdict struct {
	Act   Act
	Owes  Owes
	Due   Date   // first day on which a rule in force now refuses, 0 for none
	Rule  *Rule  // that decided; nil where Act is Allow and no rule applies, or nothing was asked
	Known bool   // the element has a record
	Name  string // its name

	// What Explain tells of.
	from   *Snapshot
	record *record
	asked  Question
	claims bool // the question was asked, and not only of the record
	claim  claim
}
