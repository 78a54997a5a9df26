package pfcp

// element is one information element of the message or group M: what it is called on the wire, whether it has to
// be there, how often it may be, and one function that reads or writes the i-th of it.
//
// A group is an element whose function codes another table. What a table does not have is skipped whole, so that
// nothing is nested deeper than the tables are.
type element[M any] struct {
	ie      IE
	missing Cause        // what a message without it is refused with; 0: it may be absent
	limit   int          // how often it may be there
	count   func(*M) int // how often it is written
	code    func(c *coder, m *M, i int)
}

// maxTable is how many elements a table may have.
const maxTable = 32

// one is an element that is always there, once.
func one[M, T any](t IE, at func(*M) *T, f func(*coder, *T)) element[M] {
	return element[M]{ie: t, missing: CauseMandatoryMissing, limit: 1,
		count: func(*M) int { return 1 },
		code:  func(c *coder, m *M, _ int) { f(c, at(m)) }}
}

// opt is an element that is there unless its value is zero.
func opt[M any, T comparable](t IE, at func(*M) *T, f func(*coder, *T)) element[M] {
	return when(t, func(m *M) bool { var zero T; return *at(m) != zero }, func(c *coder, m *M) { f(c, at(m)) })
}

// ptr is an element that is there unless its value is nil.
func ptr[M, T any](t IE, at func(*M) **T, f func(*coder, *T)) element[M] {
	return when(t, func(m *M) bool { return *at(m) != nil }, func(c *coder, m *M) {
		p := at(m)
		if !c.writing {
			*p = new(T)
		}
		f(c, *p)
	})
}

// when is an element that is written if the message says so.
func when[M any](t IE, present func(*M) bool, f func(*coder, *M)) element[M] {
	return element[M]{ie: t, limit: 1,
		count: func(m *M) int {
			if present(m) {
				return 1
			}
			return 0
		},
		code: func(c *coder, m *M, _ int) { f(c, m) }}
}

// must has the absence of an element refused.
func must[M any](cause Cause, e element[M]) element[M] {
	e.missing = cause
	return e
}

// many is an element that is there for each of a list, at most limit times.
func many[M, T any](t IE, limit int, at func(*M) *[]T, f func(*coder, *T)) element[M] {
	return element[M]{ie: t, limit: limit,
		count: func(m *M) int { return len(*at(m)) },
		code: func(c *coder, m *M, i int) {
			list := at(m)
			if !c.writing {
				var v T
				*list = append(*list, v)
			}
			f(c, &(*list)[i])
		}}
}

// refused is an element that is never written, and that would change what the rest means if it were skipped.
func refused[M any](t IE) element[M] {
	return element[M]{ie: t, limit: 1,
		count: func(*M) int { return 0 },
		code:  func(c *coder, _ *M, _ int) { c.supported(false) }}
}

// group codes a grouped element by its table.
func group[M any](table []element[M]) func(*coder, *M) {
	return func(c *coder, m *M) { code(c, m, table) }
}

// code reads or writes the elements of m.
func code[M any](c *coder, m *M, table []element[M]) {
	if !c.writing {
		read(c, m, table)
		return
	}
	for k := range table {
		e := &table[k]
		n := e.count(m)
		if c.ie = e.ie; n > e.limit {
			c.fail(CauseNoResources, ErrTooMany)
		}
		for i := 0; i < n && c.err == nil; i++ {
			c.element(e.ie, func() { e.code(c, m, i) })
		}
	}
}

// element writes what precedes a value, the value, and its length.
func (c *coder) element(t IE, f func()) {
	outer, start := c.ie, len(c.b)
	c.ie = t
	c.put(byte(t>>8), byte(t), 0, 0)
	if t>>15 != 0 {
		c.put(enterprise>>8, enterprise&0xff)
	}
	f()
	if n := len(c.b) - start - 4; c.err == nil {
		if n > maxLength {
			c.fail(CauseInvalidLength, ErrTooMany)
			return
		}
		c.b[start+2], c.b[start+3] = byte(n>>8), byte(n)
	}
	c.ie = outer
}

// read takes the elements up to the end of the message or group, in any order. Of one that may be there
// once the first counts (§7.6.4.4); of a list that is too long nothing does, since rules would be lost. Octets after what is known of
// a value are a later release's and skipped (§8.1.1).
func read[M any](c *coder, m *M, table []element[M]) {
	group := c.ie
	var seen [maxTable]int
	for c.more() {
		ie, known := c.open()
		outer := c.end
		if c.err != nil {
			return
		}
		c.end = c.off + known
		if k := find(table, ie); k >= 0 && c.ours(ie) {
			e := &table[k]
			switch {
			case seen[k] < e.limit:
				e.code(c, m, seen[k])
			case e.limit > 1:
				c.fail(CauseNoResources, ErrTooMany)
			}
			seen[k]++
		}
		if c.err != nil {
			return
		}
		c.off, c.end, c.ie = c.end, outer, group
	}
	for k := range table {
		if c.err == nil && seen[k] == 0 && table[k].missing != 0 {
			c.ie = table[k].ie
			c.fail(table[k].missing, ErrMissing)
		}
	}
	c.ie = group
}

// open reads the type and length of an element and sees that it ends before what holds it does.
func (c *coder) open() (IE, int) {
	if c.elements--; c.elements < 0 {
		c.fail(CauseNoResources, ErrTooMany)
	}
	head := c.take(4)
	if head == nil {
		return 0, 0
	}
	n := int(head[2])<<8 | int(head[3])
	c.ie = IE(head[0])<<8 | IE(head[1])
	if n > c.left() {
		c.fail(CauseInvalidLength, ErrShort)
	}
	return c.ie, n
}

// ours reads the enterprise of an element that has one, and says whether it is not another's.
func (c *coder) ours(t IE) bool {
	if t>>15 == 0 {
		return true
	}
	id := c.take(2)
	return id != nil && int(id[0])<<8|int(id[1]) == enterprise
}

func find[M any](table []element[M], t IE) int {
	for k := range table {
		if table[k].ie == t {
			return k
		}
	}
	return -1
}
