package ngap

import "cordon/ident"

var errorIndication = ieTable[ErrorIndication]{
	optional(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *ErrorIndication) **ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	optional(idRANUENGAPID, Ignore, ranUENGAPID, func(m *ErrorIndication) **ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idCause, Ignore, cause, func(m *ErrorIndication) **Cause { return &m.Cause }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *ErrorIndication) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	optional(idFiveGSTMSI, Ignore, sTMSI, func(m *ErrorIndication) **ident.STMSI { return &m.STMSI }),
}

// ErrorIndication reports an error in a message that no other message can answer (TS
// 38.413 §9.2.6.13). One without a Cause has CriticalityDiagnostics.
type ErrorIndication struct {
	AMFUENGAPID            *ident.AMFUENGAPID      // optional
	RANUENGAPID            *ident.RANUENGAPID      // optional
	Cause                  *Cause                  // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
	STMSI                  *ident.STMSI            // optional
}

func (*ErrorIndication) Procedure() Procedure { return ProcErrorIndication }
func (*ErrorIndication) Kind() Kind           { return Initiating }
func (m *ErrorIndication) walk(c *coder)      { errorIndication.walk(m, c) }
