package transport

import (
	"errors"
	"io"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"cordon/wire/sctp"
)

// Datagrams are read into buffers for Ethernet frames, until one arrives that does not
// fit, as over a path of jumbo frames or a loopback interface: then the buffers grow for
// good, and SCTP sends the one that was cut off again.
const (
	usualDatagram   = 2048
	largestDatagram = 65535
)

// How many datagrams one system call reads or writes.
const (
	listenBatch = 32
	dialBatch   = 4 // a simulator has one socket for each of thousands of radios
)

// datagram is one SCTP packet and where it came from or goes.
type datagram struct {
	path sctp.Path
	b    []byte
}

// A carrier is a socket that SCTP packets travel through, UDP or raw IP, of either IP
// version. One goroutine reads; one at a time writes.
type carrier struct {
	conn   net.PacketConn
	claim  io.Closer // of the port, when the kernel does not keep it; or nil
	batch  batcher
	four   bool
	raw    bool
	source bool // bound to no address: each packet's own is noted, and answers leave from it

	in    []ipv4.Message
	out   []ipv4.Message
	peers map[netip.AddrPort]net.Addr // so that sending allocates nothing
}

// batcher is what ipv4.PacketConn and ipv6.PacketConn share; their Message is one type.
type batcher interface {
	ReadBatch([]ipv4.Message, int) (int, error)
	WriteBatch([]ipv4.Message, int) (int, error)
}

func newCarrier(conn net.PacketConn, local netip.Addr, raw bool, batch int) (*carrier, error) {
	c := &carrier{conn: conn, four: local.Is4(), raw: raw, source: local.IsUnspecified(), peers: map[netip.AddrPort]net.Addr{}}
	if c.four {
		p := ipv4.NewPacketConn(conn)
		c.batch = p
		if c.source {
			if err := p.SetControlMessage(ipv4.FlagDst, true); err != nil {
				return nil, err
			}
		}
	} else {
		p := ipv6.NewPacketConn(conn)
		c.batch = p
		if c.source {
			if err := p.SetControlMessage(ipv6.FlagDst, true); err != nil {
				return nil, err
			}
		}
	}
	c.in, c.out = make([]ipv4.Message, batch), make([]ipv4.Message, batch)
	for i := range batch {
		c.in[i].Buffers = [][]byte{make([]byte, usualDatagram)}
		c.out[i].Buffers = make([][]byte, 1)
		if c.source {
			c.in[i].OOB = make([]byte, 128)
		}
	}
	return c, nil
}

// read blocks for datagrams and hands each to input, whose octets live until it returns.
func (c *carrier) read(input func(n int, each func(i int) (datagram, bool))) error {
	n, err := c.batch.ReadBatch(c.in, 0)
	if err != nil {
		return err
	}
	input(n, func(i int) (datagram, bool) { return c.received(&c.in[i]) })
	for i := range n {
		if m := &c.in[i]; m.N == usualDatagram && len(m.Buffers[0]) == usualDatagram {
			c.grow()
		}
	}
	return nil
}

func (c *carrier) grow() {
	for i := range c.in {
		c.in[i].Buffers[0] = make([]byte, largestDatagram)
	}
}

func (c *carrier) received(m *ipv4.Message) (datagram, bool) {
	d := datagram{b: m.Buffers[0][:m.N]}
	switch a := m.Addr.(type) {
	case *net.UDPAddr:
		d.path.Remote = a.AddrPort()
	case *net.IPAddr:
		ip, _ := netip.AddrFromSlice(a.IP)
		d.path.Remote = netip.AddrPortFrom(ip.WithZone(a.Zone), 0)
	}
	d.path.Remote = netip.AddrPortFrom(d.path.Remote.Addr().Unmap(), d.path.Remote.Port())
	if c.source {
		d.path.Local = c.destination(m.OOB[:m.NN])
	}
	if c.raw && c.four { // the IPv4 header comes along
		header := 0
		if len(d.b) > 0 {
			header = 4 * int(d.b[0]&15)
		}
		if header < 20 || header > len(d.b) {
			return datagram{}, false
		}
		d.b = d.b[header:]
	}
	return d, true
}

// destination is the own address that a packet was sent to.
func (c *carrier) destination(oob []byte) netip.Addr {
	var ip net.IP
	if c.four {
		var cm ipv4.ControlMessage
		if cm.Parse(oob) == nil {
			ip = cm.Dst
		}
	} else {
		var cm ipv6.ControlMessage
		if cm.Parse(oob) == nil {
			ip = cm.Dst
		}
	}
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}

// write sends datagrams. One that cannot be sent is lost, as on any network, and SCTP
// sends it again; only a closed socket is an error.
func (c *carrier) write(ds []datagram) error {
	for i, d := range ds {
		m := &c.out[i]
		m.Buffers[0] = d.b
		m.Addr = c.peer(d.path.Remote)
		m.OOB = m.OOB[:0]
		if c.source && d.path.Local.IsValid() {
			m.OOB = c.leaveFrom(d.path.Local)
		}
	}
	for rest := c.out[:len(ds)]; len(rest) > 0; {
		n, err := c.batch.WriteBatch(rest, 0)
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		rest = rest[max(n, 1):] // past the one that could not be sent
	}
	return nil
}

// leaveFrom makes the control message that has a packet sent from the given own address.
func (c *carrier) leaveFrom(a netip.Addr) []byte {
	if c.four {
		return (&ipv4.ControlMessage{Src: a.AsSlice()}).Marshal()
	}
	return (&ipv6.ControlMessage{Src: net.IP(a.AsSlice()).To16()}).Marshal()
}

// maxPeers bounds the addresses remembered for sending.
const maxPeers = 8192

func (c *carrier) peer(to netip.AddrPort) net.Addr {
	if a, ok := c.peers[to]; ok {
		return a
	}
	if len(c.peers) >= maxPeers {
		clear(c.peers)
	}
	var a net.Addr = net.UDPAddrFromAddrPort(to)
	if c.raw {
		a = &net.IPAddr{IP: to.Addr().AsSlice(), Zone: to.Addr().Zone()}
	}
	c.peers[to] = a
	return a
}

func (c *carrier) close() {
	c.conn.Close()
	if c.claim != nil {
		c.claim.Close()
	}
}

// port is the UDP port of the socket.
func (c *carrier) port() uint16 { return c.conn.LocalAddr().(*net.UDPAddr).AddrPort().Port() }
