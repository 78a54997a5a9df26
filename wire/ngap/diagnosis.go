package ngap

import (
	"fmt"

	"cordon/ident"
)

// Diagnosis is what was wrong with a message, and so what the peer is to be told.
type Diagnosis struct {
	// Cause is of the worst error; without one the message was clean but for Skipped.
	Cause *Cause
	// Procedure, Kind and Criticality are the message's, if Identified.
	Procedure   Procedure
	Kind        Kind
	Criticality Criticality // of the procedure
	Identified  bool
	// AMFUENGAPID and RANUENGAPID are the connection's, where there is a Cause and they
	// could be read.
	AMFUENGAPID *ident.AMFUENGAPID
	RANUENGAPID *ident.RANUENGAPID
	// IEs are those missing or not understood whose criticality is not ignore.
	IEs []IEDiagnostic
	// Skipped counts IEs and extensions not understood that could be ignored.
	Skipped int
	// Err says where a message broke off that is no NGAP.
	Err error

	refused bool // the message is not to be acted on
	unknown bool // for it is no message of Release 17, or of no procedure here
	silent  bool // nor answered
}

// Error describes the fault for a log.
func (d *Diagnosis) Error() string {
	what := "message"
	if d.Identified {
		what = fmt.Sprintf("%v %v", d.Procedure, d.Kind)
	}
	switch {
	case d.Err != nil:
		return fmt.Sprintf("ngap: %s: %v: %v", what, d.Cause, d.Err)
	case d.Cause == nil:
		return fmt.Sprintf("ngap: %s: %d elements skipped", what, d.Skipped)
	}
	return fmt.Sprintf("ngap: %s: %v: %v", what, *d.Cause, d.IEs)
}

// Unwrap is where the message broke off.
func (d *Diagnosis) Unwrap() error { return d.Err }

// String is the IE and what is wrong with it.
func (d IEDiagnostic) String() string {
	if d.Missing {
		return d.ID.String() + " missing"
	}
	return d.ID.String() + " not understood"
}

// CriticalityDiagnostics is what to put into the response of a message that stands though
// some of it was not understood, or nil if there is nothing to say (TS 38.413 §10.3.4.2).
func (d *Diagnosis) CriticalityDiagnostics() *CriticalityDiagnostics {
	if d == nil || len(d.IEs) == 0 {
		return nil
	}
	return &CriticalityDiagnostics{IEs: d.IEs}
}

// Reply is the message that answers the fault, or nil if none does (TS 38.413 §10.2 to
// §10.5): the unsuccessful outcome of the procedure, or an Error Indication. A fault in an
// Error Indication is never answered, nor one that ends a procedure of our own, nor one of
// criticality ignore. A message that stands and has a response is answered there, with
// CriticalityDiagnostics.
func (d *Diagnosis) Reply() Message {
	switch {
	case d == nil || d.Cause == nil || d.silent:
		return nil
	case d.Identified && d.Procedure == ProcErrorIndication:
		return nil
	case d.Err != nil || !d.Identified || d.unknown:
		return d.errorIndication()
	case d.Kind != Initiating && d.refused:
		return nil // §10.3: local error handling
	case d.Kind != Initiating:
		return d.errorIndication()
	case !d.refused && hasResponse(d.Procedure):
		return nil
	case d.refused:
		if m := d.unsuccessful(); m != nil {
			return m
		}
	}
	return d.errorIndication()
}

// errorIndication names the procedure, since nothing else does (TS 38.413 §9.3.1.3).
func (d *Diagnosis) errorIndication() *ErrorIndication {
	m := &ErrorIndication{Cause: d.Cause, AMFUENGAPID: d.AMFUENGAPID, RANUENGAPID: d.RANUENGAPID}
	if d.Identified {
		m.CriticalityDiagnostics = &CriticalityDiagnostics{
			Procedure: &d.Procedure, Trigger: &d.Kind, Criticality: &d.Criticality, IEs: d.IEs,
		}
	}
	return m
}

// unsuccessful is the procedure's own refusal, if it has one and enough is known for it.
func (d *Diagnosis) unsuccessful() Message {
	diag := d.CriticalityDiagnostics()
	switch d.Procedure {
	case ProcNGSetup:
		return &NGSetupFailure{Cause: *d.Cause, CriticalityDiagnostics: diag}
	case ProcRANConfigurationUpdate:
		return &RANConfigurationUpdateFailure{Cause: *d.Cause, CriticalityDiagnostics: diag}
	case ProcAMFConfigurationUpdate:
		return &AMFConfigurationUpdateFailure{Cause: *d.Cause, CriticalityDiagnostics: diag}
	}
	if d.AMFUENGAPID == nil {
		return nil
	}
	if d.Procedure == ProcHandoverResourceAllocation {
		return &HandoverFailure{AMFUENGAPID: *d.AMFUENGAPID, Cause: *d.Cause, CriticalityDiagnostics: diag}
	}
	if d.RANUENGAPID == nil {
		return nil
	}
	amf, ran := *d.AMFUENGAPID, *d.RANUENGAPID
	switch d.Procedure {
	case ProcInitialContextSetup:
		return &InitialContextSetupFailure{AMFUENGAPID: amf, RANUENGAPID: ran, Cause: *d.Cause, CriticalityDiagnostics: diag}
	case ProcUEContextModification:
		return &UEContextModificationFailure{AMFUENGAPID: amf, RANUENGAPID: ran, Cause: *d.Cause, CriticalityDiagnostics: diag}
	case ProcHandoverPreparation:
		return &HandoverPreparationFailure{AMFUENGAPID: amf, RANUENGAPID: ran, Cause: *d.Cause, CriticalityDiagnostics: diag}
	}
	return nil
}

// hasResponse reports whether the procedure is of class 1.
func hasResponse(p Procedure) bool {
	return int(p) < len(procedures) && procedures[p].newMessage[Successful] != nil
}
