package smf

import (
	"errors"
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
)

// parse decodes a 5GSM message of the session's device and checks its header (TS 24.501
// §7.3). Where it does not stand, it is answered by a 5GSM STATUS or dropped.
func (m *SMF) parse(k Key, b []byte) (h nas.SMHeader, msg nas.SMMessage, ok bool) {
	h, msg, ignored, err := nas.ParseSM(b)
	if err != nil {
		m.drop(k, ReasonBadN1)
		if bad, ok := errors.AsType[*nas.DecodeError](err); ok && bad.Cause != 0 && h.PTI != 255 {
			m.status(k, h.PTI, nas.SMCause(bad.Cause)) // the numbers are those of 5GMM
		}
		return h, nil, false
	}
	switch {
	case h.PTI == 255: // reserved: ignored (§7.3.1 b)
		m.drop(k, ReasonPTI)
		return h, nil, false
	case h.Session != k.PSI:
		m.drop(k, ReasonNoSession)
		m.status(k, h.PTI, nas.SMCauseInvalidSession)
		return h, nil, false
	}
	if _, asks := msg.(*nas.PDUSessionEstablishmentRequest); asks && malformed(ignored) {
		m.reject(k, m.sliceOf(nil), h.PTI, nas.SMCauseSemantic)
		return h, nil, false
	}
	return h, msg, true
}

// malformed reports whether an optional element was there and could not be read. TS 24.501 §7.7.1
// has it treated as absent; a session opened on half of what was asked for helps nobody, and the
// lengths within protocol configuration options have broken other cores.
func malformed(ignored []*nas.DecodeError) bool {
	return slices.ContainsFunc(ignored, func(e *nas.DecodeError) bool {
		return !errors.Is(e, nas.ErrUnknownIE) && !errors.Is(e, nas.ErrRepeated)
	})
}

// fromDevice takes a 5GSM message for a session that exists, or should.
func (m *SMF) fromDevice(ev N1) {
	h, msg, ok := m.parse(ev.Key, ev.Msg)
	if !ok {
		return
	}
	s := m.sessions[ev.Key]
	switch msg := msg.(type) {
	case *nas.PDUSessionReleaseRequest:
		m.releaseRequest(s, ev.Key, h.PTI)
	case *nas.PDUSessionReleaseComplete:
		m.releaseComplete(s, ev.Key, h.PTI)
	case *nas.PDUSessionModificationRequest:
		m.modificationRequest(s, ev.Key, h.PTI)
	case *nas.SMStatus:
		m.fromStatus(s, ev.Key, msg.Cause)
	default:
		m.drop(ev.Key, ReasonState)
		m.status(ev.Key, h.PTI, nas.SMCauseWrongTypeState)
	}
}

// modificationRequest refuses: the flows of a session are the network's to choose
// (§6.4.2.4).
func (m *SMF) modificationRequest(s *session, k Key, pti ident.PTI) {
	cause := nas.SMCauseNotSupported
	if s == nil {
		cause = nas.SMCauseInvalidSession
	}
	m.toDevice(k, m.sliceOf(s), pti, &nas.PDUSessionModificationReject{Cause: cause})
	m.drop(k, ReasonRefused)
}

// fromStatus takes the device's complaint about a message of this side (§6.5.3).
func (m *SMF) fromStatus(s *session, k Key, cause nas.SMCause) {
	switch {
	case s == nil:
		m.drop(k, ReasonNoSession)
	case cause == nas.SMCauseInvalidSession: // the device does not have it
		m.releaseLocally(s)
	case s.state == stateReleasing && (cause == nas.SMCausePTIMismatch || cause == nas.SMCauseInvalidPTI):
		s.awaitN1 = false
		m.released(s)
	default:
		m.drop(k, ReasonState)
	}
}

// status sends 5GSM STATUS (§6.5.2).
func (m *SMF) status(k Key, pti ident.PTI, cause nas.SMCause) {
	m.toDevice(k, m.sliceOf(m.sessions[k]), pti, &nas.SMStatus{Cause: cause})
}

func (m *SMF) sliceOf(s *session) ident.SNSSAI {
	if s == nil {
		return ident.SNSSAI{SD: ident.NoSD}
	}
	return s.snssai
}

// toDevice sends a 5GSM message that concerns no radio.
func (m *SMF) toDevice(k Key, slice ident.SNSSAI, pti ident.PTI, msg nas.SMMessage) {
	b, err := nas.AppendSM(nil, nas.SMHeader{Session: k.PSI, PTI: pti}, msg)
	if err != nil { // only a constant of this package could be at fault
		panic(err)
	}
	m.emit(Message{Key: k, SNSSAI: slice, N1: b})
}
