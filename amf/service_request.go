package amf

import (
	"slices"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// serviceRequest brings an idle device back, or a connected one more of its sessions
// (TS 24.501 §5.6.1). One that is unknown or cannot be verified is told to register.
func (a *AMF) serviceRequest(c *conn, m *nas.ServiceRequest, verified bool, count uint32) {
	if !verified {
		a.rejectService(c, nas.CauseIdentityUnderivable)
		return
	}
	if c.state != stateNew && c.state != stateReady {
		a.unexpected(c)
		return
	}
	if len(m.Container) > 0 {
		inner, ok := c.open(m.Container, count)
		full, isRequest := inner.(*nas.ServiceRequest)
		if !ok || !isRequest || full.Service != m.Service {
			a.rejectService(c, nas.CauseSemantic)
			return
		}
		m = full
	}
	if area := c.radio.area(c.tai); area == nil || len(area.Served) == 0 {
		a.rejectService(c, nas.CauseNoSuitableCells)
		return
	}
	if cause := a.barred(c, false); cause != 0 {
		a.rejectService(c, cause)
		return
	}
	a.reconcile(c, m.SessionStatus)
	a.judgeSessions(c, c.active)
	c.act = &activation{
		service: true, paged: m.Service == nas.ServiceMobileTerminated,
		status: m.SessionStatus, data: m.UplinkData,
	}
	a.activate(c)
}

// acceptService sends SERVICE ACCEPT.
func (a *AMF) acceptService(c *conn) {
	act := c.act
	m := &nas.ServiceAccept{}
	m.SessionStatus, m.Reactivation, m.ReactivationErrors = act.report(c.ue.sessions)
	c.act = nil
	a.procedure(c, stateReady)
	a.deliver(c, slices.Clone(a.encode(m)), act.ready)
	if c.state != stateReady {
		return
	}
	if act.paged {
		a.reallocate(c) // a page has shown the old identity (TS 33.501 §6.12.3)
	}
	a.idle(c)
	a.renewKeys(c)
}

// rejectService refuses a service request and ends the connection; the stored context, if
// there is one, stays.
func (a *AMF) rejectService(c *conn, cause nas.Cause) {
	a.drop(ReasonRefused)
	m := &nas.ServiceReject{Cause: cause}
	if cause == nas.CauseCongestion {
		m.T3346 = new(a.backOff(c))
	}
	a.sendNAS(c, m)
	a.release(c, ngap.CauseNASUnspecified)
}
