package ngap

import "cordon/ident"

var ngSetupRequest = ieTable[NGSetupRequest]{
	required(idGlobalRANNodeID, Reject, globalRANNodeID, func(m *NGSetupRequest) *ident.RANNode { return &m.GlobalRANNodeID }),
	nameIf(idRANNodeName, Ignore, func(m *NGSetupRequest) *string { return &m.RANNodeName }),
	required(idSupportedTAList, Reject, supportedTAs, func(m *NGSetupRequest) *[]SupportedTA { return &m.SupportedTAs }),
	required(idDefaultPagingDRX, Ignore, pagingDRX, func(m *NGSetupRequest) *PagingDRX { return &m.DefaultPagingDRX }),
	flagIf(idUERetentionInformation, Ignore, func(m *NGSetupRequest) *bool { return &m.UERetention }),
}

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
func (m *NGSetupRequest) walk(c *coder)      { ngSetupRequest.walk(m, c) }

var ngSetupResponse = ieTable[NGSetupResponse]{
	required(idAMFName, Reject, name, func(m *NGSetupResponse) *string { return &m.AMFName }),
	required(idServedGUAMIList, Reject, servedGUAMIs, func(m *NGSetupResponse) *[]ServedGUAMI { return &m.ServedGUAMIs }),
	required(idRelativeAMFCapacity, Ignore, relativeAMFCapacity, func(m *NGSetupResponse) *uint8 { return &m.RelativeAMFCapacity }),
	required(idPLMNSupportList, Reject, plmnSupports, func(m *NGSetupResponse) *[]PLMNSupport { return &m.PLMNSupport }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *NGSetupResponse) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	flagIf(idUERetentionInformation, Ignore, func(m *NGSetupResponse) *bool { return &m.UERetention }),
}

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
func (m *NGSetupResponse) walk(c *coder)      { ngSetupResponse.walk(m, c) }

var ngSetupFailure = ieTable[NGSetupFailure]{
	required(idCause, Ignore, cause, func(m *NGSetupFailure) *Cause { return &m.Cause }),
	optional(idTimeToWait, Ignore, timeToWait, func(m *NGSetupFailure) **TimeToWait { return &m.TimeToWait }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *NGSetupFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// NGSetupFailure refuses a radio (TS 38.413 §9.2.6.3). Radios try again only if TimeToWait
// is present.
type NGSetupFailure struct {
	Cause                  Cause
	TimeToWait             *TimeToWait             // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*NGSetupFailure) Procedure() Procedure { return ProcNGSetup }
func (*NGSetupFailure) Kind() Kind           { return Unsuccessful }
func (m *NGSetupFailure) walk(c *coder)      { ngSetupFailure.walk(m, c) }
