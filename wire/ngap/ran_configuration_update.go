package ngap

import "cordon/ident"

// RANConfigurationUpdate changes what a radio said of itself; an absent field stands as it was (TS 38.413 §9.2.6.4).
type RANConfigurationUpdate struct {
	RANNodeName             string              // optional
	SupportedTAs            []SupportedTA       // optional
	DefaultPagingDRX        *PagingDRX          // optional
	GlobalRANNodeID         *ident.RANNode      // optional
	TNLAssociationsToRemove []RANTNLAssociation // optional
}

func (*RANConfigurationUpdate) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdate) Kind() Kind           { return Initiating }

// RANConfigurationUpdateAcknowledge accepts the change (TS 38.413 §9.2.6.5).
type RANConfigurationUpdateAcknowledge struct {
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*RANConfigurationUpdateAcknowledge) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdateAcknowledge) Kind() Kind           { return Successful }

// RANConfigurationUpdateFailure refuses the change (TS 38.413 §9.2.6.6).
type RANConfigurationUpdateFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*RANConfigurationUpdateFailure) Procedure() Procedure { return ProcRANConfigurationUpdate }
func (*RANConfigurationUpdateFailure) Kind() Kind           { return Unsuccessful }
