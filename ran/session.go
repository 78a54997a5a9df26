package ran

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// openConfigured asks for those of the phone's sessions that it does not have.
func (p *Phone) openConfigured() {
	for i, c := range p.cfg.Sessions {
		if psi := ident.PDUSessionID(i + 1); p.session(psi) == nil && !p.leftAlone(c.DNN) {
			p.sessions = append(p.sessions, session{psi: psi, cfg: c, pti: p.nextPTI()})
		}
	}
	if !p.connected || p.restricted() {
		return
	}
	for i := range p.sessions {
		if s := &p.sessions[i]; s.state == sessionWanted || s.unheard {
			p.sendSession(&p.sessions[i])
		}
	}
}

// open asks for a session (TS 24.501 §6.4.1.2), in place of one with the same number; if
// need be once there is a connection.
func (p *Phone) open(psi ident.PDUSessionID, c SessionConfig) {
	if !p.registered || psi < 1 || psi > 15 || p.leftAlone(c.DNN) {
		p.drop("session that cannot be opened now")
		return
	}
	if s := p.session(psi); s != nil {
		p.stopSession(s)
		p.forgetSession(psi)
	}
	p.sessions = append(p.sessions, session{psi: psi, cfg: c, pti: p.nextPTI()})
	switch {
	case p.restricted(): // it waits for an area with service
	case p.state == Registered && p.connected:
		p.sendSession(p.session(psi))
	case p.state == Registered:
		p.request(nas.ServiceSignalling, ngap.RRCMOSignalling, 0)
	}
}

// close asks for its end (§6.4.3).
func (p *Phone) close(psi ident.PDUSessionID) {
	s := p.session(psi)
	if s == nil || s.state != sessionOpen || p.state != Registered || !p.connected || p.restricted() {
		p.drop("session that cannot be closed now")
		return
	}
	s.state, s.tries, s.pti = sessionClosing, 0, p.nextPTI()
	p.sendSession(s)
}

// sendSession sends what a session's state calls for, the first time or again.
func (p *Phone) sendSession(s *session) {
	s.tries++
	s.unheard = false
	switch s.state {
	case sessionWanted, sessionOpening:
		s.state = sessionOpening
		p.sendSM(s, &nas.PDUSessionEstablishmentRequest{
			IntegrityRate: nas.IntegrityRate{Uplink: nas.FullRate, Downlink: nas.FullRate},
			SessionType:   s.cfg.asks(),
			SSC:           1,
			Options:       []nas.ProtocolOption{{ID: nas.OptionDNSv4}, {ID: nas.OptionMTUv4}, {ID: nas.OptionDNSv6}, {ID: nas.OptionMTUEthernet}},
		})
		p.do(Start{Timer: T3580, PSI: s.psi, After: cmp.Or(p.cfg.Timers.T3580, standardT3580)})
	case sessionClosing:
		p.sendSM(s, &nas.PDUSessionReleaseRequest{Cause: nas.SMCauseRegular})
		p.do(Start{Timer: T3582, PSI: s.psi, After: cmp.Or(p.cfg.Timers.T3582, standardT3582)})
	}
}

func (p *Phone) sendSM(s *session, m nas.SMMessage) {
	b, err := nas.AppendSM(nil, nas.SMHeader{Session: s.psi, PTI: s.pti}, m)
	if err != nil {
		p.drop("could not encode " + m.Type().String())
		return
	}
	t := &nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: b, Session: s.psi}
	if s.state == sessionOpening {
		t.Request = nas.RequestInitial
		t.DNN = s.cfg.DNN
		if s.cfg.Slice != (ident.SNSSAI{}) {
			slice := s.cfg.Slice
			t.Slice = &slice
		}
	}
	p.send(t)
}

// answerSM answers a message of the network with the same identifiers.
func (p *Phone) answerSM(h nas.SMHeader, m nas.SMMessage) {
	b, err := nas.AppendSM(nil, h, m)
	if err != nil {
		p.drop("could not encode " + m.Type().String())
		return
	}
	p.send(&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: b, Session: h.Session})
}

// nextPTI is 1 to 254, in turn.
func (p *Phone) nextPTI() ident.PTI {
	p.pti = p.pti%254 + 1
	return p.pti
}

func (p *Phone) stopSession(s *session) {
	if s.state == sessionOpening || s.state == sessionClosing {
		p.do(Stop{Timer: T3580, PSI: s.psi})
		p.do(Stop{Timer: T3582, PSI: s.psi})
	}
}

