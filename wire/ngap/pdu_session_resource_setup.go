package ngap

import "cordon/ident"

var pduSessionResourceSetupRequest = ieTable[PDUSessionResourceSetupRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *PDUSessionResourceSetupRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PDUSessionResourceSetupRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idRANPagingPriority, Ignore, ranPagingPriority, func(m *PDUSessionResourceSetupRequest) **uint16 { return &m.RANPagingPriority }),
	octetsIf(idNASPDU, Reject, func(m *PDUSessionResourceSetupRequest) *[]byte { return &m.NASPDU }),
	required(idPDUSessionResourceSetupListSUReq, Reject, pduSessionSetups, func(m *PDUSessionResourceSetupRequest) *[]PDUSessionSetup { return &m.Setup }),
	optional(idUEAggregateMaximumBitRate, Ignore, bitRates, func(m *PDUSessionResourceSetupRequest) **BitRates { return &m.UEAMBR }),
}

// PDUSessionResourceSetupRequest asks a radio for the resources of sessions (TS 38.413
// §9.2.1.1).
type PDUSessionResourceSetupRequest struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint16 // optional
	NASPDU            []byte  // optional
	Setup             []PDUSessionSetup
	UEAMBR            *BitRates // optional
}

func (*PDUSessionResourceSetupRequest) Procedure() Procedure { return ProcPDUSessionResourceSetup }
func (*PDUSessionResourceSetupRequest) Kind() Kind           { return Initiating }
func (m *PDUSessionResourceSetupRequest) walk(c *coder)      { pduSessionResourceSetupRequest.walk(m, c) }

var pduSessionResourceSetupResponse = ieTable[PDUSessionResourceSetupResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PDUSessionResourceSetupResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PDUSessionResourceSetupResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceSetupListSURes, Ignore, transfers, func(m *PDUSessionResourceSetupResponse) *[]PDUSessionTransfer { return &m.Setup }),
	listed(idPDUSessionResourceFailedToSetupListSURes, Ignore, transfers, func(m *PDUSessionResourceSetupResponse) *[]PDUSessionTransfer { return &m.Failed }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PDUSessionResourceSetupResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *PDUSessionResourceSetupResponse) **UserLocation { return &m.UserLocation }),
}

// PDUSessionResourceSetupResponse names the sessions that stand and those that do not (TS
// 38.413 §9.2.1.2).
type PDUSessionResourceSetupResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Setup                  []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
	UserLocation           *UserLocation           // optional
}

func (*PDUSessionResourceSetupResponse) Procedure() Procedure { return ProcPDUSessionResourceSetup }
func (*PDUSessionResourceSetupResponse) Kind() Kind           { return Successful }
func (m *PDUSessionResourceSetupResponse) walk(c *coder)      { pduSessionResourceSetupResponse.walk(m, c) }
