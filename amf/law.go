package amf

import "cordon/wire/ngap"

// newLaw takes another law into force.
func (a *AMF) newLaw(ev NewLaw) {
	a.law = ev.Law
	a.drop(ReasonAccepted)
}

// classed is a subscriber who is protected from now on, or no longer.
func (a *AMF) classed(ev Classed) {
	u := a.ues[ev.SUPI]
	if u == nil {
		a.drop(ReasonNoDevice)
		return
	}
	u.protected = ev.Protected
	a.drop(ReasonAccepted)
}

// evict ends a connection whose radio may not go on serving it.
func (a *AMF) evict(ev Evict) {
	c := a.conns[ev.Conn]
	if c == nil {
		a.drop(ReasonNoConnection)
		return
	}
	a.release(c, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
}
