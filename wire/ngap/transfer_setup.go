package ngap

// PDUSessionType is the type of a session (TS 38.413 §9.3.1.52).
type PDUSessionType uint8

const (
	PDUSessionIPv4 PDUSessionType = iota
	PDUSessionIPv6
	PDUSessionIPv4v6
	PDUSessionEthernet
	PDUSessionUnstructured
)

// PDUSessionResourceSetupRequestTransfer is what the SMF tells a radio of a new session
// (TS 38.413 §9.3.4.1).
type PDUSessionResourceSetupRequestTransfer struct {
	AMBR                      *BitRates // required with a non-GBR flow
	UL                        GTPTunnel // the UPF's end
	AdditionalUL              []GTPTunnel
	DataForwardingNotPossible bool
	Type                      PDUSessionType
	Security                  *SecurityIndication
	NetworkInstance           *uint16 // 1 to 256
	QosFlows                  []QosFlow
	CommonNetworkInstance     []byte
	DirectForwardingPath      bool
}

// PDUSessionResourceSetupResponseTransfer is a radio's answer (TS 38.413 §9.3.4.2).
type PDUSessionResourceSetupResponseTransfer struct {
	DL           QosFlowsTunnel // the radio's end
	AdditionalDL []QosFlowsTunnel
	Security     *SecurityResult
	FailedFlows  []FailedFlow
}

// PDUSessionResourceSetupUnsuccessfulTransfer is a radio's refusal (TS 38.413 §9.3.4.16).
type PDUSessionResourceSetupUnsuccessfulTransfer struct {
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics
}

var setupRequestTransfer = ieTable[PDUSessionResourceSetupRequestTransfer]{
	optional(idPDUSessionAggregateMaximumBitRate, Reject, bitRates, func(m *PDUSessionResourceSetupRequestTransfer) **BitRates { return &m.AMBR }),
	required(idULNGUUPTNLInformation, Reject, gtpTunnel, func(m *PDUSessionResourceSetupRequestTransfer) *GTPTunnel { return &m.UL }),
	listed(idAdditionalULNGUUPTNLInformation, Reject, gtpTunnels, func(m *PDUSessionResourceSetupRequestTransfer) *[]GTPTunnel { return &m.AdditionalUL }),
	flagIf(idDataForwardingNotPossible, Reject, func(m *PDUSessionResourceSetupRequestTransfer) *bool { return &m.DataForwardingNotPossible }),
	required(idPDUSessionType, Reject, pduSessionType, func(m *PDUSessionResourceSetupRequestTransfer) *PDUSessionType { return &m.Type }),
	optional(idSecurityIndication, Reject, securityIndication, func(m *PDUSessionResourceSetupRequestTransfer) **SecurityIndication { return &m.Security }),
	optional(idNetworkInstance, Reject, networkInstance, func(m *PDUSessionResourceSetupRequestTransfer) **uint16 { return &m.NetworkInstance }),
	required(idQosFlowSetupRequestList, Reject, qosFlowSetups, func(m *PDUSessionResourceSetupRequestTransfer) *[]QosFlow { return &m.QosFlows }),
	octetsIf(idCommonNetworkInstance, Ignore, func(m *PDUSessionResourceSetupRequestTransfer) *[]byte { return &m.CommonNetworkInstance }),
	flagIf(idDirectForwardingPathAvailability, Ignore, func(m *PDUSessionResourceSetupRequestTransfer) *bool { return &m.DirectForwardingPath }),
}

func (v *PDUSessionResourceSetupRequestTransfer) code(c *coder) { setupRequestTransfer.walk(v, c) }

func (v *PDUSessionResourceSetupResponseTransfer) code(c *coder) {
	more, security, failed := len(v.AdditionalDL) > 0, v.Security != nil, len(v.FailedFlows) > 0
	t := c.begin(&more, &security, &failed)
	qosFlowsTunnel(c, &v.DL)
	if more {
		qosFlowsTunnels(c, &v.AdditionalDL)
	}
	present(c, security, &v.Security, securityResult)
	if failed {
		failedFlows(c, &v.FailedFlows)
	}
	c.end(t)
}

func (v *PDUSessionResourceSetupUnsuccessfulTransfer) code(c *coder) {
	causeAndDiagnostics(c, &v.Cause, &v.CriticalityDiagnostics)
}
