package n4

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"cordon/timer"
	"cordon/wire/pfcp"
)

// role is what differs between the two ends.
type role interface {
	// asked takes a request of a peer that has not been answered yet.
	asked(p *peer, a ask)
	// answered takes the answer to a request of ours; err is why there is none, or none that can be read.
	answered(p *peer, r *request, m pfcp.Message, err error)
	// silent is told that a peer does not answer heartbeats.
	silent(p *peer)
	// alive is told that it does.
	alive(p *peer)
	// restarted is told that a peer, asked, gave another time stamp than that of its association.
	restarted(p *peer, stamp pfcp.RecoveryTimeStamp)
	// expired is told that a timer of the role ran out.
	expired(p *peer, t timerKind)
	// gone is told that a peer is no longer on the list.
	gone(p *peer)
}

// endpoint is what both ends have: who may speak, what was asked, what was answered.
type endpoint struct {
	cfg    Config
	role   role
	random rand.Source
	now    time.Time
	timers timer.Queue[timerKey]
	peers  map[pfcp.NodeID]*peer
	byAddr map[netip.Addr]*peer
	order  []*peer // as they were listed, so that the same events have the same effects
	out    []Effect
	// strangers are findings about those who may not speak.
	strangers finding
}

// peer is one that may speak.
type peer struct {
	Peer
	associated bool
	silent     bool                   // of a user plane: associated, and it does not answer
	stamp      pfcp.RecoveryTimeStamp // of its association; 0 before there was one
	seq        uint32                 // of the request that comes next
	asking     map[uint32]*request
	answers    answers
	findings   [kinds]finding

	upf *upf // of a control plane
	smf *smf // of a user plane
}

// ask is a request of a peer.
type ask struct {
	from netip.AddrPort
	pfcp.Header
	message pfcp.Message
	sum     uint64
}

type timerKind uint8

const (
	timerRequest   timerKind = iota // T1 of the request seq
	timerHeartbeat                  // to the next one
	timerSetup                      // to the next attempt to associate
	timerCalm                       // until what was asked before cannot arrive any more
	timerRetention                  // sessions of a peer that is away, or was
)

type timerKey struct {
	peer *peer
	kind timerKind
	seq  uint32
}

func newEndpoint(cfg Config, random rand.Source, r role) endpoint {
	cfg.fill()
	e := endpoint{cfg: cfg, role: r, random: random, peers: map[pfcp.NodeID]*peer{}, byAddr: map[netip.Addr]*peer{}}
	return e
}

// Next is when the end wants to be stepped again, if nothing comes before; ok is false where it waits for nothing.
func (e *endpoint) Next() (when time.Time, ok bool) { return e.timers.Next() }

func (e *endpoint) emit(f Effect) { e.out = append(e.out, f) }

// begin and end frame a step.
func (e *endpoint) begin(now time.Time) {
	e.now, e.out = now, e.out[:0]
	for {
		k, ok := e.timers.Pop(now)
		if !ok {
			return
		}
		switch k.kind {
		case timerRequest:
			e.again(k.peer, k.seq)
		case timerHeartbeat:
			e.ask(k.peer, request{kind: askHeartbeat}, &pfcp.HeartbeatRequest{Recovery: e.cfg.Recovery})
		default:
			e.role.expired(k.peer, k.kind)
		}
	}
}

// list replaces who may speak.
func (e *endpoint) list(peers []Peer) {
	keep := map[pfcp.NodeID]bool{}
	for _, p := range peers {
		keep[p.Node] = true
	}
	for _, p := range slices.Clone(e.order) {
		if !keep[p.Node] {
			e.remove(p)
		}
	}
	clear(e.byAddr)
	for _, in := range peers {
		p := e.peers[in.Node]
		if p == nil {
			p = &peer{asking: map[uint32]*request{}, seq: uint32(e.random.Uint64())}
			e.peers[in.Node] = p
			e.order = append(e.order, p)
		}
		if p.Peer = in; p.Port == 0 {
			p.Port = pfcp.Port
		}
		p.Addrs, p.Tunnels = slices.Clone(in.Addrs), slices.Clone(in.Tunnels)
		for _, a := range in.Addrs {
			e.byAddr[a.Unmap()] = p
		}
	}
}

