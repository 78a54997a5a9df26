package n4

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// packet is a message as a datagram.
func packet(t testing.TB, from netip.Addr, seq uint32, m pfcp.Message) Datagram {
	t.Helper()
	b, err := pfcp.Append(nil, seq, m)
	if err != nil {
		t.Fatal(err)
	}
	return Datagram{From: netip.AddrPortFrom(from, pfcp.Port), Data: b}
}

// one is the only effect of its type, which is fatal if there is none.
func one[E Effect](t testing.TB, effects []Effect) (out E) {
	t.Helper()
	n := 0
	for _, e := range effects {
		if e, ok := e.(E); ok {
			out = e
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%d effects %T: %+v", n, out, effects)
	}
	return out
}

// said is the message that was sent.
func said[M pfcp.Message](t testing.TB, effects []Effect) M {
	t.Helper()
	_, m, err := pfcp.Parse(one[Send](t, effects).Data)
	out, ok := m.(M)
	if err != nil || !ok {
		t.Fatalf("%T %+v, %v", m, m, err)
	}
	return out
}

var (
	stranger = netip.MustParseAddr("203.0.113.66")
	smfB     = netip.MustParseAddr("10.0.0.9")
	start    = time.Unix(1_800_000_000, 0)
)

// bench is a user plane with two SMFs, the first with a session.
func bench(t testing.TB) (u *UserPlane, up ident.SEID) {
	u = NewUserPlane(Config{Node: nodeOf(upfAddr), Addr: upfAddr, Recovery: 1,
		Peers: []Peer{{Node: nodeOf(smfAddr), Addrs: []netip.Addr{smfAddr}}, {Node: nodeOf(smfB), Addrs: []netip.Addr{smfB}, MaxSessions: 1}}}, rand.NewPCG(1, 1))
	for _, a := range []netip.Addr{smfAddr, smfB} {
		if m := said[*pfcp.AssociationSetupResponse](t, u.Step(start, packet(t, a, 1, &pfcp.AssociationSetupRequest{Node: nodeOf(a), Recovery: 10}))); m.Cause != pfcp.CauseAccepted {
			t.Fatal(m.Cause)
		}
	}
	made := establish(t, u, smfAddr, 2, 5, 77)
	if made.Cause != pfcp.CauseAccepted || made.CP != 5 || made.UP.SEID != 77 {
		t.Fatalf("%+v", made)
	}
	return u, 77
}

var rules1 = pfcp.Establishment{PDRs: []pfcp.PDR{{ID: 1, PDI: pfcp.PDI{Local: pfcp.FTEID{Choose: true}}, FAR: 1}}, FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Drop}}}

// establish has an SMF establish a session cp, which the local user plane calls up.
func establish(t testing.TB, u *UserPlane, from netip.Addr, seq uint32, cp, up ident.SEID) *pfcp.Established {
	t.Helper()
	e := rules1
	e.Node, e.CP = nodeOf(from), pfcp.FSEID{SEID: cp, Addr: from}
	r := one[Request](t, u.Step(start, packet(t, from, seq, &e)))
	return said[*pfcp.Established](t, u.Step(start, Answer{ID: r.ID, Message: &pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: up}}}))
}

func TestN4_01_Strangers(t *testing.T) {
	u, _ := bench(t)
	effects := u.Step(start, packet(t, stranger, 1, &pfcp.AssociationSetupRequest{Node: nodeOf(smfAddr), Recovery: 99}))
	if f := one[Finding](t, effects); f.Kind != KindStranger || f.Peer.Valid() {
		t.Errorf("%+v", f)
	}
	if u.Sessions() != 1 || len(effects) != 2 {
		t.Errorf("%+v", effects)
	}
}

// N4-03: as many identities as one likes leave nothing behind, and do not flood with findings.
func TestN4_03_ManyIdentities(t *testing.T) {
	u, _ := bench(t)
	findings := 0
	for i := range 100_000 {
		from := netip.AddrFrom4([4]byte{203, byte(i >> 16), byte(i >> 8), byte(i)})
		for _, e := range u.Step(start, packet(t, from, uint32(i), &pfcp.AssociationSetupRequest{Node: nodeOf(from), Recovery: 1})) {
			switch e.(type) {
			case Finding:
				findings++
			case Drop:
			default:
				t.Fatalf("%+v", e)
			}
		}
	}
	if findings != 1 || len(u.peers) != 2 || u.timers.Len() > 4 {
		t.Errorf("%d findings, %d peers, %d timers", findings, len(u.peers), u.timers.Len())
	}
}

