package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"cordon/rules"
)

// packRow is a regime that comes with Cordon, as a list has it.
type packRow struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Country string         `json:"country,omitempty"`
	Status  rules.Status   `json:"status"`
	Rules   int            `json:"rules"`
	Marks   map[string]int `json:"marks"` // rules by how well they are known: F, F2, M, A
}

func rulesList(c *call) error {
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parse(0); err != nil {
		return err
	}
	var list []packRow
	var rows [][]string
	for _, name := range rules.Packs() {
		g, err := rules.Pack(name)
		if err != nil {
			return err
		}
		p := packRow{Name: g.Name, Title: g.Title, Country: g.Country, Status: g.Status, Rules: len(g.Rules), Marks: map[string]int{}}
		for _, r := range g.Rules {
			p.Marks[r.Mark.String()]++
		}
		var marks []string
		for _, m := range []string{"F", "F2", "M", "A"} {
			if n := p.Marks[m]; n > 0 {
				marks = append(marks, strconv.Itoa(n)+" "+m)
			}
		}
		list = append(list, p)
		rows = append(rows, []string{p.Name, p.Status.String(), strconv.Itoa(p.Rules), strings.Join(marks, ", "), p.Title})
	}
	if *asJSON {
		return printJSON(c.out, map[string][]packRow{"regimes": list})
	}
	return table(c.out, "NAME STATUS RULES MARKS TITLE", rows)
}

// shownRule is a rule as it is shown.
type shownRule struct {
	ID     string       `json:"id"`
	Shape  rules.Shape  `json:"shape"`
	Text   string       `json:"text"`
	Status rules.Status `json:"status"`
	Mark   rules.Mark   `json:"mark"`
	Source rules.Source `json:"source"`
	Act    rules.Act    `json:"act"` // what a violation means
	Owes   []string     `json:"owes,omitempty"`
	From   rules.Date   `json:"from,omitempty"`
	Target rules.Date   `json:"target,omitempty"`
	Hard   rules.Date   `json:"hard,omitempty"`
	Until  rules.Date   `json:"until,omitempty"`
	Months int          `json:"months,omitempty"` // after a vendor was classed
}

// shownParameter is a contested point as it is shown.
type shownParameter struct {
	Name   string   `json:"name"`
	Values []string `json:"values"` // the first is the strictest, and the default
	Why    string   `json:"why"`
}

func rulesShow(c *call) error {
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parse(1); err != nil {
		return err
	}
	g, err := rules.Pack(c.args[0])
	if err != nil {
		return fmt.Errorf("%w: \"cordon rules list\" has the names", err)
	}
	var list []shownRule
	for _, r := range g.Rules {
		list = append(list, shownRule{
			ID: r.ID, Shape: r.Shape, Text: r.Text, Status: r.Status, Mark: r.Mark, Source: r.Source, Act: r.Act, Owes: r.Owes.Words(),
			From: r.From, Target: r.Target, Hard: r.Hard, Until: r.Until, Months: r.Months,
		})
	}
	parameters := []shownParameter{}
	for _, p := range g.Parameters {
		parameters = append(parameters, shownParameter{p.Name, p.Values, p.Why})
	}
	if *asJSON {
		return printJSON(c.out, map[string]any{
			"name": g.Name, "title": g.Title, "country": g.Country, "status": g.Status, "summary": g.Summary, "parameters": parameters, "rules": list,
		})
	}
	fmt.Fprintf(c.out, "%s: %s (%s)\n\n%s\n", g.Name, g.Title, g.Status, strings.TrimSpace(g.Summary))
	for _, p := range parameters {
		fmt.Fprintf(c.out, "\nparameter %s: %s\n  %s\n", p.Name, strings.Join(p.Values, " (the default), or "), p.Why)
	}
	for _, r := range list {
		if err := r.print(c.out); err != nil {
			return err
		}
	}
	return nil
}

func (r *shownRule) print(w io.Writer) error {
	means := r.Act.String()
	if len(r.Owes) > 0 {
		means += ", owing " + strings.Join(r.Owes, ", ")
	}
	pairs := []string{"\n" + r.ID, r.Text, "  shape", r.Shape.String(), "  violated", means}
	for _, d := range []struct {
		name string
		day  rules.Date
	}{{"from", r.From}, {"target", r.Target}, {"hard", r.Hard}, {"until", r.Until}} {
		if d.day != 0 {
			pairs = append(pairs, "  "+d.name, d.day.String())
		}
	}
	if r.Months > 0 {
		pairs = append(pairs, "  hard", fmt.Sprintf("%d months after a vendor was classed", r.Months))
	}
	source := r.Source.Document
	if r.Source.Clause != "" {
		source += ", " + r.Source.Clause
	}
	pairs = append(pairs, "  status", r.Status.String(), "  mark", r.Mark.String()+", "+r.Mark.Means(), "  source", source)
	if r.Source.Address != "" {
		pairs = append(pairs, "  address", r.Source.Address)
	}
	return facts(w, pairs...)
}
