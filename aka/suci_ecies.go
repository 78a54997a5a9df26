package aka

import (
	"crypto/cipher"
	"crypto/sha256"
	"crypto/subtle"

	"cordon/ident"
)

// ecies is the keying data of one concealment (TS 33.501 annex C.3.2).
type ecies struct {
	enc, icb [16]byte
	mac      [32]byte
}

// eciesKeys is the ANSI X9.63 derivation (SEC 1 §3.6.1) with the ephemeral public key as
// SharedInfo1: two hash blocks are the 64 octets needed.
func eciesKeys(z, point []byte) (e ecies) {
	s := make([]byte, 0, 32+4+pubLenB)
	s = append(append(append(s, z...), 0, 0, 0, 1), point...)
	one := sha256.Sum256(s)
	s[len(z)+3] = 2
	e.mac = sha256.Sum256(s)
	copy(e.enc[:], one[:16])
	copy(e.icb[:], one[16:])
	return e
}

// crypt enciphers or deciphers, into new memory.
func (e *ecies) crypt(in []byte) []byte {
	out := make([]byte, len(in))
	cipher.NewCTR(newAES(&e.enc), e.icb[:]).XORKeyStream(out, in)
	return out
}

func (e *ecies) tag(text []byte) []byte {
	t := hmacSHA256(e.mac[:], text)
	return t[:macLen]
}

func (e *ecies) verify(text, tag []byte) bool {
	return subtle.ConstantTimeCompare(e.tag(text), tag) == 1
}

// supiOf puts a network and a packed MSIN together.
func supiOf(p ident.PLMN, msin []byte) (ident.SUPI, error) {
	if len(msin) < 1 || len(msin) > maxMSIN {
		return 0, ErrLength
	}
	b := make([]byte, 0, 16)
	b = append(b, p.String()...)
	for i, v := range msin {
		lo, hi := v&15, v>>4
		last := i == len(msin)-1
		if lo > 9 || (hi > 9 && !(last && hi == 15)) {
			return 0, ErrMSIN
		}
		b = append(b, '0'+lo)
		if hi != 15 {
			b = append(b, '0'+hi)
		}
	}
	if len(b) > 15 {
		return 0, ErrMSIN
	}
	return ident.ParseSUPI(string(b))
}

// packMSIN packs digits two to an octet, the first in the low half, an odd last one with
// 1111 above it (TS 24.501 figure 9.11.3.4.3a).
func packMSIN(digits string) []byte {
	b := make([]byte, 0, maxMSIN)
	for i := 0; i < len(digits); i += 2 {
		hi := byte(15)
		if i+1 < len(digits) {
			hi = digits[i+1] - '0'
		}
		b = append(b, hi<<4|(digits[i]-'0'))
	}
	return b
}