// N4-02: another listed peer, and whoever forges the address, purge nothing with the SMF's identity.
func TestN4_02_SetupByAnother(t *testing.T) {
	u, _ := bench(t)
	effects := u.Step(start, packet(t, smfB, 7, &pfcp.AssociationSetupRequest{Node: nodeOf(smfAddr), Recovery: 99}))
	if f := one[Finding](t, effects); f.Kind != KindForeignNode || said[*pfcp.AssociationSetupResponse](t, effects).Cause != pfcp.CauseRejected {
		t.Errorf("%+v", effects)
	}
	forged := packet(t, smfAddr, 8, &pfcp.AssociationSetupRequest{Node: nodeOf(smfAddr), Recovery: 99})
	question := one[Send](t, u.Step(start, forged))
	h, m, _ := pfcp.Parse(question.Data)
	if _, ok := m.(*pfcp.HeartbeatRequest); !ok || question.To.Addr() != smfAddr {
		t.Fatalf("the SMF is not asked: %+v", m)
	}
	effects = u.Step(start, packet(t, smfAddr, h.Seq, &pfcp.HeartbeatResponse{Recovery: 10}))
	if f := one[Finding](t, effects); f.Kind != KindFalseRestart || u.Sessions() != 1 {
		t.Errorf("%+v, %d sessions", effects, u.Sessions())
	}
	// The true one is believed: its sessions go, since it does not ask for them.
	h, _, _ = pfcp.Parse(one[Send](t, u.Step(start, forged)).Data)
	effects = u.Step(start, packet(t, smfAddr, h.Seq, &pfcp.HeartbeatResponse{Recovery: 99}))
	if p := one[Purge](t, effects); !slices.Equal(p.Sessions, []ident.SEID{77}) || u.Sessions() != 0 {
		t.Errorf("%+v", effects)
	}
	if m := said[*pfcp.AssociationSetupResponse](t, effects); m.Cause != pfcp.CauseAccepted {
		t.Errorf("%+v", m)
	}
}

// N4-15 at a user plane: a heartbeat with another time stamp has the peer asked, once, and changes nothing.
func TestN4_15_Heartbeat(t *testing.T) {
	u, _ := bench(t)
	asked := 0
	for i := range 100 {
		for _, e := range u.Step(start, packet(t, smfAddr, uint32(100+i), &pfcp.HeartbeatRequest{Recovery: 99})) {
			if s, ok := e.(Send); ok {
				if h, _, _ := pfcp.Parse(s.Data); h.Type == pfcp.TypeHeartbeatRequest {
					asked++
				}
			}
		}
	}
	if asked != 1 || u.Sessions() != 1 {
		t.Errorf("%d questions, %d sessions", asked, u.Sessions())
	}
}

// A SEID belongs to its peer, and so does the address that reports go to.
func TestForeignSession(t *testing.T) {
	_, up := bench(t)
	for seq, m := range map[uint32]pfcp.Message{20: &pfcp.Deletion{SEID: up}, 21: &pfcp.Modification{SEID: up, DropBuffered: true}} {
		u, _ := bench(t)
		effects := u.Step(start, packet(t, smfB, seq, m))
		if f := one[Finding](t, effects); f.Kind != KindForeignSEID {
			t.Errorf("%+v", f)
		}
		h, _, _ := pfcp.Parse(one[Send](t, effects).Data)
		if h.Type != m.Type()+1 {
			t.Errorf("answered with %v", h.Type)
		}
	}
	for i, e := range []pfcp.Establishment{
		{Node: nodeOf(smfB), CP: pfcp.FSEID{SEID: 1, Addr: smfAddr}},
		{Node: nodeOf(smfAddr), CP: pfcp.FSEID{SEID: 1, Addr: smfB}},
		{Node: nodeOf(smfB), CP: pfcp.FSEID{Addr: smfB}},
		{Node: nodeOf(smfB), CP: pfcp.FSEID{SEID: 1, Addr: smfB}, Existing: up},
	} {
		u, _ := bench(t)
		e.PDRs, e.FARs = rules1.PDRs, rules1.FARs
		effects := u.Step(start, packet(t, smfB, uint32(30+i), &e))
		one[Finding](t, effects)
		if m := said[*pfcp.Established](t, effects); m.Cause == pfcp.CauseAccepted || m.Cause == 0 {
			t.Errorf("%d: %+v", i, m)
		}
		if u.Sessions() != 1 {
			t.Errorf("%d: %d sessions", i, u.Sessions())
		}
	}
}

