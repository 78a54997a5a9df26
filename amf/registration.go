package amf

import (
	"time"

	"cordon/ident"
	"cordon/wire/nas"
)

// registration is a request to register in hand.
type registration struct {
	msg      *nas.RegistrationRequest
	verified bool // msg is what the device sent, beyond doubt
	since    time.Time
	rejected []ident.SNSSAI // slices that were asked for and are not allowed
}

// registrationRequest begins the registration procedure (TS 24.501 §5.5.1), initial, mobility
// or periodic. A verified one needs no authentication as long as the keys last and the device
// has not become another.
func (a *AMF) registrationRequest(c *conn, m *nas.RegistrationRequest, verified bool, count uint32) {
	if verified && len(m.Container) > 0 {
		inner, ok := c.open(m.Container, count)
		full, isRequest := inner.(*nas.RegistrationRequest)
		if ok && isRequest && full.Kind == m.Kind {
			m = full
		} else {
			verified = false // a whole one comes with SECURITY MODE COMPLETE
		}
	}
	c.req = &registration{msg: m, verified: verified, since: a.now}
	switch {
	case m.Kind == nas.RegistrationEmergency:
		a.drop(ReasonUnsupported)
		a.reject(c, nas.CausePEINotAccepted) // no emergency service, hence no NIA0
	case m.Kind == nas.RegistrationSNPN || m.Kind == nas.RegistrationDisaster:
		a.drop(ReasonUnsupported)
		a.reject(c, nas.CauseProtocol)
	case m.Security.Len() == 0 && !verified && initial(m.Kind):
		a.drop(ReasonMalformed) // it must be there (TS 24.501 §5.5.1.2.2)
		a.reject(c, nas.CauseInvalidMandatory)
	case m.Security.Len() > 0 && !acceptable(m.Security):
		// Altered on its way, or no device: known before anything is spent on it.
		a.finding(c, FindingCapability)
		a.reject(c, nas.CauseCapabilitiesMismatch)
	case c.ue == nil:
		a.identify(c)
	case !verified || c.ue.sec.Exhausting() || m.Security.Len() > 0 && m.Security != c.ue.caps:
		a.needVector(c, nil, c.ue.supi, nil)
	default:
		a.admit(c)
	}
}

// admit decides what a proven device may have here, and brings what it holds of sessions and
// what the network holds into line.
func (a *AMF) admit(c *conn) {
	u, req := c.ue, c.req.msg
	area := c.radio.area(c.tai)
	if area == nil || len(area.Served) == 0 {
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseNoSuitableCells)
		return
	}
	if cause := a.barred(c, req.Kind != nas.RegistrationPeriodic); cause != 0 {
		a.reject(c, cause)
		return
	}
	allowed, rejected := u.plan.AllowedNSSAI(req.RequestedNSSAI, area.Served)
	if len(allowed) == 0 {
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseNoNetworkSlices)
		return
	}
	u.allowed = a.lists.slices(allowed)
	c.req.rejected = rejected
	switch {
	case initial(req.Kind):
		a.restart(u)
	case req.Update != nil && *req.Update&nas.UpdateRadioCapabilityNeeded != 0:
		a.setRadioCap(u, "") // the radio is to ask the device anew (TS 23.501 §5.4.4.1)
	}
	a.reconcile(c, req.SessionStatus)
	a.judgeSessions(c, c.active)
	c.act = &activation{status: req.SessionStatus, data: req.UplinkData}
	a.activate(c)
}

// initial reports whether the request is for initial registration; reserved values count as
// such (TS 24.501 §9.11.3.7).
func initial(t nas.RegistrationType) bool {
	return t != nas.RegistrationMobility && t != nas.RegistrationPeriodic
}

