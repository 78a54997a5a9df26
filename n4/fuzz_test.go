package n4

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// FuzzDatagrams: whatever is sent to either end, by peers and strangers, no datagram has it send more than a few, what it keeps is bounded, its
// tables agree with each other, and what strangers send changes nothing.
func FuzzDatagrams(f *testing.F) {
	for _, m := range []pfcp.Message{
		&pfcp.HeartbeatRequest{Recovery: 3}, &pfcp.AssociationSetupRequest{Node: nodeOf(smfAddr), Recovery: 3, Retain: true},
		&pfcp.AssociationSetupResponse{Node: nodeOf(upfAddr), Cause: pfcp.CauseAccepted, Recovery: 3}, &pfcp.AssociationReleaseRequest{Node: nodeOf(smfAddr)},
		&pfcp.Deletion{SEID: 77}, &pfcp.Modification{SEID: 77, Query: true}, good(2, 70), &pfcp.Modified{CP: 1, Cause: pfcp.CauseAccepted},
		&pfcp.SessionReport{CP: 1, Data: []pfcp.PDRID{1}}, &pfcp.NodeReportRequest{Node: nodeOf(upfAddr), Failed: []netip.Addr{upfAddr}},
	} {
		b, err := pfcp.Append(nil, 9, m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append([]byte{0, byte(len(b)), 0}, b...), uint64(1))
	}
	f.Fuzz(func(t *testing.T, script []byte, seed uint64) {
		u, _ := bench(t)
		l := newLiar(t, pfcp.FeatureFTUP)
		l.establish(1)
		l.says(good(1, 70))
		l.establish(2)
		r := rand.New(rand.NewPCG(seed, 3))
		now := start
		for len(script) >= 3 {
			from := []netip.Addr{smfAddr, upfAddr, smfB, stranger}[script[0]&3]
			n := min(int(script[1]), len(script)-3)
			data := script[3 : 3+n]
			if script[2]&1 != 0 && n >= 16 { // a number that is awaited
				data = append([]byte(nil), data...)
				binary.BigEndian.PutUint32(data[12:], l.seq<<8)
			}
			script = script[3+n:]
			now = now.Add(time.Duration(r.Int64N(int64(5 * time.Second))))
			l.now = now
			d := Datagram{netip.AddrPortFrom(from, pfcp.Port), data}
			for _, effects := range [][]Effect{u.Step(now, Tick{}), l.step(Tick{})} {
				bounded(t, effects, 8)
			}
			before, sessions := u.Sessions(), len(l.m.sessions)
			effects := u.Step(now, d)
			bounded(t, effects, 3)
			for _, e := range effects {
				if q, ok := e.(Request); ok && q.ID != 0 && r.IntN(2) == 0 {
					bounded(t, u.Step(now, Answer{ID: q.ID, Message: whatever(q.Message, r)}), 3)
				}
			}
			bounded(t, l.step(d), 3)
			if from == stranger && (u.Sessions() != before || len(l.m.sessions) != sessions) {
				t.Fatal("a stranger changed something")
			}
			u.consistent(t)
			l.m.consistent(t)
		}
	})
}

// whatever is some answer of a local user plane.
func whatever(m pfcp.Message, r *rand.Rand) pfcp.Message {
	switch m.(type) {
	case *pfcp.Establishment:
		return &pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: ident.SEID(r.IntN(100))}}
	case *pfcp.Modification:
		return &pfcp.Modified{Cause: pfcp.CauseAccepted}
	case *pfcp.Deletion:
		return &pfcp.Deleted{Cause: pfcp.CauseAccepted}
	}
	return nil
}

func bounded(t *testing.T, effects []Effect, most int) {
	t.Helper()
	n := 0
	for _, e := range effects {
		switch e := e.(type) {
		case Send:
			n++
			if _, _, err := pfcp.Parse(e.Data); err != nil {
				t.Fatalf("sends what it would not read: %v", err)
			}
		case Finding:
			if len(e.Bytes) > findingBytes || e.Count == 0 {
				t.Fatalf("%+v", e)
			}
		}
	}
	if n > most {
		t.Fatalf("sends %d datagrams at once", n)
	}
}

// consistent checks that the tables of sessions agree.
func (u *UserPlane) consistent(t *testing.T) {
	count := map[*peer]int{}
	live := 0
	for i, s := range u.sessions {
		if s.peer == nil {
			continue
		}
		live++
		count[s.peer]++
		if j, ok := u.byCP[name{s.peer, s.cp}]; !ok || j != uint32(i) {
			t.Fatalf("session %d is not found by its SMF's name", i)
		}
		if j, ok := u.byUP[s.up]; s.up != 0 && (!ok || j != uint32(i)) {
			t.Fatalf("session %d is not found by its own name", i)
		}
	}
	if len(u.byCP) != live || len(u.byUP) > live || len(u.free)+live != len(u.sessions) {
		t.Fatalf("%d live, %d by CP, %d by UP, %d free of %d", live, len(u.byCP), len(u.byUP), len(u.free), len(u.sessions))
	}
	for _, p := range u.order {
		if p.smf != nil && p.smf.count != count[p] {
			t.Fatalf("%v: %d sessions, counted %d", p.Node, count[p], p.smf.count)
		}
		if len(p.asking) > maxAsked+1 || len(p.answers.kept) > maxAnswers {
			t.Fatalf("%v: %d requests, %d answers", p.Node, len(p.asking), len(p.answers.kept))
		}
	}
}

func (m *ControlPlane) consistent(t *testing.T) {
	for _, p := range m.order {
		asked := 0
		for _, r := range p.asking {
			if r.kind == askSession {
				asked++
			}
		}
		if u := p.upf; asked != u.asked {
			t.Fatalf("%v: %d requests about sessions, counted %d", p.Node, asked, u.asked)
		}
		for seid, s := range p.upf.byUP {
			if s.dead || s.up != seid {
				t.Fatalf("%v: session %d is found under %d", p.Node, s.up, seid)
			}
		}
		for _, s := range p.upf.ends {
			if s.dead {
				t.Fatalf("%v: a forgotten session has an endpoint", p.Node)
			}
		}
	}
	for k, s := range m.sessions {
		if s.dead || k != (name{s.peer, s.cp}) {
			t.Fatalf("session %d of %v is found under %d of %v", s.cp, s.peer.Node, k.cp, k.peer.Node)
		}
	}
}
