package pfcp

import "fmt"

// Type is a message type (§7.3-1).
type Type uint8

const (
	TypeHeartbeatRequest           Type = 1
	TypeHeartbeatResponse          Type = 2
	TypeAssociationSetupRequest    Type = 5
	TypeAssociationSetupResponse   Type = 6
	TypeAssociationUpdateRequest   Type = 7
	TypeAssociationUpdateResponse  Type = 8
	TypeAssociationReleaseRequest  Type = 9
	TypeAssociationReleaseResponse Type = 10
	TypeVersionNotSupported        Type = 11
	TypeNodeReportRequest          Type = 12
	TypeNodeReportResponse         Type = 13
	TypeEstablishmentRequest       Type = 50
	TypeEstablishmentResponse      Type = 51
	TypeModificationRequest        Type = 52
	TypeModificationResponse       Type = 53
	TypeDeletionRequest            Type = 54
	TypeDeletionResponse           Type = 55
	TypeReportRequest              Type = 56
	TypeReportResponse             Type = 57
)

// Session reports whether messages of the type are about a session and so have its SEID in the header.
func (t Type) Session() bool { return t >= 50 }

// Request reports whether the type is one that this package knows as a request.
func (t Type) Request() bool {
	switch t {
	case TypeHeartbeatRequest, TypeAssociationSetupRequest, TypeAssociationUpdateRequest, TypeAssociationReleaseRequest, TypeNodeReportRequest,
		TypeEstablishmentRequest, TypeModificationRequest, TypeDeletionRequest, TypeReportRequest:
		return true
	}
	return false
}

var typeNames = map[Type]string{
	TypeHeartbeatRequest:           "heartbeat request",
	TypeHeartbeatResponse:          "heartbeat response",
	TypeAssociationSetupRequest:    "association setup request",
	TypeAssociationSetupResponse:   "association setup response",
	TypeAssociationUpdateRequest:   "association update request",
	TypeAssociationUpdateResponse:  "association update response",
	TypeAssociationReleaseRequest:  "association release request",
	TypeAssociationReleaseResponse: "association release response",
	TypeVersionNotSupported:        "version not supported response",
	TypeNodeReportRequest:          "node report request",
	TypeNodeReportResponse:         "node report response",
	TypeEstablishmentRequest:       "session establishment request",
	TypeEstablishmentResponse:      "session establishment response",
	TypeModificationRequest:        "session modification request",
	TypeModificationResponse:       "session modification response",
	TypeDeletionRequest:            "session deletion request",
	TypeDeletionResponse:           "session deletion response",
	TypeReportRequest:              "session report request",
	TypeReportResponse:             "session report response",
}

func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("PFCP message type %d", uint8(t))
}

// IE is the type of an information element (§8.1.2-1). From 32768 on it is an enterprise's.
type IE uint16

