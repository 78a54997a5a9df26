package wireguard

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
)

// PrivateKey is an end's own secret. It prints as nothing that could be read.
type PrivateKey struct{ secret }

// PresharedKey is a secret that two ends share besides their keys.
type PresharedKey struct{ secret }

// PublicKey is what others know an end by.
type PublicKey [32]byte

// secret is 32 octets that no verb of fmt and no logger shows.
type secret struct{ b [32]byte }

// Format writes that there is a key, whatever the verb.
func (secret) Format(s fmt.State, _ rune) { fmt.Fprint(s, "(secret)") }

// MarshalText writes that there is a key.
func (secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// IsZero reports whether there is none.
func (s secret) IsZero() bool { return s.b == [32]byte{} }

// Text is the key as WireGuard's tools write it, for its file alone.
func (s secret) Text() string { return base64.StdEncoding.EncodeToString(s.b[:]) }

// NewPrivateKey draws a key.
func NewPrivateKey() PrivateKey {
	var k PrivateKey
	rand.Read(k.b[:])
	k.b[0] &= 248
	k.b[31] = k.b[31]&127 | 64
	return k
}

// NewPresharedKey draws a key.
func NewPresharedKey() PresharedKey {
	var k PresharedKey
	rand.Read(k.b[:])
	return k
}

// Public is the key that others know this one by.
func (k PrivateKey) Public() PublicKey {
	p, err := ecdh.X25519().NewPrivateKey(k.b[:])
	if err != nil { // only for another length
		panic(err)
	}
	return PublicKey(p.PublicKey().Bytes())
}

// String is the key as WireGuard's tools write it.
func (k PublicKey) String() string { return base64.StdEncoding.EncodeToString(k[:]) }

var errKey = errors.New("want a key as WireGuard writes it: 44 characters of base64, the last of them =")

// ParsePrivateKey reads a key as WireGuard's tools write it. The error does not repeat it.
func ParsePrivateKey(s string) (PrivateKey, error) {
	b, err := parseKey(s)
	return PrivateKey{secret{b}}, err
}

// ParsePresharedKey reads a key as WireGuard's tools write it. The error does not repeat it.
func ParsePresharedKey(s string) (PresharedKey, error) {
	b, err := parseKey(s)
	return PresharedKey{secret{b}}, err
}

// ParsePublicKey reads a key as WireGuard's tools write it.
func ParsePublicKey(s string) (PublicKey, error) {
	b, err := parseKey(s)
	return PublicKey(b), err
}

// parseKey takes the one way of writing a key, and no key of zeros.
func parseKey(s string) ([32]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != 32 || len(s) != 44 {
		return [32]byte{}, errKey
	}
	if [32]byte(b) == [32]byte{} {
		return [32]byte{}, errors.New("a key of zeros is none")
	}
	return [32]byte(b), nil
}
