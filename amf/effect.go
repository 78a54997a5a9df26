package amf

import (
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/ngap"
)

// Effect is what a machine asks its owner to do: one of the types below.
type Effect interface{ effect() }

// Send is a UE-associated message to a radio.
type Send struct {
	Radio RadioID
	Conn  ident.AMFUENGAPID
	RAN   ident.RANUENGAPID
	Msg   ngap.Message
}

// NeedVector asks for a subscriber and a challenge: by SUCI if it is set, else by SUPI.
// The answer is a Vector with the same Conn and Request; a connection has one request open
// at a time and an earlier request's answer is dropped.
type NeedVector struct {
	Conn    ident.AMFUENGAPID
	Radio   RadioID
	Request uint32
	SUCI    *ident.SUCI
	SUPI    ident.SUPI
	Resync  *Resync
}

// Resync is a SIM's request to move the sequence number (TS 33.501 §6.1.3.3).
type Resync struct {
	RAND [16]byte
	AUTS [14]byte
}

// Closed says that a connection has ended; its identities are free for the owner to rest.
type Closed struct {
	Conn  ident.AMFUENGAPID
	Radio RadioID
	RAN   ident.RANUENGAPID
}

// SMCreate asks for a session. A session that the device had under the same identity ends
// without signalling. Settings are those of the subscriber's plan; nil has the session refused.
// Refused has it refused because the rules do; Sealed has it pass nothing but the seal gateway's
// address.
type SMCreate struct {
	SUPI      ident.SUPI
	PSI       ident.PDUSessionID
	SNSSAI    ident.SNSSAI
	DNN       ident.DNN
	Settings  *subscriber.Network
	Refused   bool
	Sealed    bool
	Protected bool // the subscriber is
	Radio     *RadioInfo
	N1        []byte
}

// SMN1 is any other 5GSM message of the device for a session.
type SMN1 struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
	N1   []byte
}

// SMN2 is a radio's answer about a session.
type SMN2 struct {
	SUPI     ident.SUPI
	PSI      ident.PDUSessionID
	Kind     N2Kind
	Radio    RadioID
	Transfer []byte
}

// SMActivate asks for the user plane of an idle session again; SMActivated answers. Sealed is as
// in SMCreate, and replaces what was said of the session before.
type SMActivate struct {
	SUPI      ident.SUPI
	PSI       ident.PDUSessionID
	Radio     *RadioInfo
	Protected bool // the subscriber is
	Sealed    bool
}

// SMDeactivate says that no radio serves the session any more, or that what was sent to one
// did not reach it.
type SMDeactivate struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// SMUnreached says that the device of a session for which data waits is not reached, or may not have it where it is.
type SMUnreached struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// SMRelease ends a session. The device is not told: it knows, or is gone.
type SMRelease struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// Save asks that the device's context be written; AppendContext gives it. It may be put off
// and coalesced for tens of milliseconds.
type Save struct{ SUPI ident.SUPI }

// Forget asks that the device's stored context be deleted.
type Forget struct{ SUPI ident.SUPI }

// Registered reports a device that registered; Latency is from its first message on this
// connection to REGISTRATION ACCEPT.
type Registered struct {
	SUPI    ident.SUPI
	Radio   RadioID
	Initial bool
	Latency time.Duration
}

// Deregistered reports that a device is no longer registered.
type Deregistered struct {
	SUPI ident.SUPI
	Why  Leaving
}

// Leaving is why a device is no longer registered.
type Leaving uint8

const (
	LeftByDevice   Leaving = iota
	LeftByNetwork          // an operator's act
	LeftSilent             // unreachable beyond its timers
	LeftReplaced           // registered anew; Registered follows
	LeftNotAllowed         // the subscription no longer serves it
)

var leavings = [...]string{"device", "network", "silent", "replaced", "not allowed"}

func (l Leaving) String() string { return leavings[l] }

// Finding is something observed that a peer's role does not explain. SUPI is zero where no
// device is known.
type Finding struct {
	Kind  FindingKind
	Radio RadioID
	Node  ident.RANNode
	Cell  ident.NRCGI
	SUPI  ident.SUPI
	// Claimed is that the message only names the device, as anybody could.
	Claimed bool
	Why     string // of what a radio says of itself: what it says, and what was expected
	Bytes   []byte // the beginning of the message that shows it, where one does
}

// Drop says why an event, or part of it, changed nothing.
type Drop struct{ Reason Reason }

// The effects of a Radio.

// Reply is a message for the association itself, on stream 0.
type Reply struct{ Msg ngap.Message }

// Deliver is a UE-associated message that this radio may send; the owner finds the
// connection by the association and the identities in it.
type Deliver struct{ Msg ngap.Message }

// Joined says that the radio is set up, or has changed: Info replaces the former snapshot.
type Joined struct{ Info *RadioInfo }

// Reset asks that the association's connections end: all of them, or those listed. The
// owner sends Lost for each that the association owns.
type Reset struct {
	All   bool
	Pairs []ngap.NGConnection
}

// Hangup asks that the association be closed.
type Hangup struct{ Reason Reason }

func (Send) effect()         {}
func (NeedVector) effect()   {}
func (Closed) effect()       {}
func (SMCreate) effect()     {}
func (SMN1) effect()         {}
func (SMN2) effect()         {}
func (SMActivate) effect()   {}
func (SMDeactivate) effect() {}
func (SMRelease) effect()    {}
func (SMUnreached) effect()  {}
func (Page) effect()         {}
func (Paged) effect()        {}
func (Save) effect()         {}
func (Forget) effect()       {}
func (Registered) effect()   {}
func (Deregistered) effect() {}
func (Finding) effect()      {}
func (Drop) effect()         {}
func (Reply) effect()        {}
func (Deliver) effect()      {}
func (Joined) effect()       {}
func (Reset) effect()        {}
func (Hangup) effect()       {}
