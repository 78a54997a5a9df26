package amf

import (
	"fmt"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// invariants are what holds after every step.
func (w *world) invariants() {
	a := w.a
	open, bound := 0, 0
	for id, c := range a.conns {
		if c.id != id {
			w.t.Fatalf("connection %d is kept as %d", c.id, id)
		}
		if c.ue != nil && (c.ue.conn != c || a.ues[c.ue.supi] != c.ue) {
			w.t.Fatalf("connection %d and its device disagree", id)
		}
		if c.ue == nil && c.state != stateReleasing {
			open++
		}
		if c.ue != nil {
			bound++
		}
		running := func(k timerKind) bool { return a.timers.Running(timerKey{uint64(id), k}) }
		asks := c.state == stateVector || c.state == stateIdentity || c.state == stateAuth || c.state == stateSecurity ||
			c.state == stateAccepted || c.state == stateLeaving
		if running(timerNAS) != asks {
			w.t.Fatalf("in %v the procedure's timer runs: %v", c.state, running(timerNAS))
		}
		if running(timerRelease) != (c.state == stateReleasing) || running(timerOpen) != (c.ue == nil && c.state != stateReleasing) {
			w.t.Fatalf("in %v timers: release %v, open %v", c.state, running(timerRelease), running(timerOpen))
		}
		if (c.setup == setupAsked && c.state != stateReleasing) != running(timerContext) {
			w.t.Fatalf("context %d, its timer %v", c.setup, running(timerContext))
		}
		if c.active&c.asking|c.asking&c.ending|c.ending&c.active != 0 || (c.ending != 0) != running(timerEnding) && c.state != stateReleasing {
			w.t.Fatalf("the radio serves %v, is asked for %v, ends %v, timer %v", c.active, c.asking, c.ending, running(timerEnding))
		}
		for _, p := range c.held {
			if c.setup != setupAsked && !c.ending.Has(p.psi) {
				w.t.Fatalf("session %d waits for nothing", p.psi)
			}
		}
		if (c.state == stateAuth || c.state == stateSecurity) != (c.auth != nil && c.state != stateVector) {
			w.t.Fatalf("in %v the challenge is %v", c.state, c.auth)
		}
	}
	for c := a.bound.first; c != nil; c = c.next {
		if bound--; c.ue == nil || a.conns[c.id] != c || c.next != nil && c.next.pre != c {
			w.t.Fatalf("connection %d is to be judged and has no device", c.id)
		}
	}
	if judging := a.timers.Running(timerKey{kind: timerLaw}); bound != 0 || a.bound.at != nil && !judging {
		w.t.Fatalf("%d connections with a device are not judged; more to judge %v, its timer %v", bound, a.bound.at != nil, judging)
	}
	if open != a.open.n || open > w.cfg.Limits.halfOpen() {
		w.t.Fatalf("%d half-open connections, %d counted", open, a.open.n)
	}
	for t, u := range a.tmsis {
		if a.ues[u.supi] != u || u.tmsi != t && u.former != t {
			w.t.Fatalf("identity %08x belongs to nobody", t)
		}
	}
	for supi, u := range a.ues {
		if u.supi != supi || u.accepted && a.tmsis[u.tmsi] != u {
			w.t.Fatal("a device cannot be found")
		}
		if u.conn == nil && !a.timers.Running(timerKey{uint64(supi), timerReachable}) && !a.timers.Running(timerKey{uint64(supi), timerImplicit}) {
			w.t.Fatal("an idle device is waited for by no timer")
		}
		if searched := a.timers.Running(timerKey{uint64(supi), timerPage}); searched != (u.conn == nil && u.wanted != 0) || searched != (u.pages > 0) || u.wanted&^u.sessions != 0 && u.conn == nil {
			w.t.Fatalf("it is looked for %v, connected %v, for sessions %v of %v, after %d pages", searched, u.conn != nil, u.wanted, u.sessions, u.pages)
		}
		if u.conn != nil && a.conns[u.conn.id] != u.conn {
			w.t.Fatal("a device's connection is gone")
		}
		if u.accepted && u.sec.Downlink > u.ceiling {
			w.t.Fatalf("downlink COUNT %d is beyond what a restart continues from, %d", u.sec.Downlink, u.ceiling)
		}
	}
}

// obeyed is what no effect may be against: who is served is served by the law in force.
func (w *world) obeyed(e Effect) {
	ask := func(q rules.Question, supi ident.SUPI) rules.Verdict {
		u := w.a.ues[supi]
		if u == nil || u.conn == nil {
			return rules.Verdict{Act: rules.Allow}
		}
		q.Node, q.TAC, q.Protected = u.conn.radio.Node, u.conn.tai.TAC, u.protected
		return rules.Decide(w.a.law, q)
	}
	switch e := e.(type) {
	case Registered:
		if v := ask(rules.Question{Gate: rules.GateDevice}, e.SUPI); v.Act == rules.Refuse {
			w.t.Fatalf("%s is registered against %s", w.who(e.SUPI), v.Rule.ID)
		}
	case SMCreate:
		v := ask(rules.Question{Gate: rules.GateSession, DNN: e.DNN, Slice: e.SNSSAI}, e.SUPI)
		if e.Settings != nil && (e.Refused != (v.Act == rules.Refuse) || !e.Refused && e.Sealed != (v.Owes&rules.SealedOnly != 0)) {
			w.t.Fatalf("a session of %s is refused %v, sealed %v against %v %v", w.who(e.SUPI), e.Refused, e.Sealed, v.Act, v.Owes)
		}
	case SMActivate:
		to := w.a.lists.route(w.a.ues[e.SUPI].routes[e.PSI])
		v := ask(rules.Question{Gate: rules.GateSession, DNN: to.dnn, Slice: to.slice}, e.SUPI)
		if v.Act == rules.Refuse || e.Sealed != (v.Owes&rules.SealedOnly != 0) {
			w.t.Fatalf("a session of %s is active, sealed %v, against %v %v", w.who(e.SUPI), e.Sealed, v.Act, v.Owes)
		}
	}
}

// alive is what every hostile case ends with: the victim is registered as before and reaches
// its session, and a fresh device can register.
func (w *world) alive(victim *phone) {
	w.t.Helper()
	i, ok := w.a.Device(victim.supi)
	if !ok || victim.guti == nil || i.GUTI != *victim.guti {
		w.t.Fatalf("%s is no longer registered as it was", victim.name)
	}
	if !i.Connected {
		status := i.Sessions
		w.connect(victim, victim.servicePDU(&nas.ServiceRequest{
			KSI: victim.ksi, Service: nas.ServiceData, STMSI: victim.guti.STMSI(), UplinkData: &status, SessionStatus: &status,
		}), true)
		for psi := range sessions(i.Sessions) {
			w.step(SMActivated{SUPI: victim.supi, PSI: psi, SNSSAI: w.cfg.Slices[0], Transfer: []byte("again"), OK: true})
		}
		if _, ok := victim.got[len(victim.got)-1].(*nas.ServiceAccept); !ok {
			w.t.Fatalf("%s gets no service: %T", victim.name, victim.got[len(victim.got)-1])
		}
	}
	reached := 0
	for psi := range sessions(i.Sessions) {
		for _, e := range w.a.Step(w.now, Received{Conn: victim.conn, Msg: &ngap.UplinkNASTransport{
			AMFUENGAPID: victim.conn, RANUENGAPID: victim.ran, UserLocation: w.location(victim.radio),
			NASPDU: victim.protected(&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: []byte{0x2e, byte(psi), 0, 0xd6, 0x24}, Session: psi}),
		}}) {
			if _, ok := e.(SMN1); ok {
				reached++
			}
		}
	}
	if want := len(collect(i.Sessions)); reached != want {
		w.t.Fatalf("%s reaches %d of its %d sessions", victim.name, reached, want)
	}
	before := w.a.Connections()
	fresh := w.phone(fmt.Sprintf("fresh%d", w.nextID))
	w.register(fresh)
	w.uplink(fresh, fresh.protected(&nas.DeregistrationRequestUE{
		Kind: nas.Deregister3GPP | nas.SwitchOff, KSI: fresh.ksi, Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *fresh.guti},
	}))
	w.fromRadio(fresh, &ngap.UEContextReleaseComplete{AMFUENGAPID: fresh.conn, RANUENGAPID: fresh.ran})
	if w.a.Connections() != before {
		w.t.Fatalf("%d connections, %d before the fresh device", w.a.Connections(), before)
	}
}

func collect(set nas.PDUSessions) (out []ident.PDUSessionID) {
	for psi := range sessions(set) {
		out = append(out, psi)
	}
	return out
}
