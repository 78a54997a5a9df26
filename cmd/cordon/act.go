package main

import (
	"cmp"
	"os/user"

	"cordon/console"
)

// order defines the flags with which an act says who does it and why, and returns what reads them
// once they are parsed.
func (c *call) order() func() (console.Act, error) {
	why := c.flags.String("why", "", "the reason, which is kept as evidence")
	by := c.flags.String("by", "", "who orders this (default: the login name)")
	return func() (console.Act, error) {
		a := console.Act{Who: cmp.Or(*by, c.login()), Why: *why}
		if a.Why == "" {
			return a, misused("--why is missing: every order is kept as evidence, with its reason")
		}
		if a.Who == "" {
			return a, misused("--by is missing, and this login has no name")
		}
		if err := a.Check(); err != nil {
			return a, misused("%v", err)
		}
		return a, nil
	}
}

// login is who is behind the terminal, also where they act as root.
func (c *call) login() string {
	if name := cmp.Or(c.getenv("SUDO_USER"), c.getenv("LOGNAME"), c.getenv("USER")); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// orders defines the flags of a command that has a core do something about the law, and parses.
func (c *call) orders(wantArgs int) (*client, console.Act, error) {
	read := c.order()
	api, err := c.remote(wantArgs)
	if err != nil {
		return nil, console.Act{}, err
	}
	act, err := read()
	return api, act, err
}

// lawOrder sends an order; only machines are told what the core answered.
func (c *call) lawOrder(api *client, path string, act console.Act, about map[string]string) error {
	body := map[string]string{"who": act.Who, "why": act.Why}
	for name, v := range about {
		body[name] = v
	}
	var done map[string]string
	if err := api.post("/v1/trust/"+path, body, &done); err != nil || !api.json {
		return err
	}
	return printJSON(c.out, done)
}

// reload has a core read its files of records and rules anew.
func reload(c *call) error {
	api, act, err := c.orders(0)
	if err != nil {
		return err
	}
	return c.lawOrder(api, "reload", act, nil)
}
