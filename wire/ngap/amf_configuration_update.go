package ngap

// AMFConfigurationUpdate changes what the AMF said of itself; an absent field stands as it was (TS 38.413 §9.2.6.7).
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

// AMFConfigurationUpdateAcknowledge accepts the change (TS 38.413 §9.2.6.8).
type AMFConfigurationUpdateAcknowledge struct {
	TNLAssociationsSetup   []TNLAddress            // optional
	TNLAssociationsFailed  []TNLAssociationFailed  // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*AMFConfigurationUpdateAcknowledge) Procedure() Procedure { return ProcAMFConfigurationUpdate }
func (*AMFConfigurationUpdateAcknowledge) Kind() Kind           { return Successful }

// AMFConfigurationUpdateFailure refuses the change (TS 38.413 §9.2.6.9).
type AMFConfigurationUpdateFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*AMFConfigurationUpdateFailure) Procedure() Procedure { return ProcAMFConfigurationUpdate }
func (*AMFConfigurationUpdateFailure) Kind() Kind           { return Unsuccessful }
