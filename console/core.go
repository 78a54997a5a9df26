package console

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/subscriber"
)

// Core is what the console asks of a running network. Answers are snapshots. An error
// that is an [io/fs.ErrNotExist] means that the device is not there.
type Core interface {
	Status(context.Context) (Status, error)
	Radios(context.Context) ([]Radio, error)
	// ResetRadio has the radio of that identity drop all its devices.
	ResetRadio(ctx context.Context, id string) error
	// Devices lists known devices in the order of their SUPI, from the first one after.
	Devices(ctx context.Context, after ident.SUPI, limit int) ([]Device, error)
	Device(context.Context, ident.SUPI) (Device, error)
	// Sessions lists sessions in the order of SUPI and identity, from the first one after.
	Sessions(ctx context.Context, after ident.SUPI, afterID ident.PDUSessionID, limit int) ([]Session, error)
	// Deregister starts a deregistration by the network and does not wait for its end.
	Deregister(context.Context, ident.SUPI) error
	// ReleaseSession starts the release of a session by the network and does not wait for its end.
	ReleaseSession(context.Context, ident.SUPI, ident.PDUSessionID) error
	// Metrics are the core's own figures, without identities in names or labels.
	Metrics() []Family
	// SubscriberChanged says that a subscriber's record has another Protected than before, or may
	// have. It does not wait until the network has acted on it.
	SubscriberChanged(context.Context, ident.SUPI) error
	// KnowsPlan reports whether a plan of that name is configured.
	KnowsPlan(name string) bool
}

// Subscribers is what the console asks of the store. An error that is an
// [io/fs.ErrNotExist] means no such subscriber, an [io/fs.ErrExist] one who is there
// already.
type Subscribers interface {
	Add(p subscriber.Profile, replace bool) error
	Get(ident.SUPI) (subscriber.Profile, error)
	// List tells profiles without keys in the order of their SUPI, from the first one after.
	List(after ident.SUPI, limit int) ([]subscriber.Profile, error)
	Remove(ident.SUPI) error
	// SetProtected changes whether a subscriber is protected.
	SetProtected(ident.SUPI, bool) error
	// Import adds all subscribers of a CSV file or none. Of those that it replaced, it tells
	// who are protected now and were not, or the other way round. Its error joins one for each
	// place, with a method Where.
	Import(r io.Reader, replace bool, knowsPlan func(string) bool) (n int, changed []ident.SUPI, err error)
	// Health is nil while writes succeed.
	Health() error
}

// SUPI is an [ident.SUPI] that is written in full, as the API does and logs do not.
type SUPI ident.SUPI

// MarshalText writes "imsi-" and the digits.
func (s SUPI) MarshalText() ([]byte, error) { return []byte("imsi-" + ident.SUPI(s).IMSI()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *SUPI) UnmarshalText(b []byte) error {
	v, err := ident.ParseSUPI(string(b))
	*s = SUPI(v)
	return err
}

// String is masked.
func (s SUPI) String() string { return ident.SUPI(s).String() }

// LogValue is masked.
func (s SUPI) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Status is the network at a glance.
type Status struct {
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	PLMNs    []string  `json:"plmns"`
	N2       string    `json:"n2"` // address and transport, with why this one
	N3       string    `json:"n3"`
	N6       string    `json:"n6"`
	Radios   int       `json:"radios"`
	Devices  int       `json:"devices"`   // registered
	Attached int       `json:"connected"` // of these, with a radio connection
	Sessions int       `json:"sessions"`
	Store    Health    `json:"store"`

	UserPlanes []UserPlane `json:"user_planes"` // at other sites
}

// UserPlane is a user plane at another site, as the core sees it.
type UserPlane struct {
	Element  string    `json:"element"`
	Up       bool      `json:"up"`             // it answers
	Since    time.Time `json:"since,omitzero"` // of Up, or its end; none before it has answered for the first time
	Refuses  bool      `json:"refuses"`        // it answers, and wants no association
	Barred   bool      `json:"barred"`         // rules do not let it serve
	Load     int       `json:"load"`           // in percent, as it says
	Sessions int       `json:"sessions"`       // that end there or pass it
}

// Health says whether a part works, and in a sentence what is wrong when not.
type Health struct {
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty"`
	Pending int    `json:"pending"` // changes that wait to be written
}

// Radio is a radio with an association.
type Radio struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Address  netip.AddrPort `json:"address"`
	TAIs     []string       `json:"tais"`
	Slices   []string       `json:"slices"`
	Profile  string         `json:"profile"` // the radio profile applied to it
	Since    time.Time      `json:"since"`
	Devices  int            `json:"devices"`
	Findings uint64         `json:"findings"` // messages answered with an error or dropped
	Paths    []PlanePeer    `json:"paths"`    // its endpoints that sessions lead to, or led to
}

// Device is a device that the core knows.
type Device struct {
	SUPI       SUPI      `json:"supi"`
	State      string    `json:"state"`
	Connected  bool      `json:"connected"`
	Radio      string    `json:"radio,omitempty"`
	TAI        string    `json:"tai,omitempty"`
	Cell       string    `json:"cell,omitempty"`
	GUTI       string    `json:"guti,omitempty"`
	Plan       string    `json:"plan"`
	Slices     []string  `json:"slices"`
	Algorithms string    `json:"algorithms,omitempty"` // as "nia2 nea2"
	Registered time.Time `json:"registered,omitzero"`
	LastSeen   time.Time `json:"last_seen,omitzero"`
	Sessions   []Session `json:"sessions"`
}

// Session is a PDU session.
type Session struct {
	SUPI     SUPI               `json:"supi"`
	ID       ident.PDUSessionID `json:"id"`
	State    string             `json:"state"`
	DNN      ident.DNN          `json:"dnn"`
	Slice    string             `json:"slice"`
	Address  netip.Addr         `json:"address"` // IPv4, empty if none
	Prefix   netip.Prefix       `json:"prefix"`  // IPv6, empty if none
	Sealed   bool               `json:"sealed"`  // passes nothing but the seal gateway's addresses
	Uplink   Traffic            `json:"uplink"`
	Downlink Traffic            `json:"downlink"`
	Since    time.Time          `json:"since,omitzero"`

	UserPlane ident.SEID `json:"-"` // the node's own handle; unguessable, so not told
}

// Traffic is what a session has carried one way, and what it may carry.
type Traffic struct {
	Packets uint64 `json:"packets"`
	Bytes   uint64 `json:"bytes"`
	AMBR    uint64 `json:"ambr"` // bit/s
}
