package ngap

import "cordon/ident"

// HandoverCancel calls a handover off (TS 38.413 §9.2.3.11).
type HandoverCancel struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Cause       Cause
}

func (*HandoverCancel) Procedure() Procedure { return ProcHandoverCancel }
func (*HandoverCancel) Kind() Kind           { return Initiating }

// HandoverCancelAcknowledge says that it is off (TS 38.413 §9.2.3.12).
type HandoverCancelAcknowledge struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*HandoverCancelAcknowledge) Procedure() Procedure { return ProcHandoverCancel }
func (*HandoverCancelAcknowledge) Kind() Kind           { return Successful }
