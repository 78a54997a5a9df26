package ngap

// procedures says of each procedure its criticality and what its messages are; one that
// has none here is not comprehended (TS 38.413 §9.3, §10.3.4.1).
var procedures = [...]procedure{
	ProcAMFConfigurationUpdate: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(AMFConfigurationUpdate) },
		Successful:   func() Message { return new(AMFConfigurationUpdateAcknowledge) },
		Unsuccessful: func() Message { return new(AMFConfigurationUpdateFailure) },
	}},
	ProcAMFStatusIndication: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(AMFStatusIndication) },
	}},
	ProcDownlinkNASTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(DownlinkNASTransport) },
	}},
	ProcDownlinkNonUEAssociatedNRPPaTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(DownlinkNonUEAssociatedNRPPaTransport) },
	}},
	ProcDownlinkRANConfigurationTransfer: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(DownlinkRANConfigurationTransfer) },
	}},
	ProcDownlinkRANStatusTransfer: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(DownlinkRANStatusTransfer) },
	}},
	ProcDownlinkUEAssociatedNRPPaTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(DownlinkUEAssociatedNRPPaTransport) },
	}},
	ProcErrorIndication: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(ErrorIndication) },
	}},
	ProcHandoverCancel: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(HandoverCancel) },
		Successful: func() Message { return new(HandoverCancelAcknowledge) },
	}},
	ProcHandoverNotification: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(HandoverNotify) },
	}},
	ProcHandoverPreparation: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(HandoverRequired) },
		Successful:   func() Message { return new(HandoverCommand) },
		Unsuccessful: func() Message { return new(HandoverPreparationFailure) },
	}},
	ProcHandoverResourceAllocation: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(HandoverRequest) },
		Successful:   func() Message { return new(HandoverRequestAcknowledge) },
		Unsuccessful: func() Message { return new(HandoverFailure) },
	}},
	ProcInitialContextSetup: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(InitialContextSetupRequest) },
		Successful:   func() Message { return new(InitialContextSetupResponse) },
		Unsuccessful: func() Message { return new(InitialContextSetupFailure) },
	}},
	ProcInitialUEMessage: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(InitialUEMessage) },
	}},
	ProcLocationReportingControl: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(LocationReportingControl) },
	}},
	ProcLocationReportingFailureIndication: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(LocationReportingFailureIndication) },
	}},
	ProcLocationReport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(LocationReport) },
	}},
	ProcNASNonDeliveryIndication: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(NASNonDeliveryIndication) },
	}},
	ProcNGReset: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(NGReset) },
		Successful: func() Message { return new(NGResetAcknowledge) },
	}},
	ProcNGSetup: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(NGSetupRequest) },
		Successful:   func() Message { return new(NGSetupResponse) },
		Unsuccessful: func() Message { return new(NGSetupFailure) },
	}},
	ProcOverloadStart: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(OverloadStart) },
	}},
	ProcOverloadStop: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(OverloadStop) },
	}},
	ProcPaging: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(Paging) },
	}},
	ProcPathSwitchRequest: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(PathSwitchRequest) },
		Successful:   func() Message { return new(PathSwitchRequestAcknowledge) },
		Unsuccessful: func() Message { return new(PathSwitchRequestFailure) },
	}},
	ProcPDUSessionResourceModify: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(PDUSessionResourceModifyRequest) },
		Successful: func() Message { return new(PDUSessionResourceModifyResponse) },
	}},
	ProcPDUSessionResourceModifyIndication: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(PDUSessionResourceModifyIndication) },
		Successful: func() Message { return new(PDUSessionResourceModifyConfirm) },
	}},
	ProcPDUSessionResourceRelease: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(PDUSessionResourceReleaseCommand) },
		Successful: func() Message { return new(PDUSessionResourceReleaseResponse) },
	}},
	ProcPDUSessionResourceSetup: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(PDUSessionResourceSetupRequest) },
		Successful: func() Message { return new(PDUSessionResourceSetupResponse) },
	}},
	ProcPDUSessionResourceNotify: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(PDUSessionResourceNotify) },
	}},
	ProcRANConfigurationUpdate: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(RANConfigurationUpdate) },
		Successful:   func() Message { return new(RANConfigurationUpdateAcknowledge) },
		Unsuccessful: func() Message { return new(RANConfigurationUpdateFailure) },
	}},
	ProcRerouteNASRequest: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(RerouteNASRequest) },
	}},
	ProcRRCInactiveTransitionReport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(RRCInactiveTransitionReport) },
	}},
	ProcUEContextModification: {crit: Reject, newMessage: [3]func() Message{
		Initiating:   func() Message { return new(UEContextModificationRequest) },
		Successful:   func() Message { return new(UEContextModificationResponse) },
		Unsuccessful: func() Message { return new(UEContextModificationFailure) },
	}},
	ProcUEContextRelease: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UEContextReleaseCommand) },
		Successful: func() Message { return new(UEContextReleaseComplete) },
	}},
	ProcUEContextReleaseRequest: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UEContextReleaseRequest) },
	}},
	ProcUERadioCapabilityCheck: {crit: Reject, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UERadioCapabilityCheckRequest) },
		Successful: func() Message { return new(UERadioCapabilityCheckResponse) },
	}},
	ProcUERadioCapabilityInfoIndication: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UERadioCapabilityInfoIndication) },
	}},
	ProcUplinkNASTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UplinkNASTransport) },
	}},
	ProcUplinkNonUEAssociatedNRPPaTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UplinkNonUEAssociatedNRPPaTransport) },
	}},
	ProcUplinkRANConfigurationTransfer: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UplinkRANConfigurationTransfer) },
	}},
	ProcUplinkRANStatusTransfer: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UplinkRANStatusTransfer) },
	}},
	ProcUplinkUEAssociatedNRPPaTransport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(UplinkUEAssociatedNRPPaTransport) },
	}},
	ProcSecondaryRATDataUsageReport: {crit: Ignore, newMessage: [3]func() Message{
		Initiating: func() Message { return new(SecondaryRATDataUsageReport) },
	}},
}
