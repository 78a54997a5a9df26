package ngap

import "cordon/ident"

var pduSessionResourceModifyIndication = ieTable[PDUSessionResourceModifyIndication]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *PDUSessionResourceModifyIndication) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PDUSessionResourceModifyIndication) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idPDUSessionResourceModifyListModInd, Reject, transfers, func(m *PDUSessionResourceModifyIndication) *[]PDUSessionTransfer { return &m.Modify }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *PDUSessionResourceModifyIndication) **UserLocation { return &m.UserLocation }),
}

// PDUSessionResourceModifyIndication is a radio moving its end of sessions' tunnels (TS
// 38.413 §9.2.1.8).
type PDUSessionResourceModifyIndication struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	Modify       []PDUSessionTransfer
	UserLocation *UserLocation // optional
}

func (*PDUSessionResourceModifyIndication) Procedure() Procedure {
	return ProcPDUSessionResourceModifyIndication
}
func (*PDUSessionResourceModifyIndication) Kind() Kind { return Initiating }
func (m *PDUSessionResourceModifyIndication) walk(c *coder) {
	pduSessionResourceModifyIndication.walk(m, c)
}

var pduSessionResourceModifyConfirm = ieTable[PDUSessionResourceModifyConfirm]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PDUSessionResourceModifyConfirm) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PDUSessionResourceModifyConfirm) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceModifyListModCfm, Ignore, transfers, func(m *PDUSessionResourceModifyConfirm) *[]PDUSessionTransfer { return &m.Modified }),
	listed(idPDUSessionResourceFailedToModifyListModCfm, Ignore, transfers, func(m *PDUSessionResourceModifyConfirm) *[]PDUSessionTransfer { return &m.Failed }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PDUSessionResourceModifyConfirm) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// PDUSessionResourceModifyConfirm answers it session by session (TS 38.413 §9.2.1.9).
type PDUSessionResourceModifyConfirm struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Modified               []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceModifyConfirm) Procedure() Procedure {
	return ProcPDUSessionResourceModifyIndication
}
func (*PDUSessionResourceModifyConfirm) Kind() Kind      { return Successful }
func (m *PDUSessionResourceModifyConfirm) walk(c *coder) { pduSessionResourceModifyConfirm.walk(m, c) }
