package ngap

import "cordon/ident"

var pduSessionResourceNotify = ieTable[PDUSessionResourceNotify]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *PDUSessionResourceNotify) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PDUSessionResourceNotify) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceNotifyList, Reject, transfers, func(m *PDUSessionResourceNotify) *[]PDUSessionTransfer { return &m.Notify }),
	listed(idPDUSessionResourceReleasedListNot, Ignore, transfers, func(m *PDUSessionResourceNotify) *[]PDUSessionTransfer { return &m.Released }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *PDUSessionResourceNotify) **UserLocation { return &m.UserLocation }),
}

// PDUSessionResourceNotify tells of flows no longer or again fulfilled, and of sessions
// released (TS 38.413 §9.2.1.7).
type PDUSessionResourceNotify struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	Notify       []PDUSessionTransfer // optional
	Released     []PDUSessionTransfer // optional
	UserLocation *UserLocation        // optional
}

func (*PDUSessionResourceNotify) Procedure() Procedure { return ProcPDUSessionResourceNotify }
func (*PDUSessionResourceNotify) Kind() Kind           { return Initiating }
func (m *PDUSessionResourceNotify) walk(c *coder)      { pduSessionResourceNotify.walk(m, c) }
