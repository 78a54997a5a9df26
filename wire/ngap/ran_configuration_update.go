package ngap

import "cordon/ident"

var ranConfigurationUpdate = ieTable[RANConfigurationUpdate]{
	nameIf(idRANNodeName, Ignore, func(m *RANConfigurationUpdate) *string { return &m.RANNodeName }),
	listed(idSupportedTAList, Reject, supportedTAs, func(m *RANConfigurationUpdate) *[]SupportedTA { return &m.SupportedTAs }),
	optional(idDefaultPagingDRX, Ignore, pagingDRX, func(m *RANConfigurationUpdate) **PagingDRX { return &m.DefaultPagingDRX }),
	optional(idGlobalRANNodeID, Ignore, globalRANNodeID, func(m *RANConfigurationUpdate) **ident.RANNode { return &m.GlobalRANNodeID }),
	listed(idNGRANTNLAssociationToRemoveList, Reject, ranTNLAssociations, func(m *RANConfigurationUpdate) *[]RANTNLAssociation { return &m.TNLAssociationsToRemove }),
}

// RANConfigurationUpdate changes what a radio said of itself; an absent field stands as it
// was (TS 38.413 §9.2.6.4).
type RANConfigurationUpdate struct {
	RANNodeName             string              // optional
	SupportedTAs            []SupportedTA       // optional
	DefaultPagingDRX        *PagingDRX          // optional
	GlobalRANNodeID         *ident.RANNode      // optional
	TNLAssociationsToRemove []RANTNLAssociation // optional
}

func (*RANConfigurationUpdate) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdate) Kind() Kind           { return Initiating }
func (m *RANConfigurationUpdate) walk(c *coder)      { ranConfigurationUpdate.walk(m, c) }

var ranConfigurationUpdateAcknowledge = ieTable[RANConfigurationUpdateAcknowledge]{
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *RANConfigurationUpdateAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// RANConfigurationUpdateAcknowledge accepts the change (TS 38.413 §9.2.6.5).
type RANConfigurationUpdateAcknowledge struct {
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*RANConfigurationUpdateAcknowledge) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdateAcknowledge) Kind() Kind           { return Successful }
func (m *RANConfigurationUpdateAcknowledge) walk(c *coder) {
	ranConfigurationUpdateAcknowledge.walk(m, c)
}

var ranConfigurationUpdateFailure = ieTable[RANConfigurationUpdateFailure]{
	required(idCause, Ignore, cause, func(m *RANConfigurationUpdateFailure) *Cause { return &m.Cause }),
	optional(idTimeToWait, Ignore, timeToWait, func(m *RANConfigurationUpdateFailure) **TimeToWait { return &m.TimeToWait }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *RANConfigurationUpdateFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// RANConfigurationUpdateFailure refuses the change (TS 38.413 §9.2.6.6).
type RANConfigurationUpdateFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*RANConfigurationUpdateFailure) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdateFailure) Kind() Kind           { return Unsuccessful }
func (m *RANConfigurationUpdateFailure) walk(c *coder)      { ranConfigurationUpdateFailure.walk(m, c) }
