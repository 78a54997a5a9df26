package pfcp

import "fmt"

// Cause answers a request (§8.2.1). The zero value is no answer.
type Cause uint8

const (
	CauseAccepted             Cause = 1
	CauseRejected             Cause = 64
	CauseNoSession            Cause = 65
	CauseMandatoryMissing     Cause = 66
	CauseConditionalMissing   Cause = 67
	CauseInvalidLength        Cause = 68
	CauseMandatoryIncorrect   Cause = 69
	CauseInvalidForwarding    Cause = 70
	CauseInvalidFTEID         Cause = 71 // invalid F-TEID allocation option
	CauseNoAssociation        Cause = 72
	CauseRuleFailure          Cause = 73 // rule creation or modification failure
	CauseCongestion           Cause = 74
	CauseNoResources          Cause = 75
	CauseServiceNotSupported  Cause = 76
	CauseSystemFailure        Cause = 77
	CauseAllAddressesOccupied Cause = 79
)

func (c Cause) String() string {
	switch c {
	case CauseAccepted:
		return "request accepted"
	case CauseRejected:
		return "request rejected"
	case CauseNoSession:
		return "session context not found"
	case CauseMandatoryMissing:
		return "mandatory IE missing"
	case CauseConditionalMissing:
		return "conditional IE missing"
	case CauseInvalidLength:
		return "invalid length"
	case CauseMandatoryIncorrect:
		return "mandatory IE incorrect"
	case CauseInvalidForwarding:
		return "invalid forwarding policy"
	case CauseInvalidFTEID:
		return "invalid F-TEID allocation option"
	case CauseNoAssociation:
		return "no established PFCP association"
	case CauseRuleFailure:
		return "rule creation or modification failure"
	case CauseCongestion:
		return "PFCP entity in congestion"
	case CauseNoResources:
		return "no resources available"
	case CauseServiceNotSupported:
		return "service not supported"
	case CauseSystemFailure:
		return "system failure"
	case CauseAllAddressesOccupied:
		return "all dynamic addresses are occupied"
	}
	return fmt.Sprintf("PFCP cause %d", uint8(c))
}

func cause(c *coder, p *Cause) {
	u8(c, p)
	c.check(*p != 0) // reserved
}

// Rejection is the error beside an answer whose cause is not CauseAccepted: what the SMF is told,
// and what was wrong, for the log.
type Rejection struct {
	Cause Cause
	What  string // the rule or element at fault
	Err   error  // nil where the cause says it all
}

func (r *Rejection) Error() string {
	s := "n4: " + r.What + ": " + r.Cause.String()
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

func (r *Rejection) Unwrap() error { return r.Err }
