package node

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cordon/n4"
)

// datagrams is a UDP socket, of the host or in a tunnel.
type datagrams interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	LocalAddr() net.Addr
	Close() error
}

// n4Loop drives one end of N4: one goroutine owns the machine, one reads the socket. What anybody posts waits in a
// bounded inbox.
type n4Loop struct {
	conn    datagrams
	machine interface {
		Step(time.Time, n4.Event) []n4.Effect
		Next() (time.Time, bool)
	}
	// perform does what the machine asks, but for sending; ok says that the machine wants to hear an answer.
	perform func(n4.Effect) (answer n4.Event, ok bool)
	inbox   chan n4.Event
	// born is when this life began. Peers tell lives apart by that in whole seconds, so nobody hears of it before the second is over:
	// a life that ends within it was never spoken of.
	born time.Time
	late atomic.Uint64 // events that found the inbox full
}

const (
	n4Inbox = 1024
	// n4Datagram is room for any UDP datagram.
	n4Datagram = 1 << 16
)

// run serves until ctx ends. Each time that every comes, beat may give the machine an event.
func (l *n4Loop) run(ctx context.Context, every time.Duration, beat func() n4.Event) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(l.born.Truncate(time.Second).Add(time.Second))):
	}
	var wg sync.WaitGroup
	wg.Go(func() { l.read(ctx) })
	stop := context.AfterFunc(ctx, func() { l.conn.Close() })
	defer stop()
	beats := time.NewTicker(every)
	defer beats.Stop()
	wake := time.NewTimer(0)
	defer wake.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case ev := <-l.inbox:
			l.step(ev)
		case <-wake.C:
			l.step(n4.Tick{})
		case <-beats.C:
			l.step(beat())
		}
		if when, ok := l.machine.Next(); ok {
			wake.Reset(max(0, time.Until(when)))
		} else {
			wake.Stop()
		}
	}
	wg.Wait()
}

// read takes datagrams from the socket until it is closed.
func (l *n4Loop) read(ctx context.Context) {
	room := make([]byte, n4Datagram)
	for {
		n, from, err := l.conn.ReadFromUDPAddrPort(room)
		switch {
		case errors.Is(err, net.ErrClosed) || ctx.Err() != nil:
			return
		case err != nil: // what passes by itself, as want of memory, passes sooner unhurried
			time.Sleep(10 * time.Millisecond)
			continue
		}
		l.post(n4.Datagram{From: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), Data: append([]byte(nil), room[:n]...)})
	}
}

// post leaves an event for the machine's owner, or counts it where there is no room: a datagram will be sent again.
func (l *n4Loop) post(ev n4.Event) {
	select {
	case l.inbox <- ev:
	default:
		l.late.Add(1)
	}
}

// step feeds the machine an event, and the answers to what it asks.
func (l *n4Loop) step(ev n4.Event) {
	for queue := []n4.Event{ev}; len(queue) > 0; queue = queue[1:] {
		for _, e := range l.machine.Step(time.Now(), queue[0]) {
			if s, ok := e.(n4.Send); ok {
				_, _ = l.conn.WriteToUDPAddrPort(s.Data, s.To) // what is lost is sent again
				continue
			}
			if answer, ok := l.perform(e); ok {
				queue = append(queue, answer)
			}
		}
	}
}
