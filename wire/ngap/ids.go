package ngap

// ID is an IE's identifier (TS 38.413 §9.4.7).
type ID uint16

const (
	idAllowedNSSAI                                  ID = 0
	idAMFName                                       ID = 1
	idAMFOverloadResponse                           ID = 2
	idAMFSetID                                      ID = 3
	idAMFTNLAssociationFailedToSetupList            ID = 4
	idAMFTNLAssociationSetupList                    ID = 5
	idAMFTNLAssociationToAddList                    ID = 6
	idAMFTNLAssociationToRemoveList                 ID = 7
	idAMFTNLAssociationToUpdateList                 ID = 8
	idAMFTrafficLoadReductionIndication             ID = 9
	idAMFUENGAPID                                   ID = 10
	idAssistanceDataForPaging                       ID = 11
	idBroadcastCancelledAreaList                    ID = 12
	idBroadcastCompletedAreaList                    ID = 13
	idCancelAllWarningMessages                      ID = 14
	idCause                                         ID = 15
	idCellIDListForRestart                          ID = 16
	idConcurrentWarningMessageInd                   ID = 17
	idCoreNetworkAssistanceInformationForInactive   ID = 18
	idCriticalityDiagnostics                        ID = 19
	idDataCodingScheme                              ID = 20
	idDefaultPagingDRX                              ID = 21
	idDirectForwardingPathAvailability              ID = 22
	idEmergencyAreaIDListForRestart                 ID = 23
	idEmergencyFallbackIndicator                    ID = 24
	idEUTRACGI                                      ID = 25
	idFiveGSTMSI                                    ID = 26
	idGlobalRANNodeID                               ID = 27
	idGUAMI                                         ID = 28
	idHandoverType                                  ID = 29
	idIMSVoiceSupportIndicator                      ID = 30
	idIndexToRFSP                                   ID = 31
	idInfoOnRecommendedCellsAndRANNodesForPaging    ID = 32
	idLocationReportingRequestType                  ID = 33
	idMaskedIMEISV                                  ID = 34
	idMessageIdentifier                             ID = 35
	idMobilityRestrictionList                       ID = 36
	idNASC                                          ID = 37
	idNASPDU                                        ID = 38
	idNASSecurityParametersFromNGRAN                ID = 39
	idNewAMFUENGAPID                                ID = 40
	idNewSecurityContextInd                         ID = 41
	idNGAPMessage                                   ID = 42
	idNGRANCGI                                      ID = 43
	idNGRANTraceID                                  ID = 44
	idNRCGI                                         ID = 45
	idNRPPaPDU                                      ID = 46
	idNumberOfBroadcastsRequested                   ID = 47
	idOldAMF                                        ID = 48
	idOverloadStartNSSAIList                        ID = 49
	idPagingDRX                                     ID = 50
	idPagingOrigin                                  ID = 51
	idPagingPriority                                ID = 52
	idPDUSessionResourceAdmittedList                ID = 53
	idPDUSessionResourceFailedToModifyListModRes    ID = 54
	idPDUSessionResourceFailedToSetupListCxtRes     ID = 55
	idPDUSessionResourceFailedToSetupListHOAck      ID = 56
	idPDUSessionResourceFailedToSetupListPSReq      ID = 57
	idPDUSessionResourceFailedToSetupListSURes      ID = 58
	idPDUSessionResourceHandoverList                ID = 59
	idPDUSessionResourceListCxtRelCpl               ID = 60
	idPDUSessionResourceListHORqd                   ID = 61
	idPDUSessionResourceModifyListModCfm            ID = 62
	idPDUSessionResourceModifyListModInd            ID = 63
	idPDUSessionResourceModifyListModReq            ID = 64
	idPDUSessionResourceModifyListModRes            ID = 65
	idPDUSessionResourceNotifyList                  ID = 66
	idPDUSessionResourceReleasedListNot             ID = 67
	idPDUSessionResourceReleasedListPSAck           ID = 68
	idPDUSessionResourceReleasedListPSFail          ID = 69
	idPDUSessionResourceReleasedListRelRes          ID = 70
	idPDUSessionResourceSetupListCxtReq             ID = 71
	idPDUSessionResourceSetupListCxtRes             ID = 72
	idPDUSessionResourceSetupListHOReq              ID = 73
	idPDUSessionResourceSetupListSUReq              ID = 74
	idPDUSessionResourceSetupListSURes              ID = 75
	idPDUSessionResourceToBeSwitchedDLList          ID = 76
	idPDUSessionResourceSwitchedList                ID = 77
	idPDUSessionResourceToReleaseListHOCmd          ID = 78
	idPDUSessionResourceToReleaseListRelCmd         ID = 79
	idPLMNSupportList                               ID = 80
	idPWSFailedCellIDList                           ID = 81
	idRANNodeName                                   ID = 82
	idRANPagingPriority                             ID = 83
	idRANStatusTransferTransparentContainer         ID = 84
	idRANUENGAPID                                   ID = 85
	idRelativeAMFCapacity                           ID = 86
	idRepetitionPeriod                              ID = 87
	idResetType                                     ID = 88
	idRoutingID                                     ID = 89
	idRRCEstablishmentCause                         ID = 90
	idRRCInactiveTransitionReportRequest            ID = 91
	idRRCState                                      ID = 92
	idSecurityContext                               ID = 93
	idSecurityKey                                   ID = 94
	idSerialNumber                                  ID = 95
	idServedGUAMIList                               ID = 96
	idSliceSupportList                              ID = 97
	idSONConfigurationTransferDL                    ID = 98
	idSONConfigurationTransferUL                    ID = 99
	idSourceAMFUENGAPID                             ID = 100
	idSourceToTargetTransparentContainer            ID = 101
	idSupportedTAList                               ID = 102
	idTAIListForPaging                              ID = 103
	idTAIListForRestart                             ID = 104
	idTargetID                                      ID = 105
	idTargetToSourceTransparentContainer            ID = 106
	idTimeToWait                                    ID = 107
	idTraceActivation                               ID = 108
	idTraceCollectionEntityIPAddress                ID = 109
	idUEAggregateMaximumBitRate                     ID = 110
	idUEassociatedLogicalNGconnectionList           ID = 111
	idUEContextRequest                              ID = 112
	idUENGAPIDs                                     ID = 114
	idUEPagingIdentity                              ID = 115
	idUEPresenceInAreaOfInterestList                ID = 116
	idUERadioCapability                             ID = 117
	idUERadioCapabilityForPaging                    ID = 118
	idUESecurityCapabilities                        ID = 119
	idUnavailableGUAMIList                          ID = 120
	idUserLocationInformation                       ID = 121
	idWarningAreaList                               ID = 122
	idWarningMessageContents                        ID = 123
	idWarningSecurityInfo                           ID = 124
	idWarningType                                   ID = 125
	idAdditionalULNGUUPTNLInformation               ID = 126
	idDataForwardingNotPossible                     ID = 127
	idDLNGUUPTNLInformation                         ID = 128
	idNetworkInstance                               ID = 129
	idPDUSessionAggregateMaximumBitRate             ID = 130
	idPDUSessionResourceFailedToModifyListModCfm    ID = 131
	idPDUSessionResourceFailedToSetupListCxtFail    ID = 132
	idPDUSessionResourceListCxtRelReq               ID = 133
	idPDUSessionType                                ID = 134
	idQosFlowAddOrModifyRequestList                 ID = 135
	idQosFlowSetupRequestList                       ID = 136
	idQosFlowToReleaseList                          ID = 137
	idSecurityIndication                            ID = 138
	idULNGUUPTNLInformation                         ID = 139
	idULNGUUPTNLModifyList                          ID = 140
	idWarningAreaCoordinates                        ID = 141
	idPDUSessionResourceSecondaryRATUsageList       ID = 142
	idHandoverFlag                                  ID = 143
	idSecondaryRATUsageInformation                  ID = 144
	idPDUSessionResourceReleaseResponseTransfer     ID = 145
	idRedirectionVoiceFallback                      ID = 146
	idUERetentionInformation                        ID = 147
	idSNSSAI                                        ID = 148
	idPSCellInformation                             ID = 149
	idLastEUTRANPLMNIdentity                        ID = 150
	idMaximumIntegrityProtectedDataRateDL           ID = 151
	idAdditionalDLForwardingUPTNLInformation        ID = 152
	idAdditionalDLUPTNLInformationForHOList         ID = 153
	idAdditionalNGUUPTNLInformation                 ID = 154
	idAdditionalDLQosFlowPerTNLInformation          ID = 155
	idSecurityResult                                ID = 156
	idENDCSONConfigurationTransferDL                ID = 157
	idENDCSONConfigurationTransferUL                ID = 158
	idOldAssociatedQosFlowListULendmarkerexpected   ID = 159
	idCNTypeRestrictionsForEquivalent               ID = 160
	idCNTypeRestrictionsForServing                  ID = 161
	idNewGUAMI                                      ID = 162
	idULForwarding                                  ID = 163
	idULForwardingUPTNLInformation                  ID = 164
	idCNAssistedRANTuning                           ID = 165
	idCommonNetworkInstance                         ID = 166
	idNGRANTNLAssociationToRemoveList               ID = 167
	idTNLAssociationTransportLayerAddressNGRAN      ID = 168
	idEndpointIPAddressAndPort                      ID = 169
	idLocationReportingAdditionalInfo               ID = 170
	idSourceToTargetAMFInformationReroute           ID = 171
	idAdditionalULForwardingUPTNLInformation        ID = 172
	idSCTPTLAs                                      ID = 173
	idSelectedPLMNIdentity                          ID = 174
	idRIMInformationTransfer                        ID = 175
	idGUAMIType                                     ID = 176
	idSRVCCOperationPossible                        ID = 177
	idTargetRNCID                                   ID = 178
	idRATInformation                                ID = 179
	idExtendedRATRestrictionInformation             ID = 180
	idQosMonitoringRequest                          ID = 181
	idSgNBUEX2APID                                  ID = 182
	idAdditionalRedundantDLNGUUPTNLInformation      ID = 183
	idAdditionalRedundantDLQosFlowPerTNLInformation ID = 184
	idAdditionalRedundantNGUUPTNLInformation        ID = 185
	idAdditionalRedundantULNGUUPTNLInformation      ID = 186
	idCNPacketDelayBudgetDL                         ID = 187
	idCNPacketDelayBudgetUL                         ID = 188
	idExtendedPacketDelayBudget                     ID = 189
	idRedundantCommonNetworkInstance                ID = 190
	idRedundantDLNGUTNLInformationReused            ID = 191
	idRedundantDLNGUUPTNLInformation                ID = 192
	idRedundantDLQosFlowPerTNLInformation           ID = 193
	idRedundantQosFlowIndicator                     ID = 194
	idRedundantULNGUUPTNLInformation                ID = 195
	idTSCTrafficCharacteristics                     ID = 196
	idRedundantPDUSessionInformation                ID = 197
	idUsedRSNInformation                            ID = 198
	idIABAuthorized                                 ID = 199
	idIABSupported                                  ID = 200
	idIABNodeIndication                             ID = 201
	idNBIoTPagingDRX                                ID = 202
	idNBIoTPagingeDRXInfo                           ID = 203
	idNBIoTDefaultPagingDRX                         ID = 204
	idEnhancedCoverageRestriction                   ID = 205
	idExtendedConnectedTime                         ID = 206
	idPagingAssisDataforCEcapabUE                   ID = 207
	idWUSAssistanceInformation                      ID = 208
	idUEDifferentiationInfo                         ID = 209
	idNBIoTUEPriority                               ID = 210
	idULCPSecurityInformation                       ID = 211
	idDLCPSecurityInformation                       ID = 212
	idTAI                                           ID = 213
	idUERadioCapabilityForPagingOfNBIoT             ID = 214
	idLTEV2XServicesAuthorized                      ID = 215
	idNRV2XServicesAuthorized                       ID = 216
	idLTEUESidelinkAggregateMaximumBitrate          ID = 217
	idNRUESidelinkAggregateMaximumBitrate           ID = 218
	idPC5QoSParameters                              ID = 219
	idAlternativeQoSParaSetList                     ID = 220
	idCurrentQoSParaSetIndex                        ID = 221
	idCEmodeBrestricted                             ID = 222
	idEUTRAPagingeDRXInformation                    ID = 223
	idCEmodeBSupportIndicator                       ID = 224
	idLTEMIndication                                ID = 225
	idEndIndication                                 ID = 226
	idEDTSession                                    ID = 227
	idUECapabilityInfoRequest                       ID = 228
	idPDUSessionResourceFailedToResumeListRESReq    ID = 229
	idPDUSessionResourceFailedToResumeListRESRes    ID = 230
	idPDUSessionResourceSuspendListSUSReq           ID = 231
	idPDUSessionResourceResumeListRESReq            ID = 232
	idPDUSessionResourceResumeListRESRes            ID = 233
	idUEUPCIoTSupport                               ID = 234
	idSuspendRequestIndication                      ID = 235
	idSuspendResponseIndication                     ID = 236
	idRRCResumeCause                                ID = 237
	idRGLevelWirelineAccessCharacteristics          ID = 238
	idWAGFIdentityInformation                       ID = 239
	idGlobalTNGFID                                  ID = 240
	idGlobalTWIFID                                  ID = 241
	idGlobalWAGFID                                  ID = 242
	idUserLocationInformationWAGF                   ID = 243
	idUserLocationInformationTNGF                   ID = 244
	idAuthenticatedIndication                       ID = 245
	idTNGFIdentityInformation                       ID = 246
	idTWIFIdentityInformation                       ID = 247
	idUserLocationInformationTWIF                   ID = 248
	idDataForwardingResponseERABList                ID = 249
	idIntersystemSONConfigurationTransferDL         ID = 250
	idIntersystemSONConfigurationTransferUL         ID = 251
	idSONInformationReport                          ID = 252
	idUEHistoryInformationFromTheUE                 ID = 253
	idManagementBasedMDTPLMNList                    ID = 254
	idMDTConfiguration                              ID = 255
	idPrivacyIndicator                              ID = 256
	idTraceCollectionEntityURI                      ID = 257
	idNPNSupport                                    ID = 258
	idNPNAccessInformation                          ID = 259
	idNPNPagingAssistanceInformation                ID = 260
	idNPNMobilityInformation                        ID = 261
	idTargettoSourceFailureTransparentContainer     ID = 262
	idNID                                           ID = 263
	idUERadioCapabilityID                           ID = 264
	idUERadioCapabilityEUTRAFormat                  ID = 265
	idDAPSRequestInfo                               ID = 266
	idDAPSResponseInfoList                          ID = 267
	idEarlyStatusTransferTransparentContainer       ID = 268
	idNotifySourceNGRANNode                         ID = 269
	idExtendedSliceSupportList                      ID = 270
	idExtendedTAISliceSupportList                   ID = 271
	idConfiguredTACIndication                       ID = 272
	idExtendedRANNodeName                           ID = 273
	idExtendedAMFName                               ID = 274
	idGlobalCableID                                 ID = 275
	idQosMonitoringReportingFrequency               ID = 276
	idQosFlowParametersList                         ID = 277
	idQosFlowFeedbackList                           ID = 278
	idBurstArrivalTimeDownlink                      ID = 279
	idExtendedUEIdentityIndexValue                  ID = 280
	idPduSessionExpectedUEActivityBehaviour         ID = 281
	idMicoAllPLMN                                   ID = 282
	idQosFlowFailedToSetupList                      ID = 283
	idSourceTNLAddrInfo                             ID = 284
	idExtendedReportIntervalMDT                     ID = 285
	idSourceNodeID                                  ID = 286
	idNRNTNTAIInformation                           ID = 287
	idUEContextReferenceAtSource                    ID = 288
	idLastVisitedPSCellList                         ID = 289
	idIntersystemSONInformationRequest              ID = 290
	idIntersystemSONInformationReply                ID = 291
	idEnergySavingIndication                        ID = 292
	idIntersystemResourceStatusUpdate               ID = 293
	idSuccessfulHandoverReportList                  ID = 294
	idMBSAreaSessionID                              ID = 295
	idMBSQoSFlowsToBeSetupList                      ID = 296
	idMBSQoSFlowsToBeSetupModList                   ID = 297
	idMBSServiceArea                                ID = 298
	idMBSSessionID                                  ID = 299
	idMBSDistributionReleaseRequestTransfer         ID = 300
	idMBSDistributionSetupRequestTransfer           ID = 301
	idMBSDistributionSetupResponseTransfer          ID = 302
	idMBSDistributionSetupUnsuccessfulTransfer      ID = 303
	idMulticastSessionActivationRequestTransfer     ID = 304
	idMulticastSessionDeactivationRequestTransfer   ID = 305
	idMulticastSessionUpdateRequestTransfer         ID = 306
	idMulticastGroupPagingAreaList                  ID = 307
	idMBSSupportIndicator                           ID = 309
	idMBSSessionFailedtoSetupList                   ID = 310
	idMBSSessionFailedtoSetuporModifyList           ID = 311
	idMBSSessionSetupResponseList                   ID = 312
	idMBSSessionSetuporModifyResponseList           ID = 313
	idMBSSessionSetupFailureTransfer                ID = 314
	idMBSSessionSetupRequestTransfer                ID = 315
	idMBSSessionSetupResponseTransfer               ID = 316
	idMBSSessionToReleaseList                       ID = 317
	idMBSSessionSetupRequestList                    ID = 318
	idMBSSessionSetuporModifyRequestList            ID = 319
	idMBSActiveSessionInformationSourcetoTargetList ID = 323
	idMBSActiveSessionInformationTargettoSourceList ID = 324
	idOnboardingSupport                             ID = 325
	idTimeSyncAssistanceInfo                        ID = 326
	idSurvivalTime                                  ID = 327
	idQMCConfigInfo                                 ID = 328
	idQMCDeactivation                               ID = 329
	idPDUSessionPairID                              ID = 331
	idNRPagingeDRXInformation                       ID = 332
	idRedCapIndication                              ID = 333
	idTargetNSSAIInformation                        ID = 334
	idUESliceMaximumBitRateList                     ID = 335
	idM4ReportAmount                                ID = 336
	idM5ReportAmount                                ID = 337
	idM6ReportAmount                                ID = 338
	idM7ReportAmount                                ID = 339
	idIncludeBeamMeasurementsIndication             ID = 340
	idExcessPacketDelayThresholdConfiguration       ID = 341
	idPagingCause                                   ID = 342
	idPagingCauseIndicationForVoiceService          ID = 343
	idPEIPSassistanceInformation                    ID = 344
	idFiveGProSeAuthorized                          ID = 345
	idFiveGProSeUEPC5AggregateMaximumBitRate        ID = 346
	idFiveGProSePC5QoSParameters                    ID = 347
	idMBSSessionModificationFailureTransfer         ID = 348
	idMBSSessionModificationRequestTransfer         ID = 349
	idMBSSessionModificationResponseTransfer        ID = 350
	idMBSQoSFlowToReleaseList                       ID = 351
	idMBSSessionTNLInfo5GC                          ID = 352
	idTAINSAGSupportList                            ID = 353
	idSourceNodeTNLAddrInfo                         ID = 354
	idNGAPIESupportInformationRequestList           ID = 355
	idNGAPIESupportInformationResponseList          ID = 356
	idMBSSessionFSAIDList                           ID = 357
	idMBSSessionReleaseResponseTransfer             ID = 358
	idManagementBasedMDTPLMNModificationList        ID = 359
	idEarlyMeasurement                              ID = 360
	idBeamMeasurementsReportConfiguration           ID = 361
)

