package smf

import (
	"errors"
	"net/netip"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/pfcp"
)

// Event is what can happen to a session: one of the types below.
type Event interface{ event() }

// Create is a PDU SESSION ESTABLISHMENT REQUEST that the AMF has let pass: the device is
// registered, the slice allowed and the data network subscribed. A session that the device
// had under the same identity ends (TS 24.501 §6.4.1.7 e).
type Create struct {
	Key       Key
	SNSSAI    ident.SNSSAI
	DNN       ident.DNN
	Settings  *subscriber.Network
	N1        []byte
	Radio     uint32 // that the device is at
	Protected bool   // its subscriber is
	Refused   bool   // a rule forbids the session where the device is
	Sealed    bool   // its user plane passes nothing but the seal gateway's addresses
}

// N1 is any other 5GSM message of the device.
type N1 struct {
	Key Key
	Msg []byte
}

// N2 is a radio's word on a session: Transfer is the container of that kind of answer.
type N2 struct {
	Key      Key
	Kind     N2Kind
	Radio    uint32 // whose word it is
	Transfer []byte
}

// N2Kind says which message of the radio brought a transfer, or which the AMF is to send.
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

// Activate asks for the user plane of an idle session again (service request). Sealed is
// what holds where the device is now.
type Activate struct {
	Key       Key
	Radio     uint32 // that the device is at
	Protected bool   // its subscriber is
	Sealed    bool
}

// Seal says that from now on the user plane passes nothing but the seal gateway's addresses
// for the session, or that it may pass everything again: a rule has changed, or the device moved.
type Seal struct {
	Key    Key
	Sealed bool
}

// Deactivate says that the session's radio is gone or let the device go.
type Deactivate struct{ Key Key }

// Release ends a session for the network. With Signal the device is told; without, it is
// gone or no longer registered.
type Release struct {
	Key    Key
	Signal bool
}

// Address answers NeedAddress with all that it asked for, or with nothing where a pool is exhausted.
type Address struct {
	Key  Key
	Gen  uint32
	DNN  ident.DNN
	Addr Addresses
}

// Addresses are a session's: an IPv4 address, an IPv6 prefix of 64 bits, or both, as its type has it.
type Addresses struct {
	IPv4 netip.Addr
	IPv6 netip.Prefix
}

// Valid reports whether there is any.
func (a Addresses) Valid() bool { return a.IPv4.IsValid() || a.IPv6.IsValid() }

// Established answers Establish. Err is set where the user plane refused or did not answer.
type Established struct {
	Key    Key
	Gen    uint32
	Answer pfcp.Established
	Err    error
}

// Modified answers Modify; Change is that one's. Err is [ErrDeferred] only where that makes a difference, for ChangeSeal.
type Modified struct {
	Key    Key
	Gen    uint32
	Change Change
	Err    error
}

// Routed answers Route: where uplink goes from now on.
type Routed struct {
	Key   Key
	Gen   uint32
	Local pfcp.FTEID
	Err   error // the session has no user plane now
}

// TunnelLost says that the radio does not know the tunnel that downlink goes to
// (TS 23.527 §5.3.3); SEID is this side's name of the session.
type TunnelLost struct {
	SEID   ident.SEID
	Remote pfcp.OuterHeader
}

// PathLost says that a user plane on the session's way has forgotten it, or may not have it any more; SEID is this
// side's name of the session. Its device has to come back for another way.
type PathLost struct{ SEID ident.SEID }

// DownlinkData says that a packet waits at the user plane for the session's device; SEID is this side's name of the session.
type DownlinkData struct{ SEID ident.SEID }

// Unreached answers Reach: the device is not found, or may not have the session where it is.
type Unreached struct{ Key Key }

// Restored is a device's sessions as Append wrote them before a restart. Settings finds
// those of the subscriber's plan, nil where it has them no more; Keep says whether one may go on by the radio's endpoint where it
// was, nil that none may.
type Restored struct {
	SUPI     ident.SUPI
	Blob     []byte
	Settings func(ident.SNSSAI, ident.DNN) *subscriber.Network
	Keep     func(Kept, netip.Addr) bool
}

// Unkeep has those sessions wait for their devices that a restart left as they were and that go by such endpoints. Their radio has
// set up its association anew, and with that forgotten them (TS 38.413 §8.7.1.1); or they may not go by it any more.
type Unkeep struct{ At func(netip.Addr) bool }

// Tick says only that time has passed.
type Tick struct{}

func (Create) event()       {}
func (N1) event()           {}
func (N2) event()           {}
func (Activate) event()     {}
func (Seal) event()         {}
func (Deactivate) event()   {}
func (Release) event()      {}
func (Address) event()      {}
func (Established) event()  {}
func (Modified) event()     {}
func (Routed) event()       {}
func (PathLost) event()     {}
func (TunnelLost) event()   {}
func (DownlinkData) event() {}
func (Unreached) event()    {}
func (Restored) event()     {}
func (Unkeep) event()       {}
func (Tick) event()         {}

// Effect is what a machine asks its owner to do: one of the types below.
type Effect interface{ effect() }

