package ngap

import "cordon/ident"

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

// HandoverFailure says that it will not (TS 38.413 §9.2.3.6).
type HandoverFailure struct {
	AMFUENGAPID                    ident.AMFUENGAPID
	Cause                          Cause
	CriticalityDiagnostics         *CriticalityDiagnostics // optional
	TargetToSourceFailureContainer []byte                  // optional
}

func (*HandoverFailure) Procedure() Procedure { return ProcHandoverResourceAllocation }
func (*HandoverFailure) Kind() Kind           { return Unsuccessful }
