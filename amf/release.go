package amf

import "cordon/wire/ngap"

// release ends the connection c (TS 38.413 §8.3.3): the device becomes idle at once, the
// connection goes when the radio answers or its time is up. Radios know a connection by the
// pair of identities; some cannot find it by one.
func (a *AMF) release(c *conn, cause ngap.Cause) {
	if c.state == stateReleasing {
		return
	}
	a.unbind(c)
	a.open.remove(c)
	for kind := timerOpen; kind <= timerIdle; kind++ {
		a.stop(c, kind)
	}
	c.state = stateReleasing
	c.sent, c.req, c.auth, c.act, c.held = nil, nil, nil, nil, nil
	ran := c.ran
	a.send(c, &ngap.UEContextReleaseCommand{UENGAPIDs: ngap.UENGAPIDs{AMF: c.id, RAN: &ran}, Cause: cause})
	a.start(c, timerRelease, tRelease)
	a.closing.push(c)
	if a.closing.n > a.cfg.Limits.closing() { // who answers nothing is not waited for
		oldest := a.closing.victim(c)
		a.finding(oldest, FindingUnanswered)
		a.forget(oldest)
	}
}

// releaseComplete is the radio's answer.
func (a *AMF) releaseComplete(c *conn) {
	if c.state != stateReleasing {
		a.drop(ReasonState)
		return
	}
	a.forget(c)
}

// lost is a connection without a radio. Its device is idle and keeps its context.
func (a *AMF) lost(ev Lost) {
	c := a.conns[ev.Conn]
	if c == nil {
		a.drop(ReasonNoConnection)
		return
	}
	a.forget(c)
}

// errorIndication is a radio's complaint about a message on c (TS 38.413 §8.7.5). It is never
// answered with another. A radio that does not know the connection has none, which is also what
// some mean who complain of a release.
func (a *AMF) errorIndication(c *conn, m *ngap.ErrorIndication) {
	unknown := m.Cause != nil && (*m.Cause == ngap.CauseRadioUnknownLocalUENGAPID ||
		*m.Cause == ngap.CauseRadioInconsistentRemoteUENGAPID)
	if c.state == stateReleasing || unknown {
		a.forget(c)
		return
	}
	a.drop(ReasonReported)
}
