package ran

import (
	"context"
	"net/netip"
	"sync/atomic"
	"time"

	"cordon/wire/nas"
)

// Host is what stands behind a phone, as a computer does behind a modem: it sends and gets
// whole IP packets or, of a session of type Ethernet, frames. [OpenTUN] and [OpenTAP] give one for real programs. Read and
// Write handle several packets at once, each with room of at least an offset before it; Read ends with an error after Close.
type Host interface {
	// Address tells the host its addresses, again where they change: IPv4, IPv6 with its prefix, or both, and for frames none.
	Address(v4 netip.Addr, v6 netip.Prefix, mtu int) error
	Read(packets [][]byte, sizes []int, offset int) (n int, err error)
	Write(packets [][]byte, offset int) (int, error)
	Close() error
}

const (
	hostBatch  = 128
	hostRoom   = 1 << 16 // for what the host, or the kernel, joins to one
	hostPacket = 9216    // a packet as it leaves a phone
	hostOffset = 16      // before it: as much as a TUN device's own header and alignment want
	hostWait   = 200 * time.Millisecond
)

// hosting is a host and the session that carries its packets now.
type hosting struct {
	host Host
	flow atomic.Pointer[flow]
	told atomic.Pointer[flow] // whose addresses the host was told
}

// attach has a flow carry the host's packets from now on.
func (h *hosting) attach(f *flow) {
	if e := f.at.Load(); e != nil {
		e.mu.Lock()
		f.host = h.host
		e.mu.Unlock()
		h.flow.Store(f)
	}
}

// address configures the host, once the session has all its addresses: it may have them all when it is opened, and be
// said to have formed one after that.
func (h *hosting) address(r *Radio, s *SessionStatus, f *flow) {
	if !s.Ready() || h.flow.Load() != f {
		return
	}
	var v6 netip.Prefix
	if s.Addr6.IsValid() {
		v6 = netip.PrefixFrom(s.Addr6, 64)
	}
	if h.told.Swap(f) == f {
		return
	}
	if err := h.host.Address(s.Addr, v6, s.mtu()); err != nil {
		r.count("host: " + err.Error())
	}
}

// mtu is what the core says, or else what every core can be presumed to carry.
func (s *SessionStatus) mtu() int {
	const usual = 1400
	switch {
	case s.MTU == 0:
		return usual
	case s.Type == nas.PDUSessionIPv6 || s.Type == nas.PDUSessionIPv4v6:
		return max(int(s.MTU), 1280)
	}
	return int(s.MTU)
}

// pump carries what the host sends, until it is closed. While there is no tunnel the host's packets wait with it.
func (h *hosting) pump(ctx context.Context) {
	packets, sizes := make([][]byte, hostBatch), make([]int, hostBatch)
	for i := range packets {
		packets[i] = make([]byte, hostOffset+hostPacket)
	}
	out := newOutlet()
	for ctx.Err() == nil {
		n, err := h.host.Read(packets, sizes, hostOffset)
		if err != nil && n == 0 {
			if ctx.Err() == nil && out.failed(err) {
				continue
			}
			return
		}
		for i := range n {
			packets[i] = packets[i][:hostOffset+sizes[i]]
		}
		for wait := h.send(out, packets[:n]); wait != nil; wait = h.send(out, packets[:n]) {
			select {
			case <-wait:
			case <-time.After(hostWait):
			case <-ctx.Done():
				return
			}
		}
		for i := range n {
			packets[i] = packets[i][:hostOffset+hostPacket]
		}
	}
}

// send sends packets of the host up its tunnel. Where there is none, what to wait for is given, and nothing was sent.
func (h *hosting) send(out *outlet, packets [][]byte) (wait <-chan struct{}) {
	f := h.flow.Load()
	if f == nil {
		return make(chan struct{})
	}
	e := f.at.Load()
	if e == nil {
		return make(chan struct{})
	}
	e.mu.Lock()
	if f.at.Load() != e || !f.up {
		defer e.mu.Unlock()
		if f.at.Load() != e {
			return make(chan struct{})
		}
		if f.raised == nil {
			f.raised = make(chan struct{})
		}
		e.wake(f)
		return f.raised
	}
	for _, p := range packets {
		p = p[hostOffset:]
		if f.owns(p) {
			out.add(f, p)
			f.sent++
			e.counts.Sent++
		}
	}
	to, joins := f.peer, e.joins
	e.mu.Unlock()
	out.flush(e, to, joins)
	return nil
}

// owns reports whether a packet comes from the session's own address: a phone sends no other, such as a
// kernel's link-local chatter. A frame may come from any.
func (f *flow) owns(p []byte) bool {
	switch {
	case f.frames:
		return true
	case len(p) >= ipv4Header && p[0]>>4 == 4:
		return netip.AddrFrom4([4]byte(p[12:])) == f.addr4
	case len(p) >= ipv6Header && p[0]>>4 == 6:
		return netip.AddrFrom16([16]byte(p[8:])) == f.addr6
	}
	return false
}