func (p *Phone) forgetSession(psi ident.PDUSessionID) {
	p.sessions = slices.DeleteFunc(p.sessions, func(s session) bool { return s.psi == psi })
}

// sessionUnanswered is T3580 or T3582 running out (§6.4.1.6, §6.4.3.5). Where the phone has no service it asks for
// nothing (§5.3.5.2), and asks again where it has.
func (p *Phone) sessionUnanswered(psi ident.PDUSessionID) {
	s := p.session(psi)
	if s == nil || s.state != sessionOpening && s.state != sessionClosing {
		return
	}
	opening := s.state == sessionOpening
	switch {
	case opening && p.restricted():
		s.state = sessionWanted
		return
	case s.tries >= maxSends:
	case p.connected && p.state == Registered:
		p.sendSession(s)
		return
	case opening && p.registered: // the connection was lost before the answer: it takes another
		s.unheard = true
		s.tries++
		p.do(Start{Timer: T3580, PSI: psi, After: cmp.Or(p.cfg.Timers.T3580, standardT3580)})
		p.request(nas.ServiceSignalling, ngap.RRCMOSignalling, 0)
		return
	}
	p.forgetSession(psi)
	if opening {
		p.fail(NoteSessionFailed, psi, Failure{What: "session establishment not answered"})
		return
	}
	p.do(Note{Kind: NoteSessionClosed, PSI: psi, Cause: Failure{What: "session release not answered"}})
}

// carried is a DL NAS Transport: a 5GSM message, or one of ours that was not forwarded.
func (p *Phone) carried(m *nas.DLNASTransport) {
	if m.PayloadType != nas.PayloadSM {
		p.drop("payload that is not session management")
		return
	}
	h, sm, _, err := nas.ParseSM(m.Payload)
	if m.Cause != 0 {
		p.returned(h, m.Cause)
		return
	}
	if err != nil {
		p.drop("5GSM message that does not parse")
		if e, ok := errors.AsType[*nas.DecodeError](err); ok && e.Cause != 0 {
			p.answerSM(h, &nas.SMStatus{Cause: nas.SMCause(e.Cause)})
		}
		return
	}
	switch sm := sm.(type) {
	case *nas.PDUSessionEstablishmentAccept:
		p.opened(h, sm)
	case *nas.PDUSessionEstablishmentReject:
		p.notOpened(h, sm)
	case *nas.PDUSessionReleaseCommand:
		p.closed(h, sm)
	case *nas.PDUSessionReleaseReject:
		p.notClosed(h, sm.Cause)
	case *nas.PDUSessionModificationCommand:
		p.answerSM(h, &nas.PDUSessionModificationComplete{})
	case *nas.SMStatus:
		p.sessionFault(h, sm.Cause)
	default:
		p.drop("unexpected " + sm.Type().String())
		p.answerSM(h, &nas.SMStatus{Cause: nas.SMCauseUnknownType})
	}
}

// returned is a message of ours that the core did not forward. Where the area is to blame the phone registers anew, and
// asks for the session again once that says where it may (§5.4.5.3.3).
func (p *Phone) returned(h nas.SMHeader, c nas.Cause) {
	s := p.session(h.Session)
	if s == nil || s.state != sessionOpening {
		p.note(NoteDropped, Failure{What: "5GSM message not forwarded", MM: c})
		return
	}
	p.stopSession(s)
	if c == nas.CauseRestrictedServiceArea && s.tries < maxSends {
		s.state, s.pti = sessionWanted, p.nextPTI()
		p.note(NoteRestricted, Failure{What: "session request not forwarded", MM: c})
		p.again = updateRegistration
		p.await()
		return
	}
	p.forgetSession(h.Session)
	p.fail(NoteSessionFailed, h.Session, Failure{What: "session request not forwarded", MM: c})
}

// opened is an Establishment Accept (§6.4.1.3).
func (p *Phone) opened(h nas.SMHeader, m *nas.PDUSessionEstablishmentAccept) {
	s := p.session(h.Session)
	if s == nil || s.state != sessionOpening || s.pti != h.PTI {
		p.drop("Establishment Accept nobody asked for")
		p.answerSM(h, &nas.SMStatus{Cause: nas.SMCausePTIMismatch})
		return
	}
	p.stopSession(s)
	if len(m.Rules) == 0 || !s.take(m) {
		p.forgetSession(h.Session)
		p.fail(NoteSessionFailed, h.Session, Failure{What: "session without the addresses of its type or a QoS rule"})
		return
	}
	s.state, s.tries = sessionOpen, 0
	p.do(Note{Kind: NoteSessionOpened, PSI: s.psi, Addr: s.addr})
}

