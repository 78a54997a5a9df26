package pfcp

import "cordon/ident"

// ReportType says what a UPF reports (§8.2.21).
type ReportType uint8

const (
	// DownlinkData: a packet waits for a device whose session buffers.
	DownlinkData ReportType = iota + 1
	// ErrorIndication: the radio at Remote does not know the tunnel that downlink goes to.
	ErrorIndication
	// UsageOf: rules have something to report.
	UsageOf
	// Inactive: no packet has passed for as long as the session's inactivity timer says.
	Inactive
)

func (t ReportType) String() string {
	switch t {
	case DownlinkData:
		return "downlink data"
	case ErrorIndication:
		return "error indication"
	case UsageOf:
		return "usage"
	case Inactive:
		return "inactivity"
	}
	return "unknown report"
}

// Report is a UPF's word about a session of its own accord, of one kind.
type Report struct {
	CP     ident.SEID // the SMF's name of the session
	Type   ReportType
	PDR    PDRID       // with DownlinkData: the rule that the packet met
	Remote OuterHeader // with ErrorIndication: the endpoint that was lost
	Usage  []UsageReport
}

// Message is the report as it travels.
func (r Report) Message() *SessionReport {
	m := &SessionReport{CP: r.CP}
	switch r.Type {
	case DownlinkData:
		m.Data = []PDRID{r.PDR}
	case ErrorIndication:
		m.Lost = []OuterHeader{r.Remote}
	case UsageOf:
		m.Usage = r.Usage
	case Inactive:
		m.Inactive = true
	}
	return m
}

// SessionReport is the request by which reports travel, of one session and any kinds (§7.5.8).
//
//	39  Report Type                   M  DLDR, USAR, ERIR, UPIR
//	83  Downlink Data Report          C  a PDR ID each
//	80  Usage Report                  C  list
//	99  Error Indication Report       C  an F-TEID each
//	51  Load Control Information      O
//	54  Overload Control Information  O
type SessionReport struct {
	CP       ident.SEID
	Data     []PDRID
	Usage    []UsageReport
	Lost     []OuterHeader
	Inactive bool
	Load     *Load
	Overload *Overload
}

// Reports are what the request tells, one kind and rule at a time.
func (m *SessionReport) Reports() []Report {
	var out []Report
	for _, id := range m.Data {
		out = append(out, Report{CP: m.CP, Type: DownlinkData, PDR: id})
	}
	for _, remote := range m.Lost {
		out = append(out, Report{CP: m.CP, Type: ErrorIndication, Remote: remote})
	}
	if len(m.Usage) > 0 {
		out = append(out, Report{CP: m.CP, Type: UsageOf, Usage: m.Usage})
	}
	if m.Inactive {
		out = append(out, Report{CP: m.CP, Type: Inactive})
	}
	return out
}

const maxReported = 64 // rules with data, or lost endpoints

var sessionReport = []element[SessionReport]{
	one(ieReportType, func(m *SessionReport) *SessionReport { return m }, reportType),
	when(ieDownlinkDataReport, func(m *SessionReport) bool { return len(m.Data) > 0 }, func(c *coder, m *SessionReport) { code(c, &m.Data, dataReport) }),
	many(ieUsageReport, maxUsage, func(m *SessionReport) *[]UsageReport { return &m.Usage }, group(usageReport)),
	when(ieErrorIndicationReport, func(m *SessionReport) bool { return len(m.Lost) > 0 }, func(c *coder, m *SessionReport) { code(c, &m.Lost, errorReport) }),
	ptr(ieLoadControl, func(m *SessionReport) **Load { return &m.Load }, group(loadTable)),
	ptr(ieOverloadControl, func(m *SessionReport) **Overload { return &m.Overload }, group(overloadTable)),
}

var (
	dataReport  = []element[[]PDRID]{must(CauseConditionalMissing, many(iePDRID, maxReported, func(m *[]PDRID) *[]PDRID { return m }, u16))}
	errorReport = []element[[]OuterHeader]{must(CauseConditionalMissing, many(ieFTEID, maxReported, func(m *[]OuterHeader) *[]OuterHeader { return m }, remoteFTEID))}
)

// reportType codes a Report Type: DLDR, USAR, ERIR, UPIR. Of what comes only the last is not said by what follows.
func reportType(c *coder, m *SessionReport) {
	var v uint8
	for i, set := range [...]bool{len(m.Data) > 0, len(m.Usage) > 0, len(m.Lost) > 0, m.Inactive} {
		if set {
			v |= 1 << i
		}
	}
	u8(c, &v)
	m.Inactive = v>>3&1 != 0
}

// remoteFTEID codes a peer's endpoint, which is as it is and not to be chosen.
func remoteFTEID(c *coder, o *OuterHeader) {
	f := FTEID{TEID: o.TEID, Addr: o.Addr}
	fteid(c, &f)
	c.check(!f.Choose)
	o.TEID, o.Addr = f.TEID, f.Addr
}

// Reported answers a SessionReport (§7.5.9).
//
//	19  Cause            M
//	40  Offending IE     C
//	50  PFCPSRRsp-Flags  C  DROBU
type Reported struct {
	SEID         ident.SEID // the UPF's
	Cause        Cause
	Offending    IE
	DropBuffered bool
}

var reported = []element[Reported]{
	one(ieCause, func(m *Reported) *Cause { return &m.Cause }, cause),
	opt(ieOffending, func(m *Reported) *IE { return &m.Offending }, u16),
	opt(ieReportResponseFlags, func(m *Reported) *bool { return &m.DropBuffered }, flag(0)),
}

func (*SessionReport) Type() Type { return TypeReportRequest }
func (*Reported) Type() Type      { return TypeReportResponse }

func (m *SessionReport) seid() *ident.SEID { return &m.CP }
func (m *Reported) seid() *ident.SEID      { return &m.SEID }

func (m *SessionReport) code(c *coder) { code(c, m, sessionReport) }
func (m *Reported) code(c *coder)      { code(c, m, reported) }
