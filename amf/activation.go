package amf

import (
	"cordon/rules"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// activation is a request that waits for the user plane of sessions before it is accepted.
type activation struct {
	service bool // a service request, not a registration
	paged   bool
	status  *nas.PDUSessions // the device's PDU session status, if it sent one
	data    *nas.PDUSessions // its uplink data status
	waiting nas.PDUSessions
	failed  nas.PDUSessions
	ready   []pendingSession
	law     *rules.Snapshot // that it was admitted by
}

// activate asks for the sessions in which the device has data, or for which data waits, and for which its radio is not asked already. A device
// lists those that have no user plane (TS 24.501 §5.6.1.2), so that a radio which is said to serve one has lost it.
func (a *AMF) activate(c *conn) {
	act, u := c.act, c.ue
	act.law = a.law
	a.procedure(c, stateActivating)
	a.stop(c, timerIdle)
	if act.data != nil {
		act.failed = *act.data &^ u.sessions
		act.waiting = *act.data & u.sessions &^ c.asking
	}
	wanted := u.wanted & u.sessions &^ c.asking
	act.waiting |= wanted
	c.woken &^= act.waiting // asked for anew, which has one answer
	for psi := range sessions(act.waiting) {
		if !a.activateSession(c, psi) {
			act.waiting, act.failed = act.waiting.Without(psi), act.failed.With(psi)
			continue
		}
		wanted = wanted.Without(psi)
	}
	u.wanted = wanted // of those that may not be
	a.unwant(u)
	a.withdraw(c, act.waiting)
	if act.waiting == 0 {
		a.activated(c)
		return
	}
	a.start(c, timerActivation, tContext)
}

// smActivated is the answer for one session.
func (a *AMF) smActivated(ev SMActivated) {
	u := a.ues[ev.SUPI]
	if u != nil && u.conn != nil && u.conn.woken.Has(ev.PSI) {
		a.awoken(u.conn, ev)
		return
	}
	if u == nil || u.conn == nil || u.conn.act == nil || !u.conn.act.waiting.Has(ev.PSI) {
		a.drop(ReasonStale)
		if ev.OK {
			a.emit(SMDeactivate{ev.SUPI, ev.PSI})
		}
		return
	}
	c, act := u.conn, u.conn.act
	act.waiting = act.waiting.Without(ev.PSI)
	if ev.OK {
		act.ready = append(act.ready, pendingSession{psi: ev.PSI, snssai: ev.SNSSAI, transfer: ev.Transfer})
	} else {
		act.failed = act.failed.With(ev.PSI)
	}
	if act.waiting == 0 {
		a.stop(c, timerActivation)
		a.activated(c)
		return
	}
	a.drop(ReasonAccepted)
}

// activated goes on with the request, unless the law has changed meanwhile and refuses it now.
func (a *AMF) activated(c *conn) {
	var cause nas.Cause
	if c.act.law != a.law {
		cause = a.barred(c, false)
	}
	switch {
	case c.act.service && cause != 0:
		a.rejectService(c, cause)
	case c.act.service:
		a.acceptService(c)
	case cause != 0:
		a.reject(c, cause)
	default:
		a.accept(c)
	}
}

// activationLate goes on without the sessions that did not answer.
func (a *AMF) activationLate(c *conn) {
	if c.act == nil || c.act.waiting == 0 {
		a.drop(ReasonStale)
		return
	}
	a.drop(ReasonNoAnswer)
	c.act.failed |= c.act.waiting
	c.act.waiting = 0
	a.activated(c)
}

// report is what the device is told of its sessions: which there are, if it said which it has,
// and for which it gets no user plane, if it asked for any.
func (act *activation) report(have nas.PDUSessions) (status, result *nas.PDUSessions, errs []nas.ReactivationError) {
	if act.status != nil {
		status = &have
	}
	if act.data != nil {
		failed := act.failed & *act.data
		result = &failed
		for psi := range sessions(failed) {
			errs = append(errs, nas.ReactivationError{Session: psi, Cause: nas.CauseInsufficientUserPlane})
		}
	}
	return status, result, errs
}

// deliver sends an accepting message: within the context setup where the radio wants a
// context or sessions need one, else by itself with the sessions behind it.
func (a *AMF) deliver(c *conn, plain []byte, ready []pendingSession) {
	if c.setup == setupNone && (c.asked || len(ready) > 0 || c.radio.Profile.Context) {
		a.setupContext(c, a.seal(c, plain), ready)
		return
	}
	if pdu := a.seal(c, plain); len(pdu) > 0 {
		a.send(c, &ngap.DownlinkNASTransport{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran, NASPDU: pdu, MobilityRestrictions: a.limits[c.ue.class()].radio,
		})
	} else {
		a.drop(ReasonExhausted)
	}
	a.setupSession(c, ready)
}