func (e *endpoint) remove(p *peer) {
	e.role.gone(p)
	e.abandon(p)
	for _, k := range [...]timerKind{timerHeartbeat, timerSetup, timerCalm, timerRetention} {
		e.timers.Stop(timerKey{p, k, 0})
	}
	delete(e.peers, p.Node)
	e.order = slices.DeleteFunc(e.order, func(q *peer) bool { return q == p })
}

// to is where a peer is spoken to.
func (p *peer) to() netip.AddrPort {
	if len(p.Addrs) == 0 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(p.Addrs[0], p.Port)
}

// owns reports whether an address is the peer's.
func (p *peer) owns(a netip.Addr) bool {
	return slices.ContainsFunc(p.Addrs, func(own netip.Addr) bool { return own.Unmap() == a.Unmap() })
}

// datagram takes what came.
func (e *endpoint) datagram(ev Datagram) {
	p := e.byAddr[ev.From.Addr().Unmap()]
	if p == nil {
		e.emit(Drop{Reason: ReasonStranger})
		e.found(nil, &e.strangers, Finding{From: ev.From, Kind: KindStranger, Why: "not on the list of peers", Bytes: ev.Data})
		return
	}
	h, m, err := pfcp.Parse(ev.Data)
	if err != nil {
		e.malformed(p, ev, h, err)
		return
	}
	if !h.Type.Request() {
		e.reply(p, ev, h, m, nil)
		return
	}
	sum := checksum(ev.Data)
	switch b, known := p.answers.find(e.now, h.Seq, sum); {
	case !known:
		p.answers.begin(e.now, h.Seq, sum)
		a := ask{from: ev.From, Header: h, message: m, sum: sum}
		if hb, ok := m.(*pfcp.HeartbeatRequest); ok {
			e.heartbeat(p, a, hb)
		} else {
			e.role.asked(p, a)
		}
	case b == nil:
		e.drop(p, ReasonRepeated)
	default:
		e.emit(Send{To: ev.From, Data: b})
	}
}

// malformed answers what cannot be read, if it was a request, and has an answer of ours count as none.
func (e *endpoint) malformed(p *peer, ev Datagram, h pfcp.Header, err error) {
	e.drop(p, ReasonMalformed)
	e.observe(p, ev.From, KindMalformed, ev.Data, "%v", err)
	if m := pfcp.Refuse(h, e.cfg.Node, e.cfg.Recovery, err); m != nil {
		if b, err := pfcp.Append(nil, h.Seq, m); err == nil {
			e.emit(Send{To: ev.From, Data: b})
		}
		return
	}
	if r := p.asking[h.Seq]; r != nil && h.Type == r.want {
		e.reply(p, ev, h, nil, err)
	}
}

// reply takes an answer, or one that cannot be read, to the request that it is for.
func (e *endpoint) reply(p *peer, ev Datagram, h pfcp.Header, m pfcp.Message, err error) {
	r := p.asking[h.Seq]
	if r != nil && h.Type == pfcp.TypeVersionNotSupported {
		err = pfcp.ErrVersion
	} else if r == nil || h.Type != r.want {
		e.drop(p, ReasonLate)
		return
	}
	e.close(p, h.Seq)
	if r.kind == askHeartbeat {
		e.beat(p, r, m, err)
		return
	}
	r.from, r.data = ev.From, ev.Data
	e.role.answered(p, r, m, err)
	r.data = nil
}

func (e *endpoint) drop(p *peer, r Reason) { e.emit(Drop{Peer: p.Node, Reason: r}) }