// N4-09: an SMF has no more sessions than its share.
func TestN4_09_Share(t *testing.T) {
	u, _ := bench(t)
	if m := establish(t, u, smfB, 40, 1, 100); m.Cause != pfcp.CauseAccepted {
		t.Fatalf("%+v", m)
	}
	e := rules1
	e.Node, e.CP = nodeOf(smfB), pfcp.FSEID{SEID: 2, Addr: smfB}
	if m := said[*pfcp.Established](t, u.Step(start, packet(t, smfB, 41, &e))); m.Cause != pfcp.CauseNoResources {
		t.Errorf("%+v", m)
	}
	// What it has under the same name gives way.
	e.CP.SEID = 1
	effects := u.Step(start, packet(t, smfB, 42, &e))
	if p := one[Purge](t, effects); !slices.Equal(p.Sessions, []ident.SEID{100}) {
		t.Errorf("%+v", p)
	}
	one[Request](t, effects)
}

// A request that comes again is answered as before and done once.
func TestRepeats(t *testing.T) {
	u, up := bench(t)
	d := packet(t, smfAddr, 50, &pfcp.Deletion{SEID: up})
	r := one[Request](t, u.Step(start, d))
	if e := one[Drop](t, u.Step(start, d)); e.Reason != ReasonRepeated {
		t.Errorf("%+v", e)
	}
	first := one[Send](t, u.Step(start, Answer{ID: r.ID, Message: &pfcp.Deleted{Cause: pfcp.CauseAccepted}}))
	again := u.Step(start, d)
	if s := one[Send](t, again); !slices.Equal(s.Data, first.Data) || len(again) != 1 {
		t.Errorf("%+v", again)
	}
	if e := one[Drop](t, u.Step(start, Answer{ID: r.ID})); e.Reason != ReasonLate {
		t.Errorf("%+v", e)
	}
}

// liar is a control plane whose user plane says what it likes.
type liar struct {
	t   testing.TB
	m   *ControlPlane
	now time.Time
	seq uint32 // of the last request to the user plane
}

func newLiar(t testing.TB, features pfcp.UPFeatures) *liar {
	l := &liar{t: t, now: start, m: NewControlPlane(Config{Node: nodeOf(smfAddr), Addr: smfAddr, Recovery: 1,
		Peers: []Peer{{Node: nodeOf(upfAddr), Addrs: []netip.Addr{upfAddr}, Tunnels: []netip.Prefix{netip.MustParsePrefix("10.3.0.1/32")}, Rate: 1000},
			{Node: nodeOf(upfAddr2), Addrs: []netip.Addr{upfAddr2}}}}, rand.NewPCG(1, 1))}
	l.step(Peers{Peers: l.m.cfg.Peers[:1]})
	up := one[Up](t, l.says(&pfcp.AssociationSetupResponse{Node: nodeOf(upfAddr), Cause: pfcp.CauseAccepted, Recovery: 5, UP: features}))
	if up.Features != features {
		t.Errorf("%+v", up)
	}
	return l
}

// session is what the control plane has under a name at the liar.
func (l *liar) session(cp ident.SEID) *session {
	return l.m.sessions[name{l.m.peers[nodeOf(upfAddr)], cp}]
}

// step feeds an event and notes the request that it leads to.
func (l *liar) step(ev Event) []Effect {
	effects := slices.Clone(l.m.Step(l.now, ev))
	for _, e := range effects {
		if s, ok := e.(Send); ok {
			if h, _, _ := pfcp.Parse(s.Data); h.Type.Request() && s.To.Addr() == upfAddr {
				l.seq = h.Seq
			}
		}
	}
	return effects
}

// says has the user plane answer the last request.
func (l *liar) says(m pfcp.Message) []Effect {
	l.t.Helper()
	return l.step(packet(l.t, upfAddr, l.seq, m))
}

func (l *liar) establish(cp ident.SEID) {
	e := rules1
	e.CP.SEID = cp
	l.step(Request{Peer: nodeOf(upfAddr), ID: uint64(cp), Message: &e})
}

func good(cp, up ident.SEID) *pfcp.Established {
	return &pfcp.Established{CP: cp, Node: nodeOf(upfAddr), Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: up, Addr: upfAddr},
		Created: []pfcp.CreatedPDR{{ID: 1, Local: pfcp.FTEID{TEID: ident.TEID(up), Addr: netip.MustParseAddr("10.3.0.1")}}}}
}

