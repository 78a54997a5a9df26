package ran

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// N3 is a socket for GTP-U. *net.UDPConn is one; a [Wire] has others. Reading ends with
// net.ErrClosed after Close; writing does not block for long and may lose the packet.
type N3 interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, addr netip.AddrPort) (int, error)
	Close() error
}

// ListenUDP opens a UDP socket, with room for bursts.
func ListenUDP(addr netip.AddrPort) (N3, error) {
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("opening N3: %w", err)
	}
	// Best effort: the kernel's limit may be lower, and the packets lost are counted.
	_ = c.SetReadBuffer(4 << 20)
	_ = c.SetWriteBuffer(4 << 20)
	return c, nil
}

// Wire is a packet network in memory, for N3 without sockets. It delivers at once and in
// order; a full queue loses the packet, as UDP does. Its zero value is ready.
type Wire struct {
	mu    sync.Mutex // guards ports
	ports map[netip.AddrPort]*wirePort
}

// wireQueue is how many packets wait for one reader before more are lost.
const wireQueue = 1024

type wirePacket struct {
	from netip.AddrPort
	data []byte
}

type wirePort struct {
	wire *Wire
	addr netip.AddrPort
	in   chan wirePacket
	done chan struct{}
	once sync.Once
}

// Listen takes an address on the wire.
func (w *Wire) Listen(addr netip.AddrPort) (N3, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ports[addr] != nil {
		return nil, fmt.Errorf("opening N3: %s is in use", addr)
	}
	if w.ports == nil {
		w.ports = map[netip.AddrPort]*wirePort{}
	}
	p := &wirePort{wire: w, addr: addr, in: make(chan wirePacket, wireQueue), done: make(chan struct{})}
	w.ports[addr] = p
	return p, nil
}

func (p *wirePort) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	select {
	case m := <-p.in:
		return copy(b, m.data), m.from, nil
	case <-p.done:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (p *wirePort) WriteToUDPAddrPort(b []byte, addr netip.AddrPort) (int, error) {
	p.wire.mu.Lock()
	to := p.wire.ports[addr]
	p.wire.mu.Unlock()
	if to == nil {
		return len(b), nil // lost, as UDP loses it
	}
	select {
	case to.in <- wirePacket{p.addr, append([]byte(nil), b...)}:
	default:
	}
	return len(b), nil
}

func (p *wirePort) Close() error {
	p.once.Do(func() {
		p.wire.mu.Lock()
		delete(p.wire.ports, p.addr)
		p.wire.mu.Unlock()
		close(p.done)
	})
	return nil
}
