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

// String is the name that the clause gives the cause, or its number.
func (c Cause) String() string {
	switch c {
	case CauseIllegalUE:
		return "illegal UE"
	case CausePEINotAccepted:
		return "PEI not accepted"
	case CauseIllegalME:
		return "illegal ME"
	case CauseServicesNotAllowed:
		return "5GS services not allowed"
	case CauseIdentityUnderivable:
		return "UE identity cannot be derived by the network"
	case CauseImplicitlyDeregistered:
		return "implicitly de-registered"
	case CausePLMNNotAllowed:
		return "PLMN not allowed"
	case CauseTrackingAreaNotAllowed:
		return "tracking area not allowed"
	case CauseRoamingNotAllowed:
		return "roaming not allowed in this tracking area"
	case CauseNoSuitableCells:
		return "no suitable cells in tracking area"
	case CauseMACFailure:
		return "MAC failure"
	case CauseSynchFailure:
		return "synch failure"
	case CauseCongestion:
		return "congestion"
	case CauseCapabilitiesMismatch:
		return "UE security capabilities mismatch"
	case CauseSecurityModeRejected:
		return "security mode rejected, unspecified"
	case CauseNon5GAuthentication:
		return "non-5G authentication unacceptable"
	case CauseN1NotAllowed:
		return "N1 mode not allowed"
	case CauseRestrictedServiceArea:
		return "restricted service area"
	case CauseRedirectionToEPC:
		return "redirection to EPC required"
	case CauseLADNNotAvailable:
		return "LADN not available"
	case CauseNoNetworkSlices:
		return "no network slices available"
	case CauseMaxSessions:
		return "maximum number of PDU sessions reached"
	case CauseInsufficientSliceDNN:
		return "insufficient resources for specific slice and DNN"
	case CauseInsufficientSlice:
		return "insufficient resources for specific slice"
	case CauseKSIInUse:
		return "ngKSI already in use"
	case CauseNon3GPPNotAllowed:
		return "non-3GPP access to 5GCN not allowed"
	case CauseServingNetwork:
		return "serving network not authorized"
	case CauseSNPNTemporary:
		return "temporarily not authorized for this SNPN"
	case CauseSNPNPermanent:
		return "permanently not authorized for this SNPN"
	case CauseCAG:
		return "not authorized for this CAG or authorized for CAG cells only"
	case CauseWirelineNotAllowed:
		return "wireline access area not allowed"
	case CausePLMNLocation:
		return "PLMN not allowed to operate at the present UE location"
	case CauseUASNotAllowed:
		return "UAS services not allowed"
	case CauseDisasterRoaming:
		return "disaster roaming for the determined PLMN with disaster condition not allowed"
	case CauseNotForwarded:
		return "payload was not forwarded"
	case CauseDNNNotSupported:
		return "DNN not supported or not subscribed in the slice"
	case CauseInsufficientUserPlane:
		return "insufficient user-plane resources for the PDU session"
	case CauseSemantic:
		return "semantically incorrect message"
	case CauseInvalidMandatory:
		return "invalid mandatory information"
	case CauseUnknownType:
		return "message type non-existent or not implemented"
	case CauseWrongTypeState:
		return "message type not compatible with the protocol state"
	case CauseUnknownIE:
		return "information element non-existent or not implemented"
	case CauseConditionalIE:
		return "conditional IE error"
	case CauseWrongState:
		return "message not compatible with the protocol state"
	case CauseProtocol:
		return "protocol error, unspecified"
	}
	return "5GMM cause " + strconv.Itoa(int(c))
}