// N4-11, N4-13: an answer that cannot be costs the session it is about, and no other.
func TestN4_13_BadAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*pfcp.Established)
		kind  Kind
	}{
		"wrong SEID":             {func(a *pfcp.Established) { a.CP++ }, KindBadAnswer},
		"wrong node":             {func(a *pfcp.Established) { a.Node = nodeOf(smfB) }, KindForeignNode},
		"no F-SEID":              {func(a *pfcp.Established) { a.UP = pfcp.FSEID{} }, KindBadAnswer},
		"SEID of another":        {func(a *pfcp.Established) { a.UP.SEID = 70 }, KindBadAnswer},
		"no endpoint":            {func(a *pfcp.Established) { a.Created = nil }, KindBadAnswer},
		"endpoint elsewhere":     {func(a *pfcp.Established) { a.Created[0].Local.Addr = stranger }, KindBadEndpoint},
		"endpoint of another":    {func(a *pfcp.Established) { a.Created[0].Local.TEID = 70 }, KindBadEndpoint},
		"endpoint 0":             {func(a *pfcp.Established) { a.Created[0].Local.TEID = 0 }, KindBadAnswer},
		"an address unasked for": {func(a *pfcp.Established) { a.Created[0].UE = stranger }, KindUnasked},
		"public ports elsewhere": {func(a *pfcp.Established) { a.Public = pfcp.PublicPorts{Addr: stranger, First: 1024, Last: 1279} }, KindBadPorts},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLiar(t, pfcp.FeatureFTUP)
			l.establish(1)
			if a := one[Answer](t, l.says(good(1, 70))); a.Err != nil || a.ID != 1 {
				t.Fatalf("%+v", a)
			}
			l.establish(2)
			bad := good(2, 71)
			tt.spoil(bad)
			effects := l.says(bad)
			if f := one[Finding](t, effects); f.Kind != tt.kind || f.Peer != nodeOf(upfAddr) || len(f.Bytes) == 0 {
				t.Errorf("%+v", f)
			}
			if a := one[Answer](t, effects); !errors.Is(a.Err, ErrBadAnswer) || a.ID != 2 {
				t.Errorf("%+v", a)
			}
			if n := l.m.Sessions(nodeOf(upfAddr)); n > 2 || l.session(1) == nil || l.session(1).gone {
				t.Errorf("%d sessions", n)
			}
		})
	}
}

// N4-11: an answer without its cause, one that comes twice, one to nothing.
func TestN4_11_Answers(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	d := packet(t, upfAddr, l.seq, good(1, 70))
	headless := slices.Clone(d.Data[:16])
	headless[2], headless[3] = 0, 12
	effects := l.step(Datagram{From: d.From, Data: headless})
	if a := one[Answer](t, effects); !errors.Is(a.Err, ErrBadAnswer) {
		t.Errorf("%+v", a)
	}
	if e := one[Drop](t, l.step(d)); e.Reason != ReasonLate {
		t.Errorf("%+v", e)
	}
	l.establish(2)
	d = packet(t, upfAddr, l.seq, good(2, 70))
	one[Answer](t, l.step(d))
	if e := one[Drop](t, l.step(d)); e.Reason != ReasonLate {
		t.Errorf("%+v", e)
	}
	// From elsewhere the right answer is none.
	l.establish(3)
	d = packet(t, stranger, l.seq, good(3, 71))
	if e := one[Drop](t, l.step(d)); e.Reason != ReasonStranger {
		t.Errorf("%+v", e)
	}
}

// N4-15 at a control plane: a time stamp that merely arrives loses no session; asked, the user plane proves it.
func TestN4_15_Restart(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	l.says(good(1, 70))
	l.now = l.now.Add(4 * time.Second)
	l.step(packet(t, upfAddr, 1, &pfcp.HeartbeatRequest{Recovery: 6}))
	effects := l.says(&pfcp.HeartbeatResponse{Recovery: 5})
	if f := one[Finding](t, effects); f.Kind != KindFalseRestart {
		t.Errorf("%+v", f)
	}
	l.step(packet(t, upfAddr, 2, &pfcp.AssociationSetupRequest{Node: nodeOf(upfAddr), Recovery: 6}))
	if l.m.Sessions(nodeOf(upfAddr)) != 1 {
		t.Error("a set-up that merely arrived lost a session")
	}
	effects = l.says(&pfcp.AssociationSetupResponse{Node: nodeOf(upfAddr), Cause: pfcp.CauseAccepted, Recovery: 6})
	if lost := one[Lost](t, effects); !slices.Equal(lost.Sessions, []ident.SEID{1}) {
		t.Errorf("%+v", lost)
	}
}

