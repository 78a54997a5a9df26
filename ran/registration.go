package ran

import (
	"slices"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

func (p *Phone) powerOn() {
	p.wanted = true
	p.failure = Failure{}
	switch p.state {
	case Deregistered:
		p.begin()
	case Deregistering:
		p.again = registerAnew
	}
}

// begin starts an initial registration, once no connection is left over and there is a cell.
func (p *Phone) begin() {
	if p.connected {
		p.again = registerAnew
		return
	}
	p.again = nothing
	if p.camped {
		p.register(nas.RegistrationInitial)
	}
}

// update is a mobility or periodic registration of a phone that is registered.
func (p *Phone) update(periodic bool) {
	if p.state != Registered {
		p.drop("update while " + p.state.String())
		return
	}
	if periodic {
		p.register(nas.RegistrationPeriodic)
		return
	}
	p.register(nas.RegistrationMobility)
}

// register sends a Registration Request (TS 24.501 §5.5.1.2.2, §5.5.1.3.2). Without a cell,
// an update is made on the next one.
func (p *Phone) register(kind nas.RegistrationType) {
	if !p.camped && !p.connected {
		p.due = kind != nas.RegistrationInitial
		return
	}
	m := &nas.RegistrationRequest{
		Kind:           kind,
		FollowOn:       kind == nas.RegistrationInitial && len(p.cfg.Sessions) > 0 || kind != nas.RegistrationInitial && p.hasUnasked(),
		KSI:            nas.NoKSI,
		MMCapability:   []byte{0},
		Security:       p.capability(),
		RequestedNSSAI: p.cfg.Slices,
	}
	if p.sec.valid {
		m.KSI = p.sec.ksi
	}
	id, err := p.identity()
	if err != nil {
		p.drop("could not conceal the SUPI")
		return
	}
	m.Identity = id
	if kind != nas.RegistrationInitial {
		open := p.openSessions()
		m.SessionStatus = &open
		if p.data && open != 0 && p.hasService() {
			m.UplinkData, p.data = &open, false
		}
	}
	full, err := nas.Append(nil, m)
	if err != nil {
		p.drop("could not encode the Registration Request")
		return
	}
	p.initial = full
	plain := full
	if len(m.NonCleartext()) > 0 {
		clear := m.Cleartext()
		if p.sec.valid {
			clear.Container = p.sec.hide(append([]byte(nil), full...))
		}
		if plain, err = nas.Append(nil, clear); err != nil {
			p.drop("could not encode the Registration Request")
			return
		}
	} else if p.sec.valid {
		plain = append([]byte(nil), full...)
	}
	p.state, p.kind = Registering, kind
	p.stop(T3511)
	p.stop(T3502)
	p.start(T3510, p.cfg.Timers.T3510, standardT3510)
	if p.connected { // an update while there is a connection
		p.sec.access = p.sec.ul
		p.do(Send{p.sec.seal(headerCiphered, full)})
		return
	}
	p.connect(Connect{Cause: ngap.RRCMOSignalling}, plain)
}

// identity is the temporary identity, or else the concealed permanent one.
func (p *Phone) identity() (nas.MobileIdentity, error) {
	if p.hasGUTI {
		return nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: p.guti}, nil
	}
	return p.concealed()
}

func (p *Phone) concealed() (nas.MobileIdentity, error) {
	if p.suci != nil {
		id := nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: *p.suci}
		p.suci = nil // a SUCI is used once
		return id, nil
	}
	c := &p.cfg.Conceal
	suci, err := aka.Conceal(p.cfg.Random, p.supi, p.cfg.PLMN, c.Routing, c.Scheme, c.KeyID, c.Public)
	return nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: suci}, err
}

// capability is what the phone says of its algorithms: NR only, two octets.
func (p *Phone) capability() nas.UESecurityCapability {
	nea, nia := p.cfg.Ciphering, p.cfg.Integrity
	if nea == 0 {
		nea = 0xf0
	}
	if nia == 0 {
		nia = 0xf0
	}
	c, err := nas.NewUESecurityCapability([]byte{nea, nia})
	if err != nil { // two octets are what it takes
		panic(err)
	}
	return c
}

// accepted is a Registration Accept (§5.5.1.2.4, §5.5.1.3.4).
func (p *Phone) accepted(m *nas.RegistrationAccept) {
	if p.state != Registering {
		p.drop("Registration Accept while " + p.state.String())
		return
	}
	p.state, p.registered, p.attempts = Registered, true, 0
	p.failure, p.initial = Failure{}, nil
	p.stop(T3510)
	if m.GUTI != nil {
		p.guti, p.hasGUTI = *m.GUTI, true
	}
	p.t3512, p.t3502 = standardT3512, 0
	if m.T3512 != nil {
		p.t3512 = max(*m.T3512, 0)
	}
	if m.T3502 != nil {
		p.t3502 = *m.T3502
	}
	if m.GUTI != nil || len(m.ConfiguredNSSAI) > 0 {
		p.send(&nas.RegistrationComplete{})
	}
	if p.kind == nas.RegistrationInitial {
		p.sessions = nil
	} else if m.SessionStatus != nil {
		p.synchronise(*m.SessionStatus)
	}
	p.note(NoteRegistered, Failure{})
	p.placed(m)
	p.openConfigured()
}

