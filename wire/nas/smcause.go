package nas

import "strconv"

// SMCause is a 5GSM cause (TS 24.501 §9.11.4.2).
type SMCause uint8

const (
	SMCauseOperatorBarring       SMCause = 8
	SMCauseInsufficientResources SMCause = 26
	SMCauseUnknownDNN            SMCause = 27
	SMCauseUnknownPDUType        SMCause = 28
	SMCauseAuthentication        SMCause = 29
	SMCauseRejected              SMCause = 31
	SMCauseNotSupported          SMCause = 32
	SMCauseNotSubscribed         SMCause = 33
	SMCausePTIInUse              SMCause = 35
	SMCauseRegular               SMCause = 36
	SMCauseQoSNotAccepted        SMCause = 37
	SMCauseNetworkFailure        SMCause = 38
	SMCauseReactivation          SMCause = 39
	SMCauseSemanticTFT           SMCause = 41
	SMCauseSyntacticTFT          SMCause = 42
	SMCauseInvalidSession        SMCause = 43
	SMCauseSemanticFilter        SMCause = 44
	SMCauseSyntacticFilter       SMCause = 45
	SMCauseOutOfLADN             SMCause = 46
	SMCausePTIMismatch           SMCause = 47
	SMCauseIPv4Only              SMCause = 50
	SMCauseIPv6Only              SMCause = 51
	SMCauseSessionUnknown        SMCause = 54
	SMCauseIPv4v6Only            SMCause = 57
	SMCauseUnstructuredOnly      SMCause = 58
	SMCauseUnsupported5QI        SMCause = 59
	SMCauseEthernetOnly          SMCause = 61
	SMCauseInsufficientSliceDNN  SMCause = 67
	SMCauseSSCMode               SMCause = 68
	SMCauseInsufficientSlice     SMCause = 69
	SMCauseDNNInSlice            SMCause = 70
	SMCauseInvalidPTI            SMCause = 81
	SMCauseIntegrityRate         SMCause = 82
	SMCauseSemanticQoS           SMCause = 83
	SMCauseSyntacticQoS          SMCause = 84
	SMCauseInvalidMappedEPS      SMCause = 85
	SMCauseUASServices           SMCause = 86
	SMCauseSemantic              SMCause = 95
	SMCauseInvalidMandatory      SMCause = 96
	SMCauseUnknownType           SMCause = 97
	SMCauseWrongTypeState        SMCause = 98
	SMCauseUnknownIE             SMCause = 99
	SMCauseConditionalIE         SMCause = 100
	SMCauseWrongState            SMCause = 101
	SMCauseProtocol              SMCause = 111
)

// String is the name that the clause gives the cause, or its number.
func (c SMCause) String() string {
	switch c {
	case SMCauseOperatorBarring:
		return "operator determined barring"
	case SMCauseInsufficientResources:
		return "insufficient resources"
	case SMCauseUnknownDNN:
		return "missing or unknown DNN"
	case SMCauseUnknownPDUType:
		return "unknown PDU session type"
	case SMCauseAuthentication:
		return "user authentication or authorization failed"
	case SMCauseRejected:
		return "request rejected, unspecified"
	case SMCauseNotSupported:
		return "service option not supported"
	case SMCauseNotSubscribed:
		return "requested service option not subscribed"
	case SMCausePTIInUse:
		return "PTI already in use"
	case SMCauseRegular:
		return "regular deactivation"
	case SMCauseQoSNotAccepted:
		return "5GS QoS not accepted"
	case SMCauseNetworkFailure:
		return "network failure"
	case SMCauseReactivation:
		return "reactivation requested"
	case SMCauseSemanticTFT:
		return "semantic error in the TFT operation"
	case SMCauseSyntacticTFT:
		return "syntactical error in the TFT operation"
	case SMCauseInvalidSession:
		return "invalid PDU session identity"
	case SMCauseSemanticFilter:
		return "semantic errors in packet filters"
	case SMCauseSyntacticFilter:
		return "syntactical error in packet filters"
	case SMCauseOutOfLADN:
		return "out of LADN service area"
	case SMCausePTIMismatch:
		return "PTI mismatch"
	case SMCauseIPv4Only:
		return "PDU session type IPv4 only allowed"
	case SMCauseIPv6Only:
		return "PDU session type IPv6 only allowed"
	case SMCauseSessionUnknown:
		return "PDU session does not exist"
	case SMCauseIPv4v6Only:
		return "PDU session type IPv4v6 only allowed"
	case SMCauseUnstructuredOnly:
		return "PDU session type Unstructured only allowed"
	case SMCauseUnsupported5QI:
		return "unsupported 5QI value"
	case SMCauseEthernetOnly:
		return "PDU session type Ethernet only allowed"
	case SMCauseInsufficientSliceDNN:
		return "insufficient resources for specific slice and DNN"
	case SMCauseSSCMode:
		return "not supported SSC mode"
	case SMCauseInsufficientSlice:
		return "insufficient resources for specific slice"
	case SMCauseDNNInSlice:
		return "missing or unknown DNN in a slice"
	case SMCauseInvalidPTI:
		return "invalid PTI value"
	case SMCauseIntegrityRate:
		return "maximum data rate per UE for user-plane integrity protection is too low"
	case SMCauseSemanticQoS:
		return "semantic error in the QoS operation"
	case SMCauseSyntacticQoS:
		return "syntactical error in the QoS operation"
	case SMCauseInvalidMappedEPS:
		return "invalid mapped EPS bearer identity"
	case SMCauseUASServices:
		return "UAS services not allowed"
	case SMCauseSemantic:
		return "semantically incorrect message"
	case SMCauseInvalidMandatory:
		return "invalid mandatory information"
	case SMCauseUnknownType:
		return "message type non-existent or not implemented"
	case SMCauseWrongTypeState:
		return "message type not compatible with the protocol state"
	case SMCauseUnknownIE:
		return "information element non-existent or not implemented"
	case SMCauseConditionalIE:
		return "conditional IE error"
	case SMCauseWrongState:
		return "message not compatible with the protocol state"
	case SMCauseProtocol:
		return "protocol error, unspecified"
	}
	return "5GSM cause " + strconv.Itoa(int(c))
}
