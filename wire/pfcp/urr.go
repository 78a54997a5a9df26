package pfcp

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
}

// wireURR is a rule with what the wire says twice.
type wireURR struct {
	*URR
	triggers uint32 // three octets, the first the highest
}

// Reporting Triggers (§8.2.19).
const (
	reportPeriod          = 1 << 16
	reportVolumeThreshold = 1 << 17
	reportTimeThreshold   = 1 << 18
	reportVolumeQuota     = 1 << 8
	reportTimeQuota       = 1 << 9
)

// urrTable is the elements of Create URR and, with whatever makes an absent one refused, of Update URR.
func urrTable(missing Cause) []element[wireURR] {
	return []element[wireURR]{
		one(ieURRID, func(m *wireURR) *URRID { return &m.ID }, u32),
		must(missing, one(ieMeasurementMethod, func(m *wireURR) *wireURR { return m }, measurementMethod)),
		must(missing, one(ieReportingTriggers, func(m *wireURR) *uint32 { return &m.triggers }, triggers)),
		opt(ieMeasurementPeriod, func(m *wireURR) *uint32 { return &m.Period }, u32),
		opt(ieVolumeThreshold, func(m *wireURR) *Volume { return &m.VolumeThreshold }, volume),
		opt(ieVolumeQuota, func(m *wireURR) *Volume { return &m.VolumeQuota }, volume),
		opt(ieTimeThreshold, func(m *wireURR) *uint32 { return &m.TimeThreshold }, u32),
		opt(ieTimeQuota, func(m *wireURR) *uint32 { return &m.TimeQuota }, u32),
	}
}

var (
	createURR = urrTable(CauseMandatoryMissing)
	updateURR = urrTable(CauseConditionalMissing)
)

// urr codes a rule. A limit whose trigger is not there is none, and a trigger whose limit is not there breaks the rule.
func urr(table []element[wireURR]) func(*coder, *URR) {
	return func(c *coder, u *URR) {
		w := wireURR{URR: u, triggers: u.triggers()}
		if code(c, &w, table); c.writing || c.err != nil {
			return
		}
		for _, l := range [...]struct {
			trigger uint32
			drop    func()
		}{
			{reportPeriod, func() { u.Period = 0 }},
			{reportVolumeThreshold, func() { u.VolumeThreshold = Volume{} }},
			{reportTimeThreshold, func() { u.TimeThreshold = 0 }},
			{reportVolumeQuota, func() { u.VolumeQuota = Volume{} }},
			{reportTimeQuota, func() { u.TimeQuota = 0 }},
		} {
			if w.triggers&l.trigger == 0 {
				l.drop()
			} else if u.triggers()&l.trigger == 0 {
				c.ie = ieReportingTriggers
				c.fail(CauseConditionalMissing, ErrMissing)
			}
		}
	}
}

// triggers are those of the limits that the rule has.
func (u *URR) triggers() (t uint32) {
	for _, l := range [...]struct {
		set     bool
		trigger uint32
	}{
		{u.Period != 0, reportPeriod},
		{u.VolumeThreshold != Volume{}, reportVolumeThreshold},
		{u.TimeThreshold != 0, reportTimeThreshold},
		{u.VolumeQuota != Volume{}, reportVolumeQuota},
		{u.TimeQuota != 0, reportTimeQuota},
	} {
		if l.set {
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
