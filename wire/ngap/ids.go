package ngap

// ID is an IE's identifier (TS 38.413 §9.4.7).
type ID uint16

// The IEs and extensions that this package models.
const (
	idAllowedNSSAI                                ID = 0
	idAMFName                                     ID = 1
	idAMFOverloadResponse                         ID = 2
	idAMFSetID                                    ID = 3
	idAMFTNLAssociationFailedToSetupList          ID = 4
	idAMFTNLAssociationSetupList                  ID = 5
	idAMFTNLAssociationToAddList                  ID = 6
	idAMFTNLAssociationToRemoveList               ID = 7
	idAMFTNLAssociationToUpdateList               ID = 8
	idAMFTrafficLoadReductionIndication           ID = 9
	idAMFUENGAPID                                 ID = 10
	idAssistanceDataForPaging                     ID = 11
	idCause                                       ID = 15
	idCoreNetworkAssistanceInformationForInactive ID = 18
	idCriticalityDiagnostics                      ID = 19
	idDefaultPagingDRX                            ID = 21
	idDirectForwardingPathAvailability            ID = 22
	idEmergencyFallbackIndicator                  ID = 24
	idFiveGSTMSI                                  ID = 26
	idGlobalRANNodeID                             ID = 27
	idGUAMI                                       ID = 28
	idHandoverType                                ID = 29
	idIMSVoiceSupportIndicator                    ID = 30
	idIndexToRFSP                                 ID = 31
	idInfoOnRecommendedCellsAndRANNodesForPaging  ID = 32
	idLocationReportingRequestType                ID = 33
	idMaskedIMEISV                                ID = 34
	idMobilityRestrictionList                     ID = 36
	idNASC                                        ID = 37
	idNASPDU                                      ID = 38
	idNASSecurityParametersFromNGRAN              ID = 39
	idNewAMFUENGAPID                              ID = 40
	idNewSecurityContextInd                       ID = 41
	idNGAPMessage                                 ID = 42
	idNRPPaPDU                                    ID = 46
	idOldAMF                                      ID = 48
	idOverloadStartNSSAIList                      ID = 49
	idPagingDRX                                   ID = 50
	idPagingOrigin                                ID = 51
	idPagingPriority                              ID = 52
	idPDUSessionResourceAdmittedList              ID = 53
	idPDUSessionResourceFailedToModifyListModRes  ID = 54
	idPDUSessionResourceFailedToSetupListCxtRes   ID = 55
	idPDUSessionResourceFailedToSetupListHOAck    ID = 56
	idPDUSessionResourceFailedToSetupListPSReq    ID = 57
	idPDUSessionResourceFailedToSetupListSURes    ID = 58
	idPDUSessionResourceHandoverList              ID = 59
	idPDUSessionResourceListCxtRelCpl             ID = 60
	idPDUSessionResourceListHORqd                 ID = 61
	idPDUSessionResourceModifyListModCfm          ID = 62
	idPDUSessionResourceModifyListModInd          ID = 63
	idPDUSessionResourceModifyListModReq          ID = 64
	idPDUSessionResourceModifyListModRes          ID = 65
	idPDUSessionResourceNotifyList                ID = 66
	idPDUSessionResourceReleasedListNot           ID = 67
	idPDUSessionResourceReleasedListPSAck         ID = 68
	idPDUSessionResourceReleasedListPSFail        ID = 69
	idPDUSessionResourceReleasedListRelRes        ID = 70
	idPDUSessionResourceSetupListCxtReq           ID = 71
	idPDUSessionResourceSetupListCxtRes           ID = 72
	idPDUSessionResourceSetupListHOReq            ID = 73
	idPDUSessionResourceSetupListSUReq            ID = 74
	idPDUSessionResourceSetupListSURes            ID = 75
	idPDUSessionResourceToBeSwitchedDLList        ID = 76
	idPDUSessionResourceSwitchedList              ID = 77
	idPDUSessionResourceToReleaseListHOCmd        ID = 78
	idPDUSessionResourceToReleaseListRelCmd       ID = 79
	idPLMNSupportList                             ID = 80
	idRANNodeName                                 ID = 82
	idRANPagingPriority                           ID = 83
	idRANStatusTransferTransparentContainer       ID = 84
	idRANUENGAPID                                 ID = 85
	idRelativeAMFCapacity                         ID = 86
	idResetType                                   ID = 88
	idRoutingID                                   ID = 89
	idRRCEstablishmentCause                       ID = 90
	idRRCInactiveTransitionReportRequest          ID = 91
	idRRCState                                    ID = 92
	idSecurityContext                             ID = 93
	idSecurityKey                                 ID = 94
	idServedGUAMIList                             ID = 96
	idSONConfigurationTransferDL                  ID = 98
	idSONConfigurationTransferUL                  ID = 99
	idSourceAMFUENGAPID                           ID = 100
	idSourceToTargetTransparentContainer          ID = 101
	idSupportedTAList                             ID = 102
	idTAIListForPaging                            ID = 103
	idTargetID                                    ID = 105
	idTargetToSourceTransparentContainer          ID = 106
	idTimeToWait                                  ID = 107
	idTraceActivation                             ID = 108
	idUEAggregateMaximumBitRate                   ID = 110
	idUEassociatedLogicalNGconnectionList         ID = 111
	idUEContextRequest                            ID = 112
	idUENGAPIDs                                   ID = 114
	idUEPagingIdentity                            ID = 115
	idUEPresenceInAreaOfInterestList              ID = 116
	idUERadioCapability                           ID = 117
	idUERadioCapabilityForPaging                  ID = 118
	idUESecurityCapabilities                      ID = 119
	idUnavailableGUAMIList                        ID = 120
	idUserLocationInformation                     ID = 121
	idAdditionalULNGUUPTNLInformation             ID = 126
	idDataForwardingNotPossible                   ID = 127
	idNetworkInstance                             ID = 129
	idPDUSessionAggregateMaximumBitRate           ID = 130
	idPDUSessionResourceFailedToModifyListModCfm  ID = 131
	idPDUSessionResourceFailedToSetupListCxtFail  ID = 132
	idPDUSessionResourceListCxtRelReq             ID = 133
	idPDUSessionType                              ID = 134
	idQosFlowAddOrModifyRequestList               ID = 135
	idQosFlowSetupRequestList                     ID = 136
	idQosFlowToReleaseList                        ID = 137
	idSecurityIndication                          ID = 138
	idULNGUUPTNLInformation                       ID = 139
	idULNGUUPTNLModifyList                        ID = 140
	idPDUSessionResourceSecondaryRATUsageList     ID = 142
	idHandoverFlag                                ID = 143
	idRedirectionVoiceFallback                    ID = 146
	idUERetentionInformation                      ID = 147
	idENDCSONConfigurationTransferDL              ID = 157
	idENDCSONConfigurationTransferUL              ID = 158
	idNewGUAMI                                    ID = 162
	idULForwardingUPTNLInformation                ID = 164
	idCommonNetworkInstance                       ID = 166
	idNGRANTNLAssociationToRemoveList             ID = 167
	idSourceToTargetAMFInformationReroute         ID = 171
	idSelectedPLMNIdentity                        ID = 174
	idRATInformation                              ID = 179
	idIABAuthorized                               ID = 199
	idIABNodeIndication                           ID = 201
	idCEmodeBSupportIndicator                     ID = 224
	idRRCResumeCause                              ID = 237
	idAuthenticatedIndication                     ID = 245
	idNPNAccessInformation                        ID = 259
	idTargettoSourceFailureTransparentContainer   ID = 262
	idUERadioCapabilityID                         ID = 264
	idUERadioCapabilityEUTRAFormat                ID = 265
	idNotifySourceNGRANNode                       ID = 269
)

