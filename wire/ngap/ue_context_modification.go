package ngap

import "cordon/ident"

// UEContextModificationRequest changes a context; an absent field stands as it was (TS 38.413 §9.2.2.7).
type UEContextModificationRequest struct {
	AMFUENGAPID                        ident.AMFUENGAPID
	RANUENGAPID                        ident.RANUENGAPID
	RANPagingPriority                  *uint8                  // optional
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

// UEContextModificationFailure refuses it (TS 38.413 §9.2.2.9).
type UEContextModificationFailure struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UEContextModificationFailure) Procedure() Procedure { return ProcUEContextModification }
func (*UEContextModificationFailure) Kind() Kind           { return Unsuccessful }
