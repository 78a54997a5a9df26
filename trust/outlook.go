package trust

import "cordon/rules"

// Due is what changes on one date, against the day before.
type Due struct {
	Date rules.Date
	// AsIs holds if nobody does anything, AsPlanned if all replacement plans are followed by their date.
	AsIs, AsPlanned Outcome
	// Cost of the plans due up to and on this date, by currency.
	Cost map[string]int64
}

// Outcome is what the rules make of a network on a date.
type Outcome struct {
	Refused    []Refusal // newly, by name
	Restored   []string  // no longer refused, by name
	Serving    int       // elements allowed or restricted
	Restricted int       // of which restricted
	Dark       []Loss    // radios newly refused, with who could serve instead
}

// Refusal is an element and the rule that refuses it.
type Refusal struct {
	Element string
	Rule    *rules.Rule
}

// Outlook says what falls due from a date on, for so many months. The first Due is of that date itself, against
// nothing refused.
func Outlook(f *rules.Facts, regimes []*rules.Regime, from rules.Date, months int) ([]Due, error) {
	return nil, nil
}

// Follow is the facts as they are on a date if all replacement plans are followed.
func Follow(f *rules.Facts, on rules.Date) *rules.Facts { return f }
