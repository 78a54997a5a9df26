package ngap

import "cordon/ident"

// Paging looks for an idle device (TS 38.413 §9.2.4.1).
type Paging struct {
	STMSI                      ident.STMSI
	PagingDRX                  *PagingDRX // optional
	TAIs                       []ident.TAI
	PagingPriority             *PagingPriority           // optional
	UERadioCapabilityForPaging *RadioCapabilityForPaging // optional
	Non3GPPOrigin              bool                      // optional
	Assistance                 *PagingAssistance         // optional
}

func (*Paging) Procedure() Procedure { return ProcPaging }
func (*Paging) Kind() Kind           { return Initiating }
