package aka

import (
	"encoding/binary"
	"math/bits"
)

// snow3g is the state of SNOW 3G (TS 35.216): sixteen stages of a shift register, held in
// a ring whose first stage is at, and three registers.
type snow3g struct {
	s          [16]uint32
	at         int
	r1, r2, r3 uint32
}

// The tables of TS 35.216 §3.3 and §3.4, worked out once from the fields they come from.
var (
	snowS1  = mixTable(rijndaelBox, 0x1b)
	snowS2  = mixTable(dicksonBox, 0x69)
	snowMul = alphaTable(23, 245, 48, 239)
	snowDiv = alphaTable(16, 39, 6, 64)
)

// newSNOW3G loads key and iv and runs the 32 clocks of initialisation (§4.1). iv[0] is IV0.
func newSNOW3G(key *[16]byte, iv [4]uint32) *snow3g {
	var k [4]uint32
	for i := range k {
		k[3-i] = binary.BigEndian.Uint32(key[4*i:])
	}
	g := &snow3g{}
	for i, w := range k {
		g.s[i], g.s[i+4], g.s[i+8], g.s[i+12] = ^w, w, ^w, w
	}
	g.s[15] ^= iv[0]
	g.s[12] ^= iv[1]
	g.s[10] ^= iv[2]
	g.s[9] ^= iv[3]
	for range 32 {
		f := g.clockFSM()
		g.clockLFSR(f)
	}
	g.clockFSM() // the first output is thrown away (§4.2)
	g.clockLFSR(0)
	return g
}

func (g *snow3g) stage(i int) uint32 { return g.s[(g.at+i)&15] }

// clockLFSR shifts the register (§3.4.4, §3.4.5); feed is the FSM's output while initialising.
func (g *snow3g) clockLFSR(feed uint32) {
	s0, s11 := g.stage(0), g.stage(11)
	v := s0<<8 ^ snowMul[s0>>24] ^ g.stage(2) ^ s11>>8 ^ snowDiv[s11&0xff] ^ feed
	g.s[g.at] = v
	g.at = (g.at + 1) & 15
}

// clockFSM is §3.4.6.
func (g *snow3g) clockFSM() uint32 {
	f := g.stage(15) + g.r1 ^ g.r2
	r := g.r2 + (g.r3 ^ g.stage(5))
	g.r3 = substitute(&snowS2, g.r2)
	g.r2 = substitute(&snowS1, g.r1)
	g.r1 = r
	return f
}

// next is the next word of keystream.
func (g *snow3g) next() uint32 {
	z := g.clockFSM() ^ g.stage(0)
	g.clockLFSR(0)
	return z
}

// substitute is S1 or S2: four look-ups whose results differ by a rotation (§3.3).
func substitute(t *[256]uint32, w uint32) uint32 {
	return t[w>>24] ^ bits.RotateLeft32(t[w>>16&0xff], -8) ^
		bits.RotateLeft32(t[w>>8&0xff], -16) ^ bits.RotateLeft32(t[w&0xff], -24)
}

// nea1 is 128-EEA1, which is UEA2 (TS 35.215 §4).
func nea1(key *[16]byte, count uint32, bearer, direction uint8, data []byte) {
	b := uint32(bearer&31)<<27 | uint32(direction&1)<<26
	g := newSNOW3G(key, [4]uint32{b, count, b, count})
	for len(data) >= 4 {
		binary.BigEndian.PutUint32(data, binary.BigEndian.Uint32(data)^g.next())
		data = data[4:]
	}
	if len(data) > 0 {
		z := g.next()
		for i := range data {
			data[i] ^= byte(z >> (24 - 8*i))
		}
	}
}

// nia1 is 128-EIA1, which is UIA2 with the bearer for FRESH (TS 35.215 §5, TS 33.401 annex
// B.2.2), over the first n bits of msg.
func nia1(key *[16]byte, count uint32, bearer, direction uint8, msg []byte, n int) [4]byte {
	fresh, dir := uint32(bearer&31)<<27, uint32(direction&1)
	g := newSNOW3G(key, [4]uint32{fresh ^ dir<<15, count ^ dir<<31, fresh, count})
	p := uint64(g.next())<<32 | uint64(g.next())
	q := uint64(g.next())<<32 | uint64(g.next())
	otp := g.next()

	var eval uint64
	for left := n; left > 0; left -= 64 {
		var block [8]byte
		msg = msg[copy(block[:], msg):]
		m := binary.BigEndian.Uint64(block[:])
		if left < 64 {
			m &= ^uint64(0) << (64 - left)
		}
		eval = mul64(eval^m, p)
	}
	eval = mul64(eval^uint64(n), q)
	return [4]byte(binary.BigEndian.AppendUint32(nil, uint32(eval>>32)^otp))
}

// mul64 multiplies in GF(2^64) (TS 35.215 §5.3.3).
func mul64(a, b uint64) (r uint64) {
	for range 64 {
		r ^= a & -(b & 1)
		b >>= 1
		a = a<<1 ^ -(a>>63)&0x1b
	}
	return r
}
