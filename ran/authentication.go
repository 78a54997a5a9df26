package ran

import (
	"bytes"
	"errors"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
)

// receive takes one NAS message from the core: unprotected where that is allowed, or under
// the context in use.
func (p *Phone) receive(b []byte) {
	if len(b) < 3 || b[0] != byte(nas.ProtocolMM) {
		p.drop("not a 5GMM message")
		return
	}
	switch b[1] & 15 {
	case headerPlain:
		p.plain(b)
	case headerNew:
		p.newContext(b)
	case headerIntegrity, headerCiphered:
		if !p.sec.valid {
			p.drop("protected message without a context")
			return
		}
		plain, ok := p.sec.open(b)
		if !ok {
			p.drop("wrong MAC or replay")
			return
		}
		p.secure = true
		if m := p.parse(plain); m != nil {
			p.message(m)
		}
	default:
		p.drop("security header of another direction")
	}
}

func (p *Phone) parse(b []byte) nas.Message {
	m, _, err := nas.Parse(b)
	if err == nil {
		return m
	}
	p.drop("message that does not parse")
	if e, ok := errors.AsType[*nas.DecodeError](err); ok && e.Cause != 0 && p.connected {
		p.send(&nas.MMStatus{Cause: e.Cause})
	}
	return nil
}

// plain is the few messages that a phone acts on unprotected (TS 24.501 §4.4.4.2).
func (p *Phone) plain(b []byte) {
	m, _, err := nas.Parse(b)
	if err != nil {
		p.drop("message that does not parse")
		return
	}
	switch m := m.(type) {
	case *nas.IdentityRequest:
		if m.Identity != nas.IdentitySUCI {
			p.drop("unprotected request for an identity")
			return
		}
	case *nas.AuthenticationRequest, *nas.AuthenticationResult, *nas.AuthenticationReject,
		*nas.RegistrationReject, *nas.ServiceReject, *nas.DeregistrationAcceptUE:
	default:
		p.drop("unprotected " + m.Type().String())
		return
	}
	p.message(m)
}

// message acts on a message that may be acted on.
func (p *Phone) message(m nas.Message) {
	switch m := m.(type) {
	case *nas.RegistrationAccept:
		p.accepted(m)
	case *nas.RegistrationReject:
		p.rejected(m)
	case *nas.AuthenticationRequest:
		p.challenged(m)
	case *nas.AuthenticationReject:
		p.refused()
	case *nas.AuthenticationResult:
		// The keys are made when the challenge is answered; a failure is followed by a reject.
	case *nas.IdentityRequest:
		p.identify(m)
	case *nas.ServiceAccept:
		p.served(m)
	case *nas.ServiceReject:
		p.notServed(m)
	case *nas.ConfigurationUpdateCommand:
		p.configured(m)
	case *nas.DeregistrationRequestNetwork:
		p.expelled(m)
	case *nas.DeregistrationAcceptUE:
		p.cleared()
	case *nas.DLNASTransport:
		p.carried(m)
	case *nas.Notification:
		p.send(&nas.NotificationResponse{})
	case *nas.MMStatus:
		p.fault(m.Cause)
	default:
		p.drop("unexpected " + m.Type().String())
		p.send(&nas.MMStatus{Cause: nas.CauseWrongTypeState})
	}
}

func (p *Phone) fault(c nas.Cause) {
	p.note(NoteDropped, Failure{What: "5GMM STATUS from the core", MM: c})
}

func (p *Phone) identify(m *nas.IdentityRequest) {
	var id nas.MobileIdentity
	var err error
	switch m.Identity {
	case nas.IdentitySUCI:
		id, err = p.concealed()
	case nas.IdentityGUTI:
		if p.hasGUTI {
			id = nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: p.guti}
		}
	case nas.IdentityIMEISV:
		id = nas.MobileIdentity{Type: nas.IdentityIMEISV, Equipment: p.equipment()}
	}
	if err != nil {
		p.drop("could not conceal the SUPI")
		return
	}
	p.answer(&nas.IdentityResponse{Identity: id})
}

// equipment is the phone's IMEISV, made of the end of its SUPI.
func (p *Phone) equipment() ident.IMEISV { return imeisv(uint64(p.supi) & (1<<56 - 1)) }

// challenged is an Authentication Request of either method (§5.4.1).
func (p *Phone) challenged(m *nas.AuthenticationRequest) {
	if p.state == Deregistered {
		p.drop("challenge of a phone that did not ask")
		return
	}
	switch {
	case m.KSI&7 == nas.NoKSI:
		p.drop("challenge without a key set")
	case p.sec.valid && m.KSI == p.sec.ksi:
		p.answer(&nas.AuthenticationFailure{Cause: nas.CauseKSIInUse})
	case m.EAP != nil:
		p.challengedEAP(m)
	case m.RAND == nil || m.AUTN == nil:
		p.drop("challenge without RAND or AUTN")
	default:
		p.challengedAKA(m)
	}
}

