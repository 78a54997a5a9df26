package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon/console"
)

// cut takes a vendor's equipment, an element or software out of service, or says what that would do.
func cut(c *call) error {
	var order console.CutOrder
	c.flags.StringVar(&order.Vendor, "vendor", "", "cut off all that this vendor's group made")
	c.flags.StringVar(&order.Element, "element", "", "cut off this element")
	c.flags.StringVar(&order.Digest, "software", "", "cut off whatever runs the software with this digest, as sha256:...")
	c.flags.BoolVar(&order.DryRun, "dry-run", false, "only say what would happen")
	act := c.order()
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	named := 0
	for _, s := range []string{order.Vendor, order.Element, order.Digest} {
		if s != "" {
			named++
		}
	}
	if named != 1 {
		return misused("want one of --vendor, --element and --software")
	}
	if !order.DryRun {
		if order.Act, err = act(); err != nil {
			return err
		}
	}
	var report console.CutReport
	if err := api.post("/v1/trust/cuts", order, &report); err != nil {
		return err
	}
	return api.print(c.out, report, func() error { return printCut(c.out, report) })
}

// printCut tells what a cut does: radios in the order in which they are drained, then what else.
func printCut(w io.Writer, r console.CutReport) error {
	does, leaves := "takes", "leaves"
	if r.DryRun {
		does, leaves = "would take", "would leave"
	}
	switch {
	case len(r.Elements) == 0:
		fmt.Fprintf(w, "this %s nothing out of service that may serve now\n", does)
	case r.Omitted > 0:
		fmt.Fprintf(w, "this %s out of service more than can be listed, with %s connected; %d entries are left out\n", does, plural(r.Devices, "device"), r.Omitted)
	default:
		fmt.Fprintf(w, "this %s out of service: %s, among them %s with %s connected\n",
			does, plural(len(r.Elements), "element"), plural(len(r.Radios), "radio"), plural(r.Devices, "device"))
	}
	if r.Dark > 0 {
		fmt.Fprintf(w, "it %s %s dark, with %s that no other radio reaches\n", leaves, plural(r.Dark, "radio's area", "radios' areas"), plural(r.Stranded, "device"))
	}
	if err := cutRadios(w, r.Radios); err != nil {
		return err
	}
	radios := make(map[string]bool, len(r.Radios))
	for _, o := range r.Radios {
		radios[o.Element] = true
	}
	others := slices.DeleteFunc(slices.Clone(r.Elements), func(name string) bool { return radios[name] })
	if len(others) > 0 {
		fmt.Fprintf(w, "besides radios: %s\n", orDash(strings.Join(others, ", ")))
	}
	if r.Unkept != "" {
		fmt.Fprintf(w, "it is in force, and not kept: a restart would lose it until the store can write (%s)\n", r.Unkept)
	}
	if r.Number > 0 {
		fmt.Fprintf(w, "this is cut %d: \"cordon cut restore %[1]d --why REASON\" takes it back\n", r.Number)
	}
	return nil
}

func cutRadios(w io.Writer, radios []console.CutRadio) error {
	if len(radios) == 0 {
		return nil
	}
	var rows [][]string
	for _, r := range radios {
		to := "nowhere: dark"
		if len(r.To) > 0 {
			to = strings.Join(r.To, ", ")
		}
		rows = append(rows, []string{r.Element, r.Site, strconv.Itoa(r.Devices), to})
	}
	return table(w, "RADIO SITE DEVICES TO", rows)
}

// plural counts things. One word is enough where the plural ends in s.
func plural(n int, words ...string) string {
	word := words[0]
	if n != 1 && len(words) > 1 {
		word = words[1]
	} else if n != 1 {
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}

func cutList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	return show(api, c.out, "/v1/trust/cuts", func(list console.Cuts) error {
		var rows [][]string
		for _, k := range list.Cuts {
			kind, what := "element", k.Element
			switch {
			case k.Vendor != "":
				kind, what = "vendor", k.Vendor
			case k.Digest != "":
				kind, what = "software", k.Digest
			}
			rows = append(rows, []string{strconv.Itoa(k.Number), kind, what, k.Who, k.At.Format(time.DateTime), k.Why})
		}
		return table(c.out, "NUMBER OF WHAT BY AT WHY", rows)
	})
}

func cutRestore(c *call) error {
	api, act, err := c.orders(1)
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(c.args[0], 10, 31)
	if err != nil || n == 0 {
		return misused("cut %q: want its number in \"cordon cut list\"", c.args[0])
	}
	return c.lawOrder(api, fmt.Sprintf("cuts/%d/restore", n), act, nil)
}
