package amf

// queue is connections in the order of their arrival, each radio's apart, linked through
// themselves so that one leaves at no cost. A connection is in one queue at most.
type queue struct {
	lines map[RadioID]*line
	n     int
}

// line is those of one radio.
type line struct {
	first, last *conn
	n           int
}

func (q *queue) push(c *conn) {
	l := q.lines[c.radio.ID]
	if l == nil {
		if q.lines == nil {
			q.lines = make(map[RadioID]*line)
		}
		l = &line{}
		q.lines[c.radio.ID] = l
	}
	c.in, c.pre, c.next = q, l.last, nil
	if l.last != nil {
		l.last.next = c
	} else {
		l.first = c
	}
	l.last = c
	l.n++
	q.n++
}

// remove takes c out; it does nothing if c is not in.
func (q *queue) remove(c *conn) {
	if c.in != q {
		return
	}
	l := q.lines[c.radio.ID]
	if c.pre != nil {
		c.pre.next = c.next
	} else {
		l.first = c.next
	}
	if c.next != nil {
		c.next.pre = c.pre
	} else {
		l.last = c.pre
	}
	c.in, c.pre, c.next = nil, nil, nil
	q.n--
	if l.n--; l.n == 0 {
		delete(q.lines, c.radio.ID)
	}
}

// victim is who has to make room when there are too many and c has come last: the oldest of
// c's radio if that has its share of the queue or more, else the oldest of the radio that has
// most. So a radio that floods the queue pays for it alone.
func (q *queue) victim(c *conn) *conn {
	most := q.lines[c.radio.ID]
	if most.n*len(q.lines) < q.n {
		for _, l := range q.lines {
			if l.n > most.n || l.n == most.n && l.first.id < most.first.id {
				most = l
			}
		}
	}
	return most.first
}