// challengedAKA is 5G AKA (§5.4.1.3.2 to §5.4.1.3.4).
func (p *Phone) challengedAKA(m *nas.AuthenticationRequest) {
	if q := p.pending; q != nil && q.request == nil && q.rand == *m.RAND && q.ksi == m.KSI {
		res := q.res
		p.answer(&nas.AuthenticationResponse{RES: &res}) // sent again: so is the answer
		return
	}
	a, auts, err := aka.CheckAUTN(p.cfg.SIM, *m.RAND, *m.AUTN, &p.seen)
	switch {
	case errors.Is(err, aka.ErrNotFresh):
		p.answer(&nas.AuthenticationFailure{Cause: nas.CauseSynchFailure, AUTS: &auts})
		return
	case err != nil:
		p.drop("challenge of another network")
		p.answer(&nas.AuthenticationFailure{Cause: nas.CauseMACFailure})
		return
	case a.AMF[0]&0x80 == 0: // the separation bit (TS 33.501 §6.1.3.2)
		p.answer(&nas.AuthenticationFailure{Cause: nas.CauseNon5GAuthentication})
		return
	}
	snn := p.cfg.PLMN.ServingNetworkName()
	kausf := aka.KAUSF(a.CK, a.IK, snn, [6]byte(m.AUTN[:6]))
	res := aka.RESStar(a.CK, a.IK, snn, *m.RAND, a.RES)
	p.pending = &pendingKeys{kamf: aka.KAMF(aka.KSEAF(kausf, snn), p.supi, m.ABBA), ksi: m.KSI, rand: *m.RAND, res: res}
	p.answer(&nas.AuthenticationResponse{RES: &res})
}

// challengedEAP is EAP-AKA' (§5.4.1.2).
func (p *Phone) challengedEAP(m *nas.AuthenticationRequest) {
	if q := p.pending; q != nil && bytes.Equal(q.request, m.EAP) && q.ksi == m.KSI {
		p.answer(&nas.AuthenticationResponse{EAP: q.response})
		return
	}
	snn := p.cfg.PLMN.ServingNetworkName()
	answer, kausf, err := aka.AnswerEAP(p.cfg.SIM, &p.seen, m.EAP, snn, p.supi)
	switch {
	case errors.Is(err, aka.ErrNotFresh): // the answer asks to resynchronise
	case err != nil:
		p.drop("EAP challenge not accepted: " + err.Error())
	default:
		p.pending = &pendingKeys{kamf: aka.KAMF(aka.KSEAF(kausf, snn), p.supi, m.ABBA), ksi: m.KSI,
			request: m.EAP, response: answer}
	}
	if answer != nil {
		p.answer(&nas.AuthenticationResponse{EAP: answer})
	}
}

// refused is an Authentication Reject (§5.4.1.3.5): the SIM counts as invalid.
func (p *Phone) refused() {
	if p.state == Deregistered {
		p.drop("Authentication Reject of a phone that did not ask")
		return
	}
	p.forget()
	p.giveUp(Failure{What: "authentication rejected"})
}

// newContext is a message under a context that is not in use yet: a Security Mode
// Command, and nothing else (§5.4.2).
func (p *Phone) newContext(b []byte) {
	m, _, err := nas.Parse(b[min(len(b), protectedHeader):])
	smc, ok := m.(*nas.SecurityModeCommand)
	if err != nil || !ok {
		p.drop("new context without a Security Mode Command")
		return
	}
	next, ok := p.contextFor(smc)
	if !ok {
		p.drop("Security Mode Command for keys that do not exist")
		return
	}
	if smc.Integrity == aka.AlgNull || !p.capability().Integrity(smc.Integrity) ||
		!p.capability().Ciphering(smc.Ciphering) || smc.Replayed != p.capability() {
		p.drop("Security Mode Command that does not replay the capabilities")
		p.answer(&nas.SecurityModeReject{Cause: nas.CauseCapabilitiesMismatch})
		return
	}
	next.derive(smc.Integrity, smc.Ciphering)
	if _, ok := next.open(b); !ok {
		p.drop("Security Mode Command with a wrong MAC")
		p.answer(&nas.SecurityModeReject{Cause: nas.CauseSecurityModeRejected})
		return
	}
	p.sec, p.pending, p.secure = next, nil, true
	p.sec.access = p.sec.ul
	p.complete(smc)
}

// contextFor is the context that a command takes into use: new keys with new counters, or
// the keys in use under other algorithms.
func (p *Phone) contextFor(smc *nas.SecurityModeCommand) (security, bool) {
	switch {
	case smc.Additional != nil && *smc.Additional&nas.HorizontalDerivation != 0:
		return security{}, false
	case p.pending != nil && p.pending.ksi == smc.KSI:
		return security{kamf: p.pending.kamf, ksi: smc.KSI, valid: true}, true
	case p.sec.valid && p.sec.ksi == smc.KSI:
		return p.sec, true
	}
	return security{}, false
}

// complete answers a command under the new context, with the initial message in full.
func (p *Phone) complete(smc *nas.SecurityModeCommand) {
	m := &nas.SecurityModeComplete{Container: p.initial}
	if smc.IMEISVRequest != nil && *smc.IMEISVRequest == nas.IMEISVRequested {
		v := p.equipment()
		m.IMEISV = &v
	}
	b, err := nas.Append(nil, m)
	if err != nil {
		p.drop("could not encode the Security Mode Complete")
		return
	}
	p.do(Send{p.sec.seal(headerNewCiphered, b)})
}
