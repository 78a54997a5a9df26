package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// HandoverRequiredTransfer is of a session in a handover asked for (TS 38.413 §9.3.4.14).
type HandoverRequiredTransfer struct {
	DirectForwardingPath bool
}

// HandoverCommandTransfer tells a source radio where to forward (TS 38.413 §9.3.4.10).
type HandoverCommandTransfer struct {
	DLForwarding *GTPTunnel
	ForwardFlows []ident.QFI
	DRBs         []ForwardedDRB // up to 32
	ULForwarding *GTPTunnel
}

// ForwardedDRB is a radio bearer whose data is forwarded. ID is 1 to 32.
type ForwardedDRB struct {
	ID     uint8
	DL, UL *GTPTunnel
}

// HandoverRequestAcknowledgeTransfer is a target radio's end of a session
// (TS 38.413 §9.3.4.11).
type HandoverRequestAcknowledgeTransfer struct {
	DL           GTPTunnel
	DLForwarding *GTPTunnel
	Security     *SecurityResult
	QosFlows     []ForwardedFlow
	FailedFlows  []FailedFlow
	DRBs         []ForwardedDRB
	ULForwarding *GTPTunnel
}

// ForwardedFlow is a flow accepted, and whether its data may be forwarded.
type ForwardedFlow struct {
	QFI     ident.QFI
	Forward bool
}

// HandoverResourceAllocationUnsuccessfulTransfer refuses a session (TS 38.413 §9.3.4.19).
type HandoverResourceAllocationUnsuccessfulTransfer struct {
	Cause                  Cause
	CriticalityDiagnostics *CriticalityDiagnostics
}

// HandoverPreparationUnsuccessfulTransfer tells a source radio of it (TS 38.413 §9.3.4.18).
type HandoverPreparationUnsuccessfulTransfer struct {
	Cause Cause
}

func (v *HandoverRequiredTransfer) code(c *coder) {
	direct := v.DirectForwardingPath
	t := c.begin(&direct)
	if direct {
		c.flag()
	}
	if c.Decoding() {
		v.DirectForwardingPath = direct
	}
	c.end(t)
}

func (v *HandoverCommandTransfer) code(c *coder) {
	dl, flows, drbs := v.DLForwarding != nil, len(v.ForwardFlows) > 0, len(v.DRBs) > 0
	t := c.beginWith(v.ULForwarding != nil, &dl, &flows, &drbs)
	present(c, dl, &v.DLForwarding, gtpTunnel)
	if flows {
		list(c, &v.ForwardFlows, 1, maxFlows, flowID)
	}
	if drbs {
		forwardedDRBs(c, &v.DRBs)
	}
	endWith(c, t, idULForwardingUPTNLInformation, Reject, &v.ULForwarding, gtpTunnel)
}

func (v *HandoverRequestAcknowledgeTransfer) code(c *coder) {
	dl, security := v.DLForwarding != nil, v.Security != nil
	failed, drbs := len(v.FailedFlows) > 0, len(v.DRBs) > 0
	t := c.beginWith(v.ULForwarding != nil, &dl, &security, &failed, &drbs)
	gtpTunnel(c, &v.DL)
	present(c, dl, &v.DLForwarding, gtpTunnel)
	present(c, security, &v.Security, securityResult)
	list(c, &v.QosFlows, 1, maxFlows, forwardedFlow)
	if failed {
		failedFlows(c, &v.FailedFlows)
	}
	if drbs {
		forwardedDRBs(c, &v.DRBs)
	}
	endWith(c, t, idULForwardingUPTNLInformation, Reject, &v.ULForwarding, gtpTunnel)
}

func forwardedFlow(c *coder, v *ForwardedFlow) {
	forward := v.Forward
	t := c.begin(&forward)
	qfi(c, &v.QFI)
	if forward {
		c.flag()
	}
	if c.Decoding() {
		v.Forward = forward
	}
	c.end(t)
}

func forwardedDRB(c *coder, v *ForwardedDRB) {
	dl, ul := v.DL != nil, v.UL != nil
	t := c.begin(&dl, &ul)
	per.ExtInt(&c.Coder, &v.ID, 1, 32, 255)
	present(c, dl, &v.DL, gtpTunnel)
	present(c, ul, &v.UL, gtpTunnel)
	c.end(t)
}

func forwardedDRBs(c *coder, v *[]ForwardedDRB) { list(c, v, 1, 32, forwardedDRB) }

func (v *HandoverResourceAllocationUnsuccessfulTransfer) code(c *coder) {
	causeAndDiagnostics(c, &v.Cause, &v.CriticalityDiagnostics)
}

func (v *HandoverPreparationUnsuccessfulTransfer) code(c *coder) { causeOnly(c, &v.Cause) }
