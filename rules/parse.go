package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cordon/document"
)

// packLimits bounds the file of a regime. The largest of ours has some forty rules.
var packLimits = document.Limits{Size: 1 << 20, Depth: 8, Items: 2000, Text: 4000, Problems: 50}

// Parse reads a regime's file, whose form is told at the head of this package. Its error joins a
// [document.Problem] for everything that is wrong, with file, line and column. The regime has the defaults
// of its parameters.
func Parse(file string, text []byte) (*Regime, error) { return parse(file, text, nil) }

// With is the regime with other values of its parameters, by their names.
func (g *Regime) With(values map[string]string) (*Regime, error) {
	var wrong []error
	for name, v := range values {
		i := slices.IndexFunc(g.Parameters, func(p Parameter) bool { return p.Name == name })
		if i < 0 {
			names := make([]string, len(g.Parameters))
			for i, p := range g.Parameters {
				names[i] = p.Name
			}
			wrong = append(wrong, fmt.Errorf("regime %s has no parameter %.40q%s", g.Name, name, meant(name, names)))
		} else if !slices.Contains(g.Parameters[i].Values, v) {
			wrong = append(wrong, fmt.Errorf("regime %s, parameter %s: %.40q is none of its values%s", g.Name, name, v, meant(v, g.Parameters[i].Values)))
		}
	}
	if wrong != nil {
		slices.SortFunc(wrong, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(wrong...)
	}
	if g.source == nil {
		return g, nil // made without a file, and so without parameters in it
	}
	all := map[string]string{}
	for _, p := range g.Parameters {
		all[p.Name] = p.Value
	}
	for name, v := range values {
		all[name] = v
	}
	return parse(g.file, g.source, all)
}

// packReader reads one file. Parameters are known before sets, and sets before rules, whatever their
// order in the file.
type packReader struct {
	g      *Regime
	chosen map[string]string // values of parameters that are not their default
	ids    map[string]int    // line of each rule
	lang   *language
}

func parse(file string, text []byte, chosen map[string]string) (*Regime, error) {
	p := &packReader{
		g:      &Regime{file: file, source: slices.Clone(text), Sets: map[string][]Function{}, selectors: map[string]*selector{}},
		chosen: chosen, ids: map[string]int{}, lang: newLanguage(),
	}
	r := document.NewReader(file, packLimits)
	if !r.YAML(text, p.regime) {
		r.BadAt(document.Place{Line: 1, Column: 1}, "", "the file is empty: want a regime")
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(p.g.Rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	return p.g, nil
}

// regime reads the whole file in three passes over its sections.
func (p *packReader) regime(r *document.Reader, n document.Node) {
	g := p.g
	later := func(*document.Reader, document.Node) {}
	fields := []document.Entry{
		document.Need("regime", p.value(func(s string) (err error) { g.Name, err = regimeName(s); return err })),
		document.Need("title", document.Text(&g.Title)),
		document.Field("country", p.value(func(s string) (err error) { g.Country, err = country(s); return err })),
		document.Need("status", p.value(func(s string) (err error) { g.Status, err = parseWord[Status](statusWords, "status")(s); return err })),
		document.Need("summary", document.Text(&g.Summary)),
		document.Field("vendors", document.Each(p.vendor)),
		document.Field("parameters", document.Each(p.parameter)),
		document.Field("sets", later),
		document.Need("rules", later),
	}
	document.Section(fields...)(r, n)
	for _, pass := range []document.Entry{
		document.Field("sets", document.Names(p.set)),
		document.Field("rules", document.Each(p.rule)),
	} {
		if !r.OK() {
			return
		}
		again := make([]document.Entry, len(fields))
		for i, f := range fields {
			again[i] = document.Field(f.Name(), later)
			if f.Name() == pass.Name() {
				again[i] = pass
			}
		}
		document.Section(again...)(r, n)
	}
	if i := slices.IndexFunc(g.Parameters, func(q Parameter) bool { return q.Name == "deadline_day" }); i >= 0 {
		g.DeadlineGrace = g.Parameters[i].Value == "included"
	}
}

// value reads a scalar after its parameter, if it names one.
func (p *packReader) value(set func(string) error) document.Reading {
	return func(r *document.Reader, n document.Node) {
		text, ok := "", false
		document.Value(&text, "a value", func(s string) (string, error) { ok = true; return s, nil })(r, n)
		if !ok {
			return
		}
		text, err := p.resolve(text)
		if err == nil {
			err = set(text)
		}
		if err != nil {
			r.Bad(n, "%s", err)
		}
	}
}

// resolve is the value of the parameter that a scalar names, or the scalar itself.
func (p *packReader) resolve(s string) (string, error) {
	name, ok := strings.CutPrefix(s, "$")
	if !ok {
		return s, nil
	}
	return p.valueOf(name)
}

func (p *packReader) valueOf(name string) (string, error) {
	names := make([]string, len(p.g.Parameters))
	for i, q := range p.g.Parameters {
		if q.Name == name {
			return q.Value, nil
		}
		names[i] = q.Name
	}
	return "", fmt.Errorf("no parameter is called %.40q%s", name, meant(name, names))
}

func (p *packReader) parameter(r *document.Reader, n document.Node) {
	var q Parameter
	document.Section(
		document.Need("name", p.value(func(s string) (err error) { q.Name, err = parameterName(s); return err })),
		document.Need("values", document.List(&q.Values, func(to *string) document.Reading { return document.Text(to) })),
		document.Need("why", document.Text(&q.Why)),
	)(r, n)
	switch {
	case len(q.Values) == 0 || slices.Contains(q.Values, ""):
		r.Bad(n, "parameter %s: want one or more values, the strictest first", q.Name)
		return
	case q.Name == "deadline_day" && slices.ContainsFunc(q.Values, func(v string) bool { return v != "excluded" && v != "included" }):
		r.Bad(n, "parameter deadline_day: want the values excluded and included")
	case slices.ContainsFunc(p.g.Parameters, func(o Parameter) bool { return o.Name == q.Name }):
		r.Bad(n, "parameter %s stands there twice", q.Name)
	}
	q.Value = q.Values[0]
	if v, ok := p.chosen[q.Name]; ok {
		q.Value = v
	}
	p.g.Parameters = append(p.g.Parameters, q)
}

func (p *packReader) vendor(r *document.Reader, n document.Node) {
	var v NamedVendor
	document.Section(
		document.Need("names", document.List(&v.Names, func(to *string) document.Reading { return document.Text(to) })),
		document.Need("class", p.value(func(s string) (err error) { v.Class, err = ParseClass(s); return err })),
		document.Field("notice", document.Text(&v.Notice)),
		document.Field("from", p.value(func(s string) (err error) { v.From, err = ParseDate(s); return err })),
	)(r, n)
	if len(v.Names) == 0 || slices.Contains(v.Names, "") {
		r.Bad(n, "want one or more names of the vendor")
	}
	p.g.Vendors = append(p.g.Vendors, v)
}

func (p *packReader) set(name string) document.Reading {
	return func(r *document.Reader, n document.Node) {
		if _, err := lowerName(name); err != nil {
			r.Bad(n, "%s", err)
		} else if slices.Contains(functionTags, Function(name)) {
			r.Bad(n, "%q is a function tag, and no name for a set", name)
		}
		var fs []Function
		p.functions(&fs)(r, n)
		p.g.Sets[name] = fs
	}
}

// functions reads a list of function tags and names of sets.
func (p *packReader) functions(to *[]Function) document.Reading {
	return document.Each(p.value(func(s string) error {
		add, ok := p.g.Sets[s]
		if !ok {
			f, err := ParseFunction(s)
			if err != nil {
				names := make([]Function, 0, len(p.g.Sets))
				for name := range p.g.Sets {
					names = append(names, Function(name))
				}
				slices.Sort(names)
				return fmt.Errorf("%.40q is neither a set of this regime nor a function tag%s", s, meant(s, append(names, functionTags...)))
			}
			add = []Function{f}
		}
		for _, f := range add {
			if !slices.Contains(*to, f) {
				*to = append(*to, f)
			}
		}
		slices.Sort(*to)
		return nil
	}))
}
