package ran

import (
	"context"
	"io"
	"net/netip"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// PhoneConfig is what phones of one kind have in common. Phones keep a pointer to it: it
// does not change once a phone has it.
type PhoneConfig struct {
	PLMN ident.PLMN // the home network, which also serves
	// SIM computes with the subscriber key: aka.NewMilenage or NewTUAK. Phones that share a
	// PhoneConfig share the key.
	SIM aka.Functions
	// Conceal says how a SUPI is concealed. The zero value is the null scheme.
	Conceal Concealment
	// Slices are requested at registration; nil requests none.
	Slices []ident.SNSSAI
	// Sessions are opened after each registration, numbered from 1.
	Sessions []SessionConfig
	// Integrity and Ciphering are the algorithms the phone has, a bit each as in
	// TS 24.501 §9.11.3.54: 0x80 is algorithm 0. Zero means algorithms 0 to 3.
	Integrity, Ciphering uint8
	// FirstSQN is what the SIM has seen of sequence numbers at the start; one that is ahead
	// of the network makes it ask to resynchronise.
	FirstSQN aka.SQN
	Timers   Timers
	// Random yields ephemeral keys; required unless the null scheme is used. It is read by
	// the goroutine of whichever radio the phone is on.
	Random io.Reader
}

// Concealment is how a SIM conceals its SUPI (TS 33.501 annex C).
type Concealment struct {
	Scheme  ident.SchemeID
	KeyID   uint8
	Public  []byte // the home network's key, as aka.HomeKey.Public gives it
	Routing ident.RoutingIndicator
}

// SessionConfig is a PDU session that a phone asks for. A zero DNN or Slice leaves the
// choice to the core.
type SessionConfig struct {
	DNN   ident.DNN
	Slice ident.SNSSAI
	Type  nas.PDUSessionType // IPv4 when unset
}

// Timers are those of TS 24.501 §10.2 that a phone runs. A zero field means the
// standard's value.
type Timers struct {
	T3502 time.Duration // 12 min: after five failed registrations
	T3510 time.Duration // 15 s: a registration
	T3511 time.Duration // 10 s: before a registration is tried again
	T3517 time.Duration // 15 s: a service request
	T3521 time.Duration // 15 s: a deregistration
	T3580 time.Duration // 16 s: a session's establishment
	T3582 time.Duration // 16 s: a session's release
	// Forbidden is how long tracking areas stay on the lists of forbidden ones: 12 h.
	Forbidden time.Duration
	// Search is how often a phone without a suitable cell looks for one: 1 s.
	Search time.Duration
}

// RadioConfig is one gNB.
type RadioConfig struct {
	Node   ident.RANNode
	Name   string
	TACs   []ident.TAC
	Slices []ident.SNSSAI
	Maker  Maker
	// Dial sets up the association. It is called again when the association breaks and
	// Reconnect is set.
	Dial      func(context.Context) (N2, error)
	Reconnect bool
	// RetryAfter is the pause before the association is dialled again; 1 s when unset.
	RetryAfter time.Duration
	// MaxWait bounds what the radio waits of a core's TimeToWait, for those in a hurry; the
	// whole of it when unset.
	MaxWait time.Duration
	// RetryRefused is the pause before NG Setup is tried again after a refusal without
	// TimeToWait, once the radio is open; never when unset.
	RetryRefused time.Duration
	// Optional has a load go on without this radio where the core does not accept it at once;
	// the radio goes on trying.
	Optional bool
	// RejectWait is for how long a phone that was refused under overload keeps away from
	// this radio (RRCReject's waitTime); 4 s when unset.
	RejectWait time.Duration
	// N3 is the address for GTP-U; no user plane when unset. Port 0 means 2152.
	N3 netip.AddrPort
	// Listen opens N3; ListenUDP when nil.
	Listen func(netip.AddrPort) (N3, error)
	// KeepTunnels goes on with the user plane of connected phones while there is no association, until the core has
	// accepted another one, with which all connections end.
	KeepTunnels bool
	// Recorder keeps what crosses N2; nil for nothing.
	Recorder *Recorder
	// Tamper replaces each message that the radio sends by what it makes of it, nothing being
	// a message held back; Deaf holds for those from the core that it does not hear. Both run
	// in the radio's own goroutine. Nil leaves things as they are.
	Tamper func(ngap.Message) []ngap.Message
	Deaf   func(ngap.Message) bool
	// Notify is told what happens to phones, in the radio's own goroutine: it must not
	// block, nor call the radio. Nil for nobody.
	Notify func(*UE, Note)
}

// Group is phones of one kind.
type Group struct {
	Name   string // for the summary
	Phones int
	First  ident.SUPI // the first phone's; the others count up from it
	Phone  PhoneConfig
	// Reach is which radios the phone of a number, from 0, may use, by their place in the
	// load, the best first; it begins on the best. Nil gives each phone one, in turn.
	Reach func(phone int) []int
	// Target is the UDP echo service that packets go to, Target6 another one for sessions that have IPv6; no traffic when
	// both are unset.
	Target, Target6 netip.AddrPort
	// Host, if any, is what sends and gets packets on the first session of the group's first phone, in place of
	// the echo service. It is closed in the end.
	Host Host
}

// Reach is the same radios for every phone of a group, the best first.
func Reach(radios ...int) func(int) []int { return func(int) []int { return radios } }

// Config is a load on a core.
type Config struct {
	Radios []RadioConfig
	Groups []Group // switched on one after the other
	// Rate is how many phones are switched on each second; all at once when 0.
	Rate float64
	// AtOnce is how many phones may be attaching at a time; any number when 0. A phone is
	// then switched on once another is attached or has given up.
	AtOnce int
	// Traffic is how long packets flow once all phones are attached; none when unset.
	Traffic time.Duration
	PPS     float64 // packets per second and phone; 1 when unset
	Payload int     // octets of UDP payload; 64 when unset, at least 32
	// Hold is how long phones stay attached after traffic.
	Hold       time.Duration
	Deregister bool
	// Patience is how long after the last phone was switched on all must have attached; 60 s
	// when unset.
	Patience time.Duration
	// Progress is told now and then how far things are. Nil for nobody.
	Progress func(Progress)
}

// Progress is how far a load is.
type Progress struct {
	Phase      string // "radios", "preparing", "attaching", "traffic", "settling", "holding", "leaving", "done"
	Elapsed    time.Duration
	Phones     int
	Started    int
	Registered int
	Sessions   int
	Failed     int
	Sent       uint64
	Echoed     uint64
}

// GroupSummary is what came of one group of phones.
type GroupSummary struct {
	Name           string         `json:"name,omitempty"`
	Phones         int            `json:"phones"`
	Registered     int            `json:"registered"`
	Sessions       int            `json:"sessions"`
	PacketsSent    uint64         `json:"packets_sent"`
	PacketsEchoed  uint64         `json:"packets_echoed"`
	PhonesEchoed   int            `json:"phones_echoed"` // of which packets of any session ever came back
	On             map[string]int `json:"on,omitempty"`  // registered phones, by the radio where they are in the end
	NoSuitableCell int            `json:"no_suitable_cell"`
	Moves          int            `json:"moves"`
	Rejected       map[string]int `json:"rejected,omitempty"` // by cause, of all that was asked for
}

// Summary is what came of a load. Attach is from the first Registration Request to the
// last of the phone's sessions.
type Summary struct {
	Radios          int            `json:"radios"`
	RadiosUp        int            `json:"radios_up"`
	Phones          int            `json:"phones"`
	Registered      int            `json:"registered"`
	Sessions        int            `json:"sessions"`
	Failed          map[string]int `json:"failed,omitempty"` // by cause
	PacketsSent     uint64         `json:"packets_sent"`
	PacketsEchoed   uint64         `json:"packets_echoed"`
	Corrupted       uint64         `json:"corrupted"`
	Duplicated      uint64         `json:"duplicated"`
	WrongTunnel     uint64         `json:"wrong_tunnel"`
	PhonesEchoed    int            `json:"phones_echoed"` // phones of which every session got packets back at the end of traffic
	P50AttachMS     float64        `json:"p50_attach_ms"`
	P99AttachMS     float64        `json:"p99_attach_ms"`
	P50RTTMS        float64        `json:"p50_rtt_ms"`
	P99RTTMS        float64        `json:"p99_rtt_ms"`
	AttachRate      float64        `json:"attach_rate"` // phones per second, first switched on to last attached
	Reregistered    int            `json:"reregistered"`
	ServiceRequests int            `json:"service_requests"`
	Deregistered    int            `json:"deregistered"`
	Reconnects      int            `json:"reconnects"`
	Moves           int            `json:"moves"`            // from radio to radio
	NoSuitableCell  int            `json:"no_suitable_cell"` // phones that wait for one in the end
	Groups          []GroupSummary `json:"groups"`
	DurationS       float64        `json:"duration_s"`
	// Complaints are what radios and phones found wrong with the core, by kind, and other
	// events that do not belong to a load that goes well.
	Complaints map[string]int `json:"complaints,omitempty"`
	// OK is whether all phones did all of it.
	OK bool `json:"ok"`
}
