package rules

import (
	"strconv"

	"cordon/ident"
)

// Shape is the form of a rule.
type Shape uint8

const (
	FunctionBan  Shape = iota + 1 // S1: no element with such a function is of such a vendor
	ShareCap                      // S2: such vendors' share of a measure is at most Cap
	GeoExclusion                  // S3: no such element at, or serving, a zone
	PhaseOut                      // S4: such elements are out of service by a date
	Freeze                        // S5: no such element bought or installed after a date
	Permission                    // S6: such elements only with a permit in date
	Diversity                     // S7: enough vendors in a domain
	Separation                    // S8: how such elements are managed, reached and used
	RecordMatch                   // Cordon's own: what an element says of itself agrees with its record
	CutOff                        // Cordon's own: an operator has cut it off
)

// Status is the force of a rule.
type Status uint8

const (
	Law       Status = iota + 1 // in force
	Direction                   // binds whom it is given to
	Guidance                    // advises
	Proposal                    // not in force
	Reported                    // as the press first reported it
	Own                         // the operator's or Cordon's own
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
	// DeadlineGrace has the day of a rule's Hard still be grace.
	DeadlineGrace bool

	file      string // what it was parsed from, for With
	source    []byte
	selectors map[string]*selector // compiled when parsed, by their text
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
	Class     Class      // of vendors that it is about: HighRisk, or Standard for any vendor
	Anyone    bool       // of the maker, manager, support and software vendors counts; else only the maker
	Where     string     // further selector in CEL; empty for all
	Except    string     // in CEL: elements that it spares

	From   Date // effective; 0 for always
	Target Date // by which compliance is asked for
	Hard   Date // the first day on which it is refused, grace before; 0 for From
	Until  Date // last day in force; 0 for no end
	// Trigger has Hard be so many Months after the vendor was classed, for each vendor.
	Trigger bool
	Months  int

	Act  Act  // what a violation means: Refuse or Restrict
	Owes Owes // what is owed while a violation is tolerated or restricted
	// Protected has the rule hold for protected subscribers only.
	Protected bool

	// What the shape adds; nil for other shapes.
	Share   *Share
	Geo     *Geo
	Freeze  *FreezeTerms
	Permit  *PermitTerms
	Diverse *DiversityTerms
	Apart   *SeparationTerms
}

// Source is where a rule comes from.
type Source struct {
	Document string `json:"document"`
	Clause   string `json:"clause,omitempty"`
	Address  string `json:"address,omitempty"`
}

// Measure is what a share is counted in.
type Measure uint8

const (
	Count    Measure = iota // elements
	Traffic                 // Element.Traffic
	Premises                // Element.Premises
)

// Domain is what a share or a diversity is of.
type Domain struct {
	Functions []Function // empty is every one
	Where     string     // in CEL; empty for all
}

// Percent is a share in thousandths of a percent, 0 to 100,000.
type Percent int32

// Share is what a share cap adds.
type Share struct {
	Cap       Percent // that may be reached and not passed
	Measure   Measure
	PerVendor bool // each vendor's group is capped, and not all of them together
	Domain    Domain
}

// Geo is what a geographic exclusion adds.
type Geo struct {
	Zones  []Purpose
	Within float64 // metres
}

// FreezeTerms is what a freeze adds.
type FreezeTerms struct {
	After    Date // last day on which it was lawful
	Notice   bool // After is the day before the vendor was classed, for each vendor
	Install  bool // to install after it violates
	Purchase bool // to purchase after it violates
}

// PermitTerms is what a permission adds: the permit that is asked for.
type PermitTerms struct {
	Kind      string
	Authority string // empty for any
	Version   bool   // it names the version in use
	Site      bool   // it names the site
	Longest   int    // months that it may run; 0 for any
}

// DiversityTerms is what a diversity adds.
type DiversityTerms struct {
	Domain  Domain
	Vendors int     // groups at least
	Outside int     // groups at least that are not of the rule's class
	Share   Percent // that no group passes; 0 for no bound
	Measure Measure
}

// SeparationTerms is what an operational separation adds. With nothing in it, the rule binds
// whatever it selects.
type SeparationTerms struct {
	Require        string // in CEL, holds of an element that complies; empty for no condition
	OnlyDNNs       []ident.DNN
	OnlySlices     []ident.SNSSAI
	OnlyUserPlanes []string // elements, "own" for the core's own, or "tag:" and an element's tag
}

// String is the measure's word.
func (m Measure) String() string { return word(measureWords, m) }

// MarshalText is String.
func (m Measure) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String is in percent, without needless zeros.
func (p Percent) String() string { return strconv.FormatFloat(float64(p)/1000, 'f', -1, 64) + " %" }
