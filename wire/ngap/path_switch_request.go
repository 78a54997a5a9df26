package ngap

import "cordon/ident"

var pathSwitchRequest = ieTable[PathSwitchRequest]{
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *PathSwitchRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idSourceAMFUENGAPID, Reject, amfUENGAPID, func(m *PathSwitchRequest) *ident.AMFUENGAPID { return &m.SourceAMFUENGAPID }),
	required(idUserLocationInformation, Ignore, userLocation, func(m *PathSwitchRequest) *UserLocation { return &m.UserLocation }),
	required(idUESecurityCapabilities, Ignore, ueSecurityCapabilities, func(m *PathSwitchRequest) *UESecurityCapabilities { return &m.UESecurityCapabilities }),
	required(idPDUSessionResourceToBeSwitchedDLList, Reject, transfers, func(m *PathSwitchRequest) *[]PDUSessionTransfer { return &m.Switch }),
	listed(idPDUSessionResourceFailedToSetupListPSReq, Ignore, transfers, func(m *PathSwitchRequest) *[]PDUSessionTransfer { return &m.Failed }),
	optional(idRRCResumeCause, Ignore, rrcEstablishmentCause, func(m *PathSwitchRequest) **RRCEstablishmentCause { return &m.RRCResumeCause }),
}

// PathSwitchRequest is a target radio that took a device over Xn (TS 38.413 §9.2.3.8).
type PathSwitchRequest struct {
	RANUENGAPID            ident.RANUENGAPID
	SourceAMFUENGAPID      ident.AMFUENGAPID
	UserLocation           UserLocation
	UESecurityCapabilities UESecurityCapabilities
	Switch                 []PDUSessionTransfer
	Failed                 []PDUSessionTransfer   // optional
	RRCResumeCause         *RRCEstablishmentCause // optional
}

func (*PathSwitchRequest) Procedure() Procedure { return ProcPathSwitchRequest }
func (*PathSwitchRequest) Kind() Kind           { return Initiating }
func (m *PathSwitchRequest) walk(c *coder)      { pathSwitchRequest.walk(m, c) }

var pathSwitchRequestAcknowledge = ieTable[PathSwitchRequestAcknowledge]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PathSwitchRequestAcknowledge) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PathSwitchRequestAcknowledge) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idUESecurityCapabilities, Reject, ueSecurityCapabilities, func(m *PathSwitchRequestAcknowledge) **UESecurityCapabilities { return &m.UESecurityCapabilities }),
	required(idSecurityContext, Reject, securityContext, func(m *PathSwitchRequestAcknowledge) *SecurityContext { return &m.SecurityContext }),
	flagIf(idNewSecurityContextInd, Reject, func(m *PathSwitchRequestAcknowledge) *bool { return &m.NewSecurityContext }),
	required(idPDUSessionResourceSwitchedList, Ignore, transfers, func(m *PathSwitchRequestAcknowledge) *[]PDUSessionTransfer { return &m.Switched }),
	listed(idPDUSessionResourceReleasedListPSAck, Ignore, transfers, func(m *PathSwitchRequestAcknowledge) *[]PDUSessionTransfer { return &m.Released }),
	required(idAllowedNSSAI, Reject, allowedNSSAI, func(m *PathSwitchRequestAcknowledge) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	optional(idCoreNetworkAssistanceInformationForInactive, Ignore, inactiveAssistance, func(m *PathSwitchRequestAcknowledge) **InactiveAssistance { return &m.InactiveAssistance }),
	optional(idRRCInactiveTransitionReportRequest, Ignore, inactiveReportRequest, func(m *PathSwitchRequestAcknowledge) **InactiveReportRequest {
		return &m.RRCInactiveTransitionReportRequest
	}),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PathSwitchRequestAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	optional(idRedirectionVoiceFallback, Ignore, voiceFallback, func(m *PathSwitchRequestAcknowledge) **VoiceFallback { return &m.RedirectionVoiceFallback }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *PathSwitchRequestAcknowledge) *[]byte { return &m.UERadioCapabilityID }),
}

// PathSwitchRequestAcknowledge accepts it (TS 38.413 §9.2.3.9).
type PathSwitchRequestAcknowledge struct {
	AMFUENGAPID                        ident.AMFUENGAPID
	RANUENGAPID                        ident.RANUENGAPID
	UESecurityCapabilities             *UESecurityCapabilities // optional
	SecurityContext                    SecurityContext
	NewSecurityContext                 bool // optional
	Switched                           []PDUSessionTransfer
	Released                           []PDUSessionTransfer // optional
	AllowedNSSAI                       []ident.SNSSAI
	InactiveAssistance                 *InactiveAssistance     // optional
	RRCInactiveTransitionReportRequest *InactiveReportRequest  // optional
	CriticalityDiagnostics             *CriticalityDiagnostics // optional
	RedirectionVoiceFallback           *VoiceFallback          // optional
	UERadioCapabilityID                []byte                  // optional
}

func (*PathSwitchRequestAcknowledge) Procedure() Procedure { return ProcPathSwitchRequest }
func (*PathSwitchRequestAcknowledge) Kind() Kind           { return Successful }
func (m *PathSwitchRequestAcknowledge) walk(c *coder)      { pathSwitchRequestAcknowledge.walk(m, c) }

var pathSwitchRequestFailure = ieTable[PathSwitchRequestFailure]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *PathSwitchRequestFailure) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *PathSwitchRequestFailure) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idPDUSessionResourceReleasedListPSFail, Ignore, transfers, func(m *PathSwitchRequestFailure) *[]PDUSessionTransfer { return &m.Released }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *PathSwitchRequestFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// PathSwitchRequestFailure refuses it (TS 38.413 §9.2.3.10).
type PathSwitchRequestFailure struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Released               []PDUSessionTransfer
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PathSwitchRequestFailure) Procedure() Procedure { return ProcPathSwitchRequest }
func (*PathSwitchRequestFailure) Kind() Kind           { return Unsuccessful }
func (m *PathSwitchRequestFailure) walk(c *coder)      { pathSwitchRequestFailure.walk(m, c) }