// asks is the type that a phone asks for.
func (c *SessionConfig) asks() nas.PDUSessionType { return cmp.Or(c.Type, nas.PDUSessionIPv4) }

// take takes over the addresses that a session has got; it is false where they are not those of a type that was asked
// for: who asks for both may get one.
func (s *session) take(m *nas.PDUSessionEstablishmentAccept) bool {
	a := m.Address
	if s.frames = m.SessionType == nas.PDUSessionEthernet; s.frames {
		s.mtuOf(m, nas.OptionMTUEthernet)
		return s.cfg.asks() == nas.PDUSessionEthernet && a == nil
	}
	if a == nil || a.Type != m.SessionType || a.Type != s.cfg.asks() && s.cfg.asks() != nas.PDUSessionIPv4v6 {
		return false
	}
	s.addr, s.id = a.IPv4, a.InterfaceID
	s.mtuOf(m, nas.OptionMTUv4)
	return s.kind() == a.Type
}

// mtuOf takes over what the core says of the largest packet.
func (s *session) mtuOf(m *nas.PDUSessionEstablishmentAccept, option nas.OptionID) {
	for _, o := range m.Options {
		if o.ID == option && len(o.Content) == 2 {
			s.mtu = binary.BigEndian.Uint16(o.Content)
		}
	}
}

// kind is the session's type, 0 until the core has said it.
func (s *session) kind() nas.PDUSessionType {
	v4, v6 := s.addr.IsValid(), s.id != [8]byte{}
	switch {
	case s.frames:
		return nas.PDUSessionEthernet
	case v4 && v6:
		return nas.PDUSessionIPv4v6
	case v4:
		return nas.PDUSessionIPv4
	case v6:
		return nas.PDUSessionIPv6
	}
	return 0
}

func (p *Phone) notOpened(h nas.SMHeader, m *nas.PDUSessionEstablishmentReject) {
	s := p.session(h.Session)
	if s == nil || s.state != sessionOpening || s.pti != h.PTI {
		p.drop("Establishment Reject nobody asked for")
		return
	}
	p.stopSession(s)
	p.leaveAlone(s, m)
	p.forgetSession(h.Session)
	p.fail(NoteSessionFailed, h.Session, Failure{What: "session rejected", SM: m.Cause})
}

// closed is a Release Command, asked for or not (§6.3.3.3). One for a session that is gone
// is completed all the same, since the Complete may have been lost.
func (p *Phone) closed(h nas.SMHeader, m *nas.PDUSessionReleaseCommand) {
	p.answerSM(h, &nas.PDUSessionReleaseComplete{})
	s := p.session(h.Session)
	if s == nil {
		return
	}
	p.stopSession(s)
	cfg := s.cfg
	p.forgetSession(h.Session)
	p.do(Note{Kind: NoteSessionClosed, PSI: h.Session, Cause: Failure{What: "session released", SM: m.Cause}})
	if m.Cause == nas.SMCauseReactivation {
		p.open(h.Session, cfg)
	}
}

func (p *Phone) notClosed(h nas.SMHeader, c nas.SMCause) {
	s := p.session(h.Session)
	if s == nil || s.state != sessionClosing || s.pti != h.PTI {
		p.drop("Release Reject nobody asked for")
		return
	}
	p.stopSession(s)
	if c == nas.SMCauseInvalidSession {
		p.forgetSession(h.Session)
		p.do(Note{Kind: NoteSessionClosed, PSI: h.Session})
		return
	}
	s.state, s.tries = sessionOpen, 0
	p.drop("session release rejected")
}

// sessionFault is a 5GSM STATUS (§6.5.3): it ends the procedure that it is about.
func (p *Phone) sessionFault(h nas.SMHeader, c nas.SMCause) {
	s := p.session(h.Session)
	if s == nil || s.pti != h.PTI || s.state != sessionOpening && s.state != sessionClosing {
		p.note(NoteDropped, Failure{What: "5GSM STATUS from the core", SM: c})
		return
	}
	p.stopSession(s)
	opening := s.state == sessionOpening
	p.forgetSession(h.Session)
	if opening {
		p.fail(NoteSessionFailed, h.Session, Failure{What: "session refused by STATUS", SM: c})
		return
	}
	p.do(Note{Kind: NoteSessionClosed, PSI: h.Session, Cause: Failure{What: "session released by STATUS", SM: c}})
}
