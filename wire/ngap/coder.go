package ngap

import "cordon/wire/per"

// coder is a per.Coder with what the abstract syntax rules collect on the way.
type coder struct {
	per.Coder
	skipped int            // what was not comprehended and could be ignored
	noted   []IEDiagnostic // what was not comprehended or missing, and counts
	rejects bool           // one of noted has criticality reject
	falsely bool           // wrong order, or too many of one IE
}

// maxErrors is how many IEs a CriticalityDiagnostics has room for.
const maxErrors = 256

// note records an IE not comprehended or missing (TS 38.413 §10.3.4.2, §10.3.5).
func (c *coder) note(d IEDiagnostic) {
	if d.Criticality == Ignore {
		c.skipped++
		return
	}
	c.rejects = c.rejects || d.Criticality == Reject
	c.list(d)
}

func (c *coder) list(d IEDiagnostic) {
	if len(c.noted) < maxErrors {
		c.noted = append(c.noted, d)
	}
}

// tail is what the preamble of a sequence says comes after its components.
type tail struct{ extensions, additions bool }

// begin codes the preamble of a sequence, all of which are extensible and end in an
// optional iE-Extensions. None is sent: there are radios that cannot read them.
func (c *coder) begin(optional ...*bool) (t tail) {
	t.additions = c.Preamble(true, optional...)
	c.Bool(&t.extensions)
	return t
}

// end skips what begin announced.
func (c *coder) end(t tail) {
	if t.extensions {
		var n uint32
		per.Int(&c.Coder, &n, 1, 65535)
		for i := uint32(0); i < n && !c.Failed(); i++ {
			c.unknownField()
		}
	}
	if t.additions {
		c.Additions()
	}
}

// field codes the identifier and criticality of an IE, and the padding up to its value.
func (c *coder) field(id *ID, crit *Criticality) {
	x := uint32(*id)<<8 | uint32(*crit)<<6
	if per.Uint(&c.Coder, &x, 3); !c.Decoding() {
		return
	}
	*id, *crit = ID(x>>8), Criticality(x>>6&3)
	if *crit > Notify {
		c.Fail(per.ErrRange)
	}
}

// unknownField reads a field this package does not model and notes it.
func (c *coder) unknownField() {
	var d IEDiagnostic
	c.field(&d.ID, &d.Criticality)
	c.Skip()
	if !c.Failed() {
		c.note(d)
	}
}

// choice codes which of n alternatives follows. All choices have one more, for
// extensions, and this package models none of those: the choice is not comprehended.
func (c *coder) choice(v *uint8, n uint8) {
	per.Int(&c.Coder, v, 0, uint64(n))
	switch {
	case c.Failed() || *v < n:
	case c.Decoding():
		var id ID
		var crit Criticality
		c.field(&id, &crit)
		c.Skip()
		c.Fail(per.ErrUnknown)
	default:
		c.Fail(per.ErrRange)
	}
}

// enum codes an extensible enumeration of root values and more in its extension.
func enum[T per.Unsigned](root, more int) func(*coder, *T) {
	return func(c *coder, v *T) { per.Enum(&c.Coder, v, root, more, true) }
}

// flag codes the one value of an enumeration that is either there or not.
func (c *coder) flag() {
	var v uint8
	per.Enum(&c.Coder, &v, 1, 0, true)
}

// present codes *p if has is set, which when encoding is that p is not nil.
func present[T any](c *coder, has bool, p **T, f func(*coder, *T)) {
	if !has {
		return
	}
	if !c.Decoding() {
		f(c, *p)
		return
	}
	v := new(T)
	if f(c, v); !c.Failed() {
		*p = v
	}
}

// list codes a SEQUENCE (SIZE(lo..hi)) OF.
func list[T any](c *coder, v *[]T, lo, hi int, f func(*coder, *T)) {
	per.List(&c.Coder, c, v, lo, hi, f)
}

// octets codes an OCTET STRING of any length.
func octets(c *coder, v *[]byte) { per.Octets(&c.Coder, v) }
