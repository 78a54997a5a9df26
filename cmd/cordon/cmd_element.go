package main

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cordon/console"
	"cordon/report"
	"cordon/rules"
)

// elements asks for every element with its verdict.
func (c *client) elements() (console.Elements, error) {
	return everyPage(c, "/v1/trust/elements", func(l *console.Elements) (*[]console.Element, string) { return &l.Elements, l.Next })
}

func elementList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all, err := api.elements()
	if err != nil {
		return err
	}
	return api.print(c.out, all, func() error {
		var rows [][]string
		for _, e := range all.Elements {
			devices := ""
			if e.Node != "" {
				devices = strconv.Itoa(e.Devices)
			}
			rows = append(rows, []string{e.Name, strings.Join(e.Functions, ","), e.Vendor, e.Site, e.Act, strings.Join(e.Owes, ","), e.Due, e.Rule, e.State, devices})
		}
		return table(c.out, "ELEMENT FUNCTIONS VENDOR SITE VERDICT OWES DUE RULE STATE DEVICES", rows)
	})
}

// why explains the verdict on an element, or on the radio of an identity.
func why(c *call) error {
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	return show(api, c.out, "/v1/trust/elements/"+url.PathEscape(c.args[0])+"/why", func(e rules.Explanation) error {
		_, err := c.out.Write(report.Explain(e))
		return err
	})
}

func findingList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	return show(api, c.out, "/v1/trust/findings", func(list console.Findings) error {
		var rows [][]string
		for _, f := range list.Findings {
			about := f.Why
			if f.Count == 0 {
				about = "cleared by " + f.ClearedBy + ": " + f.ClearedWhy
			}
			rows = append(rows, []string{f.Element, f.Kind, strconv.FormatUint(f.Count, 10), strconv.Itoa(f.Day), ago(f.Last), about})
		}
		if err := table(c.out, "ELEMENT KIND COUNT DAY LAST ABOUT", rows); err != nil {
			return err
		}
		return explainKinds(c.out, list.Findings)
	})
}

// explainKinds says once for each kind of finding what it means and what to do.
func explainKinds(w io.Writer, list []console.Finding) error {
	var told []string
	for _, f := range list {
		if f.Count == 0 || slices.Contains(told, f.Kind) {
			continue
		}
		told = append(told, f.Kind)
		if _, err := fmt.Fprintf(w, "\n%s: %s %s\n", f.Kind, f.Means, f.Do); err != nil {
			return err
		}
	}
	return nil
}

func findingClear(c *call) error {
	api, act, err := c.orders(1)
	if err != nil {
		return err
	}
	return c.lawOrder(api, "findings/clear", act, map[string]string{"element": c.args[0]})
}
