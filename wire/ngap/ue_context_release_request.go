package ngap

import "cordon/ident"

var ueContextReleaseRequest = ieTable[UEContextReleaseRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UEContextReleaseRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UEContextReleaseRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceListCxtRelReq, Reject, pduSessionIDs, func(m *UEContextReleaseRequest) *[]ident.PDUSessionID { return &m.PDUSessions }),
	required(idCause, Ignore, cause, func(m *UEContextReleaseRequest) *Cause { return &m.Cause }),
}

// UEContextReleaseRequest is a radio asking to let a device go (TS 38.413 §9.2.2.4).
type UEContextReleaseRequest struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	PDUSessions []ident.PDUSessionID // optional
	Cause       Cause
}

func (*UEContextReleaseRequest) Procedure() Procedure { return ProcUEContextReleaseRequest }
func (*UEContextReleaseRequest) Kind() Kind           { return Initiating }
func (m *UEContextReleaseRequest) walk(c *coder)      { ueContextReleaseRequest.walk(m, c) }
