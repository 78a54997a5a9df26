package ngap

import "cordon/ident"

var handoverCancel = ieTable[HandoverCancel]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *HandoverCancel) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *HandoverCancel) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idCause, Ignore, cause, func(m *HandoverCancel) *Cause { return &m.Cause }),
}

// HandoverCancel calls a handover off (TS 38.413 §9.2.3.11).
type HandoverCancel struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Cause       Cause
}

func (*HandoverCancel) Procedure() Procedure { return ProcHandoverCancel }
func (*HandoverCancel) Kind() Kind           { return Initiating }
func (m *HandoverCancel) walk(c *coder)      { handoverCancel.walk(m, c) }

var handoverCancelAcknowledge = ieTable[HandoverCancelAcknowledge]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *HandoverCancelAcknowledge) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *HandoverCancelAcknowledge) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *HandoverCancelAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// HandoverCancelAcknowledge says that it is off (TS 38.413 §9.2.3.12).
type HandoverCancelAcknowledge struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*HandoverCancelAcknowledge) Procedure() Procedure { return ProcHandoverCancel }
func (*HandoverCancelAcknowledge) Kind() Kind           { return Successful }
func (m *HandoverCancelAcknowledge) walk(c *coder)      { handoverCancelAcknowledge.walk(m, c) }
