package amf

import (
	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
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

// items are the sessions of a request to the radio, each with its NAS message.
func (a *AMF) items(c *conn, pending []pendingSession) []ngap.PDUSessionSetup {
	if len(pending) == 0 {
		return nil
	}
	out := make([]ngap.PDUSessionSetup, 0, len(pending))
	for _, p := range pending {
		item := ngap.PDUSessionSetup{ID: p.psi, SNSSAI: p.snssai, Transfer: p.transfer}
		if p.n1 != nil {
			item.NAS = a.protect(c, &nas.DLNASTransport{
				PayloadType: nas.PayloadSM, Payload: p.n1, Session: p.psi,
			})
		}
		out = append(out, item)
	}
	return out
}

// setupSession asks the radio for the resources of a session. A radio refuses them before
// it has the device's context, so the first session brings that along.
func (a *AMF) setupSession(c *conn, items []pendingSession) {
	if len(items) == 0 {
		return
	}
	switch c.setup {
	case setupNone:
		a.setupContext(c, nil, items)
	case setupAsked:
		c.held = append(c.held, items...)
		a.drop(ReasonHeld)
	case setupDone:
		a.send(c, &ngap.PDUSessionResourceSetupRequest{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran,
			Setup:  a.items(c, items),
			UEAMBR: a.ambr(c.ue), // some radios drop the message without it
		})
	}
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
	held := c.held
	c.held = nil
	a.setupSession(c, held)
	if len(m.Setup)+len(m.Failed)+len(held) == 0 {
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

// n2 takes the radio's answers to the sessions that they name, if the device has them. Those that it has
// set up are judged once more: the law may have changed while it did.
func (a *AMF) n2(c *conn, kind N2Kind, items []ngap.PDUSessionTransfer) {
	var up nas.PDUSessions
	for _, it := range items {
		if !c.ue.sessions.Has(it.ID) {
			a.drop(ReasonNoSession)
			continue
		}
		switch kind {
		case N2SetupResponse:
			c.active, up = c.active.With(it.ID), up.With(it.ID)
			a.stop(c, timerIdle)
		case N2ReleaseResponse: // of which the command told; by now the radio may have it anew
		default:
			c.active = c.active.Without(it.ID)
		}
		a.emit(SMN2{c.ue.supi, it.ID, kind, c.radio.ID, it.Transfer})
	}
	if up != 0 && a.law != nil {
		a.judgeSessions(c, up)
	}
	a.idle(c)
}
