package transport

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// MemConfig says how badly an in-memory network behaves. SCTP is reliable, so a lost
// packet is a late message: order within a stream always holds, order across streams
// only when Jitter and Loss are zero.
type MemConfig struct {
	Delay   time.Duration // of each message
	Jitter  time.Duration // added to it, uniformly from zero to this
	Loss    float64       // the share of messages that are late by Penalty, as if retransmitted
	Penalty time.Duration // 1 s when unset
	Seed    uint64
	Streams uint16 // 64 when unset
	Queue   int    // messages under way to one end before ErrBacklog; 4096 when unset
}

// Mem is a network in memory. It uses no system call and only short locks, timers and
// channels, so it works inside a testing/synctest bubble.
type Mem struct {
	cfg MemConfig

	mu        sync.Mutex // guards what follows, and every memConn
	rand      *rand.Rand
	listeners map[netip.AddrPort]*memListener
	conns     map[[2]netip.AddrPort]*memConn // by local, remote
	nextPort  uint16
}

// NewMem makes a network without anyone on it.
func NewMem(cfg MemConfig) *Mem {
	if cfg.Penalty == 0 {
		cfg.Penalty = time.Second
	}
	if cfg.Streams == 0 {
		cfg.Streams = 64
	}
	if cfg.Queue == 0 {
		cfg.Queue = 4096
	}
	return &Mem{
		cfg:       cfg,
		rand:      rand.New(rand.NewPCG(cfg.Seed, 0x5c7f)),
		listeners: map[netip.AddrPort]*memListener{},
		conns:     map[[2]netip.AddrPort]*memConn{},
		nextPort:  49151,
	}
}

// Listen takes an address on the network.
func (m *Mem) Listen(addr netip.AddrPort) (Listener, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listeners[addr] != nil {
		return nil, fmt.Errorf("listening on %s: the port is in use", addr)
	}
	l := &memListener{net: m, addr: addr, backlog: newBacklog[*memConn]()}
	m.listeners[addr] = l
	return l, nil
}

// Dial sets up an association with a listener. A local port of zero means any. From the
// address and port of an association that exists, it is a restart (RFC 9260 §5.2):
// the old association ends with ErrRestart on the listener's side and is lost on this.
func (m *Mem) Dial(ctx context.Context, local, remote netip.AddrPort) (Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.listeners[remote]
	if l == nil {
		return nil, fmt.Errorf("dialling %s: %w: nobody listens there", remote, ErrAborted)
	}
	if local.Port() == 0 {
		m.nextPort = max(m.nextPort+1, 49152)
		local = netip.AddrPortFrom(local.Addr(), m.nextPort)
	}
	if old := m.conns[[2]netip.AddrPort{local, remote}]; old != nil {
		old.end(ErrLost)
		if old.peer != nil {
			old.peer.end(ErrRestart)
		}
		l.stats.Restarts++
	}
	a := &memConn{net: m, local: local, remote: remote, wake: make(chan struct{}, 1)}
	b := &memConn{net: m, local: remote, remote: local, wake: make(chan struct{}, 1), accepted: l}
	a.peer, b.peer = b, a
	m.conns[[2]netip.AddrPort{local, remote}] = a
	m.conns[[2]netip.AddrPort{remote, local}] = b
	l.stats.Accepted++
	l.stats.Associations++
	l.backlog.add(b)
	return a, nil
}

// Break loses the association for both ends; what was under way is lost with it.
func (m *Mem) Break(c Conn) {
	mc := c.(*memConn)
	m.mu.Lock()
	defer m.mu.Unlock()
	if mc.ended != nil {
		return
	}
	mc.inbox = nil
	mc.end(ErrLost)
	mc.peer.inbox = nil
	mc.peer.end(ErrLost)
}

type memListener struct {
	net     *Mem
	addr    netip.AddrPort
	backlog backlog[*memConn]
	stats   Stats
}

func (l *memListener) Accept() (Conn, error) { return l.backlog.accept(&l.net.mu) }

func (l *memListener) Close() error {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	waited, again := l.backlog.close()
	if again {
		return nil
	}
	delete(l.net.listeners, l.addr)
	for _, c := range waited {
		c.peer.end(ErrAborted)
		c.end(ErrClosed)
	}
	return nil
}

func (l *memListener) Addr() netip.AddrPort { return l.addr }

func (l *memListener) Stats() Stats {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	return l.stats
}

