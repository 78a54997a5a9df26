package amf

import (
	"bytes"
	"slices"

	"cordon/aka"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// secure takes the keys of an authentication into use (TS 24.501 §5.4.2). The algorithms are
// the operator's first that the device has; the null integrity algorithm is never among them.
func (a *AMF) secure(c *conn) {
	ch := c.auth
	caps, cause := a.capabilities(c)
	if cause != 0 {
		a.finding(c, FindingCapability)
		a.reject(c, cause)
		return
	}
	nia, ok := choose(a.cfg.Integrity, caps.Integrity)
	nea, both := choose(a.cfg.Ciphering, caps.Ciphering)
	if !ok || !both {
		a.reject(c, nas.CauseCapabilitiesMismatch)
		return
	}
	ch.caps = caps
	ch.sec = nas.Security{
		KNASint:   aka.AlgorithmKey(ch.kamf, aka.NASInt, nia),
		KNASenc:   aka.AlgorithmKey(ch.kamf, aka.NASEnc, nea),
		Integrity: nia, Ciphering: nea, Side: nas.Network,
	}
	a.procedure(c, stateSecurity)
	a.ask(c, a.securityModeCommand(c), t3560)
}

// choose is the first of the operator's algorithms that the device offers.
func choose(order []uint8, offered func(uint8) bool) (uint8, bool) {
	i := slices.IndexFunc(order, offered)
	if i < 0 {
		return 0, false
	}
	return order[i], true
}

// capabilities are what the device says it can do, or what it said before if it does not
// repeat it.
func (a *AMF) capabilities(c *conn) (nas.UESecurityCapability, nas.Cause) {
	var caps nas.UESecurityCapability
	if c.req != nil {
		caps = c.req.msg.Security
	}
	if u := a.ues[c.auth.supi]; caps.Len() == 0 && u != nil {
		caps = u.caps
	}
	switch {
	case caps.Len() == 0:
		return caps, nas.CauseIdentityUnderivable // have the device register from the beginning
	case !acceptable(caps):
		return caps, nas.CauseCapabilitiesMismatch
	}
	return caps, 0
}

// acceptable reports whether capabilities have what every device must have. NEA1 and NIA1 are
// mandatory as well (TS 33.501 §5.2.2), but devices without exist.
func acceptable(caps nas.UESecurityCapability) bool {
	return caps.Ciphering(0) && caps.Ciphering(2) && caps.Integrity(2)
}

// securityModeCommand replays the capabilities byte for byte, asks for the IMEISV where it is
// not known, and for the whole first message where that came without protection.
func (a *AMF) securityModeCommand(c *conn) *nas.SecurityModeCommand {
	ch := c.auth
	m := &nas.SecurityModeCommand{
		Integrity: ch.sec.Integrity, Ciphering: ch.sec.Ciphering, KSI: nas.KSI(ch.ksi), Replayed: ch.caps,
	}
	if u := a.ues[ch.supi]; u == nil || u.imeisv == 0 {
		want := nas.IMEISVRequested
		m.IMEISVRequest = &want
	}
	if c.needsInitial() {
		again := nas.RetransmitInitial
		m.Additional = &again
	}
	if ch.eap != nil {
		m.EAP, m.ABBA = ch.success, abba
	}
	return m
}

// needsInitial is whether the device must send its first message again, protected.
func (c *conn) needsInitial() bool { return c.req != nil && !c.req.verified }

// uplinkSecurity is a message while SECURITY MODE COMMAND is unanswered. The answer is
// protected with the new keys, a refusal with the former or none.
func (a *AMF) uplinkSecurity(c *conn, pdu []byte) {
	h, err := nas.ParseHeader(pdu)
	if err != nil {
		a.drop(ReasonMalformed)
		return
	}
	if h.Type != nas.HeaderNewCiphered && h.Type != nas.HeaderNewIntegrity {
		if c.ue != nil {
			a.uplinkProven(c, pdu)
		} else {
			a.uplinkOpen(c, pdu)
		}
		return
	}
	sec := c.auth.sec
	o, err := sec.Check(pdu)
	if err != nil {
		a.finding(c, FindingMAC)
		a.drop(ReasonMAC)
		return
	}
	m, _, err := nas.Parse(o.Plain)
	complete, ok := m.(*nas.SecurityModeComplete)
	if err != nil || !ok {
		a.drop(ReasonState)
		return
	}
	c.auth.sec.Commit(o)
	a.securityModeComplete(c, complete, o.Count)
}

// securityModeComplete makes the candidate keys the device's. From here on c is its
// connection, and what it had before under other keys is replaced.
func (a *AMF) securityModeComplete(c *conn, m *nas.SecurityModeComplete, count uint32) {
	ch := c.auth
	if c.needsInitial() && !a.replaceInitial(c, m.Container) {
		return
	}
	u := a.ues[ch.supi]
	if u == nil {
		if len(a.ues) >= a.cfg.Limits.devices() {
			a.drop(ReasonFull)
			a.reject(c, nas.CauseCongestion)
			return
		}
		u = &ue{supi: ch.supi}
		a.ues[ch.supi] = u
	}
	u.plan, u.protected, u.kamf, u.sec, u.ksi, u.caps = ch.plan, a.protected(ch), ch.kamf, ch.sec, ch.ksi, ch.caps
	u.ceiling = 0
	if m.IMEISV != nil {
		u.imeisv = *m.IMEISV
	}
	c.auth, c.count = nil, count
	a.procedure(c, stateReady)
	a.bind(c, u)
	if c.req == nil {
		a.save(u) // keys renewed in the middle of a connection
		a.idle(c)
		return
	}
	c.req.verified = true
	a.admit(c)
}

// replaceInitial puts the protected copy of the first message in the place of the one that
// came in the clear (TS 24.501 §4.4.6). Where the two differ somebody on the way altered the latter.
// Without the copy nothing goes on: the clear one is worth nothing (TS 33.501 §6.4.6).
func (a *AMF) replaceInitial(c *conn, container []byte) bool {
	m, _, err := nas.Parse(container)
	full, ok := m.(*nas.RegistrationRequest)
	switch {
	case err != nil || !ok || full.Kind != c.req.msg.Kind:
		a.drop(ReasonUnprotected)
		a.reject(c, nas.CauseProtocol)
		return false
	case !sameClear(full, c.req.msg):
		a.finding(c, FindingTampered)
	}
	caps := full.Security
	if caps.Len() > 0 && caps != c.auth.caps {
		// The keys in use were chosen for capabilities that are not the device's.
		a.reject(c, nas.CauseCapabilitiesMismatch)
		return false
	}
	c.req.msg = full
	return true
}

// sameClear compares what may stand in the clear.
func sameClear(full, clear *nas.RegistrationRequest) bool {
	x, err1 := nas.Append(nil, full.Cleartext())
	y, err2 := nas.Append(nil, clear.Cleartext())
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// securityModeReject is a device that does not recognise the capabilities replayed to it:
// they were altered on their way here, or the command on its way there.
func (a *AMF) securityModeReject(c *conn, m *nas.SecurityModeReject) {
	if c.state != stateSecurity {
		a.unexpected(c)
		return
	}
	if m.Cause == nas.CauseCapabilitiesMismatch || m.Cause == nas.CauseSecurityModeRejected {
		a.finding(c, FindingBiddingDown)
	}
	a.drop(ReasonRefused)
	a.release(c, ngap.CauseNASAuthenticationFailure)
}
