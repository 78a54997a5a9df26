package ran

import (
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// detach is the phone's farewell (§5.5.2.2).
func (p *Phone) detach(switchOff bool) {
	p.wanted, p.again = false, nothing
	if switchOff {
		p.pardon()
		p.forgetBackOffs()
	}
	if p.state == Deregistered || p.state == Registering {
		p.leave()
		p.hangup()
		return
	}
	if !p.connected && !p.camped { // nobody to say it to (§5.5.2.2.6 b)
		p.gone()
		return
	}
	m := &nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP, KSI: nas.NoKSI}
	if switchOff {
		m.Kind |= nas.SwitchOff
	}
	if p.sec.valid {
		m.KSI = p.sec.ksi
	}
	var err error
	if m.Identity, err = p.identity(); err != nil {
		p.drop("could not conceal the SUPI")
		return
	}
	for _, t := range []Timer{T3511, T3512, T3517, T3346} {
		p.stop(t)
	}
	p.state = Deregistering
	if p.connected {
		p.send(m)
	} else if plain, err := nas.Append(nil, m); err == nil {
		p.connect(Connect{Cause: ngap.RRCMOSignalling}, plain)
	}
	if switchOff {
		p.gone()
		return
	}
	p.start(T3521, p.cfg.Timers.T3521, standardT3521)
}

// gone is the end of the registration that the phone asked for.
func (p *Phone) gone() {
	p.leave()
	p.resends = 0
	p.note(NoteDeregistered, Failure{})
	p.await()
}

func (p *Phone) detachUnanswered() {
	if p.state != Deregistering {
		return
	}
	if p.resends++; p.resends >= maxSends || !p.connected {
		p.gone()
		p.hangup()
		return
	}
	m := &nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP, KSI: p.sec.ksi,
		Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: p.guti}}
	p.send(m)
	p.start(T3521, p.cfg.Timers.T3521, standardT3521)
}

// expelled is a Deregistration Request from the network (§5.5.2.3).
func (p *Phone) expelled(m *nas.DeregistrationRequestNetwork) {
	if p.state == Deregistered {
		p.drop("Deregistration Request of a phone that is not registered")
		return
	}
	p.send(&nas.DeregistrationAcceptNetwork{})
	p.leave()
	f := Failure{What: "deregistered by the core", MM: m.Cause}
	if m.Kind&nas.ReregistrationNeeded != 0 {
		p.again = registerAnew
		p.note(NoteReregistering, f)
		p.await()
		return
	}
	if forbidding(m.Cause) { // §5.5.2.3.2: another tracking area may do
		p.forbid(m.Cause)
		p.forget()
	} else {
		p.wanted = false
	}
	p.fail(NoteDeregistered, 0, f)
	p.await()
}

// cleared is §5.5.2.2.4.
func (p *Phone) cleared() {
	if p.state != Deregistering {
		p.drop("Deregistration Accept while " + p.state.String())
		return
	}
	p.stop(T3521)
	p.gone()
}
