package ngap

import (
	"net/netip"

	"cordon/ident"
)

// UserLocation is where a device is (TS 38.413 §9.3.1.16).
type UserLocation struct {
	Kind Access
	PLMN ident.PLMN // of the cell; EUTRA and NR only
	Cell uint64     // 36 bits in NR, 28 in EUTRA
	TAI  ident.TAI  // EUTRA and NR only
	Time uint32     // NTP seconds (TS 38.413 §9.3.1.75); 0 is absent
	Addr netip.Addr // N3IWF only: the device's address
	Port uint16     // N3IWF only
}

// NRCGI is the cell in NR.
func (u UserLocation) NRCGI() ident.NRCGI { return ident.NRCGI{PLMN: u.PLMN, Cell: u.Cell} }

// Access is the kind of a location.
type Access uint8

const (
	AccessEUTRA Access = iota
	AccessNR
	AccessN3IWF
)

// CGI is a cell of either radio technology (TS 38.413 §9.3.1.73).
type CGI struct {
	EUTRA bool
	PLMN  ident.PLMN
	Cell  uint64 // 36 bits in NR, 28 in EUTRA
}

// RRCEstablishmentCause is why a device connected (TS 38.413 §9.3.1.111).
type RRCEstablishmentCause uint8

const (
	RRCEmergency RRCEstablishmentCause = iota
	RRCHighPriorityAccess
	RRCMTAccess
	RRCMOSignalling
	RRCMOData
	RRCMOVoiceCall
	RRCMOVideoCall
	RRCMOSMS
	RRCMPSPriorityAccess
	RRCMCSPriorityAccess
	RRCNotAvailable
	RRCMOExceptionData
)

// RRCState is whether a device is inactive or connected.
type RRCState uint8

const (
	RRCInactive RRCState = iota
	RRCConnected
)

// UENGAPIDs names a connection: by both identifiers, or by the AMF's alone when RAN is
// nil (TS 38.413 §9.3.3.16).
type UENGAPIDs struct {
	AMF ident.AMFUENGAPID
	RAN *ident.RANUENGAPID
}

// NGConnection is one UE-associated connection of a reset; either identifier may be
// absent (TS 38.413 §9.3.3.15).
type NGConnection struct {
	AMF *ident.AMFUENGAPID
	RAN *ident.RANUENGAPID
}

// ResetType is what to reset: everything when Part is empty (TS 38.413 §9.2.6.11).
type ResetType struct {
	Part []NGConnection
}

// PagingDRX is a paging cycle (TS 38.413 §9.3.1.90).
type PagingDRX uint8

const (
	PagingDRX32 PagingDRX = iota
	PagingDRX64
	PagingDRX128
	PagingDRX256
)

// PagingPriority is 0 for the highest level, 1, to 7 for level 8 (TS 38.413 §9.3.1.78).
type PagingPriority uint8

// TimeToWait is the least time before trying again (TS 38.413 §9.3.1.56).
type TimeToWait uint8

const (
	Wait1s TimeToWait = iota
	Wait2s
	Wait5s
	Wait10s
	Wait20s
	Wait60s
)

// SupportedTA is a tracking area that a radio broadcasts, with its networks and their
// slices (TS 38.413 §9.2.6.1).
type SupportedTA struct {
	TAC   ident.TAC
	PLMNs []PLMNSupport
}

// PLMNSupport is a network with the slices offered in it (TS 38.413 §9.2.6.2).
type PLMNSupport struct {
	PLMN   ident.PLMN
	Slices []ident.SNSSAI
}

// ServedGUAMI is one identity of an AMF; Backup may be empty.
type ServedGUAMI struct {
	GUAMI  ident.GUAMI
	Backup string
}

// UnavailableGUAMI is an identity about to leave (TS 38.413 §9.2.6.10).
type UnavailableGUAMI struct {
	GUAMI      ident.GUAMI
	ApplyTimer bool
	Backup     string
}

// UESecurityCapabilities are bit maps of the algorithms 1 to 16, the first in the
// highest bit (TS 38.413 §9.3.1.86).
type UESecurityCapabilities struct {
	NREncryption, NRIntegrity, EUTRAEncryption, EUTRAIntegrity uint16
}

