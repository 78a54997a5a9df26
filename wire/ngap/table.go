package ngap

import "cordon/wire/per"

// ie says of one IE of message T what the standard's table says of it.
type ie[T any] struct {
	id        ID
	crit      Criticality
	mandatory bool
	has       func(*T) bool // nil: always there
	code      func(*T, *coder)
}

// ieTable is a message's IEs in their order, at most 64.
type ieTable[T any] []ie[T]

// required is an IE that is always there.
func required[T, F any](id ID, crit Criticality, f func(*coder, *F), at func(*T) *F) ie[T] {
	return ie[T]{id, crit, true, nil, func(m *T, c *coder) {
		p := at(m)
		if f(c, p); c.Failed() && c.Decoding() {
			var zero F
			*p = zero
		}
	}}
}

// optional is an IE that is there unless the field is nil.
func optional[T, F any](id ID, crit Criticality, f func(*coder, *F), at func(*T) **F) ie[T] {
	return ie[T]{id, crit, false, func(m *T) bool { return *at(m) != nil }, func(m *T, c *coder) {
		present(c, true, at(m), f)
	}}
}

// listed is a list that is there unless it is empty.
func listed[T, E any](id ID, crit Criticality, f func(*coder, *[]E), at func(*T) *[]E) ie[T] {
	return ie[T]{id, crit, false, func(m *T) bool { return len(*at(m)) > 0 }, func(m *T, c *coder) {
		f(c, at(m))
	}}
}

// octetsIf is an octet string that is there unless it is nil.
func octetsIf[T any](id ID, crit Criticality, at func(*T) *[]byte) ie[T] {
	return ie[T]{id, crit, false, func(m *T) bool { return *at(m) != nil }, func(m *T, c *coder) {
		octets(c, at(m))
	}}
}

// nameIf is a name that is there unless it is empty.
func nameIf[T any](id ID, crit Criticality, at func(*T) *string) ie[T] {
	return ie[T]{id, crit, false, func(m *T) bool { return *at(m) != "" }, func(m *T, c *coder) {
		name(c, at(m))
	}}
}

// flagIf is an enumeration of one value, there when the field is set.
func flagIf[T any](id ID, crit Criticality, at func(*T) *bool) ie[T] {
	return ie[T]{id, crit, false, func(m *T) bool { return *at(m) }, func(m *T, c *coder) {
		if c.flag(); c.Decoding() && !c.Failed() {
			*at(m) = true
		}
	}}
}

// walk codes a sequence that is nothing but a container of IEs.
func (t ieTable[T]) walk(m *T, c *coder) {
	additions := c.Preamble(true)
	if c.Decoding() {
		t.decode(m, c)
	} else {
		t.encode(m, c)
	}
	if additions {
		c.Additions()
	}
}

func (t ieTable[T]) encode(m *T, c *coder) {
	var n uint32
	for i := range t {
		if t[i].has == nil || t[i].has(m) {
			n++
		}
	}
	per.Int(&c.Coder, &n, 0, 65535)
	for i := range t {
		e := &t[i]
		if e.has != nil && !e.has(m) {
			continue
		}
		c.field(&e.id, &e.crit)
		o := c.Open()
		e.code(m, c)
		c.Close(o)
	}
}

// decode reads the IEs and notes what breaks the rules of §10.3.4 to §10.3.6.
func (t ieTable[T]) decode(m *T, c *coder) {
	var n uint32
	per.Int(&c.Coder, &n, 0, 65535)
	var seen uint64
	next := 0
	for range n {
		var d IEDiagnostic
		c.field(&d.ID, &d.Criticality)
		i := t.find(d.ID, next)
		if i < 0 {
			if c.Skip(); !c.Failed() {
				c.note(d)
			}
		} else if i < next {
			if c.Skip(); !c.Failed() {
				c.falsely = true
				c.list(IEDiagnostic{t[i].crit, d.ID, false})
			}
			seen |= 1 << i
		} else {
			t[i].decode(m, c)
			seen |= 1 << i
			next = i + 1
		}
		if c.Failed() {
			return
		}
	}
	for i := range t {
		if t[i].mandatory && seen>>i&1 == 0 {
			c.note(IEDiagnostic{t[i].crit, t[i].id, true})
		}
	}
}

// decode reads one IE. If its value is not comprehended, its criticality decides, as if
// the whole IE were not (TS 38.413 §10.3.4.2).
func (e *ie[T]) decode(m *T, c *coder) {
	o := c.Open()
	e.code(m, c)
	if c.Unknown() {
		c.Forgive()
		c.note(IEDiagnostic{e.crit, e.id, false})
	}
	c.Close(o)
}

// find is the IE's place in the table, from next on if it is there, or -1.
func (t ieTable[T]) find(id ID, next int) int {
	for i := next; i < len(t); i++ {
		if t[i].id == id {
			return i
		}
	}
	for i := range min(next, len(t)) {
		if t[i].id == id {
			return i
		}
	}
	return -1
}
