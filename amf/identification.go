package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
)

// identify finds out whose registration is asked for (TS 24.501 §5.4.3): by the SUCI, by a
// temporary identity of ours, or by asking. A foreign identity is not looked up anywhere.
func (a *AMF) identify(c *conn) {
	id := &c.req.msg.Identity
	switch id.Type {
	case nas.IdentitySUCI:
		if id.NAI != (nas.NAI{}) {
			a.reject(c, nas.CauseIllegalUE) // only subscribers with an IMSI are served
			return
		}
		a.needVector(c, &id.SUCI, 0, nil)
	case nas.IdentityGUTI:
		u := a.claimed(c.req.msg)
		switch {
		case u == nil && c.req.msg.Security.Len() == 0:
			// A periodic request, which leaves out what the keys are chosen by.
			a.drop(ReasonRefused)
			a.reject(c, nas.CauseIdentityUnderivable)
			return
		case u == nil:
			a.askIdentity(c)
			return
		}
		c.guessed = true
		a.needVector(c, nil, u.supi, nil)
	default:
		a.askIdentity(c)
	}
}

// claimed is the context whose temporary identity a request names, nil if there is none.
func (a *AMF) claimed(m *nas.RegistrationRequest) *ue {
	if u := a.lookup(m.Identity.GUTI); u != nil || m.AdditionalGUTI == nil {
		return u
	}
	return a.lookup(*m.AdditionalGUTI)
}

// askIdentity asks for the SUCI, once in a registration.
func (a *AMF) askIdentity(c *conn) {
	a.procedure(c, stateIdentity)
	c.guessed = false
	a.ask(c, &nas.IdentityRequest{Identity: nas.IdentitySUCI}, t3570)
}

// identityResponse is the device's answer.
func (a *AMF) identityResponse(c *conn, m *nas.IdentityResponse) {
	switch {
	case c.state != stateIdentity:
		a.unexpected(c)
	case m.Identity.Type != nas.IdentitySUCI || m.Identity.NAI != (nas.NAI{}):
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseIdentityUnderivable)
	default:
		a.needVector(c, &m.Identity.SUCI, 0, nil)
	}
}

// needVector asks the subscriber store for a challenge.
func (a *AMF) needVector(c *conn, suci *ident.SUCI, supi ident.SUPI, resync *Resync) {
	a.procedure(c, stateVector)
	c.request++
	if suci != nil {
		own := *suci
		own.Output = slices.Clone(own.Output)
		suci = &own
	}
	a.emit(NeedVector{Conn: c.id, Radio: c.radio.ID, Request: c.request, SUCI: suci, SUPI: supi, Resync: resync})
	a.start(c, timerNAS, tVector)
}
