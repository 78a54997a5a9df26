package ngap

import "cordon/ident"

var ueContextModificationRequest = ieTable[UEContextModificationRequest]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UEContextModificationRequest) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UEContextModificationRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idRANPagingPriority, Ignore, ranPagingPriority, func(m *UEContextModificationRequest) **uint16 { return &m.RANPagingPriority }),
	optional(idSecurityKey, Reject, securityKey, func(m *UEContextModificationRequest) **[32]byte { return &m.SecurityKey }),
	optional(idIndexToRFSP, Ignore, indexToRFSP, func(m *UEContextModificationRequest) **uint16 { return &m.IndexToRFSP }),
	optional(idUEAggregateMaximumBitRate, Ignore, bitRates, func(m *UEContextModificationRequest) **BitRates { return &m.UEAMBR }),
	optional(idUESecurityCapabilities, Reject, ueSecurityCapabilities, func(m *UEContextModificationRequest) **UESecurityCapabilities { return &m.UESecurityCapabilities }),
	optional(idCoreNetworkAssistanceInformationForInactive, Ignore, inactiveAssistance, func(m *UEContextModificationRequest) **InactiveAssistance { return &m.InactiveAssistance }),
	optional(idEmergencyFallbackIndicator, Reject, emergencyFallback, func(m *UEContextModificationRequest) **EmergencyFallback { return &m.EmergencyFallback }),
	optional(idNewAMFUENGAPID, Reject, amfUENGAPID, func(m *UEContextModificationRequest) **ident.AMFUENGAPID { return &m.NewAMFUENGAPID }),
	optional(idRRCInactiveTransitionReportRequest, Ignore, inactiveReportRequest, func(m *UEContextModificationRequest) **InactiveReportRequest {
		return &m.RRCInactiveTransitionReportRequest
	}),
	optional(idNewGUAMI, Reject, guami, func(m *UEContextModificationRequest) **ident.GUAMI { return &m.NewGUAMI }),
	optional(idIABAuthorized, Ignore, iabAuthorized, func(m *UEContextModificationRequest) **IABAuthorized { return &m.IABAuthorized }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *UEContextModificationRequest) *[]byte { return &m.UERadioCapabilityID }),
}

// UEContextModificationRequest changes a context; an absent field stands as it was (TS
// 38.413 §9.2.2.7).
type UEContextModificationRequest struct {
	AMFUENGAPID                        ident.AMFUENGAPID
	RANUENGAPID                        ident.RANUENGAPID
	RANPagingPriority                  *uint16                 // optional
	SecurityKey                        *[32]byte               // optional
	IndexToRFSP                        *uint16                 // optional
	UEAMBR                             *BitRates               // optional
	UESecurityCapabilities             *UESecurityCapabilities // optional
	InactiveAssistance                 *InactiveAssistance     // optional
	EmergencyFallback                  *EmergencyFallback      // optional
	NewAMFUENGAPID                     *ident.AMFUENGAPID      // optional
	RRCInactiveTransitionReportRequest *InactiveReportRequest  // optional
	NewGUAMI                           *ident.GUAMI            // optional
	IABAuthorized                      *IABAuthorized          // optional
	UERadioCapabilityID                []byte                  // optional
}

func (*UEContextModificationRequest) Procedure() Procedure { return ProcUEContextModification }
func (*UEContextModificationRequest) Kind() Kind           { return Initiating }
func (m *UEContextModificationRequest) walk(c *coder)      { ueContextModificationRequest.walk(m, c) }

var ueContextModificationResponse = ieTable[UEContextModificationResponse]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *UEContextModificationResponse) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *UEContextModificationResponse) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idRRCState, Ignore, rrcState, func(m *UEContextModificationResponse) **RRCState { return &m.RRCState }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *UEContextModificationResponse) **UserLocation { return &m.UserLocation }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *UEContextModificationResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// UEContextModificationResponse accepts the change (TS 38.413 §9.2.2.8).
type UEContextModificationResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	RRCState               *RRCState               // optional
	UserLocation           *UserLocation           // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UEContextModificationResponse) Procedure() Procedure { return ProcUEContextModification }
func (*UEContextModificationResponse) Kind() Kind           { return Successful }
func (m *UEContextModificationResponse) walk(c *coder)      { ueContextModificationResponse.walk(m, c) }

var ueContextModificationFailure = ieTable[UEContextModificationFailure]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *UEContextModificationFailure) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *UEContextModificationFailure) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idCause, Ignore, cause, func(m *UEContextModificationFailure) *Cause { return &m.Cause }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *UEContextModificationFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// UEContextModificationFailure refuses it (TS 38.413 §9.2.2.9).
type UEContextModificationFailure struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UEContextModificationFailure) Procedure() Procedure { return ProcUEContextModification }
func (*UEContextModificationFailure) Kind() Kind           { return Unsuccessful }
func (m *UEContextModificationFailure) walk(c *coder)      { ueContextModificationFailure.walk(m, c) }
