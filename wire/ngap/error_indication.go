package ngap

import "cordon/ident"

// ErrorIndication reports an error in a message that no other message can answer (TS 38.413 §9.2.6.13). One without a Cause has CriticalityDiagnostics.
type ErrorIndication struct {
	AMFUENGAPID            *ident.AMFUENGAPID      // optional
	RANUENGAPID            *ident.RANUENGAPID      // optional
	Cause                  *Cause                  // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
	STMSI                  *ident.STMSI            // optional
}

func (*ErrorIndication) Procedure() Procedure { return ProcErrorIndication }
func (*ErrorIndication) Kind() Kind           { return Initiating }
