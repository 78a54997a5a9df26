package amf

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// TestNoLaw: before there is a law nobody is served, and nobody is sent away for good.
func TestNoLaw(t *testing.T) {
	w := newWorld(t, testConfig())
	a, b := w.phone("a"), w.phone("b")
	w.register(a)
	blob := w.a.AppendContext(nil, a.supi)
	w.a = New(w.cfg, 0, 1, w.a.rand)
	w.step(Restored{Plan: w.plan, Blob: blob})
	refused := func(p *phone) {
		t.Helper()
		switch m := p.got[len(p.got)-1].(type) {
		case *nas.ServiceReject:
			if m.Cause != nas.CauseCongestion || m.T3346 == nil {
				t.Errorf("%s: %+v", p.name, m)
			}
		case *nas.RegistrationReject:
			if m.Cause != nas.CauseCongestion || m.T3346 == nil {
				t.Errorf("%s: %+v", p.name, m)
			}
		default:
			t.Errorf("%s got %T", p.name, m)
		}
	}
	w.connect(a, a.servicePDU(&nas.ServiceRequest{KSI: a.ksi, STMSI: a.guti.STMSI()}), false)
	refused(a)
	w.connect(b, b.initialPDU(b.registration(nas.RegistrationInitial)), false)
	w.answerVector(b, VectorOK)
	w.answerChallenge(b)
	w.uplink(b, b.complete(true))
	refused(b)
	w.step(NewLaw{})
	if _, ok := w.a.Device(a.supi); !ok || w.a.Len() != 1 || w.drops[ReasonNoLaw] != 3 {
		t.Errorf("a is registered %v, %d devices, %d times no law", ok, w.a.Len(), w.drops[ReasonNoLaw])
	}
	w.obey()
	w.alive(a)
}

// TestRejudgedInSmallSteps: a law that sends thousands of connected devices away does so a few at a time,
// and between two Steps somebody else is served.
func TestRejudgedInSmallSteps(t *testing.T) {
	const devices = 1000
	w := newWorld(t, testConfig())
	w.bare = true
	var all []*phone
	for i := range devices {
		p := w.next(uint64(i))
		p.vip = i%2 == 0
		w.register(p)
		w.establish(p, 1)
		all = append(all, p)
	}
	w.obey("away=1", "seal=1")
	for steps := 1; ; steps++ {
		at, more := w.a.Deadline()
		if !more || at.Sub(w.now) > judgePause {
			break
		}
		w.now = at
		released, sealed := 0, 0
		for _, e := range w.a.Step(w.now, Tick{}) {
			switch e := e.(type) {
			case SMSeal:
				sealed++
			case Send:
				if m, ok := e.Msg.(*ngap.UEContextReleaseCommand); ok && m.Cause == ngap.CauseRadioReleaseDueTo5GCGeneratedReason {
					released++
				}
			}
		}
		if released > evictedAtOnce || sealed > judgedAtOnce || released+sealed == 0 {
			t.Fatalf("step %d released %d and sealed %d", steps, released, sealed)
		}
		if steps > devices {
			t.Fatal("it does not end")
		}
	}
	for i, p := range all {
		if info, ok := w.a.Device(p.supi); !ok || info.Connected == p.vip || w.a.ues[p.supi].sealed.Has(1) == p.vip {
			t.Fatalf("device %d, protected %v: registered %v, connected %v", i, p.vip, ok, info.Connected)
		}
	}
}

