package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// QosFlow is a flow's identifier and, where it is wanted, its parameters.
type QosFlow struct {
	QFI        ident.QFI
	Parameters *QosParameters // required in a setup, optional in a modification
	ERAB       *uint8         // 0 to 15
}

// QosParameters are those of a flow (TS 38.413 §9.3.1.12).
type QosParameters struct {
	NonDynamic *NonDynamic5QI // one of these two
	Dynamic    *Dynamic5QI
	ARP        ARP
	GBR        *GBR
	Reflective bool
	MoreLikely bool // additional QoS flow information
}

// NonDynamic5QI is a standardised or pre-configured 5QI (TS 38.413 §9.3.1.28). The rest
// overrides its defaults where present.
type NonDynamic5QI struct {
	FiveQI          uint8
	Priority        *uint8  // 1 to 127
	AveragingWindow *uint16 // ms, 0 to 4095
	MaxBurst        *uint32 // octets, 0 to 2000000
}

// Dynamic5QI is a 5QI given by its parameters (TS 38.413 §9.3.1.18).
type Dynamic5QI struct {
	Priority        uint8  // 1 to 127
	DelayBudget     uint16 // units of 0.5 ms, 0 to 1023
	ErrorScalar     uint8  // packet error rate is Scalar x 10^-Exponent, both 0 to 9
	ErrorExponent   uint8
	FiveQI          *uint8
	DelayCritical   *DelayCritical
	AveragingWindow *uint16
	MaxBurst        *uint32
}

// DelayCritical is whether a GBR flow is delay critical.
type DelayCritical uint8

const (
	DelayIsCritical DelayCritical = iota
	DelayNotCritical
)

// ARP is an allocation and retention priority (TS 38.413 §9.3.1.19). Level is 1 to 15.
type ARP struct {
	Level         uint8
	MayPreempt    bool
	IsPreemptable bool
}

// GBR is what a flow is guaranteed, in bit/s (TS 38.413 §9.3.1.10). Loss rates are tenths
// of a percent, 0 to 1000.
type GBR struct {
	Maximum, Guaranteed BitRates
	Notify              bool
	LossDL, LossUL      *uint16
}

// QosFlowsTunnel is a tunnel and the flows in it (TS 38.413 §9.3.2.8).
type QosFlowsTunnel struct {
	Tunnel GTPTunnel
	Flows  []AssociatedFlow
}

// AssociatedFlow is a flow in a tunnel (TS 38.413 §9.3.1.99).
type AssociatedFlow struct {
	QFI     ident.QFI
	Mapping *FlowMapping
}

// FlowMapping is the direction in which a flow uses a tunnel, both when absent.
type FlowMapping uint8

const (
	FlowUplink FlowMapping = iota
	FlowDownlink
)

// FailedFlow is a flow refused or released, with the cause (TS 38.413 §9.3.1.13).
type FailedFlow struct {
	QFI   ident.QFI
	Cause Cause
}

// maxFlows is maxnoofQosFlows.
const maxFlows = 64

func qfi(c *coder, v *ident.QFI) { per.ExtInt(&c.Coder, v, 0, 63, 63) }

func fiveQI(c *coder, v *uint8) { per.ExtInt(&c.Coder, v, 0, 255, 255) }

func priority(c *coder, v *uint8) { per.ExtInt(&c.Coder, v, 1, 127, 255) }

func averagingWindow(c *coder, v *uint16) { per.ExtInt(&c.Coder, v, 0, 4095, 1<<16-1) }

func maxBurst(c *coder, v *uint32) { per.ExtInt(&c.Coder, v, 0, 4095, 2_000_000) }

func qosParameters(c *coder, v *QosParameters) {
	gbrs, reflective, more := v.GBR != nil, v.Reflective, v.MoreLikely
	t := c.begin(&gbrs, &reflective, &more)
	var alt uint8
	if v.NonDynamic == nil {
		alt = 1
		if v.Dynamic == nil && !c.Decoding() {
			c.Fail(per.ErrRange)
			return
		}
	}
	if c.choice(&alt, 2); alt == 0 {
		present(c, true, &v.NonDynamic, nonDynamic5QI)
	} else {
		present(c, true, &v.Dynamic, dynamic5QI)
	}
	arp(c, &v.ARP)
	present(c, gbrs, &v.GBR, gbr)
	if reflective {
		c.flag()
	}
	if more {
		c.flag()
	}
	if c.Decoding() {
		v.Reflective, v.MoreLikely = reflective, more
	}
	c.end(t)
}

func nonDynamic5QI(c *coder, v *NonDynamic5QI) {
	prio, window, burst := v.Priority != nil, v.AveragingWindow != nil, v.MaxBurst != nil
	t := c.begin(&prio, &window, &burst)
	fiveQI(c, &v.FiveQI)
	present(c, prio, &v.Priority, priority)
	present(c, window, &v.AveragingWindow, averagingWindow)
	present(c, burst, &v.MaxBurst, maxBurst)
	c.end(t)
}

