package ngap

var amfConfigurationUpdate = ieTable[AMFConfigurationUpdate]{
	nameIf(idAMFName, Reject, func(m *AMFConfigurationUpdate) *string { return &m.AMFName }),
	listed(idServedGUAMIList, Reject, servedGUAMIs, func(m *AMFConfigurationUpdate) *[]ServedGUAMI { return &m.ServedGUAMIs }),
	optional(idRelativeAMFCapacity, Ignore, relativeAMFCapacity, func(m *AMFConfigurationUpdate) **uint8 { return &m.RelativeAMFCapacity }),
	listed(idPLMNSupportList, Reject, plmnSupports, func(m *AMFConfigurationUpdate) *[]PLMNSupport { return &m.PLMNSupport }),
	listed(idAMFTNLAssociationToAddList, Ignore, tnlAssociationsToAdd, func(m *AMFConfigurationUpdate) *[]TNLAssociationToAdd { return &m.TNLAssociationsToAdd }),
	listed(idAMFTNLAssociationToRemoveList, Ignore, tnlAddresses, func(m *AMFConfigurationUpdate) *[]TNLAddress { return &m.TNLAssociationsToRemove }),
	listed(idAMFTNLAssociationToUpdateList, Ignore, tnlAssociationsToUpdate, func(m *AMFConfigurationUpdate) *[]TNLAssociationToUpdate { return &m.TNLAssociationsToUpdate }),
}

// AMFConfigurationUpdate changes what the AMF said of itself; an absent field stands as it
// was (TS 38.413 §9.2.6.7).
type AMFConfigurationUpdate struct {
	AMFName                 string                   // optional
	ServedGUAMIs            []ServedGUAMI            // optional
	RelativeAMFCapacity     *uint8                   // optional
	PLMNSupport             []PLMNSupport            // optional
	TNLAssociationsToAdd    []TNLAssociationToAdd    // optional
	TNLAssociationsToRemove []TNLAddress             // optional
	TNLAssociationsToUpdate []TNLAssociationToUpdate // optional
}

func (*AMFConfigurationUpdate) Procedure() Procedure { return ProcAMFConfigurationUpdate }
func (*AMFConfigurationUpdate) Kind() Kind           { return Initiating }
func (m *AMFConfigurationUpdate) walk(c *coder)      { amfConfigurationUpdate.walk(m, c) }

var amfConfigurationUpdateAcknowledge = ieTable[AMFConfigurationUpdateAcknowledge]{
	listed(idAMFTNLAssociationSetupList, Ignore, tnlAddresses, func(m *AMFConfigurationUpdateAcknowledge) *[]TNLAddress { return &m.TNLAssociationsSetup }),
	listed(idAMFTNLAssociationFailedToSetupList, Ignore, tnlAssociationsFailed, func(m *AMFConfigurationUpdateAcknowledge) *[]TNLAssociationFailed { return &m.TNLAssociationsFailed }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *AMFConfigurationUpdateAcknowledge) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// AMFConfigurationUpdateAcknowledge accepts the change (TS 38.413 §9.2.6.8).
type AMFConfigurationUpdateAcknowledge struct {
	TNLAssociationsSetup   []TNLAddress            // optional
	TNLAssociationsFailed  []TNLAssociationFailed  // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*AMFConfigurationUpdateAcknowledge) Procedure() Procedure { return ProcAMFConfigurationUpdate }
func (*AMFConfigurationUpdateAcknowledge) Kind() Kind           { return Successful }
func (m *AMFConfigurationUpdateAcknowledge) walk(c *coder) {
	amfConfigurationUpdateAcknowledge.walk(m, c)
}

var amfConfigurationUpdateFailure = ieTable[AMFConfigurationUpdateFailure]{
	required(idCause, Ignore, cause, func(m *AMFConfigurationUpdateFailure) *Cause { return &m.Cause }),
	optional(idTimeToWait, Ignore, timeToWait, func(m *AMFConfigurationUpdateFailure) **TimeToWait { return &m.TimeToWait }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *AMFConfigurationUpdateFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// AMFConfigurationUpdateFailure refuses the change (TS 38.413 §9.2.6.9).
type AMFConfigurationUpdateFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*AMFConfigurationUpdateFailure) Procedure() Procedure { return ProcAMFConfigurationUpdate }
func (*AMFConfigurationUpdateFailure) Kind() Kind           { return Unsuccessful }
func (m *AMFConfigurationUpdateFailure) walk(c *coder)      { amfConfigurationUpdateFailure.walk(m, c) }
