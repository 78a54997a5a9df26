package amf

import (
	"cordon/aka"
	"cordon/ident"
	"cordon/wire/ngap"
)

// pendingSession is a session whose resources a radio is to be asked for. N1 stays plain
// until it is sent, so that COUNTs leave in order.
type pendingSession struct {
	psi      ident.PDUSessionID
	snssai   ident.SNSSAI
	n1       []byte
	transfer []byte
}

// setupContext gives the radio the device's context (TS 38.413 §8.3.1), with a NAS message
// and sessions if there are any. The capabilities are the stored ones, whatever the radio says.
func (a *AMF) setupContext(c *conn, pdu []byte, items []pendingSession) {
	u := c.ue
	nea, nia, eea, eia := u.caps.NGAP()
	m := &ngap.InitialContextSetupRequest{
		AMFUENGAPID:  c.id,
		RANUENGAPID:  c.ran,
		UEAMBR:       a.ambr(u),
		GUAMI:        a.cfg.GUAMI,
		AllowedNSSAI: u.allowed,
		UESecurityCapabilities: ngap.UESecurityCapabilities{
			NREncryption: nea, NRIntegrity: nia, EUTRAEncryption: eea, EUTRAIntegrity: eia,
		},
		SecurityKey: aka.KgNB(u.kamf, c.count, aka.Access3GPP),
		NASPDU:      pdu,

		MobilityRestrictions: a.limits[u.class()].radio,
	}
	if u.radioCap != "" {
		m.UERadioCapability = []byte(u.radioCap)
	}
	if c.radio.Profile.MaskedIMEISV && u.imeisv != 0 {
		masked := maskIMEISV(u.imeisv)
		m.MaskedIMEISV = &masked
	}
	m.Setup = a.items(c, items)
	c.setup = setupAsked
	a.start(c, timerContext, tContext)
	a.send(c, m)
}

// maskIMEISV hides the digits that tell one device of a model from another: the last four of
// the serial number, digits 11 to 14 (TS 38.413 §9.3.1.54).
func maskIMEISV(v ident.IMEISV) uint64 { return uint64(v) | 0xffff00 }

// ambr is the device's aggregate rate, sent when sessions may be set up.
func (a *AMF) ambr(u *ue) *ngap.BitRates {
	return &ngap.BitRates{DL: u.plan.UEAMBR.DL, UL: u.plan.UEAMBR.UL}
}

// contextStands is the radio's answer. What was held for it follows.
func (a *AMF) contextStands(c *conn, m *ngap.InitialContextSetupResponse) {
	if c.setup != setupAsked || c.ue == nil {
		a.drop(ReasonState)
		return
	}
	c.setup = setupDone
	a.stop(c, timerContext)
	a.n2(c, N2SetupResponse, m.Setup)
	a.n2(c, N2SetupUnsuccessful, m.Failed)
	held := len(c.held)
	a.resume(c)
	if len(m.Setup)+len(m.Failed)+held == 0 {
		a.drop(ReasonAccepted)
	}
}

// contextFailed is the radio's refusal: without a context it cannot serve the device.
func (a *AMF) contextFailed(c *conn, m *ngap.InitialContextSetupFailure) {
	if c.setup != setupAsked || c.ue == nil {
		a.drop(ReasonState)
		return
	}
	a.n2(c, N2SetupUnsuccessful, m.Failed)
	a.release(c, m.Cause)
}