const (
	ieCreatePDR             IE = 1
	iePDI                   IE = 2
	ieCreateFAR             IE = 3
	ieForwarding            IE = 4
	ieDuplicating           IE = 5
	ieCreateURR             IE = 6
	ieCreateQER             IE = 7
	ieCreatedPDR            IE = 8
	ieUpdatePDR             IE = 9
	ieUpdateFAR             IE = 10
	ieUpdateForwarding      IE = 11
	ieUpdateURR             IE = 13
	ieUpdateQER             IE = 14
	ieRemovePDR             IE = 15
	ieRemoveFAR             IE = 16
	ieRemoveURR             IE = 17
	ieRemoveQER             IE = 18
	ieCause                 IE = 19
	ieSourceInterface       IE = 20
	ieFTEID                 IE = 21
	ieNetworkInstance       IE = 22
	ieSDF                   IE = 23
	ieApplication           IE = 24
	ieGate                  IE = 25
	ieMBR                   IE = 26
	ieGBR                   IE = 27
	iePrecedence            IE = 29
	ieVolumeThreshold       IE = 31
	ieTimeThreshold         IE = 32
	ieReportingTriggers     IE = 37
	ieRedirect              IE = 38
	ieReportType            IE = 39
	ieOffending             IE = 40
	ieForwardingPolicy      IE = 41
	ieDestinationInterface  IE = 42
	ieUPFeatures            IE = 43
	ieApplyAction           IE = 44
	ieNotificationDelay     IE = 46
	ieModificationFlags     IE = 49
	ieReportResponseFlags   IE = 50
	ieLoadControl           IE = 51
	ieSequence              IE = 52
	ieMetric                IE = 53
	ieOverloadControl       IE = 54
	ieTimer                 IE = 55
	iePDRID                 IE = 56
	ieFSEID                 IE = 57
	ieNodeID                IE = 60
	ieMeasurementMethod     IE = 62
	ieUsageTrigger          IE = 63
	ieMeasurementPeriod     IE = 64
	ieVolumeMeasurement     IE = 66
	ieDurationMeasurement   IE = 67
	ieVolumeQuota           IE = 73
	ieTimeQuota             IE = 74
	ieQueryURR              IE = 77
	ieUsageModified         IE = 78
	ieUsageDeleted          IE = 79
	ieUsageReport           IE = 80
	ieURRID                 IE = 81
	ieDownlinkDataReport    IE = 83
	ieOuterHeaderCreation   IE = 84
	ieCreateBAR             IE = 85
	ieUpdateBAR             IE = 86
	ieRemoveBAR             IE = 87
	ieBARID                 IE = 88
	ieCPFeatures            IE = 89
	ieUEAddress             IE = 93
	ieOuterHeaderRemoval    IE = 95
	ieRecovery              IE = 96
	ieErrorIndicationReport IE = 99
	ieNodeReportType        IE = 101
	iePathFailure           IE = 102
	ieRemotePeer            IE = 103
	ieUsageSequence         IE = 104
	iePredefined            IE = 106
	ieFARID                 IE = 108
	ieQERID                 IE = 109
	ieReleaseRequest        IE = 111
	ieGracefulPeriod        IE = 112
	iePDNType               IE = 113
	ieInactivityTimer       IE = 117
	ieQFI                   IE = 124
	ieTrafficEndpoint       IE = 131
	ieEthernetFilter        IE = 132
	iePacketsCount          IE = 140
	ieEthernetSession       IE = 142
	ieFramedRoute           IE = 153
	ieFramedIPv6Route       IE = 155
	ieMARID                 IE = 170
	ieRetention             IE = 183
	ieSetupResponseFlags    IE = 184
	ieEstablishmentFlags    IE = 186
	iePathRecovery          IE = 187
	ieMulticastAddressing   IE = 188
	ieRedundantDetection    IE = 255
	ieExisting              IE = 32769
	ieSessionUsage          IE = 32770
	iePublicPorts           IE = 32771
	ieWantsObserved         IE = 32772
	ieObserved              IE = 32773
)

// enterprise is whose the elements of types 32769 to 32773 are. It is the number kept for examples (RFC 5612),
// since Cordon has none of its own; a peer of another maker skips them (§8.1.1).
const enterprise = 32473

