package n4

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// world is an SMF and user planes with a network between them that may lose, repeat and delay, in a time of its own.
type world struct {
	t     testing.TB
	r     *rand.Rand
	now   time.Time
	nodes map[netip.Addr]*node
	smf   *smfModel
	air   []flying
	n     int

	loss, twice float64       // of datagrams
	delay       time.Duration // at most
	cut         bool          // nothing arrives
	findings    []Finding
}

type flying struct {
	when time.Time
	n    int
	from netip.AddrPort
	to   netip.AddrPort
	data []byte
}

// stepper is either end.
type stepper interface {
	Step(time.Time, Event) []Effect
	Next() (time.Time, bool)
}

type node struct {
	w    *world
	addr netip.Addr
	m    stepper
	up   *local // of a user plane
	off  bool
}

// local is a user plane in its process.
type local struct {
	sessions map[ident.SEID]*localSession
	byUE     map[netip.Addr]ident.SEID
	next     ident.SEID
	addr     netip.Addr
	adopted  []ident.SEID // what it had when it began anew
}

type localSession struct {
	cp     ident.SEID
	ue     netip.Addr
	teid   ident.TEID
	action pfcp.ApplyAction
	outer  pfcp.OuterHeader
}

var (
	smfAddr  = netip.MustParseAddr("10.0.0.1")
	upfAddr  = netip.MustParseAddr("10.0.0.2")
	upfAddr2 = netip.MustParseAddr("10.0.0.3")
	tunnels  = []netip.Prefix{netip.MustParsePrefix("10.3.0.0/24")}
)

func nodeOf(a netip.Addr) pfcp.NodeID { return pfcp.NodeID{Addr: a} }

func newWorld(t testing.TB, seed uint64, upfs ...netip.Addr) *world {
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 1)), now: time.Unix(1_800_000_000, 0), nodes: map[netip.Addr]*node{}, delay: 20 * time.Millisecond}
	w.smf = &smfModel{w: w, sessions: map[ident.SEID]*smfSession{}, asked: map[uint64]func(Answer){}}
	for _, a := range upfs {
		w.startUPF(a, 1, newLocal(a))
	}
	w.startSMF(1, upfs...)
	return w
}

func newLocal(a netip.Addr) *local {
	return &local{sessions: map[ident.SEID]*localSession{}, byUE: map[netip.Addr]ident.SEID{}, next: 1000, addr: a}
}

func (w *world) startSMF(stamp pfcp.RecoveryTimeStamp, upfs ...netip.Addr) {
	cfg := Config{Node: nodeOf(smfAddr), Addr: smfAddr, Recovery: stamp}
	for _, a := range upfs {
		cfg.Peers = append(cfg.Peers, Peer{Node: nodeOf(a), Addrs: []netip.Addr{a}, Tunnels: tunnels, Rate: 1e9})
	}
	n := &node{w: w, addr: smfAddr, m: NewControlPlane(cfg, w.r)}
	w.nodes[smfAddr] = n
	n.step(Tick{})
}

func (w *world) startUPF(a netip.Addr, stamp pfcp.RecoveryTimeStamp, l *local) {
	cfg := Config{Node: nodeOf(a), Addr: a, Recovery: stamp, Features: pfcp.FeatureFTUP | pfcp.FeatureEMPU, Retention: time.Hour,
		Peers: []Peer{{Node: nodeOf(smfAddr), Addrs: []netip.Addr{smfAddr}}}}
	w.nodes[a] = &node{w: w, addr: a, m: NewUserPlane(cfg, w.r), up: l}
}

// forget has what is on its way to a node or from it not arrive: one that begins anew takes longer than that.
func (w *world) forget(a netip.Addr) {
	w.air = slices.DeleteFunc(w.air, func(f flying) bool { return f.to.Addr() == a || f.from.Addr() == a })
}

func (n *node) step(ev Event) {
	for _, e := range slices.Clone(n.m.Step(n.w.now, ev)) {
		n.perform(e)
	}
}

func (n *node) perform(e Effect) {
	w := n.w
	switch e := e.(type) {
	case Send:
		w.send(netip.AddrPortFrom(n.addr, pfcp.Port), e.To, e.Data)
	case Finding:
		w.findings = append(w.findings, e)
	case Drop:
	default:
		if n.up != nil {
			n.userPlane(e)
		} else {
			w.smf.take(e)
		}
	}
}

