package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"slices"
	"strings"

	"cordon/rules"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// page is what a page shows; parts that are empty are left out.
type page struct {
	Title    string
	Outcome  string
	AsOf     rules.Date
	Snapshot string
	Regimes  []Regime
	Map      template.HTML // our own SVG, escaped already
	NoMap    string        // why there is none
	Elements []row
	Shares   []Share
	Areas    []Area
	Ahead    ahead
	Rules    []Rule
	Warnings []string
}

// row is an element with the rule that decided.
type row struct {
	Element
	Decides *Rule
}

// HTML is the check as one page that needs nothing else.
func (c *Check) HTML() []byte {
	p := &page{
		Title: "Check of records", Outcome: c.outcome(), AsOf: c.AsOf, Snapshot: c.Snapshot, Regimes: c.Regimes,
		Shares: c.Network, Areas: c.Areas, Ahead: aheadOf(c.Outlook, c.AsOf, nil, nil), Rules: c.Rules,
	}
	byID, acts := map[string]*Rule{}, map[string]rules.Act{}
	for i := range c.Rules {
		byID[c.Rules[i].ID] = &c.Rules[i]
	}
	for _, e := range c.Elements {
		acts[e.Name] = e.Act
		p.Elements = append(p.Elements, row{e, byID[e.Rule]})
	}
	slices.SortStableFunc(p.Elements, func(a, b row) int { return cmp.Compare(a.Act, b.Act) }) // the strictest first
	for _, w := range c.Warnings {
		p.Warnings = append(p.Warnings, w.String())
	}
	if drawn := Map(c.facts, func(name string) rules.Act { return acts[name] }); drawn != nil {
		p.Map = template.HTML(drawn)
	} else {
		p.NoMap = "No site and no zone has coordinates in the records."
	}
	return render(p)
}

// render fills in the page.
func render(p *page) []byte {
	t := template.Must(template.New("page").Funcs(template.FuncMap{
		"clean": clean, "style": func() template.CSS { return template.CSS(pageStyle) },
		"sign": sign, "done": participle, "force": force, "duty": duty, "count": count,
		"join":  func(of []string) string { return strings.Join(of, ", ") },
		"notes": func(r row) string { return strings.Join(notes(&r.Element), "; ") }, "functions": func(r row) []string { return functions(&r.Element) },
		"web": web, "marks": func() []rules.Mark { return marks }, "hint": func() string { return areaHint },
		"whose": func(s Share) string { return s.whose() }, "standing": func(s Share) string { return s.standing() },
		"comes": func(s Share) string { return s.comes() }, "strict": strict, "bar": func(v float64) float64 { return max(0, min(100, v)) },
	}).Parse(pageText))
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		panic(err) // the page and what fills it are ours
	}
	return b.Bytes()
}

// sign is a verdict's shape, the same as on the map.
func sign(a rules.Act) string {
	switch a {
	case rules.Refuse:
		return "■"
	case rules.Restrict:
		return "▲"
	}
	return "●"
}

// web reports that an address is one to follow; what an operator's rules name may be anything.
func web(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
