package ngap

import "cordon/ident"

var paging = ieTable[Paging]{
	required(idUEPagingIdentity, Ignore, uePagingIdentity, func(m *Paging) *ident.STMSI { return &m.STMSI }),
	optional(idPagingDRX, Ignore, pagingDRX, func(m *Paging) **PagingDRX { return &m.PagingDRX }),
	required(idTAIListForPaging, Ignore, tais16, func(m *Paging) *[]ident.TAI { return &m.TAIs }),
	optional(idPagingPriority, Ignore, pagingPriority, func(m *Paging) **PagingPriority { return &m.PagingPriority }),
	optional(idUERadioCapabilityForPaging, Ignore, radioCapabilityForPaging, func(m *Paging) **RadioCapabilityForPaging { return &m.UERadioCapabilityForPaging }),
	flagIf(idPagingOrigin, Ignore, func(m *Paging) *bool { return &m.Non3GPPOrigin }),
	optional(idAssistanceDataForPaging, Ignore, pagingAssistance, func(m *Paging) **PagingAssistance { return &m.Assistance }),
}

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
func (m *Paging) walk(c *coder)      { paging.walk(m, c) }
