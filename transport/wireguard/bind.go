package wireguard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"
	"golang.zx2c4.com/wireguard/conn"

	"cordon/transport/joined"
)

const (
	outerReads    = 16
	outerDatagram = 1 << 16 // a datagram, or a run of them that the kernel joined
	outerBuffer   = 4 << 20
)

// bind is the outer socket, as the library uses one: a goroutine receives, any may send.
type bind struct {
	listen netip.AddrPort
	known  atomic.Pointer[map[netip.AddrPort]bool] // whom to hear; nil for anybody
	counts *counts
	at     atomic.Pointer[netip.AddrPort]

	mu   sync.Mutex // guards conn
	conn *net.UDPConn

	in      []ipv4.Message
	joined  []byte // what is left of a run of datagrams
	segment int    // size of each in it
	next    int    // message of in to be looked at
	got     int
	source  *endpoint // of joined, or of the last datagram
	senders sync.Pool
	cannot  atomic.Int64 // size from which datagrams are not joined, as the kernel refused; 0 for none
}

func newBind(c *Config, n *counts) *bind {
	return &bind{listen: c.Listen, counts: n, source: &endpoint{}}
}

// hearOnly has datagrams dropped that come from where no peer is, if that is known of all.
func (b *bind) hearOnly(peers []Peer) {
	known := map[netip.AddrPort]bool{}
	for i := range peers {
		if peers[i].roams() {
			b.known.Store(nil)
			return
		}
		known[peers[i].Endpoint] = true
	}
	b.known.Store(&known)
}

// endpoint is an outer address. It does not change.
type endpoint struct{ at netip.AddrPort }

func (*endpoint) ClearSrc()             {}
func (*endpoint) SrcToString() string   { return "" }
func (*endpoint) SrcIP() netip.Addr     { return netip.Addr{} }
func (e *endpoint) DstToString() string { return e.at.String() }
func (e *endpoint) DstIP() netip.Addr   { return e.at.Addr() }

// DstToBytes is what a cookie is bound to.
func (e *endpoint) DstToBytes() []byte {
	b, _ := e.at.MarshalBinary() // always nil
	return b
}

// ParseEndpoint reads an address and port.
func (b *bind) ParseEndpoint(s string) (conn.Endpoint, error) {
	at, err := netip.ParseAddrPort(s)
	return &endpoint{at}, err
}

// Open opens the socket. The port is that of the configuration.
func (b *bind) Open(uint16) ([]conn.ReceiveFunc, uint16, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conn != nil {
		return nil, 0, conn.ErrBindAlreadyOpen
	}
	network := "udp4"
	if b.listen.Addr().Is6() {
		network = "udp"
	}
	lc := net.ListenConfig{Control: fragmentable}
	c, err := lc.ListenPacket(context.Background(), network, b.listen.String())
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, 0, fmt.Errorf("WireGuard's address %s is in use by another program: %w", b.listen, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, 0, fmt.Errorf("WireGuard's address %s is not one of this host's: %w", b.listen.Addr(), err)
	case err != nil:
		return nil, 0, fmt.Errorf("opening WireGuard's socket at %s: %w", b.listen, err)
	}
	b.conn = c.(*net.UDPConn)
	_ = b.conn.SetReadBuffer(outerBuffer) // wishes: the kernel grants what its limits allow
	_ = b.conn.SetWriteBuffer(outerBuffer)
	joined.Reads(b.conn)
	at := unmapped(b.conn.LocalAddr().(*net.UDPAddr).AddrPort())
	b.at.Store(&at)
	b.prepare(joined.Writes(b.conn))
	batch := ipv4.NewPacketConn(b.conn)
	return []conn.ReceiveFunc{func(bufs [][]byte, sizes []int, eps []conn.Endpoint) (int, error) {
		return b.receive(batch, bufs, sizes, eps)
	}}, at.Port(), nil
}

// prepare makes room for what is read and sent.
func (b *bind) prepare(joins bool) {
	b.in = make([]ipv4.Message, outerReads)
	for i := range b.in {
		b.in[i] = ipv4.Message{Buffers: [][]byte{make([]byte, outerDatagram)}, OOB: make([]byte, 64)}
	}
	b.senders.New = func() any { return newSender() }
	if !joins {
		b.cannot.Store(1)
	}
}

// Close closes the socket.
func (b *bind) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conn == nil {
		return nil
	}
	err := b.conn.Close()
	b.conn = nil
	return err
}

// SetMark would mark packets for the kernel's routing; nobody asks for it.
func (b *bind) SetMark(uint32) error { return nil }

// BatchSize is how many packets are received and sent at once.
func (b *bind) BatchSize() int { return batchSize }

// local is where the socket is, once it is open.
func (b *bind) local() netip.AddrPort {
	if at := b.at.Load(); at != nil {
		return *at
	}
	return b.listen
}

// receive waits for datagrams and hands the library those that may be WireGuard's.
func (b *bind) receive(batch *ipv4.PacketConn, bufs [][]byte, sizes []int, eps []conn.Endpoint) (int, error) {
	for {
		n := 0
		for n < len(bufs) && b.datagram() {
			k := min(b.segment, len(b.joined))
			if b.hear(b.joined[:k]) {
				sizes[n], eps[n] = copy(bufs[n], b.joined[:k]), b.source
				n++
			}
			b.joined = b.joined[k:]
		}
		if n > 0 {
			return n, nil
		}
		var err error
		b.next = 0
		b.got, err = batch.ReadBatch(b.in, 0)
		switch {
		case errors.Is(err, net.ErrClosed):
			return 0, net.ErrClosed
		case err != nil: // any other the library takes for the end, and what passes by itself, as want of memory, is none
			b.got = 0
			b.counts.ReceiveFaults.Add(1)
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// datagram reports whether there is one in joined, and puts the next there that was read.
func (b *bind) datagram() bool {
	for len(b.joined) == 0 {
		if b.next == b.got {
			return false
		}
		m := &b.in[b.next]
		b.next++
		addr, ok := m.Addr.(*net.UDPAddr)
		if !ok {
			continue
		}
		b.joined = m.Buffers[0][:m.N]
		b.segment = joined.Size(m.OOB[:m.NN], m.N)
		from := unmapped(addr.AddrPort())
		if from != b.source.at {
			b.source = &endpoint{from}
		}
		if known := b.known.Load(); known != nil && !(*known)[from] && m.N > 0 {
			b.counts.Strangers.Add(uint64((m.N + b.segment - 1) / b.segment))
			b.joined = nil
		}
	}
	return true
}

// Types and sizes of WireGuard's messages.
const (
	typeInitiation, sizeInitiation = 1, 148
	typeResponse, sizeResponse     = 2, 92
	typeCookie, sizeCookie         = 3, 64
	typeTransport, sizeKeepAlive   = 4, 32
	maxMessage                     = maxInner + 16 + cipherOverhead // filled up to 16
)

// hear reports whether a datagram has the form of a message, and counts it.
func (b *bind) hear(d []byte) bool {
	ok := false
	if len(d) >= 4 {
		switch binary.LittleEndian.Uint32(d) {
		case typeInitiation:
			ok = len(d) == sizeInitiation
		case typeResponse:
			ok = len(d) == sizeResponse
		case typeCookie:
			ok = len(d) == sizeCookie
		case typeTransport:
			if ok = len(d) >= sizeKeepAlive && len(d) <= maxMessage; ok {
				b.counts.Transport.Add(1)
			}
		}
	}
	if !ok {
		b.counts.Malformed.Add(1)
	}
	return ok
}

func unmapped(at netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}