// idNames are those of all that Release 17 has, for people who read a diagnosis.
var idNames = [...]string{
	"AllowedNSSAI", "AMFName", "AMFOverloadResponse", "AMFSetID",
	"AMF-TNLAssociationFailedToSetupList", "AMF-TNLAssociationSetupList",
	"AMF-TNLAssociationToAddList", "AMF-TNLAssociationToRemoveList", "AMF-TNLAssociationToUpdateList",
	"AMFTrafficLoadReductionIndication", "AMF-UE-NGAP-ID", "AssistanceDataForPaging",
	"BroadcastCancelledAreaList", "BroadcastCompletedAreaList", "CancelAllWarningMessages", "Cause",
	"CellIDListForRestart", "ConcurrentWarningMessageInd",
	"CoreNetworkAssistanceInformationForInactive", "CriticalityDiagnostics", "DataCodingScheme",
	"DefaultPagingDRX", "DirectForwardingPathAvailability", "EmergencyAreaIDListForRestart",
	"EmergencyFallbackIndicator", "EUTRA-CGI", "FiveG-S-TMSI", "GlobalRANNodeID", "GUAMI",
	"HandoverType", "IMSVoiceSupportIndicator", "IndexToRFSP",
	"InfoOnRecommendedCellsAndRANNodesForPaging", "LocationReportingRequestType", "MaskedIMEISV",
	"MessageIdentifier", "MobilityRestrictionList", "NASC", "NAS-PDU",
	"NASSecurityParametersFromNGRAN", "NewAMF-UE-NGAP-ID", "NewSecurityContextInd", "NGAP-Message",
	"NGRAN-CGI", "NGRANTraceID", "NR-CGI", "NRPPa-PDU", "NumberOfBroadcastsRequested", "OldAMF",
	"OverloadStartNSSAIList", "PagingDRX", "PagingOrigin", "PagingPriority",
	"PDUSessionResourceAdmittedList", "PDUSessionResourceFailedToModifyListModRes",
	"PDUSessionResourceFailedToSetupListCxtRes", "PDUSessionResourceFailedToSetupListHOAck",
	"PDUSessionResourceFailedToSetupListPSReq", "PDUSessionResourceFailedToSetupListSURes",
	"PDUSessionResourceHandoverList", "PDUSessionResourceListCxtRelCpl", "PDUSessionResourceListHORqd",
	"PDUSessionResourceModifyListModCfm", "PDUSessionResourceModifyListModInd",
	"PDUSessionResourceModifyListModReq", "PDUSessionResourceModifyListModRes",
	"PDUSessionResourceNotifyList", "PDUSessionResourceReleasedListNot",
	"PDUSessionResourceReleasedListPSAck", "PDUSessionResourceReleasedListPSFail",
	"PDUSessionResourceReleasedListRelRes", "PDUSessionResourceSetupListCxtReq",
	"PDUSessionResourceSetupListCxtRes", "PDUSessionResourceSetupListHOReq",
	"PDUSessionResourceSetupListSUReq", "PDUSessionResourceSetupListSURes",
	"PDUSessionResourceToBeSwitchedDLList", "PDUSessionResourceSwitchedList",
	"PDUSessionResourceToReleaseListHOCmd", "PDUSessionResourceToReleaseListRelCmd", "PLMNSupportList",
	"PWSFailedCellIDList", "RANNodeName", "RANPagingPriority",
	"RANStatusTransfer-TransparentContainer", "RAN-UE-NGAP-ID", "RelativeAMFCapacity",
	"RepetitionPeriod", "ResetType", "RoutingID", "RRCEstablishmentCause",
	"RRCInactiveTransitionReportRequest", "RRCState", "SecurityContext", "SecurityKey", "SerialNumber",
	"ServedGUAMIList", "SliceSupportList", "SONConfigurationTransferDL", "SONConfigurationTransferUL",
	"SourceAMF-UE-NGAP-ID", "SourceToTarget-TransparentContainer", "SupportedTAList",
	"TAIListForPaging", "TAIListForRestart", "TargetID", "TargetToSource-TransparentContainer",
	"TimeToWait", "TraceActivation", "TraceCollectionEntityIPAddress", "UEAggregateMaximumBitRate",
	"UE-associatedLogicalNG-connectionList", "UEContextRequest", "", "UE-NGAP-IDs", "UEPagingIdentity",
	"UEPresenceInAreaOfInterestList", "UERadioCapability", "UERadioCapabilityForPaging",
	"UESecurityCapabilities", "UnavailableGUAMIList", "UserLocationInformation", "WarningAreaList",
	"WarningMessageContents", "WarningSecurityInfo", "WarningType",
	"AdditionalUL-NGU-UP-TNLInformation", "DataForwardingNotPossible", "DL-NGU-UP-TNLInformation",
	"NetworkInstance", "PDUSessionAggregateMaximumBitRate",
	"PDUSessionResourceFailedToModifyListModCfm", "PDUSessionResourceFailedToSetupListCxtFail",
	"PDUSessionResourceListCxtRelReq", "PDUSessionType", "QosFlowAddOrModifyRequestList",
	"QosFlowSetupRequestList", "QosFlowToReleaseList", "SecurityIndication",
	"UL-NGU-UP-TNLInformation", "UL-NGU-UP-TNLModifyList", "WarningAreaCoordinates",
	"PDUSessionResourceSecondaryRATUsageList", "HandoverFlag", "SecondaryRATUsageInformation",
	"PDUSessionResourceReleaseResponseTransfer", "RedirectionVoiceFallback", "UERetentionInformation",
	"S-NSSAI", "PSCellInformation", "LastEUTRAN-PLMNIdentity", "MaximumIntegrityProtectedDataRate-DL",
	"AdditionalDLForwardingUPTNLInformation", "AdditionalDLUPTNLInformationForHOList",
	"AdditionalNGU-UP-TNLInformation", "AdditionalDLQosFlowPerTNLInformation", "SecurityResult",
	"ENDC-SONConfigurationTransferDL", "ENDC-SONConfigurationTransferUL",
	"OldAssociatedQosFlowList-ULendmarkerexpected", "CNTypeRestrictionsForEquivalent",
	"CNTypeRestrictionsForServing", "NewGUAMI", "ULForwarding", "ULForwardingUP-TNLInformation",
	"CNAssistedRANTuning", "CommonNetworkInstance", "NGRAN-TNLAssociationToRemoveList",
	"TNLAssociationTransportLayerAddressNGRAN", "EndpointIPAddressAndPort",
	"LocationReportingAdditionalInfo", "SourceToTarget-AMFInformationReroute",
	"AdditionalULForwardingUPTNLInformation", "SCTP-TLAs", "SelectedPLMNIdentity",
	"RIMInformationTransfer", "GUAMIType", "SRVCCOperationPossible", "TargetRNC-ID", "RAT-Information",
	"ExtendedRATRestrictionInformation", "QosMonitoringRequest", "SgNB-UE-X2AP-ID",
	"AdditionalRedundantDL-NGU-UP-TNLInformation", "AdditionalRedundantDLQosFlowPerTNLInformation",
	"AdditionalRedundantNGU-UP-TNLInformation", "AdditionalRedundantUL-NGU-UP-TNLInformation",
	"CNPacketDelayBudgetDL", "CNPacketDelayBudgetUL", "ExtendedPacketDelayBudget",
	"RedundantCommonNetworkInstance", "RedundantDL-NGU-TNLInformationReused",
	"RedundantDL-NGU-UP-TNLInformation", "RedundantDLQosFlowPerTNLInformation",
	"RedundantQosFlowIndicator", "RedundantUL-NGU-UP-TNLInformation", "TSCTrafficCharacteristics",
	"RedundantPDUSessionInformation", "UsedRSNInformation", "IAB-Authorized", "IAB-Supported",
	"IABNodeIndication", "NB-IoT-PagingDRX", "NB-IoT-Paging-eDRXInfo", "NB-IoT-DefaultPagingDRX",
	"Enhanced-CoverageRestriction", "Extended-ConnectedTime", "PagingAssisDataforCEcapabUE",
	"WUS-Assistance-Information", "UE-DifferentiationInfo", "NB-IoT-UEPriority",
	"UL-CP-SecurityInformation", "DL-CP-SecurityInformation", "TAI",
	"UERadioCapabilityForPagingOfNB-IoT", "LTEV2XServicesAuthorized", "NRV2XServicesAuthorized",
	"LTEUESidelinkAggregateMaximumBitrate", "NRUESidelinkAggregateMaximumBitrate", "PC5QoSParameters",
	"AlternativeQoSParaSetList", "CurrentQoSParaSetIndex", "CEmodeBrestricted",
	"EUTRA-PagingeDRXInformation", "CEmodeBSupport-Indicator", "LTEM-Indication", "EndIndication",
	"EDT-Session", "UECapabilityInfoRequest", "PDUSessionResourceFailedToResumeListRESReq",
	"PDUSessionResourceFailedToResumeListRESRes", "PDUSessionResourceSuspendListSUSReq",
	"PDUSessionResourceResumeListRESReq", "PDUSessionResourceResumeListRESRes", "UE-UP-CIoT-Support",
	"Suspend-Request-Indication", "Suspend-Response-Indication", "RRC-Resume-Cause",
	"RGLevelWirelineAccessCharacteristics", "W-AGFIdentityInformation", "GlobalTNGF-ID",
	"GlobalTWIF-ID", "GlobalW-AGF-ID", "UserLocationInformationW-AGF", "UserLocationInformationTNGF",
	"AuthenticatedIndication", "TNGFIdentityInformation", "TWIFIdentityInformation",
	"UserLocationInformationTWIF", "DataForwardingResponseERABList",
	"IntersystemSONConfigurationTransferDL", "IntersystemSONConfigurationTransferUL",
	"SONInformationReport", "UEHistoryInformationFromTheUE", "ManagementBasedMDTPLMNList",
	"MDTConfiguration", "PrivacyIndicator", "TraceCollectionEntityURI", "NPN-Support",
	"NPN-AccessInformation", "NPN-PagingAssistanceInformation", "NPN-MobilityInformation",
	"TargettoSource-Failure-TransparentContainer", "NID", "UERadioCapabilityID",
	"UERadioCapability-EUTRA-Format", "DAPSRequestInfo", "DAPSResponseInfoList",
	"EarlyStatusTransfer-TransparentContainer", "NotifySourceNGRANNode", "ExtendedSliceSupportList",
	"ExtendedTAISliceSupportList", "ConfiguredTACIndication", "Extended-RANNodeName",
	"Extended-AMFName", "GlobalCable-ID", "QosMonitoringReportingFrequency", "QosFlowParametersList",
	"QosFlowFeedbackList", "BurstArrivalTimeDownlink", "ExtendedUEIdentityIndexValue",
	"PduSessionExpectedUEActivityBehaviour", "MicoAllPLMN", "QosFlowFailedToSetupList",
	"SourceTNLAddrInfo", "ExtendedReportIntervalMDT", "SourceNodeID", "NRNTNTAIInformation",
	"UEContextReferenceAtSource", "LastVisitedPSCellList", "IntersystemSONInformationRequest",
	"IntersystemSONInformationReply", "EnergySavingIndication", "IntersystemResourceStatusUpdate",
	"SuccessfulHandoverReportList", "MBS-AreaSessionID", "MBS-QoSFlowsToBeSetupList",
	"MBS-QoSFlowsToBeSetupModList", "MBS-ServiceArea", "MBS-SessionID",
	"MBS-DistributionReleaseRequestTransfer", "MBS-DistributionSetupRequestTransfer",
	"MBS-DistributionSetupResponseTransfer", "MBS-DistributionSetupUnsuccessfulTransfer",
	"MulticastSessionActivationRequestTransfer", "MulticastSessionDeactivationRequestTransfer",
	"MulticastSessionUpdateRequestTransfer", "MulticastGroupPagingAreaList", "",
	"MBS-SupportIndicator", "MBSSessionFailedtoSetupList", "MBSSessionFailedtoSetuporModifyList",
	"MBSSessionSetupResponseList", "MBSSessionSetuporModifyResponseList",
	"MBSSessionSetupFailureTransfer", "MBSSessionSetupRequestTransfer",
	"MBSSessionSetupResponseTransfer", "MBSSessionToReleaseList", "MBSSessionSetupRequestList",
	"MBSSessionSetuporModifyRequestList", "", "", "",
	"MBS-ActiveSessionInformation-SourcetoTargetList",
	"MBS-ActiveSessionInformation-TargettoSourceList", "OnboardingSupport", "TimeSyncAssistanceInfo",
	"SurvivalTime", "QMCConfigInfo", "QMCDeactivation", "", "PDUSessionPairID",
	"NR-PagingeDRXInformation", "RedCapIndication", "TargetNSSAIInformation",
	"UESliceMaximumBitRateList", "M4ReportAmount", "M5ReportAmount", "M6ReportAmount",
	"M7ReportAmount", "IncludeBeamMeasurementsIndication", "ExcessPacketDelayThresholdConfiguration",
	"PagingCause", "PagingCauseIndicationForVoiceService", "PEIPSassistanceInformation",
	"FiveG-ProSeAuthorized", "FiveG-ProSeUEPC5AggregateMaximumBitRate", "FiveG-ProSePC5QoSParameters",
	"MBSSessionModificationFailureTransfer", "MBSSessionModificationRequestTransfer",
	"MBSSessionModificationResponseTransfer", "MBS-QoSFlowToReleaseList", "MBS-SessionTNLInfo5GC",
	"TAINSAGSupportList", "SourceNodeTNLAddrInfo", "NGAPIESupportInformationRequestList",
	"NGAPIESupportInformationResponseList", "MBS-SessionFSAIDList",
	"MBSSessionReleaseResponseTransfer", "ManagementBasedMDTPLMNModificationList", "EarlyMeasurement",
	"BeamMeasurementsReportConfiguration",
}

// String is the name the ASN.1 gives the IE.
func (i ID) String() string { return nameOf(idNames[:], int(i)) }
