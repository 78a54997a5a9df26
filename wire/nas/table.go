package nas

// format is how an element stands in a message (TS 24.007 §11.2.1.1). The first three
// are mandatory and come in order; the others carry an identifier.
type format uint8

const (
	formatV    format = iota // value
	formatLV                 // length in one octet, value
	formatLVE                // length in two octets, value
	formatT1                 // identifier and value of four bits each
	formatTV                 // identifier, value
	formatTLV                // identifier, length in one octet, value
	formatTLVE               // identifier, length in two octets, value

	// inClear marks an element that may stand unciphered in an initial message (§4.4.6).
	inClear format = 0x80
)

func (f format) mandatory() bool { return f&^inClear <= formatLVE }

// ie is one element of the message M.
type ie[M any] struct {
	name     string
	format   format
	iei      byte // as it stands on the wire, of type 1 with a value of 0
	min, max int  // octets of the value; for V and TV both its length
	code     func(*coder, *M)
}

func (e *ie[M]) is(iei byte) bool {
	if e.format&^inClear == formatT1 {
		return iei&0xf0 == e.iei
	}
	return iei == e.iei
}

// unbounded is the length of elements that are limited by the message alone.
const unbounded = 65535

// code reads or writes the elements of m.
func code[M any](c *coder, m *M, ies []ie[M]) {
	if c.writing {
		write(c, m, ies)
		return
	}
	n := 0
	for n < len(ies) && ies[n].format.mandatory() {
		e := &ies[n]
		n++
		if c.open(e.name, e.format, e.min, e.max) {
			e.code(c, m)
			c.done()
		}
		if c.err != nil {
			return
		}
		c.end = len(c.b)
	}
	readOptional(c, m, ies[n:])
}

func readOptional[M any](c *coder, m *M, ies []ie[M]) {
	var seen uint64
	next := 0
	for c.more() {
		iei := c.b[c.off]
		at := find(ies, next, iei)
		if at < 0 {
			c.skip(iei)
			continue
		}
		next = at + 1
		e := &ies[at]
		start := c.off
		hi := unbounded
		if e.format == formatTV {
			hi = e.max
		}
		if !c.open(e.name, e.format, 0, hi) {
			return
		}
		n := c.left()
		switch {
		case seen>>at&1 != 0:
			c.ignore(&DecodeError{IE: e.name, Off: start, Cause: CauseSemantic, Err: ErrRepeated})
			c.off = c.end
		case e.format != formatT1 && (n < e.min || n > e.max):
			c.fail(ErrLength)
		default:
			e.code(c, m)
			c.done()
		}
		seen |= 1 << at
		if c.err != nil { // §7.7.1
			c.err.Off, c.err.Cause = start, CauseSemantic
			c.ignore(c.err)
			c.err = nil
		}
		c.off, c.end = c.end, len(c.b)
	}
}

// find looks for an identifier from the place where the next element in sequence stands.
func find[M any](ies []ie[M], next int, iei byte) int {
	for i := next; i < len(ies); i++ {
		if ies[i].is(iei) {
			return i
		}
	}
	for i := range min(next, len(ies)) {
		if ies[i].is(iei) {
			return i
		}
	}
	return -1
}

// open reads what precedes the value of an element and confines reading to the value. It
// fails if the value runs past the message or its length is outside the bounds.
func (c *coder) open(name string, f format, lo, hi int) bool {
	c.name = name
	n := lo
	switch f &^ inClear {
	case formatV:
	case formatLV:
		n = int(c.get())
	case formatLVE:
		n = int(c.get())<<8 | int(c.get())
	case formatT1:
		n = 1
	case formatTV:
		c.get()
		n = hi
	case formatTLV:
		c.get()
		n = int(c.get())
	case formatTLVE:
		c.get()
		n = int(c.get())<<8 | int(c.get())
	}
	if c.err == nil && n > c.left() {
		c.fail(ErrShort)
	}
	if c.err == nil && (n < lo || n > hi) {
		c.fail(ErrLength)
	}
	if c.err == nil {
		c.end = c.off + n
	}
	return c.err == nil
}

// skip steps over an element that the message does not have, by the shape that its
// identifier declares (TS 24.007 §11.2.4), unless it must be comprehended.
func (c *coder) skip(iei byte) {
	c.name = "unknown element"
	start := c.off
	f := formatTLV
	switch {
	case iei&0x80 != 0:
		f = formatT1
	case iei>>4 == 0:
		c.fail(ErrUnknownIE)
		return
	case iei>>4 == 7:
		f = formatTLVE
	}
	if !c.open(c.name, f, 0, unbounded) {
		return
	}
	c.ignore(&DecodeError{IE: c.name, Off: start, Cause: CauseUnknownIE, Err: ErrUnknownIE})
	c.off, c.end = c.end, len(c.b)
}

func write[M any](c *coder, m *M, ies []ie[M]) {
	for i := range ies {
		e := &ies[i]
		start := len(c.b)
		c.name, c.absent = e.name, false
		c.head(e.format, e.iei)
		value := len(c.b)
		e.code(c, m)
		switch {
		case c.err != nil:
			return
		case c.absent:
			c.b = c.b[:start]
			continue
		}
		n := len(c.b) - value
		if e.format != formatT1 && (n < e.min || n > e.max) {
			c.fail(ErrLength)
			return
		}
		c.length(e.format, value)
	}
}

// head writes what precedes a value, its length being 0 as yet.
func (c *coder) head(f format, iei byte) {
	switch f &^ inClear {
	case formatV:
	case formatLV:
		c.put(0)
	case formatLVE:
		c.put(0, 0)
	case formatT1, formatTV:
		c.put(iei)
	case formatTLV:
		c.put(iei, 0)
	case formatTLVE:
		c.put(iei, 0, 0)
	}
}

// length writes the length of the value from there to the end.
func (c *coder) length(f format, value int) {
	n := len(c.b) - value
	switch f &^ inClear {
	case formatV, formatT1, formatTV:
	case formatLV, formatTLV:
		c.b[value-1] = byte(n)
	case formatLVE, formatTLVE:
		c.b[value-2], c.b[value-1] = byte(n>>8), byte(n)
	}
}