var ieNames = map[IE]string{
	ieCreatePDR: "Create PDR", iePDI: "PDI", ieCreateFAR: "Create FAR", ieForwarding: "Forwarding Parameters",
	ieDuplicating: "Duplicating Parameters", ieCreateURR: "Create URR", ieCreateQER: "Create QER", ieCreatedPDR: "Created PDR",
	ieUpdatePDR: "Update PDR", ieUpdateFAR: "Update FAR", ieUpdateForwarding: "Update Forwarding Parameters", ieUpdateURR: "Update URR",
	ieUpdateQER: "Update QER", ieRemovePDR: "Remove PDR", ieRemoveFAR: "Remove FAR", ieRemoveURR: "Remove URR", ieRemoveQER: "Remove QER",
	ieCause: "Cause", ieSourceInterface: "Source Interface", ieFTEID: "F-TEID", ieNetworkInstance: "Network Instance", ieSDF: "SDF Filter",
	ieApplication: "Application ID", ieGate: "Gate Status", ieMBR: "MBR", ieGBR: "GBR", iePrecedence: "Precedence",
	ieVolumeThreshold: "Volume Threshold", ieTimeThreshold: "Time Threshold", ieReportingTriggers: "Reporting Triggers", ieRedirect: "Redirect Information",
	ieReportType: "Report Type", ieOffending: "Offending IE", ieForwardingPolicy: "Forwarding Policy", ieDestinationInterface: "Destination Interface",
	ieUPFeatures: "UP Function Features", ieApplyAction: "Apply Action", ieNotificationDelay: "Downlink Data Notification Delay",
	ieModificationFlags: "PFCPSMReq-Flags", ieReportResponseFlags: "PFCPSRRsp-Flags", ieLoadControl: "Load Control Information",
	ieSequence: "Sequence Number", ieMetric: "Metric", ieOverloadControl: "Overload Control Information", ieTimer: "Timer", iePDRID: "PDR ID",
	ieFSEID: "F-SEID", ieNodeID: "Node ID", ieMeasurementMethod: "Measurement Method", ieUsageTrigger: "Usage Report Trigger",
	ieMeasurementPeriod: "Measurement Period", ieVolumeMeasurement: "Volume Measurement", ieDurationMeasurement: "Duration Measurement",
	ieVolumeQuota: "Volume Quota", ieTimeQuota: "Time Quota", ieQueryURR: "Query URR", ieUsageModified: "Usage Report", ieUsageDeleted: "Usage Report",
	ieUsageReport: "Usage Report", ieURRID: "URR ID", ieDownlinkDataReport: "Downlink Data Report", ieOuterHeaderCreation: "Outer Header Creation",
	ieCreateBAR: "Create BAR", ieUpdateBAR: "Update BAR", ieRemoveBAR: "Remove BAR", ieBARID: "BAR ID", ieCPFeatures: "CP Function Features",
	ieUEAddress: "UE IP Address", ieOuterHeaderRemoval: "Outer Header Removal", ieRecovery: "Recovery Time Stamp",
	ieErrorIndicationReport: "Error Indication Report", ieNodeReportType: "Node Report Type", iePathFailure: "User Plane Path Failure Report",
	ieRemotePeer: "Remote GTP-U Peer", ieUsageSequence: "UR-SEQN", iePredefined: "Activate Predefined Rules", ieFARID: "FAR ID", ieQERID: "QER ID",
	ieReleaseRequest: "PFCP Association Release Request", ieGracefulPeriod: "Graceful Release Period", iePDNType: "PDN Type",
	ieInactivityTimer: "User Plane Inactivity Timer", ieQFI: "QFI", ieTrafficEndpoint: "Traffic Endpoint ID", ieEthernetFilter: "Ethernet Packet Filter",
	iePacketsCount: "Suggested Buffering Packets Count", ieEthernetSession: "Ethernet PDU Session Information", ieFramedRoute: "Framed-Route",
	ieFramedIPv6Route: "Framed-IPv6-Route", ieMARID: "MAR ID", ieRetention: "PFCP Session Retention Information", ieSetupResponseFlags: "PFCPASRsp-Flags",
	ieEstablishmentFlags: "PFCPSEReq-Flags", iePathRecovery: "User Plane Path Recovery Report", ieMulticastAddressing: "IP Multicast Addressing Info",
	ieRedundantDetection: "Redundant Transmission Detection Parameters", ieExisting: "existing session", ieSessionUsage: "session usage", ieWantsObserved: "findings wanted", ieObserved: "finding",
	iePublicPorts: "public ports",
}

func (t IE) String() string {
	if s, ok := ieNames[t]; ok {
		return s
	}
	return fmt.Sprintf("IE %d", uint16(t))
}
