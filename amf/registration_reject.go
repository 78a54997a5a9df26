package amf

import (
	"encoding/binary"
	"time"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// reject refuses a registration and ends the connection. A device that was registered and is
// refused for good is so no longer; an unproven one changes nothing of what is stored. One that
// moves, and is told to look in another tracking area, does so as a registered device
// (TS 24.501 §5.5.1.3.5), and keeps its keys, its identity and its sessions; one that begins
// anew has given them up (§5.5.1.2.5).
func (a *AMF) reject(c *conn, cause nas.Cause) {
	if c.req == nil && c.ue != nil {
		a.keepKeys(c, cause)
		return
	}
	m := &nas.RegistrationReject{Cause: cause}
	if cause == nas.CauseCongestion {
		m.T3346 = new(a.backOff(c))
	}
	a.sendNAS(c, m)
	if u := c.ue; u != nil && cause != nas.CauseCongestion && (cause != nas.CauseNoSuitableCells || initial(c.req.msg.Kind)) {
		a.remove(u, LeftNotAllowed)
	}
	a.release(c, ngap.CauseNASUnspecified)
}

// tDrained is about how long a radio that drains is still there.
const tDrained = 30 * time.Second

// backOff is a T3346 between half of the configured one and all of it, so that those who were
// turned away together do not come back together. Who only has to wait for a radio to go waits
// for that.
func (a *AMF) backOff(c *conn) time.Duration {
	var b [2]byte
	a.random(b[:])
	half := a.cfg.T3346 / 2
	if c.drains() {
		half = min(half, tDrained/2)
	}
	return nas.Timer2(half + half*time.Duration(binary.BigEndian.Uint16(b[:]))>>16)
}

// keepKeys is an attempt to renew keys that failed. What the device has stays; if the store was only
// busy its next message is another attempt.
func (a *AMF) keepKeys(c *conn, cause nas.Cause) {
	c.auth = nil
	if cause == nas.CauseCongestion {
		a.procedure(c, stateReady)
		a.idle(c)
		return
	}
	a.release(c, ngap.CauseNASUnspecified)
}
