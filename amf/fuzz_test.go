package amf

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// FuzzAMF feeds any sequence of events, with honest phones, forgers and radios that say
// anything, and checks what must always hold: the invariants of the tables and timers
// (world.invariants, after every step), that every event has an effect, that what is sent can be
// encoded and decoded, and that a forger changes no registered context.
func FuzzAMF(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0})
	f.Add([]byte{20, 0, 20, 1, 8, 0, 21, 0, 9, 0, 10, 1, 11, 2, 12, 40, 13, 3, 14, 5, 15, 9})
	f.Add([]byte{20, 0, 21, 0, 16, 0, 17, 0, 18, 7, 19, 200, 22, 0, 23, 1, 24, 2, 25, 3, 26, 4})
	f.Add([]byte{20, 2, 20, 3, 27, 0, 28, 3, 29, 1, 30, 2, 31, 30, 31, 255, 30, 255})
	f.Add([]byte{20, 0, 21, 0, 22, 0, 25, 0, 29, 24, 30, 3, 29, 24, 3, 16, 28, 24, 25, 0, 29, 24, 30, 20, 29, 24, 30, 90, 29, 24})
	f.Add([]byte{20, 0, 20, 1, 21, 4, 32, 8, 35, 9, 33, 0, 8, 0, 0, 4, 6, 0, 7, 0, 8, 0, 32, 0, 35, 99})
	f.Add([]byte{34, 4, 20, 0, 21, 4, 32, 44, 35, 9, 11, 40, 30, 9, 32, 20, 20, 1, 21, 17, 34, 5, 32, 16, 35, 9, 3, 24})
	f.Fuzz(func(t *testing.T, seq []byte) {
		if len(seq) > 400 {
			return
		}
		cfg := testConfig()
		cfg.Limits.HalfOpen, cfg.Limits.Devices, cfg.Limits.Connections = 3, 3, 8
		w := newWorld(t, cfg)
		for i := 0; i+1 < len(seq); i += 2 {
			w.fuzzStep(seq[i], seq[i+1])
		}
		for id := range w.a.conns {
			w.step(Lost{id})
		}
		w.tick(2 * time.Hour)
		if w.a.HalfOpen() != 0 || w.a.timers.Len() != 0 || len(w.a.ues) != 0 || len(w.a.tmsis) != 0 || len(w.a.caps) != 0 {
			t.Fatalf("after silence there remain %d half-open, %d timers, %d devices, %d identities, %d capabilities",
				w.a.HalfOpen(), w.a.timers.Len(), len(w.a.ues), len(w.a.tmsis), len(w.a.caps))
		}
	})
}

