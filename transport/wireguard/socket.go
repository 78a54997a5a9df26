package wireguard

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// Socket is a UDP socket inside a tunnel. Its methods are those of [net.UDPConn] that have the same names, and reads
// and writes of several datagrams at once. Any number of goroutines may use it.
type Socket struct {
	inside *inside
	local  netip.AddrPort
	in     *queue
}

var (
	// ErrTooLong: the datagram exceeds MaxDatagram.
	ErrTooLong = errors.New("datagram too long for the tunnel")
	// ErrBacklog: WireGuard takes packets slower than they are written. The datagram is lost.
	ErrBacklog = errors.New("tunnel's send queue is full")
)

// LocalAddr is the inner address and port.
func (s *Socket) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(s.local) }

// LocalAddrPort is the inner address and port.
func (s *Socket) LocalAddrPort() netip.AddrPort { return s.local }

// ReadFromUDPAddrPort waits for a datagram. Its source is proven: only the peer that the tunnel has that address
// for can have sent it. What is longer than b is cut off.
func (s *Socket) ReadFromUDPAddrPort(b []byte) (n int, from netip.AddrPort, err error) {
	bufs, sizes, sources := [1][]byte{b}, [1]int{}, [1]netip.AddrPort{}
	_, err = s.in.take(bufs[:], sizes[:], sources[:], 0)
	return sizes[0], sources[0], err
}

// ReadBatch waits for datagrams and reads as many as are there and as there are bufs, all slices having the same
// length. What is longer than its buffer is cut off.
func (s *Socket) ReadBatch(bufs [][]byte, sizes []int, from []netip.AddrPort) (int, error) {
	return s.in.take(bufs, sizes, from, 0)
}

// WriteToUDPAddrPort sends a datagram to a peer's inner address. It does not wait. One to an address of nobody
// is dropped.
func (s *Socket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	switch {
	case len(b) > MaxDatagram:
		return 0, ErrTooLong
	case !to.IsValid() || to.Addr().Is4() != s.local.Addr().Is4():
		return 0, fmt.Errorf("%s is no address in a tunnel of %s", to, s.local.Addr())
	}
	var room [maxHeader]byte
	if !s.inside.out.put(appendHeader(room[:0], s.local, to, b), b, netip.AddrPort{}) {
		if s.inside.out.isShut() {
			return 0, ErrClosed
		}
		s.inside.counts.LateCipher.Add(1)
		return 0, ErrBacklog
	}
	return len(b), nil
}

// WriteBatch sends each datagram to the address that stands at its place, and reports how many were taken. The
// error is of the first that was not; those after it were tried all the same.
func (s *Socket) WriteBatch(bufs [][]byte, to []netip.AddrPort) (n int, err error) {
	for i, b := range bufs {
		if _, e := s.WriteToUDPAddrPort(b, to[i]); e == nil {
			n++
		} else if err == nil {
			err = e
		}
	}
	return n, err
}

// Close frees the port and lets go whoever reads.
func (s *Socket) Close() error {
	s.inside.forget(s)
	s.in.shut()
	return nil
}
