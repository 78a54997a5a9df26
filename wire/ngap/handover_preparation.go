package ngap

import "cordon/ident"

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
