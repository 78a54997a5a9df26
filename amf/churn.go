package amf

import "cordon/wire/ngap"

// A radio releases an inactive device after ten seconds or more of silence. One that is released
// again and again spends its battery and everybody's signalling on coming back, and a radio can
// do that to it on purpose: beyond these numbers the device stays connected.
const (
	inactivityBurst = 12 // releases for inactivity in a row
	inactivityEvery = 5  // seconds for each that follows
)

// releaseRequest is the radio's wish to end a connection (TS 38.413 §8.3.2).
func (a *AMF) releaseRequest(c *conn, m *ngap.UEContextReleaseRequest) {
	switch {
	case c.state == stateReleasing:
		a.drop(ReasonDuplicate)
	case m.Cause == ngap.CauseRadioUserInactivity && c.ue != nil && c.ue.releasedTooOften(uint32(a.now.Unix())):
		a.finding(c, FindingChurn)
		a.drop(ReasonTooMany)
	default:
		a.release(c, m.Cause)
	}
}

// releasedTooOften counts a release at the second now, unless it is one too many.
func (u *ue) releasedTooOften(now uint32) bool {
	due := max(u.released, now)
	if due-now >= inactivityBurst*inactivityEvery {
		return true
	}
	u.released = due + inactivityEvery
	return false
}
