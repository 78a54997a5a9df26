package report

import (
	"fmt"
	"html/template"
	"strings"

	"cordon/rules"
	"cordon/trust"
)

// WhatIf is what would fall due in a network, and when.
type WhatIf struct {
	AsOf    rules.Date     `json:"as_of"`
	Regimes []Regime       `json:"regimes"`
	Rules   []Rule         `json:"rules"` // those named in the outlook that are known
	Outlook trust.Forecast `json:"outlook"`
	// Devices is how many are connected now, by element; absent where the network does not run.
	Devices map[string]int `json:"devices,omitempty"`

	law   map[string]*rules.Rule
	facts *rules.Facts // nil where the page has no map
}

// Draw has the page show a map of facts: which sites lose an element at once, and which later.
func (w *WhatIf) Draw(f *rules.Facts) { w.facts = f }

// NewWhatIf gathers an outlook. Regimes are those of the outlook, so that rules can be told with their
// sources where the outlook came as JSON, which has their ids only. Devices may be nil.
func NewWhatIf(asOf rules.Date, regimes []*rules.Regime, outlook trust.Forecast, devices map[string]int) *WhatIf {
	w := &WhatIf{AsOf: asOf, Regimes: []Regime{}, Outlook: outlook, Devices: devices, law: lawOf(regimes)}
	for _, g := range regimes {
		w.Regimes = append(w.Regimes, regimeOf(g))
	}
	named := ruleSet{}
	named.ofOutlook(&outlook, w.law)
	w.Rules = named.sorted()
	return w
}

// lawOf is all rules by their id.
func lawOf(regimes []*rules.Regime) map[string]*rules.Rule {
	law := map[string]*rules.Rule{}
	for _, g := range regimes {
		for _, r := range g.Rules {
			law[r.ID] = r
		}
	}
	return law
}

// Text is the outlook for a terminal.
func (w *WhatIf) Text() []byte {
	s, a := &sheet{}, w.ahead()
	s.wrap(0, a.outcome())
	s.under(w.AsOf, w.Regimes)
	s.ahead(a)
	s.ruleList(w.Rules)
	return s.bytes()
}

// HTML is the outlook as one page that needs nothing else.
func (w *WhatIf) HTML() []byte {
	a := w.ahead()
	p := &page{Title: "What falls due", Outcome: a.outcome(), AsOf: w.AsOf, Regimes: w.Regimes, Ahead: a, Rules: w.Rules}
	if w.facts != nil {
		p.Map = template.HTML(draw(w.facts, w.fates(), [3]string{"refused at once", "refused later", "not refused"}, "what happens first to an element of it if nothing is done"))
	}
	return render(p)
}

// fates is a verdict's shape for each element, by when it is refused if nothing is done.
func (w *WhatIf) fates() func(element string) rules.Act {
	fate := map[string]rules.Act{}
	for i := range w.Outlook.Due {
		for _, r := range w.Outlook.Due[i].AsIs.Refused {
			if _, sooner := fate[r.Element]; !sooner && i > 0 {
				fate[r.Element] = rules.Restrict
			} else if i == 0 {
				fate[r.Element] = rules.Refuse
			}
		}
	}
	return func(element string) rules.Act {
		if act, ok := fate[element]; ok {
			return act
		}
		return rules.Allow
	}
}

func (w *WhatIf) ahead() ahead { return aheadOf(w.Outlook, w.AsOf, w.law, w.Devices) }

// outcome is an outlook in a sentence.
func (a *ahead) outcome() string {
	if len(a.Dates) == 0 {
		return "No date was worked out."
	}
	first := &a.Dates[0]
	var b strings.Builder
	fmt.Fprintf(&b, "On %v %s refused", first.Date, count(first.AsIs.newly(), "element is", "elements are"))
	if n := len(first.AsIs.Dark); n > 0 {
		fmt.Fprintf(&b, ", and %s no other in reach", count(n, "radio has", "radios have"))
		if a.Running {
			b.WriteString(" for " + count(first.AsIs.Stranded, "device", "devices"))
		}
	}
	var later, planned int
	for i := range a.Dates[1:] {
		later += a.Dates[1+i].AsIs.newly()
		planned += a.Dates[1+i].Planned.newly()
	}
	fmt.Fprintf(&b, ". Afterwards %d more are if nothing is done, and %d if all plans are followed.", later, planned)
	return b.String()
}
