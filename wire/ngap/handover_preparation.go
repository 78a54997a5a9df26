package ngap

import "cordon/ident"

var handoverRequired = ieTable[HandoverRequired]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *HandoverRequired) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *HandoverRequired) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idHandoverType, Reject, handoverType, func(m *HandoverRequired) *HandoverType { return &m.HandoverType }),
	required(idCause, Ignore, cause, func(m *HandoverRequired) *Cause { return &m.Cause }),
	required(idTargetID, Reject, targetID, func(m *HandoverRequired) *TargetID { return &m.Target }),
	flagIf(idDirectForwardingPathAvailability, Ignore, func(m *HandoverRequired) *bool { return &m.DirectForwardingPath }),
	required(idPDUSessionResourceListHORqd, Reject, transfers, func(m *HandoverRequired) *[]PDUSessionTransfer { return &m.PDUSessions }),
	required(idSourceToTargetTransparentContainer, Reject, octets, func(m *HandoverRequired) *[]byte { return &m.SourceToTargetContainer }),
}

// HandoverRequired is a source radio asking for a handover (TS 38.413 §9.2.3.1).
type HandoverRequired struct {
	AMFUENGAPID             ident.AMFUENGAPID
	RANUENGAPID             ident.RANUENGAPID
	HandoverType            HandoverType
	Cause                   Cause
	Target                  TargetID
	DirectForwardingPath    bool // optional
	PDUSessions             []PDUSessionTransfer
	SourceToTargetContainer []byte
}

func (*HandoverRequired) Procedure() Procedure { return ProcHandoverPreparation }
func (*HandoverRequired) Kind() Kind           { return Initiating }
func (m *HandoverRequired) walk(c *coder)      { handoverRequired.walk(m, c) }

var handoverCommand = ieTable[HandoverCommand]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *HandoverCommand) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *HandoverCommand) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idHandoverType, Reject, handoverType, func(m *HandoverCommand) *HandoverType { return &m.HandoverType }),
	octetsIf(idNASSecurityParametersFromNGRAN, Reject, func(m *HandoverCommand) *[]byte { return &m.NASSecurityParameters }),
	listed(idPDUSessionResourceHandoverList, Ignore, transfers, func(m *HandoverCommand) *[]PDUSessionTransfer { return &m.Handover }),
	listed(idPDUSessionResourceToReleaseListHOCmd, Ignore, transfers, func(m *HandoverCommand) *[]PDUSessionTransfer { return &m.Release }),
	required(idTargetToSourceTransparentContainer, Reject, octets, func(m *HandoverCommand) *[]byte { return &m.TargetToSourceContainer }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *HandoverCommand) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// HandoverCommand tells it to go ahead (TS 38.413 §9.2.3.2).
type HandoverCommand struct {
	AMFUENGAPID             ident.AMFUENGAPID
	RANUENGAPID             ident.RANUENGAPID
	HandoverType            HandoverType
	NASSecurityParameters   []byte               // optional
	Handover                []PDUSessionTransfer // optional
	Release                 []PDUSessionTransfer // optional
	TargetToSourceContainer []byte
	CriticalityDiagnostics  *CriticalityDiagnostics // optional
}

func (*HandoverCommand) Procedure() Procedure { return ProcHandoverPreparation }
func (*HandoverCommand) Kind() Kind           { return Successful }
func (m *HandoverCommand) walk(c *coder)      { handoverCommand.walk(m, c) }

var handoverPreparationFailure = ieTable[HandoverPreparationFailure]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *HandoverPreparationFailure) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *HandoverPreparationFailure) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idCause, Ignore, cause, func(m *HandoverPreparationFailure) *Cause { return &m.Cause }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *HandoverPreparationFailure) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
	octetsIf(idTargettoSourceFailureTransparentContainer, Ignore, func(m *HandoverPreparationFailure) *[]byte { return &m.TargetToSourceFailureContainer }),
}

// HandoverPreparationFailure tells it not to (TS 38.413 §9.2.3.3).
type HandoverPreparationFailure struct {
	AMFUENGAPID                    ident.AMFUENGAPID
	RANUENGAPID                    ident.RANUENGAPID
	Cause                          Cause
	CriticalityDiagnostics         *CriticalityDiagnostics // optional
	TargetToSourceFailureContainer []byte                  // optional
}

func (*HandoverPreparationFailure) Procedure() Procedure { return ProcHandoverPreparation }
func (*HandoverPreparationFailure) Kind() Kind           { return Unsuccessful }
func (m *HandoverPreparationFailure) walk(c *coder)      { handoverPreparationFailure.walk(m, c) }
