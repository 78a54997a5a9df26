// Package subscriber is what the home network knows of a subscription: its secrets, its
// plan, and the sequence numbers and authentication vectors made from them.
//
// It is pure: the time and randomness come in as arguments, and what must survive (a
// Profile with its SQNOffset) is handed back to the caller to keep. A Plan is shared by
// pointer among all who have it and is not changed once NewPlan has given it out; a
// Sequencer belongs to one goroutine. Nothing here prints a key.
package subscriber

import (
	"crypto/subtle"
	"errors"
	"fmt"

	"cordon/aka"
	"cordon/ident"
)

// Algorithm is the set of authentication functions that a SIM has.
type Algorithm uint8

const (
	Milenage Algorithm = iota // TS 35.206
	TUAK                      // TS 35.231
)

func (a Algorithm) String() string { return name(algorithmNames, a) }

// Method is how a subscriber is authenticated (TS 33.501 §6.1.3).
type Method uint8

const (
	FiveGAKA Method = iota
	EAPAKAPrime
)

func (m Method) String() string { return name(methodNames, m) }

var (
	algorithmNames = []string{Milenage: "milenage", TUAK: "tuak"}
	methodNames    = []string{FiveGAKA: "5g-aka", EAPAKAPrime: "eap-aka-prime"}
)

func name[T ~uint8](names []string, v T) string {
	if int(v) >= len(names) {
		return fmt.Sprintf("unknown (%d)", v)
	}
	return names[v]
}

// Secret is a key of up to 32 octets that never prints itself.
type Secret struct {
	b [32]byte
	n uint8
}

// NewSecret takes up to 32 octets; of a longer one the rest is dropped.
func NewSecret(b []byte) (s Secret) {
	s.n = uint8(copy(s.b[:], b))
	return s
}

// Bytes is a copy of the key, for the store and for derivations.
func (s Secret) Bytes() []byte { return append([]byte(nil), s.b[:s.n]...) }

// Len is the length in octets.
func (s Secret) Len() int { return int(s.n) }

// Equal compares in constant time.
func (s Secret) Equal(o Secret) bool {
	return s.n == o.n && subtle.ConstantTimeCompare(s.b[:], o.b[:]) == 1
}

// Format prints "<key>" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<key>")) }

// MarshalText gives "<key>", so that no encoder of records gives a key away.
func (Secret) MarshalText() ([]byte, error) { return []byte("<key>"), nil }

// Credentials are what a SIM and the home network share.
type Credentials struct {
	Algorithm Algorithm
	Method    Method
	AMF       [2]byte // authentication management field; its first bit is set (TS 33.501 §6.1.3)
	K         Secret  // 16 octets, or 32 with TUAK
	OPc       Secret  // 16 octets, or TOPc of 32 with TUAK
	TUAK      aka.TUAKSizes
}

// ErrCredentials is a key of a length that its algorithm does not have, or an algorithm
// that does not exist.
var ErrCredentials = errors.New("credentials: key lengths do not fit the algorithm")

// Functions are the authentication functions that the credentials stand for.
func (c *Credentials) Functions() (aka.Functions, error) {
	switch {
	case c.Algorithm == Milenage && c.K.n == 16 && c.OPc.n == 16:
		return aka.NewMilenage([16]byte(c.K.b[:16]), [16]byte(c.OPc.b[:16])), nil
	case c.Algorithm == TUAK && c.OPc.n == 32:
		return aka.NewTUAK(c.K.b[:c.K.n], c.OPc.b, c.TUAK)
	}
	return nil, ErrCredentials
}

// Profile is one subscriber.
type Profile struct {
	SUPI        ident.SUPI
	Credentials Credentials
	Plan        string // name of the Plan
	SQNOffset   int64  // what a Sequencer adds for this SIM; changed by a resynchronisation only
	// Protected says that the subscriber's traffic must not cross, in the clear, equipment that
	// nobody vouches for. Rules say what follows from it.
	Protected bool
}
