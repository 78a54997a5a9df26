// Package aka is the cryptography of a 5G subscription: the authentication functions of
// a SIM (Milenage, TUAK), the tokens and the key hierarchy built on them (5G AKA, EAP-AKA'),
// the concealment of identities (SUCI) and the algorithms that protect messages (NEA, NIA).
//
// It is pure. Randomness comes in as an argument, nothing is kept between calls, and every
// function may be called from any goroutine. Secrets are compared in constant time. The
// AES and the curves are the standard library's; SNOW 3G and ZUC are written with table
// look-ups, as their specifications are, so on a processor shared with an attacker their
// keys are exposed to cache timing: prefer the AES algorithms (NEA2, NIA2) there.
//
// What a peer sent is presumed hostile: EAP packets and SUCIs are parsed with bounds
// checked, and the answer is a value or an error.
package aka

import "errors"

var (
	// ErrMAC is a message, token or concealed identity that its key did not make.
	ErrMAC = errors.New("message authentication code does not match")
	// ErrNon5G is a challenge that was not made for 5G: its separation bit is clear.
	ErrNon5G = errors.New("separation bit of AUTN is not set")
	// ErrNotFresh is a challenge whose sequence number the SIM will not accept.
	ErrNotFresh = errors.New("sequence number out of range")
)

// Key is a key of 256 bits: KAUSF, KSEAF, KAMF, KgNB, NH and their kin. It never prints
// itself, whatever the verb.
type Key [32]byte