func dynamic5QI(c *coder, v *Dynamic5QI) {
	five, critical := v.FiveQI != nil, v.DelayCritical != nil
	window, burst := v.AveragingWindow != nil, v.MaxBurst != nil
	t := c.begin(&five, &critical, &window, &burst)
	priority(c, &v.Priority)
	per.ExtInt(&c.Coder, &v.DelayBudget, 0, 1023, 1<<16-1)
	inner := c.begin()
	per.ExtInt(&c.Coder, &v.ErrorScalar, 0, 9, 255)
	per.ExtInt(&c.Coder, &v.ErrorExponent, 0, 9, 255)
	c.end(inner)
	present(c, five, &v.FiveQI, fiveQI)
	present(c, critical, &v.DelayCritical, enum[DelayCritical](2, 0))
	present(c, window, &v.AveragingWindow, averagingWindow)
	present(c, burst, &v.MaxBurst, maxBurst)
	c.end(t)
}

func arp(c *coder, v *ARP) {
	t := c.begin()
	per.Int(&c.Coder, &v.Level, 1, 15)
	either(c, &v.MayPreempt, 1)
	either(c, &v.IsPreemptable, 1)
	c.end(t)
}

// either codes an enumeration of two values, of which v is set for the one numbered set.
func either(c *coder, v *bool, set uint8) {
	n := set
	if !*v {
		n = 1 - set
	}
	if per.Enum(&c.Coder, &n, 2, 0, true); c.Decoding() {
		*v = n == set
	}
}

func gbr(c *coder, v *GBR) {
	notify, dl, ul := v.Notify, v.LossDL != nil, v.LossUL != nil
	t := c.begin(&notify, &dl, &ul)
	bitRate(c, &v.Maximum.DL)
	bitRate(c, &v.Maximum.UL)
	bitRate(c, &v.Guaranteed.DL)
	bitRate(c, &v.Guaranteed.UL)
	if notify {
		c.flag()
	}
	if c.Decoding() {
		v.Notify = notify
	}
	present(c, dl, &v.LossDL, lossRate)
	present(c, ul, &v.LossUL, lossRate)
	c.end(t)
}

func lossRate(c *coder, v *uint16) { per.ExtInt(&c.Coder, v, 0, 1000, 1<<16-1) }

func erab(c *coder, v *uint8) { per.ExtInt(&c.Coder, v, 0, 15, 255) }

// qosFlowSetup codes a flow whose parameters are required.
func qosFlowSetup(c *coder, v *QosFlow) {
	has := v.ERAB != nil
	t := c.begin(&has)
	qfi(c, &v.QFI)
	if v.Parameters == nil && !c.Decoding() {
		c.Fail(per.ErrRange)
		return
	}
	present(c, true, &v.Parameters, qosParameters)
	present(c, has, &v.ERAB, erab)
	c.end(t)
}

// qosFlowModify codes a flow whose parameters are optional.
func qosFlowModify(c *coder, v *QosFlow) {
	params, has := v.Parameters != nil, v.ERAB != nil
	t := c.begin(&params, &has)
	qfi(c, &v.QFI)
	present(c, params, &v.Parameters, qosParameters)
	present(c, has, &v.ERAB, erab)
	c.end(t)
}

func qosFlowSetups(c *coder, v *[]QosFlow) { list(c, v, 1, maxFlows, qosFlowSetup) }

func qosFlowModifies(c *coder, v *[]QosFlow) { list(c, v, 1, maxFlows, qosFlowModify) }

// flowID codes the items that are a QFI and nothing else.
func flowID(c *coder, v *ident.QFI) {
	t := c.begin()
	qfi(c, v)
	c.end(t)
}

func failedFlow(c *coder, v *FailedFlow) {
	t := c.begin()
	qfi(c, &v.QFI)
	cause(c, &v.Cause)
	c.end(t)
}

func failedFlows(c *coder, v *[]FailedFlow) { list(c, v, 1, maxFlows, failedFlow) }

func associatedFlow(c *coder, v *AssociatedFlow) {
	mapping := v.Mapping != nil
	t := c.begin(&mapping)
	qfi(c, &v.QFI)
	present(c, mapping, &v.Mapping, enum[FlowMapping](2, 0))
	c.end(t)
}

func qosFlowsTunnel(c *coder, v *QosFlowsTunnel) {
	t := c.begin()
	gtpTunnel(c, &v.Tunnel)
	list(c, &v.Flows, 1, maxFlows, associatedFlow)
	c.end(t)
}

func qosFlowsTunnelItem(c *coder, v *QosFlowsTunnel) {
	t := c.begin()
	qosFlowsTunnel(c, v)
	c.end(t)
}

func qosFlowsTunnels(c *coder, v *[]QosFlowsTunnel) {
	list(c, v, 1, maxMoreTunnels, qosFlowsTunnelItem)
}

func securityIndication(c *coder, v *SecurityIndication) {
	rate := v.MaxIntegrityRate != nil
	t := c.begin(&rate)
	per.Enum(&c.Coder, &v.Integrity, 3, 0, true)
	per.Enum(&c.Coder, &v.Confidentiality, 3, 0, true)
	present(c, rate, &v.MaxIntegrityRate, enum[IntegrityRate](2, 0))
	c.end(t)
}

func securityResult(c *coder, v *SecurityResult) {
	t := c.begin()
	either(c, &v.IntegrityPerformed, 0)
	either(c, &v.ConfidentialityPerformed, 0)
	c.end(t)
}

func pduSessionType(c *coder, v *PDUSessionType) { per.Enum(&c.Coder, v, 5, 0, true) }

func networkInstance(c *coder, v *uint16) { per.ExtInt(&c.Coder, v, 1, 256, 1<<16-1) }
