package per

// fragment is how many units a fragment of a long value counts in (X.691 §11.9.3.8).
const fragment = 16 << 10

// length codes an unconstrained length determinant (X.691 §11.9.3.5). Of n units, got
// follow; with more set, that is one fragment, and another length follows them.
func (c *Coder) length(n int) (got int, more bool) {
	c.align()
	if c.enc {
		switch {
		case n < 1<<7:
			c.bits(uint64(n), 8)
			return n, false
		case n < fragment:
			c.bits(1<<15|uint64(n), 16)
			return n, false
		}
		k := min(n/fragment, 4)
		c.bits(3<<6|uint64(k), 8)
		return k * fragment, true
	}
	switch o := int(c.bits(0, 8)); {
	case o < 1<<7:
		return o, false
	case o < 3<<6:
		return o&0x3f<<8 | int(c.bits(0, 8)), false
	case o >= 3<<6|1 && o <= 3<<6|4:
		return o & 0x3f * fragment, true
	}
	c.Fail(ErrRange)
	return 0, false
}

// joined reads octets behind an unconstrained length. They are part of the input unless
// it came in fragments.
func (c *Coder) joined() []byte {
	n, more := c.length(0)
	v := c.take(n)
	if !more {
		return v
	}
	v = append([]byte(nil), v...)
	for more && c.err == nil {
		n, more = c.length(0)
		v = append(v, c.take(n)...)
	}
	return v
}

// fragmented writes octets behind an unconstrained length.
func (c *Coder) fragmented(v []byte) {
	for c.err == nil {
		n, more := c.length(len(v))
		c.raw(v[:n])
		if !more {
			return
		}
		v = v[n:]
	}
}
