package rules

// Shape is the form of a rule.
type Shape uint8

const (
	FunctionBan      Shape = iota + 1 // S1: no element with such a function is of such a vendor
	ShareCap                          // S2: such vendors' share of a measure is at most Cap
	GeoExclusion                      // S3: no such element at, or serving, a zone
	PhaseOut                          // S4: such elements are out of service by a date
	Freeze                            // S5: no such element bought or installed after a date
	Permission                        // S6: such elements only with a permit in date
	Diversity                         // S7: enough vendors in a domain
	Separation                        // S8: how such elements are managed, reached and used
	RecordMatch                       // Cordon's own: what an element says of itself agrees with its record
	CutOff                            // Cordon's own: an operator has cut it off
)

// Status is the force of a rule.
type Status uint8

const (
	Law Status = iota + 1
	Direction
	Guidance
	Proposal
	Reported // as the press first reported it
	Own      // the operator's or Cordon's own
)

// Mark says how well a rule's text is known.
type Mark uint8

const (
	MarkPrimary   Mark = iota + 1 // F: read in the primary or a serious report
	MarkSecondary                 // F2: read in a secondary source
	MarkUnsure                    // M: commonly known, unconfirmed
	MarkAddress                   // A: only the primary's address is known
)

// Regime is a dated set of rules.
type Regime struct {
	Name       string // as "uk-2019"
	Title      string
	Country    string
	Status     Status
	Summary    string
	Sets       map[string][]Function // named sets of functions, "core" among them
	Vendors    []NamedVendor
	Parameters []Parameter
	Rules      []*Rule // in the order of their ID
}

// NamedVendor is a vendor that a regime itself classes, known by any of Names.
type NamedVendor struct {
	Names  []string
	Class  Class
	Notice string
	From   Date
}

// Parameter is a contested point: which of Values holds. Values[0], the default, is the strictest.
type Parameter struct {
	Name   string
	Values []string
	Why    string
	Value  string // the one in force
}

// Rule is one rule as its regime's file states it. It does not change once parsed.
type Rule struct {
	ID     string // unique among all regimes
	Regime *Regime
	Shape  Shape
	Text   string // the rule in a sentence
	Status Status
	Mark   Mark
	Source Source

	Functions []Function // which the rule is about; empty is every one
	Class     Class      // of vendors that it is about; Standard for any vendor
	Anyone    bool       // of the maker, manager, support and software vendors counts; else only the maker
	Where     string     // further selector in CEL; empty for all
	Except    string     // in CEL: elements that it spares

	From   Date // effective; 0 for always
	Target Date // by which compliance is asked for
	Hard   Date // the first day on which it is refused, grace before; 0 for From
	Until  Date // last day in force; 0 for no end

	Act  Act  // what a violation means: Refuse or Restrict
	Owes Owes // what is owed while a violation is tolerated or restricted
	// Protected has the rule hold for protected subscribers only.
	Protected bool
}

// Source is where a rule comes from.
type Source struct{ Document, Clause, Address string }
