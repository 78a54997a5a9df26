package amf

import (
	"slices"
	"time"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// ask sends a message that the device must answer, and keeps its plain octets: sent again
// they are the same, under a new COUNT.
func (a *AMF) ask(c *conn, m nas.Message, wait time.Duration) {
	a.await(c, m, wait)
	a.sendAsked(c)
}

// await is ask for a message that is sent within another.
func (a *AMF) await(c *conn, m nas.Message, wait time.Duration) {
	c.sent = slices.Clone(a.encode(m))
	c.wait, c.tries = wait, 1
	a.start(c, timerNAS, wait)
}

// sendAsked sends what the device must answer. SECURITY MODE COMMAND is protected with the
// keys that it announces, and not ciphered.
func (a *AMF) sendAsked(c *conn) {
	if c.state != stateSecurity {
		a.sendPlain(c, c.sent)
		return
	}
	out, err := c.auth.sec.Protect(nil, c.sent, nas.HeaderNewIntegrity)
	if err != nil {
		a.release(c, ngap.CauseNASUnspecified)
		return
	}
	a.sendPDU(c, out)
}

// retry is the expiry of the timer of the procedure in hand: the message again, four times,
// and then the end that the procedure has for silence.
func (a *AMF) retry(c *conn) {
	if c.state == stateVector {
		a.drop(ReasonNoAnswer)
		a.reject(c, nas.CauseCongestion)
		return
	}
	if len(c.sent) == 0 {
		a.drop(ReasonStale)
		return
	}
	if c.tries < tries {
		c.tries++
		a.start(c, timerNAS, c.wait)
		a.sendAsked(c)
		return
	}
	a.drop(ReasonNoAnswer)
	switch c.state {
	case stateLeaving:
		a.leave(c, LeftByNetwork)
	case stateAccepted:
		// Both identities stay good; the device shows at its next message which it has
		// (TS 24.501 §5.5.1.2.8 c).
		a.release(c, ngap.CauseNASNormalRelease)
	default:
		a.release(c, ngap.CauseNASUnspecified)
	}
}
