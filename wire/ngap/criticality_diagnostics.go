package ngap

import (
	"cordon/wire/per"
)

// CriticalityDiagnostics says what was wrong with a message (TS 38.413 §9.3.1.3).
type CriticalityDiagnostics struct {
	Procedure   *Procedure
	Trigger     *Kind
	Criticality *Criticality
	IEs         []IEDiagnostic
}

// IEDiagnostic is one IE not understood or missing.
type IEDiagnostic struct {
	Criticality Criticality
	ID          ID
	Missing     bool
}

func procedureCode(c *coder, v *Procedure) { per.Int(&c.Coder, v, 0, 255) }

func triggeringMessage(c *coder, v *Kind) { per.Enum(&c.Coder, v, 3, 0, false) }

func criticality(c *coder, v *Criticality) { per.Enum(&c.Coder, v, 3, 0, false) }

func criticalityDiagnostics(c *coder, v *CriticalityDiagnostics) {
	proc, trigger, crit, ies := v.Procedure != nil, v.Trigger != nil, v.Criticality != nil, len(v.IEs) > 0
	t := c.begin(&proc, &trigger, &crit, &ies)
	present(c, proc, &v.Procedure, procedureCode)
	present(c, trigger, &v.Trigger, triggeringMessage)
	present(c, crit, &v.Criticality, criticality)
	if ies {
		list(c, &v.IEs, 1, maxErrors, ieDiagnostic)
	}
	c.end(t)
}

func ieDiagnostic(c *coder, v *IEDiagnostic) {
	var kind uint8
	if v.Missing {
		kind = 1
	}
	t := c.begin()
	criticality(c, &v.Criticality)
	per.Int(&c.Coder, &v.ID, 0, 65535)
	if per.Enum(&c.Coder, &kind, 2, 0, true); c.Decoding() {
		v.Missing = kind == 1
	}
	c.end(t)
}

// cause codes a choice of five enumerations.
func cause(c *coder, v *Cause) {
	group := uint8(*v >> 8)
	if c.choice(&group, uint8(len(causeGroups))); c.Failed() {
		return
	}
	g := &causeGroups[group]
	value := uint8(*v)
	per.Enum(&c.Coder, &value, g.root, len(g.names)-g.root, true)
	if c.Decoding() {
		*v = Cause(group)<<8 | Cause(value)
	}
}