// restart is a device that begins anew: what it had before is gone on its side.
func (a *AMF) restart(u *ue) {
	for psi := range sessions(u.sessions) {
		a.emit(SMRelease{u.supi, psi})
	}
	a.withdraw(u.conn, u.sessions)
	u.sessions = 0
	a.setRadioCap(u, "")
	if u.accepted {
		u.accepted = false
		a.emit(Deregistered{u.supi, LeftReplaced})
	}
}

// reconcile ends sessions that the device says it does not have (TS 24.501 §5.5.1.3.4).
func (a *AMF) reconcile(c *conn, status *nas.PDUSessions) {
	if status == nil {
		return
	}
	u := c.ue
	gone := u.sessions &^ *status
	for psi := range sessions(gone) {
		a.emit(SMRelease{u.supi, psi})
	}
	u.sessions &^= gone
	a.withdraw(c, gone)
}

// accept sends REGISTRATION ACCEPT, always with a new temporary identity.
func (a *AMF) accept(c *conn) {
	u, req := c.ue, c.req.msg
	a.emit(Registered{SUPI: u.supi, Radio: c.radio.ID, Initial: initial(req.Kind), Latency: a.now.Sub(c.req.since)})
	a.rename(u)
	guti := a.guti(u)
	area := a.area(c.tai, u.class())
	u.near = c.tai.TAC
	m := &nas.RegistrationAccept{
		Result:        nas.Registered3GPP,
		GUTI:          &guti,
		TAIs:          area.tais,
		ServiceAreas:  area.services,
		AllowedNSSAI:  u.allowed,
		RejectedNSSAI: rejections(c.req.rejected),
		Features:      a.features(),
		T3512:         &a.t3512,
		T3502:         &a.t3502,
	}
	if initial(req.Kind) {
		m.ConfiguredNSSAI = a.configured(u)
	}
	m.SessionStatus, m.Reactivation, m.ReactivationErrors = c.act.report(u.sessions)
	if !u.accepted {
		u.since = uint32(a.now.Unix())
	}
	u.accepted = true
	a.save(u)
	a.procedure(c, stateAccepted)
	a.await(c, m, t3550)
	ready := c.act.ready
	c.act = nil
	a.deliver(c, c.sent, ready)
}

// configured is the slices that the device may ask for, if they are more than it has.
func (a *AMF) configured(u *ue) []ident.SNSSAI {
	var out []ident.SNSSAI
	for _, s := range a.cfg.Slices {
		if u.plan.Slice(s) != nil {
			out = append(out, s)
		}
	}
	if len(out) <= len(u.allowed) {
		return nil
	}
	return out
}

// features is the 5GS network feature support (TS 24.501 §9.11.3.5): IMS voice over PS on
// 3GPP access is the first bit of the first octet.
func (a *AMF) features() []byte {
	if a.cfg.IMSVoice {
		return []byte{1, 0}
	}
	return []byte{0, 0}
}

// maxSlices is the room in an NSSAI (TS 24.501 §9.11.3.37).
const maxSlices = 8

// rejections is what was asked for and is not allowed: not available in this network.
func rejections(list []ident.SNSSAI) []nas.RejectedSNSSAI {
	var out []nas.RejectedSNSSAI
	for _, s := range list[:min(len(list), maxSlices)] {
		out = append(out, nas.RejectedSNSSAI{Slice: s})
	}
	return out
}

// registrationComplete confirms the new identity.
func (a *AMF) registrationComplete(c *conn) {
	if c.state != stateAccepted {
		a.unexpected(c)
		return
	}
	followOn := c.req != nil && c.req.msg.FollowOn
	fresh := c.req != nil && initial(c.req.msg.Kind)
	a.procedure(c, stateReady)
	c.req = nil
	a.confirm(c.ue)
	a.save(c.ue)
	if c.evicted && c.update == nil && a.leaves(c) {
		return
	}
	if fresh {
		a.informNames(c)
	}
	if followOn {
		a.start(c, timerIdle, tFollowOn)
		return
	}
	a.idle(c)
}
