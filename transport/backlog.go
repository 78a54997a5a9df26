package transport

import "sync"

// backlog is the associations that wait for a listener's Accept. The lock of whoever has it
// guards it.
type backlog[C Conn] struct {
	wake    chan struct{}
	pending []C
	closed  bool
}

func newBacklog[C Conn]() backlog[C] { return backlog[C]{wake: make(chan struct{}, 1)} }

// add lets c wait. The lock is held.
func (b *backlog[C]) add(c C) {
	b.pending = append(b.pending, c)
	signal(b.wake)
}

// close ends Accept, now or when it is next called, and gives up what waited. again is true
// where it was closed before. The lock is held.
func (b *backlog[C]) close() (waited []C, again bool) {
	waited, again = b.pending, b.closed
	b.pending, b.closed = nil, true
	signal(b.wake)
	return waited, again
}

// accept is Accept of a listener that mu guards.
func (b *backlog[C]) accept(mu *sync.Mutex) (Conn, error) {
	for {
		c, ok, err := b.next(mu)
		if ok || err != nil {
			return c, err
		}
		<-b.wake
	}
}

// next is the association that has waited longest, if any does.
func (b *backlog[C]) next(mu *sync.Mutex) (c Conn, ok bool, err error) {
	mu.Lock()
	defer mu.Unlock()
	if b.closed {
		signal(b.wake) // for another that waits
		return nil, false, ErrClosed
	}
	if len(b.pending) == 0 {
		return nil, false, nil
	}
	c = b.pending[0]
	b.pending = b.pending[1:]
	if len(b.pending) > 0 {
		signal(b.wake)
	}
	return c, true, nil
}
