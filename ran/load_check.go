package ran

import (
	"errors"
	"fmt"
	"slices"

	"cordon/ident"
)

// check fills in what was left open and refuses what cannot be.
func (l *load) check() error {
	c := &l.cfg
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.PPS == 0 {
		c.PPS = 1
	}
	if c.Payload == 0 {
		c.Payload = 64
	}
	switch {
	case len(c.Radios) == 0:
		return errors.New("no radio")
	case c.AtOnce < 0:
		return fmt.Errorf("%d phones attaching at once: want 0 for no limit, or more", c.AtOnce)
	case c.Payload < minPayload || c.Payload > 65000:
		return fmt.Errorf("payload of %d octets: want %d to 65000", c.Payload, minPayload)
	}
	phones, targets := 0, false
	for i := range c.Groups {
		g := &c.Groups[i]
		if err := g.check(len(c.Radios)); err != nil && g.Name != "" {
			return fmt.Errorf("phones %q: %w", g.Name, err)
		} else if err != nil {
			return err
		}
		phones += g.Phones
		targets = targets || g.flows()
	}
	if phones > maxPerRadio*len(c.Radios) {
		return fmt.Errorf("%d phones: want 0 to %d for each radio", phones, maxPerRadio)
	}
	if l.flowing = l.flowing && targets; l.flowing {
		for _, r := range c.Radios {
			if !r.N3.IsValid() {
				return fmt.Errorf("radio %q has no N3 address, and there is to be traffic", r.Name)
			}
		}
	}
	return nil
}

func (g *Group) check(radios int) error {
	last := g.supi(max(g.Phones-1, 0))
	switch {
	case g.Phones < 0:
		return fmt.Errorf("%d phones: want 0 or more", g.Phones)
	case g.Phones > 0 && g.Phone.SIM == nil:
		return errors.New("phones without a SIM")
	case g.Phones > 0 && !(g.First.InPLMN(g.Phone.PLMN) && last.InPLMN(g.Phone.PLMN) && len(last.IMSI()) == len(g.First.IMSI())):
		return fmt.Errorf("%d phones from this IMSI on are not all of the home network %s", g.Phones, g.Phone.PLMN)
	case g.flows() && slices.ContainsFunc(g.Phone.Sessions, func(s SessionConfig) bool { return len(g.targets(s.asks())) == 0 }):
		return errors.New("a session without a target of its version of IP")
	case g.Host != nil && (g.Phones == 0 || len(g.Phone.Sessions) == 0):
		return errors.New("a host, and no phone with a session for it")
	case len(g.Phone.Sessions) > maxPSI:
		return fmt.Errorf("%d sessions: a phone has at most %d", len(g.Phone.Sessions), maxPSI)
	case g.Target.IsValid() && !g.Target.Addr().Is4():
		return fmt.Errorf("target %s: want an IPv4 address", g.Target)
	case g.Target6.IsValid() && (!g.Target6.Addr().Is6() || g.Target6.Addr().Is4In6()):
		return fmt.Errorf("target %s: want an IPv6 address", g.Target6)
	}
	if g.Reach == nil {
		return nil
	}
	for k := range g.Phones {
		places := g.Reach(k)
		if len(places) == 0 {
			return fmt.Errorf("phone %d has no radio in reach", k)
		}
		for _, p := range places {
			if p < 0 || p >= radios {
				return fmt.Errorf("phone %d reaches radio %d: want 0 to %d", k, p, radios-1)
			}
		}
	}
	return nil
}

// supi is whose the phone of a number is.
func (g *Group) supi(number int) ident.SUPI { return g.First + ident.SUPI(number) }
