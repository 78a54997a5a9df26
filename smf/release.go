package smf

import (
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// releaseRequest is the UE-requested PDU session release (TS 24.501 §6.4.3).
func (m *SMF) releaseRequest(s *session, k Key, pti ident.PTI) {
	switch {
	case pti == 0:
		m.drop(k, ReasonPTI)
		m.status(k, pti, nas.SMCauseInvalidPTI)
	case s == nil:
		m.drop(k, ReasonNoSession)
		m.toDevice(k, m.sliceOf(nil), pti, &nas.PDUSessionReleaseReject{Cause: nas.SMCauseInvalidSession})
	case s.state == stateReleasing: // collision: the command under way serves both (§6.3.3.6)
		m.drop(k, ReasonState)
	default:
		m.release(s, pti, nas.SMCauseRegular)
	}
}

// releaseByNetwork ends a session for an operator, or because its device is gone.
func (m *SMF) releaseByNetwork(ev Release) {
	s := m.sessions[ev.Key]
	switch {
	case s == nil:
		m.drop(ev.Key, ReasonNoSession)
	case ev.Signal && s.onRadio():
		m.release(s, 0, nas.SMCauseRegular)
	default: // an idle device learns of it by the status of its sessions (§5.6.1.4)
		m.forget(s)
	}
}

// release sends PDU SESSION RELEASE COMMAND (§6.3.3.2). The rules end at once, the identity and the
// address when the device and the radio have both answered, in whichever order.
func (m *SMF) release(s *session, pti ident.PTI, cause nas.SMCause) {
	b, err := nas.AppendSM(nil, nas.SMHeader{Session: s.key.PSI, PTI: pti}, &nas.PDUSessionReleaseCommand{Cause: cause})
	if err != nil {
		panic(err)
	}
	msg := Message{Key: s.key, SNSSAI: s.snssai, N1: b}
	s.awaitN1, s.awaitN2 = true, s.onRadio()
	if s.awaitN2 {
		msg.Kind, msg.Transfer = N2ReleaseCommand, releaseTransfer(ngap.CauseNASNormalRelease)
	}
	s.state, s.pti, s.command, s.tries, s.asked = stateReleasing, pti, b, 1, nil
	m.endRules(s)
	m.stop(s, timerN2)
	m.start(s, timerT3592, t3592)
	m.emit(msg)
}

// releaseComplete is the device's answer (§6.3.3.3).
func (m *SMF) releaseComplete(s *session, k Key, pti ident.PTI) {
	switch {
	case s == nil:
		m.drop(k, ReasonNoSession)
		m.status(k, pti, nas.SMCauseInvalidSession)
	case s.state != stateReleasing || !s.awaitN1:
		m.drop(k, ReasonState)
		m.status(k, pti, nas.SMCauseWrongTypeState)
	case pti != s.pti:
		m.drop(k, ReasonPTI)
		m.status(k, pti, nas.SMCausePTIMismatch)
	default:
		s.awaitN1 = false
		m.released(s)
	}
}

// released forgets the session once nobody's answer is awaited.
func (m *SMF) released(s *session) {
	if !s.awaitN1 {
		m.stop(s, timerT3592)
	}
	switch {
	case s.awaitN1:
	case s.awaitN2:
		m.start(s, timerN2, tN2)
	default:
		m.forget(s)
	}
}

// expiredT3592 sends the command again on the first four expiries and gives up on the
// fifth (§6.3.3.5 a).
func (m *SMF) expiredT3592(s *session) {
	if s.tries == t3592Tries {
		m.forget(s)
		return
	}
	s.tries++
	m.start(s, timerT3592, t3592)
	m.emit(Message{Key: s.key, SNSSAI: s.snssai, N1: s.command})
}

// releaseLocally ends a session that the device says it does not have.
func (m *SMF) releaseLocally(s *session) {
	if s.onRadio() {
		m.releaseResources(s, ngap.CauseNASNormalRelease)
	}
	m.forget(s)
}