type memMessage struct {
	Message
	due time.Time
	err error // the end of the association, when set
}

type memConn struct {
	net           *Mem
	local, remote netip.AddrPort
	peer          *memConn
	accepted      *memListener // whose Stats count this end
	wake          chan struct{}

	inbox   []memMessage // by due time, then in order of sending
	lastDue map[uint16]time.Time
	ended   error // why nothing more can be sent or will arrive; what is in inbox comes first
}

// end is called with the network's lock held.
func (c *memConn) end(err error) {
	if c.ended != nil {
		return
	}
	c.ended = err
	key := [2]netip.AddrPort{c.local, c.remote}
	if c.net.conns[key] == c {
		delete(c.net.conns, key)
	}
	if c.accepted != nil {
		c.accepted.stats.Associations--
		if err == ErrLost {
			c.accepted.stats.Lost++
		}
	}
	signal(c.wake)
}

func (c *memConn) Receive() (Message, error) {
	for {
		c.net.mu.Lock()
		var wait time.Duration
		switch {
		case len(c.inbox) > 0:
			m := c.inbox[0]
			if wait = time.Until(m.due); wait <= 0 {
				if m.err != nil {
					c.inbox = nil
					c.end(m.err)
				} else {
					c.inbox[0] = memMessage{}
					c.inbox = c.inbox[1:]
				}
				c.net.mu.Unlock()
				return m.Message, m.err
			}
		case c.ended != nil:
			err := c.ended
			c.net.mu.Unlock()
			signal(c.wake)
			return Message{}, err
		}
		c.net.mu.Unlock()
		if wait == 0 {
			<-c.wake
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-c.wake:
			t.Stop()
		case <-t.C:
		}
	}
}

func (c *memConn) Send(m Message) error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	switch {
	case c.ended != nil:
		return c.ended
	case m.Stream >= c.net.cfg.Streams:
		return ErrStream
	case len(m.Data) == 0 || len(m.Data) > MaxMessage:
		return ErrTooLong
	case c.peer.ended != nil:
		return nil // on its way to a peer that has hung up
	case len(c.peer.inbox) >= c.net.cfg.Queue:
		return ErrBacklog
	}
	m.Data = slices.Clone(m.Data)
	c.peer.enqueue(memMessage{Message: m})
	return nil
}

// enqueue puts a message, or the end, under way to c.
func (c *memConn) enqueue(m memMessage) {
	cfg := &c.net.cfg
	m.due = time.Now()
	if m.err == nil {
		m.due = m.due.Add(cfg.Delay)
		if cfg.Jitter > 0 {
			m.due = m.due.Add(time.Duration(c.net.rand.Int64N(int64(cfg.Jitter) + 1)))
		}
		if cfg.Loss > 0 && c.net.rand.Float64() < cfg.Loss {
			m.due = m.due.Add(cfg.Penalty)
		}
		if cfg.Jitter > 0 || cfg.Loss > 0 {
			if c.lastDue == nil {
				c.lastDue = map[uint16]time.Time{}
			}
			if last := c.lastDue[m.Stream]; last.After(m.due) {
				m.due = last
			}
			c.lastDue[m.Stream] = m.due
		}
	} else if n := len(c.inbox); n > 0 {
		m.due = c.inbox[n-1].due // the end comes after all that was sent before it
	}
	at := len(c.inbox)
	for at > 0 && c.inbox[at-1].due.After(m.due) {
		at--
	}
	c.inbox = slices.Insert(c.inbox, at, m)
	signal(c.wake)
}

func (c *memConn) Streams() (out, in uint16) { return c.net.cfg.Streams, c.net.cfg.Streams }
func (c *memConn) Remote() netip.AddrPort    { return c.remote }
func (c *memConn) Local() netip.AddrPort     { return c.local }

func (c *memConn) Close() error {
	c.hangUp(ErrClosed, io.EOF)
	return nil
}

func (c *memConn) Abort() { c.hangUp(ErrAborted, ErrAborted) }

// hangUp ends this side at once and the peer's once all that was sent has arrived.
func (c *memConn) hangUp(own, theirs error) {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	if c.ended != nil {
		return
	}
	c.inbox = nil
	c.end(own)
	if c.peer.ended == nil {
		c.peer.enqueue(memMessage{err: theirs})
	}
}

// signal wakes the one that waits on ch, now or when it next waits.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
