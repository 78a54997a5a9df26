package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// What a radio has of a device's sessions. Its answers name a session and not the request that they are for, so
// that of one session never more than one request is open: it is asked for, served or being let go of. What is wanted
// of the radio meanwhile waits, or is not needed any more; an answer that nothing waits for changes nothing.

// setupSession asks the radio for the resources of sessions. A radio refuses them before it has the
// device's context, so the first sessions bring that along, and while it has others of their identity, which go first.
func (a *AMF) setupSession(c *conn, items []pendingSession) {
	var now []pendingSession
	var all nas.PDUSessions
	for _, p := range items {
		all = all.With(p.psi)
	}
	a.withdraw(c, all)
	for _, p := range items {
		if c.setup == setupAsked || c.ending.Has(p.psi) {
			c.unhold(p.psi) // the last word counts
			c.held = append(c.held, p)
			a.drop(ReasonHeld)
			continue
		}
		now = append(now, p)
	}
	switch {
	case len(now) == 0:
	case c.setup == setupNone:
		a.setupContext(c, nil, now)
	default:
		a.send(c, &ngap.PDUSessionResourceSetupRequest{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran,
			Setup:  a.items(c, now),
			UEAMBR: a.ambr(c.ue), // some radios drop the message without it
		})
	}
}

// unhold forgets what was held for a session.
func (c *conn) unhold(psi ident.PDUSessionID) {
	c.held = slices.DeleteFunc(c.held, func(p pendingSession) bool { return p.psi == psi })
}

// resume asks for what was held, as far as nothing is in its way any more.
func (a *AMF) resume(c *conn) {
	held := c.held
	c.held = nil
	a.setupSession(c, held)
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
		c.asking = c.asking.With(p.psi)
		out = append(out, item)
	}
	return out
}

// sessionAnswer takes a radio's answers about sessions to the SMF, once the radio has a device
// to speak of. Late ones, after a release, are nobody's.
func (a *AMF) sessionAnswer(c *conn, first []ngap.PDUSessionTransfer, kind N2Kind, second []ngap.PDUSessionTransfer, other N2Kind) {
	if c.ue == nil || c.setup == setupNone {
		a.drop(ReasonState)
		return
	}
	a.n2(c, kind, first)
	a.n2(c, other, second)
	if len(first)+len(second) == 0 {
		a.drop(ReasonNoSession)
	}
}

// n2 takes the radio's answers to the sessions that they name, if the device has them. Those that it has
// set up are judged once more: the law may have changed while it did.
func (a *AMF) n2(c *conn, kind N2Kind, items []ngap.PDUSessionTransfer) {
	var up nas.PDUSessions
	for _, it := range items {
		switch awaited := c.answered(kind, it.ID); {
		case !awaited:
			a.drop(ReasonStale)
			continue
		case !c.ue.sessions.Has(it.ID):
			a.drop(ReasonNoSession)
			continue
		}
		if kind == N2SetupResponse {
			up = up.With(it.ID)
			a.stop(c, timerIdle)
		}
		a.emit(SMN2{c.ue.supi, it.ID, kind, c.radio.ID, it.Transfer})
	}
	if c.ending == 0 {
		a.stop(c, timerEnding)
	}
	if kind == N2ReleaseResponse {
		a.resume(c)
	}
	if up != 0 && a.law != nil {
		a.judgeSessions(c, up)
	}
	a.idle(c)
}

// answered takes note of what the radio has of a session by its answer, and reports whether that was awaited. What it
// answers to a request that was taken back since is not: the order to let go of the session came after it.
func (c *conn) answered(kind N2Kind, psi ident.PDUSessionID) bool {
	switch kind {
	case N2SetupResponse, N2SetupUnsuccessful:
		if !c.asking.Has(psi) {
			return false
		}
		if c.asking = c.asking.Without(psi); kind == N2SetupResponse {
			c.active = c.active.With(psi)
		}
	case N2ReleaseResponse:
		if !c.ending.Has(psi) {
			return false
		}
		c.ending = c.ending.Without(psi)
	default: // of its own accord
		c.active = c.active.Without(psi)
	}
	return true
}

// carries reports whether the radio has resources of sessions, or is at it.
func (c *conn) carries() bool { return c.active|c.asking|c.ending != 0 }

// releaseSession takes a session's resources from the radio; the device's message goes
// along. A radio that does not serve the session only carries the message.
func (a *AMF) releaseSession(c *conn, ev SMMessage) {
	var pdu []byte
	if ev.N1 != nil {
		pdu = a.protect(c, &nas.DLNASTransport{PayloadType: nas.PayloadSM, Payload: ev.N1, Session: ev.PSI})
	}
	c.unhold(ev.PSI)
	if (c.active | c.asking).Has(ev.PSI) {
		a.letGo(c, pdu, ngap.PDUSessionTransfer{ID: ev.PSI, Transfer: ev.Transfer})
		return
	}
	if !c.ending.Has(ev.PSI) { // else the answer to that serves both
		a.emit(SMN2{ev.SUPI, ev.PSI, N2ReleaseResponse, c.radio.ID, nil}) // as it would answer
	}
	if pdu != nil {
		a.sendPDU(c, pdu)
	}
}

// withdraw takes from the radio what it holds for sessions that are no more, or that it does not hold any more though
// it said so. The device knows, so nothing goes to it; but a radio that still holds a session refuses another of
// its identity.
func (a *AMF) withdraw(c *conn, gone nas.PDUSessions) {
	for psi := range sessions(gone) {
		c.unhold(psi)
	}
	gone &= c.active | c.asking
	if gone == 0 {
		return
	}
	transfer, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseCommandTransfer{Cause: ngap.CauseNASNormalRelease})
	if err != nil { // only a constant could be at fault
		panic("amf: " + err.Error())
	}
	var list []ngap.PDUSessionTransfer
	for psi := range sessions(gone) {
		list = append(list, ngap.PDUSessionTransfer{ID: psi, Transfer: transfer})
	}
	a.letGo(c, nil, list...)
}

// letGo orders the radio to let go of sessions (TS 38.413 §8.2.2), with a message for the device or without.
func (a *AMF) letGo(c *conn, pdu []byte, list ...ngap.PDUSessionTransfer) {
	for _, it := range list {
		c.active, c.asking, c.ending = c.active.Without(it.ID), c.asking.Without(it.ID), c.ending.With(it.ID)
	}
	a.start(c, timerEnding, tEnding)
	a.send(c, &ngap.PDUSessionResourceReleaseCommand{AMFUENGAPID: c.id, RANUENGAPID: c.ran, NASPDU: pdu, Release: list})
}

// endingLate waits no longer for a radio that does not say that it has let go of sessions.
func (a *AMF) endingLate(c *conn) {
	c.ending = 0
	a.drop(ReasonNoAnswer)
	a.resume(c)
	a.idle(c)
}
