package datapath

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"time"
)

// N9 is a way to other user planes that is not N3's socket: a socket inside a tunnel. Sources of what it reads are
// proven. Any number of goroutines may write; writing does not wait.
type N9 interface {
	// ReadBatch waits for datagrams, and reads as many as are there and as there are bufs.
	ReadBatch(bufs [][]byte, sizes []int, from []netip.AddrPort) (int, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	Close() error
}

const (
	n9Reads    = 32
	n9Datagram = 1 << 14
)

// n9 is N9's socket and whom it leads to.
type n9 struct {
	conn   N9
	inside map[netip.Addr]bool
}

// leads reports whether an address is reached by this way, and by no other.
func (n *n9) leads(a netip.Addr) bool { return n != nil && n.inside[a.Unmap()] }

// beyond carries packets from other user planes until N9 is closed.
func (f *Forwarder) beyond() {
	bufs, sizes, from := make([][]byte, n9Reads), make([]int, n9Reads), make([]netip.AddrPort, n9Reads)
	for i := range bufs {
		bufs[i] = make([]byte, n9Datagram)
	}
	var out [][]byte
	for {
		n, err := f.n9.conn.ReadBatch(bufs, sizes, from)
		switch {
		case err != nil && (f.stopped() || errors.Is(err, net.ErrClosed)):
			return
		case err != nil:
			f.cfg.Log.Warn("reading N9", "err", err)
			select { // as with N3
			case <-f.done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		out = f.carry(func(yield func(netip.AddrPort, []byte) bool) {
			for i := range n {
				if !yield(from[i], bufs[i][:sizes[i]]) {
					return
				}
			}
		}, out[:0])
	}
}

// openN9 takes the configured way to other user planes, if there is one.
func (f *Forwarder) openN9(cfg *Config) {
	if cfg.N9 == nil {
		return
	}
	f.n9 = &n9{conn: cfg.N9, inside: make(map[netip.Addr]bool, len(cfg.N9Peers))}
	for _, a := range cfg.N9Peers {
		f.n9.inside[a.Unmap()] = true
	}
	cfg.UPF.Inside = append(slices.Clip(cfg.UPF.Inside), cfg.N9Peers...)
}

func (n *n9) close() error {
	if n == nil {
		return nil
	}
	return n.conn.Close()
}