// fuzzStep is one event, chosen by op and shaped by arg, which also names the phone.
func (w *world) fuzzStep(op, arg byte) {
	p := w.phone(fmt.Sprintf("p%d", arg%4))
	switch op %= 36; op {
	case 0, 1, 2, 3:
		w.fuzzConnect(p, op, arg)
	case 4:
		if _, ok := w.asked[p]; ok {
			w.answerVector(p, VectorError(arg>>2)%6)
		}
	case 5:
		if ask, ok := w.asked[p]; ok {
			ask.Request += uint32(arg >> 7)
			w.step(w.vectorFor(p, ask, VectorOK))
		}
	case 6:
		if _, ok := w.asked[p]; ok {
			w.answerVector(p, VectorOK)
		}
	case 7:
		w.answerChallenge(p)
	case 8, 9:
		if p.next.Integrity != 0 {
			w.uplink(p, p.complete(arg&16 == 0))
		}
	case 10, 11, 12, 13, 14, 15:
		w.fuzzSay(p, op, arg)
	case 16, 17, 18, 19:
		w.forge(p, op, arg)
	case 20:
		if w.law == testLaw(w.t) && w.a.Len() < 3 && w.a.HalfOpen() < 3 && w.a.Connections() < 8 && w.a.ues[p.supi] == nil {
			w.register(p)
		}
	case 21:
		if i, ok := w.a.Device(p.supi); ok && i.Connected && p.sec.Integrity != 0 && w.conns[p.conn] == p {
			w.establish(p, ident.PDUSessionID(1+arg%15))
		}
	case 22, 23, 24:
		w.fuzzRadio(p, arg)
	case 25:
		w.step(Lost{p.conn})
	case 26:
		w.step(Deregister{SUPI: p.supi, Reregister: arg&32 != 0})
	case 27:
		w.step(SMMessage{SUPI: p.supi, PSI: ident.PDUSessionID(arg >> 4), SNSSAI: w.cfg.Slices[0], N1: []byte{0x2e}, N2: N2Kind(arg>>2) % 3, Transfer: []byte{1}})
	case 28:
		w.step(SMActivated{SUPI: p.supi, PSI: ident.PDUSessionID(arg >> 4), Transfer: []byte{1}, OK: arg&8 != 0})
	case 29:
		if arg&8 != 0 {
			w.step(SMReach{SUPI: p.supi, PSI: ident.PDUSessionID(arg >> 4)})
			return
		}
		w.step(SMEnded{SUPI: p.supi, PSI: ident.PDUSessionID(arg >> 4)})
	case 30:
		w.tick(time.Duration(arg) * time.Second)
	case 31:
		w.tick(time.Duration(arg) * 30 * time.Second)
	case 32:
		w.obey(strings.Fields(fuzzLaws[int(arg>>2)%len(fuzzLaws)])...)
	case 33:
		w.step(Evict{p.conn})
	case 34:
		p.vip = arg&4 != 0
		w.step(Classed{SUPI: p.supi, Protected: p.vip})
	case 35:
		w.tick(time.Duration(arg) * time.Millisecond)
	}
}

// fuzzLaws are laws that devices and their radio meet, above all the one that all their radios keep.
var fuzzLaws = []string{
	"", "", "ban=1", "away=1", "seal=1", "internet=1", "sealed=1 watch=2", "no-record=1", "slice=1:2", "tac=1:2", "none",
	"away=1 away=2 away=3 away=4 away=5 away=6 tac=7:2",
}

func (w *world) fuzzConnect(p *phone, op, arg byte) {
	delete(w.asked, p)
	if w.a.Connections() >= w.cfg.Limits.connections() {
		// What a full table turns away was never read: whoever brings it again brings it first.
		defer func() { p.lastSent = nil }()
	}
	status := nas.PDUSessions(arg) << 1
	if op == 3 && p.guti != nil && p.sec.Integrity != 0 {
		w.connect(p, p.servicePDU(&nas.ServiceRequest{
			KSI: p.ksi, Service: nas.ServiceType(arg>>4) % 3, STMSI: p.guti.STMSI(), UplinkData: &status, SessionStatus: &status,
		}), arg&8 != 0)
		return
	}
	m := p.registration(nas.RegistrationType(arg>>4) % 8)
	if op == 1 {
		m.SessionStatus, m.UplinkData, m.FollowOn = &status, &status, false
	}
	w.connect(p, p.initialPDU(m), arg&8 != 0)
}

