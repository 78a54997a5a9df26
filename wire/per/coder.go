// Package per is the aligned variant of the packed encoding rules (ITU-T X.691), as far
// as NGAP uses them.
//
// A Coder runs in one of two directions, and every function of this package is called
// alike in both: it writes what it is given, or reads into it. So a type is described
// once, by the calls that walk over it. The first failure sticks; later calls do
// nothing, and what they were to read is left as it was or zero.
//
// Decoding never makes anything larger than a fixed multiple of the input, whatever
// lengths the input declares, and copies what it keeps. Padding bits are not looked at,
// and octets after the end of an open type are skipped, for there are radios that leave
// both in disorder.
package per

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var (
	// ErrShort reports a value that runs past the end of its input.
	ErrShort = errors.New("truncated")
	// ErrRange reports a value or a length outside its bounds.
	ErrRange = errors.New("out of range")
	// ErrUnknown reports a well-formed value that this version of the type does not
	// have: an extension of an enumeration, a choice or a size.
	ErrUnknown = errors.New("not comprehended")
)

// Coder encodes or decodes one value.
type Coder struct {
	b   []byte // decoding: the input; encoding: the output so far
	pos int    // in bits
	enc bool
	err error
	at  int // pos of the first failure
}

// Encoder returns a Coder that appends to b.
func Encoder(b []byte) Coder { return Coder{b: b, pos: len(b) * 8, enc: true} }

// Decoder returns a Coder that reads b, which it does not keep.
func Decoder(b []byte) Coder { return Coder{b: b} }

// Decoding reports the direction.
func (c *Coder) Decoding() bool { return !c.enc }

// Bytes is what has been encoded, with what it was appended to.
func (c *Coder) Bytes() []byte { return c.b }

// Err is the first failure, with its place; errors.Is tells which it is.
func (c *Coder) Err() error {
	if c.err == nil {
		return nil
	}
	return fmt.Errorf("per: bit %d: %w", c.at, c.err)
}

// Failed reports whether there was a failure, without the cost of describing it.
func (c *Coder) Failed() bool { return c.err != nil }

// Unknown reports whether the failure is a value not comprehended.
func (c *Coder) Unknown() bool { return c.err == ErrUnknown }

// Forgive clears the failure. The place in the input is then only known after Close of
// an open type begun before it.
func (c *Coder) Forgive() { c.err = nil }

// Fail makes the failure err, unless there was one.
func (c *Coder) Fail(err error) {
	if c.err == nil {
		c.err, c.at = err, c.pos
	}
}

// left is how many bits of input there are.
func (c *Coder) left() int { return len(c.b)*8 - c.pos }

// align goes to the next octet.
func (c *Coder) align() { c.pos = (c.pos + 7) &^ 7 }

// bits codes the low n bits of v, 0 to 64 of them, wherever the last field ended.
func (c *Coder) bits(v uint64, n int) uint64 {
	switch {
	case c.err != nil:
		return 0
	case c.enc:
		c.put(v, n)
		return v
	case n > c.left():
		c.Fail(ErrShort)
		return 0
	}
	return c.get(n)
}

func (c *Coder) put(v uint64, n int) {
	if c.pos&7 == 0 && n&7 == 0 {
		c.pos += n
		var o [8]byte
		binary.BigEndian.PutUint64(o[:], v<<(64-n))
		c.b = append(c.b, o[:n/8]...)
		return
	}
	for n > 0 {
		if c.pos&7 == 0 {
			c.b = append(c.b, 0)
		}
		free := 8 - c.pos&7
		take := min(free, n)
		n -= take
		c.b[c.pos>>3] |= byte(v>>n) << (8 - take) >> (8 - free)
		c.pos += take
	}
}

func (c *Coder) get(n int) uint64 {
	var v uint64
	if c.pos&7 == 0 && n&7 == 0 {
		for _, o := range c.b[c.pos>>3 : (c.pos+n)>>3] {
			v = v<<8 | uint64(o)
		}
		c.pos += n
		return v
	}
	for n > 0 {
		have := 8 - c.pos&7
		take := min(have, n)
		n -= take
		o := c.b[c.pos>>3] << (8 - have) >> (8 - take)
		v = v<<take | uint64(o)
		c.pos += take
	}
	return v
}

// bit codes one bit.
func (c *Coder) bit(v *bool) {
	var x uint64
	if *v {
		x = 1
	}
	if x = c.bits(x, 1); !c.enc {
		*v = x == 1
	}
}

// raw codes the octets of v in place, from an octet boundary.
func (c *Coder) raw(v []byte) {
	c.align()
	switch {
	case c.err != nil:
	case c.enc:
		c.b = append(c.b, v...)
		c.pos = len(c.b) * 8
	case len(v) > c.left()/8:
		c.Fail(ErrShort)
	default:
		copy(v, c.b[c.pos/8:])
		c.pos += len(v) * 8
	}
}

// take is the next n octets of the input, from an octet boundary, not copied.
func (c *Coder) take(n int) []byte {
	c.align()
	if c.err == nil && n > c.left()/8 {
		c.Fail(ErrShort)
	}
	if c.err != nil {
		return nil
	}
	v := c.b[c.pos/8 : c.pos/8+n]
	c.pos += n * 8
	return v
}
