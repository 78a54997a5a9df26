package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// BitRates are two rates in bit/s, 0 to 4e12: a UE-AMBR or a PDU session AMBR
// (TS 38.413 §9.3.1.58, §9.3.1.102).
type BitRates struct {
	DL, UL uint64
}

// PDUSessionSetup is a session whose resources are asked for. NAS may be nil; a handover
// request has no place for it.
type PDUSessionSetup struct {
	ID       ident.PDUSessionID
	NAS      []byte
	SNSSAI   ident.SNSSAI
	Transfer []byte // a PDUSessionResourceSetupRequestTransfer
}

// PDUSessionModify is a session to be changed. NAS may be nil.
type PDUSessionModify struct {
	ID       ident.PDUSessionID
	NAS      []byte
	Transfer []byte // a PDUSessionResourceModifyRequestTransfer
}

// PDUSessionTransfer is a session with what the AMF passes on unread between radio and
// SMF; which transfer it is follows from message and field.
type PDUSessionTransfer struct {
	ID       ident.PDUSessionID
	Transfer []byte
}

func bitRate(c *coder, v *uint64) {
	per.ExtInt(&c.Coder, v, 0, 4_000_000_000_000, 1<<63-1)
}

func bitRates(c *coder, v *BitRates) {
	t := c.begin()
	bitRate(c, &v.DL)
	bitRate(c, &v.UL)
	c.end(t)
}

// maxSessions is maxnoofPDUSessions.
const maxSessions = 256

func pduSessionID(c *coder, v *ident.PDUSessionID) { per.Int(&c.Coder, v, 0, 255) }

func pduSessionSetup(c *coder, v *PDUSessionSetup) {
	nas := v.NAS != nil
	t := c.begin(&nas)
	pduSessionID(c, &v.ID)
	if nas {
		octets(c, &v.NAS)
	}
	snssai(c, &v.SNSSAI)
	octets(c, &v.Transfer)
	c.end(t)
}

func pduSessionSetups(c *coder, v *[]PDUSessionSetup) { list(c, v, 1, maxSessions, pduSessionSetup) }

func pduSessionSetupHO(c *coder, v *PDUSessionSetup) {
	if v.NAS != nil {
		c.Fail(per.ErrRange) // it would be lost
	}
	t := c.begin()
	pduSessionID(c, &v.ID)
	snssai(c, &v.SNSSAI)
	octets(c, &v.Transfer)
	c.end(t)
}

func pduSessionSetupsHO(c *coder, v *[]PDUSessionSetup) {
	list(c, v, 1, maxSessions, pduSessionSetupHO)
}

func pduSessionModify(c *coder, v *PDUSessionModify) {
	nas := v.NAS != nil
	t := c.begin(&nas)
	pduSessionID(c, &v.ID)
	if nas {
		octets(c, &v.NAS)
	}
	octets(c, &v.Transfer)
	c.end(t)
}

func pduSessionModifies(c *coder, v *[]PDUSessionModify) {
	list(c, v, 1, maxSessions, pduSessionModify)
}

func transfer(c *coder, v *PDUSessionTransfer) {
	t := c.begin()
	pduSessionID(c, &v.ID)
	octets(c, &v.Transfer)
	c.end(t)
}

func transfers(c *coder, v *[]PDUSessionTransfer) { list(c, v, 1, maxSessions, transfer) }

func pduSessionItem(c *coder, v *ident.PDUSessionID) {
	t := c.begin()
	pduSessionID(c, v)
	c.end(t)
}

func pduSessionIDs(c *coder, v *[]ident.PDUSessionID) { list(c, v, 1, maxSessions, pduSessionItem) }
