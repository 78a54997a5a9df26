package amf

// queue is the unauthenticated connections in the order of their arrival, linked through
// themselves so that one leaves at no cost.
type queue struct {
	first, last *conn
	n           int
}

func (q *queue) push(c *conn) {
	c.pre, c.next = q.last, nil
	if q.last != nil {
		q.last.next = c
	} else {
		q.first = c
	}
	q.last = c
	q.n++
}

// remove takes c out; it does nothing if c is not in.
func (q *queue) remove(c *conn) {
	if c.pre == nil && c.next == nil && q.first != c {
		return
	}
	if c.pre != nil {
		c.pre.next = c.next
	} else {
		q.first = c.next
	}
	if c.next != nil {
		c.next.pre = c.pre
	} else {
		q.last = c.pre
	}
	c.pre, c.next = nil, nil
	q.n--
}
