package smf

import (
	"time"

	"cordon/wire/pfcp"
)

// tQuiet is how long the user plane does not notify of data for a device that could not be reached. What waits then is dropped, for
// the user plane notifies of the first packet that it keeps and of no other.
const tQuiet = time.Minute

// kept has the user plane keep what comes for a device without a radio, and say that something came.
func kept() pfcp.FAR {
	return pfcp.FAR{ID: ruleDown, Action: pfcp.Buffer | pfcp.NotifyCP, Destination: pfcp.Access}
}

// downlinkData has the device of an idle session looked for. While a radio is being asked for the session, or serves it, what
// waits goes out by itself.
func (m *SMF) downlinkData(ev DownlinkData) {
	k, ok := m.seids[ev.SEID]
	if !ok {
		m.drop(k, ReasonNoSession)
		return
	}
	s := m.sessions[k]
	switch {
	case s.state == stateIdle && !s.quiet:
		s.waits = true
		m.emit(Reach{k})
		return
	case s.state < stateActive || s.state == stateRouting || s.state == stateActivating:
		s.waits = true
	}
	m.drop(k, ReasonState)
}

// unreached has the user plane be quiet about a device that was not found, or that may not have the session where it is.
func (m *SMF) unreached(ev Unreached) {
	s := m.sessions[ev.Key]
	switch {
	case s == nil:
		m.drop(ev.Key, ReasonNoSession)
	case s.state != stateIdle || !s.waits:
		m.drop(ev.Key, ReasonState)
	default:
		m.hush(s)
	}
}

// rest makes a session idle that no radio has taken. Data that waits for it has been notified of already, and would not be again.
func (m *SMF) rest(s *session) {
	s.state = stateIdle
	if s.waits || s.quiet {
		m.hush(s)
	}
}

// hush has the user plane keep what comes, and say nothing for a while.
func (m *SMF) hush(s *session) {
	s.waits, s.quiet = false, true
	m.start(s, timerQuiet, tQuiet)
	m.emit(Modify{Key: s.key, Gen: s.gen, Change: ChangeHold, Request: pfcp.Modification{
		SEID: s.peer,
		FARs: []pfcp.FAR{{ID: ruleDown, Action: pfcp.Buffer, Destination: pfcp.Access}},
	}})
}

// heard ends what hush began: the user plane is told where downlink goes.
func (m *SMF) heard(s *session) {
	s.waits, s.quiet = false, false
	m.stop(s, timerQuiet)
}

// expiredQuiet has the user plane notify again. A session that a radio is being asked for comes to rest, or is active.
func (m *SMF) expiredQuiet(s *session) {
	if s.state != stateIdle {
		return
	}
	m.heard(s)
	m.emit(Modify{Key: s.key, Gen: s.gen, Change: ChangeHold, Request: pfcp.Modification{
		SEID: s.peer, FARs: []pfcp.FAR{kept()}, DropBuffered: true,
	}})
}