// SecurityContext is a next hop for a handover (TS 38.413 §9.3.1.88). NCC is 0 to 7.
type SecurityContext struct {
	NCC uint8
	NH  [32]byte
}

// BitRates are two rates in bit/s, 0 to 4e12: a UE-AMBR or a PDU session AMBR
// (TS 38.413 §9.3.1.58, §9.3.1.102).
type BitRates struct {
	DL, UL uint64
}

// PDUSessionSetup is a session whose resources are asked for. NAS may be nil; a handover
// request has no place for it.
type PDUSessionSetup struct {
	ID       ident.PDUSessionID
	NAS      []byte
	SNSSAI   ident.SNSSAI
	Transfer []byte // a PDUSessionResourceSetupRequestTransfer
}

// PDUSessionModify is a session to be changed. NAS may be nil.
type PDUSessionModify struct {
	ID       ident.PDUSessionID
	NAS      []byte
	Transfer []byte // a PDUSessionResourceModifyRequestTransfer
}

// PDUSessionTransfer is a session with what the AMF passes on unread between radio and
// SMF; which transfer it is follows from message and field.
type PDUSessionTransfer struct {
	ID       ident.PDUSessionID
	Transfer []byte
}

// CriticalityDiagnostics says what was wrong with a message (TS 38.413 §9.3.1.3).
type CriticalityDiagnostics struct {
	Procedure   *Procedure
	Trigger     *Kind
	Criticality *Criticality
	IEs         []IEDiagnostic
}

// IEDiagnostic is one IE not understood or missing.
type IEDiagnostic struct {
	Criticality Criticality
	ID          ID
	Missing     bool
}

// OverloadAction is which traffic a radio is to hold back (TS 38.413 §9.3.1.105).
type OverloadAction uint8

const (
	OverloadRejectNonEmergencyMO OverloadAction = iota
	OverloadRejectSignalling
	OverloadPermitEmergencyAndMT
	OverloadPermitHighPriorityAndMT
)

// SliceOverload is an overload of some slices; Reduction is in percent, 0 is absent.
type SliceOverload struct {
	Slices    []ident.SNSSAI
	Response  *OverloadAction
	Reduction uint8
}

// MobilityRestrictions say where a device may roam or be handed over (TS 38.413 §9.3.1.85).
type MobilityRestrictions struct {
	ServingPLMN     ident.PLMN
	EquivalentPLMNs []ident.PLMN
	RAT             []RATRestriction
	Forbidden       []ForbiddenArea
	ServiceAreas    []ServiceArea
}

// RATRestriction forbids radio technologies in a network: bit 7 is E-UTRA, bit 6 NR,
// then NR unlicensed and the satellite ones.
type RATRestriction struct {
	PLMN ident.PLMN
	Bits uint8
}

// ForbiddenArea lists tracking areas a device may not use.
type ForbiddenArea struct {
	PLMN ident.PLMN
	TACs []ident.TAC
}

// ServiceArea lists the tracking areas where a device may use data services, or may not.
type ServiceArea struct {
	PLMN                ident.PLMN
	Allowed, NotAllowed []ident.TAC
}

// RadioCapabilityForPaging is opaque to the core (TS 38.413 §9.3.1.68).
type RadioCapabilityForPaging struct {
	NR, EUTRA []byte
}

// RerouteInformation is of NSSAIs chosen by another AMF (TS 38.413 §9.3.3.27); each is
// opaque: 128, 32 and 32 octets, or nil.
type RerouteInformation struct {
	Configured, RejectedInPLMN, RejectedInTA []byte
}

// VoiceFallback says whether a voice call may be redirected to EPS.
type VoiceFallback uint8

const (
	VoiceFallbackPossible VoiceFallback = iota
	VoiceFallbackNotPossible
)

// IABAuthorized says whether a device may be an IAB node.
type IABAuthorized uint8

const (
	IABNodeAuthorized IABAuthorized = iota
	IABNodeNotAuthorized
)

// IMSVoiceSupport answers a radio capability check.
type IMSVoiceSupport uint8

const (
	IMSVoiceSupported IMSVoiceSupport = iota
	IMSVoiceNotSupported
)

