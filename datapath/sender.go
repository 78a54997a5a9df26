package datapath

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"

	"cordon/transport/joined"
)

// sender gathers datagrams and sends them with few system calls. Runs of the same size and mark to the
// same radio go as one message that the kernel takes apart, where it can.
type sender struct {
	n3     *n3
	joins  bool
	msgs   []ipv4.Message
	addrs  []net.UDPAddr
	to     []netip.AddrPort
	octets []int   // of each message
	dscp   []uint8 // of each message
	n      int
}

func newSender(n *n3) *sender {
	s := &sender{n3: n, joins: joined.Writes(n.conn), msgs: make([]ipv4.Message, batchPackets), addrs: make([]net.UDPAddr, batchPackets),
		to: make([]netip.AddrPort, batchPackets), octets: make([]int, batchPackets), dscp: make([]uint8, batchPackets)}
	for i := range s.msgs {
		s.msgs[i] = ipv4.Message{Buffers: make([][]byte, 0, joined.Most), Addr: &s.addrs[i], OOB: make([]byte, 0, 64)}
		s.addrs[i].IP = make(net.IP, 0, 16)
	}
	return s
}

// add takes a datagram, which must stay as it is until flush, and which is marked with dscp.
func (s *sender) add(b []byte, to netip.AddrPort, dscp uint8) {
	if i := s.n - 1; s.joins && i >= 0 && s.to[i] == to && s.dscp[i] == dscp && s.fits(&s.msgs[i], s.octets[i], len(b)) {
		s.msgs[i].Buffers = append(s.msgs[i].Buffers, b)
		s.octets[i] += len(b)
		return
	}
	i := s.n
	s.n++
	s.msgs[i].Buffers = append(s.msgs[i].Buffers[:0], b)
	s.to[i], s.octets[i], s.dscp[i] = to, len(b), dscp
	if addr := to.Addr(); addr.Is4() {
		a := addr.As4()
		s.addrs[i].IP = append(s.addrs[i].IP[:0], a[:]...)
	} else {
		a := addr.As16()
		s.addrs[i].IP = append(s.addrs[i].IP[:0], a[:]...)
	}
	s.addrs[i].Port = int(to.Port())
}

// fits reports whether a datagram of n octets can join: all have the first one's size, but
// the last may be shorter.
func (s *sender) fits(m *ipv4.Message, octets, n int) bool {
	first, last := len(m.Buffers[0]), len(m.Buffers[len(m.Buffers)-1])
	return n <= first && last == first && len(m.Buffers) < joined.Most && octets+n <= joined.Octets
}

// flush sends all that was added and reports how many datagrams were lost.
func (s *sender) flush() (lost int) {
	for i := range s.n {
		s.msgs[i].OOB = s.msgs[i].OOB[:0]
		if len(s.msgs[i].Buffers) > 1 {
			s.msgs[i].OOB = joined.AppendSize(s.msgs[i].OOB, len(s.msgs[i].Buffers[0]))
		}
		if s.dscp[i] != 0 {
			s.msgs[i].OOB = joined.AppendDSCP(s.msgs[i].OOB, s.to[i].Addr().Is4(), s.dscp[i])
		}
	}
	for from := 0; from < s.n; {
		k, err := s.n3.batch.WriteBatch(s.msgs[from:s.n], 0)
		if k > 0 {
			from += k
		}
		if err != nil && from < s.n { // of the first that is left
			lost += s.apart(&s.msgs[from], s.to[from])
			from++
		}
	}
	s.n = 0
	return lost
}

// apart sends a message's datagrams one by one: what a device without checksum offload
// refuses when joined, it takes so.
func (s *sender) apart(m *ipv4.Message, to netip.AddrPort) (lost int) {
	for _, b := range m.Buffers {
		if s.n3.send(b, to) != nil {
			lost++
		}
	}
	if len(m.Buffers) > 1 && lost == 0 {
		s.joins = false
	}
	return lost
}
