package ngap

import "cordon/ident"

var pduSessionResourceModifyRequest = ieTable[PDUSessionResourceModifyRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *PDUSessionResourceModifyRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PDUSessionResourceModifyRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idRANPagingPriority, Ignore, ranPagingPriority, func(m *PDUSessionResourceModifyRequest) **uint16 { return &m.RANPagingPriority }),
	required(idPDUSessionResourceModifyListModReq, Reject, pduSessionModifies, func(m *PDUSessionResourceModifyRequest) *[]PDUSessionModify { return &m.Modify }),
}

// PDUSessionResourceModifyRequest changes sessions (TS 38.413 §9.2.1.5).
type PDUSessionResourceModifyRequest struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint16 // optional
	Modify            []PDUSessionModify
}

func (*PDUSessionResourceModifyRequest) Procedure() Procedure { return ProcPDUSessionResourceModify }
func (*PDUSessionResourceModifyRequest) Kind() Kind           { return Initiating }
func (m *PDUSessionResourceModifyRequest) walk(c *coder)      { pduSessionResourceModifyRequest.walk(m, c) }

var pduSessionResourceModifyResponse = ieTable[PDUSessionResourceModifyResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PDUSessionResourceModifyResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PDUSessionResourceModifyResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceModifyListModRes, Ignore, transfers, func(m *PDUSessionResourceModifyResponse) *[]PDUSessionTransfer { return &m.Modified }),
	listed(idPDUSessionResourceFailedToModifyListModRes, Ignore, transfers, func(m *PDUSessionResourceModifyResponse) *[]PDUSessionTransfer { return &m.Failed }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *PDUSessionResourceModifyResponse) **UserLocation { return &m.UserLocation }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PDUSessionResourceModifyResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// PDUSessionResourceModifyResponse names the sessions changed and those not (TS 38.413
// §9.2.1.6).
type PDUSessionResourceModifyResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Modified               []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	UserLocation           *UserLocation           // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceModifyResponse) Procedure() Procedure { return ProcPDUSessionResourceModify }
func (*PDUSessionResourceModifyResponse) Kind() Kind           { return Successful }
func (m *PDUSessionResourceModifyResponse) walk(c *coder) {
	pduSessionResourceModifyResponse.walk(m, c)
}
