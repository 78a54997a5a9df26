package trust

import (
	"fmt"
	"slices"

	"cordon/rules"
)

// Forecast is what falls due when.
type Forecast struct {
	Due []Due `json:"due"`
	// Later is how many further dates in the time asked for were not worked out: plans' first, then the last of the rules'.
	Later int `json:"later,omitempty"`
}

// Due is what changes on one date, against the date before it in the forecast.
type Due struct {
	Date rules.Date `json:"date"`
	// AsIs holds if nobody does anything, Planned if all replacement plans are followed by their date.
	AsIs    Outcome `json:"as_is"`
	Planned Outcome `json:"planned"`
	// Cost of the plans due up to and on this date, by currency, in its whole units. "" is for costs without one.
	Cost map[string]int64 `json:"cost,omitempty"`
}

// Outcome is what the rules make of a network on a date.
type Outcome struct {
	Refused    []Refusal `json:"refused,omitempty"`  // newly, by name
	Restored   []string  `json:"restored,omitempty"` // no longer refused, by name
	Dark       []Loss    `json:"dark,omitempty"`     // radios newly refused, with who could serve instead
	Serving    int       `json:"serving"`            // elements allowed or restricted
	Restricted int       `json:"restricted"`         // of which restricted
	Shares     []Share   `json:"shares,omitempty"`   // what caps and diversity rules come to
}

// Refusal is an element and the rule that refuses it.
type Refusal struct {
	Element string      `json:"element"`
	RuleID  string      `json:"rule"`
	Rule    *rules.Rule `json:"-"`
}

// Share is what a rule about the network as a whole comes to.
type Share struct {
	RuleID string `json:"rule"`
	rules.NetworkRuling
}

// maxDates is how many dates a forecast works out.
const maxDates = 60

// Outlook says what falls due from a date on, for so many months: dates on which the rules' verdicts change, or
// a replacement is planned. The first entry is of that date itself, against a network in which nothing is refused.
func Outlook(f *rules.Facts, regimes []*rules.Regime, from rules.Date, months int) (Forecast, error) {
	now, err := rules.Compile(f, regimes, from)
	if err != nil {
		return Forecast{}, fmt.Errorf("the outlook from %v: %w", from, err)
	}
	plans := planDates(f)
	dates, later := forecastDates(now.Dates(), plans, from, from.AddMonths(months))
	forecast := Forecast{Later: later}
	var asIs, planned standing
	for _, d := range dates {
		due := Due{Date: d, Cost: costs(f, d)}
		changed, err := due.workOut(f, regimes, &asIs, &planned)
		if err != nil {
			return Forecast{}, fmt.Errorf("the outlook for %v: %w", d, err)
		}
		if _, replaced := slices.BinarySearch(plans, d); changed || replaced || d == from {
			forecast.Due = append(forecast.Due, due)
		}
	}
	return forecast, nil
}