// TestLimits: what devices and radios are told of closed areas, as far as their lists go.
func TestLimits(t *testing.T) {
	cfg := testConfig()
	cfg.TACs = nil
	for n := range ident.TAC(40) {
		cfg.TACs = append(cfg.TACs, n+1)
	}
	codes := func(from, to ident.TAC) (out []ident.TAC) {
		for ; from <= to; from++ {
			out = append(out, from)
		}
		return out
	}
	at := ident.TAI{PLMN: testPLMN, TAC: 20}
	for _, tt := range []struct {
		name          string
		closed        []ident.TAC
		not           bool        // the device's list is of areas that are not allowed
		device        []ident.TAC // that the device is told of
		allowed, none []ident.TAC // that the radio is told of, beside all closed ones
	}{
		{"nothing closed", nil, false, nil, nil, nil},
		{"one that is not served", []ident.TAC{99}, false, nil, nil, nil},
		{"few closed", codes(19, 22), true, []ident.TAC{20, 21, 22, 19}, nil, codes(19, 22)},
		{"few open", codes(6, 40), false, codes(1, 5), codes(1, 5), nil},
		{"many of both", codes(1, 20), true, append([]ident.TAC{20}, codes(1, 15)...), nil, nil},
		{"all closed", codes(1, 40), true, codes(20, 35), nil, nil},
	} {
		l := cfg.limit(tt.closed)
		s := l.services(cfg, at)
		var told []ident.TAC
		if s != nil {
			for _, tai := range s.TAIs {
				told = append(told, tai.TAC)
			}
		}
		if !slices.Equal(told, tt.device) || s != nil && s.NotAllowed != tt.not {
			t.Errorf("%s: the device is told %+v", tt.name, s)
		}
		if s != nil {
			if _, err := nas.Append(nil, &nas.RegistrationAccept{Result: nas.Registered3GPP, ServiceAreas: s}); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		var want *ngap.MobilityRestrictions
		if tt.closed != nil {
			want = &ngap.MobilityRestrictions{ServingPLMN: testPLMN, Forbidden: []ngap.ForbiddenArea{{PLMN: testPLMN, TACs: tt.closed}}}
			if tt.allowed != nil || tt.none != nil {
				want.ServiceAreas = []ngap.ServiceArea{{PLMN: testPLMN, Allowed: tt.allowed, NotAllowed: tt.none}}
			}
		}
		if !reflect.DeepEqual(l.radio, want) {
			t.Errorf("%s: the radio is told %+v", tt.name, l.radio)
		}
	}
}

// TestFindingsShow: a finding carries the beginning of the message that shows it, and no more.
func TestFindingsShow(t *testing.T) {
	w := newWorld(t, testConfig())
	v := w.phone("victim")
	w.register(v)
	find := func(effects []Effect) (f Finding) {
		t.Helper()
		for _, e := range effects {
			if e, ok := e.(Finding); ok {
				f = e
			}
		}
		return f
	}
	forged := append([]byte{0x7e, 2, 1, 2, 3, 4, 9}, make([]byte, 3*maxShown)...)
	f := find(w.a.Step(w.now, Received{Conn: v.conn, Msg: &ngap.UplinkNASTransport{
		AMFUENGAPID: v.conn, RANUENGAPID: v.ran, NASPDU: forged, UserLocation: w.location(1),
	}}))
	if f.Kind != FindingMAC || f.Node != testNode(1) || !slices.Equal(f.Bytes, forged[:maxShown]) {
		t.Errorf("%v of %v shows %d octets", f.Kind, f.Node, len(f.Bytes))
	}
	said := []byte("octets of the radio")
	r := w.machines[2]
	f = find(r.Step(Input{Law: w.law, Peer: testPeer, Bytes: said, Msg: &ngap.InitialUEMessage{
		UserLocation: ngap.UserLocation{Kind: ngap.AccessNR, PLMN: testPLMN, Cell: 5 << 12, TAI: ident.TAI{PLMN: testPLMN, TAC: 1}},
	}}))
	if f.Kind != FindingLocation || f.Node != testNode(2) || string(f.Bytes) != string(said) {
		t.Errorf("%v of %v shows %q", f.Kind, f.Node, f.Bytes)
	}
	said[0] = 'x'
	if f.Bytes[0] == 'x' {
		t.Error("a finding changes with the buffer that its message came in")
	}
}

// TestClaimIsBounded: what an operator is shown of an unknown radio is bounded, whatever it claims, and what is
// judged of a known one is not.
func TestClaimIsBounded(t *testing.T) {
	m := setupRequest(9, func(m *ngap.NGSetupRequest) {
		m.SupportedTAs = nil
		for n := range 256 {
			m.SupportedTAs = append(m.SupportedTAs, ngap.SupportedTA{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: make([]ident.SNSSAI, 1024)}}})
			m.SupportedTAs[n].PLMNs[0].Slices[0] = ident.SNSSAI{SST: 1, SD: ident.NoSD}
		}
	})
	effects := NewRadio(testConfig(), 9).Step(Input{Law: testLaw(t), Peer: testPeer, Msg: m})
	p, ok := effects[0].(Pending)
	if !ok || len(p.Claim.Areas) != maxShownAreas || len(p.Claim.Areas[0].Slices) != maxShownSlices || !p.Claim.More {
		t.Errorf("%T, %d areas", effects[0], len(p.Claim.Areas))
	}
	m.GlobalRANNodeID = testNode(1)
	m.SupportedTAs[255].TAC = 77
	effects = NewRadio(testConfig(), 1).Step(Input{Law: testLaw(t), Peer: testPeer, Msg: m})
	if v, ok := effects[0].(Judged); !ok || v.Verdict.Act != rules.Refuse {
		t.Errorf("the last area was not judged: %+v", effects[0])
	}
}

// fiftyRules is a law of fifty rules, one of which restricts radio 1.
func fiftyRules(t testing.TB) *rules.Snapshot {
	words := []string{"watch=1"}
	for i := range 49 {
		words = append(words, strings.Fields("ban=3 away=4 seal=5 internet=6 sealed=7")[i%5])
	}
	return testLaw(t, words...)
}

// BenchmarkGates is what a registration with one session asks of fifty rules.
func BenchmarkGates(b *testing.B) {
	w := newWorld(b, testConfig())
	p := w.phone("a")
	w.register(p)
	w.a.law = fiftyRules(b)
	c := w.a.conns[p.conn]
	b.ReportAllocs()
	for b.Loop() {
		if w.a.judgeDevice(c, true).Act != rules.Restrict || w.a.judgeSession(c, route{w.cfg.Slices[0], "internet"}).Act != rules.Restrict {
			b.Fatal("radio 1 is not restricted")
		}
	}
}
