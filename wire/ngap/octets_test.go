package ngap

import (
	"encoding/hex"
	"strings"

	"cordon/ident"
	"cordon/wire/per"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// sampleTransfers are by the list they are an item of.
var sampleTransfers = map[string]Transfer{
	"PDUSessionResourceSetupRequest.Setup":       &sampleSetupRequest,
	"InitialContextSetupRequest.Setup":           &sampleSetupRequest,
	"HandoverRequest.Setup":                      &sampleSetupRequest,
	"PDUSessionResourceSetupResponse.Setup":      &sampleSetupResponse,
	"InitialContextSetupResponse.Setup":          &sampleSetupResponse,
	"PDUSessionResourceSetupResponse.Failed":     &sampleSetupUnsuccessful,
	"InitialContextSetupResponse.Failed":         &sampleSetupUnsuccessful,
	"InitialContextSetupFailure.Failed":          &sampleSetupUnsuccessful,
	"PDUSessionResourceReleaseCommand.Release":   &PDUSessionResourceReleaseCommandTransfer{CauseNASNormalRelease},
	"PDUSessionResourceReleaseResponse.Released": &PDUSessionResourceReleaseResponseTransfer{},
	"PDUSessionResourceModifyRequest.Modify": &PDUSessionResourceModifyRequestTransfer{
		AMBR:            &BitRates{1e6, 2e6},
		ULModify:        []TunnelPair{{sampleGTP, sampleGTP}},
		NetworkInstance: new(uint16(256)),
		QosFlows:        []QosFlow{{QFI: 1, Parameters: &QosParameters{Dynamic: &sampleDynamic, ARP: ARP{Level: 1}}}, {QFI: 2, ERAB: new(uint8(5))}},
		ReleaseFlows:    []FailedFlow{{3, CauseNASNormalRelease}},
		AdditionalUL:    []GTPTunnel{sampleGTP},
		Security:        &SecurityIndication{Integrity: ProtectionPreferred, MaxIntegrityRate: new(IntegrityRateFull)},
	},
	"PDUSessionResourceModifyResponse.Modified": &PDUSessionResourceModifyResponseTransfer{
		DL: &sampleGTP, UL: &sampleGTP, QosFlows: []ident.QFI{1, 2},
		AdditionalDL: []QosFlowsTunnel{sampleFlows}, FailedFlows: []FailedFlow{{3, CauseRadioInvalidQoSCombination}},
	},
	"PDUSessionResourceModifyResponse.Failed": &PDUSessionResourceModifyUnsuccessfulTransfer{Cause: CauseRadioRedirection},
	"PDUSessionResourceNotify.Notify": &PDUSessionResourceNotifyTransfer{
		Flows: []NotifiedFlow{{1, true}, {2, false}}, Released: []FailedFlow{{63, CauseRadioUserInactivity}},
	},
	"PDUSessionResourceNotify.Released": &PDUSessionResourceNotifyReleasedTransfer{CauseRadioUserInactivity},
	"PDUSessionResourceModifyIndication.Modify": &PDUSessionResourceModifyIndicationTransfer{
		DL: sampleFlows, AdditionalDL: []QosFlowsTunnel{sampleFlows},
	},
	"PDUSessionResourceModifyConfirm.Modified": &PDUSessionResourceModifyConfirmTransfer{
		QosFlows: []ident.QFI{1}, UL: sampleGTP, Additional: []TunnelPair{{sampleGTP, sampleGTP}},
		FailedFlows: []FailedFlow{{2, CauseTransportUnspecified}},
	},
	"PDUSessionResourceModifyConfirm.Failed": &PDUSessionResourceModifyIndicationUnsuccessfulTransfer{CauseMiscHardwareFailure},
	"HandoverRequired.PDUSessions":           &HandoverRequiredTransfer{DirectForwardingPath: true},
	"HandoverCommand.Handover": &HandoverCommandTransfer{
		DLForwarding: &sampleGTP, ForwardFlows: []ident.QFI{1},
		DRBs: []ForwardedDRB{{32, &sampleGTP, &sampleGTP}}, ULForwarding: &sampleGTP,
	},
	"HandoverCommand.Release": &HandoverPreparationUnsuccessfulTransfer{CauseRadioHOTargetNotAllowed},
	"HandoverRequestAcknowledge.Admitted": &HandoverRequestAcknowledgeTransfer{
		DL: sampleGTP, DLForwarding: &sampleGTP, Security: &SecurityResult{true, false},
		QosFlows: []ForwardedFlow{{1, true}, {2, false}}, FailedFlows: []FailedFlow{{3, CauseRadioInvalidQoSCombination}},
		DRBs: []ForwardedDRB{{ID: 1}}, ULForwarding: &sampleGTP,
	},
	"HandoverRequestAcknowledge.Failed": &HandoverResourceAllocationUnsuccessfulTransfer{Cause: CauseRadioRedirection},
	"PathSwitchRequest.Switch": &PathSwitchRequestTransfer{
		DL: sampleGTP, Reused: true, Security: &UserPlaneSecurity{Indication: SecurityIndication{Integrity: ProtectionNotNeeded}},
		QosFlows: []ident.QFI{1},
	},
	"PathSwitchRequest.Failed": &PathSwitchRequestSetupFailedTransfer{CauseRadioInvalidQoSCombination},
	"PathSwitchRequestAcknowledge.Switched": &PathSwitchRequestAcknowledgeTransfer{
		UL: &sampleGTP, Security: &SecurityIndication{Confidentiality: ProtectionPreferred},
	},
	"PathSwitchRequestAcknowledge.Released": &PathSwitchRequestUnsuccessfulTransfer{CauseRadioUnknownPDUSessionID},
	"PathSwitchRequestFailure.Released":     &PathSwitchRequestUnsuccessfulTransfer{CauseRadioUnknownPDUSessionID},
	"SecondaryRATDataUsageReport.Usage": &SecondaryRATDataUsageReportTransfer{
		Session: &SessionUsage{UsageEUTRA, []Volume{{1, 2, 3, 1 << 40}}},
		Flows:   []FlowUsage{{1, UsageNRUnlicensed, []Volume{{1, 2, 0, 1<<64 - 1}}}},
	},
}

var (
	sampleSetupRequest = PDUSessionResourceSetupRequestTransfer{
		AMBR: &BitRates{1e9, 5e8}, UL: sampleGTP, AdditionalUL: []GTPTunnel{sampleGTP},
		DataForwardingNotPossible: true, Type: PDUSessionIPv4,
		Security:        &SecurityIndication{Integrity: ProtectionRequired, MaxIntegrityRate: new(IntegrityRateFull)},
		NetworkInstance: new(uint16(1)),
		QosFlows: []QosFlow{{QFI: 1, Parameters: &QosParameters{
			NonDynamic: &NonDynamic5QI{FiveQI: 9, Priority: new(uint8(127)), AveragingWindow: new(uint16(2000)), MaxBurst: new(uint32(5000))},
			ARP:        ARP{Level: 8, IsPreemptable: true}, Reflective: true, MoreLikely: true,
		}}, {QFI: 2, Parameters: &QosParameters{
			Dynamic: &sampleDynamic, ARP: ARP{Level: 15, MayPreempt: true},
			GBR: &GBR{Maximum: BitRates{1, 2}, Guaranteed: BitRates{3, 4}, Notify: true, LossDL: new(uint16(1000))},
		}, ERAB: new(uint8(15))}},
		CommonNetworkInstance: []byte("internet"), DirectForwardingPath: true,
	}
	sampleDynamic = Dynamic5QI{Priority: 1, DelayBudget: 1023, ErrorScalar: 9, ErrorExponent: 6, FiveQI: new(uint8(255)), DelayCritical: new(DelayNotCritical), AveragingWindow: new(uint16(0)), MaxBurst: new(uint32(2_000_000))}
	sampleFlows   = QosFlowsTunnel{sampleGTP, []AssociatedFlow{{1, nil}, {2, new(FlowDownlink)}}}

	sampleSetupResponse = PDUSessionResourceSetupResponseTransfer{
		DL: sampleFlows, AdditionalDL: []QosFlowsTunnel{sampleFlows}, Security: &SecurityResult{false, true},
		FailedFlows: []FailedFlow{{2, CauseRadioNotSupported5QIValue}},
	}
	sampleSetupUnsuccessful = PDUSessionResourceSetupUnsuccessfulTransfer{
		Cause:                  CauseRadioRadioResourcesNotAvailable,
		CriticalityDiagnostics: &CriticalityDiagnostics{IEs: []IEDiagnostic{{Reject, idSecurityIndication, false}}},
	}
)

// sampleOctets is what the octet string of a field might hold, so that a dissector that
// looks inside finds sense.
func sampleOctets(path string) []byte {
	list, field, _ := strings.Cut(path, ".")
	if name, inner, ok := strings.Cut(field, "."); ok {
		list, field = list+"."+name, inner
	}
	switch {
	case path == "HandoverRequest.Setup.NAS":
		return nil // no place for it
	case field == "Transfer":
		t := sampleTransfers[list]
		if t == nil {
			panic("no transfer for " + path)
		}
		b, err := AppendTransfer(nil, t)
		if err != nil {
			panic(err)
		}
		return b
	case strings.HasSuffix(path, "Configured"):
		return make([]byte, 128)
	case strings.Contains(path, "RejectedIn"):
		return make([]byte, 32)
	case strings.HasSuffix(path, "RANStatusTransfer.Container"):
		return unhex("00 00 00 00 00 10 00 00 00 20 00 00") // one bearer, 12-bit sequence numbers
	case strings.HasSuffix(path, "NGAPMessage"):
		b, err := Append(nil, &OverloadStop{})
		if err != nil {
			panic(err)
		}
		return b
	case strings.HasSuffix(path, "ENDCSON"):
		return nil // S1AP inside: nothing here makes any
	case strings.HasSuffix(path, "NRPPaPDU"):
		return unhex("00 00 40 00 01 03 00 00 00") // error indication
	case strings.Contains(path, "UERadioCapability") && !strings.HasSuffix(path, "ID"):
		return unhex("00 08 00") // a list of none
	case strings.HasSuffix(path, "NASC"):
		return make([]byte, 8)
	case strings.Contains(path, "NAS"):
		return unhex("7e 00 43") // registration complete
	}
	return unhex("01 02 03")
}

// sampleSON asks for the addresses of Xn.
func sampleSON() []byte {
	c := coder{Coder: per.Encoder(nil)}
	t := c.begin(new(bool))
	for range 2 {
		node := c.begin()
		n, a := sampleNode, sampleTAI
		globalRANNodeID(&c, &n)
		tai(&c, &a)
		c.end(node)
	}
	var request uint8
	c.choice(&request, 2)
	c.flag()
	c.end(t)
	return c.Bytes()
}
