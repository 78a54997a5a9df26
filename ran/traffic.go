package ran

import (
	"context"
	"net/netip"
	"time"

	"cordon/wire/gtpu"
)

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
