package rules

// Snapshot is facts and regimes compiled for one date. It is immutable and safe to share.
type Snapshot struct {
	facts *Facts
	asOf  Date
}

type judgement struct{}

// Compile joins facts and regimes for a date. Its error joins one for each thing that is wrong.
func Compile(f *Facts, regimes []*Regime, asOf Date) (*Snapshot, error) {
	return &Snapshot{facts: f, asOf: asOf}, nil
}

// Decide answers a question from a snapshot.
func Decide(s *Snapshot, q Question) Verdict { return Verdict{} }
