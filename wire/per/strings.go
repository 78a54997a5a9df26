package per

// Octets codes an OCTET STRING of any length (X.691 §17). What is read is never nil.
func Octets(c *Coder, v *[]byte) {
	if c.enc {
		c.fragmented(*v)
		return
	}
	b := c.joined()
	if c.err == nil {
		*v = append(make([]byte, 0, len(b)), b...)
	}
}

// Fixed codes an OCTET STRING of the size of v, in place.
func Fixed(c *Coder, v []byte) {
	if len(v) > 2 {
		c.raw(v)
		return
	}
	for i := range v { // short ones are not aligned
		if o := byte(c.bits(uint64(v[i]), 8)); !c.enc {
			v[i] = o
		}
	}
}

// Uint codes an OCTET STRING of n octets, 1 to 8, held as a number.
func Uint[T Unsigned](c *Coder, v *T, n int) {
	if n > 2 {
		c.align()
	}
	if x := c.bits(uint64(*v), n*8); !c.enc {
		*v = T(x)
	}
}

// String codes a PrintableString, VisibleString or UTF8String (SIZE(lo..hi, ...)) of more
// than two characters at most, as octets; which of them are characters is not checked. One
// longer than hi, by its extension, is not comprehended.
func String(c *Coder, v *string, lo, hi int) {
	n := len(*v)
	ext := false
	c.bit(&ext)
	if ext {
		c.joined()
		c.Fail(ErrUnknown)
	}
	n = int(c.constrained(uint64(n), uint64(lo), uint64(hi)))
	if c.err != nil {
		return
	}
	if c.enc {
		c.align()
		c.b = append(c.b, *v...)
		c.pos = len(c.b) * 8
		return
	}
	*v = string(c.take(n))
}

// Text codes a UTF8String of any length.
func Text(c *Coder, v *string) {
	if c.enc {
		c.fragmented([]byte(*v))
		return
	}
	*v = string(c.joined())
}

// Bits codes a BIT STRING of n bits, 1 to 64, held in the low bits of a number.
func Bits[T Unsigned](c *Coder, v *T, n int) {
	if c.enc && n < 64 && uint64(*v)>>n != 0 {
		c.Fail(ErrRange)
	}
	if n > 16 {
		c.align()
	}
	if x := c.bits(uint64(*v), n); !c.enc {
		*v = T(x)
	}
}

// ExtBits codes a BIT STRING (SIZE(n, ...)); another size is not comprehended.
func ExtBits[T Unsigned](c *Coder, v *T, n int) {
	ext := false
	if c.bit(&ext); ext {
		c.Fail(ErrUnknown)
	}
	Bits(c, v, n)
}

// VarBits codes a BIT STRING (SIZE(lo..hi)) of at most 64 bits; its value is in the low n
// bits of v.
func VarBits[T Unsigned](c *Coder, v *T, n *uint8, lo, hi int) {
	Int(c, n, uint64(lo), uint64(hi))
	if c.err == nil {
		if hi > 16 {
			c.align()
		}
		if x := c.bits(uint64(*v), int(*n)); !c.enc {
			*v = T(x)
		} else if *n < 64 && x>>*n != 0 {
			c.Fail(ErrRange)
		}
	}
}

// BitString is a long BIT STRING: the first Bits bits of Octets.
type BitString struct {
	Octets []byte
	Bits   int
}

// LongBits codes a BIT STRING (SIZE(lo..hi)), extensible or not, of more than 16 bits at
// most. One outside, by its extension, is not comprehended.
func LongBits(c *Coder, v *BitString, lo, hi int, extensible bool) {
	if extensible {
		ext := false
		if c.bit(&ext); ext {
			c.Fail(ErrUnknown)
		}
	}
	if c.enc && (v.Bits < lo || v.Bits > hi || len(v.Octets) != (v.Bits+7)/8) {
		c.Fail(ErrRange)
	}
	if c.err != nil {
		return
	}
	n, more := v.Bits, false
	if hi < 1<<16 {
		n = int(c.constrained(uint64(n), uint64(lo), uint64(hi)))
	} else {
		n, more = c.length(n)
	}
	if c.enc {
		c.putLongBits(v, n, more)
		return
	}
	b, total := append([]byte(nil), c.take((n+7)/8)...), n
	for more && c.err == nil {
		n, more = c.length(0)
		b = append(b, c.take((n+7)/8)...)
		total += n
	}
	if c.err == nil && (total < lo || total > hi) {
		c.Fail(ErrRange)
	}
	if c.err != nil {
		return
	}
	clearTail(b, total)
	*v = BitString{b, total}
	c.pos -= (8 - total&7) & 7 // the next field follows the last bit
}

func (c *Coder) putLongBits(v *BitString, n int, more bool) {
	b, left := v.Octets, v.Bits
	for c.err == nil {
		c.raw(b[:(n+7)/8])
		b, left = b[(n+7)/8:], left-n
		if !more {
			break
		}
		n, more = c.length(left)
	}
	clearTail(c.b, v.Bits)
	c.pos -= (8 - v.Bits&7) & 7
}

// clearTail makes the bits after the last of n zero, for the next field is put there.
func clearTail(b []byte, n int) {
	if n&7 != 0 && len(b) > 0 {
		b[len(b)-1] &= 0xff << (8 - n&7)
	}
}

// Rest codes what there is of an open type's content, to its end: one octet at least, for
// no open type is empty.
func Rest(c *Coder, v *[]byte) {
	if c.enc && len(*v) == 0 {
		c.Fail(ErrRange)
	}
	if c.enc {
		c.raw(*v)
		return
	}
	c.align()
	b := c.take(c.left() / 8)
	if len(b) == 0 {
		c.Fail(ErrShort)
	}
	if c.err == nil {
		*v = append(make([]byte, 0, len(b)), b...)
	}
}
