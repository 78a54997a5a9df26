package ran

import (
	"errors"
	"iter"
	"net"
	"net/netip"
	"os"

	"cordon/transport/joined"
)

const (
	retries = 100 // of reading, in a row
)

// outlet gathers G-PDUs of one tunnel. Runs of the same size go as one message that the kernel takes
// apart, where it can.
type outlet struct {
	octets []byte
	ends   []int // of each datagram
	oob    []byte
	errs   int
}

func newOutlet() *outlet { return &outlet{octets: make([]byte, 0, hostBatch*2048)} }

// add takes a copy of a packet. The flow's endpoint is locked.
func (o *outlet) add(f *flow, packet []byte) {
	o.octets = f.encapsulate(o.octets, packet)
	o.ends = append(o.ends, len(o.octets))
}

// flush sends all that was added.
func (o *outlet) flush(e *endpoint, to netip.AddrPort, joins bool) {
	conn, _ := e.conn.(*net.UDPConn)
	for from, i := 0, 0; i < len(o.ends); {
		size, k := o.ends[i]-from, i+1
		for joins && conn != nil && k < len(o.ends) && k-i < joined.Most && o.ends[k]-from <= joined.Octets {
			next := o.ends[k] - o.ends[k-1]
			if next > size || o.ends[k-1]-from != (k-i)*size { // all have the first one's size, but the last may be shorter
				break
			}
			k++
		}
		o.oob = o.oob[:0]
		if k-i > 1 {
			o.oob = joined.AppendSize(o.oob, size)
			if _, _, err := conn.WriteMsgUDPAddrPort(o.octets[from:o.ends[k-1]], o.oob, to); err == nil {
				from, i = o.ends[k-1], k
				continue
			}
			joins = false // a device without checksum offload refuses: one by one
			continue
		}
		e.write(o.octets[from:o.ends[i]], to)
		from, i = o.ends[i], k
	}
	o.octets, o.ends = o.octets[:0], o.ends[:0]
}

// failed reports whether an error of reading is to be passed over: a host's device gives one for a packet that it
// cannot take apart.
func (o *outlet) failed(err error) bool {
	o.errs++
	return !errors.Is(err, os.ErrClosed) && !errors.Is(err, net.ErrClosed) && o.errs < retries
}

// inlet reads a socket, from which a run of datagrams may come joined, and gathers what is for a host.
type inlet struct {
	conn N3
	udp  *net.UDPConn // nil where conn is another kind
	buf  []byte
	oob  []byte
	got  []byte
	size int // of each datagram in got but the last
	host Host
	room [][]byte
	out  [][]byte // of room, with packets for host
}

func newInlet(conn N3) *inlet {
	in := &inlet{conn: conn, buf: make([]byte, 1<<16), oob: make([]byte, 64)}
	if in.udp, _ = conn.(*net.UDPConn); in.udp != nil {
		joined.Reads(in.udp)
	}
	return in
}

// read waits for datagrams, all from one place.
func (in *inlet) read() (from netip.AddrPort, err error) {
	var n, oobn int
	if in.udp == nil {
		n, from, err = in.conn.ReadFromUDPAddrPort(in.buf)
	} else {
		n, oobn, _, from, err = in.udp.ReadMsgUDPAddrPort(in.buf, in.oob)
	}
	if err != nil {
		return from, err
	}
	in.got, in.size = in.buf[:n], joined.Size(in.oob[:oobn], n)
	return netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), nil
}

// datagrams are those of the last read.
func (in *inlet) datagrams() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest := in.got
		for {
			b := rest[:min(max(in.size, 1), len(rest))]
			rest = rest[len(b):]
			if !yield(b) || len(rest) == 0 {
				return
			}
		}
	}
}

// give keeps a packet for a host, nil for none, until flush.
func (in *inlet) give(host Host, packet []byte) {
	if host == nil || len(packet) > hostRoom-hostOffset {
		return
	}
	if host != in.host || len(in.out) == hostBatch {
		in.flush()
	}
	in.host = host
	i := len(in.out)
	if i == len(in.room) {
		in.room = append(in.room, make([]byte, hostRoom))
	}
	b := in.room[i][:hostOffset+len(packet)]
	copy(b[hostOffset:], packet)
	in.out = append(in.out, b)
}

// flush hands the host what was kept for it. What it does not take is lost, as on any link.
func (in *inlet) flush() {
	if len(in.out) > 0 {
		_, _ = in.host.Write(in.out, hostOffset)
		in.out = in.out[:0]
	}
}
