package ran

import (
	"crypto/rand"
	"testing"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
)

// FuzzPhone lets a phone meet any sequence of events, with NAS of any content, unprotected
// or under its own keys. The law is what must hold of a phone at every moment.
func FuzzPhone(f *testing.F) {
	f.Add([]byte{0, 5, 6, 0x7e, 0, 0x56, 0, 2, 0, 0})
	f.Add([]byte{1, 5, 0, 0})
	f.Add([]byte{0, 12, 1, 0, 0, 13, 0, 12, 2, 15, 0, 12, 1})
	for _, m := range []nas.Message{
		&nas.RegistrationAccept{Result: nas.Registered3GPP},
		&nas.RegistrationReject{Cause: nas.CauseIdentityUnderivable},
		&nas.ServiceAccept{}, &nas.ServiceReject{Cause: nas.CauseImplicitlyDeregistered},
		&nas.DeregistrationRequestNetwork{Kind: nas.Deregister3GPP | nas.ReregistrationNeeded},
		&nas.IdentityRequest{Identity: nas.IdentitySUCI},
		&nas.AuthenticationReject{},
		&nas.DLNASTransport{PayloadType: nas.PayloadSM, Payload: must(nas.AppendSM(nil, nas.SMHeader{Session: 1, PTI: 1}, &nas.PDUSessionReleaseCommand{Cause: nas.SMCauseReactivation}))},
	} {
		b := must(nas.Append(nil, m))
		f.Add(append([]byte{0, 0, 5, byte(len(b))}, b...))
		f.Add(append([]byte{1, 3, 10, byte(len(b))}, b...))
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		cfg := PhoneConfig{PLMN: testPLMN, SIM: aka.NewMilenage(testK, testOPc), Random: rand.Reader,
			Sessions: []SessionConfig{{DNN: "internet"}, {}}}
		w := &fuzzWorld{t: t, phone: NewPhone(firstIMSI, &cfg), timers: map[timerKey]bool{}}
		if len(script) > 0 && script[0]&1 == 1 {
			w.phone.registerForTest()
		}
		for len(script) > 1 {
			script = w.play(script[1:])
		}
	})
}

// registerForTest makes a phone that registered earlier and is idle.
func (p *Phone) registerForTest() {
	p.wanted, p.registered, p.state, p.hasGUTI = true, true, Registered, true
	p.guti = ident.GUTI{GUAMI: ident.GUAMI{PLMN: testPLMN}, TMSI: 77}
	p.sec = security{kamf: aka.Key{1}, valid: true}
	p.sec.derive(aka.AlgAES, aka.AlgAES)
	p.camped, p.cell, p.area = true, ident.TAI{PLMN: testPLMN, TAC: 1}, []ident.TAI{{PLMN: testPLMN, TAC: 1}}
	p.sessions = []session{{psi: 1, state: sessionOpen, pti: 1}}
}

type fuzzWorld struct {
	t         *testing.T
	phone     Phone
	connected bool
	timers    map[timerKey]bool
}

// play takes one event off a script.
func (w *fuzzWorld) play(b []byte) []byte {
	p := &w.phone
	op, rest := b[0], b[1:]
	arg := byte(0)
	if len(rest) > 0 {
		arg = rest[0]
	}
	switch op % 16 {
	case 0:
		w.step(PowerOn{})
	case 1:
		w.step(Detach{SwitchOff: arg&1 == 1})
	case 2:
		w.step(Update{Periodic: arg&1 == 1})
	case 3:
		w.step(Pending{})
	case 4:
		if w.connected {
			w.connected = false
			w.step(Released{})
		}
	case 12:
		w.step(Camped{ident.TAI{PLMN: testPLMN, TAC: ident.TAC(arg % 4)}})
	case 13:
		w.step(Lost{})
	case 14:
		w.step(Paged{})
	case 15:
		if w.connected && p.connected {
			w.connected = false
			w.step(NotLetIn{})
		}
	case 5, 10, 11:
		n := min(int(arg), max(len(rest)-1, 0))
		if len(rest) > 0 {
			rest = rest[1:]
		}
		msg := rest[:n:n]
		rest = rest[n:]
		before := p.sec
		genuine := op%16 >= 10 && p.sec.valid
		if genuine {
			msg = w.protect(msg)
		}
		w.step(Received{msg})
		if !genuine && p.sec.valid && p.sec != before && p.sec.dl != before.dl {
			w.t.Fatal("an unprotected message moved the downlink COUNT")
		}
	case 7:
		w.step(OpenSession{PSI: ident.PDUSessionID(arg%15 + 1)})
	case 8:
		w.step(CloseSession{PSI: ident.PDUSessionID(arg%15 + 1)})
	case 6, 9:
		for psi := range ident.PDUSessionID(16) {
			k := timerKey{0, Timer(arg % 12), psi}
			if w.timers[k] {
				delete(w.timers, k)
				w.step(Expired{k.timer, k.psi})
				break
			}
		}
	}
	w.judge()
	return rest
}

