package ran

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"cordon/ident"
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

// flow is one session's user plane: its tunnel while it has one, and its traffic. All of
// it is guarded by the endpoint's mutex.
type flow struct {
	ue    *UE
	psi   ident.PDUSessionID
	id    uint64
	local ident.TEID

	up     bool // the tunnel stands
	remote ident.TEID
	peer   netip.AddrPort
	qfi    ident.QFI

	from, to netip.AddrPort // inner addresses of its probes
	payload  int
	active   bool // it takes part in the sending
	turn     int  // where in the endpoint's list of those that do
	seq      uint32
	sent     uint64
	echoed   uint64
	heard    time.Time // when the last one came back
	top      uint32    // highest sequence number that came back
	seen     uint64    // bit i: top-i came back
}

// fresh reports whether sequence number seq comes back for the first time, and remembers it.
func (f *flow) fresh(seq uint32) bool {
	switch {
	case seq > f.top:
		shift := seq - f.top
		f.seen = f.seen<<min(shift, 64) | 1
		f.top = seq
		return true
	case f.top-seq >= 64 || f.seen>>(f.top-seq)&1 != 0:
		return false
	}
	f.seen |= 1 << (f.top - seq)
	return true
}

// endpoint is a radio's N3.
type endpoint struct {
	conn N3
	addr netip.Addr
	wake func(*flow) // its data waits for a tunnel; must not block

	mu      sync.Mutex // guards what follows and every flow
	tunnels map[ident.TEID]*flow
	active  []*flow
	next    int // of active, whose turn it is
	counts  Traffic
	rtt     histogram
}

func newEndpoint(conn N3, addr netip.Addr, wake func(*flow)) *endpoint {
	return &endpoint{conn: conn, addr: addr, wake: wake, tunnels: map[ident.TEID]*flow{}}
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
	if f.active {
		e.enlist(f)
	}
}

// enlist has a flow take its turn in the sending. The mutex is held.
func (e *endpoint) enlist(f *flow) {
	f.active, f.turn = true, len(e.active)
	e.active = append(e.active, f)
}

// start has a flow take part in the sending.
func (e *endpoint) start(f *flow, from netip.Addr, to netip.AddrPort, payload int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f.from, f.to, f.payload = netip.AddrPortFrom(from, 40000+uint16(f.psi)), to, max(payload, minPayload)
	if !f.active {
		e.enlist(f)
	}
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
	s.Tunnel, s.Local, s.Sent, s.Echoed, s.Heard = f.up, f.local, f.sent, f.echoed, f.heard
	if f.up {
		s.Remote, s.Peer = f.remote, f.peer.Addr()
	}
}

// sendOne sends one packet of a flow, once it has its tunnel, and tells how many came back so
// far.
func (e *endpoint) sendOne(f *flow, from netip.Addr, to netip.AddrPort) uint64 {
	e.mu.Lock()
	f.from, f.to, f.payload = netip.AddrPortFrom(from, 40000+uint16(f.psi)), to, max(f.payload, minPayload)
	echoed := f.echoed
	if !f.up {
		e.mu.Unlock()
		e.wake(f)
		return echoed
	}
	b, peer := e.probe(f, make([]byte, 0, 128+f.payload))
	e.mu.Unlock()
	e.write(b, peer)
	return echoed
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

// sendNext sends the next active flow's next packet, using buf. It reports false when
// there is no flow to send for.
func (e *endpoint) sendNext(buf []byte) bool {
	e.mu.Lock()
	if len(e.active) == 0 {
		e.mu.Unlock()
		return false
	}
	e.next %= len(e.active)
	f := e.active[e.next]
	e.next++
	if !f.up {
		e.mu.Unlock()
		e.wake(f)
		return true
	}
	b, peer := e.probe(f, buf)
	e.mu.Unlock()
	e.write(b, peer)
	return true
}

// sendAll sends pps packets each second for every active flow, until ctx ends.
func (e *endpoint) sendAll(ctx context.Context, pps float64) {
	tick := time.NewTicker(sendTick)
	defer tick.Stop()
	buf := make([]byte, 0, 2048)
	last, due := time.Now(), 0.0
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now := time.Now()
		flows := e.activeFlows()
		// What a busy machine could not send in time is not made up for in one burst.
		due = min(due+pps*float64(flows)*now.Sub(last).Seconds(), float64(max(flows, 64)))
		last = now
		for ; due >= 1; due-- {
			if !e.sendNext(buf) {
				break
			}
		}
	}
}

const sendTick = 2 * time.Millisecond

func (e *endpoint) activeFlows() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.active)
}

// allAlive reports whether there are as many flows as sessions of which a packet came back
// since a time.
func (e *endpoint) allAlive(flows []*flow, sessions int, since time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, f := range flows {
		if f.echoed > 0 && !f.heard.Before(since) {
			n++
		}
	}
	return n >= sessions
}

// probe writes a flow's next packet. The mutex is held.
func (e *endpoint) probe(f *flow, buf []byte) ([]byte, netip.AddrPort) {
	f.seq++
	f.sent++
	e.counts.Sent++
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: f.remote, HasContainer: true,
		Container: gtpu.Container{Type: gtpu.Uplink, QFI: f.qfi}}
	b := h.Append(buf[:0], innerHeader+f.payload)
	return probe{f.id, f.seq, time.Now().UnixNano()}.append(b, f.from, f.to, f.payload), f.peer
}

// read takes in what arrives until the socket closes.
func (e *endpoint) read() {
	buf := make([]byte, 65536)
	out := make([]byte, 0, 64)
	for {
		n, from, err := e.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if answer := e.arrived(buf[:n], from, out); len(answer) > 0 {
			// Best effort, as GTP-U's own messages are.
			_, _ = e.conn.WriteToUDPAddrPort(answer, from)
		}
	}
}

// arrived takes one datagram in and gives the answer it calls for, if any, in out.
func (e *endpoint) arrived(b []byte, from netip.AddrPort, out []byte) []byte {
	h, rest, err := gtpu.Parse(b)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.counts.Malformed++
		return nil
	}
	switch h.Type {
	case gtpu.TypeEchoRequest:
		out, err = gtpu.EchoResponse{Seq: h.Seq}.AppendBinary(out)
	case gtpu.TypeErrorIndication:
		e.counts.Errors++
	case gtpu.TypeGPDU:
		f := e.tunnels[h.TEID]
		if f == nil {
			e.counts.NoTunnel++
			out, err = gtpu.ErrorIndication{TEID: h.TEID, Peer: e.addr}.AppendBinary(out)
			break
		}
		e.inner(f, rest)
	}
	if err != nil {
		return nil
	}
	return out
}

// inner judges a packet that came down a flow's tunnel. The mutex is held.
func (e *endpoint) inner(f *flow, b []byte) {
	p, kind := parseProbe(b, f.id, f.from, f.to)
	switch {
	case !f.to.IsValid() || kind == innerForeign:
		e.counts.Foreign++
	case kind == innerStray:
		e.counts.WrongTunnel++
	case kind == innerCorrupted || p.seq == 0 || p.seq > f.seq: // or one that never left
		e.counts.Corrupted++
	case !f.fresh(p.seq):
		e.counts.Duplicated++
	default:
		f.echoed++
		f.heard = time.Now()
		e.counts.Echoed++
		e.rtt.add(max(f.heard.Sub(time.Unix(0, p.at)), 0))
	}
}
