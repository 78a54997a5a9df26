package amf

import (
	"time"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// Bounds of the work of one Step after a change of the law, and the pause before the next: what
// devices ask for in the meantime must not wait. Each of those that are evicted comes back
// at once and costs a registration, so they are fewer.
const (
	judgedAtOnce  = 250
	evictedAtOnce = 5
	judgePause    = time.Millisecond
)

// newLaw takes another law into force. Who asks for anything from now on is judged by it; who is
// connected is judged again in the Steps that follow. An idle device is judged when it comes back.
func (a *AMF) newLaw(ev NewLaw) {
	if ev.Law == nil { // the last one stays
		a.drop(ReasonNoLaw)
		return
	}
	a.law = ev.Law
	a.lists.areas = nil
	a.limits = [classes]limit{a.cfg.limit(ev.Forbidden.Standard), protectedClass: a.cfg.limit(ev.Forbidden.Protected)}
	a.drop(ReasonAccepted)
	if a.bound.rewind(); a.bound.at != nil {
		a.timers.Start(timerKey{kind: timerLaw}, a.now.Add(judgePause))
	}
}

// rejudge judges some of those that were connected when the law changed.
func (a *AMF) rejudge() {
	evicted := 0
	for range judgedAtOnce {
		c := a.bound.next()
		if c == nil {
			return
		}
		if a.rejudgeDevice(c) {
			evicted++
		}
		if evicted == evictedAtOnce {
			break
		}
	}
	if a.bound.at != nil {
		a.timers.Start(timerKey{kind: timerLaw}, a.now.Add(judgePause))
	}
}

// rejudgeDevice judges a connected device and its sessions again, and evicts it where its radio may
// not serve it. Where the radio may serve nobody, the device leaves when the radio is drained,
// in an order that keeps service.
func (a *AMF) rejudgeDevice(c *conn) (evicted bool) {
	u := c.ue
	if !u.accepted || c.state == stateLeaving {
		return false // it is judged before it is accepted, or goes anyway
	}
	v := a.judgeDevice(c, u.protected)
	switch {
	case v.Act != rules.Refuse:
		a.judgeSessions(c, u.sessions)
		return false
	case a.judgeDevice(c, false).Act == rules.Refuse:
		return false
	}
	a.judgedDevice(c, v)
	a.leaveRadio(c)
	return true
}

// classed is a subscriber who is protected from now on, or no longer.
func (a *AMF) classed(ev Classed) {
	u := a.ues[ev.SUPI]
	switch {
	case u == nil:
		a.drop(ReasonNoDevice)
		return
	case u.protected == ev.Protected:
		a.drop(ReasonDuplicate)
		return
	}
	u.protected = ev.Protected
	a.drop(ReasonAccepted)
	if u.conn != nil {
		a.rejudgeDevice(u.conn)
	}
}

// evict ends a connection whose radio may not go on serving it.
func (a *AMF) evict(ev Evict) {
	c := a.conns[ev.Conn]
	switch {
	case c == nil:
		a.drop(ReasonNoConnection)
	case c.state == stateReleasing || c.evicted:
		a.drop(ReasonDuplicate)
	default:
		a.leaveRadio(c)
	}
}

// leaveRadio has a device leave its radio and stay registered. Where its whole tracking area is
// closed to it, it is told so first: a device that finds itself outside its registration area
// asks at once to be registered elsewhere, and one that is only released waits for its next call.
func (a *AMF) leaveRadio(c *conn) {
	if u := c.ue; u != nil && u.accepted && c.state == stateReady && c.update == nil && a.limits[u.class()].holds(c.tai.TAC) {
		if area := a.area(c.tai, u.class()); len(area.tais) > 0 {
			ack := nas.AcknowledgementRequested // TS 24.501 §5.4.4.2: for all but the time
			c.evicted = true
			a.command(c, &nas.ConfigurationUpdateCommand{Indication: &ack, TAIs: area.tais, ServiceAreas: area.services})
			return
		}
	}
	a.release(c, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
}

// judgeDevice asks the device gate about c's device where it is, or one of another class there.
func (a *AMF) judgeDevice(c *conn, protected bool) rules.Verdict {
	return rules.Decide(a.law, rules.Question{Gate: rules.GateDevice, Node: c.radio.Node, Protected: protected, TAC: c.tai.TAC})
}

// judgedDevice reports a verdict of the device gate.
func (a *AMF) judgedDevice(c *conn, v rules.Verdict) {
	a.emit(Judged{
		Gate: rules.GateDevice, Verdict: v, Radio: c.radio.ID, Node: c.radio.Node,
		SUPI: c.ue.supi, Protected: c.ue.protected, TAC: c.tai.TAC,
	})
}

// barred asks the device gate for a device that wants to be served, after it has proven who it is. The
// cause is what the device is told, 0 that it may be served.
//
// Cause #15 has it look in another tracking area, and avoid this one for hours. That is right where
// the area is closed to it, and wrong where only this radio is about to leave: then it is to stay, and to
// come back when the radio is gone.
func (a *AMF) barred(c *conn, report bool) nas.Cause {
	if a.law == nil {
		a.drop(ReasonNoLaw)
		return nas.CauseCongestion
	}
	v := a.judgeDevice(c, c.ue.protected)
	if v.Act == rules.Refuse || v.Act == rules.Restrict && report {
		a.judgedDevice(c, v)
	}
	if v.Act != rules.Refuse && !c.radio.Draining {
		return 0
	}
	a.drop(ReasonLaw)
	if c.radio.Draining && !a.limits[c.ue.class()].holds(c.tai.TAC) {
		return nas.CauseCongestion
	}
	return nas.CauseNoSuitableCells
}

// class is the index of what applies to u among what applies to subscribers.
func (u *ue) class() int {
	if u.protected {
		return protectedClass
	}
	return 0
}

// Two classes of subscribers: 0, and those who are protected.
const (
	protectedClass = 1
	classes        = 2
)

// holds reports whether the class may not be served in t by any radio.
func (l *limit) holds(t ident.TAC) bool { return l.tacs[t] }
