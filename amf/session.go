package amf

import (
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// sessionAnswer takes a radio's answers about sessions to the SMF, once the radio has a device
// to speak of. Late ones, after a release, are nobody's.
func (a *AMF) sessionAnswer(c *conn, first []ngap.PDUSessionTransfer, kind N2Kind, second []ngap.PDUSessionTransfer, other N2Kind) {
	if c.ue == nil || c.setup == setupNone {
		a.drop(ReasonState)
		return
	}
	a.n2(c, kind, first)
	a.n2(c, other, second)
	if len(first)+len(second) == 0 {
		a.drop(ReasonNoSession)
	}
}

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

// releaseSession takes a session's resources from the radio; the device's message goes
// along. A radio that does not serve the session only carries the message.
func (a *AMF) releaseSession(c *conn, ev SMMessage) {
	var pdu []byte
	if ev.N1 != nil {
		pdu = a.protect(c, &nas.DLNASTransport{PayloadType: nas.PayloadSM, Payload: ev.N1, Session: ev.PSI})
	}
	if !c.active.Has(ev.PSI) {
		a.emit(SMN2{ev.SUPI, ev.PSI, N2ReleaseResponse, c.radio.ID, nil}) // as it would answer
		if pdu != nil {
			a.sendPDU(c, pdu)
		}
		return
	}
	c.active = c.active.Without(ev.PSI)
	a.send(c, &ngap.PDUSessionResourceReleaseCommand{
		AMFUENGAPID: c.id, RANUENGAPID: c.ran, NASPDU: pdu,
		Release: []ngap.PDUSessionTransfer{{ID: ev.PSI, Transfer: ev.Transfer}},
	})
}

// withdraw takes from the radio what it holds for sessions that are no more. The device knows,
// so nothing goes to it; but a radio that still holds a session refuses another of its
// identity.
func (a *AMF) withdraw(c *conn, gone nas.PDUSessions) {
	gone &= c.active
	if gone == 0 {
		return
	}
	c.active &^= gone
	cmd := &ngap.PDUSessionResourceReleaseCommand{AMFUENGAPID: c.id, RANUENGAPID: c.ran}
	transfer, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseCommandTransfer{Cause: ngap.CauseNASNormalRelease})
	if err != nil { // only a constant could be at fault
		panic("amf: " + err.Error())
	}
	for psi := range sessions(gone) {
		cmd.Release = append(cmd.Release, ngap.PDUSessionTransfer{ID: psi, Transfer: transfer})
	}
	a.send(c, cmd)
}

// smEnded frees a session's identity.
func (a *AMF) smEnded(ev SMEnded) {
	u := a.ues[ev.SUPI]
	if u == nil || !u.sessions.Has(ev.PSI) {
		a.drop(ReasonNoSession)
		return
	}
	u.sessions = u.sessions.Without(ev.PSI)
	if u.conn != nil {
		u.conn.active = u.conn.active.Without(ev.PSI)
		a.idle(u.conn)
	}
	a.save(u)
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
	if c.state == stateReady && c.active == 0 && c.update == nil {
		a.start(c, timerIdle, tIdle)
	}
}
