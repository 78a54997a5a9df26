package ran

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
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
	at    atomic.Pointer[endpoint] // whose mutex guards it; nil while it is between two
	local ident.TEID

	up     bool // the tunnel stands
	remote ident.TEID
	peer   netip.AddrPort
	qfi    ident.QFI

	addr4     netip.Addr // its own addresses; not valid where it has none, or none yet
	addr6     netip.Addr
	link      netip.Addr // link-local: it has IPv6
	id        [8]byte    // interface identifier
	mtu       uint32     // as a router advertisement says, 0 if none did
	solicited int        // how often it has asked for its prefix

	probes  uint64  // whose its probes are
	lanes   [2]lane // of its probes: IPv4, IPv6
	lane    int     // the last one's
	payload int
	active  bool // it takes part in the sending
	turn    int  // where in the endpoint's list of those that do
	seq     uint32
	sent    uint64
	echoed  uint64
	heard   time.Time // when the last one came back
	top     uint32    // highest sequence number that came back
	seen    uint64    // bit i: top-i came back

	host   Host          // what sends and gets packets in place of probes, nil for nothing
	raised chan struct{} // closed when the tunnel stands; nil where nobody waits
}

// lane is a session's probes of one version of IP. From is not valid until the session has an address of it.
type lane struct {
	from, to netip.AddrPort
	echoed   uint64
	heard    time.Time
}

// laneOf is the place of an address's lane.
func laneOf(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// ready reports whether the lane has both ends.
func (l *lane) ready() bool { return l.from.IsValid() && l.to.IsValid() }

// aim has the flow's probes of a version of IP go to a service, as soon as it has an address of it.
func (f *flow) aim(to netip.AddrPort) *lane {
	own := f.addr4
	l := &f.lanes[laneOf(to.Addr())]
	if to.Addr().Is6() {
		own = f.addr6
	}
	l.to, l.from = to, netip.AddrPort{}
	if own.IsValid() {
		l.from = netip.AddrPortFrom(own, 40000+uint16(f.psi))
	}
	return l
}

// nextLane is the lane whose turn it is, nil if none is ready.
func (f *flow) nextLane() *lane {
	for range f.lanes {
		f.lane = (f.lane + 1) % len(f.lanes)
		if l := &f.lanes[f.lane]; l.ready() {
			return l
		}
	}
	return nil
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
	return &endpoint{conn: conn, addr: addr, wake: wake, formed: formed, joins: canJoin(conn), tunnels: map[ident.TEID]*flow{}}
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

// address tells a flow its addresses: an IPv4 one, an interface identifier for IPv6, or both.
func (e *endpoint) address(f *flow, addr4 netip.Addr, id [8]byte) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	f.addr4, f.id = addr4, id
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

// encapsulate writes an uplink G-PDU. The mutex is held.
func (f *flow) encapsulate(b, inner []byte) []byte { return append(f.header(b, len(inner)), inner...) }

// header writes that of one for n octets.
func (f *flow) header(b []byte, n int) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: f.remote, HasContainer: true,
		Container: gtpu.Container{Type: gtpu.Uplink, QFI: f.qfi}}
	return h.Append(b, n)
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

// start has a flow take part in the sending, to services of either version of IP.
func (e *endpoint) start(f *flow, payload int, to ...netip.AddrPort) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, service := range to {
		f.aim(service)
	}
	f.payload = max(payload, minPayload)
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
	s.Tunnel, s.Local, s.Sent, s.Echoed, s.Heard, s.Addr6 = f.up, f.local, f.sent, f.echoed, f.heard, f.addr6
	if f.mtu != 0 && (s.MTU == 0 || f.mtu < s.MTU) {
		s.MTU = f.mtu
	}
	if f.up {
		s.Remote, s.Peer = f.remote, f.peer.Addr()
	}
}

