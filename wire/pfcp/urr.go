package pfcp

import "slices"

// Usage is what a session has carried, in inner IP packets and octets.
type Usage struct {
	UplinkPackets, UplinkBytes     uint64
	DownlinkPackets, DownlinkBytes uint64
}

// Volume is a number of inner IP octets, each 0 where it does not matter (§8.2.13, §8.2.50).
type Volume struct{ Total, Uplink, Downlink uint64 }

// URR is a usage reporting rule (§7.5.2.4). At a threshold the UPF reports and goes on, counting
// anew; at a quota it reports and drops what comes after, until an update brings another.
// Times are whole seconds since the rule was made or last given a quota; 0 is none.
//
//	81  URR ID              M
//	62  Measurement Method  M  DURAT, VOLUM
//	37  Reporting Triggers  M  PERIO, VOLTH, TIMTH, VOLQU, TIMQU
//	64  Measurement Period  C  each of these with its trigger
//	31  Volume Threshold    C
//	73  Volume Quota        C
//	32  Time Threshold      C
//	74  Time Quota          C
type URR struct {
	ID              URRID
	VolumeThreshold Volume
	VolumeQuota     Volume
	TimeThreshold   uint32
	TimeQuota       uint32
	Period          uint32 // a report each so many seconds
	Keep            Keep   // of an update
}

// wireURR is a rule with what the wire says twice.
type wireURR struct {
	*URR
	triggers uint32 // three octets, the first the highest
	told     bool   // there are some
}

// Reporting Triggers (§8.2.19).
const (
	reportPeriod          = 1 << 16
	reportVolumeThreshold = 1 << 17
	reportTimeThreshold   = 1 << 18
	reportVolumeQuota     = 1 << 8
	reportTimeQuota       = 1 << 9
)

// urrLimits are the limits of a rule.
var urrLimits = [...]struct {
	trigger uint32
	bit     Keep
	set     func(*URR) bool
	drop    func(*URR)
}{
	{reportPeriod, KeepPeriod, func(u *URR) bool { return u.Period != 0 }, func(u *URR) { u.Period = 0 }},
	{reportVolumeThreshold, KeepVolumeThreshold, func(u *URR) bool { return u.VolumeThreshold != Volume{} }, func(u *URR) { u.VolumeThreshold = Volume{} }},
	{reportTimeThreshold, KeepTimeThreshold, func(u *URR) bool { return u.TimeThreshold != 0 }, func(u *URR) { u.TimeThreshold = 0 }},
	{reportVolumeQuota, KeepVolumeQuota, func(u *URR) bool { return u.VolumeQuota != Volume{} }, func(u *URR) { u.VolumeQuota = Volume{} }},
	{reportTimeQuota, KeepTimeQuota, func(u *URR) bool { return u.TimeQuota != 0 }, func(u *URR) { u.TimeQuota = 0 }},
}

// urrTable is the elements of Create URR and of Update URR, in which each but the first may be left out.
var urrTable = []element[wireURR]{
	one(ieURRID, func(m *wireURR) *URRID { return &m.ID }, u32),
	when(ieMeasurementMethod, func(m *wireURR) bool { return m.told }, measurementMethod),
	when(ieReportingTriggers, func(m *wireURR) bool { return m.told }, func(c *coder, m *wireURR) {
		m.told = true
		triggers(c, &m.triggers)
	}),
	limit(KeepPeriod, opt(ieMeasurementPeriod, func(m *wireURR) *uint32 { return &m.Period }, u32)),
	limit(KeepVolumeThreshold, opt(ieVolumeThreshold, func(m *wireURR) *Volume { return &m.VolumeThreshold }, volume)),
	limit(KeepVolumeQuota, opt(ieVolumeQuota, func(m *wireURR) *Volume { return &m.VolumeQuota }, volume)),
	limit(KeepTimeThreshold, opt(ieTimeThreshold, func(m *wireURR) *uint32 { return &m.TimeThreshold }, u32)),
	limit(KeepTimeQuota, opt(ieTimeQuota, func(m *wireURR) *uint32 { return &m.TimeQuota }, u32)),
}

func limit(bit Keep, e element[wireURR]) element[wireURR] {
	return said(func(m *wireURR) *Keep { return &m.Keep }, bit, e)
}

// createURR codes a Create URR. A limit whose trigger is not there is none, and a trigger whose limit is not there breaks the rule.
func createURR(c *coder, u *URR) {
	w := wireURR{URR: u, triggers: u.triggers(), told: c.writing}
	if code(c, &w, createURRTable); !c.writing && c.err == nil {
		w.settle(c)
	}
}

