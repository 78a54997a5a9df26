package amf

import (
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// deregistrationRequest is a device's farewell (TS 24.501 §5.5.2.2). One that was not verified
// ends the connection that it came by, and nothing else.
func (a *AMF) deregistrationRequest(c *conn, m *nas.DeregistrationRequestUE) {
	if m.Kind&nas.SwitchOff == 0 {
		a.sendNAS(c, &nas.DeregistrationAcceptUE{})
	}
	if c.ue == nil {
		a.drop(ReasonUnprotected)
		a.release(c, ngap.CauseNASDeregister)
		return
	}
	a.leave(c, LeftByDevice)
}

// leave ends the registration of c's device and the connection.
func (a *AMF) leave(c *conn, why Leaving) {
	a.remove(c.ue, why)
	a.release(c, ngap.CauseNASDeregister)
}

// deregister ends a registration for the network (TS 24.501 §5.5.2.3). An idle device finds out
// at its next message.
func (a *AMF) deregister(ev Deregister) {
	u := a.ues[ev.SUPI]
	if u == nil {
		a.drop(ReasonNoDevice)
		return
	}
	c := u.conn
	if c == nil {
		a.remove(u, LeftByNetwork)
		return
	}
	if c.state == stateLeaving {
		a.drop(ReasonDuplicate)
		return
	}
	kind := nas.Deregister3GPP
	if ev.Reregister {
		kind |= nas.ReregistrationNeeded
	}
	c.req, c.auth, c.act = nil, nil, nil
	a.stop(c, timerActivation)
	a.procedure(c, stateLeaving)
	a.ask(c, &nas.DeregistrationRequestNetwork{Kind: kind}, t3522)
}

// deregistrationAccept is the device's answer.
func (a *AMF) deregistrationAccept(c *conn) {
	if c.state != stateLeaving {
		a.unexpected(c)
		return
	}
	a.leave(c, LeftByNetwork)
}
