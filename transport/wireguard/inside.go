package wireguard

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"

	"golang.zx2c4.com/wireguard/tun"
)

// batchSize is how many packets pass through WireGuard together. It bounds memory: each of 1024 batches that may
// wait for a cipher holds so many buffers of 64 KiB, of which a packet touches the first pages.
const batchSize = 32

const (
	queueOctets = 4 << 20
	queueItems  = 4096
	// firstFreePort is where ports begin that Listen(0) takes (RFC 6335 §6).
	firstFreePort = 49152
)

// inside is the device that WireGuard reads inner packets from and writes them to: our sockets stand behind it.
type inside struct {
	own    netip.Addr
	mtu    int
	counts *counts
	out    *queue // inner packets to be sent
	events chan tun.Event

	mu      sync.RWMutex // guards what follows
	sockets map[uint16]*Socket
	closed  bool
}

func newInside(c *Config, n *counts) *inside {
	return &inside{own: c.Inner, mtu: c.innerMTU(), counts: n, out: newQueue(queueOctets, queueItems),
		events: make(chan tun.Event), sockets: map[uint16]*Socket{}}
}

func (d *inside) listen(port uint16) (*Socket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, ErrClosed
	}
	if port == 0 {
		for port = firstFreePort; d.sockets[port] != nil; port++ {
			if port == 1<<16-1 {
				return nil, errors.New("no port is free in the tunnel")
			}
		}
	}
	if d.sockets[port] != nil {
		return nil, fmt.Errorf("port %d is in use in the tunnel", port)
	}
	s := &Socket{inside: d, local: netip.AddrPortFrom(d.own, port), in: newQueue(queueOctets, queueItems)}
	d.sockets[port] = s
	return s, nil
}

func (d *inside) forget(s *Socket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sockets[s.local.Port()] == s {
		delete(d.sockets, s.local.Port())
	}
}

// Read gives WireGuard what is to be sent.
func (d *inside) Read(bufs [][]byte, sizes []int, offset int) (int, error) {
	n, err := d.out.take(bufs, sizes, nil, offset)
	if err != nil {
		return 0, os.ErrClosed
	}
	return n, nil
}

// Write takes what WireGuard has opened: packets whose inner source is the address of the peer that sent them.
func (d *inside) Write(bufs [][]byte, offset int) (int, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	d.counts.Opened.Add(uint64(len(bufs)))
	for _, b := range bufs {
		g, ok := parse(b[offset:])
		if !ok || g.to.Addr() != d.own {
			d.counts.BadInner.Add(1)
			continue
		}
		s := d.sockets[g.to.Port()]
		switch {
		case s == nil:
			d.counts.NoSocket.Add(1)
		case !s.in.put(nil, g.body, g.from):
			d.counts.LateReader.Add(1)
		}
	}
	return len(bufs), nil
}

// Close ends all sockets.
func (d *inside) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	d.out.shut()
	for _, s := range d.sockets {
		s.in.shut()
	}
	close(d.events)
	return nil
}

// File is nothing: there is no device of the kernel.
func (d *inside) File() *os.File { return nil }

// MTU is what WireGuard fills packets up to.
func (d *inside) MTU() (int, error) { return d.mtu, nil }

// Name is what the library calls the device.
func (d *inside) Name() (string, error) { return "cordon", nil }

// Events has none but its end.
func (d *inside) Events() <-chan tun.Event { return d.events }

// BatchSize is how many packets Read and Write are given.
func (d *inside) BatchSize() int { return batchSize }
