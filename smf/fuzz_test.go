package smf

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

// FuzzSMF feeds any sequence of events and checks what must always hold: every address and
// every user plane session that was taken is given back once and only once, also over restarts, timers run for living
// sessions only, every event but a tick is answered, what is refused makes no session, and the user
// plane knows of each session whether it is sealed.
func FuzzSMF(f *testing.F) {
	f.Add(uint64(1), []byte{0, 16, 32, 64, 80})
	f.Add(uint64(2), []byte{0, 16, 32, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208})
	f.Fuzz(func(t *testing.T, seed uint64, seq []byte) {
		w := world{t: t, r: rand.New(rand.NewPCG(seed, 1)), f: newFixture(), held: map[Addresses]bool{}, up: map[ident.SEID]pfcp.FTEID{}, sealed: map[Key]bool{}}
		w.f.m.cfg.Sites = seed&1 == 0
		for _, b := range seq[:min(len(seq), 300)] {
			w.step(w.event(b))
		}
		w.removeUnclaimed()
		for k := range w.f.m.sessions { // the device is gone: nothing may remain
			w.step(Release{Key: k})
		}
		for _, ev := range w.later {
			w.step(ev)
		}
		w.f.now = w.f.now.Add(tKept)
		w.step(Tick{})
		if len(w.held) != 0 || len(w.up) != 0 || len(w.f.m.seids) != 0 || w.f.m.timers.Len() != 0 {
			t.Fatalf("left behind: addresses %v, user plane %v, names %d, timers %d", w.held, w.up, len(w.f.m.seids), w.f.m.timers.Len())
		}
	})
}

// world is the pool and the user plane around an SMF.
type world struct {
	t     *testing.T
	r     *rand.Rand
	f     *fixture
	held  map[Addresses]bool
	up    map[ident.SEID]pfcp.FTEID
	later []Event
	// unclaimed is what the user plane has from before a restart and nobody has taken over.
	unclaimed map[ident.SEID]bool
	// sealed is what the user plane was told last.
	sealed map[Key]bool
}

func (w *world) event(b byte) Event {
	key := Key{testSUPI, ident.PDUSessionID(1 + b%3)}
	pti := ident.PTI(b & 15)
	n1 := func(m nas.SMMessage) []byte {
		out, _ := nas.AppendSM(nil, nas.SMHeader{Session: key.PSI, PTI: pti}, m)
		return out
	}
	switch b >> 4 {
	case 0, 1:
		return Create{Key: key, SNSSAI: testSlice, DNN: []ident.DNN{"internet", "dual", "six"}[w.r.IntN(3)], Settings: &testSettings, Refused: w.r.IntN(8) == 0, Sealed: w.r.IntN(2) == 0,
			N1: n1(&nas.PDUSessionEstablishmentRequest{SessionType: nas.PDUSessionType(b & 7)})}
	case 5:
		return Seal{Key: key, Sealed: b&1 == 0}
	case 2, 3, 4:
		if len(w.later) > 0 {
			i := w.r.IntN(len(w.later))
			ev := w.later[i]
			w.later = append(w.later[:i], w.later[i+1:]...)
			return ev
		}
		return Activate{Key: key}
	case 6, 7:
		b, _ := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupResponseTransfer{DL: ngap.QosFlowsTunnel{
			Tunnel: ngap.GTPTunnel{Addr: netip.MustParseAddr("127.0.0.9"), TEID: 1}, Flows: []ngap.AssociatedFlow{{QFI: 1}}}})
		return N2{Key: key, Kind: N2SetupResponse, Radio: 1, Transfer: b}
	case 8:
		return N2{Key: key, Kind: []N2Kind{N2SetupUnsuccessful, N2ReleaseResponse, N2NotifyReleased, N2SetupResponse}[b&3], Transfer: []byte{b}}
	case 9:
		return Activate{Key: key, Sealed: b&1 == 0}
	case 10:
		return Deactivate{key}
	case 11:
		return N1{key, n1(&nas.PDUSessionReleaseRequest{})}
	case 12:
		return N1{key, n1(&nas.PDUSessionReleaseComplete{})}
	case 13:
		return N1{key, n1(&nas.SMStatus{Cause: nas.SMCause(40 + b&7)})}
	case 14:
		return Release{Key: key, Signal: b&1 == 0}
	case 15:
		switch b & 15 {
		case 0, 1:
			return w.restart()
		case 2:
			return Unkeep{func(netip.Addr) bool { return true }}
		case 3, 4:
			if s := w.f.m.sessions[key]; s != nil {
				return PathLost{SEID: s.seid}
			}
			return PathLost{SEID: 0}
		case 5, 6:
			if s := w.f.m.sessions[key]; s != nil {
				return DownlinkData{SEID: s.seid}
			}
			return DownlinkData{}
		case 7:
			return Unreached{key}
		}
	}
	w.f.now = w.f.now.Add(time.Duration(b&15) * 2 * time.Second)
	return Tick{}
}

