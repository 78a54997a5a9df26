package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cordon/document"
)

// ruleReader reads one rule and knows where each of its entries stands.
type ruleReader struct {
	*packReader
	rule  *Rule
	at    map[string]document.Node
	unmet bool // a condition of "when" does not hold
	terms shapeTerms
}

func (p *packReader) rule(r *document.Reader, n document.Node) {
	q := &ruleReader{packReader: p, rule: &Rule{Regime: p.g, Status: p.g.Status}, at: map[string]document.Node{}}
	entries := append(q.heading(), q.selection()...)
	entries = append(entries, q.shapeEntries()...)
	document.Section(entries...)(r, n)
	bad := func(name, format string, args ...any) {
		at, path := n.Place(), r.Path()
		if on, ok := q.at[name]; ok {
			at, path = on.Place(), path+"."+name
		}
		r.BadAt(at, path, format, args...)
	}
	if _, ok := q.at["mark"]; !ok && q.rule.Status == Own {
		q.rule.Mark = MarkPrimary
	} else if !ok {
		bad("mark", "mark is missing: want F, F2, M or A, by how well its source is known")
	}
	for _, need := range []string{"id", "shape", "text", "source"} {
		if _, ok := q.at[need]; !ok {
			bad(need, "%s is missing", need)
		}
	}
	if line, twice := p.ids[q.rule.ID]; twice && q.rule.ID != "" {
		bad("id", "%s stands there twice: the first is on line %d", q.rule.ID, line)
	}
	p.ids[q.rule.ID] = n.Place().Line
	q.finish(bad)
	if !q.unmet {
		p.g.Rules = append(p.g.Rules, q.rule)
	}
}

// field is an entry whose place is remembered.
func (q *ruleReader) field(name string, read document.Reading) document.Entry {
	return document.Field(name, func(r *document.Reader, n document.Node) {
		q.at[name] = n
		read(r, n)
	})
}

func (q *ruleReader) text(name string, to *string) document.Entry {
	return q.field(name, q.value(func(s string) error {
		if s == "" {
			return errors.New("want a text that is not empty")
		}
		*to = s
		return nil
	}))
}

// parsed reads one scalar with a parser.
func parsed[T any](q *ruleReader, name string, to *T, parse func(string) (T, error)) document.Entry {
	return q.field(name, q.value(func(s string) (err error) {
		*to, err = parse(s)
		return err
	}))
}

// listed reads a list of scalars with a parser.
func listed[T any](q *ruleReader, name string, to *[]T, parse func(string) (T, error)) document.Entry {
	return q.field(name, document.Each(q.value(func(s string) error {
		v, err := parse(s)
		*to = append(*to, v)
		return err
	})))
}

func yes(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, fmt.Errorf("%.20q: want true or false", s)
	}
	return s == "true", nil
}

func number(low, high int) func(string) (int, error) {
	return func(s string) (int, error) {
		v, err := strconv.Atoi(s)
		if err != nil || v < low || v > high {
			return 0, fmt.Errorf("%.20q: want a number from %d to %d", s, low, high)
		}
		return v, nil
	}
}

func (q *ruleReader) heading() []document.Entry {
	u := q.rule
	return []document.Entry{
		parsed(q, "id", &u.ID, ruleID),
		parsed(q, "shape", &u.Shape, parseWord[Shape](shapeWords[:RecordMatch], "shape of a rule")),
		q.text("text", &u.Text),
		parsed(q, "status", &u.Status, parseWord[Status](statusWords, "status")),
		parsed(q, "mark", &u.Mark, parseWord[Mark](markWords, "evidence mark")),
		q.field("source", document.Section(
			document.Need("document", document.Text(&u.Source.Document)),
			document.Field("clause", document.Text(&u.Source.Clause)),
			document.Field("address", document.Text(&u.Source.Address)),
		)),
		q.field("when", document.Names(q.condition)),
		parsed(q, "from", &u.From, ParseDate),
		parsed(q, "target", &u.Target, ParseDate),
		parsed(q, "hard", &u.Hard, ParseDate),
		parsed(q, "until", &u.Until, ParseDate),
		parsed(q, "trigger", &u.Trigger, func(s string) (bool, error) {
			if s != "notice" {
				return false, fmt.Errorf("%.20q: want notice", s)
			}
			return true, nil
		}),
		parsed(q, "months", &u.Months, number(1, 600)),
		parsed(q, "act", &u.Act, func(s string) (Act, error) {
			a, err := ParseAct(s)
			if err == nil && a == Allow {
				err = errors.New("a rule refuses or restricts: it cannot allow what another does not")
			}
			return a, err
		}),
		q.field("owes", document.Each(q.value(func(s string) error {
			o, err := parseOwes([]string{s})
			u.Owes |= o
			return err
		}))),
		parsed(q, "protected", &u.Protected, yes),
	}
}

// condition is the value that a parameter must have for the rule to be in force.
func (q *ruleReader) condition(parameter string) document.Reading {
	return func(r *document.Reader, n document.Node) {
		has, err := q.valueOf(parameter)
		if err != nil {
			r.Bad(n, "%s", err)
		}
		q.value(func(s string) error {
			i := slices.IndexFunc(q.g.Parameters, func(o Parameter) bool { return o.Name == parameter })
			if i >= 0 && !slices.Contains(q.g.Parameters[i].Values, s) {
				return fmt.Errorf("parameter %s has no value %.40q%s", parameter, s, meant(s, q.g.Parameters[i].Values))
			}
			q.unmet = q.unmet || has != s
			return nil
		})(r, n)
	}
}

func (q *ruleReader) selection() []document.Entry {
	u := q.rule
	return []document.Entry{
		q.field("functions", q.functions(&u.Functions)),
		parsed(q, "class", &u.Class, func(s string) (Class, error) {
			if s != "high-risk" && s != "any" {
				return 0, fmt.Errorf("%.20q: want high-risk or any", s)
			}
			return map[string]Class{"high-risk": HighRisk}[s], nil
		}),
		parsed(q, "anyone", &u.Anyone, yes),
		q.cel("where", &u.Where),
		q.cel("except", &u.Except),
	}
}

// cel reads a selector and sees that it compiles.
func (q *ruleReader) cel(name string, to *string) document.Entry {
	return q.field(name, func(r *document.Reader, n document.Node) {
		text, ok := "", false
		document.Value(&text, "an expression in CEL", func(s string) (string, error) { ok = true; return s, nil })(r, n)
		if !ok {
			return
		}
		text, err := q.insert(text)
		if err == nil {
			q.g.selectors[text], err = q.lang.compile(text)
		}
		if err != nil {
			r.Bad(n, "%s", err)
			return
		}
		*to = text
	})
}

// insert puts the values of parameters in place of their names: numbers as they are, others as texts.
func (q *ruleReader) insert(s string) (string, error) {
	var b strings.Builder
	for {
		head, rest, ok := strings.Cut(s, "$")
		b.WriteString(head)
		if !ok {
			return b.String(), nil
		}
		end := strings.IndexFunc(rest, func(c rune) bool { return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') })
		if end < 0 {
			end = len(rest)
		}
		v, err := q.valueOf(rest[:end])
		if err != nil {
			return "", err
		}
		if _, err := strconv.ParseInt(v, 10, 64); err != nil && v != "true" && v != "false" {
			v = strconv.Quote(v)
		}
		b.WriteString(v)
		s = rest[end:]
	}
}
