package aka

import "math/bits"

// mul8 multiplies in GF(2^8) modulo x^8 + poly.
func mul8(a, b, poly byte) (r byte) {
	for range 8 {
		r ^= a & -(b & 1)
		b >>= 1
		a = a<<1 ^ -(a>>7)&poly
	}
	return r
}

// pow8 is a to the n-th in GF(2^8).
func pow8(a byte, n int, poly byte) byte {
	r := byte(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r = mul8(r, a, poly)
		}
		a = mul8(a, a, poly)
	}
	return r
}

// rijndaelBox is the S-box of AES, which SNOW 3G calls SR (TS 35.216 §3.3.1).
func rijndaelBox(x byte) byte {
	v := pow8(x, 254, 0x1b)
	return v ^ bits.RotateLeft8(v, 1) ^ bits.RotateLeft8(v, 2) ^ bits.RotateLeft8(v, 3) ^ bits.RotateLeft8(v, 4) ^ 0x63
}

// dicksonBox is the S-box that SNOW 3G calls SQ (TS 35.216 §3.3.2), from a Dickson polynomial.
func dicksonBox(x byte) byte {
	v := byte(0x25)
	for _, n := range []int{1, 9, 13, 15, 33, 41, 45, 47, 49} {
		v ^= pow8(x, n, 0x69)
	}
	return v
}

// mixTable is an S-box followed by the first column of MixColumns.
func mixTable(box func(byte) byte, poly byte) (t [256]uint32) {
	for i := range t {
		s := box(byte(i))
		d := mul8(s, 2, poly)
		t[i] = uint32(d)<<24 | uint32(d^s)<<16 | uint32(s)<<8 | uint32(s)
	}
	return t
}

// alphaTable multiplies an octet by a power of alpha in the field of SNOW 3G's register
// (TS 35.216 §3.4.2, §3.4.3): four powers of x.
func alphaTable(a, b, c, d int) (t [256]uint32) {
	const poly = 0xa9
	x := func(n int) byte { return pow8(2, n, poly) }
	for i := range t {
		v := byte(i)
		t[i] = uint32(mul8(v, x(a), poly))<<24 | uint32(mul8(v, x(b), poly))<<16 |
			uint32(mul8(v, x(c), poly))<<8 | uint32(mul8(v, x(d), poly))
	}
	return t
}
