package evidence

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// PseudonymKey is what subscribers' pseudonyms are made with. It stays with the operator.
type PseudonymKey [32]byte

// pseudonymSize is how much of the code is kept, in octets. Among a million subscribers the chance that
// two share a pseudonym is less than one in a million millions.
const pseudonymSize = 10

// Digest is what the log has of octets that may name a subscriber: "hmac-sha256:" and 64 hexadecimal digits. Who
// has the key and the octets can show that they are those.
func Digest(key *PseudonymKey, octets []byte) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("cordon octets 1\x00"))
	mac.Write(octets)
	return "hmac-sha256:" + hex.EncodeToString(mac.Sum(nil))
}

// Pseudonym is what the log calls a subscriber: "sub-" and 16 characters, the beginning of
// HMAC-SHA-256 over the identity, in base32. It is the same as long as the key is.
func Pseudonym(key *PseudonymKey, supi string) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("cordon subscriber pseudonym 1\x00" + supi))
	return "sub-" + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:pseudonymSize]))
}
