package node

import (
	"errors"
	"fmt"
	"slices"

	"cordon/document"
	"cordon/ident"
	"cordon/subscriber"
)

func readPlan(p *subscriber.Plan) document.Reading {
	return document.Section(
		document.Field("name", document.Text(&p.Name)),
		document.Field("ue_ambr", readAMBR(&p.UEAMBR)),
		document.Field("slices", document.List(&p.Slices, readPlanSlice)),
	)
}

func readPlanSlice(s *subscriber.Slice) document.Reading {
	return document.Section(
		document.Field("snssai", readSlice(&s.SNSSAI)),
		document.Field("default", document.Bool(&s.Default)),
		document.Field("dnns", document.List(&s.DNNs, readPlanNetwork)),
	)
}

func readPlanNetwork(n *subscriber.Network) document.Reading {
	return document.Section(
		document.Field("dnn", readDNN(&n.DNN)),
		document.Field("default", document.Bool(&n.Default)),
		document.Field("ambr", readAMBR(&n.AMBR)),
		document.Field("5qi", document.Int(&n.FiveQI, 1, 255)),
		document.Field("arp", document.Int(&n.ARP, 8, 15)),
		document.Field("ip", readVersions(&n.IP)),
	)
}

func readAMBR(a *subscriber.AMBR) document.Reading {
	return document.Section(
		document.Field("down", readRate(&a.DL)),
		document.Field("up", readRate(&a.UL)),
	)
}

// planSet is the plans by their names, and the default plan under
// [subscriber.DefaultPlan] too, which is the name in the record of a subscriber who has no
// plan of their own.
func (c *Config) planSet() (map[string]*subscriber.Plan, error) {
	set := make(map[string]*subscriber.Plan, len(c.Plans)+1)
	for _, p := range c.Plans {
		made, err := subscriber.NewPlan(p)
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", p.Name, err)
		}
		set[p.Name] = made
	}
	if len(c.Plans) > 0 {
		set[subscriber.DefaultPlan] = set[c.defaultPlan()]
	}
	return set, nil
}

func (c *Config) defaultPlan() string {
	if c.DefaultPlan == "" {
		return c.Plans[0].Name
	}
	return c.DefaultPlan
}

// plans sees that each plan is sound and leads to slices and networks that there are.
func (k *configChecker) plans(c *Config) {
	if len(c.Plans) == 0 {
		k.bad("plans", "want at least one plan for subscribers")
	}
	for i, p := range c.Plans {
		path := itemPath("plans", i)
		if _, err := subscriber.NewPlan(p); err != nil {
			if e, ok := errors.AsType[*subscriber.PlanError](err); ok {
				k.bad(path+"."+e.Field, "want %s", e.Want)
			} else {
				k.bad(path, "%v", err)
			}
		}
		if p.Name == subscriber.DefaultPlan && c.defaultPlan() != p.Name {
			k.bad(path+".name", "%q means the default plan, which is %q: name this one otherwise", p.Name, c.defaultPlan())
		}
		if j := slices.IndexFunc(c.Plans[:i], func(o subscriber.Plan) bool { return o.Name == p.Name }); j >= 0 {
			k.bad(path+".name", "%q is plans[%d] already", p.Name, j)
		}
		for s, slice := range p.Slices {
			in := fmt.Sprintf("%s.slices[%d]", path, s)
			if !slices.Contains(c.Slices, slice.SNSSAI) {
				k.bad(in+".snssai", "slice %v is not served: want one of %v, or add it to slices", slice.SNSSAI, c.Slices)
			}
			for d, n := range slice.DNNs {
				i := slices.IndexFunc(c.Networks, func(o NetworkConfig) bool { return o.Name == n.DNN })
				if i < 0 {
					k.bad(fmt.Sprintf("%s.dnns[%d].dnn", in, d), "there is no data network %q: want one of %v", n.DNN, networkNames(c.Networks))
				} else if n.Of(c.Networks[i].pools().versions()) == 0 {
					k.bad(fmt.Sprintf("%s.dnns[%d].ip", in, d), "the data network %q has no addresses of that version", n.DNN)
				}
			}
		}
	}
	if c.DefaultPlan != "" && !slices.ContainsFunc(c.Plans, func(p subscriber.Plan) bool { return p.Name == c.DefaultPlan }) {
		k.bad("default_plan", "there is no plan %q", c.DefaultPlan)
	}
}

func networkNames(list []NetworkConfig) (names []ident.DNN) {
	for _, n := range list {
		names = append(names, n.Name)
	}
	return names
}