func (w *world) step(ev Event) {
	effects := slices.Clone(w.f.m.Step(w.f.now, ev)) // which the next step takes back
	if _, tick := ev.(Tick); !tick && len(effects) == 0 {
		switch ev.(type) {
		case Modified, Established, Routed, N2, N1, Deactivate, PathLost: // an answer that was awaited, or what it will have to heed, may change state alone
		case Restored, Unkeep: // there may be no session
		default:
			w.t.Fatalf("%T met with silence", ev)
		}
	}
	w.judge(ev, effects)
	for _, e := range effects {
		w.take(e)
	}
	for k, s := range w.f.m.sessions {
		if s.key != k || w.f.m.seids[s.seid] != k {
			w.t.Fatalf("session %v is filed under %v", s.key, k)
		}
		if s.peer != 0 && w.sealed[k] != s.sealed {
			w.t.Fatalf("sealed %v, and the user plane was told otherwise, in %v", s.sealed, s.state)
		}
		if s.state == stateRouting && s.routes == 0 {
			w.t.Fatal("it waits for a way that was not asked for")
		}
		if quiet := w.f.m.timers.Running(timerKey{k, timerQuiet}); quiet && !s.quiet || s.state == stateIdle && quiet != s.quiet || s.state == stateActive && (s.quiet || s.waits) {
			w.t.Fatalf("quiet %v, by its timer %v, data waits %v in %v", s.quiet, quiet, s.waits, s.state)
		}
		if w.f.m.timers.Running(timerKey{k, timerT3592}) != (s.state == stateReleasing && s.awaitN1) {
			w.t.Fatalf("T3592 in %v, awaiting the device %v", s.state, s.awaitN1)
		}
	}
}

// judge looks at what the gate and the seal say, before the user plane answers.
func (w *world) judge(ev Event, effects []Effect) {
	filtered := func(pdrs []pfcp.PDR) bool { return len(pdrs[0].PDI.Filters) > 0 && len(pdrs[1].PDI.Filters) > 0 }
	create, _ := ev.(Create)
	for _, e := range effects {
		switch e := e.(type) {
		case NeedAddress:
			if create.Refused {
				w.t.Fatal("a session that was refused")
			}
		case Establish:
			w.sealed[e.Key] = filtered(e.Request.PDRs)
		case Modify:
			if len(e.Request.PDRs) > 0 {
				w.sealed[e.Key] = filtered(e.Request.PDRs)
			}
			if s := w.f.m.sessions[e.Key]; e.Change == ChangePath && w.sealed[e.Key] != s.sealed {
				w.t.Fatalf("led to a radio, and sealed is not %v", s.sealed)
			}
		}
	}
	if m, ok := ev.(Modified); ok && m.Change == ChangeSeal && m.Err != nil {
		if s := w.f.m.sessions[m.Key]; s != nil && s.gen == m.Gen && s.state != stateReleasing {
			w.t.Fatalf("the user plane did not change its filters, and it is in %v", s.state)
		}
	}
}

