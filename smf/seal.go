package smf

import (
	"cordon/wire/nas"
	"cordon/wire/pfcp"
)

// seal follows a rule that changed, or a device that moved.
func (m *SMF) seal(ev Seal) {
	s := m.sessions[ev.Key]
	switch {
	case s == nil:
		m.drop(ev.Key, ReasonNoSession)
	case s.state == stateReleasing || s.sealed == ev.Sealed:
		m.drop(ev.Key, ReasonState)
	default:
		s.sealed = ev.Sealed
		m.tell(s)
		m.emit(Save{s.key.SUPI})
	}
}

// tell has the user plane seal the session, or open it, as soon as it has the session.
func (m *SMF) tell(s *session) {
	if s.peer == 0 || s.told == s.sealed {
		return
	}
	s.told = s.sealed
	m.emit(Modify{Key: s.key, Gen: s.gen, Change: ChangeSeal, Request: pfcp.Modification{
		SEID: s.peer,
		PDRs: m.detection(s, s.local),
	}})
}

// unsealed ends a session whose filters the user plane did not change, or does not yet: what it passes now is
// not known, and a device that asks again gets a session that is right from its first packet on. A user plane that is away
// may pass on what it passed, so that what ends the session is its radio.
func (m *SMF) unsealed(s *session) {
	m.drop(s.key, ReasonSeal)
	if s.onRadio() {
		m.release(s, 0, nas.SMCauseNetworkFailure)
		return
	}
	m.forget(s)
}
