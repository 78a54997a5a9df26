package sctp

// fifo is a queue whose elements can be reached by position.
type fifo[T any] struct {
	buf  []T
	head int
}

func (q *fifo[T]) len() int    { return len(q.buf) - q.head }
func (q *fifo[T]) at(i int) *T { return &q.buf[q.head+i] }
func (q *fifo[T]) push(v T)    { q.buf = append(q.buf, v) }

func (q *fifo[T]) pop() T {
	var zero T
	v := q.buf[q.head]
	q.buf[q.head] = zero
	q.head++
	switch {
	case q.head == len(q.buf):
		q.head = 0
		if q.buf = q.buf[:0]; cap(q.buf) > 1024 {
			q.buf = nil // what a burst needed is not kept for ever
		}
	case q.head >= 64 && q.head*2 >= len(q.buf):
		n := copy(q.buf, q.buf[q.head:])
		clear(q.buf[n:])
		q.buf, q.head = q.buf[:n], 0
	}
	return v
}

// sequences are stream sequence numbers, kept in pages that exist once they are used.
type sequences struct {
	pages []*[256]uint16
}

// of is where the next sequence number of a stream is kept.
func (s *sequences) of(stream uint16) *uint16 {
	page := int(stream >> 8)
	if page >= len(s.pages) {
		s.pages = append(s.pages, make([]*[256]uint16, page+1-len(s.pages))...)
	}
	if s.pages[page] == nil {
		s.pages[page] = new([256]uint16)
	}
	return &s.pages[page][stream&255]
}
