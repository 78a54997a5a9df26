package ngap

import "cordon/ident"

// UERadioCapabilityCheckRequest asks whether device and radio support IMS voice (TS 38.413 §9.2.13.2).
type UERadioCapabilityCheckRequest struct {
	AMFUENGAPID         ident.AMFUENGAPID
	RANUENGAPID         ident.RANUENGAPID
	UERadioCapability   []byte // optional
	UERadioCapabilityID []byte // optional
}

func (*UERadioCapabilityCheckRequest) Procedure() Procedure { return ProcUERadioCapabilityCheck }
func (*UERadioCapabilityCheckRequest) Kind() Kind           { return Initiating }

// UERadioCapabilityCheckResponse answers it (TS 38.413 §9.2.13.3).
type UERadioCapabilityCheckResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	IMSVoiceSupport        IMSVoiceSupport
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UERadioCapabilityCheckResponse) Procedure() Procedure { return ProcUERadioCapabilityCheck }
func (*UERadioCapabilityCheckResponse) Kind() Kind           { return Successful }
