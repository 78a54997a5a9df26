package ngap

import "cordon/ident"

// PDUSessionResourceModifyRequestTransfer changes a session (TS 38.413 §9.3.4.3).
type PDUSessionResourceModifyRequestTransfer struct {
	AMBR                  *BitRates
	ULModify              []TunnelPair
	NetworkInstance       *uint16
	QosFlows              []QosFlow
	ReleaseFlows          []FailedFlow
	AdditionalUL          []GTPTunnel
	CommonNetworkInstance []byte
	Security              *SecurityIndication
}

// TunnelPair is the UPF's end of a tunnel and the radio's.
type TunnelPair struct {
	UL, DL GTPTunnel
}

// PDUSessionResourceModifyResponseTransfer says what was changed (TS 38.413 §9.3.4.4).
type PDUSessionResourceModifyResponseTransfer struct {
	DL, UL       *GTPTunnel
	QosFlows     []ident.QFI
	AdditionalDL []QosFlowsTunnel
	FailedFlows  []FailedFlow
}

// PDUSessionResourceModifyUnsuccessfulTransfer refuses the change (TS 38.413 §9.3.4.17).
type PDUSessionResourceModifyUnsuccessfulTransfer struct {
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics
}

var modifyRequestTransfer = ieTable[PDUSessionResourceModifyRequestTransfer]{
	optional(idPDUSessionAggregateMaximumBitRate, Reject, bitRates, func(m *PDUSessionResourceModifyRequestTransfer) **BitRates { return &m.AMBR }),
	listed(idULNGUUPTNLModifyList, Reject, tunnelPairs4, func(m *PDUSessionResourceModifyRequestTransfer) *[]TunnelPair { return &m.ULModify }),
	optional(idNetworkInstance, Reject, networkInstance, func(m *PDUSessionResourceModifyRequestTransfer) **uint16 { return &m.NetworkInstance }),
	listed(idQosFlowAddOrModifyRequestList, Reject, qosFlowModifies, func(m *PDUSessionResourceModifyRequestTransfer) *[]QosFlow { return &m.QosFlows }),
	listed(idQosFlowToReleaseList, Reject, failedFlows, func(m *PDUSessionResourceModifyRequestTransfer) *[]FailedFlow { return &m.ReleaseFlows }),
	listed(idAdditionalULNGUUPTNLInformation, Reject, gtpTunnels, func(m *PDUSessionResourceModifyRequestTransfer) *[]GTPTunnel { return &m.AdditionalUL }),
	octetsIf(idCommonNetworkInstance, Ignore, func(m *PDUSessionResourceModifyRequestTransfer) *[]byte { return &m.CommonNetworkInstance }),
	optional(idSecurityIndication, Ignore, securityIndication, func(m *PDUSessionResourceModifyRequestTransfer) **SecurityIndication { return &m.Security }),
}

func (v *PDUSessionResourceModifyRequestTransfer) code(c *coder) { modifyRequestTransfer.walk(v, c) }

func (v *PDUSessionResourceModifyResponseTransfer) code(c *coder) {
	dl, ul, flows := v.DL != nil, v.UL != nil, len(v.QosFlows) > 0
	more, failed := len(v.AdditionalDL) > 0, len(v.FailedFlows) > 0
	t := c.begin(&dl, &ul, &flows, &more, &failed)
	present(c, dl, &v.DL, gtpTunnel)
	present(c, ul, &v.UL, gtpTunnel)
	if flows {
		list(c, &v.QosFlows, 1, maxFlows, flowID)
	}
	if more {
		qosFlowsTunnels(c, &v.AdditionalDL)
	}
	if failed {
		failedFlows(c, &v.FailedFlows)
	}
	c.end(t)
}

func (v *PDUSessionResourceModifyUnsuccessfulTransfer) code(c *coder) {
	causeAndDiagnostics(c, &v.Cause, &v.CriticalityDiagnostics)
}

func tunnelPair(c *coder, v *TunnelPair) {
	t := c.begin()
	gtpTunnel(c, &v.UL)
	gtpTunnel(c, &v.DL)
	c.end(t)
}

// tunnelPairs4 has a pair for each of maxnoofMultiConnectivity tunnels.
func tunnelPairs4(c *coder, v *[]TunnelPair) { list(c, v, 1, maxMoreTunnels+1, tunnelPair) }
