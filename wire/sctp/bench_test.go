package sctp

import (
	"net/netip"
	"testing"
	"time"
)

// BenchmarkMessage carries messages of 200 octets through both machines, without a
// socket: sixteen in each go, acknowledged.
func BenchmarkMessage(b *testing.B) {
	n := newNetwork(b, 1)
	s, c, sa, ca := pair(b, n, Config{}, Config{})
	data := make([]byte, 200)
	buf := make([]byte, 2048)
	move := func(from, to *host, addr netip.Addr) {
		for {
			p, _, ok := from.ep.Emit(n.now, buf)
			if !ok {
				return
			}
			to.ep.Input(n.now, Path{Remote: netip.AddrPortFrom(addr, 9899)}, p)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := ca.Send(Message{Stream: uint16(i % 16), PPID: 60, Data: data}); err != nil {
			b.Fatal(err)
		}
		if i%16 != 15 {
			continue
		}
		n.now += time.Millisecond
		move(c, s, c.addr)
		for {
			if _, ok := sa.Receive(); !ok {
				break
			}
		}
		move(s, c, s.addr)
		n.now += 200 * time.Millisecond
		s.ep.Expire(n.now)
		c.ep.Expire(n.now)
		move(s, c, s.addr)
		for _, h := range n.hosts {
			for {
				if _, ok := h.ep.Event(); !ok {
					break
				}
			}
		}
	}
}
