package amf

// roll is the connections that have their device, linked through themselves, and how far a round of
// them has come. Those that join while it goes on are not in it.
type roll struct{ first, at *conn }

func (r *roll) join(c *conn) {
	c.pre, c.next = nil, r.first
	if r.first != nil {
		r.first.pre = c
	}
	r.first = c
}

func (r *roll) leave(c *conn) {
	if r.at == c {
		r.at = c.next
	}
	if c.pre != nil {
		c.pre.next = c.next
	} else {
		r.first = c.next
	}
	if c.next != nil {
		c.next.pre = c.pre
	}
	c.pre, c.next = nil, nil
}

// rewind begins a round.
func (r *roll) rewind() { r.at = r.first }

// next is the next of the round, nil at its end.
func (r *roll) next() *conn {
	c := r.at
	if c != nil {
		r.at = c.next
	}
	return c
}
