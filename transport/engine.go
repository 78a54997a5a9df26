package transport

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"cordon/wire/sctp"
)

// engine runs an SCTP endpoint in user space: one socket, one goroutine that reads and one
// that writes and keeps time, whatever the number of associations. Sending only queues
// and wakes the writer, which so bundles what several senders queued meanwhile.
type engine struct {
	carrier *carrier
	start   time.Time // the endpoint's time counts from here
	wake    chan struct{}
	done    chan struct{}
	running sync.WaitGroup
	ending  sync.Once

	mu       sync.Mutex // guards the endpoint, its associations and what follows
	endpoint *sctp.Endpoint
	conns    map[*sctp.Association]*userConn
	listener *userListener
	armed    time.Duration // when the writer will look by itself
	stopped  bool

	out     sync.Mutex // guards what follows, and writing
	packets []byte
	batch   []datagram
}

// packetSize is the largest SCTP packet sent: it fits, with IP and UDP headers, through
// 1400 octets, which leaves room for IPsec on an Ethernet path.
const packetSize = 1352

// sackDelay is half of what §6.2 of RFC 9260 recommends, since some radios have
// retransmission time-outs of little more than 100 ms.
const sackDelay = 100 * time.Millisecond

func newEngine(c *carrier, cfg Config, port uint16) *engine {
	e := &engine{
		carrier: c,
		start:   time.Now().Add(-time.Second), // time zero means unset to the endpoint
		wake:    make(chan struct{}, 1),
		done:    make(chan struct{}),
		conns:   map[*sctp.Association]*userConn{},
		packets: make([]byte, len(c.out)*packetSize),
		batch:   make([]datagram, 0, len(c.out)),
	}
	own := sctp.Config{
		Port:            port,
		Random:          random(),
		Packet:          packetSize,
		Streams:         cfg.Streams,
		MaxMessage:      MaxMessage,
		Queue:           cfg.SendQueue,
		RTOMin:          cfg.RTOMin,
		RTOMax:          10 * time.Second,
		Retransmissions: cfg.Retransmissions,
		Heartbeat:       cfg.Heartbeat,
		SACKDelay:       sackDelay,
		MaxAssociations: cfg.MaxAssociations,
		MaxPerPrefix:    cfg.MaxPerPrefix,
	}
	rand.Read(own.Key[:])
	e.endpoint = sctp.NewEndpoint(own)
	return e
}

// random draws from the system's source in blocks; its caller holds the engine's lock.
func random() func() uint32 {
	var block [256]byte
	at := len(block)
	return func() uint32 {
		if at == len(block) {
			rand.Read(block[:])
			at = 0
		}
		at += 4
		return binary.BigEndian.Uint32(block[at-4:])
	}
}

func (e *engine) run() {
	e.running.Go(e.read)
	e.running.Go(e.write)
}

func (e *engine) now() time.Duration { return time.Since(e.start) }

// read takes packets from the socket until it is closed.
func (e *engine) read() {
	for {
		err := e.carrier.read(e.input)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // the network's trouble of the moment; not to be spun on
			select {
			case <-e.done:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}

// input takes a batch of packets and sends what answers them.
func (e *engine) input(n int, each func(i int) (datagram, bool)) {
	e.mu.Lock()
	now := e.now()
	for i := range n {
		if d, ok := each(i); ok {
			e.endpoint.Input(now, d.path, d.b)
		}
	}
	e.dispatch()
	next, ok := e.endpoint.Next()
	early := ok && next < e.armed
	pending := e.endpoint.Pending()
	e.mu.Unlock()
	if early {
		signal(e.wake)
	}
	if pending {
		e.flush()
	}
}

// write sends what is queued and lets time pass for the endpoint, until the engine stops.
func (e *engine) write() {
	t := time.NewTimer(time.Hour)
	defer t.Stop()
	for {
		e.flush()
		e.mu.Lock()
		next, ok := e.endpoint.Next()
		if !ok {
			next = e.now() + time.Hour
		}
		if next != e.armed {
			e.armed = next
			t.Reset(next - e.now())
		}
		e.mu.Unlock()
		select {
		case <-e.done:
			return
		case <-e.wake:
		case <-t.C:
			e.mu.Lock()
			e.armed = 0
			e.endpoint.Expire(e.now())
			e.dispatch()
			e.mu.Unlock()
		}
	}
}

// flush sends all that the endpoint has to send.
func (e *engine) flush() {
	e.out.Lock()
	defer e.out.Unlock()
	for {
		e.batch = e.batch[:0]
		e.mu.Lock()
		now := e.now()
		for i := range cap(e.batch) {
			b, path, ok := e.endpoint.Emit(now, e.packets[i*packetSize:i*packetSize:(i+1)*packetSize])
			if !ok {
				break
			}
			e.batch = append(e.batch, datagram{path, b})
		}
		e.mu.Unlock()
		if len(e.batch) == 0 || e.carrier.write(e.batch) != nil {
			return
		}
	}
}

// dispatch tells the connections what happened. The lock is held.
func (e *engine) dispatch() {
	for {
		ev, ok := e.endpoint.Event()
		if !ok {
			return
		}
		a := ev.Association
		c := e.conns[a]
		switch ev.Kind {
		case sctp.Up:
			if c == nil {
				c = e.adopt(a)
			}
			if c != nil {
				c.opened = true
			}
		case sctp.Down:
			delete(e.conns, a)
			if c != nil {
				c.ended = endOf(a.Err())
			}
			e.stopIfIdle()
		}
		if c != nil {
			signal(c.wake)
		}
	}
}

// adopt makes a connection of an association that a peer set up.
func (e *engine) adopt(a *sctp.Association) *userConn {
	l := e.listener
	if l == nil || l.backlog.closed {
		a.Abort()
		return nil
	}
	c := newUserConn(e, a, netip.AddrPortFrom(l.addr.Addr(), l.addr.Port()))
	e.conns[a] = c
	l.backlog.add(c)
	return c
}

// stopIfIdle stops the engine once it listens no more and has no association. The lock is held.
func (e *engine) stopIfIdle() {
	if e.stopped || len(e.conns) > 0 || e.listener != nil && !e.listener.backlog.closed {
		return
	}
	e.stopped = true
	e.running.Go(e.stop) // not here: the caller holds the lock, and may be the reader or the writer
}

// stop sends the last packets and ends both goroutines.
func (e *engine) stop() {
	e.flush()
	e.ending.Do(func() {
		close(e.done)
		e.carrier.close()
	})
}

// endOf is a reason of package sctp as users of this package know it.
func endOf(err error) error {
	switch err {
	case sctp.ErrShutdown:
		return io.EOF
	case sctp.ErrRestart:
		return ErrRestart
	case sctp.ErrLost:
		return ErrLost
	case sctp.ErrClosed:
		return ErrClosed
	default:
		return ErrAborted
	}
}
