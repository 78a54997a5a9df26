package per

// Preamble codes the beginning of a SEQUENCE (X.691 §19): its extension bit, if it is
// extensible, then one bit for each OPTIONAL component. It returns the extension bit,
// which is never set in what is written; Additions then skips what follows the root.
func (c *Coder) Preamble(extensible bool, optional ...*bool) (extended bool) {
	n := len(optional)
	var v uint64
	if c.enc {
		for _, p := range optional {
			v <<= 1
			if *p {
				v |= 1
			}
		}
	}
	if extensible {
		n++
	}
	v = c.bits(v, n)
	if c.enc {
		return false
	}
	for i, p := range optional {
		*p = v>>(len(optional)-1-i)&1 == 1
	}
	return extensible && v>>len(optional) == 1
}

// Bool codes a BOOLEAN, or the presence of one component.
func (c *Coder) Bool(v *bool) { c.bit(v) }

// Additions skips the extension additions of a SEQUENCE whose extension bit was set.
func (c *Coder) Additions() {
	n := 0
	large := false
	if c.bit(&large); large {
		var more bool
		if n, more = c.length(0); more {
			c.Fail(ErrRange)
		}
	} else {
		n = int(c.bits(0, 6)) + 1
	}
	if c.err == nil && n > c.left() {
		c.Fail(ErrShort)
	}
	if c.err != nil {
		return
	}
	at := c.pos
	c.pos += n
	for i := range n {
		if c.err == nil && c.b[(at+i)>>3]<<((at+i)&7)&0x80 != 0 {
			c.joined()
		}
	}
}

// Open is an open type being coded (X.691 §11.2).
type Open struct {
	b   []byte
	pos int
}

// Open begins an open type: what is coded until Close is its content.
func (c *Coder) Open() Open {
	if c.enc {
		c.align()
		c.bits(0, 8) // for the length, which is one octet more often than not
		return Open{pos: c.pos}
	}
	v := c.joined()
	o := Open{c.b, c.pos}
	c.b, c.pos = v, 0
	return o
}

// Close ends an open type. What is left of its content is skipped.
func (c *Coder) Close(o Open) {
	if !c.enc {
		c.b, c.pos = o.b, o.pos
		return
	}
	if c.err != nil {
		return
	}
	start := o.pos / 8
	if c.align(); len(c.b) == start {
		c.bits(0, 8) // never empty (X.691 §11.1)
	}
	n := len(c.b) - start
	switch {
	case n < 1<<7:
		c.b[start-1] = byte(n)
	case n < fragment:
		c.b = append(c.b, 0)
		copy(c.b[start+1:], c.b[start:])
		c.b[start-1], c.b[start] = 1<<7|byte(n>>8), byte(n)
	default:
		content := append([]byte(nil), c.b[start:]...)
		c.b = c.b[:start-1]
		c.pos = len(c.b) * 8
		c.fragmented(content)
	}
	c.pos = len(c.b) * 8
}

// Skip passes over an open type.
func (c *Coder) Skip() { c.joined() }

// Count codes how many elements a SEQUENCE (SIZE(lo..hi)) OF has. Where more is set, that
// many are one fragment, and another Count follows them.
func (c *Coder) count(n, lo, hi int) (got int, more bool) {
	if hi < 1<<16 {
		return int(c.constrained(uint64(n), uint64(lo), uint64(hi))), false
	}
	return c.length(n)
}

// firstElements is how many elements are made room for on the word of a count; for more,
// they must come first.
const firstElements = 8

// List codes a SEQUENCE (SIZE(lo..hi)) OF with f for each element. C is the caller's own
// coder around c.
func List[C, T any](c *Coder, ctx C, v *[]T, lo, hi int, f func(C, *T)) {
	if c.enc {
		encodeList(c, ctx, *v, lo, hi, f)
		return
	}
	var out []T
	for more := true; more && c.err == nil; {
		var n int
		if n, more = c.count(0, lo, hi); out == nil {
			out = make([]T, 0, min(n, firstElements))
		}
		for i := 0; i < n && c.err == nil; i++ {
			var e T
			out = append(out, e)
			f(ctx, &out[len(out)-1])
		}
	}
	if c.err == nil && (len(out) < lo || len(out) > hi) {
		c.Fail(ErrRange)
	}
	if c.err == nil {
		*v = out
	}
}

func encodeList[C, T any](c *Coder, ctx C, v []T, lo, hi int, f func(C, *T)) {
	if len(v) < lo || len(v) > hi {
		c.Fail(ErrRange)
	}
	for more := true; more && c.err == nil; {
		var n int
		n, more = c.count(len(v), lo, hi)
		for i := range n {
			f(ctx, &v[i])
		}
		v = v[n:]
	}
}
