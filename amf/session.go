package amf

import "cordon/wire/nas"

// smMessage takes a session's word to the device and its radio. An idle device cannot be
// reached: the session learns that its radio is gone and settles with the device at the next
// request (TS 24.501 §5.6.1.4, PDU session status).
func (a *AMF) smMessage(ev SMMessage) {
	u := a.ues[ev.SUPI]
	switch {
	case u == nil:
		a.drop(ReasonNoDevice)
		a.emit(SMDeactivate{ev.SUPI, ev.PSI})
	case u.conn == nil:
		a.drop(ReasonIdle)
		a.emit(SMDeactivate{ev.SUPI, ev.PSI})
	case ev.N2 == N2SetupRequest && !u.sessions.Has(ev.PSI):
		a.drop(ReasonNoSession)
	case ev.N2 == N2SetupRequest:
		a.setupSession(u.conn, []pendingSession{{ev.PSI, ev.SNSSAI, ev.N1, ev.Transfer}})
	case ev.N2 == N2ReleaseCommand:
		a.releaseSession(u.conn, ev)
	case ev.N1 != nil:
		a.sendNAS(u.conn, &nas.DLNASTransport{PayloadType: nas.PayloadSM, Payload: ev.N1, Session: ev.PSI})
	default:
		a.drop(ReasonState)
	}
}

// smEnded frees a session's identity.
func (a *AMF) smEnded(ev SMEnded) {
	u := a.ues[ev.SUPI]
	if u == nil || !u.sessions.Has(ev.PSI) {
		a.drop(ReasonNoSession)
		return
	}
	u.sessions, u.wanted = u.sessions.Without(ev.PSI), u.wanted.Without(ev.PSI)
	if u.wanted == 0 {
		a.endPaging(u)
	}
	if u.conn != nil {
		a.withdraw(u.conn, nas.PDUSessions(0).With(ev.PSI)) // if it was not told before
		a.idle(u.conn)
	}
	a.save(u)
	if c := u.conn; c != nil && c.act != nil && c.act.waiting.Has(ev.PSI) {
		a.smActivated(SMActivated{SUPI: ev.SUPI, PSI: ev.PSI})
	}
}

// smKept has a session judged by where it leads, and not by what was asked for in its place: a device cannot lift a
// rule off one session by asking badly for another of the same identity.
func (a *AMF) smKept(ev SMKept) {
	u := a.ues[ev.SUPI]
	if u == nil || !u.sessions.Has(ev.PSI) {
		a.drop(ReasonNoSession)
		return
	}
	u.routes[ev.PSI] = a.lists.number(route{ev.SNSSAI, ev.DNN})
	u.seal(ev.PSI, ev.Sealed)
	a.drop(ReasonAccepted)
	if u.conn != nil && a.law != nil {
		a.judgeSessions(u.conn, nas.PDUSessions(0).With(ev.PSI))
	}
	a.save(u)
}

// idle lets a connection with nothing to do go after a while: devices that asked for nothing
// in their request often do a moment later.
func (a *AMF) idle(c *conn) {
	if c.state == stateReady && c.ue.wanted != 0 {
		a.wake(c)
	}
	if c.state == stateReady && !c.carries() && c.update == nil {
		a.start(c, timerIdle, tIdle)
	}
}