func (w *world) take(e Effect) {
	switch e := e.(type) {
	case NeedAddress:
		ev := Address{Key: e.Key, Gen: e.Gen, DNN: e.DNN}
		if w.r.IntN(5) > 0 {
			if e.IP&subscriber.IPv4 != 0 {
				ev.Addr.IPv4 = netip.AddrFrom4([4]byte{10, 45, byte(w.r.IntN(256)), byte(w.r.IntN(256))})
			}
			if e.IP&subscriber.IPv6 != 0 {
				ev.Addr.IPv6 = netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xfd, 6: byte(w.r.IntN(256)), 7: byte(w.r.IntN(256))}), 64)
			}
			if e.Want.Valid() && w.r.IntN(8) > 0 {
				ev.Addr = e.Want
			}
			if w.held[ev.Addr] {
				ev.Addr = Addresses{}
			} else {
				w.held[ev.Addr] = true
			}
		}
		w.step(ev)
	case FreeAddress:
		if !w.held[e.Addr] {
			w.t.Fatalf("address %v was freed and not held", e.Addr)
		}
		delete(w.held, e.Addr)
	case Establish:
		ev := Established{Key: e.Key, Gen: e.Gen}
		if w.r.IntN(5) > 0 {
			seid := e.Request.Existing
			if !w.unclaimed[seid] {
				seid = ident.SEID(w.r.Uint64() | 1)
				w.up[seid] = pfcp.FTEID{TEID: ident.TEID(w.r.Uint32()), Addr: netip.MustParseAddr("127.0.0.1")}
			}
			delete(w.unclaimed, seid)
			ev.Answer = pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: seid}, Created: []pfcp.CreatedPDR{{Local: w.up[seid]}}}
		} else {
			ev.Err = &pfcp.Rejection{}
		}
		w.answer(ev)
	case Modify:
		if _, there := w.up[e.Request.SEID]; !there {
			w.t.Fatalf("modify of %#x, which is not there", e.Request.SEID)
		}
		ev := Modified{Key: e.Key, Gen: e.Gen, Change: e.Change}
		if w.r.IntN(4) == 0 && e.Change != ChangeHold {
			ev.Err = &pfcp.Rejection{}
		}
		w.answer(ev)
	case Route:
		if !w.f.m.cfg.Sites {
			w.t.Fatal("a way is asked for where there is one alone")
		}
		ev := Routed{Key: e.Key, Gen: e.Gen, Local: w.up[e.SEID]}
		if _, there := w.up[e.SEID]; !there || w.r.IntN(4) == 0 { // it may be gone since
			ev.Local, ev.Err = pfcp.FTEID{}, &pfcp.Rejection{}
		}
		w.answer(ev)
	case Delete:
		if _, there := w.up[e.SEID]; !there {
			w.t.Fatalf("delete of %#x, which is not there", e.SEID)
		}
		delete(w.up, e.SEID)
	}
}

// restart has a new SMF find what the last one has saved, and the user plane as it was.
func (w *world) restart() Event {
	w.removeUnclaimed()
	ev := Restored{SUPI: testSUPI, Blob: w.f.m.Append(nil, testSUPI), Settings: func(ident.SNSSAI, ident.DNN) *subscriber.Network { return &testSettings },
		Keep: func(Kept, netip.Addr) bool { return w.r.IntN(4) > 0 }}
	now := w.f.now
	sites := w.f.m.cfg.Sites
	w.f, w.later, w.held, w.sealed = newFixture(), nil, map[Addresses]bool{}, map[Key]bool{}
	w.f.now, w.f.m.cfg.Sites = now, sites
	w.unclaimed = map[ident.SEID]bool{}
	for seid := range w.up {
		w.unclaimed[seid] = true
	}
	return ev
}

func (w *world) removeUnclaimed() {
	for seid := range w.unclaimed {
		delete(w.up, seid)
	}
	w.unclaimed = nil
}

// answer gives an answer at once, as a user plane in the same process does, or at some
// later time.
func (w *world) answer(ev Event) {
	if w.r.IntN(3) > 0 || len(w.later) > 20 {
		w.step(ev)
		return
	}
	w.later = append(w.later, ev)
}

// FuzzSaved: what is accepted is the same once Append has written it anew, perhaps from the form of before there was IPv6.
func FuzzSaved(f *testing.F) {
	f.Add([]byte{1, 1, 255, 255, 255, 10, 45, 0, 2, 8, 'i', 'n', 't', 'e', 'r', 'n', 'e', 't'})
	f.Add([]byte{0x81, 1, 255, 255, 255, 10, 45, 0, 2, 3, 'i', 'm', 's'})
	for _, s := range savedSessions {
		f.Add(s.append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fix := newFixture()
		fix.m.cfg.Networks = map[ident.DNN]Network{}
		for rest := b; len(rest) > 0; {
			s, next, err := parseSaved(rest)
			if err != nil {
				return
			}
			rest = next
			s.key.SUPI = testSUPI
			if fix.m.sessions[s.key] != nil {
				return
			}
			fix.m.sessions[s.key] = &s
		}
		again := fix.m.Append(nil, testSUPI)
		other := newFixture()
		for rest := again; len(rest) > 0; {
			s, next, err := parseSaved(rest)
			if err != nil {
				t.Fatal(err)
			}
			rest = next
			s.key.SUPI = testSUPI
			other.m.sessions[s.key] = &s
		}
		if !bytes.Equal(again, other.m.Append(nil, testSUPI)) {
			t.Fatal("what Append writes reads back otherwise")
		}
		for k, s := range fix.m.sessions {
			if o := other.m.sessions[k]; o.sealed != s.sealed || *o.restored != *s.restored || o.dnn != s.dnn || o.snssai != s.snssai {
				t.Fatalf("%+v %+v became %+v %+v", s, s.restored, o, o.restored)
			}
		}
	})
}

