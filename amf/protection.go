package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// peel takes the security header off a message without any check; whoever uses what is in it
// trusts nothing of it.
func (a *AMF) peel(pdu []byte) (plain []byte, kind nas.HeaderType, ok bool) {
	h, err := nas.ParseHeader(pdu)
	if err != nil {
		return nil, 0, false
	}
	return h.Inner, h.Type, true
}

// prove binds c to the device that t names if pdu was made with its keys and was not seen
// before. Otherwise it changes nothing: a stored context outlives every message that merely
// names it.
func (a *AMF) prove(c *conn, t ident.TMSI, ksi nas.KSI, pdu []byte) bool {
	u := a.tmsis[t]
	if u == nil {
		return false
	}
	h, err := nas.ParseHeader(pdu)
	if err != nil || !h.Type.Protected() {
		return false
	}
	o, err := u.sec.Check(pdu)
	if err != nil || ksi != nas.KSI(u.ksi) {
		a.emit(Finding{Kind: FindingMAC, Radio: c.radio.ID, Node: c.radio.Node, Cell: c.cell, SUPI: u.supi, Claimed: true, Bytes: shown(pdu)})
		return false
	}
	u.sec.Commit(o)
	c.count = o.Count
	a.settle(u, t)
	a.bind(c, u)
	return true
}

// unprotect verifies a message of c's device. One that fails changes nothing.
func (a *AMF) unprotect(c *conn, pdu []byte) ([]byte, bool) {
	h, err := nas.ParseHeader(pdu)
	switch {
	case err != nil:
		a.drop(ReasonMalformed)
		return nil, false
	case !h.Type.Protected():
		a.drop(ReasonUnprotected)
		return nil, false
	}
	plain, err := c.ue.sec.Unprotect(pdu)
	if err != nil {
		a.finding(c, FindingMAC)
		a.drop(ReasonMAC)
		return nil, false
	}
	c.ue.seen = uint32(a.now.Unix())
	return plain, true
}

// renewKeys begins an authentication when a COUNT comes near its end (TS 33.501 §6.4.5).
func (a *AMF) renewKeys(c *conn) {
	if c.ue != nil && c.state == stateReady && c.ue.sec.Exhausting() {
		a.needVector(c, nil, c.ue.supi, nil)
	}
}

// open deciphers the container of an initial message that was verified with that COUNT
// (TS 24.501 §4.4.6).
func (c *conn) open(container []byte, count uint32) (nas.Message, bool) {
	if err := c.ue.sec.CipherContainer(container, count); err != nil {
		return nil, false
	}
	m, _, err := nas.Parse(container)
	return m, err == nil
}

// encode makes the plain octets of a message, valid until the next message. One that cannot be
// encoded is our own fault.
func (a *AMF) encode(m nas.Message) []byte {
	b, err := nas.Append(a.plain[:0], m)
	if err != nil {
		panic("amf: " + err.Error())
	}
	a.plain = b
	return b
}

// protect makes the octets of a message for c's device; none when the COUNT is used up.
func (a *AMF) protect(c *conn, m nas.Message) []byte {
	return a.seal(c, a.encode(m))
}

// headerLen is the octets that protection adds (TS 24.501 §9.1.1).
const headerLen = 7

// seal protects a plain message under the next COUNT.
func (a *AMF) seal(c *conn, plain []byte) []byte {
	u := c.ue
	out, err := u.sec.Protect(make([]byte, 0, len(plain)+headerLen), plain, nas.HeaderCiphered)
	if err != nil {
		return nil
	}
	if u.sec.Downlink+countSpare >= u.ceiling && u.accepted {
		a.save(u)
	}
	return out
}

// sendNAS sends a message to the device behind c: protected if its keys are known, plain
// where the message may be.
func (a *AMF) sendNAS(c *conn, m nas.Message) {
	a.sendPlain(c, a.encode(m))
}

func (a *AMF) sendPlain(c *conn, plain []byte) {
	if c.ue != nil {
		a.sendPDU(c, a.seal(c, plain))
		return
	}
	a.sendPDU(c, slices.Clone(plain))
}

// sendPDU gives a NAS message to the radio.
func (a *AMF) sendPDU(c *conn, pdu []byte) {
	if len(pdu) == 0 {
		a.drop(ReasonExhausted) // renewKeys was to prevent it
		return
	}
	a.send(c, &ngap.DownlinkNASTransport{AMFUENGAPID: c.id, RANUENGAPID: c.ran, NASPDU: pdu})
}
