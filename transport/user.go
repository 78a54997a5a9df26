package transport

import (
	"context"
	"fmt"
	"net/netip"
	"sync/atomic"

	"cordon/wire/sctp"
)

// userConn is an association of an engine.
type userConn struct {
	engine        *engine
	assoc         *sctp.Association
	local, remote netip.AddrPort
	wake          chan struct{} // something to receive, or an end, or up

	opened bool  // under the engine's lock
	ended  error // under the engine's lock
	closed atomic.Bool

	taken []sctp.Message // by Receive, whose caller alone touches it
	next  int
}

func newUserConn(e *engine, a *sctp.Association, local netip.AddrPort) *userConn {
	if own := a.Path().Local; own.IsValid() {
		local = netip.AddrPortFrom(own, local.Port())
	}
	return &userConn{engine: e, assoc: a, local: local, remote: a.Remote(), wake: make(chan struct{}, 1)}
}

// takeAtOnce is how many messages Receive takes under one lock.
const takeAtOnce = 32

func (c *userConn) Receive() (Message, error) {
	for {
		if c.closed.Load() {
			return Message{}, ErrClosed
		}
		if c.next < len(c.taken) {
			m := c.taken[c.next]
			c.taken[c.next] = sctp.Message{}
			c.next++
			return Message{Stream: m.Stream, PPID: m.PPID, Data: m.Data}, nil
		}
		c.taken, c.next = c.taken[:0], 0
		e := c.engine
		e.mu.Lock()
		for len(c.taken) < takeAtOnce {
			m, ok := c.assoc.Receive()
			if !ok {
				break
			}
			c.taken = append(c.taken, m)
		}
		ended, pending := c.ended, e.endpoint.Pending()
		e.mu.Unlock()
		if pending {
			signal(e.wake) // the window opened
		}
		switch {
		case len(c.taken) > 0:
		case ended != nil:
			signal(c.wake) // for the next call
			return Message{}, ended
		default:
			<-c.wake
		}
	}
}

func (c *userConn) Send(m Message) error {
	c.engine.mu.Lock()
	err := c.assoc.Send(sctp.Message{Stream: m.Stream, PPID: m.PPID, Data: m.Data})
	c.engine.mu.Unlock()
	switch err {
	case nil:
		signal(c.engine.wake)
		return nil
	case sctp.ErrBacklog:
		return ErrBacklog
	case sctp.ErrStream:
		return ErrStream
	case sctp.ErrTooLong:
		return ErrTooLong
	}
	return endOf(err)
}

func (c *userConn) Streams() (out, in uint16) { return c.assoc.Streams() }
func (c *userConn) Remote() netip.AddrPort    { return c.remote }
func (c *userConn) Local() netip.AddrPort     { return c.local }

func (c *userConn) Close() error {
	c.hangUp(func() { c.assoc.Shutdown(c.engine.now()) })
	return nil
}

func (c *userConn) Abort() { c.hangUp(c.assoc.Abort) }

// hangUp ends the association and sends what that takes before it returns, so that a
// process that exits next has said goodbye.
func (c *userConn) hangUp(how func()) {
	e := c.engine
	c.closed.Store(true)
	e.mu.Lock()
	how()
	e.dispatch()
	e.mu.Unlock()
	signal(c.wake)
	e.flush()
	signal(e.wake)
}

// userListener accepts the associations of an engine.
type userListener struct {
	engine  *engine
	addr    netip.AddrPort
	backlog backlog[*userConn] // under the engine's lock
}

func (l *userListener) Accept() (Conn, error) { return l.backlog.accept(&l.engine.mu) }

func (l *userListener) Close() error {
	e := l.engine
	e.mu.Lock()
	waited, again := l.backlog.close()
	if again {
		e.mu.Unlock()
		return nil
	}
	e.endpoint.Listen(false)
	for _, c := range waited {
		c.assoc.Abort()
	}
	e.dispatch()
	e.stopIfIdle()
	stopping := e.stopped
	e.mu.Unlock()
	if stopping {
		e.running.Wait() // so that the port is free again
	}
	return nil
}

func (l *userListener) Addr() netip.AddrPort { return l.addr }

func (l *userListener) Stats() Stats {
	l.engine.mu.Lock()
	s := l.engine.endpoint.Stats()
	l.engine.mu.Unlock()
	return Stats{
		Associations: s.Associations,
		Accepted:     s.Accepted,
		RefusedFull:  s.RefusedFull,
		RefusedShare: s.RefusedShare,
		PacketsIn:    s.PacketsIn,
		PacketsOut:   s.PacketsOut,
		BadPackets:   s.BadPackets,
		BadTags:      s.BadTags + s.Strays,
		BadCookies:   s.BadCookies,
		Restarts:     s.Restarts,
		Lost:         s.Lost,
	}
}

// listenUser listens with an endpoint in user space.
func listenUser(c *carrier, cfg Config, addr netip.AddrPort) Listener {
	e := newEngine(c, cfg, addr.Port())
	l := &userListener{engine: e, addr: addr, backlog: newBacklog[*userConn]()}
	e.listener = l
	e.endpoint.Listen(true)
	e.run()
	return l
}

// dialUser sets up an association from an endpoint of its own.
func dialUser(ctx context.Context, c *carrier, cfg Config, local netip.AddrPort, path sctp.Path, port uint16) (Conn, error) {
	e := newEngine(c, cfg, local.Port())
	e.mu.Lock()
	a, err := e.endpoint.Connect(e.now(), path, port)
	if err != nil {
		e.mu.Unlock()
		c.close()
		return nil, err
	}
	uc := newUserConn(e, a, local)
	e.conns[a] = uc
	e.run()
	e.mu.Unlock()
	for {
		select {
		case <-ctx.Done():
			uc.Abort()
			return nil, fmt.Errorf("no answer: %w", ctx.Err())
		case <-uc.wake:
		}
		e.mu.Lock()
		opened, ended := uc.opened, uc.ended
		e.mu.Unlock()
		switch {
		case ended == ErrAborted:
			return nil, errRefused
		case ended != nil:
			return nil, ended
		case opened:
			signal(uc.wake) // a message may have come with it
			return uc, nil
		}
	}
}