func (w *world) fuzzSay(p *phone, op, arg byte) {
	if c := w.a.conns[p.conn]; c == nil || c.ue == nil || c.state == stateReleasing {
		// What nobody verifies is not used up: whoever brings it again brings it first.
		defer func() { p.lastSent = nil }()
	}
	guti := nas.MobileIdentity{}
	if p.guti != nil {
		guti = nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *p.guti}
	}
	tr := sessionRequest(ident.PDUSessionID(arg >> 4))
	tr.Request = nas.RequestType(arg>>2) % 7
	messages := []nas.Message{
		&nas.RegistrationComplete{}, &nas.ConfigurationUpdateComplete{}, &nas.DeregistrationAcceptNetwork{}, tr,
		&nas.IdentityResponse{Identity: p.suci()}, &nas.AuthenticationResponse{RES: &p.resStar}, &nas.AuthenticationResponse{RES: &[16]byte{arg}},
		&nas.AuthenticationFailure{Cause: nas.CauseSynchFailure, AUTS: &[14]byte{arg}}, &nas.AuthenticationFailure{Cause: nas.CauseKSIInUse},
		&nas.SecurityModeReject{Cause: nas.CauseCapabilitiesMismatch}, &nas.MMStatus{Cause: nas.CauseProtocol},
		&nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP, Identity: guti}, p.registration(nas.RegistrationMobility),
		&nas.ServiceRequest{KSI: p.ksi, Service: nas.ServiceMobileTerminated, STMSI: guti.GUTI.STMSI()}, &nas.RegistrationAccept{Result: 1}, &nas.SecurityModeComplete{},
	}
	m := messages[int(arg>>2)%len(messages)]
	switch {
	case op == 15:
		w.uplink(p, plain(m))
	case op == 14 && p.sec.Integrity != 0:
		w.uplink(p, p.seal(plain(m), nas.HeaderIntegrity))
	default:
		w.uplink(p, p.protected(m))
	}
}

// forge is somebody without keys: messages mutated, replayed or made up, in the name of any phone
// that has proven itself, from a connection of his own or from the phone's radio.
func (w *world) forge(p *phone, op, arg byte) {
	before := map[ident.SUPI]ue{}
	for supi, u := range w.a.ues {
		before[supi] = *u
	}
	pdu := append([]byte(nil), p.lastSent...)
	proven := w.a.conns[p.conn] != nil && w.a.conns[p.conn].ue != nil
	switch op {
	case 16: // replay on a connection of his own
		w.forgeInitial(pdu)
	case 17: // a changed one
		if len(pdu) > 2 {
			pdu[int(arg)%len(pdu)] ^= arg | 1
		}
		if len(pdu) > 1 && pdu[1] == 0 && p.guti == nil {
			return // plain and in nobody's name: an honest first message as good as any
		}
		w.forgeInitial(pdu)
	case 18: // a plain claim
		if p.guti == nil {
			return
		}
		m := p.registration(nas.RegistrationInitial)
		w.forgeInitial(plain(m))
	case 19: // on the phone's own connection
		if !proven || w.a.conns[p.conn].state == stateSecurity {
			return
		}
		if len(pdu) > 7 {
			pdu[2+int(arg)%(len(pdu)-2)] ^= arg | 1
		}
		w.uplink(p, pdu)
	}
	for supi, was := range before {
		u := w.a.ues[supi]
		if u == nil || u.sec != was.sec || u.kamf != was.kamf || u.tmsi != was.tmsi || u.former != was.former ||
			u.sessions != was.sessions || u.conn != was.conn || u.ksi != was.ksi || u.caps != was.caps {
			w.t.Fatalf("a forger changed the context of %s by %x", w.who(supi), pdu)
		}
	}
}

// forgeInitial opens a connection that belongs to no phone.
func (w *world) forgeInitial(pdu []byte) {
	w.nextID++
	id := ident.AMFUENGAPID(w.nextID)
	w.step(Arrived{Conn: id, Radio: w.radios[2], Msg: &ngap.InitialUEMessage{
		RANUENGAPID: ident.RANUENGAPID(id), NASPDU: pdu, UserLocation: w.location(2),
	}})
}

func (w *world) fuzzRadio(p *phone, arg byte) {
	words := []string{"context-ok", "context-failed", "setup-ok", "setup-failed", "release-ok", "notify", "release-request", "release-complete",
		"not-delivered", "error", "complaint", "inactive", "location", "handover", "handover-cancel", "handover-notify", "path-switch", "modify", "capability", "great-capability"}
	w.radioSays(p, words[int(arg>>2)%len(words)], []string{fmt.Sprint(1 + arg%15)})
}
