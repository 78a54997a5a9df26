// Package n4 is both ends of N4 (TS 29.244 §6) as machines: ControlPlane, the end of an SMF, and UserPlane, that of a UPF.
//
// A machine is fed events by Step and answers with effects; Next is when it wants to be fed a Tick. It has no socket and no clock.
// Effects are the owner's to perform, in their order; the slice is valid until the next Step, what is in it for good. Nothing of an
// event's memory is kept but messages, which the owner then leaves alone.
//
// Who may speak is a list: a node identity with its addresses. A datagram from elsewhere is counted and forgotten, so that strangers
// cost nothing. A node identity belongs to its addresses, a SEID to its peer. Only a request that came twice, word for word, is answered from what
// was answered before.
//
// A peer has restarted when it says so in an answer to a question that was put to its address: a time stamp that merely arrives has
// a question put, and changes nothing. A peer that does not answer is down; its sessions stay, at both ends, and what changes meanwhile is
// made when it is back.
package n4

import (
	"errors"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// Peer is a node that may speak.
type Peer struct {
	Node pfcp.NodeID
	// Addrs are its own: the first is where it is spoken to, and from each it may speak.
	Addrs []netip.Addr
	Port  uint16 // that it is spoken to at; 0: pfcp.Port
	// MaxSessions bounds what an SMF may have at a UPF; 0: only the UPF itself does.
	MaxSessions int
	// Tunnels are where the tunnel endpoints of a UPF may be. None at all may be elsewhere.
	Tunnels []netip.Prefix
	// Public are the addresses behind which a UPF hides devices by NAT: ports of others are not its to give.
	Public []netip.Prefix
	// Rate is how many octets a second a UPF can carry at most, all sessions together; what it claims beyond that for one
	// session is a finding. 0: not known.
	Rate uint64
}

// Config is what both ends need. Times of 0 stand for what is said of them.
type Config struct {
	Node     pfcp.NodeID
	Addr     netip.Addr             // told in F-SEIDs: where this end is spoken to
	Recovery pfcp.RecoveryTimeStamp // when this life began: other than in all lives before
	Peers    []Peer

	T1        time.Duration // an answer is waited for; 3 s
	Tries     int           // a request is sent, at most (N1); 3
	Heartbeat time.Duration // from an answer to the next question; 10 s
	Retry     time.Duration // of a control plane, from one vain attempt to associate to the next; 5 s
	// Retention is how long a user plane goes on forwarding for an SMF that does not answer; 24 hours. It is also how long sessions
	// of an SMF that came back from a restart may wait to be taken over.
	Retention time.Duration
	Features  pfcp.UPFeatures // of a user plane
	// Anew is for a control plane that takes over nothing of its life before: user planes then end what they have of it.
	Anew bool
	// Observed is for a control plane that takes findings of its user planes.
	Observed bool
}

func (c *Config) fill() {
	or := func(d *time.Duration, otherwise time.Duration) {
		if *d == 0 {
			*d = otherwise
		}
	}
	or(&c.T1, 3*time.Second)
	or(&c.Heartbeat, 10*time.Second)
	or(&c.Retry, 5*time.Second)
	or(&c.Retention, 24*time.Hour)
	if c.Tries == 0 {
		c.Tries = 3
	}
}

// Event is what can happen to an end: one of the types below. Some are events of one end and effects of the other.
type Event interface{ event() }

// Effect is what an end asks its owner to do, or tells it.
type Effect interface{ effect() }

// Datagram is one that came, to either end.
type Datagram struct {
	From netip.AddrPort
	Data []byte
}

// Tick says only that time has passed.
type Tick struct{}

// Peers replaces the list of who may speak. One that is on it no more is gone with its sessions; one that is still on it keeps them.
type Peers struct{ Peers []Peer }

// Request is a *pfcp.Establishment, *pfcp.Modification or *pfcp.Deletion. To a control plane it is an event: the message goes to the
// user plane Peer and its Answer comes back under ID, once. Of a user plane it is an effect: the user plane in this process is to do it, and
// the owner steps the Answer with its ID. Node and CP are filled in: at a user plane CP is a name that is unique here, under which
// Report is to speak of the session. ID 0 wants no answer.
type Request struct {
	Peer    pfcp.NodeID
	ID      uint64
	Message pfcp.Message
}

// Answer is a *pfcp.Established, *pfcp.Modified or *pfcp.Deleted, event of a user plane and effect of a control plane. There Err says that
// it was not done: a *pfcp.Rejection, or one of the errors of this package, with which Message may be nil.
type Answer struct {
	ID      uint64
	Message pfcp.Message
	Err     error
}

// Report is a user plane's word about a session: event of a user plane, whose CP is the name that Request gave, and effect of a control
// plane, whose CP is the SMF's.
type Report struct {
	Peer   pfcp.NodeID // at a control plane
	Report pfcp.Report
}

// Path says that a peer on N3 or N9 answers no more, or again: event of a user plane, effect of a control plane.
type Path struct {
	Peer   pfcp.NodeID
	Remote netip.Addr
	Failed bool
}

// Observed is what user packets have shown to a user plane: event of a user plane, for all SMFs that take it, and effect of a control
// plane. It is the user plane's word and no more.
type Observed struct {
	Peer     pfcp.NodeID // at a control plane
	Findings []pfcp.Observed
}

// Load says how busy a user plane is, 0 to 100: event of a user plane, effect of a control plane. There Less is how many of
// a hundred requests are to be left out until a time, 0 for none.
type Load struct {
	Peer    pfcp.NodeID
	Percent uint8
	Less    uint8
	Until   time.Time
}

// Send is a datagram to send.
type Send struct {
	To   netip.AddrPort
	Data []byte
}

// Up says that there is an association. Features are a user plane's; Retained, that it kept the sessions of an SMF's life before this one.
type Up struct {
	Peer     pfcp.NodeID
	Features pfcp.UPFeatures
	Retained bool
}

// Down says that a peer does not answer, or released the association. Sessions stay.
type Down struct{ Peer pfcp.NodeID }

// Lost tells an SMF that a user plane has lost sessions, by the SMF's SEIDs, because it began anew or does not know them; or that it is
// one no longer. They are forgotten here, and to be established again.
type Lost struct {
	Peer     pfcp.NodeID
	Sessions []ident.SEID
}

// Purge has the user plane in this process end sessions, by its own SEIDs, whose SMF began anew without wanting them, released its
// association, or was away for too long. No Answer is wanted.
type Purge struct {
	Peer     pfcp.NodeID
	Sessions []ident.SEID
}

// Drop says why a datagram or an event changed nothing.
type Drop struct {
	Peer   pfcp.NodeID // not valid: a stranger
	Reason Reason
}

// Finding is something that a peer's role does not explain. Of a kind each peer has one in findingInterval, strangers all together; Count is how often it
// was seen since the one before.
type Finding struct {
	Peer  pfcp.NodeID // not valid: a stranger
	From  netip.AddrPort
	Kind  Kind
	Why   string
	Bytes []byte // of the datagram that shows it, at most findingBytes
	Count int
}

func (Datagram) event() {}
func (Tick) event()     {}
func (Peers) event()    {}
func (Request) event()  {}
func (Answer) event()   {}
func (Report) event()   {}
func (Path) event()     {}
func (Load) event()     {}
func (Observed) event() {}

func (Request) effect()  {}
func (Answer) effect()   {}
func (Report) effect()   {}
func (Path) effect()     {}
func (Load) effect()     {}
func (Observed) effect() {}
func (Send) effect()     {}
func (Up) effect()       {}
func (Down) effect()     {}
func (Lost) effect()     {}
func (Purge) effect()    {}
func (Drop) effect()     {}
func (Finding) effect()  {}

// Errors of an Answer.
var (
	// ErrDown: the user plane does not answer, or is none of this SMF's. Nothing was done.
	ErrDown = errors.New("n4: no association with the user plane")
	// ErrDeferred: the user plane does not answer now. A modification or deletion is kept and made when it answers again; if it then
	// cannot be made, the session is Lost.
	ErrDeferred = errors.New("n4: the user plane does not answer now, and will be asked again")
	// ErrNoAnswer: the user plane is there and did not answer this.
	ErrNoAnswer = errors.New("n4: no answer")
	// ErrBadAnswer: the answer cannot be what an honest user plane says.
	ErrBadAnswer = errors.New("n4: the answer cannot be")
	// ErrLost: the session was lost with its user plane.
	ErrLost = errors.New("n4: the session is lost")
	// ErrBusy: too much waits for an answer already.
	ErrBusy = errors.New("n4: too many requests wait")
)
