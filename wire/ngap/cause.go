package ngap

// Cause is why something happened: its group in the high octet, its value in the low
// one (TS 38.413 §9.3.1.2). The zero Cause is "unspecified" of the radio network.
type Cause uint16

const (
	CauseRadioUnspecified                                              Cause = 0 << 8
	CauseRadioTXnRELOCoverallExpiry                                    Cause = 0<<8 | 1
	CauseRadioSuccessfulHandover                                       Cause = 0<<8 | 2
	CauseRadioReleaseDueToNGRANGeneratedReason                         Cause = 0<<8 | 3
	CauseRadioReleaseDueTo5GCGeneratedReason                           Cause = 0<<8 | 4
	CauseRadioHandoverCancelled                                        Cause = 0<<8 | 5
	CauseRadioPartialHandover                                          Cause = 0<<8 | 6
	CauseRadioHOFailureInTarget5GCNGRANNodeOrTargetSystem              Cause = 0<<8 | 7
	CauseRadioHOTargetNotAllowed                                       Cause = 0<<8 | 8
	CauseRadioTNGRELOCoverallExpiry                                    Cause = 0<<8 | 9
	CauseRadioTNGRELOCprepExpiry                                       Cause = 0<<8 | 10
	CauseRadioCellNotAvailable                                         Cause = 0<<8 | 11
	CauseRadioUnknownTargetID                                          Cause = 0<<8 | 12
	CauseRadioNoRadioResourcesAvailableInTargetCell                    Cause = 0<<8 | 13
	CauseRadioUnknownLocalUENGAPID                                     Cause = 0<<8 | 14
	CauseRadioInconsistentRemoteUENGAPID                               Cause = 0<<8 | 15
	CauseRadioHandoverDesirableForRadioReason                          Cause = 0<<8 | 16
	CauseRadioTimeCriticalHandover                                     Cause = 0<<8 | 17
	CauseRadioResourceOptimisationHandover                             Cause = 0<<8 | 18
	CauseRadioReduceLoadInServingCell                                  Cause = 0<<8 | 19
	CauseRadioUserInactivity                                           Cause = 0<<8 | 20
	CauseRadioRadioConnectionWithUELost                                Cause = 0<<8 | 21
	CauseRadioRadioResourcesNotAvailable                               Cause = 0<<8 | 22
	CauseRadioInvalidQoSCombination                                    Cause = 0<<8 | 23
	CauseRadioFailureInRadioInterfaceProcedure                         Cause = 0<<8 | 24
	CauseRadioInteractionWithOtherProcedure                            Cause = 0<<8 | 25
	CauseRadioUnknownPDUSessionID                                      Cause = 0<<8 | 26
	CauseRadioUnknownQoSFlowID                                         Cause = 0<<8 | 27
	CauseRadioMultiplePDUSessionIDInstances                            Cause = 0<<8 | 28
	CauseRadioMultipleQoSFlowIDInstances                               Cause = 0<<8 | 29
	CauseRadioEncryptionAndOrIntegrityProtectionAlgorithmsNotSupported Cause = 0<<8 | 30
	CauseRadioNGIntraSystemHandoverTriggered                           Cause = 0<<8 | 31
	CauseRadioNGInterSystemHandoverTriggered                           Cause = 0<<8 | 32
	CauseRadioXnHandoverTriggered                                      Cause = 0<<8 | 33
	CauseRadioNotSupported5QIValue                                     Cause = 0<<8 | 34
	CauseRadioUEContextTransfer                                        Cause = 0<<8 | 35
	CauseRadioIMSVoiceEPSFallbackOrRATFallbackTriggered                Cause = 0<<8 | 36
	CauseRadioUPIntegrityProtectionNotPossible                         Cause = 0<<8 | 37
	CauseRadioUPConfidentialityProtectionNotPossible                   Cause = 0<<8 | 38
	CauseRadioSliceNotSupported                                        Cause = 0<<8 | 39
	CauseRadioUEInRRCInactiveStateNotReachable                         Cause = 0<<8 | 40
	CauseRadioRedirection                                              Cause = 0<<8 | 41
	CauseRadioResourcesNotAvailableForTheSlice                         Cause = 0<<8 | 42
	CauseRadioUEMaxIntegrityProtectedDataRateReason                    Cause = 0<<8 | 43
	CauseRadioReleaseDueToCNDetectedMobility                           Cause = 0<<8 | 44
	CauseRadioN26InterfaceNotAvailable                                 Cause = 0<<8 | 45
	CauseRadioReleaseDueToPreEmption                                   Cause = 0<<8 | 46
	CauseRadioMultipleLocationReportingReferenceIDInstances            Cause = 0<<8 | 47
	CauseRadioRSNNotAvailableForTheUP                                  Cause = 0<<8 | 48
	CauseRadioNPNAccessDenied                                          Cause = 0<<8 | 49
	CauseRadioCAGOnlyAccessDenied                                      Cause = 0<<8 | 50
	CauseRadioInsufficientUECapabilities                               Cause = 0<<8 | 51
	CauseRadioRedCapUENotSupported                                     Cause = 0<<8 | 52
	CauseRadioUnknownMBSSessionID                                      Cause = 0<<8 | 53
	CauseRadioIndicatedMBSSessionAreaInformationNotServedByTheGNB      Cause = 0<<8 | 54
	CauseRadioInconsistentSliceInfoForTheSession                       Cause = 0<<8 | 55
	CauseRadioMisalignedAssociationForMulticastUnicast                 Cause = 0<<8 | 56
)

