package ngap

import "cordon/ident"

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

// PathSwitchRequestFailure refuses it (TS 38.413 §9.2.3.10).
type PathSwitchRequestFailure struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Released               []PDUSessionTransfer
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PathSwitchRequestFailure) Procedure() Procedure { return ProcPathSwitchRequest }
func (*PathSwitchRequestFailure) Kind() Kind           { return Unsuccessful }
