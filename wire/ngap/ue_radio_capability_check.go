package ngap

import "cordon/ident"

var ueRadioCapabilityCheckRequest = ieTable[UERadioCapabilityCheckRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UERadioCapabilityCheckRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UERadioCapabilityCheckRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	octetsIf(idUERadioCapability, Ignore, func(m *UERadioCapabilityCheckRequest) *[]byte { return &m.UERadioCapability }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *UERadioCapabilityCheckRequest) *[]byte { return &m.UERadioCapabilityID }),
}

// UERadioCapabilityCheckRequest asks whether device and radio support IMS voice (TS 38.413
// §9.2.13.2).
type UERadioCapabilityCheckRequest struct {
	AMFUENGAPID         ident.AMFUENGAPID
	RANUENGAPID         ident.RANUENGAPID
	UERadioCapability   []byte // optional
	UERadioCapabilityID []byte // optional
}

func (*UERadioCapabilityCheckRequest) Procedure() Procedure { return ProcUERadioCapabilityCheck }
func (*UERadioCapabilityCheckRequest) Kind() Kind           { return Initiating }
func (m *UERadioCapabilityCheckRequest) walk(c *coder)      { ueRadioCapabilityCheckRequest.walk(m, c) }

var ueRadioCapabilityCheckResponse = ieTable[UERadioCapabilityCheckResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *UERadioCapabilityCheckResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *UERadioCapabilityCheckResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idIMSVoiceSupportIndicator, Reject, imsVoiceSupport, func(m *UERadioCapabilityCheckResponse) *IMSVoiceSupport { return &m.IMSVoiceSupport }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *UERadioCapabilityCheckResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// UERadioCapabilityCheckResponse answers it (TS 38.413 §9.2.13.3).
type UERadioCapabilityCheckResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	IMSVoiceSupport        IMSVoiceSupport
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UERadioCapabilityCheckResponse) Procedure() Procedure { return ProcUERadioCapabilityCheck }
func (*UERadioCapabilityCheckResponse) Kind() Kind           { return Successful }
func (m *UERadioCapabilityCheckResponse) walk(c *coder)      { ueRadioCapabilityCheckResponse.walk(m, c) }
