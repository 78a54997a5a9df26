package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cordon/rules"
)

// Text is the check for a terminal: the outcome first, then what is refused, what is bounded, the network, deadlines
// and what is odd.
func (c *Check) Text() []byte {
	s := &sheet{}
	s.wrap(0, c.outcome())
	s.under(c.AsOf, c.Regimes)
	s.line("Snapshot %s.", c.Snapshot)
	for _, act := range []rules.Act{rules.Refuse, rules.Restrict, rules.Allow} {
		s.verdicts(c, act)
	}
	s.shares("The network as a whole", c.Network)
	s.areas(c.Areas)
	s.ahead(aheadOf(c.Outlook, c.AsOf, nil, nil))
	if len(c.Warnings) > 0 {
		s.head("Odd in the records")
		for _, w := range c.Warnings {
			s.wrap(2, "- "+clean(w.String()))
		}
	}
	s.ruleList(c.Rules)
	return s.bytes()
}

// outcome is a check in a sentence.
func (c *Check) outcome() string {
	n := c.Summary
	if n.Elements == 0 {
		return "There is no element in the records."
	}
	s := fmt.Sprintf("%s: %d refused, %d restricted, %d allowed.", count(n.Elements, "element", "elements"), n.Refused, n.Restricted, n.Allowed)
	if n.Due > 0 {
		s += fmt.Sprintf(" Of the restricted %d will be refused on a date that is known.", n.Due)
	}
	return s
}

// under says by what was judged.
func (s *sheet) under(asOf rules.Date, regimes []Regime) {
	if len(regimes) == 0 {
		s.line("As of %v, under no regime: only Cordon's own rules hold.", asOf)
		return
	}
	s.line("As of %v, under:", asOf)
	for _, g := range regimes {
		s.wrap(2, clean(g.Name)+" ("+g.Status+"): "+clean(g.Title))
		for _, p := range g.Parameters {
			s.line("    %s = %s%s", clean(p.Name), clean(p.Value), strict(p))
		}
	}
}

func strict(p Parameter) string {
	if p.Value == p.Strict {
		return ", the strictest"
	}
	return ", where the strictest is " + clean(p.Strict)
}

// verdicts lists the elements of one verdict.
func (s *sheet) verdicts(c *Check, act rules.Act) {
	var rows [][]string
	for i := range c.Elements {
		e := &c.Elements[i]
		if e.Act != act {
			continue
		}
		row := []string{short(e.Name, maxName), short(strings.Join(functions(e), ","), maxName), short(known(e.Vendor), maxName), cmp.Or(clean(e.Rule), "-")}
		rows = append(rows, append(row, strings.Join(notes(e), "; ")))
	}
	if len(rows) > 0 {
		word := participle(act)
		s.head("%s (%d)", strings.ToUpper(word[:1])+word[1:], len(rows))
		s.rows(2, rows)
	}
}

func functions(e *Element) []string {
	words := make([]string, len(e.Functions))
	for i, f := range e.Functions {
		words[i] = string(f)
	}
	return words
}

// notes is what a verdict obliges to, by when, and what differs for protected subscribers.
func notes(e *Element) []string {
	all := slices.Clone(e.Owes)
	if e.Due != 0 {
		all = append(all, "refused from "+e.Due.String())
	}
	if p := e.Protected; p != nil && (p.Act != e.Act || !slices.Equal(p.Owes, e.Owes)) {
		note := "protected subscribers: " + participle(p.Act)
		if len(p.Owes) > 0 {
			note += " (" + strings.Join(p.Owes, ", ") + ")"
		}
		if p.Rule != "" && p.Rule != e.Rule {
			note += " under " + clean(p.Rule)
		}
		all = append(all, note)
	}
	if keys := keys(e.Missing); len(keys) > 0 {
		all = append(all, "not in the record: "+list(keys, maxListed))
	}
	return all
}

// shares is what rules about the network come to.
func (s *sheet) shares(title string, shares []Share) {
	if len(shares) == 0 {
		return
	}
	s.head("%s", title)
	var rows [][]string
	for i := range shares {
		sh := &shares[i]
		rows = append(rows, []string{clean(sh.Rule), short(sh.whose(), maxName), sh.standing(), sh.comes()})
	}
	s.rows(2, rows)
}

// whose share it is.
func (sh *Share) whose() string {
	switch sh.Group {
	case "":
		return "all together"
	case "unknown":
		return "unknown makers"
	}
	return clean(sh.Group)
}

// standing is a share against its cap.
func (sh *Share) standing() string {
	text := fmt.Sprintf("%.1f %%", sh.Share)
	if sh.Measure != "" && sh.Measure != rules.Count.String() {
		text += " of " + sh.Measure
	}
	if sh.Capped {
		text += fmt.Sprintf(" (cap %g %%)", sh.Cap)
	}
	return text + sh.vendors()
}

// vendors is how many there are, where a rule asks for that.
func (sh *Share) vendors() string {
	if sh.Wanted == 0 {
		return ""
	}
	return fmt.Sprintf("; %s, want %d", count(sh.Vendors, "vendor", "vendors"), sh.Wanted)
}

// comes is what a share's rule comes to.
func (sh *Share) comes() string {
	text := came(sh.Outcome)
	if sh.Over > 0 {
		text += fmt.Sprintf(", %d of %d over", sh.Over, sh.Members)
	}
	if sh.Unknown > 0 {
		text += fmt.Sprintf(", %d without a measure on record", sh.Unknown)
	}
	if sh.Due != 0 {
		text += ", refused from " + sh.Due.String()
	}
	return text
}

// areas is the hint about tracking areas.
func (s *sheet) areas(areas []Area) {
	if len(areas) == 0 {
		return
	}
	s.head("Tracking areas to divide")
	s.wrap(2, areaHint)
	for _, a := range areas {
		s.wrap(2, "- "+a.name()+": refuse protected subscribers: "+list(a.Refuse, 8)+"; serve them: "+list(a.Serve, 8))
	}
}

const areaHint = "A protected phone that one radio refuses (5GMM cause 15) avoids the whole tracking area, and so the radios there that would serve it. " +
	"Give radios that refuse protected subscribers tracking areas of their own."

func (a *Area) name() string { return a.PLMN + " " + a.TAC }

// ruleList is every rule that was named, with its source.
func (s *sheet) ruleList(all []Rule) {
	if len(all) == 0 {
		return
	}
	s.head("Rules named above")
	for i := range all {
		r := &all[i]
		s.wrap(2, clean(r.ID)+" of "+clean(r.Regime)+" ("+r.Status.String()+"): "+clean(r.Text))
		s.wrap(4, source(r.Source))
		s.wrap(4, "mark "+r.Mark.String()+": "+sure(r.Mark, r.Status))
	}
}

// String is a warning with its place.
func (w Warning) String() string {
	var b strings.Builder
	if w.File != "" {
		b.WriteString(w.File + ":")
		if w.Line > 0 {
			fmt.Fprintf(&b, "%d:%d:", w.Line, w.Column)
		}
		b.WriteByte(' ')
	}
	if w.Path != "" {
		b.WriteString(w.Path + ": ")
	}
	return b.String() + w.Message
}
