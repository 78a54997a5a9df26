package ngap

var ngReset = ieTable[NGReset]{
	required(idCause, Ignore, cause, func(m *NGReset) *Cause { return &m.Cause }),
	required(idResetType, Reject, resetType, func(m *NGReset) *ResetType { return &m.ResetType }),
}

// NGReset has the peer forget all its UE contexts or some (TS 38.413 §9.2.6.11).
type NGReset struct {
	Cause     Cause
	ResetType ResetType
}

func (*NGReset) Procedure() Procedure { return ProcNGReset }
func (*NGReset) Kind() Kind           { return Initiating }
func (m *NGReset) walk(c *coder)      { ngReset.walk(m, c) }

var ngResetAcknowledge = ieTable[NGResetAcknowledge]{
	listed(idUEassociatedLogicalNGconnectionList, Ignore, ngConnections, func(m *NGResetAcknowledge) *[]NGConnection { return &m.Connections }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *NGResetAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// NGResetAcknowledge says that they are forgotten (TS 38.413 §9.2.6.12). Connections is
// set only after a partial reset.
type NGResetAcknowledge struct {
	Connections            []NGConnection          // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*NGResetAcknowledge) Procedure() Procedure { return ProcNGReset }
func (*NGResetAcknowledge) Kind() Kind           { return Successful }
func (m *NGResetAcknowledge) walk(c *coder)      { ngResetAcknowledge.walk(m, c) }