const (
	CauseTransportTransportResourceUnavailable Cause = 1 << 8
	CauseTransportUnspecified                  Cause = 1<<8 | 1
)

const (
	CauseNASNormalRelease          Cause = 2 << 8
	CauseNASAuthenticationFailure  Cause = 2<<8 | 1
	CauseNASDeregister             Cause = 2<<8 | 2
	CauseNASUnspecified            Cause = 2<<8 | 3
	CauseNASUENotInPLMNServingArea Cause = 2<<8 | 4
)

const (
	CauseProtocolTransferSyntaxError                          Cause = 3 << 8
	CauseProtocolAbstractSyntaxErrorReject                    Cause = 3<<8 | 1
	CauseProtocolAbstractSyntaxErrorIgnoreAndNotify           Cause = 3<<8 | 2
	CauseProtocolMessageNotCompatibleWithReceiverState        Cause = 3<<8 | 3
	CauseProtocolSemanticError                                Cause = 3<<8 | 4
	CauseProtocolAbstractSyntaxErrorFalselyConstructedMessage Cause = 3<<8 | 5
	CauseProtocolUnspecified                                  Cause = 3<<8 | 6
)

const (
	CauseMiscControlProcessingOverload             Cause = 4 << 8
	CauseMiscNotEnoughUserPlaneProcessingResources Cause = 4<<8 | 1
	CauseMiscHardwareFailure                       Cause = 4<<8 | 2
	CauseMiscOMIntervention                        Cause = 4<<8 | 3
	CauseMiscUnknownPLMNOrSNPN                     Cause = 4<<8 | 4
	CauseMiscUnspecified                           Cause = 4<<8 | 5
)

// causeGroups are the groups in the order of the CHOICE, each with the number of values
// before its extension marker and the names of all.
var causeGroups = [...]struct {
	name  string
	root  int
	names []string
}{
	{"radio network", 45, []string{
		"unspecified",
		"txnrelocoverall-expiry",
		"successful-handover",
		"release-due-to-ngran-generated-reason",
		"release-due-to-5gc-generated-reason",
		"handover-cancelled",
		"partial-handover",
		"ho-failure-in-target-5GC-ngran-node-or-target-system",
		"ho-target-not-allowed",
		"tngrelocoverall-expiry",
		"tngrelocprep-expiry",
		"cell-not-available",
		"unknown-targetID",
		"no-radio-resources-available-in-target-cell",
		"unknown-local-UE-NGAP-ID",
		"inconsistent-remote-UE-NGAP-ID",
		"handover-desirable-for-radio-reason",
		"time-critical-handover",
		"resource-optimisation-handover",
		"reduce-load-in-serving-cell",
		"user-inactivity",
		"radio-connection-with-ue-lost",
		"radio-resources-not-available",
		"invalid-qos-combination",
		"failure-in-radio-interface-procedure",
		"interaction-with-other-procedure",
		"unknown-PDU-session-ID",
		"unkown-qos-flow-ID",
		"multiple-PDU-session-ID-instances",
		"multiple-qos-flow-ID-instances",
		"encryption-and-or-integrity-protection-algorithms-not-supported",
		"ng-intra-system-handover-triggered",
		"ng-inter-system-handover-triggered",
		"xn-handover-triggered",
		"not-supported-5QI-value",
		"ue-context-transfer",
		"ims-voice-eps-fallback-or-rat-fallback-triggered",
		"up-integrity-protection-not-possible",
		"up-confidentiality-protection-not-possible",
		"slice-not-supported",
		"ue-in-rrc-inactive-state-not-reachable",
		"redirection",
		"resources-not-available-for-the-slice",
		"ue-max-integrity-protected-data-rate-reason",
		"release-due-to-cn-detected-mobility",
		"n26-interface-not-available",
		"release-due-to-pre-emption",
		"multiple-location-reporting-reference-ID-instances",
		"rsn-not-available-for-the-up",
		"npn-access-denied",
		"cag-only-access-denied",
		"insufficient-ue-capabilities",
		"redcap-ue-not-supported",
		"unknown-MBS-Session-ID",
		"indicated-MBS-session-area-information-not-served-by-the-gNB",
		"inconsistent-slice-info-for-the-session",
		"misaligned-association-for-multicast-unicast",
	}},
	{"transport", 2, []string{
		"transport-resource-unavailable",
		"unspecified",
	}},
	{"nas", 4, []string{
		"normal-release",
		"authentication-failure",
		"deregister",
		"unspecified",
		"uE-not-in-PLMN-serving-area",
	}},
	{"protocol", 7, []string{
		"transfer-syntax-error",
		"abstract-syntax-error-reject",
		"abstract-syntax-error-ignore-and-notify",
		"message-not-compatible-with-receiver-state",
		"semantic-error",
		"abstract-syntax-error-falsely-constructed-message",
		"unspecified",
	}},
	{"misc", 6, []string{
		"control-processing-overload",
		"not-enough-user-plane-processing-resources",
		"hardware-failure",
		"om-intervention",
		"unknown-PLMN-or-SNPN",
		"unspecified",
	}},
}

// String is the group and the name the ASN.1 gives the value.
func (c Cause) String() string {
	if g := int(c >> 8); g < len(causeGroups) {
		return causeGroups[g].name + ": " + nameOf(causeGroups[g].names, int(c&0xff))
	}
	return nameOf(nil, int(c))
}
