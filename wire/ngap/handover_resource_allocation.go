package ngap

import "cordon/ident"

var handoverRequest = ieTable[HandoverRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *HandoverRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idHandoverType, Reject, handoverType, func(m *HandoverRequest) *HandoverType { return &m.HandoverType }),
	required(idCause, Ignore, cause, func(m *HandoverRequest) *Cause { return &m.Cause }),
	required(idUEAggregateMaximumBitRate, Reject, bitRates, func(m *HandoverRequest) *BitRates { return &m.UEAMBR }),
	optional(idCoreNetworkAssistanceInformationForInactive, Ignore, inactiveAssistance, func(m *HandoverRequest) **InactiveAssistance { return &m.InactiveAssistance }),
	required(idUESecurityCapabilities, Reject, ueSecurityCapabilities, func(m *HandoverRequest) *UESecurityCapabilities { return &m.UESecurityCapabilities }),
	required(idSecurityContext, Reject, securityContext, func(m *HandoverRequest) *SecurityContext { return &m.SecurityContext }),
	flagIf(idNewSecurityContextInd, Reject, func(m *HandoverRequest) *bool { return &m.NewSecurityContext }),
	octetsIf(idNASC, Reject, func(m *HandoverRequest) *[]byte { return &m.NASC }),
	required(idPDUSessionResourceSetupListHOReq, Reject, pduSessionSetupsHO, func(m *HandoverRequest) *[]PDUSessionSetup { return &m.Setup }),
	required(idAllowedNSSAI, Reject, allowedNSSAI, func(m *HandoverRequest) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	optional(idTraceActivation, Ignore, traceActivation, func(m *HandoverRequest) **TraceActivation { return &m.TraceActivation }),
	optional(idMaskedIMEISV, Ignore, maskedIMEISV, func(m *HandoverRequest) **uint64 { return &m.MaskedIMEISV }),
	required(idSourceToTargetTransparentContainer, Reject, octets, func(m *HandoverRequest) *[]byte { return &m.SourceToTargetContainer }),
	optional(idMobilityRestrictionList, Ignore, mobilityRestrictions, func(m *HandoverRequest) **MobilityRestrictions { return &m.MobilityRestrictions }),
	optional(idLocationReportingRequestType, Ignore, locationRequest, func(m *HandoverRequest) **LocationRequest { return &m.LocationReportingRequest }),
	optional(idRRCInactiveTransitionReportRequest, Ignore, inactiveReportRequest, func(m *HandoverRequest) **InactiveReportRequest { return &m.RRCInactiveTransitionReportRequest }),
	required(idGUAMI, Reject, guami, func(m *HandoverRequest) *ident.GUAMI { return &m.GUAMI }),
	optional(idRedirectionVoiceFallback, Ignore, voiceFallback, func(m *HandoverRequest) **VoiceFallback { return &m.RedirectionVoiceFallback }),
	optional(idIABAuthorized, Reject, iabAuthorized, func(m *HandoverRequest) **IABAuthorized { return &m.IABAuthorized }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *HandoverRequest) *[]byte { return &m.UERadioCapabilityID }),
}

// HandoverRequest asks a target radio to take a device (TS 38.413 §9.2.3.4).
type HandoverRequest struct {
	AMFUENGAPID                        ident.AMFUENGAPID
	HandoverType                       HandoverType
	Cause                              Cause
	UEAMBR                             BitRates
	InactiveAssistance                 *InactiveAssistance // optional
	UESecurityCapabilities             UESecurityCapabilities
	SecurityContext                    SecurityContext
	NewSecurityContext                 bool   // optional
	NASC                               []byte // optional
	Setup                              []PDUSessionSetup
	AllowedNSSAI                       []ident.SNSSAI
	TraceActivation                    *TraceActivation // optional
	MaskedIMEISV                       *uint64          // optional
	SourceToTargetContainer            []byte
	MobilityRestrictions               *MobilityRestrictions  // optional
	LocationReportingRequest           *LocationRequest       // optional
	RRCInactiveTransitionReportRequest *InactiveReportRequest // optional
	GUAMI                              ident.GUAMI
	RedirectionVoiceFallback           *VoiceFallback // optional
	IABAuthorized                      *IABAuthorized // optional
	UERadioCapabilityID                []byte         // optional
}

func (*HandoverRequest) Procedure() Procedure { return ProcHandoverResourceAllocation }
func (*HandoverRequest) Kind() Kind           { return Initiating }
func (m *HandoverRequest) walk(c *coder)      { handoverRequest.walk(m, c) }

var handoverRequestAcknowledge = ieTable[HandoverRequestAcknowledge]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *HandoverRequestAcknowledge) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *HandoverRequestAcknowledge) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idPDUSessionResourceAdmittedList, Ignore, transfers, func(m *HandoverRequestAcknowledge) *[]PDUSessionTransfer { return &m.Admitted }),
	listed(idPDUSessionResourceFailedToSetupListHOAck, Ignore, transfers, func(m *HandoverRequestAcknowledge) *[]PDUSessionTransfer { return &m.Failed }),
	required(idTargetToSourceTransparentContainer, Reject, octets, func(m *HandoverRequestAcknowledge) *[]byte { return &m.TargetToSourceContainer }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *HandoverRequestAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	optional(idNPNAccessInformation, Reject, npnAccess, func(m *HandoverRequestAcknowledge) **NPNAccess { return &m.NPNAccess }),
}

// HandoverRequestAcknowledge says that it will (TS 38.413 §9.2.3.5).
type HandoverRequestAcknowledge struct {
	AMFUENGAPID             ident.AMFUENGAPID
	RANUENGAPID             ident.RANUENGAPID
	Admitted                []PDUSessionTransfer
	Failed                  []PDUSessionTransfer // optional
	TargetToSourceContainer []byte
	CriticalityDiagnostics  *CriticalityDiagnostics // optional
	NPNAccess               *NPNAccess              // optional
}

func (*HandoverRequestAcknowledge) Procedure() Procedure { return ProcHandoverResourceAllocation }
func (*HandoverRequestAcknowledge) Kind() Kind           { return Successful }
func (m *HandoverRequestAcknowledge) walk(c *coder)      { handoverRequestAcknowledge.walk(m, c) }

var handoverFailure = ieTable[HandoverFailure]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *HandoverFailure) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idCause, Ignore, cause, func(m *HandoverFailure) *Cause { return &m.Cause }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *HandoverFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	octetsIf(idTargettoSourceFailureTransparentContainer, Ignore, func(m *HandoverFailure) *[]byte { return &m.TargetToSourceFailureContainer }),
}

// HandoverFailure says that it will not (TS 38.413 §9.2.3.6).
type HandoverFailure struct {
	AMFUENGAPID                    ident.AMFUENGAPID
	Cause                          Cause
	CriticalityDiagnostics         *CriticalityDiagnostics // optional
	TargetToSourceFailureContainer []byte                  // optional
}

func (*HandoverFailure) Procedure() Procedure { return ProcHandoverResourceAllocation }
func (*HandoverFailure) Kind() Kind           { return Unsuccessful }
func (m *HandoverFailure) walk(c *coder)      { handoverFailure.walk(m, c) }
