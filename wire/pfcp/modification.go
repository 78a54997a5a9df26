package pfcp

import "cordon/ident"

// Modification changes the rules of a session (§7.5.4). Removals come first, then what is created, then updates, of each of which
// Keep says what they leave as it was. DropBuffered discards what was kept for the device (DROBU).
// Either all of it is done, or nothing.
//
//	15, 16, 17, 18, 87  Remove PDR, FAR, URR, QER, BAR   C  lists
//	1, 3, 6, 7, 85      Create PDR, FAR, URR, QER, BAR   C  lists
//	9, 10, 13, 14, 86   Update PDR, FAR, URR, QER, BAR   C  lists
//	49                  PFCPSMReq-Flags                  C  DROBU, QAURR
//	77                  Query URR                        C  list
//	117                 User Plane Inactivity Timer      C
type Modification struct {
	SEID         ident.SEID // the UPF's
	RemovePDRs   []PDRID
	RemoveFARs   []FARID
	RemoveQERs   []QERID
	RemoveURRs   []URRID
	RemoveBARs   []BARID
	CreatePDRs   []PDR
	CreateFARs   []FAR
	CreateQERs   []QER
	CreateURRs   []URR
	CreateBARs   []BAR
	PDRs         []PDR // updates, as the following
	FARs         []FAR
	QERs         []QER
	URRs         []URR
	BARs         []BAR
	Query        bool    // all usage is to be reported now
	QueryURRs    []URRID // usage of these is
	DropBuffered bool
	Inactivity   uint32 // as in an Establishment; 0 leaves it as it is
}

// remove codes a Remove or Query element, a group of the one identifier.
func remove[T any](id IE, f func(*coder, *T)) func(*coder, *T) {
	return group([]element[T]{one(id, func(m *T) *T { return m }, f)})
}

var modification = []element[Modification]{
	many(ieRemovePDR, maxRules, func(m *Modification) *[]PDRID { return &m.RemovePDRs }, remove(iePDRID, u16[PDRID])),
	many(ieRemoveFAR, maxRules, func(m *Modification) *[]FARID { return &m.RemoveFARs }, remove(ieFARID, u32[FARID])),
	many(ieRemoveURR, maxRules, func(m *Modification) *[]URRID { return &m.RemoveURRs }, remove(ieURRID, u32[URRID])),
	many(ieRemoveQER, maxRules, func(m *Modification) *[]QERID { return &m.RemoveQERs }, remove(ieQERID, u32[QERID])),
	many(ieRemoveBAR, maxBARs, func(m *Modification) *[]BARID { return &m.RemoveBARs }, remove(ieBARID, u8[BARID])),
	many(ieCreatePDR, maxRules, func(m *Modification) *[]PDR { return &m.CreatePDRs }, group(createPDR)),
	many(ieCreateFAR, maxRules, func(m *Modification) *[]FAR { return &m.CreateFARs }, createFAR),
	many(ieCreateURR, maxRules, func(m *Modification) *[]URR { return &m.CreateURRs }, createURR),
	many(ieCreateQER, maxRules, func(m *Modification) *[]QER { return &m.CreateQERs }, func(c *coder, q *QER) { q.create(c) }),
	many(ieCreateBAR, maxBARs, func(m *Modification) *[]BAR { return &m.CreateBARs }, group(bar)),
	many(ieUpdatePDR, maxRules, func(m *Modification) *[]PDR { return &m.PDRs }, updatePDR),
	many(ieUpdateFAR, maxRules, func(m *Modification) *[]FAR { return &m.FARs }, updateFAR),
	many(ieUpdateURR, maxRules, func(m *Modification) *[]URR { return &m.URRs }, updateURR),
	many(ieUpdateQER, maxRules, func(m *Modification) *[]QER { return &m.QERs }, updateQER),
	many(ieUpdateBAR, maxBARs, func(m *Modification) *[]BAR { return &m.BARs }, group(bar)),
	when(ieModificationFlags, func(m *Modification) bool { return m.Query || m.DropBuffered }, modificationFlags),
	many(ieQueryURR, maxRules, func(m *Modification) *[]URRID { return &m.QueryURRs }, remove(ieURRID, u32[URRID])),
	opt(ieInactivityTimer, func(m *Modification) *uint32 { return &m.Inactivity }, u32),
}

// modificationFlags codes PFCPSMReq-Flags: DROBU, SNDEM, QAURR.
func modificationFlags(c *coder, m *Modification) {
	var v uint8
	if m.DropBuffered {
		v |= 1
	}
	if m.Query {
		v |= 4
	}
	u8(c, &v)
	m.DropBuffered, m.Query = v&1 != 0, m.Query || v&4 != 0
}

// Modified answers a Modification (§7.5.5).
//
//	19    Cause                         M
//	40    Offending IE                  C
//	8     Created PDR                   C  list
//	51    Load Control Information      O
//	54    Overload Control Information  O
//	78    Usage Report                  C  list
//	32771 public ports                  O  enterprise's, as when it is established; where it has come by them now
type Modified struct {
	CP        ident.SEID
	Cause     Cause
	Offending IE
	Created   []CreatedPDR
	Usage     []UsageReport // of rules that were removed, or all with Query
	Load      *Load
	Overload  *Overload
	Public    PublicPorts
}

var modified = []element[Modified]{
	one(ieCause, func(m *Modified) *Cause { return &m.Cause }, cause),
	opt(ieOffending, func(m *Modified) *IE { return &m.Offending }, u16),
	many(ieCreatedPDR, maxRules, func(m *Modified) *[]CreatedPDR { return &m.Created }, group(createdPDR)),
	ptr(ieLoadControl, func(m *Modified) **Load { return &m.Load }, group(loadTable)),
	ptr(ieOverloadControl, func(m *Modified) **Overload { return &m.Overload }, group(overloadTable)),
	many(ieUsageModified, maxUsage, func(m *Modified) *[]UsageReport { return &m.Usage }, group(usageReport)),
	when(iePublicPorts, func(m *Modified) bool { return m.Public.Addr.IsValid() }, func(c *coder, m *Modified) { m.Public.code(c) }),
}

func (*Modification) Type() Type { return TypeModificationRequest }
func (*Modified) Type() Type     { return TypeModificationResponse }

func (m *Modification) seid() *ident.SEID { return &m.SEID }
func (m *Modified) seid() *ident.SEID     { return &m.CP }

func (m *Modification) code(c *coder) { code(c, m, modification) }
func (m *Modified) code(c *coder)     { code(c, m, modified) }
