package rules

import (
	"regexp"
	"slices"
)

// Dates is every day on which some verdict may change though no record does, in order: rules come into force and
// end, targets and hard dates fall, permits begin and expire, support ends, vendors are classed. Days before
// the snapshot's are among them.
func (s *Snapshot) Dates() []Date {
	if s == nil || s.base == nil {
		return nil
	}
	days := map[Date]bool{}
	after := func(d Date) {
		if d != 0 {
			days[d+1] = true
		}
	}
	notices := s.notices()
	for _, d := range notices {
		days[d] = true
	}
	for _, g := range s.regimes {
		for _, r := range g.Rules {
			days[r.From], days[r.Target] = true, true
			after(r.Until)
			for _, d := range r.hardDates(notices) {
				days[d] = true
			}
			for _, d := range r.named() {
				days[d], days[d+1] = true, true
			}
		}
	}
	for r := range s.names.all() {
		for _, p := range r.e.Permits {
			days[p.From] = true
			after(p.Until)
		}
		after(r.e.SupportEnd)
		for _, d := range []Date{r.e.SupportEnd, r.e.Installed, r.e.Purchased} {
			if d > s.asOf { // which an expression may compare with today
				days[d] = true
			}
		}
	}
	delete(days, 0)
	sorted := make([]Date, 0, len(days))
	for d := range days {
		sorted = append(sorted, d)
	}
	slices.Sort(sorted)
	return sorted
}

// notices is the days on which vendors are classed.
func (s *Snapshot) notices() []Date {
	var days []Date
	for _, g := range s.regimes {
		for _, v := range g.Vendors {
			days = append(days, v.From)
		}
	}
	for _, c := range s.companies {
		for _, k := range c.v.Classes {
			days = append(days, k.From)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// hardDates is the days on which violations stop being tolerated.
func (r *Rule) hardDates(notices []Date) []Date {
	days := []Date{r.Hard}
	if r.Trigger {
		for _, d := range notices {
			if d != 0 {
				days = append(days, d.AddMonths(r.Months))
			}
		}
	}
	for i, d := range days {
		if d != 0 && r.Regime.DeadlineGrace {
			days[i]++
		}
	}
	return days
}

// named is the days that a rule's expressions name, which today may be compared with.
func (r *Rule) named() []Date {
	texts := []string{r.Where, r.Except}
	if r.Apart != nil {
		texts = append(texts, r.Apart.Require)
	}
	if domain, _ := r.whole(); domain != nil {
		texts = append(texts, domain.Where)
	}
	var days []Date
	day := regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	for _, text := range texts {
		for _, found := range day.FindAllString(text, -1) {
			if d, err := ParseDate(found); err == nil {
				days = append(days, d)
			}
		}
	}
	return days
}
