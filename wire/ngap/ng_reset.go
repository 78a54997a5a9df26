package ngap

// NGReset has the peer forget all its UE contexts or some (TS 38.413 §9.2.6.11).
type NGReset struct {
	Cause     Cause
	ResetType ResetType
}

func (*NGReset) Procedure() Procedure { return ProcNGReset }
func (*NGReset) Kind() Kind           { return Initiating }

// NGResetAcknowledge says that they are forgotten (TS 38.413 §9.2.6.12). Connections is set only after a partial reset.
type NGResetAcknowledge struct {
	Connections            []NGConnection          // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*NGResetAcknowledge) Procedure() Procedure { return ProcNGReset }
func (*NGResetAcknowledge) Kind() Kind           { return Successful }
