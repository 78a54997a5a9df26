package pfcp

// A coder walks one message, reading or writing it: each element has one function that does
// either. The first failure sticks: later reads give zero values and later writes nothing.
//
// While reading, end bounds the element at hand; while writing, b grows.
type coder struct {
	b        []byte
	off      int
	end      int
	writing  bool
	elements int // that a message may have yet, while reading
	ie       IE  // at hand
	err      *DecodeError
}

const (
	maxLength   = 65535 - 4 // of a message after its first four octets
	maxElements = 4096      // in one message, at all depths
)

func (c *coder) fail(cause Cause, err error) {
	if c.err == nil {
		c.err = &DecodeError{IE: c.ie, Off: c.off, Cause: cause, Err: err}
	}
}

// check fails unless ok, in either direction.
func (c *coder) check(ok bool) {
	if !ok {
		c.fail(CauseMandatoryIncorrect, ErrValue)
	}
}

// supported fails unless ok: the value is lawful, and to skip it would change what a rule means.
func (c *coder) supported(ok bool) {
	if !ok {
		c.fail(CauseServiceNotSupported, ErrUnsupported)
	}
}

func (c *coder) left() int { return c.end - c.off }

func (c *coder) more() bool { return c.err == nil && c.off < c.end }

// take reads n octets, which stay the message's own memory.
func (c *coder) take(n int) []byte {
	if c.err == nil && n > c.left() {
		c.fail(CauseInvalidLength, ErrShort)
	}
	if c.err != nil {
		return nil
	}
	v := c.b[c.off : c.off+n : c.off+n]
	c.off += n
	return v
}

func (c *coder) put(b ...byte) {
	if c.err == nil {
		c.b = append(c.b, b...)
	}
}

// uint codes a number of n octets.
func (c *coder) uint(p *uint64, n int) {
	if c.writing {
		c.check(n == 8 || *p>>(8*n) == 0)
		for i := n - 1; i >= 0; i-- {
			c.put(byte(*p >> (8 * i)))
		}
		return
	}
	*p = 0
	for _, octet := range c.take(n) {
		*p = *p<<8 | uint64(octet)
	}
}

func number[T ~uint8 | ~uint16 | ~uint32 | ~uint64](c *coder, p *T, n int) {
	v := uint64(*p)
	c.uint(&v, n)
	*p = T(v)
}

func u8[T ~uint8](c *coder, p *T)   { number(c, p, 1) }
func u16[T ~uint16](c *coder, p *T) { number(c, p, 2) }
func u32[T ~uint32](c *coder, p *T) { number(c, p, 4) }
func u64[T ~uint64](c *coder, p *T) { number(c, p, 8) }

// low is an octet of which only the given bits count.
func low[T ~uint8](mask T) func(*coder, *T) {
	return func(c *coder, p *T) {
		if c.writing {
			c.check(*p&^mask == 0)
		}
		if u8(c, p); !c.writing {
			*p &= mask
		}
	}
}

// flag is an octet whose bit n, from 0, is a truth.
func flag(n int) func(*coder, *bool) {
	return func(c *coder, p *bool) {
		var v uint8
		if *p {
			v = 1 << n
		}
		u8(c, &v)
		*p = v>>n&1 != 0
	}
}
