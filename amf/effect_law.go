package amf

import (
	"net/netip"

	"cordon/ident"
	"cordon/rules"
)

// The effects of the law.

// Judged is a verdict that restricts or refuses. What the question did not speak of is zero.
type Judged struct {
	Gate    rules.Gate
	Verdict rules.Verdict // Name is the element's
	Radio   RadioID
	Node    ident.RANNode
	Peer    netip.Addr // of the N2 gate
	// Of the device and session gates.
	SUPI      ident.SUPI
	Protected bool
	TAC       ident.TAC
	DNN       ident.DNN
	Slice     ident.SNSSAI
}

// SMSeal says that a session is to be sealed from now on, or no longer.
type SMSeal struct {
	SUPI   ident.SUPI
	PSI    ident.PDUSessionID
	Sealed bool
}

// Those of a Radio.

// Pending says that a radio without a record has asked to be set up and was told to ask again. Claim
// is what an operator has to decide about.
type Pending struct {
	Radio RadioID
	Claim Claim
}

// Claim is what a radio says of itself. Areas holds the first of them and the first slices of each;
// More says that there were more.
type Claim struct {
	Node  ident.RANNode
	Name  string
	Peer  netip.Addr
	Areas []rules.ClaimedArea
	More  bool
}

// Draining says that a radio that is set up may no longer serve: its connections are to be
// evicted and its association closed, unless Lawful follows.
type Draining struct {
	Radio   RadioID
	Node    ident.RANNode
	Verdict rules.Verdict
}

// Lawful says that a draining radio may serve again.
type Lawful struct {
	Radio RadioID
	Node  ident.RANNode
}

func (Judged) effect()   {}
func (SMSeal) effect()   {}
func (Pending) effect()  {}
func (Draining) effect() {}
func (Lawful) effect()   {}
