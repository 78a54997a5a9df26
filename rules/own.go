package rules

// The rules of Cordon's own, which hold beside those of every regime.
const (
	RuleRecord      = "CORDON-RECORD"
	RuleAddress     = "CORDON-ADDRESS"
	RuleArea        = "CORDON-AREA"
	RuleCertificate = "CORDON-CERTIFICATE"
	RuleSlice       = "CORDON-SLICE"
	RuleCut         = "CORDON-CUT"
)

// cordon is the regime of Cordon's own rules. They are asked when a question is, and so are no bindings.
var cordon = &Regime{
	Name: "cordon", Title: "Cordon's own", Status: Own,
	Summary: "An element is what its record says, and an operator may cut it off.",
}

var (
	ownRecord      = own(RuleRecord, RecordMatch, Refuse, "An element without a record waits until an operator has approved it.")
	ownAddress     = own(RuleAddress, RecordMatch, Refuse, "A radio comes from an address of its record.")
	ownArea        = own(RuleArea, RecordMatch, Refuse, "A radio serves tracking areas and networks of its record only.")
	ownCertificate = own(RuleCertificate, RecordMatch, Refuse, "A radio shows the certificate of its record.")
	ownSlice       = own(RuleSlice, RecordMatch, Restrict, "A radio serves slices of its record only: others that it claims are not accepted, and a session there is refused.")
	ownCut         = own(RuleCut, CutOff, Refuse, "What an operator has cut off is out of service.")
)

func own(id string, shape Shape, act Act, text string) *Rule {
	return &Rule{
		ID: id, Regime: cordon, Shape: shape, Text: text, Status: Own, Mark: MarkPrimary, Act: act,
		Source: Source{Document: "Cordon: rules of its own", Clause: id},
	}
}
