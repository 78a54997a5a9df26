package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"cordon/console"
)

// radioPending lists the radios that wait for an operator, or prints a record of one to start from.
func radioPending(c *call) error {
	from := c.fromFlag()
	api, err := c.remoteBetween(0, 1)
	if err != nil {
		return err
	}
	if len(c.args) == 1 {
		r, err := api.pendingRadio(c.args[0], *from)
		if err != nil {
			return err
		}
		return api.print(c.out, r, func() error { _, err := io.WriteString(c.out, r.Record); return err })
	}
	return show(api, c.out, "/v1/trust/pending", func(list console.PendingRadios) error {
		var rows [][]string
		for _, r := range list.Pending {
			var areas, slices []string
			for _, a := range r.Areas {
				areas = append(areas, a.TAI)
				slices = append(slices, a.Slices...)
			}
			rows = append(rows, []string{r.Node, r.Name, r.Address.String(), strings.Join(areas, ","), strings.Join(slices, ","),
				strconv.Itoa(r.Tries), ago(r.First), ago(r.Last)})
		}
		return table(c.out, "RADIO NAME ADDRESS AREAS SLICES TRIES FIRST LAST", rows)
	})
}

func (c *call) fromFlag() *string {
	return c.flags.String("from", "", "the radio's address, where several claim its identity")
}

// pendingRadio is the radio that claims an identity, from an address if that is named. Where several claim
// it, all but one lie, and the choice is the operator's.
func (c *client) pendingRadio(node, from string) (console.PendingRadio, error) {
	var list console.PendingRadios
	if err := c.get("/v1/trust/pending", &list); err != nil {
		return console.PendingRadio{}, err
	}
	found := slices.DeleteFunc(list.Pending, func(r console.PendingRadio) bool {
		return r.Node != node || from != "" && r.Address.Addr().String() != from && r.Address.String() != from
	})
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return console.PendingRadio{}, fmt.Errorf("%d radios claim to be %s: say with --from ADDRESS which one is, as \"cordon radio pending\" lists them", len(found), node)
	case from != "":
		node += " from " + from
	}
	return console.PendingRadio{}, fmt.Errorf("no radio %s is pending: \"cordon radio pending\" lists them", node)
}

func radioDismiss(c *call) error {
	api, act, err := c.orders(1)
	if err != nil {
		return err
	}
	return c.lawOrder(api, "pending/dismiss", act, map[string]string{"node": c.args[0]})
}
