package wireguard

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.zx2c4.com/wireguard/conn"

	"cordon/transport/joined"
)

// sender is room for one batch to one address. Runs of the same size go as one message that the kernel takes
// apart, where it can.
type sender struct {
	msgs [batchSize]ipv4.Message
	n    int
	addr net.UDPAddr
}

func newSender() *sender {
	s := &sender{addr: net.UDPAddr{IP: make(net.IP, 0, 16)}}
	for i := range s.msgs {
		s.msgs[i] = ipv4.Message{Buffers: make([][]byte, 0, batchSize), Addr: &s.addr, OOB: make([]byte, 0, 64)}
	}
	return s
}

// Send sends a batch to one address.
func (b *bind) Send(bufs [][]byte, to conn.Endpoint) error {
	b.mu.Lock()
	c := b.conn
	b.mu.Unlock()
	if c == nil {
		return net.ErrClosed
	}
	s := b.senders.Get().(*sender)
	defer b.senders.Put(s)
	at := to.(*endpoint).at
	s.address(at)
	var err error
	for len(bufs) > 0 && err == nil {
		k := min(len(bufs), batchSize)
		s.join(bufs[:k], int(b.cannot.Load()))
		err = b.flush(c, s, at)
		bufs = bufs[k:]
	}
	if err != nil {
		b.counts.SendFaults.Add(1)
	}
	return err
}

func (s *sender) address(to netip.AddrPort) {
	s.addr.Port = int(to.Port())
	s.addr.Zone = to.Addr().Zone()
	if a := to.Addr(); a.Is4() {
		ip := a.As4()
		s.addr.IP = append(s.addr.IP[:0], ip[:]...)
	} else {
		ip := a.As16()
		s.addr.IP = append(s.addr.IP[:0], ip[:]...)
	}
}

// join puts datagrams of the same size into one message: all have the first one's size, but the last may be
// shorter. Those of the size cannot or more stay alone, unless it is 0.
func (s *sender) join(bufs [][]byte, cannot int) {
	s.n = 0
	octets := 0
	for _, d := range bufs {
		if s.n > 0 {
			m := &s.msgs[s.n-1]
			first, last := len(m.Buffers[0]), len(m.Buffers[len(m.Buffers)-1])
			if len(d) <= first && last == first && octets+len(d) <= joined.Octets && (cannot == 0 || first < cannot) {
				m.Buffers = append(m.Buffers, d)
				octets += len(d)
				continue
			}
		}
		m := &s.msgs[s.n]
		m.Buffers = append(m.Buffers[:0], d)
		octets = len(d)
		s.n++
	}
	for i := range s.n {
		m := &s.msgs[i]
		m.OOB = m.OOB[:0]
		if len(m.Buffers) > 1 {
			m.OOB = joined.AppendSize(m.OOB, len(m.Buffers[0]))
		}
	}
}

// flush sends what was joined. What the kernel refuses joined, it may take apart: a device without checksum offload
// refuses all, and any path refuses datagrams that have to be fragmented.
func (b *bind) flush(c *net.UDPConn, s *sender, to netip.AddrPort) error {
	batch := ipv4.NewPacketConn(c)
	for i := 0; i < s.n; {
		k, err := batch.WriteBatch(s.msgs[i:s.n], 0)
		i += max(k, 0)
		if err == nil || i == s.n {
			continue
		}
		m := &s.msgs[i] // the one that was refused
		if len(m.Buffers) == 1 {
			return err
		}
		for _, d := range m.Buffers {
			if _, err := c.WriteToUDPAddrPort(d, to); err != nil {
				return err
			}
		}
		b.cannot.Store(int64(len(m.Buffers[0])))
		i++
	}
	return nil
}
