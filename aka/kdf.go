package aka

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Format keeps a key out of every log line.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<key>")) }

// KDF is the key derivation function of TS 33.220 annex B.2: HMAC-SHA-256 under key over
// S, which is fc and each parameter followed by its length in two octets. A parameter is
// at most 65535 octets; a longer one is our own bug.
func KDF(key []byte, fc byte, params ...[]byte) Key {
	var buf [256]byte // room for every input of fixed length, so that nothing is allocated
	s := append(buf[:0], fc)
	for _, p := range params {
		if len(p) > 0xffff {
			panic("aka: KDF parameter longer than its length field")
		}
		s = append(s, p...)
		s = binary.BigEndian.AppendUint16(s, uint16(len(p)))
	}
	return hmacSHA256(key, s)
}

// hmacSHA256 is HMAC (RFC 2104) without allocation: a registration derives a dozen keys,
// and crypto/hmac makes two hash states for each.
func hmacSHA256(key, msg []byte) Key {
	var buf [sha256.BlockSize + 256]byte
	if len(key) > sha256.BlockSize {
		h := sha256.Sum256(key)
		key = h[:]
	}
	copy(buf[:sha256.BlockSize], key)
	for i := range sha256.BlockSize {
		buf[i] ^= 0x36
	}
	inner := sha256.Sum256(append(buf[:sha256.BlockSize], msg...))
	for i := range sha256.BlockSize {
		buf[i] ^= 0x36 ^ 0x5c
	}
	return sha256.Sum256(append(buf[:sha256.BlockSize], inner[:]...))
}

// low128 is the 128 least significant bits of a derived value.
func low128(k Key) [16]byte { return [16]byte(k[16:]) }