// EmergencyFallback asks a radio to move an emergency call (TS 38.413 §9.3.1.26).
type EmergencyFallback struct {
	Target *EmergencyTarget
}

// EmergencyTarget is the core that is to serve an emergency call.
type EmergencyTarget uint8

const (
	EmergencyTarget5GC EmergencyTarget = iota
	EmergencyTargetEPC
)

// InactiveReportRequest asks for reports of RRC state (TS 38.413 §9.3.1.91).
type InactiveReportRequest uint8

const (
	InactiveReportSubsequent InactiveReportRequest = iota
	InactiveReportSingle
	InactiveReportCancel
)

// HandoverType is between which systems a device moves (TS 38.413 §9.3.1.22).
type HandoverType uint8

const (
	HandoverIntra5GS HandoverType = iota
	Handover5GSToEPS
	HandoverEPSTo5GS
	Handover5GSToUTRAN
)

// TargetID is where a device is to go (TS 38.413 §9.3.1.25). With ENB set, Node is an
// eNB and TAI.TAC has 16 bits.
type TargetID struct {
	ENB  bool
	Node ident.RANNode
	TAI  ident.TAI
}

// NPNAccess is by which non-public network a device comes in: the cell's CAG identifiers,
// 32 bits each (TS 38.413 §9.3.3.46).
type NPNAccess struct {
	CAGs []uint32
}

// TNLAddress is the address of an SCTP association's end.
type TNLAddress struct {
	Addr netip.Addr
}

// TNLUsage is what an association is for.
type TNLUsage uint8

const (
	TNLUsageUE TNLUsage = iota
	TNLUsageNonUE
	TNLUsageBoth
)

// TNLAssociationToAdd is an association a radio is to open.
type TNLAssociationToAdd struct {
	Addr   netip.Addr
	Usage  *TNLUsage
	Weight uint8
}

// TNLAssociationToUpdate is an association whose use changes.
type TNLAssociationToUpdate struct {
	Addr   netip.Addr
	Usage  *TNLUsage
	Weight *uint8
}

// TNLAssociationFailed is an association that could not be opened.
type TNLAssociationFailed struct {
	Addr  netip.Addr
	Cause Cause
}

// RANTNLAssociation is an association that a radio takes down; AMF is invalid if absent.
type RANTNLAssociation struct {
	RAN, AMF netip.Addr
}

// GTPTunnel is one end of a user plane tunnel. Addr6 is valid only in the 160-bit form
// of the address, which carries both families (TS 38.414 §5.2); it is accepted and, as
// some radios refuse it, best not sent.
type GTPTunnel struct {
	Addr, Addr6 netip.Addr
	TEID        ident.TEID
}

// PDUSessionType is the type of a session (TS 38.413 §9.3.1.52).
type PDUSessionType uint8

const (
	PDUSessionIPv4 PDUSessionType = iota
	PDUSessionIPv6
	PDUSessionIPv4v6
	PDUSessionEthernet
	PDUSessionUnstructured
)

// Protection is how much user plane protection is wanted (TS 38.413 §9.3.1.27).
type Protection uint8

const (
	ProtectionRequired Protection = iota
	ProtectionPreferred
	ProtectionNotNeeded
)

// IntegrityRate is how fast a device can protect integrity.
type IntegrityRate uint8

const (
	IntegrityRate64k IntegrityRate = iota
	IntegrityRateFull
)

// SecurityIndication is the user plane policy of a session (TS 38.413 §9.3.1.27).
type SecurityIndication struct {
	Integrity, Confidentiality Protection
	MaxIntegrityRate           *IntegrityRate // uplink; with integrity required or preferred
}

// SecurityResult is what a radio made of a preferred policy (TS 38.413 §9.3.1.59).
type SecurityResult struct {
	IntegrityPerformed, ConfidentialityPerformed bool
}

// QosFlow is a flow's identifier and, where it is wanted, its parameters.
type QosFlow struct {
	QFI        ident.QFI
	Parameters *QosParameters // required in a setup, optional in a modification
	ERAB       *uint8         // 0 to 15
}