// sendOne sends one packet of a flow, once it has its tunnel, and tells how many came back so
// far of that version of IP; ok is false where it has no address of it.
func (e *endpoint) sendOne(f *flow, to netip.AddrPort) (echoed uint64, ok bool) {
	e.mu.Lock()
	l := f.aim(to)
	f.payload = max(f.payload, minPayload)
	echoed = l.echoed
	if !l.ready() || !f.up {
		e.mu.Unlock()
		if !l.ready() {
			return 0, false
		}
		e.wake(f)
		return echoed, true
	}
	b, peer := e.probe(f, l, make([]byte, 0, 128+f.payload))
	e.mu.Unlock()
	e.write(b, peer)
	return echoed, true
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
	l := f.nextLane()
	if !f.up || l == nil {
		e.mu.Unlock()
		if l != nil {
			e.wake(f)
		}
		return true
	}
	b, peer := e.probe(f, l, buf)
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
// since a time, of each version of IP.
func (e *endpoint) allAlive(flows []*flow, sessions int, since time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, f := range flows {
		if f.alive(since) {
			n++
		}
	}
	return n >= sessions
}

// alive reports whether a packet came back since a time on each lane that there is to be, and there is one.
func (f *flow) alive(since time.Time) bool {
	n := 0
	for i := range f.lanes {
		l := &f.lanes[i]
		if !l.to.IsValid() {
			continue
		}
		if l.echoed == 0 || l.heard.Before(since) {
			return false
		}
		n++
	}
	return n > 0
}

// probe writes a flow's next packet on a lane. The mutex is held.
func (e *endpoint) probe(f *flow, l *lane, buf []byte) ([]byte, netip.AddrPort) {
	f.seq++
	f.sent++
	e.counts.Sent++
	b := f.header(buf[:0], innerHeader(l.from.Addr())+f.payload)
	return probe{f.probes, f.seq, time.Now().UnixNano()}.append(b, l.from, l.to, f.payload), f.peer
}

// read takes in what arrives until the socket closes.
func (e *endpoint) read() {
	in := newInlet(e.conn)
	out := make([]byte, 0, 64)
	for {
		from, err := in.read()
		if err != nil {
			return
		}
		for b := range in.datagrams() {
			answer, host, packet := e.arrived(b, from, out)
			if len(answer) > 0 {
				// Best effort, as GTP-U's own messages are.
				_, _ = e.conn.WriteToUDPAddrPort(answer, from)
			}
			in.give(host, packet)
		}
		in.flush()
	}
}

// arrived takes one datagram in and gives the answer it calls for, if any, in out, or a packet for a
// host.
func (e *endpoint) arrived(b []byte, from netip.AddrPort, out []byte) (answer []byte, host Host, packet []byte) {
	h, rest, err := gtpu.Parse(b)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.counts.Malformed++
		return nil, nil, nil
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
		if e.inner(f, rest) {
			return nil, f.host, rest
		}
	}
	if err != nil {
		return nil, nil, nil
	}
	return out, nil, nil
}

// inner judges a packet that came down a flow's tunnel, and reports whether it is for the flow's host. The mutex is held.
func (e *endpoint) inner(f *flow, b []byte) (forHost bool) {
	if f.link.IsValid() {
		if a, ok := parseAdvertisement(b, f.link); ok {
			e.advertised(f, a)
			return false
		}
	}
	if f.host != nil {
		return true
	}
	l := &f.lanes[0]
	if len(b) > 0 && b[0]>>4 == 6 {
		l = &f.lanes[1]
	}
	p, kind := parseProbe(b, f.probes, l.from, l.to)
	switch {
	case !l.ready() || kind == innerForeign:
		e.counts.Foreign++
	case kind == innerStray:
		e.counts.WrongTunnel++
	case kind == innerCorrupted || p.seq == 0 || p.seq > f.seq: // or one that never left
		e.counts.Corrupted++
	case !f.fresh(p.seq):
		e.counts.Duplicated++
	default:
		f.echoed++
		l.echoed++
		f.heard = time.Now()
		l.heard = f.heard
		e.counts.Echoed++
		e.rtt.add(max(f.heard.Sub(time.Unix(0, p.at)), 0))
	}
	return false
}

// advertised has a flow form its address, once: it keeps it for as long as the session stands. The mutex is held.
func (e *endpoint) advertised(f *flow, a advertisement) {
	if f.addr6.IsValid() || !a.prefix.IsValid() {
		return
	}
	f.addr6, f.mtu = inPrefix(a.prefix, f.id), a.mtu
	if l := &f.lanes[1]; l.to.IsValid() {
		f.aim(l.to)
	}
	e.formed(f, f.addr6)
}
