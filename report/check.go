package report

import (
	"cordon/rules"
	"cordon/trust"
)

// Check is what rules make of a set of records as of a date.
type Check struct {
	AsOf     rules.Date     `json:"as_of"`
	Snapshot string         `json:"snapshot"` // what a running network calls the same law, as "sha256:..."
	Regimes  []Regime       `json:"regimes"`  // in the order of their names
	Summary  Summary        `json:"summary"`
	Elements []Element      `json:"elements"` // every one once, in the order of names
	Rules    []Rule         `json:"rules"`    // those named anywhere in the check, in the order of ids
	Network  []Share        `json:"network"`  // what rules about the network as a whole come to
	Areas    []Area         `json:"areas"`    // tracking areas in which protected subscribers meet unlike verdicts
	Warnings []Warning      `json:"warnings"` // what is odd in the records
	Outlook  trust.Forecast `json:"outlook"`

	facts *rules.Facts
}

// Summary counts elements by verdict.
type Summary struct {
	Elements   int `json:"elements"`
	Allowed    int `json:"allowed"`
	Restricted int `json:"restricted"`
	Refused    int `json:"refused"`
	Due        int `json:"due"` // of the restricted: those refused from a date that is known
}

// Regime is a set of rules in force.
type Regime struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Status     string      `json:"status"` // law, direction, guidance, proposal, reported or own
	Rules      int         `json:"rules"`
	Parameters []Parameter `json:"parameters"`
}

// Parameter is a contested point and how it is settled.
type Parameter struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Strict  string `json:"strictest"` // value, which is the default
	Because string `json:"why"`       // it is contested
}

// Element is the verdict on one element.
type Element struct {
	Name      string           `json:"name"`
	Functions []rules.Function `json:"functions"`
	Vendor    string           `json:"vendor"` // empty is unknown
	Site      string           `json:"site"`   // empty is unknown
	Act       rules.Act        `json:"act"`
	Owes      []string         `json:"owes"`
	Due       rules.Date       `json:"due"`  // first day on which a rule in force now refuses it
	Rule      string           `json:"rule"` // that decided; empty where none is violated
	// Missing is facts that the rule looked at and the records lack: what is not known counts as what is worst.
	Missing []string `json:"missing"`
	// Protected is what a protected subscriber meets at a radio; nil for other elements.
	Protected *Protected `json:"protected,omitempty"`
}

// Protected is the verdict on a radio for subscribers who are protected.
type Protected struct {
	Act  rules.Act `json:"act"`
	Owes []string  `json:"owes"`
	Rule string    `json:"rule"`
}

// Rule is a rule as its regime states it.
type Rule struct {
	ID        string       `json:"id"`
	Regime    string       `json:"regime"`
	Shape     rules.Shape  `json:"shape"`
	Text      string       `json:"text"`
	Status    rules.Status `json:"status"`
	Mark      rules.Mark   `json:"mark"` // how well its text is known: F, F2, M or A
	Source    rules.Source `json:"source"`
	Refuses   int          `json:"refuses,omitempty"`   // elements of a check that it decided to refuse
	Restricts int          `json:"restricts,omitempty"` // elements of a check that it decided to restrict
}

// Share is what a share cap or a diversity rule comes to for one vendor's group, or for all together.
type Share struct {
	Rule    string        `json:"rule"`
	Group   string        `json:"group"`   // vendor; "unknown" for unknown makers, empty for all that the rule selects
	Measure string        `json:"measure"` // count, traffic or premises
	Share   float64       `json:"share"`   // percent now
	Capped  bool          `json:"capped"`  // the rule has a cap
	Cap     float64       `json:"cap"`     // percent
	Members int           `json:"members"` // elements of the group
	Over    int           `json:"over"`    // of these, those beyond the cap
	Unknown int           `json:"unknown"` // of those over, whose measure is not known
	Vendors int           `json:"vendors"` // of a diversity rule: groups there are
	Wanted  int           `json:"wanted"`  // of a diversity rule: groups there must be
	Outcome rules.Outcome `json:"outcome"` // satisfied, grace or violated
	Due     rules.Date    `json:"due"`
}

// Warning is something odd in records that does not keep them from being used.
type Warning struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Area is a tracking area whose radios do not all treat protected subscribers alike. A phone that one of them
// refuses avoids all of the area (TS 24.501 §5.5.1.2.5, 5GMM cause 15), the others included.
type Area struct {
	PLMN   string   `json:"plmn"`
	TAC    string   `json:"tac"`    // as 7 (0x000007)
	Refuse []string `json:"refuse"` // radios that serve, and refuse protected subscribers
	Serve  []string `json:"serve"`  // radios that serve protected subscribers too
}
