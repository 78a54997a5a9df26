package aka

import (
	"encoding/binary"
	"math/bits"
)

// zuc is the state of ZUC (TS 35.222): sixteen stages of 31 bits and two registers.
type zuc struct {
	s      [16]uint32
	at     int
	r1, r2 uint32
}

// zucD are the constants that part key from initialisation vector (§3.5).
var zucD = [16]uint32{
	0x44d7, 0x26bc, 0x626b, 0x135e, 0x5789, 0x35e2, 0x7135, 0x09af,
	0x4d78, 0x2f13, 0x6bc4, 0x1af1, 0x5e26, 0x3c4d, 0x789a, 0x47ac,
}

// newZUC loads key and iv and runs the initialisation (§3.6.1).
func newZUC(key, iv *[16]byte) *zuc {
	g := &zuc{}
	for i := range g.s {
		g.s[i] = uint32(key[i])<<23 | zucD[i]<<8 | uint32(iv[i])
	}
	for range 32 {
		_, w := g.f()
		g.clock(w >> 1)
	}
	g.f() // the first word is thrown away (§3.6.2)
	g.clock(0)
	return g
}

func (g *zuc) stage(i int) uint32 { return g.s[(g.at+i)&15] }

// clock shifts the register modulo 2^31 - 1 (§3.2); u feeds it while initialising.
func (g *zuc) clock(u uint32) {
	rot := func(v uint32, n int) uint64 { return uint64(v<<n&0x7fffffff | v>>(31-n)) }
	s0 := g.stage(0)
	v := uint64(s0) + rot(s0, 8) + rot(g.stage(4), 20) + rot(g.stage(10), 21) +
		rot(g.stage(13), 17) + rot(g.stage(15), 15) + uint64(u)
	v = v&0x7fffffff + v>>31
	v = v&0x7fffffff + v>>31
	if v == 0 {
		v = 0x7fffffff
	}
	g.s[g.at] = uint32(v)
	g.at = (g.at + 1) & 15
}

// f is bit reorganisation and the nonlinear function (§3.3, §3.4): X3 and W.
func (g *zuc) f() (x3, w uint32) {
	high := func(i int) uint32 { return g.stage(i) >> 15 }
	low := func(i int) uint32 { return g.stage(i) & 0xffff }
	x0 := high(15)<<16 | low(14)
	x1 := low(11)<<16 | high(9)
	x2 := low(7)<<16 | high(5)
	x3 = low(2)<<16 | high(0)
	w = (x0 ^ g.r1) + g.r2
	w1, w2 := g.r1+x1, g.r2^x2
	u := w1<<16 | w2>>16
	v := w2<<16 | w1>>16
	g.r1 = zucS(u ^ bits.RotateLeft32(u, 2) ^ bits.RotateLeft32(u, 10) ^ bits.RotateLeft32(u, 18) ^ bits.RotateLeft32(u, 24))
	g.r2 = zucS(v ^ bits.RotateLeft32(v, 8) ^ bits.RotateLeft32(v, 14) ^ bits.RotateLeft32(v, 22) ^ bits.RotateLeft32(v, 30))
	return x3, w
}

// next is the next word of keystream.
func (g *zuc) next() uint32 {
	x3, w := g.f()
	g.clock(0)
	return x3 ^ w
}

func zucS(x uint32) uint32 {
	return uint32(zucS0[x>>24])<<24 | uint32(zucS1[x>>16&0xff])<<16 | uint32(zucS0[x>>8&0xff])<<8 | uint32(zucS1[x&0xff])
}

// nea3 is 128-EEA3 (TS 35.221 §3).
func nea3(key *[16]byte, count uint32, bearer, direction uint8, data []byte) {
	var iv [16]byte
	putCount(iv[:], count, bearer, direction)
	copy(iv[8:], iv[:8])
	g := newZUC(key, &iv)
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

// nia3 is 128-EIA3 (TS 35.221 §4) over the first n bits of msg.
func nia3(key *[16]byte, count uint32, bearer, direction uint8, msg []byte, n int) [4]byte {
	var iv [16]byte
	putCount(iv[:], count, bearer, 0)
	copy(iv[8:], iv[:8])
	iv[8] ^= direction & 1 << 7
	iv[14] ^= direction & 1 << 7
	g := newZUC(key, &iv)

	var t uint32
	window := uint64(g.next())<<32 | uint64(g.next()) // keystream from the current bit on
	for left := n; left > 0; left -= 32 {
		var word [4]byte
		msg = msg[copy(word[:], msg):]
		m := binary.BigEndian.Uint32(word[:])
		take := min(left, 32)
		for i := range take {
			t ^= uint32(window>>(32-i)) & -(m >> (31 - i) & 1)
		}
		if take < 32 {
			t ^= uint32(window >> (32 - take))
			return [4]byte(binary.BigEndian.AppendUint32(nil, t^g.next()))
		}
		window = window<<32 | uint64(g.next())
	}
	t ^= uint32(window >> 32)
	return [4]byte(binary.BigEndian.AppendUint32(nil, t^uint32(window)))
}