// QosParameters are those of a flow (TS 38.413 §9.3.1.12).
type QosParameters struct {
	NonDynamic *NonDynamic5QI // one of these two
	Dynamic    *Dynamic5QI
	ARP        ARP
	GBR        *GBR
	Reflective bool
	MoreLikely bool // additional QoS flow information
}

// NonDynamic5QI is a standardised or pre-configured 5QI (TS 38.413 §9.3.1.28). The rest
// overrides its defaults where present.
type NonDynamic5QI struct {
	FiveQI          uint8
	Priority        *uint8  // 1 to 127
	AveragingWindow *uint16 // ms, 0 to 4095
	MaxBurst        *uint32 // octets, 0 to 2000000
}

// Dynamic5QI is a 5QI given by its parameters (TS 38.413 §9.3.1.18).
type Dynamic5QI struct {
	Priority        uint8  // 1 to 127
	DelayBudget     uint16 // units of 0.5 ms, 0 to 1023
	ErrorScalar     uint8  // packet error rate is Scalar x 10^-Exponent, both 0 to 9
	ErrorExponent   uint8
	FiveQI          *uint8
	DelayCritical   *DelayCritical
	AveragingWindow *uint16
	MaxBurst        *uint32
}

// DelayCritical is whether a GBR flow is delay critical.
type DelayCritical uint8

const (
	DelayIsCritical DelayCritical = iota
	DelayNotCritical
)

// ARP is an allocation and retention priority (TS 38.413 §9.3.1.19). Level is 1 to 15.
type ARP struct {
	Level         uint8
	MayPreempt    bool
	IsPreemptable bool
}

// GBR is what a flow is guaranteed, in bit/s (TS 38.413 §9.3.1.10). Loss rates are tenths
// of a percent, 0 to 1000.
type GBR struct {
	Maximum, Guaranteed BitRates
	Notify              bool
	LossDL, LossUL      *uint16
}

// QosFlowsTunnel is a tunnel and the flows in it (TS 38.413 §9.3.2.8).
type QosFlowsTunnel struct {
	Tunnel GTPTunnel
	Flows  []AssociatedFlow
}

// AssociatedFlow is a flow in a tunnel (TS 38.413 §9.3.1.99).
type AssociatedFlow struct {
	QFI     ident.QFI
	Mapping *FlowMapping
}

// FlowMapping is the direction in which a flow uses a tunnel, both when absent.
type FlowMapping uint8

const (
	FlowUplink FlowMapping = iota
	FlowDownlink
)

// FailedFlow is a flow refused or released, with the cause (TS 38.413 §9.3.1.13).
type FailedFlow struct {
	QFI   ident.QFI
	Cause Cause
}

// PDUSessionResourceSetupRequestTransfer is what the SMF tells a radio of a new session
// (TS 38.413 §9.3.4.1).
type PDUSessionResourceSetupRequestTransfer struct {
	AMBR                      *BitRates // required with a non-GBR flow
	UL                        GTPTunnel // the UPF's end
	AdditionalUL              []GTPTunnel
	DataForwardingNotPossible bool
	Type                      PDUSessionType
	Security                  *SecurityIndication
	NetworkInstance           *uint16 // 1 to 256
	QosFlows                  []QosFlow
	CommonNetworkInstance     []byte
	DirectForwardingPath      bool
}

// PDUSessionResourceSetupResponseTransfer is a radio's answer (TS 38.413 §9.3.4.2).
type PDUSessionResourceSetupResponseTransfer struct {
	DL           QosFlowsTunnel // the radio's end
	AdditionalDL []QosFlowsTunnel
	Security     *SecurityResult
	FailedFlows  []FailedFlow
}

// PDUSessionResourceSetupUnsuccessfulTransfer is a radio's refusal (TS 38.413 §9.3.4.16).
type PDUSessionResourceSetupUnsuccessfulTransfer struct {
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics
}

// PDUSessionResourceReleaseCommandTransfer is why a session ends (TS 38.413 §9.3.4.12).
type PDUSessionResourceReleaseCommandTransfer struct {
	Cause Cause
}

// PDUSessionResourceReleaseResponseTransfer says that it has ended (TS 38.413 §9.3.4.21).
type PDUSessionResourceReleaseResponseTransfer struct{}
