package wireguard

import (
	"net/netip"
	"sync"
)

// queue keeps datagrams in their order in a bounded space until somebody takes them. What does not fit is
// refused: nobody waits to put something in.
type queue struct {
	mu     sync.Mutex // guards all below
	some   sync.Cond
	octets []byte // a ring; no datagram is broken over its end
	items  []item // a ring
	first  int    // of the items
	n      int
	end    int // where the next octets go
	closed bool
}

type item struct {
	at, size int
	with     netip.AddrPort // whom it came from
}

func newQueue(octets, items int) *queue {
	q := &queue{octets: make([]byte, octets), items: make([]item, items)}
	q.some.L = &q.mu
	return q
}

// put copies a datagram in, in two parts, and reports whether there was room.
func (q *queue) put(head, body []byte, with netip.AddrPort) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	size := len(head) + len(body)
	at, ok := q.room(size)
	if !ok {
		return false
	}
	copy(q.octets[at:], head)
	copy(q.octets[at+len(head):], body)
	q.items[(q.first+q.n)%len(q.items)] = item{at, size, with}
	q.n++
	q.end = at + size
	if q.n == 1 {
		q.some.Signal()
	}
	return true
}

// room is where size octets can go.
func (q *queue) room(size int) (at int, ok bool) {
	if q.closed || q.n == len(q.items) {
		return 0, false
	}
	if q.n == 0 {
		return 0, size <= len(q.octets)
	}
	oldest := q.items[q.first].at
	switch {
	case q.end <= oldest: // gone round
		return q.end, size <= oldest-q.end
	case size <= len(q.octets)-q.end:
		return q.end, true
	}
	return 0, size <= oldest
}

// take waits for datagrams and copies as many as are there, and as there are bufs, into them from offset on. One
// that is longer than its buffer is cut off. With, if not nil, gets whom each came from.
func (q *queue) take(bufs [][]byte, sizes []int, with []netip.AddrPort, offset int) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.n == 0 && !q.closed {
		q.some.Wait()
	}
	if q.closed {
		return 0, ErrClosed
	}
	k := min(q.n, len(bufs))
	for i := range k {
		it := &q.items[q.first]
		sizes[i] = copy(bufs[i][offset:], q.octets[it.at:it.at+it.size])
		if with != nil {
			with[i] = it.with
		}
		q.first = (q.first + 1) % len(q.items)
	}
	q.n -= k
	if q.n > 0 {
		q.some.Signal()
	}
	return k, nil
}

// shut lets go whoever waits.
func (q *queue) shut() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.some.Broadcast()
}

func (q *queue) isShut() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}
