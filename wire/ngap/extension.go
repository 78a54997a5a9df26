package ngap

import "cordon/wire/per"

// beginWith is begin for a sequence with an extension this package models; has says
// whether it is to be written.
func (c *coder) beginWith(has bool, optional ...*bool) (t tail) {
	t.additions = c.Preamble(true, optional...)
	t.extensions = has
	c.Bool(&t.extensions)
	return t
}

// endWith is end for a sequence with one extension that this package models, p; the others
// are skipped and noted.
func endWith[T any](c *coder, t tail, id ID, crit Criticality, p **T, f func(*coder, *T)) {
	if t.extensions {
		n := uint32(1)
		per.Int(&c.Coder, &n, 1, 65535)
		for i := uint32(0); i < n && !c.Failed(); i++ {
			extension(c, IEDiagnostic{Criticality: crit, ID: id}, p, f)
		}
	}
	if t.additions {
		c.Additions()
	}
}

func extension[T any](c *coder, d IEDiagnostic, p **T, f func(*coder, *T)) {
	want := d.ID
	c.field(&d.ID, &d.Criticality)
	if d.ID == want && !(c.Decoding() && *p != nil) {
		o := c.Open()
		if present(c, true, p, f); c.Unknown() {
			c.Forgive()
			c.note(d)
		}
		c.Close(o)
		return
	}
	if c.Skip(); !c.Failed() {
		c.falsely = c.falsely || d.ID == want
		c.note(d)
	}
}