func (w *world) send(from, to netip.AddrPort, data []byte) {
	for range 2 {
		if w.r.Float64() >= w.loss {
			w.n++
			w.air = append(w.air, flying{w.now.Add(time.Duration(w.r.Int64N(int64(w.delay)))), w.n, from, to, data})
		}
		if w.r.Float64() >= w.twice {
			return
		}
	}
}

// userPlane does what a user plane's end asks of the process.
func (n *node) userPlane(e Effect) {
	switch e := e.(type) {
	case Request:
		a := n.up.do(n.w.t, e.Message)
		if e.ID != 0 {
			n.step(Answer{ID: e.ID, Message: a})
		}
	case Purge:
		for _, seid := range e.Sessions {
			n.up.remove(seid)
		}
	case Up, Down:
	default:
		n.w.t.Fatalf("a user plane's effect %T", e)
	}
}

func (l *local) do(t testing.TB, m pfcp.Message) pfcp.Message {
	switch m := m.(type) {
	case *pfcp.Establishment:
		ue := m.PDRs[0].PDI.UE
		if s := l.sessions[m.Existing]; s != nil && s.ue == ue {
			s.cp, s.action = m.CP.SEID, m.FARs[0].Action
			return l.established(m.Existing)
		}
		if _, taken := l.byUE[ue]; taken {
			return &pfcp.Established{Cause: pfcp.CauseRuleFailure}
		}
		l.next++
		l.sessions[l.next] = &localSession{cp: m.CP.SEID, ue: ue, teid: ident.TEID(l.next), action: m.FARs[0].Action}
		l.byUE[ue] = l.next
		return l.established(l.next)
	case *pfcp.Modification:
		s := l.sessions[m.SEID]
		if s == nil {
			return &pfcp.Modified{Cause: pfcp.CauseNoSession}
		}
		for _, f := range m.FARs {
			s.action, s.outer = f.Action, f.Outer
		}
		return &pfcp.Modified{Cause: pfcp.CauseAccepted}
	case *pfcp.Deletion:
		if l.sessions[m.SEID] == nil {
			return &pfcp.Deleted{Cause: pfcp.CauseNoSession}
		}
		l.remove(m.SEID)
		return &pfcp.Deleted{Cause: pfcp.CauseAccepted}
	}
	t.Fatalf("a request %T", m)
	return nil
}

func (l *local) established(seid ident.SEID) pfcp.Message {
	return &pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: seid},
		Created: []pfcp.CreatedPDR{{ID: 1, Local: pfcp.FTEID{TEID: l.sessions[seid].teid, Addr: netip.MustParseAddr("10.3.0.1")}}}}
}

func (l *local) remove(seid ident.SEID) {
	if s := l.sessions[seid]; s != nil {
		delete(l.byUE, s.ue)
		delete(l.sessions, seid)
	}
}

