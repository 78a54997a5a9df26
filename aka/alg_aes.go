package aka

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// newAES is a 128-bit AES, whose key length is the only thing that NewCipher refuses.
func newAES(key *[16]byte) cipher.Block {
	b, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	return b
}

// nea2 is 128-EEA2: AES in counter mode (TS 33.401 annex B.1.3). Messages are short, so
// cipher.NewCTR, which copies the expanded key, costs more than its fast path would save.
func nea2(key *[16]byte, count uint32, bearer, direction uint8, data []byte) {
	b := newAES(key)
	buf := make([]byte, 32) // counter and keystream, in one piece since they escape
	ctr, stream := buf[:16], buf[16:]
	putCount(ctr, count, bearer, direction)
	for n := uint64(0); len(data) > 0; n++ {
		binary.BigEndian.PutUint64(ctr[8:], n)
		b.Encrypt(stream, ctr)
		data = data[subtle.XORBytes(data, data, stream):]
	}
}

// nia2 is 128-EIA2: the first 32 bits of AES-CMAC over COUNT, BEARER, DIRECTION, 26 zero
// bits and the first bits of msg, after which msg holds zeros (TS 33.401 annex B.2.3).
func nia2(key *[16]byte, count uint32, bearer, direction uint8, msg []byte, bits int) [4]byte {
	b := newAES(key)
	buf := make([]byte, 0, 32) // the chaining value and the subkey, in one piece since they escape
	x, sub := buf[:16], buf[16:32]
	b.Encrypt(sub, sub) // L, of RFC 4493 §2.3
	dbl(sub)

	var head [8]byte
	putCount(head[:], count, bearer, direction)
	at := copy(x, head[:])
	for whole := (bits + 7) / 8; ; {
		n := min(whole, 16-at)
		subtle.XORBytes(x[at:], x[at:], msg[:n])
		if at += n; n == whole {
			break
		}
		b.Encrypt(x, x)
		msg, whole, at = msg[n:], whole-n, 0
	}
	if bits%8 != 0 {
		at-- // the last octet has room for the padding's one bit
	}
	if at < 16 {
		x[at] ^= 0x80 >> (bits % 8)
		dbl(sub)
	}
	subtle.XORBytes(x, x, sub)
	b.Encrypt(x, x)
	return [4]byte(x[:4])
}

// dbl doubles in GF(2^128), most significant bit first.
func dbl(b []byte) {
	hi, lo := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	carry := -(hi >> 63) & 0x87
	binary.BigEndian.PutUint64(b, hi<<1|lo>>63)
	binary.BigEndian.PutUint64(b[8:], lo<<1^carry)
}

// putCount writes the first eight octets that the AES algorithms start from.
func putCount(b []byte, count uint32, bearer, direction uint8) {
	binary.BigEndian.PutUint32(b, count)
	b[4] = bearer<<3 | direction&1<<2
}
