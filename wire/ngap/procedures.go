package ngap

// Procedure is an NGAP procedure code (TS 38.413 §9.4.7).
type Procedure uint8

const (
	ProcAMFConfigurationUpdate                Procedure = 0
	ProcAMFStatusIndication                   Procedure = 1
	ProcCellTrafficTrace                      Procedure = 2
	ProcDeactivateTrace                       Procedure = 3
	ProcDownlinkNASTransport                  Procedure = 4
	ProcDownlinkNonUEAssociatedNRPPaTransport Procedure = 5
	ProcDownlinkRANConfigurationTransfer      Procedure = 6
	ProcDownlinkRANStatusTransfer             Procedure = 7
	ProcDownlinkUEAssociatedNRPPaTransport    Procedure = 8
	ProcErrorIndication                       Procedure = 9
	ProcHandoverCancel                        Procedure = 10
	ProcHandoverNotification                  Procedure = 11
	ProcHandoverPreparation                   Procedure = 12
	ProcHandoverResourceAllocation            Procedure = 13
	ProcInitialContextSetup                   Procedure = 14
	ProcInitialUEMessage                      Procedure = 15
	ProcLocationReportingControl              Procedure = 16
	ProcLocationReportingFailureIndication    Procedure = 17
	ProcLocationReport                        Procedure = 18
	ProcNASNonDeliveryIndication              Procedure = 19
	ProcNGReset                               Procedure = 20
	ProcNGSetup                               Procedure = 21
	ProcOverloadStart                         Procedure = 22
	ProcOverloadStop                          Procedure = 23
	ProcPaging                                Procedure = 24
	ProcPathSwitchRequest                     Procedure = 25
	ProcPDUSessionResourceModify              Procedure = 26
	ProcPDUSessionResourceModifyIndication    Procedure = 27
	ProcPDUSessionResourceRelease             Procedure = 28
	ProcPDUSessionResourceSetup               Procedure = 29
	ProcPDUSessionResourceNotify              Procedure = 30
	ProcPrivateMessage                        Procedure = 31
	ProcPWSCancel                             Procedure = 32
	ProcPWSFailureIndication                  Procedure = 33
	ProcPWSRestartIndication                  Procedure = 34
	ProcRANConfigurationUpdate                Procedure = 35
	ProcRerouteNASRequest                     Procedure = 36
	ProcRRCInactiveTransitionReport           Procedure = 37
	ProcTraceFailureIndication                Procedure = 38
	ProcTraceStart                            Procedure = 39
	ProcUEContextModification                 Procedure = 40
	ProcUEContextRelease                      Procedure = 41
	ProcUEContextReleaseRequest               Procedure = 42
	ProcUERadioCapabilityCheck                Procedure = 43
	ProcUERadioCapabilityInfoIndication       Procedure = 44
	ProcUETNLABindingRelease                  Procedure = 45
	ProcUplinkNASTransport                    Procedure = 46
	ProcUplinkNonUEAssociatedNRPPaTransport   Procedure = 47
	ProcUplinkRANConfigurationTransfer        Procedure = 48
	ProcUplinkRANStatusTransfer               Procedure = 49
	ProcUplinkUEAssociatedNRPPaTransport      Procedure = 50
	ProcWriteReplaceWarning                   Procedure = 51
	ProcSecondaryRATDataUsageReport           Procedure = 52
	ProcUplinkRIMInformationTransfer          Procedure = 53
	ProcDownlinkRIMInformationTransfer        Procedure = 54
	ProcRetrieveUEInformation                 Procedure = 55
	ProcUEInformationTransfer                 Procedure = 56
	ProcRANCPRelocationIndication             Procedure = 57
	ProcUEContextResume                       Procedure = 58
	ProcUEContextSuspend                      Procedure = 59
	ProcUERadioCapabilityIDMapping            Procedure = 60
	ProcHandoverSuccess                       Procedure = 61
	ProcUplinkRANEarlyStatusTransfer          Procedure = 62
	ProcDownlinkRANEarlyStatusTransfer        Procedure = 63
	ProcAMFCPRelocationIndication             Procedure = 64
	ProcConnectionEstablishmentIndication     Procedure = 65
	ProcBroadcastSessionModification          Procedure = 66
	ProcBroadcastSessionRelease               Procedure = 67
	ProcBroadcastSessionSetup                 Procedure = 68
	ProcDistributionSetup                     Procedure = 69
	ProcDistributionRelease                   Procedure = 70
	ProcMulticastSessionActivation            Procedure = 71
	ProcMulticastSessionDeactivation          Procedure = 72
	ProcMulticastSessionUpdate                Procedure = 73
	ProcMulticastGroupPaging                  Procedure = 74
	ProcBroadcastSessionReleaseRequired       Procedure = 75
)

