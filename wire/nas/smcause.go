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

var smCauseNames = [...]string{
	SMCauseOperatorBarring:       "operator determined barring",
	SMCauseInsufficientResources: "insufficient resources",
	SMCauseUnknownDNN:            "missing or unknown DNN",
	SMCauseUnknownPDUType:        "unknown PDU session type",
	SMCauseAuthentication:        "user authentication or authorization failed",
	SMCauseRejected:              "request rejected, unspecified",
	SMCauseNotSupported:          "service option not supported",
	SMCauseNotSubscribed:         "requested service option not subscribed",
	SMCausePTIInUse:              "PTI already in use",
	SMCauseRegular:               "regular deactivation",
	SMCauseQoSNotAccepted:        "5GS QoS not accepted",
	SMCauseNetworkFailure:        "network failure",
	SMCauseReactivation:          "reactivation requested",
	SMCauseSemanticTFT:           "semantic error in the TFT operation",
	SMCauseSyntacticTFT:          "syntactical error in the TFT operation",
	SMCauseInvalidSession:        "invalid PDU session identity",
	SMCauseSemanticFilter:        "semantic errors in packet filters",
	SMCauseSyntacticFilter:       "syntactical error in packet filters",
	SMCauseOutOfLADN:             "out of LADN service area",
	SMCausePTIMismatch:           "PTI mismatch",
	SMCauseIPv4Only:              "PDU session type IPv4 only allowed",
	SMCauseIPv6Only:              "PDU session type IPv6 only allowed",
	SMCauseSessionUnknown:        "PDU session does not exist",
	SMCauseIPv4v6Only:            "PDU session type IPv4v6 only allowed",
	SMCauseUnstructuredOnly:      "PDU session type Unstructured only allowed",
	SMCauseUnsupported5QI:        "unsupported 5QI value",
	SMCauseEthernetOnly:          "PDU session type Ethernet only allowed",
	SMCauseInsufficientSliceDNN:  "insufficient resources for specific slice and DNN",
	SMCauseSSCMode:               "not supported SSC mode",
	SMCauseInsufficientSlice:     "insufficient resources for specific slice",
	SMCauseDNNInSlice:            "missing or unknown DNN in a slice",
	SMCauseInvalidPTI:            "invalid PTI value",
	SMCauseIntegrityRate:         "maximum data rate per UE for user-plane integrity protection is too low",
	SMCauseSemanticQoS:           "semantic error in the QoS operation",
	SMCauseSyntacticQoS:          "syntactical error in the QoS operation",
	SMCauseInvalidMappedEPS:      "invalid mapped EPS bearer identity",
	SMCauseUASServices:           "UAS services not allowed",
	SMCauseSemantic:              "semantically incorrect message",
	SMCauseInvalidMandatory:      "invalid mandatory information",
	SMCauseUnknownType:           "message type non-existent or not implemented",
	SMCauseWrongTypeState:        "message type not compatible with the protocol state",
	SMCauseUnknownIE:             "information element non-existent or not implemented",
	SMCauseConditionalIE:         "conditional IE error",
	SMCauseWrongState:            "message not compatible with the protocol state",
	SMCauseProtocol:              "protocol error, unspecified",
}

// String is the name that the clause gives the cause, or its number.
func (c SMCause) String() string {
	if int(c) < len(smCauseNames) && smCauseNames[c] != "" {
		return smCauseNames[c]
	}
	return "5GSM cause " + strconv.Itoa(int(c))
}
