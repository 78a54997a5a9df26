package ran

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// State is a phone's 5GMM state (TS 24.501 §5.1.3.2.1).
type State uint8

const (
	Deregistered State = iota
	Registering
	Registered
	Requesting // a service request is under way
	Deregistering
)

var stateNames = [...]string{"deregistered", "registering", "registered", "requesting", "deregistering"}

func (s State) String() string { return stateNames[s] }

// Event is what happens to a phone.
type Event interface{ event() }

type (
	// PowerOn has the phone register, and open its sessions afterwards.
	PowerOn struct{}
	// Detach has it deregister; with SwitchOff it expects no answer.
	Detach struct{ SwitchOff bool }
	// Update has it register again while it is registered: a mobility update, or the
	// periodic one.
	Update struct{ Periodic bool }
	// OpenSession has it ask for a PDU session of its own number, 1 to 15.
	OpenSession struct {
		PSI ident.PDUSessionID
		SessionConfig
	}
	// CloseSession has it release one.
	CloseSession struct{ PSI ident.PDUSessionID }
	// Pending is user data that waits for a connection, or for the user plane of a session. Carried are the sessions
	// that have theirs; a Radio fills that in.
	Pending struct{ Carried nas.PDUSessions }
	// Paged is the core asking for the phone.
	Paged struct{}
	// Camped is a suitable cell that was found, of this tracking area: the first one, or another.
	Camped struct{ TAI ident.TAI }
	// Lost is the cell being gone, or unsuitable, and none found in its place.
	Lost struct{}
	// NotLetIn is the radio refusing the connection that was asked for.
	NotLetIn struct{}
	// Received is a NAS message from the core.
	Received struct{ NAS []byte }
	// Released is the end of the phone's connection, asked for or not.
	Released struct{}
	// Expired is a timer that ran out.
	Expired struct {
		Timer Timer
		PSI   ident.PDUSessionID // with T3396, T3580 and T3582
	}
)

func (PowerOn) event()      {}
func (Detach) event()       {}
func (Update) event()       {}
func (OpenSession) event()  {}
func (CloseSession) event() {}
func (Pending) event()      {}
func (Paged) event()        {}
func (Camped) event()       {}
func (Lost) event()         {}
func (NotLetIn) event()     {}
func (Received) event()     {}
func (Released) event()     {}
func (Expired) event()      {}

// Effect is what a phone wants done.
type Effect interface{ effect() }

type (
	// Connect sends the NAS message that begins a connection.
	Connect struct {
		NAS   []byte
		Cause ngap.RRCEstablishmentCause
		STMSI *ident.STMSI
	}
	// Send sends a NAS message on the connection there is.
	Send struct{ NAS []byte }
	// Hangup ends the connection from the phone's side.
	Hangup struct{}
	// Start runs a timer, in place of the same one if it runs.
	Start struct {
		Timer Timer
		PSI   ident.PDUSessionID
		After time.Duration
	}
	// Stop stops one.
	Stop struct {
		Timer Timer
		PSI   ident.PDUSessionID
	}
	// Note is something worth telling, and changes nothing.
	Note struct {
		Kind  NoteKind
		PSI   ident.PDUSessionID
		Addr  netip.Addr // with SessionOpened, IPv4 if it has any, and AddressFormed
		Cause Failure    // with the kinds that say so
		From  *Radio     // with NoteMoved: where the UE was
	}
)

func (Connect) effect() {}
func (Send) effect()    {}
func (Hangup) effect()  {}
func (Start) effect()   {}
func (Stop) effect()    {}
func (Note) effect()    {}

// Timer is one of a phone's timers (TS 24.501 §10.2, §10.3).
type Timer uint8

const (
	T3346 Timer = iota // the core is congested
	T3502
	T3510
	T3511
	T3512
	T3517
	T3521
	T3540 // before the phone itself ends a connection that the core should
	T3580
	T3582
	T3396      // a data network is left alone
	TForbidden // the lists of forbidden areas are erased (§5.3.13)
)

var timerNames = [...]string{"T3346", "T3502", "T3510", "T3511", "T3512", "T3517", "T3521", "T3540", "T3580", "T3582", "T3396", "forbidden areas"}

func (t Timer) String() string { return timerNames[t] }

// perSession reports whether each session has its own.
func (t Timer) perSession() bool { return t == T3580 || t == T3582 || t == T3396 }

// NoteKind says what a Note is about.
type NoteKind uint8

const (
	NoteRegistered         NoteKind = iota // Registration Accept; also after an update
	NoteReregistering                      // the core does not know the phone; it registers anew
	NoteRegistrationFailed                 // Cause; the phone tries again if it may
	NoteSessionOpened                      // PSI, Addr
	NoteSessionFailed                      // PSI, Cause
	NoteSessionClosed                      // PSI
	NoteServiceRequested
	NoteServiceAccepted
	NoteServiceFailed // Cause
	NoteDeregistered
	NoteDropped       // Cause: a message was not acted on
	NoteForbidden     // Cause: the tracking area is one that the phone may not use
	NoteRestricted    // registered, in an area without service
	NoteMoved         // another radio; the UE is on it
	NoteNoCell        // no suitable cell is in reach: the phone waits for one
	NoteNotLetIn      // the radio refuses the connection under overload
	NoteAddressFormed // PSI, Addr: IPv6, of the prefix that a router advertisement told
)

var noteNames = [...]string{"registered", "reregistering", "registration failed", "session opened", "session failed",
	"session closed", "service requested", "service accepted", "service failed", "deregistered", "dropped",
	"tracking area forbidden", "service area restricted", "moved", "no suitable cell", "refused by the radio", "address formed"}

func (k NoteKind) String() string { return noteNames[k] }