// run lets time pass.
func (w *world) run(d time.Duration) {
	end := w.now.Add(d)
	for {
		next, at := end, (*node)(nil)
		for _, a := range slices.SortedFunc(maps.Keys(w.nodes), netip.Addr.Compare) {
			if t, ok := w.nodes[a].m.Next(); ok && t.Before(next) && !w.nodes[a].off {
				next, at = t, w.nodes[a]
			}
		}
		slices.SortFunc(w.air, func(a, b flying) int { return cmp.Or(a.when.Compare(b.when), cmp.Compare(a.n, b.n)) })
		if len(w.air) > 0 && !w.air[0].when.After(next) {
			f := w.air[0]
			w.air = w.air[1:]
			w.now = maxTime(w.now, f.when)
			if n := w.nodes[f.to.Addr()]; n != nil && !n.off && !w.cut {
				n.step(Datagram{f.from, f.data})
			}
			continue
		}
		w.now = maxTime(w.now, next)
		if at == nil {
			return
		}
		at.step(Tick{})
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// smfModel is what an SMF makes of its end.
type smfModel struct {
	w        *world
	sessions map[ident.SEID]*smfSession
	asked    map[uint64]func(Answer)
	id       uint64
	reports  []Report
	lost     int
	ups      map[pfcp.NodeID]bool
}

type smfSession struct {
	cp, up ident.SEID
	at     netip.Addr
	ue     netip.Addr
	want   uint32 // of the last change, that was done as far as is known
	busy   int    // requests without an answer
	dirty  bool   // a change is not known to be done
}

// take takes an effect of the SMF's end.
func (s *smfModel) take(e Effect) {
	switch e := e.(type) {
	case Answer:
		done := s.asked[e.ID]
		if done == nil {
			s.w.t.Fatalf("an answer to %d, which has one or was not asked: %+v", e.ID, e)
		}
		delete(s.asked, e.ID)
		done(e)
	case Lost:
		for _, cp := range e.Sessions {
			s.lost++
			if x := s.sessions[cp]; x != nil {
				s.establish(x, x.up)
			}
		}
	case Report:
		s.reports = append(s.reports, e)
	case Up:
		if s.ups == nil {
			s.ups = map[pfcp.NodeID]bool{}
		}
		s.ups[e.Peer] = true
	case Down:
		s.ups[e.Peer] = false
	case Load, Path:
	default:
		s.w.t.Fatalf("an SMF's effect %T", e)
	}
}

func (s *smfModel) ask(at netip.Addr, m pfcp.Message, done func(Answer)) {
	s.id++
	s.asked[s.id] = done
	s.w.nodes[smfAddr].step(Request{Peer: nodeOf(at), ID: s.id, Message: m})
}

// begin makes a session, again and again until it is there.
func (s *smfModel) begin(cp ident.SEID, at netip.Addr) *smfSession {
	x := &smfSession{cp: cp, at: at, ue: netip.AddrFrom4([4]byte{10, 45, byte(cp >> 8), byte(cp)})}
	s.sessions[cp] = x
	s.establish(x, 0)
	return x
}

func (s *smfModel) establish(x *smfSession, existing ident.SEID) {
	x.busy++
	x.dirty = true
	s.ask(x.at, &pfcp.Establishment{CP: pfcp.FSEID{SEID: x.cp}, Existing: existing,
		PDRs: []pfcp.PDR{{ID: 1, PDI: pfcp.PDI{Local: pfcp.FTEID{Choose: true}, UE: x.ue}, RemoveOuterHeader: true, FAR: 1}},
		FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Buffer}}}, func(a Answer) {
		if x.busy--; a.Err == nil {
			x.up = a.Message.(*pfcp.Established).UP.SEID
		} else {
			x.up = 0
		}
	})
}

// change has downlink go to an endpoint.
func (s *smfModel) change(x *smfSession, teid uint32) {
	x.busy++
	x.want, x.dirty = teid, true
	s.ask(x.at, &pfcp.Modification{SEID: x.up, FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Forward,
		Outer: pfcp.OuterHeader{TEID: ident.TEID(teid), Addr: netip.MustParseAddr("10.9.0.9")}}}}, func(a Answer) {
		x.busy--
		x.dirty = a.Err != nil && a.Err != ErrDeferred
	})
}

func (s *smfModel) end(x *smfSession) {
	delete(s.sessions, x.cp)
	s.ask(x.at, &pfcp.Deletion{SEID: x.up}, func(Answer) {})
}

// agree checks that all user planes have the SMF's sessions, as it knows them, and no others.
func (w *world) agree() {
	w.t.Helper()
	if len(w.smf.asked) != 0 {
		w.t.Fatalf("%d requests have no answer", len(w.smf.asked))
	}
	for a, n := range w.nodes {
		if n.up == nil || n.off {
			continue
		}
		mine := map[ident.SEID]*smfSession{}
		for _, x := range w.smf.sessions {
			if x.at == a && x.up != 0 {
				mine[x.up] = x
			}
		}
		for seid, s := range n.up.sessions {
			x := mine[seid]
			if x == nil {
				w.t.Fatalf("%v has the session %d of %v, which nobody owns", a, seid, s.ue)
			}
			if x.ue != s.ue || !x.dirty && uint32(s.outer.TEID) != x.want {
				w.t.Fatalf("%v: session %d of %v leads to %d; want %v, %d", a, seid, s.ue, s.outer.TEID, x.ue, x.want)
			}
			delete(mine, seid)
		}
		if len(mine) > 0 {
			w.t.Fatalf("%v lacks %d sessions of the SMF", a, len(mine))
		}
		if up := n.m.(*UserPlane); up.Sessions() != len(n.up.sessions) {
			w.t.Fatalf("%v knows of %d sessions and has %d", a, up.Sessions(), len(n.up.sessions))
		}
	}
}

// kinds are those of the findings so far.
func (w *world) kinds() map[Kind]int {
	out := map[Kind]int{}
	for _, f := range w.findings {
		out[f.Kind]++
	}
	return out
}
