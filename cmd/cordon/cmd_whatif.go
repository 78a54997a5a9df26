package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"cordon/console"
	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// words is a flag that may stand several times.
type words []string

func (w *words) String() string     { return "" }
func (w *words) Set(s string) error { *w = append(*w, s); return nil }

// whatIf asks a running core what other regimes, or another day, would do to it.
func whatIf(c *call) error {
	var regimes words
	c.flags.Var(&regimes, "regime", "`name` of a regime that comes with Cordon, in place of those in force; may stand several times")
	asOf := c.flags.String("as-of", "", "the day to judge for, as 2027-12-31 (default: today)")
	months := c.flags.Int("months", 0, "how many months to look ahead from there (default 120)")
	page := c.flags.String("html", "", "write a page to this file, instead of text")
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	if api.json && *page != "" {
		return misused("want either --json or --html")
	}
	q := url.Values{"regime": regimes}
	if *asOf != "" {
		if _, err := rules.ParseDate(*asOf); err != nil {
			return misused("--as-of: %v", err)
		}
		q.Set("as_of", *asOf)
	}
	if *months != 0 {
		q.Set("months", strconv.Itoa(*months))
	}
	var answer console.WhatIf
	if err := api.get("/v1/trust/whatif?"+q.Encode(), &answer); err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, answer)
	}
	r, err := api.whatIfReport(regimes, answer)
	if err != nil {
		return err
	}
	if *page != "" {
		if err := api.drawOn(r); err != nil {
			fmt.Fprintf(c.err, "the page has no map: %v\n", err)
		}
		return os.WriteFile(*page, r.HTML(), 0o644)
	}
	fmt.Fprintf(c.out, "At once, with what is connected now:\n")
	answer.Now.DryRun = true
	if err := printCut(c.out, answer.Now); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "\n%s", r.Text())
	return err
}

// whatIfReport gathers what a report needs besides: the regimes with their sources, as far as they come
// with Cordon, and how many devices are where.
func (c *client) whatIfReport(names []string, answer console.WhatIf) (*report.WhatIf, error) {
	var list []*rules.Regime
	for _, name := range names {
		regime, err := rules.Pack(name)
		if err != nil {
			return nil, err
		}
		list = append(list, regime)
	}
	if len(names) == 0 {
		var law console.LawStatus
		if err := c.get("/v1/trust/law", &law); err != nil {
			return nil, err
		}
		list = packsOf(law)
	}
	all, err := c.elements()
	if err != nil {
		return nil, err
	}
	devices := map[string]int{}
	for _, e := range all.Elements {
		if e.Devices > 0 {
			devices[e.Name] = e.Devices
		}
	}
	return report.NewWhatIf(answer.AsOf, list, answer.Outlook, devices), nil
}

// drawOn has a page show the map, from the records in force.
func (c *client) drawOn(r *report.WhatIf) error {
	text, err := c.fetch(http.MethodGet, "/v1/trust/records", "", nil, maxExport)
	if err != nil {
		return err
	}
	facts, _, err := trust.Parse([]trust.File{{Name: "records.yaml", Text: text}})
	if err != nil {
		return fmt.Errorf("reading the records in force: %w", err)
	}
	r.Draw(facts)
	return nil
}

// packsOf are the regimes in force that come with Cordon, settled as they are there. Of an operator's own
// the sources are not known here.
func packsOf(law console.LawStatus) []*rules.Regime {
	var list []*rules.Regime
	for _, r := range law.Regimes {
		regime, err := rules.Pack(r.Name)
		if err == nil {
			regime, err = regime.With(r.Parameters)
		}
		if err == nil {
			list = append(list, regime)
		}
	}
	return list
}