// NeedAddress asks for addresses of the data network's pools, one of each version of IP; Want are those to have again.
type NeedAddress struct {
	Key   Key
	Gen   uint32
	DNN   ident.DNN
	Slice ident.SNSSAI
	Radio uint32 // that the device is at, 0 if at none
	IP    subscriber.IPVersions
	Want  Addresses
}

// FreeAddress gives them back.
type FreeAddress struct {
	DNN  ident.DNN
	Addr Addresses
}

// ErrForeignEndpoint is why a [Modify] was refused that names a tunnel endpoint which is not the radio's own. Only it
// is a finding: what else goes wrong in a user plane is no radio's doing.
var ErrForeignEndpoint = errors.New("a tunnel endpoint outside the radio's record")

// ErrDeferred is why a [Modify] is not made yet: the user plane does not answer now, and makes it as soon as it does. What a
// session is to be kept from is not in force until then.
var ErrDeferred = errors.New("the user plane does not answer now, and makes the change later")

// Finding is something a radio did that its role does not explain.
type Finding struct {
	Key   Key
	Radio uint32
	Kind  FindingKind
	Addr  netip.Addr // the endpoint that the radio named
	Bytes []byte     // the radio's transfer that shows it, at most findingBytes of it
	Why   string     // the user plane's, or the owner's, reason to refuse it
}

// FindingKind says what.
type FindingKind uint8

const (
	// ForeignEndpoint: it named a tunnel endpoint that may not be its own.
	ForeignEndpoint FindingKind = iota
)

func (k FindingKind) String() string { return [...]string{"foreign tunnel endpoint"}[k] }

// Establish asks the user plane for a session.
type Establish struct {
	Key       Key
	Gen       uint32
	Slice     ident.SNSSAI
	Radio     uint32 // that the device is at, 0 if at none
	Protected bool   // its subscriber is
	Sealed    bool
	Request   pfcp.Establishment
}

// Route asks by which user planes a session is to go, now that its device is at another radio
// (TS 23.502 §4.2.3.2 step 5): one at the radio's site may come between, or go.
type Route struct {
	Key       Key
	Gen       uint32
	SEID      ident.SEID // the user plane's
	Slice     ident.SNSSAI
	Radio     uint32
	Protected bool
	Sealed    bool
}

// Modify asks it to change one. Radio is whose endpoint the request names, 0 if none:
// the owner lets a request pass only if the endpoint may be that radio's (invariant 5).
type Modify struct {
	Key     Key
	Gen     uint32
	Change  Change
	Radio   uint32
	Request pfcp.Modification
}

// Change is what a Modify is for.
type Change uint8

const (
	ChangeHold Change = iota // downlink waits, for there is no radio
	ChangePath               // downlink goes to the radio
	ChangeSeal               // the session is sealed, or open again
)

// Delete ends one.
type Delete struct {
	Key  Key
	SEID ident.SEID
}

// Message goes through the AMF: N1 to the device, Transfer to the radio, either may be
// nil. With Transfer, N1 travels in the session's item.
type Message struct {
	Key      Key
	SNSSAI   ident.SNSSAI
	N1       []byte
	Kind     N2Kind
	Transfer []byte
}

// Activated answers Activate: Transfer for the radio, or the cause why not.
type Activated struct {
	Key      Key
	SNSSAI   ident.SNSSAI
	Transfer []byte
	OK       bool
}

// Reach has the AMF find the device of an idle session for which data waits. Activate or Unreached follows.
type Reach struct{ Key Key }

// Ended tells the AMF that the identity is free again.
type Ended struct{ Key Key }

// Kept tells the AMF that a request to establish a session leaves the one that there is under its identity,
// and where that leads. A restart asks with it whether a session may stay as it is.
type Kept struct {
	Key    Key
	SNSSAI ident.SNSSAI
	DNN    ident.DNN
	Sealed bool
}

// Save asks that the device's context be written.
type Save struct{ SUPI ident.SUPI }

// Drop says why an event changed nothing.
type Drop struct {
	Key    Key
	Reason Reason
}

func (NeedAddress) effect() {}
func (FreeAddress) effect() {}
func (Establish) effect()   {}
func (Route) effect()       {}
func (Modify) effect()      {}
func (Delete) effect()      {}
func (Message) effect()     {}
func (Activated) effect()   {}
func (Ended) effect()       {}
func (Reach) effect()       {}
func (Kept) effect()        {}
func (Save) effect()        {}
func (Drop) effect()        {}
func (Finding) effect()     {}

// Reason is why an event was dropped, or a session refused.
type Reason uint8

const (
	ReasonNoSession   Reason = iota // no such session, or an answer to an earlier one
	ReasonState                     // not awaited now
	ReasonBadN1                     // 5GSM message that cannot be decoded
	ReasonBadTransfer               // N2 container that cannot be decoded
	ReasonEndpoint                  // a tunnel endpoint that may not be the radio's
	ReasonPTI                       // transaction identity reserved or unknown
	ReasonRefused                   // the session was refused
	ReasonSaved                     // not what was saved before a restart, or not served any more
	ReasonSeal                      // the user plane did not seal the session, or did not open it
	reasons
)

var reasonNames = [reasons]string{"no session", "state", "malformed 5GSM", "malformed transfer", "endpoint", "transaction identity", "refused", "saved", "seal"}

func (r Reason) String() string { return reasonNames[r] }