// planDates are the days on which replacements are planned, in order.
func planDates(f *rules.Facts) []rules.Date {
	var days []rules.Date
	for i := range f.Elements {
		if p := f.Elements[i].Plan; p != nil {
			days = append(days, p.By)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// forecastDates are the dates that a forecast works out, in order, and how many are left out. Plans give way to the rules'
// dates: a deadline is not to disappear behind a thousand replacements.
func forecastDates(law, plans []rules.Date, from, end rules.Date) (dates []rules.Date, left int) {
	dates = []rules.Date{from}
	for _, days := range [][]rules.Date{law, plans} {
		known := dates
		for _, d := range days {
			switch {
			case d <= from || d > end || slices.Contains(known, d):
			case len(dates) == maxDates:
				left++
			default:
				dates = append(dates, d)
			}
		}
	}
	slices.Sort(dates)
	return dates, left
}

// workOut fills in both outcomes, and reports whether either changes anything.
func (d *Due) workOut(f *rules.Facts, regimes []*rules.Regime, asIs, planned *standing) (bool, error) {
	snapshot, err := rules.Compile(f, regimes, d.Date)
	if err != nil {
		return false, err
	}
	one := asIs.next(f, snapshot, &d.AsIs)
	if slices.ContainsFunc(f.Elements, func(e rules.Element) bool { return e.Plan != nil && e.Plan.By <= d.Date }) {
		f = Follow(f, d.Date)
		if snapshot, err = rules.Compile(f, regimes, d.Date); err != nil {
			return false, err
		}
	}
	other := planned.next(f, snapshot, &d.Planned)
	return one || other, nil
}

// standing is how things stood on the date looked at last.
type standing struct {
	refused    map[string]bool
	restricted int
}

// next goes on to a snapshot of another date, and says what changes.
func (s *standing) next(f *rules.Facts, snapshot *rules.Snapshot, out *Outcome) bool {
	for _, n := range snapshot.Network() {
		out.Shares = append(out.Shares, Share{n.Rule.ID, n})
	}
	refused := map[string]bool{}
	var newly, lawful []string
	for e, v := range snapshot.Elements() {
		if v.Act != rules.Refuse {
			out.Serving++
			if v.Act == rules.Restrict {
				out.Restricted++
			}
			lawful = append(lawful, e.Name)
			continue
		}
		refused[e.Name] = true
		if !s.refused[e.Name] {
			out.Refused = append(out.Refused, Refusal{e.Name, v.Rule.ID, v.Rule})
			newly = append(newly, e.Name)
		}
	}
	for name := range s.refused {
		if !refused[name] {
			out.Restored = append(out.Restored, name)
		}
	}
	slices.Sort(out.Restored)
	out.Dark = Dark(f, newly, lawful)
	changed := len(newly)+len(out.Restored) > 0 || out.Restricted != s.restricted
	*s = standing{refused, out.Restricted}
	return changed
}

// costs is what the plans up to a date cost.
func costs(f *rules.Facts, on rules.Date) map[string]int64 {
	sum := map[string]int64{}
	for i := range f.Elements {
		if p := f.Elements[i].Plan; p != nil && p.By <= on && p.Cost > 0 {
			sum[p.Currency] += p.Cost
		}
	}
	return sum
}

// Follow is the facts as they are on a date if all replacement plans are followed: what is planned by then is
// of the new maker, bought and installed on the plan's day, and without what was known or permitted of the old. Where the old
// maker managed, supported or wrote software for it, the new one does.
func Follow(f *rules.Facts, on rules.Date) *rules.Facts {
	out := *f
	out.Elements = slices.Clone(f.Elements)
	replaced := map[string]bool{}
	for i := range out.Elements {
		e := &out.Elements[i]
		if e.Plan == nil || e.Plan.By > on {
			continue
		}
		replaced[e.Name] = true
		replace(e)
	}
	out.Findings = slices.DeleteFunc(slices.Clone(f.Findings), func(o rules.Observation) bool { return replaced[o.Element] })
	return &out
}

func replace(e *rules.Element) {
	old, by := e.Vendor, e.Plan
	succeed := func(name string) string {
		if name == old && name != "" {
			return by.Vendor
		}
		return name
	}
	e.Vendor, e.Installed, e.Purchased = by.Vendor, by.By, by.By
	e.Manager, e.Management.Staff = succeed(e.Manager), succeed(e.Management.Staff)
	e.Support, e.Software = successors(e.Support, succeed), successors(e.Software, succeed)
	e.Model, e.Version, e.Digest, e.Fingerprint, e.WireGuard = "", "", "", "", ""
	e.Permits, e.SupportEnd, e.LikeForLike, e.Plan = nil, 0, false, nil
}

// successors is a list of vendors with the old one replaced, none of them empty or twice.
func successors(vendors []string, succeed func(string) string) []string {
	var out []string
	for _, v := range vendors {
		if v = succeed(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