// protect does to a message what the core would.
func (w *fuzzWorld) protect(plain []byte) []byte {
	s := &w.phone.sec
	core := nas.Security{KNASint: s.kint, KNASenc: s.kenc, Integrity: s.nia, Ciphering: s.nea, Downlink: s.dl, Side: nas.Network}
	b, err := core.Protect(nil, plain, nas.HeaderCiphered)
	if err != nil {
		return plain
	}
	return b
}

func (w *fuzzWorld) step(ev Event) {
	for _, e := range w.phone.Step(ev, nil) {
		switch e := e.(type) {
		case Connect:
			if w.connected {
				w.t.Fatal("a second connection")
			}
			w.connected = true
		case Hangup:
			w.connected = false
		case Send:
			// NAS of a phone that has just hung up is lost, which is no fault.
			if len(e.NAS) < 3 {
				w.t.Fatalf("sent %x", e.NAS)
			}
		case Start:
			if e.After <= 0 {
				w.t.Fatalf("%s started for %v", e.Timer, e.After)
			}
			w.timers[timerKey{0, e.Timer, e.PSI}] = true
		case Stop:
			delete(w.timers, timerKey{0, e.Timer, e.PSI})
		}
	}
}

// judge holds what must be true between events.
func (w *fuzzWorld) judge() {
	p := &w.phone
	running := func(t Timer) bool { return w.timers[timerKey{0, t, 0}] }
	switch {
	case running(T3510) != (p.state == Registering):
		w.t.Fatalf("T3510 running=%v in %s", running(T3510), p.state)
	case running(T3517) != (p.state == Requesting):
		w.t.Fatalf("T3517 running=%v in %s", running(T3517), p.state)
	case p.connected != w.connected:
		w.t.Fatalf("phone connected=%v, radio %v", p.connected, w.connected)
	case p.state == Registered && !p.registered, p.state == Deregistered && (p.registered || len(p.sessions) > 0):
		w.t.Fatalf("%s with registered=%v and %d sessions", p.state, p.registered, len(p.sessions))
	case len(p.sessions) > 15:
		w.t.Fatalf("%d sessions", len(p.sessions))
	case len(p.roaming) > maxForbidden || len(p.regional) > maxForbidden:
		w.t.Fatalf("%d and %d forbidden areas", len(p.roaming), len(p.regional))
	case p.camped && p.forbids(p.cell) && !p.connected:
		w.t.Fatal("it camps on a cell that is forbidden")
	case p.wanted && p.state == Deregistered && p.camped && !p.connected && !running(T3346) && !running(T3502) && !running(T3511):
		w.t.Fatal("a phone that wants to be registered waits for nothing")
	}
	for _, s := range p.sessions {
		opening, closing := w.timers[timerKey{0, T3580, s.psi}], w.timers[timerKey{0, T3582, s.psi}]
		if opening != (s.state == sessionOpening) || closing != (s.state == sessionClosing) {
			w.t.Fatalf("session %d in state %d with T3580=%v T3582=%v", s.psi, s.state, opening, closing)
		}
	}
}