// N4-19: usage that cannot be is found; usage that came before is not counted again.
func TestN4_19_Usage(t *testing.T) {
	report := func(seq, seconds uint32, octets uint64) *pfcp.SessionReport {
		return &pfcp.SessionReport{CP: 1, Usage: []pfcp.UsageReport{{URR: 1, Sequence: seq, Seconds: seconds, Usage: pfcp.Usage{DownlinkBytes: octets}}}}
	}
	for name, tt := range map[string]struct {
		reports []*pfcp.SessionReport
		total   uint64
		found   int
		told    int
	}{
		"honest":                   {[]*pfcp.SessionReport{report(0, 50, 40_000), report(1, 50, 50_000)}, 90_000, 0, 2},
		"overtaken":                {[]*pfcp.SessionReport{report(1, 50, 40_000), report(0, 50, 40_000)}, 90_000, 0, 2},
		"more than the line":       {[]*pfcp.SessionReport{report(0, 50, 70_000)}, 70_000, 1, 1},
		"longer than the session":  {[]*pfcp.SessionReport{report(0, 500, 70_000)}, 70_000, 1, 1},
		"in all more than line":    {[]*pfcp.SessionReport{report(0, 100, 100_000), report(1, 100, 100_000)}, 200_000, 1, 2},
		"told twice":               {[]*pfcp.SessionReport{report(0, 50, 40_000), report(0, 50, 40_000)}, 40_000, 0, 1},
		"in the end less":          {[]*pfcp.SessionReport{report(0, 50, 40_000)}, 39_999, 1, 1},
		"in the end more than may": {nil, 1 << 62, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLiar(t, pfcp.FeatureFTUP)
			l.establish(1)
			l.says(good(1, 70))
			l.now = l.now.Add(100 * time.Second)
			l.m.timers.Stop(timerKey{l.m.peers[nodeOf(upfAddr)], timerHeartbeat, 0})
			var effects []Effect
			for i, r := range tt.reports {
				effects = append(effects, l.step(packet(t, upfAddr, uint32(900+i), r))...)
			}
			l.step(Request{Peer: nodeOf(upfAddr), ID: 9, Message: &pfcp.Deletion{SEID: 70}})
			effects = append(effects, l.says(&pfcp.Deleted{CP: 1, Cause: pfcp.CauseAccepted, Usage: pfcp.Usage{UplinkBytes: tt.total}})...)
			found, told := 0, 0
			for _, e := range effects {
				switch e := e.(type) {
				case Finding:
					found++
					if e.Kind != KindFalseUsage {
						t.Errorf("%+v", e)
					}
				case Report:
					told++
				}
			}
			if found != tt.found || told != tt.told {
				t.Errorf("%d findings, %d reports; want %d, %d: %+v", found, told, tt.found, tt.told, effects)
			}
		})
	}
}

// A report about a session that is not the sender's is found, and told to nobody.
func TestForeignReport(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	l.says(good(1, 70))
	l.step(Peers{Peers: l.m.cfg.Peers})
	other := l.m.peers[nodeOf(upfAddr2)]
	other.associated = true
	effects := l.step(packet(t, upfAddr2, 1, &pfcp.SessionReport{CP: 1, Data: []pfcp.PDRID{1}}))
	if f := one[Finding](t, effects); f.Kind != KindForeignSEID || said[*pfcp.Reported](t, effects).Cause != pfcp.CauseNoSession {
		t.Errorf("%+v", effects)
	}
	l.m.forget(&session{peer: other, cp: 1, up: 9}, ErrLost) // it had the session before it moved: its word is late
	effects = l.step(packet(t, upfAddr2, 2, &pfcp.SessionReport{CP: 1, Data: []pfcp.PDRID{1}}))
	if said[*pfcp.Reported](t, effects).Cause != pfcp.CauseNoSession || slices.ContainsFunc(effects, func(e Effect) bool { _, found := e.(Finding); return found }) {
		t.Errorf("%+v", effects)
	}
	// One that is dropped from the list takes its sessions with it.
	effects = l.step(Peers{})
	if lost := one[Lost](t, effects); !slices.Equal(lost.Sessions, []ident.SEID{1}) || len(l.m.peers) != 0 || len(l.m.sessions) != 0 {
		t.Errorf("%+v", effects)
	}
}