// savedSessions are of every form there is.
var savedSessions = []session{
	savedSession(restored{addr: addresses{v4: [4]byte{10, 45, 0, 2}}}),
	savedSession(restored{addr: addresses{v6: [8]byte{0xfd, 7: 1}}, up: 5, local: pfcp.FTEID{TEID: 7, Addr: netip.MustParseAddr("192.0.2.1")}}),
	savedSession(restored{addr: addresses{[4]byte{10, 45, 0, 2}, [8]byte{0xfd, 7: 1}}, up: 5, local: pfcp.FTEID{TEID: 7, Addr: netip.MustParseAddr("2001:db8::1")},
		remote: pfcp.OuterHeader{TEID: 8, Addr: netip.MustParseAddr("192.0.2.9")}}),
	savedSession(restored{addr: addresses{v4: [4]byte{10, 45, 0, 2}}, up: 5, local: pfcp.FTEID{TEID: 7, Addr: netip.MustParseAddr("192.0.2.1")},
		remote: pfcp.OuterHeader{TEID: 8, Addr: netip.MustParseAddr("2001:db8::9")}}),
}

func savedSession(r restored) session {
	return session{key: Key{testSUPI, 5}, snssai: testSlice, dnn: "internet", restored: &r}
}

func TestSavedPrefixes(t *testing.T) {
	whole := []byte{1, 1, 255, 255, 255, 10, 45, 0, 2, 8, 'i', 'n', 't', 'e', 'r', 'n', 'e', 't'}
	forms := [][]byte{whole}
	for _, s := range savedSessions {
		b := s.append(nil)
		forms = append(forms, b)
		got, rest, err := parseSaved(b)
		if err != nil || len(rest) != 0 || *got.restored != *s.restored || got.key.PSI != 5 || got.snssai != s.snssai || got.dnn != s.dnn {
			t.Errorf("%+v reads back as %+v, %v", s.restored, got.restored, err)
		}
	}
	for _, form := range forms {
		for n := range form {
			if _, _, err := parseSaved(form[:n]); err == nil {
				t.Errorf("accepted the first %d octets of %x", n, form)
			}
		}
	}
	fix := newFixture()
	effects := fix.m.Step(fix.now, Restored{SUPI: testSUPI, Blob: whole, Settings: func(ident.SNSSAI, ident.DNN) *subscriber.Network { return nil }})
	if len(effects) != 2 || fix.m.Len() != 0 {
		t.Errorf("a network that the plan has no more: %v", effects)
	}
}

func TestIPCP(t *testing.T) {
	n := &Network{DNS: []netip.Addr{netip.MustParseAddr("10.45.0.1")}}
	for _, tt := range []struct {
		name      string
		req, want []byte
	}{
		{"primary", []byte{1, 7, 0, 10, 129, 6, 0, 0, 0, 0}, []byte{3, 7, 0, 10, 129, 6, 10, 45, 0, 1}},
		{"both, one known", []byte{1, 9, 0, 16, 129, 6, 0, 0, 0, 0, 131, 6, 0, 0, 0, 0}, []byte{3, 9, 0, 10, 129, 6, 10, 45, 0, 1}},
		{"unknown only", []byte{1, 3, 0, 10, 2, 6, 0, 45, 15, 1}, []byte{4, 3, 0, 10, 2, 6, 0, 45, 15, 1}},
		{"not a request", []byte{2, 1, 0, 4}, nil},
		{"length beyond", []byte{1, 1, 0, 40, 129, 6}, nil},
		{"length below", []byte{1, 1, 0, 2}, nil},
		{"option of length 0", []byte{1, 1, 0, 6, 129, 0}, nil},
		{"option beyond", []byte{1, 1, 0, 6, 129, 6}, nil},
		{"empty", nil, nil},
	} {
		if got := ipcpAnswer(tt.req, n); !bytes.Equal(got, tt.want) {
			t.Errorf("%s: %x, want %x", tt.name, got, tt.want)
		}
	}
}
