package datapath

import (
	"net/netip"
	"sync"
	"time"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// echoes is what was measured of the paths to peers.
type echoes struct {
	mu sync.Mutex // guards of; nothing is called while it is held
	of upf.Echoes
}

// Peer is an endpoint that downlink goes to, or has gone to: what came from it, and how its path is.
type Peer struct {
	upf.Watched
	Echo upf.EchoHealth
}

// Peers is what is known of each endpoint, and first of all who are none: see [upf.Sessions.Watch]. Packets wait for no more
// of it than for a sweep.
func (f *Forwarder) Peers() []Peer {
	f.looks.Lock()
	defer f.looks.Unlock()
	var w upf.Watching
	for end := false; !end; {
		f.rules.Lock()
		end = f.sessions.Watch(&w, sweepSessions)
		f.rules.Unlock()
	}
	watched := w.Peers()
	list := make([]Peer, len(watched))
	f.echoes.mu.Lock()
	defer f.echoes.mu.Unlock()
	for i, w := range watched {
		list[i] = Peer{Watched: w, Echo: f.echoes.of.Health(w.Peer)}
	}
	return list
}

// probe asks every endpoint that sessions' downlink goes to for an echo, each time that the interval is over, which also keeps
// the path open through what tracks connections. What a round of requests showed is told as an event: that a radio is
// gone, the AMF sees on N2.
func (f *Forwarder) probe() {
	tick := time.NewTicker(f.cfg.EchoInterval)
	defer tick.Stop()
	var peers []netip.Addr
	for {
		select {
		case <-f.done:
			return
		case <-tick.C:
		}
		f.rules.RLock()
		peers = f.sessions.AppendPeers(peers[:0])
		f.rules.RUnlock()
		for _, a := range peers {
			f.ask(a)
		}
		f.echoes.mu.Lock()
		f.echoes.of.Forget(f.now())
		f.echoes.mu.Unlock()
	}
}

// ask sends one echo request, and tells what the round before it showed, if it begins one.
func (f *Forwarder) ask(peer netip.Addr) {
	f.echoes.mu.Lock()
	seq, round, ended := f.echoes.of.Ask(f.now(), peer)
	f.echoes.mu.Unlock()
	if ended {
		f.events.echo(peer, round)
	}
	m, err := gtpu.EchoRequest{Seq: seq}.AppendBinary(nil)
	if err != nil {
		return
	}
	f.sendN3(m, netip.AddrPortFrom(peer, gtpu.Port))
}

// heard takes note of an echo response, which package upf has found whole. Now is after its arrival, so that no path seems
// shorter than it is.
func (f *Forwarder) heard(now time.Duration, peer netip.Addr, datagram []byte) {
	h, _, err := gtpu.Parse(datagram)
	if err != nil || !h.HasSeq {
		return
	}
	f.echoes.mu.Lock()
	defer f.echoes.mu.Unlock()
	f.echoes.of.Answer(now, peer, h.Seq)
}
