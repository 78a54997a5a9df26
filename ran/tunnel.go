package ran

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"cordon/ident"
	"cordon/transport/joined"
	"cordon/wire/gtpu"
)

// Traffic counts what crossed a radio's N3.
type Traffic struct {
	Sent, Echoed uint64
	Corrupted    uint64 // came back altered
	Duplicated   uint64 // came back again, or too late to tell
	WrongTunnel  uint64 // came back to another phone or session
	Foreign      uint64 // came down a tunnel without having gone up: not a probe
	NoTunnel     uint64 // came for a tunnel that is not there
	Malformed    uint64 // no GTP-U
	Errors       uint64 // Error Indications from the core
	SendFailed   uint64 // the socket refused it
	RTT          *Latency
}

// Latency is the spread of some durations.
type Latency struct{ P50, P99, Max time.Duration }

func latency(h *histogram) *Latency {
	return &Latency{h.quantile(0.5), h.quantile(0.99), h.quantile(1)}
}

// endpoint is a radio's N3.
type endpoint struct {
	conn   N3
	addr   netip.Addr
	wake   func(*flow)             // its data waits for a tunnel; must not block
	formed func(*flow, netip.Addr) // it has formed its IPv6 address; must not block
	joins  bool                    // the kernel takes several datagrams in one message

	mu      sync.Mutex // guards what follows and every flow
	tunnels map[ident.TEID]*flow
	active  []*flow
	next    int // of active, whose turn it is
	counts  Traffic
	rtt     histogram
}

func newEndpoint(conn N3, addr netip.Addr, wake func(*flow), formed func(*flow, netip.Addr)) *endpoint {
	udp, ok := conn.(*net.UDPConn)
	return &endpoint{conn: conn, addr: addr, wake: wake, formed: formed, joins: ok && joined.Writes(udp), tunnels: map[ident.TEID]*flow{}}
}

func gtpuPort(a netip.Addr) netip.AddrPort { return netip.AddrPortFrom(a.Unmap(), gtpu.Port) }

// install sets a flow's tunnel up.
func (e *endpoint) install(f *flow, local, remote ident.TEID, peer netip.Addr, qfi ident.QFI) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.tunnels, f.local)
	f.local, f.remote, f.qfi, f.up = local, remote, qfi, true
	f.peer = gtpuPort(peer)
	e.tunnels[local] = f
	if f.raised != nil {
		close(f.raised)
		f.raised = nil
	}
}

// address tells a flow its addresses: an IPv4 one, an interface identifier for IPv6, or both; neither where it carries frames.
func (e *endpoint) address(f *flow, addr4 netip.Addr, id [8]byte) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	f.addr4, f.id, f.frames = addr4, id, !addr4.IsValid() && id == [8]byte{}
	if id != [8]byte{} {
		f.link = linkLocal(id)
	}
}

// solicit asks for a flow's prefix, if it needs one and has a tunnel, and tells how often it has by now; 0 where there is
// nothing to ask.
func (e *endpoint) solicit(f *flow) int {
	e.mu.Lock()
	if !f.link.IsValid() || f.addr6.IsValid() || !f.up {
		e.mu.Unlock()
		return 0
	}
	f.solicited++
	times, peer := f.solicited, f.peer
	b := f.encapsulate(nil, appendSolicitation(nil, f.link))
	e.mu.Unlock()
	e.write(b, peer)
	return times
}

// remove takes it down; the flow's traffic waits for the next one.
func (e *endpoint) remove(f *flow) {
	if e == nil {
		return // its phone came along from a radio that has a user plane
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.tunnels, f.local)
	f.up = false
}

// leave takes a flow off the endpoint, for good or for another one.
func (e *endpoint) leave(f *flow) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.tunnels, f.local)
	f.up = false
	f.at.Store(nil)
	if f.active {
		last := len(e.active) - 1
		e.active[f.turn] = e.active[last]
		e.active[f.turn].turn = f.turn
		e.active[last] = nil
		e.active = e.active[:last]
	}
}

// adopt is a flow that has left another endpoint; it goes on sending if it did.
func (e *endpoint) adopt(f *flow) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	f.at.Store(e)
	if f.active {
		e.enlist(f)
	}
}

// enlist has a flow take its turn in the sending. The mutex is held.
func (e *endpoint) enlist(f *flow) {
	f.active, f.turn = true, len(e.active)
	e.active = append(e.active, f)
}

// isUp reports whether a flow has its tunnel.
func (e *endpoint) isUp(f *flow) bool {
	if e == nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return f.up
}

// describe fills in what a session's status says of its user plane.
func (e *endpoint) describe(f *flow, s *SessionStatus) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Tunnel, s.Local, s.Sent, s.Echoed, s.Heard, s.Addr6 = f.up, f.local, f.sent, f.echoed, f.heard, f.addr6
	if f.mtu != 0 && (s.MTU == 0 || f.mtu < s.MTU) {
		s.MTU = f.mtu
	}
	if f.up {
		s.Remote, s.Peer = f.remote, f.peer.Addr()
	}
}

func (e *endpoint) write(b []byte, peer netip.AddrPort) {
	if _, err := e.conn.WriteToUDPAddrPort(b, peer); err != nil {
		e.mu.Lock()
		e.counts.SendFailed++
		e.mu.Unlock()
	}
}

func (e *endpoint) traffic() (Traffic, histogram) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.counts
	t.RTT = latency(&e.rtt)
	return t, e.rtt
}
