package ngap

import "cordon/ident"

// NGSetupRequest is a radio presenting itself (TS 38.413 §9.2.6.1).
type NGSetupRequest struct {
	GlobalRANNodeID  ident.RANNode
	RANNodeName      string // optional
	SupportedTAs     []SupportedTA
	DefaultPagingDRX PagingDRX
	UERetention      bool // optional
}

func (*NGSetupRequest) Procedure() Procedure { return ProcNGSetup }
func (*NGSetupRequest) Kind() Kind           { return Initiating }

// NGSetupResponse accepts a radio (TS 38.413 §9.2.6.2).
type NGSetupResponse struct {
	AMFName                string
	ServedGUAMIs           []ServedGUAMI
	RelativeAMFCapacity    uint8
	PLMNSupport            []PLMNSupport
	CriticalityDiagnostics *CriticalityDiagnostics // optional
	UERetention            bool                    // optional
}

func (*NGSetupResponse) Procedure() Procedure { return ProcNGSetup }
func (*NGSetupResponse) Kind() Kind           { return Successful }

// NGSetupFailure refuses a radio (TS 38.413 §9.2.6.3). Radios try again only if TimeToWait is present.
type NGSetupFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*NGSetupFailure) Procedure() Procedure { return ProcNGSetup }
func (*NGSetupFailure) Kind() Kind           { return Unsuccessful }
