package report

import (
	"slices"
	"strings"

	"cordon/rules"
)

// Explain is a verdict as text: what it is, the rule that decides with its source, the facts used, what would
// change it, and then everything else that was about the element.
func Explain(e rules.Explanation) []byte {
	s := &sheet{}
	decides := slices.IndexFunc(e.Rules, func(r rules.Ruling) bool { return r.Rule == e.Rule && r.Act == e.Act })
	s.wrap(0, sentence(&e))
	if e.AsOf != 0 {
		s.line("Judged as of %v, %s.", e.AsOf, asked(e.Gate))
	}
	for _, w := range e.Owes {
		s.wrap(2, "Owes "+clean(w)+": "+duty(w)+".")
	}
	if decides >= 0 {
		r := &e.Rules[decides]
		s.head("The rule that decides")
		s.ruling(r)
		s.facts(r.Facts)
		s.advice(r)
	}
	s.regimes(&e)
	s.others(&e, decides)
	return s.bytes()
}

// sentence is the verdict in one sentence.
func sentence(e *rules.Explanation) string {
	name := clean(e.Element)
	if name == "" {
		name = "what was asked about"
	}
	switch {
	case !e.Known && e.Rule != "":
		return name + " has no record: it is refused, and waits until an operator has approved it."
	case !e.Known:
		return name + " is refused: no rules are in force to judge it by."
	case e.Act == rules.Allow && len(e.Rules) == 0:
		return name + " may serve: no rule is about it."
	case e.Act == rules.Allow:
		return name + " may serve: " + count(len(e.Rules), "rule is", "rules are") + " about it, and it violates none that restricts it."
	case e.Act == rules.Restrict && e.Due != 0:
		return name + " may serve within bounds, under " + clean(e.Rule) + ", and is refused from " + e.Due.String() + " on."
	case e.Act == rules.Restrict:
		return name + " may serve within bounds, under " + clean(e.Rule) + "."
	}
	return name + " is refused, under " + clean(e.Rule) + "."
}

// ruling is a rule with its text and how far to trust it.
func (s *sheet) ruling(r *rules.Ruling) {
	const width = 8
	s.wrap(2, clean(r.Rule)+" of "+clean(r.Regime)+" ("+r.Shape.String()+"): "+clean(r.Text))
	s.named(2, width, "source", source(r.Source))
	s.named(2, width, "mark", r.Mark.String()+": "+sure(r.Mark, r.Status))
	s.named(2, width, "status", r.Status.String()+": "+force(r.Status))
	comes := came(r.Outcome)
	if r.Due != 0 && r.Outcome == rules.Grace {
		comes += " until " + (r.Due - 1).String() + ", refused from " + r.Due.String() + " on"
	}
	s.named(2, width, "here", comes)
}

// source is a rule's source in a line.
func source(src rules.Source) string {
	var parts []string
	for _, p := range []string{src.Document, src.Clause, src.Address} {
		if p != "" {
			parts = append(parts, clean(p))
		}
	}
	return strings.Join(parts, "; ")
}

// facts is what a rule looked at.
func (s *sheet) facts(facts []rules.Fact) {
	var rows [][]string
	for _, f := range facts {
		if f.Known || !strings.HasPrefix(f.Name, "cut.") { // a cut names one of three
			rows = append(rows, []string{clean(f.Name), factValue(f)})
		}
	}
	if len(rows) > 0 {
		s.head("What it looked at")
		s.rows(2, rows)
	}
}

const maxFact = 200 // characters of a fact's value

// advice is what would change a verdict, where that is simple to say.
func (s *sheet) advice(r *rules.Ruling) {
	if r.Act == rules.Allow {
		return
	}
	s.head("What would change it")
	for _, a := range advice(r) {
		s.wrap(2, "- "+a)
	}
}

// regimes is what each regime alone comes to.
func (s *sheet) regimes(e *rules.Explanation) {
	if len(e.Regimes) == 0 {
		return
	}
	s.head("Each regime alone (the strictest binds)")
	var rows [][]string
	for _, g := range e.Regimes {
		row := []string{clean(g.Regime), g.Act.String(), clean(g.Rule), strings.Join(g.Owes, ", ")}
		if g.Due != 0 && g.Act != rules.Refuse {
			row = append(row, "refused from "+g.Due.String())
		}
		rows = append(rows, row)
	}
	s.rows(2, rows)
}

// others is every other rule that was about the element.
func (s *sheet) others(e *rules.Explanation, decides int) {
	if len(e.Rules) == 0 || len(e.Rules) == 1 && decides == 0 {
		return
	}
	s.head("Other rules about it")
	for i := range e.Rules {
		if i == decides {
			continue
		}
		r := &e.Rules[i]
		line := came(r.Outcome)
		if r.Act != rules.Allow {
			line += ", " + participle(r.Act)
		}
		s.wrap(2, clean(r.Rule)+": "+line+". "+clean(r.Text))
		s.wrap(4, source(r.Source)+" (mark "+r.Mark.String()+", "+r.Status.String()+")")
		if keys := lacking(r.Facts); len(keys) > 0 {
			s.wrap(4, "Not in the record: "+list(keys, maxListed)+".")
		}
	}
}
