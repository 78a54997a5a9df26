package nas

import "strconv"

// Cause is a 5GMM cause (TS 24.501 §9.11.3.2).
type Cause uint8

const (
	CauseIllegalUE              Cause = 3
	CausePEINotAccepted         Cause = 5
	CauseIllegalME              Cause = 6
	CauseServicesNotAllowed     Cause = 7
	CauseIdentityUnderivable    Cause = 9
	CauseImplicitlyDeregistered Cause = 10
	CausePLMNNotAllowed         Cause = 11
	CauseTrackingAreaNotAllowed Cause = 12
	CauseRoamingNotAllowed      Cause = 13
	CauseNoSuitableCells        Cause = 15
	CauseMACFailure             Cause = 20
	CauseSynchFailure           Cause = 21
	CauseCongestion             Cause = 22
	CauseCapabilitiesMismatch   Cause = 23
	CauseSecurityModeRejected   Cause = 24
	CauseNon5GAuthentication    Cause = 26
	CauseN1NotAllowed           Cause = 27
	CauseRestrictedServiceArea  Cause = 28
	CauseRedirectionToEPC       Cause = 31
	CauseLADNNotAvailable       Cause = 43
	CauseNoNetworkSlices        Cause = 62
	CauseMaxSessions            Cause = 65
	CauseInsufficientSliceDNN   Cause = 67
	CauseInsufficientSlice      Cause = 69
	CauseKSIInUse               Cause = 71
	CauseNon3GPPNotAllowed      Cause = 72
	CauseServingNetwork         Cause = 73
	CauseSNPNTemporary          Cause = 74
	CauseSNPNPermanent          Cause = 75
	CauseCAG                    Cause = 76
	CauseWirelineNotAllowed     Cause = 77
	CausePLMNLocation           Cause = 78
	CauseUASNotAllowed          Cause = 79
	CauseDisasterRoaming        Cause = 80
	CauseNotForwarded           Cause = 90
	CauseDNNNotSupported        Cause = 91
	CauseInsufficientUserPlane  Cause = 92
	CauseSemantic               Cause = 95
	CauseInvalidMandatory       Cause = 96
	CauseUnknownType            Cause = 97
	CauseWrongTypeState         Cause = 98
	CauseUnknownIE              Cause = 99
	CauseConditionalIE          Cause = 100
	CauseWrongState             Cause = 101
	CauseProtocol               Cause = 111
)

var causeNames = [...]string{
	CauseIllegalUE:              "illegal UE",
	CausePEINotAccepted:         "PEI not accepted",
	CauseIllegalME:              "illegal ME",
	CauseServicesNotAllowed:     "5GS services not allowed",
	CauseIdentityUnderivable:    "UE identity cannot be derived by the network",
	CauseImplicitlyDeregistered: "implicitly de-registered",
	CausePLMNNotAllowed:         "PLMN not allowed",
	CauseTrackingAreaNotAllowed: "tracking area not allowed",
	CauseRoamingNotAllowed:      "roaming not allowed in this tracking area",
	CauseNoSuitableCells:        "no suitable cells in tracking area",
	CauseMACFailure:             "MAC failure",
	CauseSynchFailure:           "synch failure",
	CauseCongestion:             "congestion",
	CauseCapabilitiesMismatch:   "UE security capabilities mismatch",
	CauseSecurityModeRejected:   "security mode rejected, unspecified",
	CauseNon5GAuthentication:    "non-5G authentication unacceptable",
	CauseN1NotAllowed:           "N1 mode not allowed",
	CauseRestrictedServiceArea:  "restricted service area",
	CauseRedirectionToEPC:       "redirection to EPC required",
	CauseLADNNotAvailable:       "LADN not available",
	CauseNoNetworkSlices:        "no network slices available",
	CauseMaxSessions:            "maximum number of PDU sessions reached",
	CauseInsufficientSliceDNN:   "insufficient resources for specific slice and DNN",
	CauseInsufficientSlice:      "insufficient resources for specific slice",
	CauseKSIInUse:               "ngKSI already in use",
	CauseNon3GPPNotAllowed:      "non-3GPP access to 5GCN not allowed",
	CauseServingNetwork:         "serving network not authorized",
	CauseSNPNTemporary:          "temporarily not authorized for this SNPN",
	CauseSNPNPermanent:          "permanently not authorized for this SNPN",
	CauseCAG:                    "not authorized for this CAG or authorized for CAG cells only",
	CauseWirelineNotAllowed:     "wireline access area not allowed",
	CausePLMNLocation:           "PLMN not allowed to operate at the present UE location",
	CauseUASNotAllowed:          "UAS services not allowed",
	CauseDisasterRoaming:        "disaster roaming for the determined PLMN with disaster condition not allowed",
	CauseNotForwarded:           "payload was not forwarded",
	CauseDNNNotSupported:        "DNN not supported or not subscribed in the slice",
	CauseInsufficientUserPlane:  "insufficient user-plane resources for the PDU session",
	CauseSemantic:               "semantically incorrect message",
	CauseInvalidMandatory:       "invalid mandatory information",
	CauseUnknownType:            "message type non-existent or not implemented",
	CauseWrongTypeState:         "message type not compatible with the protocol state",
	CauseUnknownIE:              "information element non-existent or not implemented",
	CauseConditionalIE:          "conditional IE error",
	CauseWrongState:             "message not compatible with the protocol state",
	CauseProtocol:               "protocol error, unspecified",
}

// String is the name that the clause gives the cause, or its number.
func (c Cause) String() string {
	if int(c) < len(causeNames) && causeNames[c] != "" {
		return causeNames[c]
	}
	return "5GMM cause " + strconv.Itoa(int(c))
}
