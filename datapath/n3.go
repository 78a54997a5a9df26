package datapath

import (
	"errors"
	"fmt"
	"iter"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/ipv4"

	"cordon/transport/joined"
)

const (
	n3Reads    = 32
	n3Datagram = 1 << 16 // a datagram, or a run of them that the kernel joined
	n3Buffer   = 4 << 20
)

// n3 is the GTP-U socket. One goroutine reads; any may send.
type n3 struct {
	conn  *net.UDPConn
	batch *ipv4.PacketConn // knows batches of either family
	in    []ipv4.Message
	got   int
}

// openN3 binds the socket.
func openN3(at netip.AddrPort) (*n3, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("N3 address %s is in use by another program: %w", at, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("N3 address %s is not one of this host's: %w", at.Addr(), err)
	case err != nil:
		return nil, fmt.Errorf("binding N3 to %s: %w", at, err)
	}
	// Both are wishes: the kernel grants what its limits allow.
	_ = conn.SetReadBuffer(n3Buffer)
	_ = conn.SetWriteBuffer(n3Buffer)
	joined.Reads(conn)
	n := &n3{conn: conn, batch: ipv4.NewPacketConn(conn), in: make([]ipv4.Message, n3Reads)}
	for i := range n.in {
		n.in[i] = ipv4.Message{Buffers: [][]byte{make([]byte, n3Datagram)}, OOB: make([]byte, 64)}
	}
	return n, nil
}

func (n *n3) local() netip.AddrPort {
	a := n.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// read waits for datagrams.
func (n *n3) read() error {
	var err error
	n.got, err = n.batch.ReadBatch(n.in, 0)
	return err
}

// datagrams are those of the last read, with their sources; joined ones come apart.
func (n *n3) datagrams() iter.Seq2[netip.AddrPort, []byte] {
	return func(yield func(netip.AddrPort, []byte) bool) {
		for i := range n.got {
			m := &n.in[i]
			addr, ok := m.Addr.(*net.UDPAddr)
			if !ok {
				continue
			}
			source := addr.AddrPort()
			rest := m.Buffers[0][:m.N]
			for size := joined.Size(m.OOB[:m.NN], len(rest)); len(rest) > 0; {
				k := min(size, len(rest))
				if !yield(source, rest[:k:k]) {
					return
				}
				rest = rest[k:]
			}
		}
	}
}

// send sends one datagram.
func (n *n3) send(b []byte, to netip.AddrPort) error {
	_, err := n.conn.WriteToUDPAddrPort(b, to)
	return err
}

func (n *n3) close() error { return n.conn.Close() }
