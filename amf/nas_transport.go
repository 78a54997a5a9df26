package amf

import (
	"cordon/ident"
	"cordon/wire/nas"
)

// maxReturned is the longest payload that is sent back unforwarded.
const maxReturned = 4096

// transport is a payload of the device for another part of the network (TS 24.501 §5.4.5.2).
// What cannot be forwarded goes back to it.
func (a *AMF) transport(c *conn, m *nas.ULNASTransport) {
	switch {
	case c.state == stateLeaving:
		a.drop(ReasonState)
	case c.ue == nil || !c.ue.accepted:
		a.unexpected(c)
	case m.PayloadType != nas.PayloadSM:
		a.giveBack(c, m, nas.CauseNotForwarded)
	case m.Session < 1 || m.Session > 15:
		a.giveBack(c, m, nas.CauseNotForwarded)
	default:
		a.transportSM(c, m)
	}
}

// transportSM routes a 5GSM message by its session and what it asks for.
func (a *AMF) transportSM(c *conn, m *nas.ULNASTransport) {
	u := c.ue
	known := u.sessions.Has(m.Session)
	switch m.Request {
	case nas.RequestInitial, nas.RequestMAPDU:
		a.createSession(c, m)
	case nas.RequestExisting:
		if !known {
			a.giveBack(c, m, nas.CauseNotForwarded)
			return
		}
		a.createSession(c, m)
	case nas.RequestInitialEmergency, nas.RequestExistingEmergency:
		a.giveBack(c, m, nas.CauseNotForwarded)
	default: // modification, or a message that belongs to a session
		switch {
		case known:
			a.emit(SMN1{u.supi, m.Session, m.Payload})
		case establishes(m.Payload):
			// Some devices leave the request type out; the message itself says it.
			a.createSession(c, m)
		default:
			a.giveBack(c, m, nas.CauseNotForwarded)
		}
	}
}

// establishes reports whether a 5GSM message is a PDU SESSION ESTABLISHMENT REQUEST.
func establishes(sm []byte) bool {
	return len(sm) > 3 && sm[0] == byte(nas.ProtocolSM) && nas.SMMessageType(sm[3]) == nas.TypePDUSessionEstablishmentRequest
}

// createSession asks for a session on a slice that is allowed and a data network that is
// subscribed there. What the device leaves out is its subscription's default.
func (a *AMF) createSession(c *conn, m *nas.ULNASTransport) {
	u := c.ue
	slice, ok := a.sessionSlice(u, m.Slice)
	if !ok {
		a.giveBack(c, m, nas.CauseNotForwarded)
		return
	}
	dnn, settings := u.plan.SelectDNN(slice, m.DNN)
	if settings == nil {
		a.giveBack(c, m, nas.CauseDNNNotSupported)
		return
	}
	u.sessions = u.sessions.With(m.Session)
	c.active = c.active.Without(m.Session)
	a.stop(c, timerIdle)
	a.emit(SMCreate{
		SUPI: u.supi, PSI: m.Session, SNSSAI: slice, DNN: dnn, Settings: settings, Radio: c.radio, N1: m.Payload,
	})
	a.save(u)
}

// sessionSlice is the slice of a new session: the one asked for if it is allowed, else the
// subscription's first that is.
func (a *AMF) sessionSlice(u *ue, asked *ident.SNSSAI) (ident.SNSSAI, bool) {
	if asked != nil {
		return *asked, contains(u.allowed, *asked)
	}
	for _, s := range u.plan.DefaultSlices() {
		if contains(u.allowed, s) {
			return s, true
		}
	}
	return u.allowed[0], true
}

// giveBack returns a payload that was not forwarded, with the reason (TS 24.501 §5.4.5.3.1 c).
func (a *AMF) giveBack(c *conn, m *nas.ULNASTransport, cause nas.Cause) {
	if len(m.Payload) > maxReturned {
		a.drop(ReasonTooLarge)
		a.sendNAS(c, &nas.MMStatus{Cause: cause})
		return
	}
	a.drop(ReasonRefused)
	a.sendNAS(c, &nas.DLNASTransport{PayloadType: m.PayloadType, Payload: m.Payload, Session: m.Session, Cause: cause})
}