var idNames = [...]string{
	idAllowedNSSAI:                                  "AllowedNSSAI",
	idAMFName:                                       "AMFName",
	idAMFOverloadResponse:                           "AMFOverloadResponse",
	idAMFSetID:                                      "AMFSetID",
	idAMFTNLAssociationFailedToSetupList:            "AMF-TNLAssociationFailedToSetupList",
	idAMFTNLAssociationSetupList:                    "AMF-TNLAssociationSetupList",
	idAMFTNLAssociationToAddList:                    "AMF-TNLAssociationToAddList",
	idAMFTNLAssociationToRemoveList:                 "AMF-TNLAssociationToRemoveList",
	idAMFTNLAssociationToUpdateList:                 "AMF-TNLAssociationToUpdateList",
	idAMFTrafficLoadReductionIndication:             "AMFTrafficLoadReductionIndication",
	idAMFUENGAPID:                                   "AMF-UE-NGAP-ID",
	idAssistanceDataForPaging:                       "AssistanceDataForPaging",
	idBroadcastCancelledAreaList:                    "BroadcastCancelledAreaList",
	idBroadcastCompletedAreaList:                    "BroadcastCompletedAreaList",
	idCancelAllWarningMessages:                      "CancelAllWarningMessages",
	idCause:                                         "Cause",
	idCellIDListForRestart:                          "CellIDListForRestart",
	idConcurrentWarningMessageInd:                   "ConcurrentWarningMessageInd",
	idCoreNetworkAssistanceInformationForInactive:   "CoreNetworkAssistanceInformationForInactive",
	idCriticalityDiagnostics:                        "CriticalityDiagnostics",
	idDataCodingScheme:                              "DataCodingScheme",
	idDefaultPagingDRX:                              "DefaultPagingDRX",
	idDirectForwardingPathAvailability:              "DirectForwardingPathAvailability",
	idEmergencyAreaIDListForRestart:                 "EmergencyAreaIDListForRestart",
	idEmergencyFallbackIndicator:                    "EmergencyFallbackIndicator",
	idEUTRACGI:                                      "EUTRA-CGI",
	idFiveGSTMSI:                                    "FiveG-S-TMSI",
	idGlobalRANNodeID:                               "GlobalRANNodeID",
	idGUAMI:                                         "GUAMI",
	idHandoverType:                                  "HandoverType",
	idIMSVoiceSupportIndicator:                      "IMSVoiceSupportIndicator",
	idIndexToRFSP:                                   "IndexToRFSP",
	idInfoOnRecommendedCellsAndRANNodesForPaging:    "InfoOnRecommendedCellsAndRANNodesForPaging",
	idLocationReportingRequestType:                  "LocationReportingRequestType",
	idMaskedIMEISV:                                  "MaskedIMEISV",
	idMessageIdentifier:                             "MessageIdentifier",
	idMobilityRestrictionList:                       "MobilityRestrictionList",
	idNASC:                                          "NASC",
	idNASPDU:                                        "NAS-PDU",
	idNASSecurityParametersFromNGRAN:                "NASSecurityParametersFromNGRAN",
	idNewAMFUENGAPID:                                "NewAMF-UE-NGAP-ID",
	idNewSecurityContextInd:                         "NewSecurityContextInd",
	idNGAPMessage:                                   "NGAP-Message",
	idNGRANCGI:                                      "NGRAN-CGI",
	idNGRANTraceID:                                  "NGRANTraceID",
	idNRCGI:                                         "NR-CGI",
	idNRPPaPDU:                                      "NRPPa-PDU",
	idNumberOfBroadcastsRequested:                   "NumberOfBroadcastsRequested",
	idOldAMF:                                        "OldAMF",
	idOverloadStartNSSAIList:                        "OverloadStartNSSAIList",
	idPagingDRX:                                     "PagingDRX",
	idPagingOrigin:                                  "PagingOrigin",
	idPagingPriority:                                "PagingPriority",
	idPDUSessionResourceAdmittedList:                "PDUSessionResourceAdmittedList",
	idPDUSessionResourceFailedToModifyListModRes:    "PDUSessionResourceFailedToModifyListModRes",
	idPDUSessionResourceFailedToSetupListCxtRes:     "PDUSessionResourceFailedToSetupListCxtRes",
	idPDUSessionResourceFailedToSetupListHOAck:      "PDUSessionResourceFailedToSetupListHOAck",
	idPDUSessionResourceFailedToSetupListPSReq:      "PDUSessionResourceFailedToSetupListPSReq",
	idPDUSessionResourceFailedToSetupListSURes:      "PDUSessionResourceFailedToSetupListSURes",
	idPDUSessionResourceHandoverList:                "PDUSessionResourceHandoverList",
	idPDUSessionResourceListCxtRelCpl:               "PDUSessionResourceListCxtRelCpl",
	idPDUSessionResourceListHORqd:                   "PDUSessionResourceListHORqd",
	idPDUSessionResourceModifyListModCfm:            "PDUSessionResourceModifyListModCfm",
	idPDUSessionResourceModifyListModInd:            "PDUSessionResourceModifyListModInd",
	idPDUSessionResourceModifyListModReq:            "PDUSessionResourceModifyListModReq",
	idPDUSessionResourceModifyListModRes:            "PDUSessionResourceModifyListModRes",
	idPDUSessionResourceNotifyList:                  "PDUSessionResourceNotifyList",
	idPDUSessionResourceReleasedListNot:             "PDUSessionResourceReleasedListNot",
	idPDUSessionResourceReleasedListPSAck:           "PDUSessionResourceReleasedListPSAck",
	idPDUSessionResourceReleasedListPSFail:          "PDUSessionResourceReleasedListPSFail",
	idPDUSessionResourceReleasedListRelRes:          "PDUSessionResourceReleasedListRelRes",
	idPDUSessionResourceSetupListCxtReq:             "PDUSessionResourceSetupListCxtReq",
	idPDUSessionResourceSetupListCxtRes:             "PDUSessionResourceSetupListCxtRes",
	idPDUSessionResourceSetupListHOReq:              "PDUSessionResourceSetupListHOReq",
	idPDUSessionResourceSetupListSUReq:              "PDUSessionResourceSetupListSUReq",
	idPDUSessionResourceSetupListSURes:              "PDUSessionResourceSetupListSURes",
	idPDUSessionResourceToBeSwitchedDLList:          "PDUSessionResourceToBeSwitchedDLList",
	idPDUSessionResourceSwitchedList:                "PDUSessionResourceSwitchedList",
	idPDUSessionResourceToReleaseListHOCmd:          "PDUSessionResourceToReleaseListHOCmd",
	idPDUSessionResourceToReleaseListRelCmd:         "PDUSessionResourceToReleaseListRelCmd",
	idPLMNSupportList:                               "PLMNSupportList",
	idPWSFailedCellIDList:                           "PWSFailedCellIDList",
	idRANNodeName:                                   "RANNodeName",
	idRANPagingPriority:                             "RANPagingPriority",
	idRANStatusTransferTransparentContainer:         "RANStatusTransfer-TransparentContainer",
	idRANUENGAPID:                                   "RAN-UE-NGAP-ID",
	idRelativeAMFCapacity:                           "RelativeAMFCapacity",
	idRepetitionPeriod:                              "RepetitionPeriod",
	idResetType:                                     "ResetType",
	idRoutingID:                                     "RoutingID",
	idRRCEstablishmentCause:                         "RRCEstablishmentCause",
	idRRCInactiveTransitionReportRequest:            "RRCInactiveTransitionReportRequest",
	idRRCState:                                      "RRCState",
	idSecurityContext:                               "SecurityContext",
	idSecurityKey:                                   "SecurityKey",
	idSerialNumber:                                  "SerialNumber",
	idServedGUAMIList:                               "ServedGUAMIList",
	idSliceSupportList:                              "SliceSupportList",
	idSONConfigurationTransferDL:                    "SONConfigurationTransferDL",
	idSONConfigurationTransferUL:                    "SONConfigurationTransferUL",
	idSourceAMFUENGAPID:                             "SourceAMF-UE-NGAP-ID",
	idSourceToTargetTransparentContainer:            "SourceToTarget-TransparentContainer",
	idSupportedTAList:                               "SupportedTAList",
	idTAIListForPaging:                              "TAIListForPaging",
	idTAIListForRestart:                             "TAIListForRestart",
	idTargetID:                                      "TargetID",
	idTargetToSourceTransparentContainer:            "TargetToSource-TransparentContainer",
	idTimeToWait:                                    "TimeToWait",
	idTraceActivation:                               "TraceActivation",
	idTraceCollectionEntityIPAddress:                "TraceCollectionEntityIPAddress",
	idUEAggregateMaximumBitRate:                     "UEAggregateMaximumBitRate",
	idUEassociatedLogicalNGconnectionList:           "UE-associatedLogicalNG-connectionList",
	idUEContextRequest:                              "UEContextRequest",
	idUENGAPIDs:                                     "UE-NGAP-IDs",
	idUEPagingIdentity:                              "UEPagingIdentity",
	idUEPresenceInAreaOfInterestList:                "UEPresenceInAreaOfInterestList",
	idUERadioCapability:                             "UERadioCapability",
	idUERadioCapabilityForPaging:                    "UERadioCapabilityForPaging",
	idUESecurityCapabilities:                        "UESecurityCapabilities",
	idUnavailableGUAMIList:                          "UnavailableGUAMIList",
	idUserLocationInformation:                       "UserLocationInformation",
	idWarningAreaList:                               "WarningAreaList",
	idWarningMessageContents:                        "WarningMessageContents",
	idWarningSecurityInfo:                           "WarningSecurityInfo",
	idWarningType:                                   "WarningType",
	idAdditionalULNGUUPTNLInformation:               "AdditionalUL-NGU-UP-TNLInformation",
	idDataForwardingNotPossible:                     "DataForwardingNotPossible",
	idDLNGUUPTNLInformation:                         "DL-NGU-UP-TNLInformation",
	idNetworkInstance:                               "NetworkInstance",
	idPDUSessionAggregateMaximumBitRate:             "PDUSessionAggregateMaximumBitRate",
	idPDUSessionResourceFailedToModifyListModCfm:    "PDUSessionResourceFailedToModifyListModCfm",
	idPDUSessionResourceFailedToSetupListCxtFail:    "PDUSessionResourceFailedToSetupListCxtFail",
	idPDUSessionResourceListCxtRelReq:               "PDUSessionResourceListCxtRelReq",
	idPDUSessionType:                                "PDUSessionType",
	idQosFlowAddOrModifyRequestList:                 "QosFlowAddOrModifyRequestList",
	idQosFlowSetupRequestList:                       "QosFlowSetupRequestList",
	idQosFlowToReleaseList:                          "QosFlowToReleaseList",
	idSecurityIndication:                            "SecurityIndication",
	idULNGUUPTNLInformation:                         "UL-NGU-UP-TNLInformation",
	idULNGUUPTNLModifyList:                          "UL-NGU-UP-TNLModifyList",
	idWarningAreaCoordinates:                        "WarningAreaCoordinates",
	idPDUSessionResourceSecondaryRATUsageList:       "PDUSessionResourceSecondaryRATUsageList",
	idHandoverFlag:                                  "HandoverFlag",
	idSecondaryRATUsageInformation:                  "SecondaryRATUsageInformation",
	idPDUSessionResourceReleaseResponseTransfer:     "PDUSessionResourceReleaseResponseTransfer",
	idRedirectionVoiceFallback:                      "RedirectionVoiceFallback",
	idUERetentionInformation:                        "UERetentionInformation",
	idSNSSAI:                                        "S-NSSAI",
	idPSCellInformation:                             "PSCellInformation",
	idLastEUTRANPLMNIdentity:                        "LastEUTRAN-PLMNIdentity",
	idMaximumIntegrityProtectedDataRateDL:           "MaximumIntegrityProtectedDataRate-DL",
	idAdditionalDLForwardingUPTNLInformation:        "AdditionalDLForwardingUPTNLInformation",
	idAdditionalDLUPTNLInformationForHOList:         "AdditionalDLUPTNLInformationForHOList",
	idAdditionalNGUUPTNLInformation:                 "AdditionalNGU-UP-TNLInformation",
	idAdditionalDLQosFlowPerTNLInformation:          "AdditionalDLQosFlowPerTNLInformation",
	idSecurityResult:                                "SecurityResult",
	idENDCSONConfigurationTransferDL:                "ENDC-SONConfigurationTransferDL",
	idENDCSONConfigurationTransferUL:                "ENDC-SONConfigurationTransferUL",
	idOldAssociatedQosFlowListULendmarkerexpected:   "OldAssociatedQosFlowList-ULendmarkerexpected",
	idCNTypeRestrictionsForEquivalent:               "CNTypeRestrictionsForEquivalent",
	idCNTypeRestrictionsForServing:                  "CNTypeRestrictionsForServing",
	idNewGUAMI:                                      "NewGUAMI",
	idULForwarding:                                  "ULForwarding",
	idULForwardingUPTNLInformation:                  "ULForwardingUP-TNLInformation",
	idCNAssistedRANTuning:                           "CNAssistedRANTuning",
	idCommonNetworkInstance:                         "CommonNetworkInstance",
	idNGRANTNLAssociationToRemoveList:               "NGRAN-TNLAssociationToRemoveList",
	idTNLAssociationTransportLayerAddressNGRAN:      "TNLAssociationTransportLayerAddressNGRAN",
	idEndpointIPAddressAndPort:                      "EndpointIPAddressAndPort",
	idLocationReportingAdditionalInfo:               "LocationReportingAdditionalInfo",
	idSourceToTargetAMFInformationReroute:           "SourceToTarget-AMFInformationReroute",
	idAdditionalULForwardingUPTNLInformation:        "AdditionalULForwardingUPTNLInformation",
	idSCTPTLAs:                                      "SCTP-TLAs",
	idSelectedPLMNIdentity:                          "SelectedPLMNIdentity",
	idRIMInformationTransfer:                        "RIMInformationTransfer",
	idGUAMIType:                                     "GUAMIType",
	idSRVCCOperationPossible:                        "SRVCCOperationPossible",
	idTargetRNCID:                                   "TargetRNC-ID",
	idRATInformation:                                "RAT-Information",
	idExtendedRATRestrictionInformation:             "ExtendedRATRestrictionInformation",
	idQosMonitoringRequest:                          "QosMonitoringRequest",
	idSgNBUEX2APID:                                  "SgNB-UE-X2AP-ID",
	idAdditionalRedundantDLNGUUPTNLInformation:      "AdditionalRedundantDL-NGU-UP-TNLInformation",
	idAdditionalRedundantDLQosFlowPerTNLInformation: "AdditionalRedundantDLQosFlowPerTNLInformation",
	idAdditionalRedundantNGUUPTNLInformation:        "AdditionalRedundantNGU-UP-TNLInformation",
	idAdditionalRedundantULNGUUPTNLInformation:      "AdditionalRedundantUL-NGU-UP-TNLInformation",
	idCNPacketDelayBudgetDL:                         "CNPacketDelayBudgetDL",
	idCNPacketDelayBudgetUL:                         "CNPacketDelayBudgetUL",
	idExtendedPacketDelayBudget:                     "ExtendedPacketDelayBudget",
	idRedundantCommonNetworkInstance:                "RedundantCommonNetworkInstance",
	idRedundantDLNGUTNLInformationReused:            "RedundantDL-NGU-TNLInformationReused",
	idRedundantDLNGUUPTNLInformation:                "RedundantDL-NGU-UP-TNLInformation",
	idRedundantDLQosFlowPerTNLInformation:           "RedundantDLQosFlowPerTNLInformation",
	idRedundantQosFlowIndicator:                     "RedundantQosFlowIndicator",
	idRedundantULNGUUPTNLInformation:                "RedundantUL-NGU-UP-TNLInformation",
	idTSCTrafficCharacteristics:                     "TSCTrafficCharacteristics",
	idRedundantPDUSessionInformation:                "RedundantPDUSessionInformation",
	idUsedRSNInformation:                            "UsedRSNInformation",
	idIABAuthorized:                                 "IAB-Authorized",
	idIABSupported:                                  "IAB-Supported",
	idIABNodeIndication:                             "IABNodeIndication",
	idNBIoTPagingDRX:                                "NB-IoT-PagingDRX",
	idNBIoTPagingeDRXInfo:                           "NB-IoT-Paging-eDRXInfo",
	idNBIoTDefaultPagingDRX:                         "NB-IoT-DefaultPagingDRX",
	idEnhancedCoverageRestriction:                   "Enhanced-CoverageRestriction",
	idExtendedConnectedTime:                         "Extended-ConnectedTime",
	idPagingAssisDataforCEcapabUE:                   "PagingAssisDataforCEcapabUE",
	idWUSAssistanceInformation:                      "WUS-Assistance-Information",
	idUEDifferentiationInfo:                         "UE-DifferentiationInfo",
	idNBIoTUEPriority:                               "NB-IoT-UEPriority",
	idULCPSecurityInformation:                       "UL-CP-SecurityInformation",
	idDLCPSecurityInformation:                       "DL-CP-SecurityInformation",
	idTAI:                                           "TAI",
	idUERadioCapabilityForPagingOfNBIoT:             "UERadioCapabilityForPagingOfNB-IoT",
	idLTEV2XServicesAuthorized:                      "LTEV2XServicesAuthorized",
	idNRV2XServicesAuthorized:                       "NRV2XServicesAuthorized",
	idLTEUESidelinkAggregateMaximumBitrate:          "LTEUESidelinkAggregateMaximumBitrate",
	idNRUESidelinkAggregateMaximumBitrate:           "NRUESidelinkAggregateMaximumBitrate",
	idPC5QoSParameters:                              "PC5QoSParameters",
	idAlternativeQoSParaSetList:                     "AlternativeQoSParaSetList",
	idCurrentQoSParaSetIndex:                        "CurrentQoSParaSetIndex",
	idCEmodeBrestricted:                             "CEmodeBrestricted",
	idEUTRAPagingeDRXInformation:                    "EUTRA-PagingeDRXInformation",
	idCEmodeBSupportIndicator:                       "CEmodeBSupport-Indicator",
	idLTEMIndication:                                "LTEM-Indication",
	idEndIndication:                                 "EndIndication",
	idEDTSession:                                    "EDT-Session",
	idUECapabilityInfoRequest:                       "UECapabilityInfoRequest",
	idPDUSessionResourceFailedToResumeListRESReq:    "PDUSessionResourceFailedToResumeListRESReq",
	idPDUSessionResourceFailedToResumeListRESRes:    "PDUSessionResourceFailedToResumeListRESRes",
	idPDUSessionResourceSuspendListSUSReq:           "PDUSessionResourceSuspendListSUSReq",
	idPDUSessionResourceResumeListRESReq:            "PDUSessionResourceResumeListRESReq",
	idPDUSessionResourceResumeListRESRes:            "PDUSessionResourceResumeListRESRes",
	idUEUPCIoTSupport:                               "UE-UP-CIoT-Support",
	idSuspendRequestIndication:                      "Suspend-Request-Indication",
	idSuspendResponseIndication:                     "Suspend-Response-Indication",
	idRRCResumeCause:                                "RRC-Resume-Cause",
	idRGLevelWirelineAccessCharacteristics:          "RGLevelWirelineAccessCharacteristics",
	idWAGFIdentityInformation:                       "W-AGFIdentityInformation",
	idGlobalTNGFID:                                  "GlobalTNGF-ID",
	idGlobalTWIFID:                                  "GlobalTWIF-ID",
	idGlobalWAGFID:                                  "GlobalW-AGF-ID",
	idUserLocationInformationWAGF:                   "UserLocationInformationW-AGF",
	idUserLocationInformationTNGF:                   "UserLocationInformationTNGF",
	idAuthenticatedIndication:                       "AuthenticatedIndication",
	idTNGFIdentityInformation:                       "TNGFIdentityInformation",
	idTWIFIdentityInformation:                       "TWIFIdentityInformation",
	idUserLocationInformationTWIF:                   "UserLocationInformationTWIF",
	idDataForwardingResponseERABList:                "DataForwardingResponseERABList",
	idIntersystemSONConfigurationTransferDL:         "IntersystemSONConfigurationTransferDL",
	idIntersystemSONConfigurationTransferUL:         "IntersystemSONConfigurationTransferUL",
	idSONInformationReport:                          "SONInformationReport",
	idUEHistoryInformationFromTheUE:                 "UEHistoryInformationFromTheUE",
	idManagementBasedMDTPLMNList:                    "ManagementBasedMDTPLMNList",
	idMDTConfiguration:                              "MDTConfiguration",
	idPrivacyIndicator:                              "PrivacyIndicator",
	idTraceCollectionEntityURI:                      "TraceCollectionEntityURI",
	idNPNSupport:                                    "NPN-Support",
	idNPNAccessInformation:                          "NPN-AccessInformation",
	idNPNPagingAssistanceInformation:                "NPN-PagingAssistanceInformation",
	idNPNMobilityInformation:                        "NPN-MobilityInformation",
	idTargettoSourceFailureTransparentContainer:     "TargettoSource-Failure-TransparentContainer",
	idNID:                          "NID",
	idUERadioCapabilityID:          "UERadioCapabilityID",
	idUERadioCapabilityEUTRAFormat: "UERadioCapability-EUTRA-Format",
	idDAPSRequestInfo:              "DAPSRequestInfo",
	idDAPSResponseInfoList:         "DAPSResponseInfoList",
	idEarlyStatusTransferTransparentContainer:       "EarlyStatusTransfer-TransparentContainer",
	idNotifySourceNGRANNode:                         "NotifySourceNGRANNode",
	idExtendedSliceSupportList:                      "ExtendedSliceSupportList",
	idExtendedTAISliceSupportList:                   "ExtendedTAISliceSupportList",
	idConfiguredTACIndication:                       "ConfiguredTACIndication",
	idExtendedRANNodeName:                           "Extended-RANNodeName",
	idExtendedAMFName:                               "Extended-AMFName",
	idGlobalCableID:                                 "GlobalCable-ID",
	idQosMonitoringReportingFrequency:               "QosMonitoringReportingFrequency",
	idQosFlowParametersList:                         "QosFlowParametersList",
	idQosFlowFeedbackList:                           "QosFlowFeedbackList",
	idBurstArrivalTimeDownlink:                      "BurstArrivalTimeDownlink",
	idExtendedUEIdentityIndexValue:                  "ExtendedUEIdentityIndexValue",
	idPduSessionExpectedUEActivityBehaviour:         "PduSessionExpectedUEActivityBehaviour",
	idMicoAllPLMN:                                   "MicoAllPLMN",
	idQosFlowFailedToSetupList:                      "QosFlowFailedToSetupList",
	idSourceTNLAddrInfo:                             "SourceTNLAddrInfo",
	idExtendedReportIntervalMDT:                     "ExtendedReportIntervalMDT",
	idSourceNodeID:                                  "SourceNodeID",
	idNRNTNTAIInformation:                           "NRNTNTAIInformation",
	idUEContextReferenceAtSource:                    "UEContextReferenceAtSource",
	idLastVisitedPSCellList:                         "LastVisitedPSCellList",
	idIntersystemSONInformationRequest:              "IntersystemSONInformationRequest",
	idIntersystemSONInformationReply:                "IntersystemSONInformationReply",
	idEnergySavingIndication:                        "EnergySavingIndication",
	idIntersystemResourceStatusUpdate:               "IntersystemResourceStatusUpdate",
	idSuccessfulHandoverReportList:                  "SuccessfulHandoverReportList",
	idMBSAreaSessionID:                              "MBS-AreaSessionID",
	idMBSQoSFlowsToBeSetupList:                      "MBS-QoSFlowsToBeSetupList",
	idMBSQoSFlowsToBeSetupModList:                   "MBS-QoSFlowsToBeSetupModList",
	idMBSServiceArea:                                "MBS-ServiceArea",
	idMBSSessionID:                                  "MBS-SessionID",
	idMBSDistributionReleaseRequestTransfer:         "MBS-DistributionReleaseRequestTransfer",
	idMBSDistributionSetupRequestTransfer:           "MBS-DistributionSetupRequestTransfer",
	idMBSDistributionSetupResponseTransfer:          "MBS-DistributionSetupResponseTransfer",
	idMBSDistributionSetupUnsuccessfulTransfer:      "MBS-DistributionSetupUnsuccessfulTransfer",
	idMulticastSessionActivationRequestTransfer:     "MulticastSessionActivationRequestTransfer",
	idMulticastSessionDeactivationRequestTransfer:   "MulticastSessionDeactivationRequestTransfer",
	idMulticastSessionUpdateRequestTransfer:         "MulticastSessionUpdateRequestTransfer",
	idMulticastGroupPagingAreaList:                  "MulticastGroupPagingAreaList",
	idMBSSupportIndicator:                           "MBS-SupportIndicator",
	idMBSSessionFailedtoSetupList:                   "MBSSessionFailedtoSetupList",
	idMBSSessionFailedtoSetuporModifyList:           "MBSSessionFailedtoSetuporModifyList",
	idMBSSessionSetupResponseList:                   "MBSSessionSetupResponseList",
	idMBSSessionSetuporModifyResponseList:           "MBSSessionSetuporModifyResponseList",
	idMBSSessionSetupFailureTransfer:                "MBSSessionSetupFailureTransfer",
	idMBSSessionSetupRequestTransfer:                "MBSSessionSetupRequestTransfer",
	idMBSSessionSetupResponseTransfer:               "MBSSessionSetupResponseTransfer",
	idMBSSessionToReleaseList:                       "MBSSessionToReleaseList",
	idMBSSessionSetupRequestList:                    "MBSSessionSetupRequestList",
	idMBSSessionSetuporModifyRequestList:            "MBSSessionSetuporModifyRequestList",
	idMBSActiveSessionInformationSourcetoTargetList: "MBS-ActiveSessionInformation-SourcetoTargetList",
	idMBSActiveSessionInformationTargettoSourceList: "MBS-ActiveSessionInformation-TargettoSourceList",
	idOnboardingSupport:                             "OnboardingSupport",
	idTimeSyncAssistanceInfo:                        "TimeSyncAssistanceInfo",
	idSurvivalTime:                                  "SurvivalTime",
	idQMCConfigInfo:                                 "QMCConfigInfo",
	idQMCDeactivation:                               "QMCDeactivation",
	idPDUSessionPairID:                              "PDUSessionPairID",
	idNRPagingeDRXInformation:                       "NR-PagingeDRXInformation",
	idRedCapIndication:                              "RedCapIndication",
	idTargetNSSAIInformation:                        "TargetNSSAIInformation",
	idUESliceMaximumBitRateList:                     "UESliceMaximumBitRateList",
	idM4ReportAmount:                                "M4ReportAmount",
	idM5ReportAmount:                                "M5ReportAmount",
	idM6ReportAmount:                                "M6ReportAmount",
	idM7ReportAmount:                                "M7ReportAmount",
	idIncludeBeamMeasurementsIndication:             "IncludeBeamMeasurementsIndication",
	idExcessPacketDelayThresholdConfiguration:       "ExcessPacketDelayThresholdConfiguration",
	idPagingCause:                                   "PagingCause",
	idPagingCauseIndicationForVoiceService:          "PagingCauseIndicationForVoiceService",
	idPEIPSassistanceInformation:                    "PEIPSassistanceInformation",
	idFiveGProSeAuthorized:                          "FiveG-ProSeAuthorized",
	idFiveGProSeUEPC5AggregateMaximumBitRate:        "FiveG-ProSeUEPC5AggregateMaximumBitRate",
	idFiveGProSePC5QoSParameters:                    "FiveG-ProSePC5QoSParameters",
	idMBSSessionModificationFailureTransfer:         "MBSSessionModificationFailureTransfer",
	idMBSSessionModificationRequestTransfer:         "MBSSessionModificationRequestTransfer",
	idMBSSessionModificationResponseTransfer:        "MBSSessionModificationResponseTransfer",
	idMBSQoSFlowToReleaseList:                       "MBS-QoSFlowToReleaseList",
	idMBSSessionTNLInfo5GC:                          "MBS-SessionTNLInfo5GC",
	idTAINSAGSupportList:                            "TAINSAGSupportList",
	idSourceNodeTNLAddrInfo:                         "SourceNodeTNLAddrInfo",
	idNGAPIESupportInformationRequestList:           "NGAPIESupportInformationRequestList",
	idNGAPIESupportInformationResponseList:          "NGAPIESupportInformationResponseList",
	idMBSSessionFSAIDList:                           "MBS-SessionFSAIDList",
	idMBSSessionReleaseResponseTransfer:             "MBSSessionReleaseResponseTransfer",
	idManagementBasedMDTPLMNModificationList:        "ManagementBasedMDTPLMNModificationList",
	idEarlyMeasurement:                              "EarlyMeasurement",
	idBeamMeasurementsReportConfiguration:           "BeamMeasurementsReportConfiguration",
}

// String is the name the ASN.1 gives the IE.
func (i ID) String() string { return nameOf(idNames[:], int(i)) }
