package ngap

import "cordon/ident"

// PDUSessionResourceModifyIndicationTransfer moves a radio's end of a session's tunnels
// (TS 38.413 §9.3.4.6).
type PDUSessionResourceModifyIndicationTransfer struct {
	DL           QosFlowsTunnel
	AdditionalDL []QosFlowsTunnel
}

// PDUSessionResourceModifyConfirmTransfer confirms it (TS 38.413 §9.3.4.7).
type PDUSessionResourceModifyConfirmTransfer struct {
	QosFlows    []ident.QFI
	UL          GTPTunnel
	Additional  []TunnelPair
	FailedFlows []FailedFlow
}

// PDUSessionResourceModifyIndicationUnsuccessfulTransfer refuses it (TS 38.413 §9.3.4.22).
type PDUSessionResourceModifyIndicationUnsuccessfulTransfer struct {
	Cause Cause
}

func (v *PDUSessionResourceModifyIndicationTransfer) code(c *coder) {
	more := len(v.AdditionalDL) > 0
	t := c.begin(&more)
	qosFlowsTunnel(c, &v.DL)
	if more {
		qosFlowsTunnels(c, &v.AdditionalDL)
	}
	c.end(t)
}

func (v *PDUSessionResourceModifyConfirmTransfer) code(c *coder) {
	more, failed := len(v.Additional) > 0, len(v.FailedFlows) > 0
	t := c.begin(&more, &failed)
	list(c, &v.QosFlows, 1, maxFlows, flowID)
	gtpTunnel(c, &v.UL)
	if more {
		list(c, &v.Additional, 1, maxMoreTunnels, tunnelPair)
	}
	if failed {
		failedFlows(c, &v.FailedFlows)
	}
	c.end(t)
}

func (v *PDUSessionResourceModifyIndicationUnsuccessfulTransfer) code(c *coder) {
	causeOnly(c, &v.Cause)
}
