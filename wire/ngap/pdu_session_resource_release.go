package ngap

import "cordon/ident"

var pduSessionResourceReleaseCommand = ieTable[PDUSessionResourceReleaseCommand]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *PDUSessionResourceReleaseCommand) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PDUSessionResourceReleaseCommand) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idRANPagingPriority, Ignore, ranPagingPriority, func(m *PDUSessionResourceReleaseCommand) **uint16 { return &m.RANPagingPriority }),
	octetsIf(idNASPDU, Ignore, func(m *PDUSessionResourceReleaseCommand) *[]byte { return &m.NASPDU }),
	required(idPDUSessionResourceToReleaseListRelCmd, Reject, transfers, func(m *PDUSessionResourceReleaseCommand) *[]PDUSessionTransfer { return &m.Release }),
}

// PDUSessionResourceReleaseCommand takes the resources of sessions away (TS 38.413
// §9.2.1.3).
type PDUSessionResourceReleaseCommand struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint16 // optional
	NASPDU            []byte  // optional
	Release           []PDUSessionTransfer
}

func (*PDUSessionResourceReleaseCommand) Procedure() Procedure { return ProcPDUSessionResourceRelease }
func (*PDUSessionResourceReleaseCommand) Kind() Kind           { return Initiating }
func (m *PDUSessionResourceReleaseCommand) walk(c *coder) {
	pduSessionResourceReleaseCommand.walk(m, c)
}

var pduSessionResourceReleaseResponse = ieTable[PDUSessionResourceReleaseResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PDUSessionResourceReleaseResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PDUSessionResourceReleaseResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idPDUSessionResourceReleasedListRelRes, Ignore, transfers, func(m *PDUSessionResourceReleaseResponse) *[]PDUSessionTransfer { return &m.Released }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *PDUSessionResourceReleaseResponse) **UserLocation { return &m.UserLocation }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PDUSessionResourceReleaseResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// PDUSessionResourceReleaseResponse says that they are gone (TS 38.413 §9.2.1.4).
type PDUSessionResourceReleaseResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Released               []PDUSessionTransfer
	UserLocation           *UserLocation           // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceReleaseResponse) Procedure() Procedure { return ProcPDUSessionResourceRelease }
func (*PDUSessionResourceReleaseResponse) Kind() Kind           { return Successful }
func (m *PDUSessionResourceReleaseResponse) walk(c *coder) {
	pduSessionResourceReleaseResponse.walk(m, c)
}
