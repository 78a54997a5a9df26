package pfcp

import "cordon/ident"

// Establishment asks for a session (§7.5.2).
type Establishment struct {
	CP   FSEID // what the SMF calls the session; reports come back under it
	PDRs []PDR
	FARs []FAR
	QERs []QER
	URRs []URR
	// Existing is the UPF's name of a session that this one takes over as it stands, its endpoints and
	// what it has counted, where the SMF has come back from a restart; 0 makes a new one. Where
	// the UPF has no such session of the same device, it makes a new one too.
	Existing ident.SEID
}

// Established answers an Establishment (§7.5.3). UP and Created are set with Accepted only.
type Established struct {
	CP      ident.SEID // whom the answer is for
	Cause   Cause
	UP      FSEID // what later requests name
	Created []CreatedPDR
}

// CreatedPDR is the tunnel endpoint drawn for a rule that asked for one (§7.5.3.2).
type CreatedPDR struct {
	ID    PDRID
	Local FTEID
}

// Modification changes the rules of a session (§7.5.4). Removals come first, then what is created, then what
// replaces a rule of its identifier as a whole: what is not repeated is gone, but of a PDR the
// F-TEID that was chosen. DropBuffered discards what was kept for the device (DROBU).
// Either all of it is done, or nothing.
type Modification struct {
	SEID         ident.SEID // the UPF's
	RemovePDRs   []PDRID
	RemoveFARs   []FARID
	RemoveQERs   []QERID
	RemoveURRs   []URRID
	CreatePDRs   []PDR
	CreateFARs   []FAR
	CreateQERs   []QER
	CreateURRs   []URR
	PDRs         []PDR // these and the following replace
	FARs         []FAR
	QERs         []QER
	URRs         []URR
	Query        bool // all usage is to be reported now
	DropBuffered bool
}

// Modified answers a Modification (§7.5.5).
type Modified struct {
	CP      ident.SEID
	Cause   Cause
	Created []CreatedPDR
	Usage   []UsageReport // of rules that were removed, or all with Query
}

// Deletion ends a session (§7.5.6).
type Deletion struct {
	SEID ident.SEID // the UPF's
}

// Deleted answers a Deletion (§7.5.7).
type Deleted struct {
	CP    ident.SEID
	Cause Cause
	Usage Usage // of the whole session since it was made
	Rules []UsageReport
}

// ReportType says what a UPF reports (§8.2.21).
type ReportType uint8

const (
	// DownlinkData: a packet waits for a device whose session buffers.
	DownlinkData ReportType = iota + 1
	// ErrorIndication: the radio at Remote does not know the tunnel that downlink goes to.
	ErrorIndication
	// UsageOf: rules have something to report.
	UsageOf
)

func (t ReportType) String() string {
	switch t {
	case DownlinkData:
		return "downlink data"
	case ErrorIndication:
		return "error indication"
	case UsageOf:
		return "usage"
	}
	return "unknown report"
}

// Report is a UPF's word about a session of its own accord (§7.5.8).
type Report struct {
	CP     ident.SEID // the SMF's name of the session
	Type   ReportType
	PDR    PDRID       // with DownlinkData: the rule that the packet met
	Remote OuterHeader // with ErrorIndication: the endpoint that was lost
	Usage  []UsageReport
}
