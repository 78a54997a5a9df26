package nas

// A coder walks one message, reading or writing it: each element has one function that
// does either. The first failure sticks: later reads give zero values and later writes
// nothing, so that err is looked at once, at the end of an element.
//
// While reading, end bounds the element at hand; while writing, b grows.
type coder struct {
	b       []byte
	off     int
	end     int
	writing bool
	absent  bool   // set by an optional element that has nothing to write
	name    string // of the element at hand
	err     *DecodeError
	ignored []*DecodeError
}

// maxIgnored bounds the list of ignored elements, for a message may hold thousands of them.
const maxIgnored = 16

func (c *coder) fail(err error) {
	if c.err == nil {
		c.err = &DecodeError{IE: c.name, Off: c.off, Cause: CauseInvalidMandatory, Err: err}
	}
}

// ignore lists what is treated as absent.
func (c *coder) ignore(e *DecodeError) {
	if len(c.ignored) < maxIgnored {
		c.ignored = append(c.ignored, e)
	}
}

func (c *coder) left() int { return c.end - c.off }

// more reports, while reading, that the element has octets left.
func (c *coder) more() bool { return c.err == nil && c.off < c.end }

// done fails if the element was not read to its end.
func (c *coder) done() {
	if !c.writing && c.more() {
		c.fail(ErrTrailing)
	}
}

// take reads n octets, which stay the message's own memory.
func (c *coder) take(n int) []byte {
	if c.err == nil && n > c.left() {
		c.fail(ErrShort)
	}
	if c.err != nil {
		return nil
	}
	v := c.b[c.off : c.off+n : c.off+n]
	c.off += n
	return v
}

func (c *coder) get() byte {
	if v := c.take(1); v != nil {
		return v[0]
	}
	return 0
}

func (c *coder) put(b ...byte) {
	if c.err == nil {
		c.b = append(c.b, b...)
	}
}

// check fails unless ok, in either direction.
func (c *coder) check(ok bool) {
	if !ok {
		c.fail(ErrValue)
	}
}

// array reads or writes exactly the octets of p.
func (c *coder) array(p []byte) {
	if c.writing {
		c.put(p...)
	} else {
		copy(p, c.take(len(p)))
	}
}

// octets is the rest of the element.
func octets(c *coder, p *[]byte) {
	if c.writing {
		c.put(*p...)
	} else if v := c.take(c.left()); c.err == nil {
		*p = append([]byte{}, v...)
	}
}

func u8[T ~uint8](c *coder, p *T) {
	if c.writing {
		c.put(byte(*p))
	} else {
		*p = T(c.get())
	}
}

func u16[T ~uint16](c *coder, p *T) {
	if c.writing {
		c.put(byte(*p>>8), byte(*p))
	} else if v := c.take(2); v != nil {
		*p = T(v[0])<<8 | T(v[1])
	}
}

func u24[T ~uint32](c *coder, p *T) {
	if c.writing {
		c.check(*p < 1<<24)
		c.put(byte(*p>>16), byte(*p>>8), byte(*p))
	} else if v := c.take(3); v != nil {
		*p = T(v[0])<<16 | T(v[1])<<8 | T(v[2])
	}
}

func u32[T ~uint32](c *coder, p *T) {
	if c.writing {
		c.put(byte(*p>>24), byte(*p>>16), byte(*p>>8), byte(*p))
	} else if v := c.take(4); v != nil {
		*p = T(v[0])<<24 | T(v[1])<<16 | T(v[2])<<8 | T(v[3])
	}
}

// halves is an octet of two values, the one in bits 4 to 1 first.
func halves[L, H ~uint8](c *coder, low *L, high *H) {
	if c.writing {
		c.check(byte(*low) < 16 && byte(*high) < 16)
		c.put(byte(*high)<<4 | byte(*low))
		return
	}
	v := c.get()
	*low, *high = L(v&15), H(v>>4)
}

// half is an octet whose upper half is spare.
func half[T ~uint8](c *coder, low *T) {
	var spare uint8
	halves(c, low, &spare)
}

// nibble is the value of a type 1 element, beside its identifier.
func nibble[T ~uint8](c *coder, p *T) {
	if !c.writing {
		*p = T(c.get() & 15)
		return
	}
	c.check(byte(*p) < 16)
	if c.err == nil {
		c.b[len(c.b)-1] |= byte(*p)
	}
}

// opt is an optional value whose zero means absence.
func opt[T comparable](c *coder, p *T, f func(*coder, *T)) {
	var zero T
	if c.writing {
		if c.absent = *p == zero; c.absent {
			return
		}
	}
	f(c, p)
	if c.done(); c.err != nil && !c.writing {
		*p = zero
	}
}

// ptr is an optional value that is nil when absent.
func ptr[T any](c *coder, p **T, f func(*coder, *T)) {
	if c.writing {
		if c.absent = *p == nil; !c.absent {
			f(c, *p)
		}
		return
	}
	v := new(T)
	f(c, v)
	if c.done(); c.err == nil {
		*p = v
	}
}

// list is an optional list that is nil when absent.
func list[T any](c *coder, p *[]T, f func(*coder, *[]T)) {
	if c.writing {
		if c.absent = *p == nil; !c.absent {
			f(c, p)
		}
		return
	}
	f(c, p)
	if c.done(); c.err != nil {
		*p = nil
	}
}

// raw is an optional element that is kept as it came; nil is absent.
func raw(c *coder, p *[]byte) { list(c, p, octets) }

// lengthed runs f within a value that its length, in one octet, precedes.
func lengthed(c *coder, f func()) {
	if c.writing {
		at := len(c.b)
		c.put(0)
		f()
		if n := len(c.b) - at - 1; c.err == nil {
			c.check(n < 256)
			c.b[at] = byte(n)
		}
		return
	}
	c.within(int(c.get()), f)
}

// within runs f, confined to the next n octets, all of which it must read.
func (c *coder) within(n int, f func()) {
	if c.err == nil && n > c.left() {
		c.fail(ErrShort)
	}
	if c.err != nil {
		return
	}
	outer := c.end
	c.end = c.off + n
	f()
	c.done()
	c.end = outer
}

// each reads elements of f to the end of the value, or writes those of p. What is read
// is never nil, so that an empty list differs from an absent one.
func each[T any](c *coder, p *[]T, f func(*coder, *T)) {
	if c.writing {
		for i := range *p {
			f(c, &(*p)[i])
		}
		return
	}
	out := []T{}
	for c.more() {
		var v T
		out = append(out, v)
		f(c, &out[len(out)-1])
	}
	if c.err == nil {
		*p = out
	}
}

// lengthed2 is lengthed with a length of two octets.
func lengthed2(c *coder, f func()) {
	if c.writing {
		at := len(c.b)
		c.put(0, 0)
		f()
		if n := len(c.b) - at - 2; c.err == nil {
			c.check(n < 65536)
			c.b[at], c.b[at+1] = byte(n>>8), byte(n)
		}
		return
	}
	n := int(c.get())<<8 | int(c.get())
	c.within(n, f)
}
