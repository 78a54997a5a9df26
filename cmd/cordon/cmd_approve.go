package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cordon/console"
	"cordon/rules"
	"cordon/trust"
)

// approval is the flags that make a record of what a radio claims.
type approval struct {
	file, name, vendor, manager, site, model string
	purchased, installed                     string
	from                                     *string
}

func (f *approval) define(fs *flag.FlagSet) {
	fs.StringVar(&f.file, "record", "", "file with the radio's record, as in a file of records; - for standard input. Without, the record is what the radio claims and:")
	fs.StringVar(&f.vendor, "vendor", "", "its maker: a vendor of the records")
	fs.StringVar(&f.manager, "manager", "", "the vendor of its management system; unknown counts as the worst")
	fs.StringVar(&f.site, "site", "", "where it stands: a site of the records")
	fs.StringVar(&f.name, "name", "", "its name in the records (default: its identity)")
	fs.StringVar(&f.model, "model", "", "what its maker calls it")
	fs.StringVar(&f.purchased, "purchased", "", "the day on which it was bought, as 2027-12-31")
	fs.StringVar(&f.installed, "installed", "", "the day on which it was installed")
}

// check sees that there is a record, or what makes one.
func (f *approval) check() error {
	filled := f.name + f.vendor + f.manager + f.site + f.model + f.purchased + f.installed
	switch {
	case f.file != "" && filled != "":
		return misused("--record is the whole record: name either it, or --vendor, --site and the like")
	case f.file != "" && *f.from != "":
		return misused("--record has the radio's addresses itself: take --from out")
	case f.file == "" && (f.vendor == "" || f.site == ""):
		return misused("want --record FILE, or --vendor and --site")
	}
	return nil
}

func radioApprove(c *call) error {
	f := approval{from: c.fromFlag()}
	f.define(c.flags)
	api, act, err := c.orders(1)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	node, record := c.args[0], ""
	if f.file != "" {
		record, err = f.read(c.in, node)
	} else {
		record, err = f.fill(api, node)
	}
	if err != nil {
		return err
	}
	return c.lawOrder(api, "pending/approve", act, map[string]string{"record": record})
}

// maxRecord bounds a record that is sent, in octets.
const maxRecord = 32 << 10

// read reads the record that the operator wrote.
func (f *approval) read(in io.Reader, node string) (string, error) {
	if f.file != "-" {
		file, err := os.Open(f.file)
		if err != nil {
			return "", err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxRecord+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("reading the record: %w", err)
	case len(text) > maxRecord:
		return "", fmt.Errorf("%s is larger than %d octets: it is to be one radio's record; whole networks are for the core's own files", f.file, maxRecord)
	}
	name := f.file
	if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
		name = "record.yaml" // records are read by the end of their name, and the core reads YAML here
	}
	elements, err := trust.Elements(trust.File{Name: name, Text: text})
	if err != nil {
		return "", unusableRecords(err)
	}
	if !slices.ContainsFunc(elements, func(e rules.Element) bool { return e.HasNode && e.Node.String() == node }) {
		return "", fmt.Errorf("the record has no element with \"node: %s\", and would be another radio's", node)
	}
	return string(text), nil
}

// fill makes a record of what the radio claims and what the operator knows.
func (f *approval) fill(api *client, node string) (string, error) {
	r, err := api.pendingRadio(node, *f.from)
	if err != nil {
		return "", err
	}
	elements, err := trust.Elements(trust.File{Name: "proposal.yaml", Text: []byte(r.Record)})
	if err != nil || len(elements) != 1 {
		return "", fmt.Errorf("what %s claims makes no record by itself: write one and name it with --record", node)
	}
	e := &elements[0]
	e.Name, e.Vendor, e.Manager, e.Site, e.Model = cmp.Or(f.name, e.Name), f.vendor, f.manager, f.site, f.model
	for _, d := range []struct {
		flag, text string
		to         *rules.Date
	}{{"purchased", f.purchased, &e.Purchased}, {"installed", f.installed, &e.Installed}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = rules.ParseDate(d.text); err != nil {
			return "", misused("--%s: %v", d.flag, err)
		}
	}
	return string(trust.Export(&rules.Facts{Elements: elements})), nil
}

// radioApprovals lists what operators approved and have not put into the files of records yet.
func radioApprovals(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	return show(api, c.out, "/v1/trust/approvals", func(list console.Approvals) error {
		var rows [][]string
		for _, a := range list.Approvals {
			rows = append(rows, []string{strconv.Itoa(a.Number), strings.Join(a.Elements, ",")})
		}
		if err := table(c.out, "NUMBER ELEMENTS", rows); err != nil || list.Omitted == 0 {
			return err
		}
		_, err := fmt.Fprintf(c.out, "and %d more\n", list.Omitted)
		return err
	})
}

// radioWithdraw takes an approval back: the radio is without a record then, and drained.
func radioWithdraw(c *call) error {
	api, act, err := c.orders(1)
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(c.args[0], 10, 31)
	if err != nil || n == 0 {
		return misused("approval %q: want its number in \"cordon radio approvals\"", c.args[0])
	}
	var list console.Approvals
	if err := api.get("/v1/trust/approvals", &list); err != nil {
		return err
	}
	if !slices.ContainsFunc(list.Approvals, func(a console.Approval) bool { return a.Number == int(n) }) && list.Omitted == 0 {
		return fmt.Errorf("no approval %d is in force: \"cordon radio approvals\" lists them", n) // it might be a cut's number
	}
	return c.lawOrder(api, fmt.Sprintf("approvals/%d/withdraw", n), act, nil)
}
