package ngap

import "cordon/ident"

var initialContextSetupRequest = ieTable[InitialContextSetupRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *InitialContextSetupRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *InitialContextSetupRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	nameIf(idOldAMF, Reject, func(m *InitialContextSetupRequest) *string { return &m.OldAMF }),
	optional(idUEAggregateMaximumBitRate, Reject, bitRates, func(m *InitialContextSetupRequest) **BitRates { return &m.UEAMBR }),
	optional(idCoreNetworkAssistanceInformationForInactive, Ignore, inactiveAssistance, func(m *InitialContextSetupRequest) **InactiveAssistance { return &m.InactiveAssistance }),
	required(idGUAMI, Reject, guami, func(m *InitialContextSetupRequest) *ident.GUAMI { return &m.GUAMI }),
	listed(idPDUSessionResourceSetupListCxtReq, Reject, pduSessionSetups, func(m *InitialContextSetupRequest) *[]PDUSessionSetup { return &m.Setup }),
	required(idAllowedNSSAI, Reject, allowedNSSAI, func(m *InitialContextSetupRequest) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	required(idUESecurityCapabilities, Reject, ueSecurityCapabilities, func(m *InitialContextSetupRequest) *UESecurityCapabilities { return &m.UESecurityCapabilities }),
	required(idSecurityKey, Reject, securityKey, func(m *InitialContextSetupRequest) *[32]byte { return &m.SecurityKey }),
	optional(idTraceActivation, Ignore, traceActivation, func(m *InitialContextSetupRequest) **TraceActivation { return &m.TraceActivation }),
	optional(idMobilityRestrictionList, Ignore, mobilityRestrictions, func(m *InitialContextSetupRequest) **MobilityRestrictions { return &m.MobilityRestrictions }),
	octetsIf(idUERadioCapability, Ignore, func(m *InitialContextSetupRequest) *[]byte { return &m.UERadioCapability }),
	optional(idIndexToRFSP, Ignore, indexToRFSP, func(m *InitialContextSetupRequest) **uint16 { return &m.IndexToRFSP }),
	optional(idMaskedIMEISV, Ignore, maskedIMEISV, func(m *InitialContextSetupRequest) **uint64 { return &m.MaskedIMEISV }),
	octetsIf(idNASPDU, Ignore, func(m *InitialContextSetupRequest) *[]byte { return &m.NASPDU }),
	optional(idEmergencyFallbackIndicator, Reject, emergencyFallback, func(m *InitialContextSetupRequest) **EmergencyFallback { return &m.EmergencyFallback }),
	optional(idRRCInactiveTransitionReportRequest, Ignore, inactiveReportRequest, func(m *InitialContextSetupRequest) **InactiveReportRequest {
		return &m.RRCInactiveTransitionReportRequest
	}),
	optional(idUERadioCapabilityForPaging, Ignore, radioCapabilityForPaging, func(m *InitialContextSetupRequest) **RadioCapabilityForPaging { return &m.UERadioCapabilityForPaging }),
	optional(idRedirectionVoiceFallback, Ignore, voiceFallback, func(m *InitialContextSetupRequest) **VoiceFallback { return &m.RedirectionVoiceFallback }),
	optional(idLocationReportingRequestType, Ignore, locationRequest, func(m *InitialContextSetupRequest) **LocationRequest { return &m.LocationReportingRequest }),
	optional(idIABAuthorized, Ignore, iabAuthorized, func(m *InitialContextSetupRequest) **IABAuthorized { return &m.IABAuthorized }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *InitialContextSetupRequest) *[]byte { return &m.UERadioCapabilityID }),
}

// InitialContextSetupRequest gives a radio what it needs to serve a device (TS 38.413
// §9.2.2.1).
type InitialContextSetupRequest struct {
	AMFUENGAPID                        ident.AMFUENGAPID
	RANUENGAPID                        ident.RANUENGAPID
	OldAMF                             string              // optional
	UEAMBR                             *BitRates           // optional
	InactiveAssistance                 *InactiveAssistance // optional
	GUAMI                              ident.GUAMI
	Setup                              []PDUSessionSetup // optional
	AllowedNSSAI                       []ident.SNSSAI
	UESecurityCapabilities             UESecurityCapabilities
	SecurityKey                        [32]byte
	TraceActivation                    *TraceActivation          // optional
	MobilityRestrictions               *MobilityRestrictions     // optional
	UERadioCapability                  []byte                    // optional
	IndexToRFSP                        *uint16                   // optional
	MaskedIMEISV                       *uint64                   // optional
	NASPDU                             []byte                    // optional
	EmergencyFallback                  *EmergencyFallback        // optional
	RRCInactiveTransitionReportRequest *InactiveReportRequest    // optional
	UERadioCapabilityForPaging         *RadioCapabilityForPaging // optional
	RedirectionVoiceFallback           *VoiceFallback            // optional
	LocationReportingRequest           *LocationRequest          // optional
	IABAuthorized                      *IABAuthorized            // optional
	UERadioCapabilityID                []byte                    // optional
}

func (*InitialContextSetupRequest) Procedure() Procedure { return ProcInitialContextSetup }
func (*InitialContextSetupRequest) Kind() Kind           { return Initiating }
func (m *InitialContextSetupRequest) walk(c *coder)      { initialContextSetupRequest.walk(m, c) }

var initialContextSetupResponse = ieTable[InitialContextSetupResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *InitialContextSetupResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *InitialContextSetupResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceSetupListCxtRes, Ignore, transfers, func(m *InitialContextSetupResponse) *[]PDUSessionTransfer { return &m.Setup }),
	listed(idPDUSessionResourceFailedToSetupListCxtRes, Ignore, transfers, func(m *InitialContextSetupResponse) *[]PDUSessionTransfer { return &m.Failed }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *InitialContextSetupResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// InitialContextSetupResponse says that the context stands (TS 38.413 §9.2.2.2).
type InitialContextSetupResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Setup                  []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*InitialContextSetupResponse) Procedure() Procedure { return ProcInitialContextSetup }
func (*InitialContextSetupResponse) Kind() Kind           { return Successful }
func (m *InitialContextSetupResponse) walk(c *coder)      { initialContextSetupResponse.walk(m, c) }

var initialContextSetupFailure = ieTable[InitialContextSetupFailure]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *InitialContextSetupFailure) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *InitialContextSetupFailure) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	listed(idPDUSessionResourceFailedToSetupListCxtFail, Ignore, transfers, func(m *InitialContextSetupFailure) *[]PDUSessionTransfer { return &m.Failed }),
	required(idCause, Ignore, cause, func(m *InitialContextSetupFailure) *Cause { return &m.Cause }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *InitialContextSetupFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// InitialContextSetupFailure says that it does not (TS 38.413 §9.2.2.3).
type InitialContextSetupFailure struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Failed                 []PDUSessionTransfer // optional
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*InitialContextSetupFailure) Procedure() Procedure { return ProcInitialContextSetup }
func (*InitialContextSetupFailure) Kind() Kind           { return Unsuccessful }
func (m *InitialContextSetupFailure) walk(c *coder)      { initialContextSetupFailure.walk(m, c) }