var procedureNames = [...]string{
	ProcAMFConfigurationUpdate:                "AMFConfigurationUpdate",
	ProcAMFStatusIndication:                   "AMFStatusIndication",
	ProcCellTrafficTrace:                      "CellTrafficTrace",
	ProcDeactivateTrace:                       "DeactivateTrace",
	ProcDownlinkNASTransport:                  "DownlinkNASTransport",
	ProcDownlinkNonUEAssociatedNRPPaTransport: "DownlinkNonUEAssociatedNRPPaTransport",
	ProcDownlinkRANConfigurationTransfer:      "DownlinkRANConfigurationTransfer",
	ProcDownlinkRANStatusTransfer:             "DownlinkRANStatusTransfer",
	ProcDownlinkUEAssociatedNRPPaTransport:    "DownlinkUEAssociatedNRPPaTransport",
	ProcErrorIndication:                       "ErrorIndication",
	ProcHandoverCancel:                        "HandoverCancel",
	ProcHandoverNotification:                  "HandoverNotification",
	ProcHandoverPreparation:                   "HandoverPreparation",
	ProcHandoverResourceAllocation:            "HandoverResourceAllocation",
	ProcInitialContextSetup:                   "InitialContextSetup",
	ProcInitialUEMessage:                      "InitialUEMessage",
	ProcLocationReportingControl:              "LocationReportingControl",
	ProcLocationReportingFailureIndication:    "LocationReportingFailureIndication",
	ProcLocationReport:                        "LocationReport",
	ProcNASNonDeliveryIndication:              "NASNonDeliveryIndication",
	ProcNGReset:                               "NGReset",
	ProcNGSetup:                               "NGSetup",
	ProcOverloadStart:                         "OverloadStart",
	ProcOverloadStop:                          "OverloadStop",
	ProcPaging:                                "Paging",
	ProcPathSwitchRequest:                     "PathSwitchRequest",
	ProcPDUSessionResourceModify:              "PDUSessionResourceModify",
	ProcPDUSessionResourceModifyIndication:    "PDUSessionResourceModifyIndication",
	ProcPDUSessionResourceRelease:             "PDUSessionResourceRelease",
	ProcPDUSessionResourceSetup:               "PDUSessionResourceSetup",
	ProcPDUSessionResourceNotify:              "PDUSessionResourceNotify",
	ProcPrivateMessage:                        "PrivateMessage",
	ProcPWSCancel:                             "PWSCancel",
	ProcPWSFailureIndication:                  "PWSFailureIndication",
	ProcPWSRestartIndication:                  "PWSRestartIndication",
	ProcRANConfigurationUpdate:                "RANConfigurationUpdate",
	ProcRerouteNASRequest:                     "RerouteNASRequest",
	ProcRRCInactiveTransitionReport:           "RRCInactiveTransitionReport",
	ProcTraceFailureIndication:                "TraceFailureIndication",
	ProcTraceStart:                            "TraceStart",
	ProcUEContextModification:                 "UEContextModification",
	ProcUEContextRelease:                      "UEContextRelease",
	ProcUEContextReleaseRequest:               "UEContextReleaseRequest",
	ProcUERadioCapabilityCheck:                "UERadioCapabilityCheck",
	ProcUERadioCapabilityInfoIndication:       "UERadioCapabilityInfoIndication",
	ProcUETNLABindingRelease:                  "UETNLABindingRelease",
	ProcUplinkNASTransport:                    "UplinkNASTransport",
	ProcUplinkNonUEAssociatedNRPPaTransport:   "UplinkNonUEAssociatedNRPPaTransport",
	ProcUplinkRANConfigurationTransfer:        "UplinkRANConfigurationTransfer",
	ProcUplinkRANStatusTransfer:               "UplinkRANStatusTransfer",
	ProcUplinkUEAssociatedNRPPaTransport:      "UplinkUEAssociatedNRPPaTransport",
	ProcWriteReplaceWarning:                   "WriteReplaceWarning",
	ProcSecondaryRATDataUsageReport:           "SecondaryRATDataUsageReport",
	ProcUplinkRIMInformationTransfer:          "UplinkRIMInformationTransfer",
	ProcDownlinkRIMInformationTransfer:        "DownlinkRIMInformationTransfer",
	ProcRetrieveUEInformation:                 "RetrieveUEInformation",
	ProcUEInformationTransfer:                 "UEInformationTransfer",
	ProcRANCPRelocationIndication:             "RANCPRelocationIndication",
	ProcUEContextResume:                       "UEContextResume",
	ProcUEContextSuspend:                      "UEContextSuspend",
	ProcUERadioCapabilityIDMapping:            "UERadioCapabilityIDMapping",
	ProcHandoverSuccess:                       "HandoverSuccess",
	ProcUplinkRANEarlyStatusTransfer:          "UplinkRANEarlyStatusTransfer",
	ProcDownlinkRANEarlyStatusTransfer:        "DownlinkRANEarlyStatusTransfer",
	ProcAMFCPRelocationIndication:             "AMFCPRelocationIndication",
	ProcConnectionEstablishmentIndication:     "ConnectionEstablishmentIndication",
	ProcBroadcastSessionModification:          "BroadcastSessionModification",
	ProcBroadcastSessionRelease:               "BroadcastSessionRelease",
	ProcBroadcastSessionSetup:                 "BroadcastSessionSetup",
	ProcDistributionSetup:                     "DistributionSetup",
	ProcDistributionRelease:                   "DistributionRelease",
	ProcMulticastSessionActivation:            "MulticastSessionActivation",
	ProcMulticastSessionDeactivation:          "MulticastSessionDeactivation",
	ProcMulticastSessionUpdate:                "MulticastSessionUpdate",
	ProcMulticastGroupPaging:                  "MulticastGroupPaging",
	ProcBroadcastSessionReleaseRequired:       "BroadcastSessionReleaseRequired",
}

func (p Procedure) String() string { return nameOf(procedureNames[:], int(p)) }
