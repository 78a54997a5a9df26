package amf

import (
	"maps"
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
	evictedAtOnce = 2
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
// in an order that keeps service; a protected one does not wait for that.
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
	case !u.protected || c.evicted:
		return false
	}
	a.judgedDevice(c, v)
	a.leaveRadio(c)
	return true
}

// classing is a change of a subscriber's class, kept for as long as an authentication may be under way
// that was begun with the class of before.
type classing struct {
	protected bool
	at        time.Time
}

const (
	classingTime = 2 * tOpen
	maxClassings = 4096 // before those that have had their time are looked for
)

// protected is whether the subscriber of a challenge is protected: as the store said when the challenge
// was made, or as an operator has said since.
func (a *AMF) protected(ch *challenge) bool {
	if k, ok := a.classings[ch.supi]; ok {
		return k.protected
	}
	return ch.protected
}

// classed is a subscriber who is protected from now on, or no longer.
func (a *AMF) classed(ev Classed) {
	if len(a.classings) >= maxClassings {
		maps.DeleteFunc(a.classings, func(_ ident.SUPI, k classing) bool { return a.now.Sub(k.at) > classingTime })
	}
	a.classings[ev.SUPI] = classing{ev.Protected, a.now}
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
	case c.state == stateReleasing:
		a.drop(ReasonDuplicate)
	default:
		c.draining = true
		a.leaveRadio(c)
	}
}

// leaves has a device leave now whose eviction waited for it to confirm its registration, unless the law has let it
// stay by then.
func (a *AMF) leaves(c *conn) bool {
	c.evicted, c.draining = false, false
	a.stop(c, timerUpdate)
	if a.judgeDevice(c, c.ue.protected).Act != rules.Refuse {
		return false
	}
	a.leaveRadio(c)
	return true
}

// leaveRadio has a device leave its radio and stay registered. Where its whole tracking area is
// closed to it, it is told so first: a device that finds itself outside its registration area
// asks at once to be registered elsewhere, and one that is only released waits for its next call. One that
// is just being registered is told once it has confirmed that; one whose request is not answered yet has it refused.
func (a *AMF) leaveRadio(c *conn) {
	if c.evicted { // it goes as soon as it has been told
		a.drop(ReasonDuplicate)
		return
	}
	if u := c.ue; u != nil && u.accepted && c.update == nil && a.limits[u.class()].holds(c.tai.TAC) {
		area := a.area(c.tai, u.class())
		switch {
		case len(area.tais) == 0:
		case c.state == stateAccepted:
			c.evicted = true
			a.start(c, timerUpdate, tEvict)
			a.drop(ReasonHeld)
			return
		case c.state == stateReady:
			u.near = c.tai.TAC
			ack := nas.AcknowledgementRequested // TS 24.501 §5.4.4.2: for all but the time
			c.evicted = true
			a.command(c, &nas.ConfigurationUpdateCommand{Indication: &ack, TAIs: area.tais, ServiceAreas: area.services}, tEvict)
			return
		}
	}
	switch {
	case c.act != nil && c.act.service:
		a.rejectService(c, a.elsewhere(c))
	case c.req != nil && c.state != stateAccepted:
		a.drop(ReasonRefused)
		a.reject(c, a.elsewhere(c))
	default:
		a.release(c, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
	}
}
