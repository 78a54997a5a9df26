package sctp

import "time"

// schedule is a heap of associations by deadline. A deadline that moved later is not
// moved in the heap: the association is looked at once too early instead, which is
// cheaper than a move for each packet.
type schedule struct {
	heap []*Association
}

// Next returns when Expire is to be called, if ever.
func (e *Endpoint) Next() (time.Duration, bool) {
	if len(e.due.heap) == 0 || e.due.heap[0].scheduled == never {
		return 0, false
	}
	return e.due.heap[0].scheduled, true
}

// Expire lets all that is due by now happen.
func (e *Endpoint) Expire(now time.Duration) {
	for len(e.due.heap) > 0 {
		a := e.due.heap[0]
		if a.scheduled > now {
			return
		}
		if a.deadline() <= now {
			a.expire(now)
		}
		if a.state != closed {
			a.scheduled = a.deadline()
			e.due.fix(a)
			e.touch(a)
		}
	}
}

// reschedule sees to it that the association is looked at by its deadline.
func (e *Endpoint) reschedule(a *Association) {
	d := a.deadline()
	switch {
	case a.state == closed || d == never:
		return
	case a.place < 0:
		a.scheduled = d
		a.place = len(e.due.heap)
		e.due.heap = append(e.due.heap, a)
	case d >= a.scheduled:
		return
	default:
		a.scheduled = d
	}
	e.due.fix(a)
}

// fix moves an association to its place.
func (s *schedule) fix(a *Association) {
	h, i := s.heap, a.place
	for i > 0 && h[(i-1)/2].scheduled > a.scheduled {
		h[i] = h[(i-1)/2]
		h[i].place = i
		i = (i - 1) / 2
	}
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1].scheduled < h[c].scheduled {
			c++
		}
		if h[c].scheduled >= a.scheduled {
			break
		}
		h[i] = h[c]
		h[i].place = i
		i = c
	}
	h[i] = a
	a.place = i
}

func (s *schedule) remove(a *Association) {
	if a.place < 0 {
		return
	}
	n := len(s.heap) - 1
	last := s.heap[n]
	s.heap[n] = nil
	s.heap = s.heap[:n]
	if last != a {
		last.place = a.place
		s.heap[last.place] = last
		s.fix(last)
	}
	a.place = -1
}
