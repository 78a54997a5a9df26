package per

import "math/bits"

// Unsigned is what an INTEGER that is never negative may be held in.
type Unsigned interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint
}

// Int codes an INTEGER (lo..hi) (X.691 §11.5, §13).
func Int[T Unsigned](c *Coder, v *T, lo, hi uint64) {
	x := c.constrained(uint64(*v), lo, hi)
	if !c.enc {
		*v = T(x)
	}
}

// ExtInt codes an INTEGER (lo..hi, ...). Values up to most are taken from its extension;
// one beyond is not comprehended.
func ExtInt[T Unsigned](c *Coder, v *T, lo, hi, most uint64) {
	ext := c.enc && (uint64(*v) < lo || uint64(*v) > hi)
	if c.bit(&ext); !ext {
		Int(c, v, lo, hi)
		return
	}
	x := c.unconstrained(int64(*v))
	switch {
	case x < 0 || uint64(x) > most:
		c.Fail(ErrUnknown)
	case !c.enc:
		*v = T(x)
	}
}

// Enum codes an ENUMERATED of root values and, if extensible, of more after its extension
// marker (X.691 §14); their numbers follow those of the root. A value that is none of
// these is not comprehended.
func Enum[T Unsigned](c *Coder, v *T, root, more int, extensible bool) {
	x := uint64(*v)
	if extensible {
		ext := c.enc && x >= uint64(root)
		if c.bit(&ext); ext {
			if x = c.small(x-uint64(root)) + uint64(root); c.err == nil && x >= uint64(root+more) {
				c.Fail(ErrUnknown)
			}
		} else {
			x = c.constrained(x, 0, uint64(root-1))
		}
	} else {
		x = c.constrained(x, 0, uint64(root-1))
	}
	if !c.enc {
		*v = T(x)
		if c.err != nil {
			*v = 0
		}
	}
}

// Choice codes the index of a CHOICE of n alternatives, all in its root (X.691 §23).
func Choice[T Unsigned](c *Coder, v *T, n int) { Int(c, v, 0, uint64(n-1)) }

// constrained codes a constrained whole number (X.691 §11.5).
func (c *Coder) constrained(v, lo, hi uint64) uint64 {
	if c.enc && (v < lo || v > hi) {
		c.Fail(ErrRange)
	}
	if c.err != nil {
		return 0
	}
	d := v - lo
	switch r := hi - lo; {
	case r == 0:
		d = 0
	case r < 255:
		d = c.bits(d, bits.Len64(r))
	case r == 255:
		c.align()
		d = c.bits(d, 8)
	case r < 1<<16:
		c.align()
		d = c.bits(d, 16)
	default:
		most := (bits.Len64(r) + 7) / 8
		n := max(1, (bits.Len64(d)+7)/8)
		n = int(c.bits(uint64(n-1), bits.Len(uint(most-1)))) + 1
		if n > most {
			c.Fail(ErrRange)
			return 0
		}
		c.align()
		d = c.bits(d, n*8)
	}
	if c.err == nil && d > hi-lo {
		c.Fail(ErrRange)
	}
	if c.err != nil {
		return 0
	}
	return lo + d
}

// unconstrained codes an unconstrained whole number (X.691 §11.8); one of more than eight
// octets is not comprehended.
func (c *Coder) unconstrained(v int64) int64 {
	n := 8
	for n > 1 && v>>(n*8-9) == v>>63 { // the octets' top bit repeats the sign
		n--
	}
	n, more := c.length(n)
	if c.err == nil && (n < 1 || more) {
		c.Fail(ErrRange)
	}
	if n > 8 {
		c.take(n)
		c.Fail(ErrUnknown)
	}
	u := c.bits(uint64(v), n*8)
	if c.err != nil {
		return 0
	}
	shift := 64 - n*8
	return int64(u<<shift) >> shift
}

// small codes a normally small non-negative whole number (X.691 §11.6).
func (c *Coder) small(v uint64) uint64 {
	large := c.enc && v >= 64
	if c.bit(&large); !large {
		return c.bits(v, 6)
	}
	n := max(1, (bits.Len64(v)+7)/8)
	n, more := c.length(n)
	if c.err == nil && (n < 1 || n > 4 || more) {
		c.Fail(ErrRange)
	}
	if c.err != nil {
		return 0
	}
	return c.bits(v, n*8)
}
