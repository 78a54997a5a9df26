package ran

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// userData asks for a connection, and the user plane of what sessions there are
// (TS 24.501 §5.6.1). A phone without a registration that wants one has its own timers.
func (p *Phone) userData(carried nas.PDUSessions) {
	switch open := p.openSessions(); {
	case p.state != Registered:
	case p.connected && open != 0 && open&^carried == 0: // it has come meanwhile
	case p.restricted() || !p.connected && !p.camped:
		p.data = true
	case !p.connected && (p.due || !slices.Contains(p.area, p.cell)):
		p.data = true
		p.register(nas.RegistrationMobility)
	default:
		p.request(nas.ServiceData, ngap.RRCMOData, carried)
	}
}

// paged is a Paging for this phone.
func (p *Phone) paged() {
	if !p.connected && p.camped {
		p.request(nas.ServiceMobileTerminated, ngap.RRCMTAccess, 0)
	}
}

// request sends a Service Request. Carried are the sessions whose user plane stands, for which it is not asked.
func (p *Phone) request(service nas.ServiceType, cause ngap.RRCEstablishmentCause, carried nas.PDUSessions) {
	if p.state != Registered || !p.hasGUTI || !p.sec.valid || !p.connected && !p.camped {
		return
	}
	open := p.openSessions()
	m := &nas.ServiceRequest{KSI: p.sec.ksi, Service: service, STMSI: p.guti.STMSI(), SessionStatus: &open}
	if p.data = false; open&^carried != 0 && !p.restricted() {
		wanting := open &^ carried
		m.UplinkData = &wanting
	}
	full, err := nas.Append(nil, m)
	if err != nil {
		p.drop("could not encode the Service Request")
		return
	}
	p.state, p.failure = Requesting, Failure{}
	p.initial = full
	p.start(T3517, p.cfg.Timers.T3517, standardT3517)
	p.note(NoteServiceRequested, Failure{})
	if p.connected {
		p.sec.access = p.sec.ul
		p.do(Send{p.sec.seal(headerCiphered, full)})
		return
	}
	clear := m.Cleartext()
	clear.Container = p.sec.hide(slices.Clone(full))
	plain, err := nas.Append(nil, clear)
	if err != nil {
		p.drop("could not encode the Service Request")
		return
	}
	p.connect(Connect{Cause: cause}, plain)
}

// served is a Service Accept (§5.6.1.4).
func (p *Phone) served(m *nas.ServiceAccept) {
	if p.state != Requesting {
		p.drop("Service Accept while " + p.state.String())
		return
	}
	p.stop(T3517)
	p.state, p.initial = Registered, nil
	if m.SessionStatus != nil {
		p.synchronise(*m.SessionStatus)
	}
	p.note(NoteServiceAccepted, Failure{})
	p.openConfigured()
}

// notServed is a Service Reject (§5.6.1.5).
func (p *Phone) notServed(m *nas.ServiceReject) {
	if p.state != Requesting {
		p.drop("Service Reject while " + p.state.String())
		return
	}
	p.stop(T3517)
	p.state, p.initial = Registered, nil
	f := Failure{What: "service rejected", MM: m.Cause}
	switch m.Cause {
	case nas.CauseIdentityUnderivable, nas.CauseImplicitlyDeregistered:
		p.attempts = 0
		p.unknown(m.Cause)
		return
	case nas.CauseIllegalUE, nas.CauseIllegalME, nas.CauseServicesNotAllowed:
		p.forget()
		p.giveUp(f)
		return
	case nas.CauseTrackingAreaNotAllowed, nas.CauseRoamingNotAllowed, nas.CauseNoSuitableCells:
		p.turnedAway(NoteServiceFailed, f)
		return
	case nas.CauseRestrictedServiceArea:
		p.unserved = p.cell
		p.note(NoteRestricted, f)
		p.again = updateRegistration
	case nas.CauseCongestion:
		if m.T3346 != nil && *m.T3346 > 0 {
			p.do(Start{Timer: T3346, After: *m.T3346})
		}
	}
	if m.SessionStatus != nil {
		p.synchronise(*m.SessionStatus)
	}
	p.fail(NoteServiceFailed, 0, f)
	p.await()
}

func (p *Phone) serviceUnanswered() {
	if p.state != Requesting {
		return
	}
	p.state, p.initial = Registered, nil
	p.fail(NoteServiceFailed, 0, Failure{What: "service request not answered"})
	p.hangup()
}

// configured is a Configuration Update Command (§5.4.4.3).
func (p *Phone) configured(m *nas.ConfigurationUpdateCommand) {
	if !p.registered {
		p.drop("Configuration Update of a phone that is not registered")
		return
	}
	if m.GUTI != nil {
		p.guti, p.hasGUTI = *m.GUTI, true
	}
	p.reconfigured(m)
	if m.Indication == nil {
		return
	}
	if *m.Indication&nas.AcknowledgementRequested != 0 {
		p.send(&nas.ConfigurationUpdateComplete{})
	}
	if *m.Indication&nas.RegistrationRequested != 0 && p.state == Registered {
		p.again = updateRegistration
		p.await()
	}
}

// synchronise drops the sessions that the core does not have (§5.6.1.4, §5.5.1.3.4).
func (p *Phone) synchronise(core nas.PDUSessions) {
	var lost []ident.PDUSessionID
	for _, s := range p.sessions {
		if s.state == sessionOpen && !core.Has(s.psi) {
			lost = append(lost, s.psi)
		}
	}
	for _, psi := range lost {
		p.forgetSession(psi)
		p.do(Note{Kind: NoteSessionClosed, PSI: psi})
	}
}
