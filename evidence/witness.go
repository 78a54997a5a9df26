package evidence

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Kinds of keys in a signed note.
const (
	algEd25519     = 1
	algCosignature = 4
)

// A witness verifies the cosignatures of one who has seen that the log only grows (C2SP
// tlog-cosignature, cosignature/v1).
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// newWitness takes a witness's public key as such, or as the plain Ed25519 key that some publish.
func newWitness(vkey string) (*witness, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || name == "" || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 && raw[0] != algCosignature ||
		hash != fmt.Sprintf("%08x", keyHash(name, raw)) {
		return nil, fmt.Errorf("%.100q is no witness's public key: want name+8 hexadecimal digits+base64", vkey)
	}
	raw[0] = algCosignature
	return &witness{name, keyHash(name, raw), raw[1:]}, nil
}

// keyHash is what a signature line names its key by.
func keyHash(name string, key []byte) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

var _ note.Verifier = (*witness)(nil)

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }

// Verify checks a signature, which begins with the time at which it was given.
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return ed25519.Verify(w.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, msg), sig[8:])
}