// rejected is a Registration Reject (§5.5.1.2.5, §5.5.1.3.5).
func (p *Phone) rejected(m *nas.RegistrationReject) {
	if p.state != Registering {
		p.drop("Registration Reject while " + p.state.String())
		return
	}
	p.stop(T3510)
	f := Failure{What: "registration rejected", MM: m.Cause}
	update := p.kind != nas.RegistrationInitial
	switch m.Cause {
	case nas.CauseIdentityUnderivable, nas.CauseImplicitlyDeregistered:
		p.unknown(m.Cause)
		return
	case nas.CauseCongestion:
		if m.T3346 != nil && *m.T3346 > 0 {
			p.back(update)
			p.do(Start{Timer: T3346, After: *m.T3346})
			p.fail(NoteRegistrationFailed, 0, f)
			p.await()
			return
		}
	case nas.CauseIllegalUE, nas.CauseIllegalME, nas.CauseServicesNotAllowed, nas.CausePEINotAccepted:
		p.forget()
		p.giveUp(f)
		return
	case nas.CauseTrackingAreaNotAllowed, nas.CauseRoamingNotAllowed, nas.CauseNoSuitableCells:
		p.turnedAway(NoteRegistrationFailed, f)
		return
	case nas.CausePLMNNotAllowed, nas.CauseN1NotAllowed, nas.CauseNoNetworkSlices, nas.CauseServingNetwork:
		// There is one network here: no other to try.
		p.giveUp(f)
		return
	}
	p.retry(f)
}

// unknown is the core not knowing the phone (causes 9 and 10): it registers anew as soon as
// the connection is gone.
func (p *Phone) unknown(c nas.Cause) {
	p.leave()
	if c == nas.CauseIdentityUnderivable {
		p.forget()
	}
	p.note(NoteReregistering, Failure{What: "unknown to the core", MM: c})
	if p.attempts++; p.attempts > maxAttempts {
		p.retry(Failure{What: "unknown to the core", MM: c})
		return
	}
	p.again = registerAnew
	p.await()
}

// await has the phone end the connection itself if the core does not (§5.3.1.3).
func (p *Phone) await() {
	if p.connected {
		p.start(T3540, 0, standardT3540)
		return
	}
	p.resume()
}

// back is the state that a registration which came to nothing leaves.
func (p *Phone) back(update bool) {
	p.initial, p.pending = nil, nil
	if update && p.registered {
		p.state = Registered
		return
	}
	p.leave()
}

// giveUp ends what the phone wanted, until it is switched on again.
func (p *Phone) giveUp(f Failure) {
	p.leave()
	p.wanted, p.again = false, nothing
	p.initial, p.pending = nil, nil
	p.fail(NoteRegistrationFailed, 0, f)
	p.await()
}

// retry is §5.5.1.2.7 and §5.5.1.3.7: soon for the first few times, then much later with
// a new identity.
func (p *Phone) retry(f Failure) {
	p.back(p.kind != nas.RegistrationInitial)
	p.attempts++
	if p.attempts >= maxAttempts {
		p.attempts = 0
		p.leave()
		p.forget()
		after := p.cfg.Timers.T3502
		if p.t3502 > 0 {
			after = p.t3502
		}
		p.start(T3502, after, standardT3502)
	} else {
		p.start(T3511, p.cfg.Timers.T3511, standardT3511)
	}
	p.fail(NoteRegistrationFailed, 0, f)
	p.await()
}

// released is the end of the connection, whoever ended it.
func (p *Phone) released() {
	if !p.connected {
		return
	}
	p.idle()
}

// idle is what a phone does when its connection has ended.
func (p *Phone) idle() {
	p.connected = false
	p.stop(T3540)
	switch p.state {
	case Registering:
		p.stop(T3510)
		p.retry(Failure{What: "connection lost while registering"})
		return
	case Requesting:
		p.stop(T3517)
		p.state = Registered
		p.fail(NoteServiceFailed, 0, Failure{What: "connection lost during the service request"})
	case Deregistering:
		p.gone()
		return
	}
	p.resume()
}

// resume does what waited for the connection to end.
func (p *Phone) resume() {
	what := p.again
	p.again = nothing
	switch {
	case what == registerAnew && p.wanted:
		p.register(nas.RegistrationInitial)
	case what == updateRegistration && p.state == Registered:
		p.register(nas.RegistrationMobility)
	case p.state == Registered && p.camped && !slices.Contains(p.area, p.cell): // the core has told it so (§5.5.1.3.2 a)
		p.catchUp()
	case p.state == Registered && p.t3512 > 0:
		p.do(Start{Timer: T3512, After: p.t3512})
	}
}

// expired is a timer that ran out.
func (p *Phone) expired(ev Expired) {
	if ev.PSI == 0 {
		p.timers &^= 1 << ev.Timer
	}
	switch ev.Timer {
	case T3510:
		if p.state == Registering {
			p.aborted(Failure{What: "registration not answered"})
		}
	case T3346, T3502, T3511:
		switch {
		case p.wanted && p.state == Deregistered:
			p.begin()
		case p.state == Registered:
			p.register(nas.RegistrationMobility)
		}
	case T3512:
		if p.state == Registered && !p.connected {
			p.register(nas.RegistrationPeriodic)
		}
	case T3517:
		p.serviceUnanswered()
	case T3521:
		p.detachUnanswered()
	case T3540:
		p.hangup()
	case T3580, T3582:
		p.sessionUnanswered(ev.PSI)
	case T3396:
		p.backedOff(ev.PSI)
	case TForbidden:
		p.pardon()
	}
}

// aborted ends a registration that nobody answered, and its connection.
func (p *Phone) aborted(f Failure) {
	if p.connected {
		p.do(Hangup{})
		p.connected = false
	}
	p.retry(f)
}

// lastSTMSI is how the phone is paged.
func (p *Phone) lastSTMSI() (ident.STMSI, bool) { return p.guti.STMSI(), p.hasGUTI }
