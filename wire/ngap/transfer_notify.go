package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// PDUSessionResourceNotifyTransfer tells of flows whose guarantee no longer holds, holds
// again, or that were released (TS 38.413 §9.3.4.5).
type PDUSessionResourceNotifyTransfer struct {
	Flows    []NotifiedFlow
	Released []FailedFlow
}

// NotifiedFlow is a flow and whether its guarantee holds.
type NotifiedFlow struct {
	QFI       ident.QFI
	Fulfilled bool
}

// PDUSessionResourceNotifyReleasedTransfer is why a radio released a session
// (TS 38.413 §9.3.4.13).
type PDUSessionResourceNotifyReleasedTransfer struct {
	Cause Cause
}

func (v *PDUSessionResourceNotifyTransfer) code(c *coder) {
	flows, released := len(v.Flows) > 0, len(v.Released) > 0
	t := c.begin(&flows, &released)
	if flows {
		list(c, &v.Flows, 1, maxFlows, notifiedFlow)
	}
	if released {
		failedFlows(c, &v.Released)
	}
	c.end(t)
}

func notifiedFlow(c *coder, v *NotifiedFlow) {
	t := c.begin()
	qfi(c, &v.QFI)
	either(c, &v.Fulfilled, 0)
	c.end(t)
}

func (v *PDUSessionResourceNotifyReleasedTransfer) code(c *coder) { causeOnly(c, &v.Cause) }

// SecondaryRATDataUsageReportTransfer counts what a session sent over a secondary radio
// (TS 38.413 §9.3.4.23).
type SecondaryRATDataUsageReportTransfer struct {
	Session *SessionUsage
	Flows   []FlowUsage
}

// UsageRAT is the radio technology of a usage report.
type UsageRAT uint8

const (
	UsageNR UsageRAT = iota
	UsageEUTRA
	UsageNRUnlicensed
	UsageEUTRAUnlicensed
)

// SessionUsage is the usage of a whole session.
type SessionUsage struct {
	RAT     UsageRAT
	Volumes []Volume // 1 or 2
}

// FlowUsage is the usage of a flow.
type FlowUsage struct {
	QFI     ident.QFI
	RAT     UsageRAT
	Volumes []Volume // 1 or 2
}

// Volume is octets in a time, whose ends are NTP seconds.
type Volume struct {
	Start, End uint32
	UL, DL     uint64
}

func (v *SecondaryRATDataUsageReportTransfer) code(c *coder) {
	has := v.Session != nil || len(v.Flows) > 0
	t := c.begin(&has)
	if has {
		session, flows := v.Session != nil, len(v.Flows) > 0
		inner := c.begin(&session, &flows)
		present(c, session, &v.Session, sessionUsage)
		if flows {
			list(c, &v.Flows, 1, maxFlows, flowUsage)
		}
		c.end(inner)
	}
	c.end(t)
}

func usageRAT(c *coder, v *UsageRAT) { per.Enum(&c.Coder, v, 2, 2, true) }

func sessionUsage(c *coder, v *SessionUsage) {
	t := c.begin()
	usageRAT(c, &v.RAT)
	list(c, &v.Volumes, 1, 2, volume)
	c.end(t)
}

func flowUsage(c *coder, v *FlowUsage) {
	t := c.begin()
	qfi(c, &v.QFI)
	usageRAT(c, &v.RAT)
	list(c, &v.Volumes, 1, 2, volume)
	c.end(t)
}

func volume(c *coder, v *Volume) {
	t := c.begin()
	per.Uint(&c.Coder, &v.Start, 4)
	per.Uint(&c.Coder, &v.End, 4)
	per.Int(&c.Coder, &v.UL, 0, 1<<64-1)
	per.Int(&c.Coder, &v.DL, 0, 1<<64-1)
	c.end(t)
}