// updateURR codes an Update URR. With triggers, a limit whose trigger is not there is taken away; a trigger whose limit is not there keeps it.
func updateURR(c *coder, u *URR) {
	w := wireURR{URR: u}
	if c.writing {
		w.triggers, w.told = u.triggers(), u.drops()
	} else {
		u.Keep = keepURR
	}
	if code(c, &w, urrTable); !c.writing && c.err == nil {
		w.settle(c)
	}
}

var createURRTable = slices.Concat(urrTable[:1],
	[]element[wireURR]{must(CauseMandatoryMissing, urrTable[1]), must(CauseMandatoryMissing, urrTable[2])}, urrTable[3:])

// settle makes the limits what their triggers say.
func (w *wireURR) settle(c *coder) {
	for _, l := range urrLimits {
		kept := w.Keep&l.bit != 0
		switch {
		case w.told && w.triggers&l.trigger == 0:
			l.drop(w.URR)
			w.Keep &^= l.bit
		case kept || l.set(w.URR):
		default:
			c.ie = ieReportingTriggers
			c.fail(CauseConditionalMissing, ErrMissing)
		}
	}
}

// drops reports whether an update takes a limit away.
func (u *URR) drops() bool {
	for _, l := range urrLimits {
		if u.Keep&l.bit == 0 && !l.set(u) {
			return true
		}
	}
	return false
}

// triggers are those of the limits that the rule has or keeps.
func (u *URR) triggers() (t uint32) {
	for _, l := range urrLimits {
		if u.Keep&l.bit != 0 || l.set(u) {
			t |= l.trigger
		}
	}
	return t
}

// measurementMethod says that time and volume are measured, as they always are here; of what comes it says nothing more.
func measurementMethod(c *coder, _ *wireURR) {
	v := uint8(3)
	u8(c, &v)
}

// triggers codes two octets and, since release 16, a third.
func triggers(c *coder, p *uint32) {
	n := 3
	if !c.writing && c.left() < n {
		n = 2
	}
	if number(c, p, n); n == 2 {
		*p <<= 8
	}
}

// Trigger says why usage is reported (§8.2.41); 0 is a reason that is not modelled.
type Trigger uint8

const (
	TriggerPeriod Trigger = iota + 1
	TriggerVolumeThreshold
	TriggerTimeThreshold
	TriggerVolumeQuota
	TriggerTimeQuota
	TriggerTermination // the session or the rule has ended
	TriggerImmediate   // it was asked for
)

// UsageReport is what a rule has measured since its last report (§7.5.8.3).
//
//	81  URR ID                M
//	104 UR-SEQN               M
//	63  Usage Report Trigger  M
//	66  Volume Measurement    C
//	67  Duration Measurement  C
type UsageReport struct {
	URR      URRID
	Sequence uint32 // counts the reports of the rule from 0
	Trigger  Trigger
	Usage    Usage
	Seconds  uint32 // that the report covers
}

const maxUsage = 256 // reports in one message

var usageReport = []element[UsageReport]{
	one(ieURRID, func(m *UsageReport) *URRID { return &m.URR }, u32),
	one(ieUsageSequence, func(m *UsageReport) *uint32 { return &m.Sequence }, u32),
	one(ieUsageTrigger, func(m *UsageReport) *Trigger { return &m.Trigger }, usageTrigger),
	when(ieVolumeMeasurement, func(m *UsageReport) bool { return true }, func(c *coder, m *UsageReport) { measurement(c, &m.Usage) }),
	when(ieDurationMeasurement, func(m *UsageReport) bool { return true }, func(c *coder, m *UsageReport) { u32(c, &m.Seconds) }),
}

// usageTriggers are the bits of a Usage Report Trigger, the first octet the highest, the weightiest first: of several that
// come together that one counts.
var usageTriggers = [...]struct {
	bit uint32
	is  Trigger
}{
	{1 << 11, TriggerTermination},
	{1 << 8, TriggerVolumeQuota},
	{1 << 9, TriggerTimeQuota},
	{1 << 17, TriggerVolumeThreshold},
	{1 << 18, TriggerTimeThreshold},
	{1 << 16, TriggerPeriod},
	{1 << 23, TriggerImmediate},
}

func usageTrigger(c *coder, p *Trigger) {
	var bits uint32
	for _, t := range usageTriggers {
		if c.writing && t.is == *p {
			bits = t.bit
		}
	}
	if triggers(c, &bits); c.writing {
		return
	}
	for _, t := range usageTriggers {
		if bits&t.bit != 0 {
			*p = t.is
			return
		}
	}
}
