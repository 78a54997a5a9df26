package amf

import (
	"cordon/aka"
	"cordon/ident"
	"cordon/rules"
	"cordon/subscriber"
	"cordon/wire/ngap"
)

// Event is what can happen to a device: one of the types below.
type Event interface{ event() }

// Arrived is a new signalling connection. Conn is random, not in use, and the owner's
// choice of shard stands in it. Where the radio's RAN-UE-NGAP-ID was in use, the owner sends
// Lost for the former connection first.
type Arrived struct {
	Conn  ident.AMFUENGAPID
	Radio *RadioInfo
	Msg   *ngap.InitialUEMessage
}

// Received is any other UE-associated message of the radio that owns the connection; the
// owner has checked the pair of identities against the association.
type Received struct {
	Conn ident.AMFUENGAPID
	Msg  ngap.Message
}

// Lost says that the connection is gone without more signalling: the association broke, the
// radio reset it or used its identity again.
type Lost struct{ Conn ident.AMFUENGAPID }

// Vector answers NeedVector. With Err only Conn and Request count. The challenge is EAP-AKA'
// if EAP is set, 5G AKA otherwise.
type Vector struct {
	Conn    ident.AMFUENGAPID
	Request uint32
	Err     VectorError
	SUPI    ident.SUPI
	Plan    *subscriber.Plan
	// Protected says that the subscriber is one of those whom rules keep from some equipment.
	Protected bool
	RAND      [16]byte
	AUTN      [16]byte
	XRESStar  [16]byte
	KSEAF     aka.Key
	EAP       *aka.EAPServer
}

// VectorError says why there is no vector.
type VectorError uint8

const (
	VectorOK          VectorError = iota
	VectorUnknown                 // nobody has this identity
	VectorBadIdentity             // the SUCI cannot be revealed: key, scheme, code or digits
	VectorBadAUTS                 // the resynchronisation was not made by the challenged SIM
	VectorBusy                    // too many asked for at once
	VectorUnavailable             // the store does not answer
)

var vectorErrors = [...]string{"ok", "unknown subscriber", "identity cannot be revealed", "resynchronisation not genuine", "busy", "store unavailable"}

func (e VectorError) String() string { return vectorErrors[e] }

// Adopted is a Vector for a connection that began on another shard, where Detach gave
// Moved. The SUPI in Vector lives on this one.
type Adopted struct {
	Moved  Moved
	Vector Vector
}

// SMMessage is a session's word to the device (N1, a 5GSM message) and to the radio (N2 and
// its Transfer); either may be absent. With both, N1 travels in the session's item.
type SMMessage struct {
	SUPI     ident.SUPI
	PSI      ident.PDUSessionID
	SNSSAI   ident.SNSSAI
	N1       []byte
	N2       N2Kind
	Transfer []byte
}

// SMActivated answers SMActivate: the transfer for the radio, or not OK.
type SMActivated struct {
	SUPI     ident.SUPI
	PSI      ident.PDUSessionID
	SNSSAI   ident.SNSSAI
	Transfer []byte
	OK       bool
}

// SMEnded says that a session is gone and its identity free.
type SMEnded struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// SMKept says that a session stands, where one of its identity was asked for in vain, and where it leads.
type SMKept struct {
	SUPI   ident.SUPI
	PSI    ident.PDUSessionID
	SNSSAI ident.SNSSAI
	DNN    ident.DNN
	Sealed bool
}

// SMReach says that data waits for an idle session. Its device is looked for if it has no connection, and the session's user plane
// asked for with SMActivate when it has; else the answer is SMUnreached.
type SMReach struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// N2Kind says which message is to take a session's transfer to the radio, or brought one.
type N2Kind uint8

const (
	N2None N2Kind = iota
	// Towards the radio.
	N2SetupRequest
	N2ReleaseCommand
	// From the radio.
	N2SetupResponse
	N2SetupUnsuccessful
	N2ReleaseResponse
	N2NotifyReleased
)

var n2Kinds = [...]string{"none", "setup request", "release command", "setup response", "setup unsuccessful", "release response", "notify released"}

func (k N2Kind) String() string { return n2Kinds[k] }

// Restored is a context as AppendContext wrote it before a restart. Plan and Protected are the
// subscriber's.
type Restored struct {
	Plan      *subscriber.Plan
	Protected bool
	Blob      []byte
}

// NewLaw replaces the snapshot that devices and their sessions are judged by; before the first one
// everybody is told to come back. Without one it changes nothing. Those that are connected are judged again, some at a Step, until
// Deadline has no more of it. Forbidden is that of Law, which is looked for once and not by every shard.
type NewLaw struct {
	Law       *rules.Snapshot
	Forbidden rules.Forbidden
}

// Classed says that an operator has changed whether a subscriber is protected.
type Classed struct {
	SUPI      ident.SUPI
	Protected bool
}

// Evict has a connection end because its radio may not go on serving it. The device keeps its
// registration, and is told to look elsewhere where it can be.
type Evict struct{ Conn ident.AMFUENGAPID }

// Deregister has the network end a device's registration; with Reregister the device is to
// register again.
type Deregister struct {
	SUPI       ident.SUPI
	Reregister bool
}

// Tick says only that time has passed.
type Tick struct{}

func (Arrived) event()     {}
func (Received) event()    {}
func (Lost) event()        {}
func (Vector) event()      {}
func (Adopted) event()     {}
func (SMMessage) event()   {}
func (SMActivated) event() {}
func (SMEnded) event()     {}
func (SMKept) event()      {}
func (SMReach) event()     {}
func (Restored) event()    {}
func (NewLaw) event()      {}
func (Classed) event()     {}
func (Evict) event()       {}
func (Deregister) event()  {}
func (Tick) event()        {}
