package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cordon/rules"
	"cordon/trust"
)

// ahead is an outlook as text and pages tell it.
type ahead struct {
	Dates   []day
	Later   int  // dates that were not worked out
	Running bool // devices are counted
}

// day is what falls due on one date.
type day struct {
	Date    rules.Date
	In      string // how far ahead
	AsIs    change
	Planned change
	Same    bool // planned as if nothing were done
	Cost    string
}

// change is what a date brings.
type change struct {
	Serving, Restricted int
	Refused             []refusals
	Restored            []string
	Dark                []string // radios that no other in reach stands in for
	Stranded            int      // devices that they have now
	Shares              []Share
}

// refusals is the elements that one rule refuses.
type refusals struct {
	Rule     string
	Elements []string
}

// aheadOf tells an outlook. Law is the rules that it may name where it came as JSON; devices may be nil.
func aheadOf(f trust.Forecast, asOf rules.Date, law map[string]*rules.Rule, devices map[string]int) ahead {
	a := ahead{Later: f.Later, Running: devices != nil}
	for i := range f.Due {
		due := &f.Due[i]
		d := day{Date: due.Date, In: "the day itself", AsIs: changeOf(&due.AsIs, law, devices), Planned: changeOf(&due.Planned, law, devices), Cost: costs(due.Cost)}
		if n := int(due.Date - asOf); n != 0 {
			d.In = "in " + count(n, "day", "days")
		}
		d.Same = d.AsIs.equal(&d.Planned)
		a.Dates = append(a.Dates, d)
	}
	return a
}

func changeOf(o *trust.Outcome, law map[string]*rules.Rule, devices map[string]int) change {
	c := change{Serving: o.Serving, Restricted: o.Restricted, Restored: o.Restored}
	by := map[string][]string{}
	for _, r := range o.Refused {
		by[r.RuleID] = append(by[r.RuleID], r.Element)
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		c.Refused = append(c.Refused, refusals{id, by[id]})
	}
	for i := range o.Dark {
		if l := &o.Dark[i]; l.Dark() {
			c.Dark = append(c.Dark, l.Element)
			c.Stranded += devices[l.Element]
		}
	}
	for _, sh := range o.Shares {
		told := shareOf(cmp.Or(sh.Rule, law[sh.RuleID]), sh.NetworkRuling)
		told.Rule = sh.RuleID
		c.Shares = append(c.Shares, told)
	}
	return c
}

func (c *change) equal(o *change) bool {
	return c.Serving == o.Serving && c.Restricted == o.Restricted && slices.Equal(c.Restored, o.Restored) && slices.Equal(c.Dark, o.Dark) &&
		slices.Equal(c.Shares, o.Shares) && slices.EqualFunc(c.Refused, o.Refused, func(a, b refusals) bool {
		return a.Rule == b.Rule && slices.Equal(a.Elements, b.Elements)
	})
}

// newly counts what a date refuses.
func (c *change) newly() int {
	n := 0
	for _, r := range c.Refused {
		n += len(r.Elements)
	}
	return n
}

// costs is sums by currency.
func costs(by map[string]int64) string {
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, strings.TrimSpace(grouped(by[currency])+" "+clean(currency)))
	}
	return strings.Join(parts, ", ")
}

// grouped is a whole number with its digits in threes.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

// ahead is what falls due, for a terminal.
func (s *sheet) ahead(a ahead) {
	if len(a.Dates) == 0 {
		return
	}
	s.head("What falls due")
	for i := range a.Dates {
		d := &a.Dates[i]
		s.line("  %v, %s", d.Date, d.In)
		if d.Same {
			s.change("with or without plans", &d.AsIs, a.Running)
		} else {
			s.change("if nothing is done", &d.AsIs, a.Running)
			s.change("if plans are followed", &d.Planned, a.Running)
		}
		if d.Cost != "" {
			s.line("    plans up to then cost %s", d.Cost)
		}
	}
	if a.Later > 0 {
		s.line("  %s not worked out: ask for fewer months, or from a later date.", count(a.Later, "further date was", "further dates were"))
	}
}

const maxListed = 12 // elements named in a line

func (s *sheet) change(as string, c *change, running bool) {
	s.line("    %s: %s, %d of them restricted", as, count(c.Serving, "element serves", "elements serve"), c.Restricted)
	for _, r := range c.Refused {
		s.wrap(6, fmt.Sprintf("newly refused under %s (%d): %s", clean(r.Rule), len(r.Elements), list(r.Elements, maxListed)))
	}
	if len(c.Restored) > 0 {
		s.wrap(6, "no longer refused: "+list(c.Restored, maxListed))
	}
	if len(c.Dark) > 0 {
		text := "without another radio in reach: " + list(c.Dark, maxListed)
		if running {
			text += " (" + count(c.Stranded, "device", "devices") + " now)"
		}
		s.wrap(6, text)
	}
	for _, l := range c.Lines() {
		s.wrap(6, "share under "+clean(l.Rule)+": "+l.Text)
	}
}

// line is what one rule about the network comes to, the largest share first.
type line struct {
	Share // the largest
	Text  string
}

// Lines is a line for each rule about the network.
func (c *change) Lines() []line {
	var all []line
	for i := 0; i < len(c.Shares); {
		n := i
		for n < len(c.Shares) && c.Shares[n].Rule == c.Shares[i].Rule {
			n++
		}
		of := slices.Clone(c.Shares[i:n])
		slices.SortStableFunc(of, func(a, b Share) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Group, b.Group)) })
		parts := make([]string, min(len(of), maxListed))
		for j := range parts {
			parts[j] = fmt.Sprintf("%s %.1f %%", short(of[j].whose(), maxName), of[j].Share)
		}
		text := strings.Join(parts, ", ")
		if of[0].Capped {
			text += fmt.Sprintf(" (cap %g %%)", of[0].Cap)
		}
		all = append(all, line{of[0], text + of[0].vendors() + "; " + of[0].comes()})
		i = n
	}
	return all
}
