package amf

import (
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// arrived makes a connection of a first message. It proves nothing and costs little: the oldest
// of its kind makes room.
func (a *AMF) arrived(ev Arrived) {
	if a.conns[ev.Conn] != nil {
		a.drop(ReasonDuplicate)
		return
	}
	c := &conn{
		id: ev.Conn, ran: ev.Msg.RANUENGAPID, radio: ev.Radio,
		asked: ev.Msg.UEContextRequest,
	}
	c.place(ev.Msg.UserLocation)
	a.conns[c.id] = c
	if len(a.conns) > a.cfg.Limits.connections() {
		a.drop(ReasonFull)
		a.release(c, ngap.CauseMiscControlProcessingOverload)
		a.forget(c)
		return
	}
	a.admitOpen(c)
	a.pdu = ev.Msg.NASPDU
	a.initial(c, ev.Msg.NASPDU)
}

// admitOpen counts c among those that have proven nothing; beyond the limit the oldest of
// the radio that has most goes.
func (a *AMF) admitOpen(c *conn) {
	a.open.push(c)
	a.start(c, timerOpen, tOpen)
	if a.open.n <= a.cfg.Limits.halfOpen() {
		return
	}
	oldest := a.open.victim(c)
	a.finding(oldest, FindingFlood)
	a.drop(ReasonEvicted)
	a.release(oldest, ngap.CauseMiscControlProcessingOverload)
	a.forget(oldest) // a flood must not be paid for by waiting for its answers
}

// initial is the first NAS message of a connection (TS 24.501 §4.4.4.3): one of four that may
// be first, protected if the device has keys. Whatever else comes ends the connection.
func (a *AMF) initial(c *conn, pdu []byte) {
	plain, kind, ok := a.peel(pdu)
	if !ok || kind.Ciphered() {
		a.refuseInitial(c, ReasonMalformed)
		return
	}
	m, _, err := nas.Parse(plain)
	if err != nil {
		a.refuseMalformed(c, plain, err)
		return
	}
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		verified := a.proveIdentity(c, &m.Identity, m.KSI, pdu) || a.proveAdditional(c, m, pdu)
		a.registrationRequest(c, m, verified, c.count)
	case *nas.ServiceRequest:
		verified := a.proveSTMSI(c, m.STMSI, m.KSI, pdu)
		a.serviceRequest(c, m, verified, c.count)
	case *nas.ControlPlaneServiceRequest:
		a.rejectService(c, nas.CauseIdentityUnderivable)
	case *nas.DeregistrationRequestUE:
		a.proveIdentity(c, &m.Identity, m.KSI, pdu)
		a.deregistrationRequest(c, m)
	default:
		a.refuseInitial(c, ReasonNotInitial)
	}
}

func (a *AMF) refuseInitial(c *conn, why Reason) {
	a.drop(why)
	a.release(c, ngap.CauseNASUnspecified)
}

// refuseMalformed answers a first message that cannot be decoded: who asks to register is told
// so, since silence would have it try for ever.
func (a *AMF) refuseMalformed(c *conn, plain []byte, err error) {
	cause := statusCause(err)
	if cause != 0 && len(plain) > 2 && nas.MessageType(plain[2]) == nas.TypeRegistrationRequest {
		a.drop(ReasonMalformed)
		a.reject(c, cause)
		return
	}
	a.refuseInitial(c, ReasonMalformed)
}

// proveIdentity binds c to the context that a first message names if the message is that
// context's own. Nothing changes otherwise.
func (a *AMF) proveIdentity(c *conn, id *nas.MobileIdentity, ksi nas.KSI, pdu []byte) bool {
	return id.Type == nas.IdentityGUTI && id.GUTI.GUAMI == a.cfg.GUAMI && a.prove(c, id.GUTI.TMSI, ksi, pdu)
}

// proveAdditional is the same for a device that comes from EPS: it names the identity that it had
// there, and beside it the one that it has from here (TS 24.501 §5.5.1.3.2).
func (a *AMF) proveAdditional(c *conn, m *nas.RegistrationRequest, pdu []byte) bool {
	g := m.AdditionalGUTI
	return g != nil && g.GUAMI == a.cfg.GUAMI && a.prove(c, g.TMSI, m.KSI, pdu)
}

func (a *AMF) proveSTMSI(c *conn, s ident.STMSI, ksi nas.KSI, pdu []byte) bool {
	return s.Set == a.cfg.GUAMI.Set && s.Pointer == a.cfg.GUAMI.Pointer && a.prove(c, s.TMSI, ksi, pdu)
}
