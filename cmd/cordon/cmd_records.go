package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"cordon/document"
	"cordon/rules"
	"cordon/trust"
)

// checked is what "cordon records check --json" prints.
type checked struct {
	OK       bool            `json:"ok"`
	Problems []recordProblem `json:"problems"`
	Warnings []recordProblem `json:"warnings"`
}

type recordProblem struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
}

func recordsCheck(c *call) error {
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parseBetween(1, trust.MaxFiles); err != nil {
		return err
	}
	files, err := recordFiles(c.args)
	if err != nil {
		return err
	}
	facts, warnings, wrong := trust.Parse(files)
	if *asJSON {
		if err := printJSON(c.out, checked{OK: wrong == nil, Problems: recordProblems(problemsOf(wrong)), Warnings: recordProblems(warnings)}); err != nil {
			return err
		}
	} else {
		for _, w := range warnings {
			fmt.Fprintf(c.out, "odd: %v\n", w)
		}
	}
	if wrong != nil {
		return unusableRecords(wrong)
	}
	if *asJSON {
		return nil
	}
	return countRecords(c.out, facts)
}

func countRecords(w io.Writer, f *rules.Facts) error {
	_, err := fmt.Fprintf(w, "ok: %s, %s, %s, %s, %s\n", plural(len(f.Vendors), "vendor"), plural(len(f.Sites), "site"), plural(len(f.Zones), "zone"),
		plural(len(f.Elements), "element"), plural(len(f.Links), "link"))
	return err
}

// unusableRecords says what is wrong with records, each place on a line of its own.
func unusableRecords(err error) error { return fmt.Errorf("the records are not usable:\n%w", err) }

// problemsOf takes apart what [trust.Parse] joins.
func problemsOf(err error) (list []*document.Problem) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			list = append(list, problemsOf(e)...)
		}
		return list
	}
	if p, ok := errors.AsType[*document.Problem](err); ok {
		return []*document.Problem{p}
	} else if err != nil {
		return []*document.Problem{{Message: err.Error()}}
	}
	return nil
}

func recordProblems(list []*document.Problem) []recordProblem {
	out := make([]recordProblem, len(list))
	for i, p := range list {
		out[i] = recordProblem{p.File, p.Line, p.Column, p.Path, p.Message}
	}
	return out
}

func recordFiles(names []string) ([]trust.File, error) {
	var files []trust.File
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(f, trust.MaxOctets+1))
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if len(text) > trust.MaxOctets {
			return nil, fmt.Errorf("%s is larger than %d octets: split it", name, trust.MaxOctets)
		}
		files = append(files, trust.File{Name: name, Text: text})
	}
	return files, nil
}

// recordsImport writes inventories, zones and records as one file of records.
func recordsImport(c *call) error {
	if err := c.parseBetween(1, trust.MaxFiles); err != nil {
		return err
	}
	files, err := recordFiles(c.args)
	if err != nil {
		return err
	}
	facts, warnings, err := trust.Parse(files)
	for _, w := range warnings {
		fmt.Fprintf(c.err, "odd: %v\n", w)
	}
	if err != nil {
		return unusableRecords(err)
	}
	_, err = c.out.Write(trust.Export(facts))
	return err
}

// maxExport bounds what a core says its records are, in octets.
const maxExport = 1 << 30

// recordsExport prints the records in force, those that operators approved among them.
func recordsExport(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	text, err := api.fetch(http.MethodGet, "/v1/trust/records", "", nil, maxExport)
	if err != nil {
		return err
	}
	return api.print(c.out, map[string]string{"records": string(text)}, func() error { _, err := c.out.Write(text); return err })
}

func recordsSchema(c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	_, err := c.out.Write(trust.Schema())
	return err
}

//go:embed records_example.yaml
var exampleRecords string

// recordsExample prints records that go with the example configuration and the radios that "cordon ran"
// simulates.
func recordsExample(c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	_, err := io.WriteString(c.out, exampleRecords)
	return err
}
