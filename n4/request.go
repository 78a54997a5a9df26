package n4

import (
	"hash/fnv"
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

type askKind uint8

const (
	askHeartbeat askKind = iota
	askSetup
	askSession // a control plane, about a session
	askReport  // a user plane, about a session
	askOther
)

// request is one of ours that has no answer yet.
type request struct {
	kind     askKind
	claimed  pfcp.RecoveryTimeStamp // with askHeartbeat and askSetup: the time stamp that is to be confirmed
	session  *session               // with askSession
	id       uint64                 // with askSession: whose Answer it is
	report   *waiting               // with askReport
	name     ident.SEID             // with askReport: the user plane's of the session
	observed []pfcp.Observed        // with askOther, of a user plane: findings
	message  pfcp.Message           // with askSession

	want  pfcp.Type
	data  []byte // as it is sent; while it is answered, the answer
	from  netip.AddrPort
	tries int
}

const sequences = 1 << 24

// ask sends a request and sees to its answer. One that cannot be encoded is answered with the error at once.
func (e *endpoint) ask(p *peer, r request, m pfcp.Message) {
	for p.seq %= sequences; p.asking[p.seq] != nil; p.seq %= sequences {
		p.seq++
	}
	b, err := pfcp.Append(nil, p.seq, m)
	if err != nil {
		e.role.answered(p, &r, nil, err)
		return
	}
	r.want, r.data, r.tries = m.Type()+1, b, 1
	p.asking[p.seq] = &r
	e.timers.Start(timerKey{p, timerRequest, p.seq}, e.now.Add(e.cfg.T1))
	p.seq++
	e.emit(Send{To: p.to(), Data: b})
}

// again sends a request once more, or gives up.
func (e *endpoint) again(p *peer, seq uint32) {
	r := p.asking[seq]
	if r.tries < e.cfg.Tries {
		r.tries++
		e.timers.Start(timerKey{p, timerRequest, seq}, e.now.Add(e.cfg.T1))
		e.emit(Send{To: p.to(), Data: r.data})
		return
	}
	e.close(p, seq)
	r.data = nil
	if r.kind == askHeartbeat {
		e.beat(p, r, nil, ErrNoAnswer)
		return
	}
	e.role.answered(p, r, nil, ErrNoAnswer)
}

func (e *endpoint) close(p *peer, seq uint32) {
	delete(p.asking, seq)
	e.timers.Stop(timerKey{p, timerRequest, seq})
}

// abandon takes back all that a peer was asked, in the order in which it was.
func (e *endpoint) abandon(p *peer) []*request {
	seqs := make([]uint32, 0, len(p.asking))
	for seq := range p.asking {
		seqs = append(seqs, seq)
	}
	slices.SortFunc(seqs, func(a, b uint32) int { return int((a-p.seq)%sequences) - int((b-p.seq)%sequences) })
	out := make([]*request, 0, len(seqs))
	for _, seq := range seqs {
		out = append(out, p.asking[seq])
		e.close(p, seq)
	}
	e.timers.Stop(timerKey{p, timerHeartbeat, 0})
	return out
}

// answer sends the answer to a request and keeps it for when the request comes again.
func (e *endpoint) answer(p *peer, a ask, m pfcp.Message) {
	b, err := pfcp.Append(nil, a.Seq, m)
	if err != nil { // only what the owner gave could be at fault: the peer is told that there is no doing it
		if b, err = pfcp.Append(nil, a.Seq, failure(a.Type, e.cfg.Node)); err != nil {
			return
		}
	}
	p.answers.keep(a.Seq, a.sum, b)
	e.emit(Send{To: a.from, Data: b})
}

// failure answers a request about a session with a system failure.
func failure(t pfcp.Type, node pfcp.NodeID) pfcp.Message {
	return refusal(t, node, 0, pfcp.CauseSystemFailure)
}

// refusal answers a request about a session with a cause; cp is the SMF's name of it, 0 where none is known.
func refusal(t pfcp.Type, node pfcp.NodeID, cp ident.SEID, c pfcp.Cause) pfcp.Message {
	switch t {
	case pfcp.TypeEstablishmentRequest:
		return &pfcp.Established{CP: cp, Node: node, Cause: c}
	case pfcp.TypeModificationRequest:
		return &pfcp.Modified{CP: cp, Cause: c}
	case pfcp.TypeDeletionRequest:
		return &pfcp.Deleted{CP: cp, Cause: c}
	}
	return &pfcp.Reported{Cause: c}
}

// answers are what a peer's requests were answered with, so that one which comes again, word for word, is answered the same and done once.
type answers struct {
	kept map[uint32]*given
	fifo []uint32 // sequence numbers, oldest first
}

type given struct {
	sum  uint64
	data []byte // nil: not answered yet
	when time.Time
}

const (
	maxAnswers = 1 << 16          // kept for a peer
	answersFor = 30 * time.Second // longer than any peer repeats itself
)

func checksum(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

// find is the answer that a request was given, nil if it has none yet.
func (a *answers) find(now time.Time, seq uint32, sum uint64) ([]byte, bool) {
	g := a.kept[seq]
	if g == nil || g.sum != sum || now.Sub(g.when) > answersFor {
		return nil, false
	}
	return g.data, true
}

// begin notes a request. Old ones, and those beyond what is kept, are forgotten.
func (a *answers) begin(now time.Time, seq uint32, sum uint64) {
	if a.kept == nil {
		a.kept = map[uint32]*given{}
	}
	for len(a.fifo) > 0 {
		g := a.kept[a.fifo[0]]
		if g != nil && now.Sub(g.when) <= answersFor && len(a.fifo) < maxAnswers {
			break
		}
		delete(a.kept, a.fifo[0])
		a.fifo = a.fifo[1:]
	}
	if a.kept[seq] == nil {
		a.fifo = append(a.fifo, seq)
	}
	a.kept[seq] = &given{sum: sum, when: now}
}

// forget has a request that was not answered taken for a new one when it comes again.
func (a *answers) forget(seq uint32) {
	if g := a.kept[seq]; g != nil && g.data == nil {
		g.sum++
	}
}

func (a *answers) keep(seq uint32, sum uint64, data []byte) {
	if g := a.kept[seq]; g != nil && g.sum == sum {
		g.data = data
	}
}
