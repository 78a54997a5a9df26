package n4

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

func TestSession(t *testing.T) {
	w := newWorld(t, 1, upfAddr)
	w.run(time.Second)
	x := w.smf.begin(1, upfAddr)
	w.run(time.Second)
	w.smf.change(x, 7)
	w.run(time.Second)
	w.agree()
	if x.up == 0 || x.dirty || len(w.nodes[upfAddr].up.sessions) != 1 {
		t.Fatalf("%+v", x)
	}
	w.smf.end(x)
	w.run(time.Second)
	w.agree()
	if len(w.findings) != 0 {
		t.Errorf("findings: %+v", w.findings)
	}
}

// N4 is cut for a minute and healed: no session is lost, and what changed meanwhile is made, the newest of each.
func TestCut(t *testing.T) {
	w := newWorld(t, 2, upfAddr)
	w.run(time.Second)
	var list []*smfSession
	for cp := range ident.SEID(50) {
		list = append(list, w.smf.begin(cp+1, upfAddr))
	}
	w.run(time.Second)
	w.cut = true
	w.run(time.Second)
	w.smf.change(list[0], 1) // in flight when the cut is noticed
	w.run(30 * time.Second)
	if w.smf.ups[nodeOf(upfAddr)] {
		t.Fatal("the cut is not noticed")
	}
	for i, x := range list[:20] {
		w.smf.change(x, uint32(100+i))
		w.smf.change(x, uint32(200+i))
	}
	for _, x := range list[40:] {
		w.smf.end(x)
	}
	late := w.smf.begin(99, upfAddr)
	if late.busy != 0 || late.up != 0 {
		t.Error("a session was begun where nobody answers")
	}
	delete(w.smf.sessions, 99)
	if n := len(w.nodes[upfAddr].up.sessions); n != 50 {
		t.Fatalf("%d sessions go on; want all", n)
	}
	w.run(30 * time.Second)
	w.cut = false
	w.run(30 * time.Second)
	w.agree()
	if n := len(w.nodes[upfAddr].up.sessions); n != 40 || w.smf.lost != 0 {
		t.Errorf("%d sessions, %d lost; want 40, none", n, w.smf.lost)
	}
}

// A user plane that began anew and lost everything gets it again; one that kept its sessions has them taken over.
func TestUserPlaneRestarts(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		w := newWorld(t, 3, upfAddr, upfAddr2)
		w.run(time.Second)
		for cp := range ident.SEID(20) {
			w.smf.begin(cp+1, upfAddr)
			w.smf.begin(cp+101, upfAddr2)
		}
		w.run(time.Second)
		was := w.smf.sessions[1].up
		l := newLocal(upfAddr)
		if l.next = 5000; keeps {
			l = w.nodes[upfAddr].up
		}
		w.startUPF(upfAddr, 2, l)
		w.run(30 * time.Second)
		w.agree()
		if w.smf.lost != 20 || len(l.sessions) != 20 || (w.smf.sessions[1].up == was) != keeps {
			t.Errorf("keeps %v: %d lost, %d sessions, the first was %d and is %d", keeps, w.smf.lost, len(l.sessions), was, w.smf.sessions[1].up)
		}
	}
}

// An SMF that began anew takes its sessions over; those that it does not want are gone in time, and not before.
func TestControlPlaneRestarts(t *testing.T) {
	w := newWorld(t, 4, upfAddr)
	w.run(time.Second)
	for cp := range ident.SEID(20) {
		w.smf.begin(cp+1, upfAddr)
	}
	w.run(time.Second)
	before := w.smf.sessions
	w.smf.sessions = map[ident.SEID]*smfSession{}
	w.startSMF(2, upfAddr)
	w.run(time.Second)
	if n := len(w.nodes[upfAddr].up.sessions); n != 20 {
		t.Fatalf("%d sessions go on; want all", n)
	}
	for cp := range ident.SEID(10) {
		x := before[cp+1]
		was := x.up
		x.cp += 1000
		w.smf.sessions[x.cp] = x
		w.smf.establish(x, x.up)
		w.run(time.Second)
		if x.up != was {
			t.Fatalf("session %d became %d", was, x.up)
		}
	}
	w.run(2 * time.Hour)
	w.agree()
	if n := len(w.nodes[upfAddr].up.sessions); n != 10 || w.smf.lost != 0 {
		t.Errorf("%d sessions, %d lost", n, w.smf.lost)
	}
}

// Sessions of an SMF that stays away end when their time is over.
func TestRetention(t *testing.T) {
	w := newWorld(t, 5, upfAddr)
	w.run(time.Second)
	w.smf.begin(1, upfAddr)
	w.run(time.Second)
	w.nodes[smfAddr].off = true
	w.run(50 * time.Minute)
	if n := len(w.nodes[upfAddr].up.sessions); n != 1 {
		t.Fatalf("%d sessions", n)
	}
	w.run(20 * time.Minute)
	if n := len(w.nodes[upfAddr].up.sessions); n != 0 {
		t.Fatalf("%d sessions", n)
	}
}

