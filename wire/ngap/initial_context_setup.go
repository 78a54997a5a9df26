package ngap

import "cordon/ident"

// InitialContextSetupRequest gives a radio what it needs to serve a device (TS 38.413 §9.2.2.1).
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
