package ngap

import "cordon/ident"

// PathSwitchRequestTransfer names a target radio's end of a session's tunnel
// (TS 38.413 §9.3.4.8).
type PathSwitchRequestTransfer struct {
	DL       GTPTunnel
	Reused   bool // the tunnel is the one there was
	Security *UserPlaneSecurity
	QosFlows []ident.QFI // accepted
}

// UserPlaneSecurity is what a source radio was told and did (TS 38.413 §9.3.1.60).
type UserPlaneSecurity struct {
	Result     SecurityResult
	Indication SecurityIndication
}

// PathSwitchRequestAcknowledgeTransfer accepts it (TS 38.413 §9.3.4.9).
type PathSwitchRequestAcknowledgeTransfer struct {
	UL       *GTPTunnel
	Security *SecurityIndication
}

// PathSwitchRequestUnsuccessfulTransfer refuses it (TS 38.413 §9.3.4.20).
type PathSwitchRequestUnsuccessfulTransfer struct {
	Cause Cause
}

// PathSwitchRequestSetupFailedTransfer is why a target radio could not take a session
// (TS 38.413 §9.3.4.15).
type PathSwitchRequestSetupFailedTransfer struct {
	Cause Cause
}

func (v *PathSwitchRequestTransfer) code(c *coder) {
	reused, security := v.Reused, v.Security != nil
	t := c.begin(&reused, &security)
	gtpTunnel(c, &v.DL)
	if reused {
		c.flag()
	}
	if c.Decoding() {
		v.Reused = reused
	}
	present(c, security, &v.Security, userPlaneSecurity)
	list(c, &v.QosFlows, 1, maxFlows, flowID)
	c.end(t)
}

func userPlaneSecurity(c *coder, v *UserPlaneSecurity) {
	t := c.begin()
	securityResult(c, &v.Result)
	securityIndication(c, &v.Indication)
	c.end(t)
}

func (v *PathSwitchRequestAcknowledgeTransfer) code(c *coder) {
	ul, security := v.UL != nil, v.Security != nil
	t := c.begin(&ul, &security)
	present(c, ul, &v.UL, gtpTunnel)
	present(c, security, &v.Security, securityIndication)
	c.end(t)
}

func (v *PathSwitchRequestUnsuccessfulTransfer) code(c *coder) { causeOnly(c, &v.Cause) }

func (v *PathSwitchRequestSetupFailedTransfer) code(c *coder) { causeOnly(c, &v.Cause) }
