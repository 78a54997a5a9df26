package amf

import (
	"cordon/rules"
	"cordon/wire/nas"
)

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
func (a *AMF) barred(c *conn, report bool) nas.Cause {
	if a.law == nil {
		a.drop(ReasonNoLaw)
		return nas.CauseCongestion
	}
	v := a.judgeDevice(c, c.ue.protected)
	if v.Act == rules.Refuse || v.Act == rules.Restrict && report {
		a.judgedDevice(c, v)
	}
	if v.Act != rules.Refuse && !c.drains() {
		return 0
	}
	a.drop(ReasonLaw)
	return a.elsewhere(c)
}

// elsewhere is the cause by which a device is told to be served by another radio.
//
// Cause #15 has it look in another tracking area, and avoid this one for hours. That is right where
// the area is closed to it, and wrong where only this radio is about to leave: then it is to stay, and to
// come back when the radio is gone.
func (a *AMF) elsewhere(c *conn) nas.Cause {
	class := 0 // of whom nothing is known yet
	if c.ue != nil {
		class = c.ue.class()
	}
	if c.drains() && !a.limits[class].holds(c.tai.TAC) {
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