// Reports wait for an SMF that does not answer. Usage is told once.
func TestReports(t *testing.T) {
	w := newWorld(t, 6, upfAddr)
	w.run(time.Second)
	x := w.smf.begin(1, upfAddr)
	w.run(time.Second)
	n := w.nodes[upfAddr]
	cp := n.up.sessions[x.up].cp
	w.cut = true
	w.run(40 * time.Second)
	for i := range 5 {
		n.step(Report{Report: pfcp.Report{CP: cp, Type: pfcp.DownlinkData, PDR: 1}})
		n.step(Report{Report: pfcp.Report{CP: cp, Type: pfcp.UsageOf, Usage: []pfcp.UsageReport{{URR: 1, Sequence: uint32(i), Usage: pfcp.Usage{UplinkBytes: 10}, Seconds: 1}}}})
	}
	w.cut, w.twice = false, 0.5
	w.run(time.Minute)
	types := map[pfcp.ReportType]int{}
	for _, r := range w.smf.reports {
		if r.Report.CP != 1 {
			t.Errorf("a report of session %d", r.Report.CP)
		}
		types[r.Report.Type]++
	}
	if types[pfcp.DownlinkData] != 1 || types[pfcp.UsageOf] != 5 || len(w.findings) != 0 {
		t.Errorf("%v, %+v", types, w.findings)
	}
}

// Whatever the network does to datagrams, once it heals both ends agree, and every request had one answer.
func FuzzPair(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed, uint8(seed*20), uint8(seed*10))
	}
	f.Fuzz(func(t *testing.T, seed uint64, loss, twice uint8) {
		w := newWorld(t, seed, upfAddr, upfAddr2)
		w.loss, w.twice, w.delay = float64(loss)/300, float64(twice)/300, 2900*time.Millisecond
		r := rand.New(rand.NewPCG(seed, 2))
		cp := ident.SEID(1)
		stamp := pfcp.RecoveryTimeStamp(2)
		for range 150 {
			w.run(time.Duration(r.Int64N(int64(4 * time.Second))))
			at := upfAddr
			if r.IntN(2) == 0 {
				at = upfAddr2
			}
			switch op := r.IntN(20); {
			case op < 6:
				w.smf.begin(cp, at)
				cp++
			case op < 17:
				if x := w.any(r); x != nil && op < 14 {
					w.smf.change(x, r.Uint32())
				} else if x != nil {
					w.smf.end(x)
				}
			case op == 17:
				w.cut = !w.cut
			case op == 18 && r.IntN(5) == 0:
				l := newLocal(at)
				if l.next = ident.SEID(stamp) * 100000; r.IntN(2) == 0 {
					l = w.nodes[at].up
					l.adopted = slices.Collect(maps.Keys(l.sessions))
				}
				w.forget(at)
				w.startUPF(at, stamp, l)
				stamp++
			}
		}
		w.heal()
		w.agree()
		for k := range w.kinds() {
			t.Errorf("honest ends are found %v: %+v", k, w.findings)
		}
	})
}

// sweep has a user plane's process end what it had before it began anew and nobody took over.
func (n *node) sweep() {
	for _, seid := range n.up.adopted {
		if _, owned := n.m.(*UserPlane).byUP[seid]; !owned {
			n.up.remove(seid)
		}
	}
}

// any is a session that stands and that nothing is asked about.
func (w *world) any(r *rand.Rand) *smfSession {
	var list []*smfSession
	for _, x := range w.smf.sessions {
		if x.up != 0 && x.busy == 0 {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b *smfSession) int { return int(a.cp) - int(b.cp) })
	return list[r.IntN(len(list))]
}

// heal makes the network good and lets the SMF do again what it does not know to be done.
func (w *world) heal() {
	w.cut, w.loss, w.twice, w.delay = false, 0, 0, 20*time.Millisecond
	w.run(5 * time.Minute)
	for _, x := range w.smf.sessions {
		if x.up != 0 && x.dirty {
			w.smf.change(x, x.want)
		}
	}
	w.run(5 * time.Minute)
	for _, n := range w.nodes {
		if n.up != nil {
			n.sweep()
		}
	}
	// A session whose establishment failed is none.
	for cp, x := range w.smf.sessions {
		if x.up == 0 {
			delete(w.smf.sessions, cp)
		}
	}
}

func TestErrors(t *testing.T) {
	w := newWorld(t, 7, upfAddr)
	var got []error
	note := func(a Answer) { got = append(got, a.Err) }
	w.smf.ask(upfAddr2, &pfcp.Deletion{SEID: 1}, note)
	w.smf.ask(upfAddr, &pfcp.Establishment{CP: pfcp.FSEID{SEID: 1}}, note) // not associated yet
	w.run(time.Second)
	w.smf.ask(upfAddr, &pfcp.Deletion{SEID: 1}, note)
	w.smf.ask(upfAddr, &pfcp.Modification{SEID: 1}, note)
	w.smf.ask(upfAddr, &pfcp.Establishment{}, note)
	w.smf.ask(upfAddr, &pfcp.HeartbeatRequest{}, note)
	x := w.smf.begin(1, upfAddr)
	w.run(time.Second)
	w.smf.ask(upfAddr, &pfcp.Modification{SEID: x.up}, note) // empty: nothing is sent
	sent := w.n
	for range maxQueue + 2 {
		w.smf.ask(upfAddr, &pfcp.Modification{SEID: x.up, Query: true}, note)
	}
	if w.n-sent != 1 {
		t.Errorf("%d datagrams at once about one session", w.n-sent)
	}
	w.run(time.Minute)
	if !errors.Is(got[0], ErrDown) || !errors.Is(got[1], ErrDown) || got[6] != nil || !errors.Is(got[7], ErrBusy) {
		t.Errorf("%v", got)
	}
	for _, err := range got[2:6] {
		if _, ok := errors.AsType[*pfcp.Rejection](err); !ok {
			t.Errorf("%v", err)
		}
	}
	if len(got) != 7+maxQueue+2 || !errors.Is(got[len(got)-1], nil) {
		t.Errorf("%d answers: %v", len(got), got)
	}
}
