package pfcp

import "cordon/ident"

// Deletion ends a session (§7.5.6). It has no elements.
type Deletion struct {
	SEID ident.SEID // the UPF's
}

// Deleted answers a Deletion (§7.5.7).
//
//	19    Cause                         M
//	40    Offending IE                  C
//	51    Load Control Information      O
//	54    Overload Control Information  O
//	79    Usage Report                  C  list
//	32770 session usage                 O  enterprise's: what a Volume Measurement holds
type Deleted struct {
	CP        ident.SEID
	Cause     Cause
	Offending IE
	Usage     Usage // of the whole session since it was made
	Rules     []UsageReport
	Load      *Load
	Overload  *Overload
}

var deleted = []element[Deleted]{
	one(ieCause, func(m *Deleted) *Cause { return &m.Cause }, cause),
	opt(ieOffending, func(m *Deleted) *IE { return &m.Offending }, u16),
	ptr(ieLoadControl, func(m *Deleted) **Load { return &m.Load }, group(loadTable)),
	ptr(ieOverloadControl, func(m *Deleted) **Overload { return &m.Overload }, group(overloadTable)),
	many(ieUsageDeleted, maxUsage, func(m *Deleted) *[]UsageReport { return &m.Rules }, group(usageReport)),
	opt(ieSessionUsage, func(m *Deleted) *Usage { return &m.Usage }, measurement),
}

func (*Deletion) Type() Type { return TypeDeletionRequest }
func (*Deleted) Type() Type  { return TypeDeletionResponse }

func (m *Deletion) seid() *ident.SEID { return &m.SEID }
func (m *Deleted) seid() *ident.SEID  { return &m.CP }

func (m *Deletion) code(c *coder) { code(c, m, []element[Deletion](nil)) }
func (m *Deleted) code(c *coder)  { code(c, m, deleted) }