// A user plane that does not choose endpoints is given them, each its own.
func TestChosenHere(t *testing.T) {
	l := newLiar(t, 0)
	seen := map[ident.TEID]bool{}
	for cp := range ident.SEID(20) {
		e := rules1
		e.CP.SEID = cp + 1
		effects := l.step(Request{Peer: nodeOf(upfAddr), ID: uint64(cp + 1), Message: &e})
		local := said[*pfcp.Establishment](t, effects).PDRs[0].PDI.Local
		if local.Choose || local.TEID == 0 || local.Addr != netip.MustParseAddr("10.3.0.1") || seen[local.TEID] {
			t.Fatalf("%+v", local)
		}
		seen[local.TEID] = true
		a := good(cp+1, cp+70)
		a.Created = nil
		m := one[Answer](t, l.says(a)).Message.(*pfcp.Established)
		if len(m.Created) != 1 || m.Created[0].Local != local {
			t.Errorf("%+v", m)
		}
	}
	if rules1.PDRs[0].PDI.Local.TEID != 0 {
		t.Error("the SMF's own rules were written to")
	}
}

func TestLoadAndPaths(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	a := good(1, 70)
	a.Load, a.Overload = &pfcp.Load{Sequence: 1, Percent: 80}, &pfcp.Overload{Sequence: 1, Percent: 20, Seconds: 60}
	if got := one[Load](t, l.says(a)); got.Percent != 80 || got.Less != 20 || !got.Until.Equal(l.now.Add(time.Minute)) {
		t.Errorf("%+v", got)
	}
	// After a restart its numbers begin anew, and say how busy it is all the same.
	l.now = l.now.Add(time.Minute)
	l.step(packet(t, upfAddr, 1, &pfcp.HeartbeatRequest{Recovery: 6}))
	l.says(&pfcp.HeartbeatResponse{Recovery: 6})
	l.says(&pfcp.AssociationSetupResponse{Node: nodeOf(upfAddr), Cause: pfcp.CauseAccepted, Recovery: 6, UP: pfcp.FeatureFTUP})
	l.now = l.now.Add(time.Minute)
	l.establish(2)
	a = good(2, 71)
	a.Load = &pfcp.Load{Sequence: 1, Percent: 5}
	if got := one[Load](t, l.says(a)); got.Percent != 5 {
		t.Errorf("%+v", got)
	}
	effects := l.step(packet(t, upfAddr, 2, &pfcp.NodeReportRequest{Node: nodeOf(upfAddr), Failed: []netip.Addr{stranger}}))
	if p := one[Path](t, effects); !p.Failed || p.Remote != stranger {
		t.Errorf("%+v", p)
	}
}

// A session goes on at another user plane under its name while the one that it was at cannot be told; that is told when it answers.
func TestMovedWhileAway(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	l.says(good(1, 70))
	l.step(Peers{Peers: l.m.cfg.Peers})
	other := l.m.peers[nodeOf(upfAddr2)]
	other.associated, other.upf.setting = true, false
	l.m.peers[nodeOf(upfAddr)].associated = false
	if a := one[Answer](t, l.step(Request{Peer: nodeOf(upfAddr), ID: 2, Message: &pfcp.Deletion{SEID: 70}})); !errors.Is(a.Err, ErrDeferred) {
		t.Fatalf("%+v", a)
	}
	e := rules1
	e.CP.SEID = 1
	effects := l.step(Request{Peer: nodeOf(upfAddr2), ID: 3, Message: &e})
	if said[*pfcp.Establishment](t, effects).CP.SEID != 1 || l.session(1) == nil || !l.session(1).gone || l.m.sessions[name{other, 1}] == nil {
		t.Errorf("%+v", effects)
	}
}

// N4-13: an endpoint that is said twice, the second time elsewhere, and one that nobody asked for lead nobody there.
func TestN4_13_SaidTwice(t *testing.T) {
	l := newLiar(t, pfcp.FeatureFTUP)
	l.establish(1)
	a := good(1, 70)
	honest := a.Created[0]
	a.Created = append(a.Created, pfcp.CreatedPDR{ID: 1, Local: pfcp.FTEID{TEID: 9, Addr: stranger}}, pfcp.CreatedPDR{ID: 2, Local: pfcp.FTEID{TEID: 9, Addr: stranger}})
	got := one[Answer](t, l.says(a))
	if m, ok := got.Message.(*pfcp.Established); !ok || got.Err != nil || !slices.Equal(m.Created, []pfcp.CreatedPDR{honest}) {
		t.Errorf("%+v", got.Message)
	}
}
