package amf

import (
	"errors"

	"cordon/ident"
	"cordon/rules"
	"cordon/subscriber"
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
	slice, network, err := u.plan.Select(u.allowed, m.Slice, m.DNN)
	switch {
	case errors.Is(err, subscriber.ErrDNN) && m.DNN == dnnIMS:
		a.emit(SMCreate{SUPI: u.supi, PSI: m.Session, SNSSAI: u.allowed[0], DNN: m.DNN, Radio: c.radio, N1: m.Payload})
		return
	case errors.Is(err, subscriber.ErrDNN):
		a.giveBack(c, m, nas.CauseDNNNotSupported)
		return
	case err != nil:
		a.giveBack(c, m, nas.CauseNotForwarded)
		return
	}
	create := SMCreate{
		SUPI: u.supi, PSI: m.Session, SNSSAI: slice.SNSSAI, DNN: network.DNN, Settings: network, Protected: u.protected, Radio: c.radio, N1: m.Payload,
	}
	was := u.routes[m.Session]
	u.routes[m.Session] = a.lists.number(route{slice.SNSSAI, network.DNN})
	sealed, ok := a.admitSession(c, m.Session, true)
	if !ok {
		u.routes[m.Session] = was
		a.drop(ReasonLaw)
		a.refuseSession(c, m, create)
		return
	}
	create.Sealed = sealed
	u.sessions = u.sessions.With(m.Session)
	a.stop(c, timerIdle)
	a.emit(create)
	a.save(u)
}

// refuseSession has a session refused by its own protocol, which can say for how long. A device that the
// radio may not serve at all is let go instead, for such a refusal would follow it to radios where it
// may have the session. Where its area is closed to it the request goes back (TS 24.501 §5.4.5.3.1), so that it
// asks again where it may: one that hears nothing of it waits for 16 seconds, wherever it is by then.
func (a *AMF) refuseSession(c *conn, m *nas.ULNASTransport, create SMCreate) {
	if a.judgeDevice(c, c.ue.protected).Act == rules.Refuse {
		if a.limits[c.ue.class()].holds(c.tai.TAC) {
			a.giveBack(c, m, nas.CauseRestrictedServiceArea)
		}
		a.leaveRadio(c)
		return
	}
	create.Refused = true
	a.emit(create)
}

// dnnIMS is the data network that phones ask for by themselves, for voice (GSMA NG.114). Where it is
// not subscribed to, what keeps them from asking again and again is a refusal by the session's
// own protocol, which can say for how long; the 5GMM cause cannot be relied on for that.
const dnnIMS ident.DNN = "ims"

// giveBack returns a payload that was not forwarded, with the reason (TS 24.501 §5.4.5.3.1 c).
func (a *AMF) giveBack(c *conn, m *nas.ULNASTransport, cause nas.Cause) {
	if len(m.Payload) > maxReturned {
		a.drop(ReasonTooLarge)
		a.complain(c, &nas.MMStatus{Cause: cause})
		return
	}
	a.drop(ReasonRefused)
	a.complain(c, &nas.DLNASTransport{PayloadType: m.PayloadType, Payload: m.Payload, Session: m.Session, Cause: cause})
}
