package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon/console"
	"cordon/ran"
)

// demoCutOff is the vendor group that the operator cuts off.
const demoCutOff = "meridian"

// whatIf asks the running network what another law would do to it.
func (p *play) whatIf(ctx context.Context) error {
	w, err := p.core.WhatIf(ctx, console.WhatIfQuery{Regimes: []string{demoOther}})
	if err != nil {
		return err
	}
	out := &p.sum.WhatIf
	out.Refused, out.Dark = len(w.Now.Elements), w.Now.Dark
	for _, e := range p.facts.Elements {
		if e.Plan != nil && slices.Contains(w.Now.Elements, e.Name) {
			out.Cost += e.Plan.Cost
			out.Currency = e.Plan.Currency
		}
	}
	if out.Refused == 0 {
		return fmt.Errorf("%s would refuse nothing", demoOther)
	}
	p.story.tell("what if", "Australia's guidance of 2018 would refuse %d more: %s", out.Refused, strings.Join(w.Now.Elements, ", "))
	p.story.tell("what if", "airport-o among them: Osprey made it, but Meridian's Halcyon repairs it")
	p.story.tell("what if", "%d phones would look elsewhere; dark: %s, and %d phones with it", w.Now.Devices, dark(w.Now), w.Now.Stranded)
	p.story.tell("what if", "to replace them as planned costs %s %s", thousands(out.Cost), out.Currency)
	return nil
}

// dark is the radios without another in reach.
func dark(r console.CutReport) string {
	var names []string
	for _, c := range r.Radios {
		if len(c.To) == 0 {
			names = append(names, c.Element)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// thousands writes a sum so that it can be read.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// dryRun asks what a cut would do.
func (p *play) dryRun(ctx context.Context) error {
	order := console.CutOrder{Act: p.act("rehearsal"), Vendor: demoCutOff, DryRun: true}
	r, err := p.core.Cut(ctx, order)
	if err != nil {
		return err
	}
	if cuts, err := p.core.Cuts(ctx); err != nil || len(cuts) != 0 {
		return fmt.Errorf("a dry run cut something: %v, %v", cuts, err)
	}
	p.story.tell("operator", "asks what a cut of Meridian would do, and does nothing yet")
	for _, c := range r.Radios {
		to := "nobody else reaches its area"
		if len(c.To) > 0 {
			to = "they could go to " + strings.Join(c.To[:min(len(c.To), 2)], " or ")
		}
		p.story.tell(c.Element, "%d phones; %s", c.Devices, to)
	}
	return nil
}

// cut cuts the vendor off, and measures how long phones are without service.
func (p *play) cut(ctx context.Context) error {
	before := p.live.Phones()
	p.ordered = time.Now()
	r, err := p.core.Cut(ctx, console.CutOrder{Act: p.act("order of the Ministry of 1 June"), Vendor: demoCutOff})
	if err != nil {
		return err
	}
	p.order = r.Number
	out := &p.sum.Cut
	out.Radios, out.Devices = len(r.Radios), r.Devices
	p.story.tell("operator", "cuts off all that Meridian's group made or manages: cut %d", r.Number)
	x := exodus{before: before, fate: map[int]bool{}, arrived: map[int]time.Time{}}
	for _, c := range r.Radios {
		x.fate[p.places[c.Element]] = len(c.To) > 0
	}
	if err := p.live.Await(ctx, x.over); err != nil {
		return err
	}
	out.Seconds = time.Since(p.ordered).Seconds()
	out.Moved, out.Stranded = x.count()
	p.story.tell("phones", "%d of %d are on another maker's radio, with the same addresses, after %.1f s", out.Moved, out.Devices, out.Seconds)
	p.story.tell("cape", "%d phones have lost service, as the dry run said", out.Stranded)
	return p.cutOff(ctx, r)
}

// exodus is phones that leave radios which are cut off.
type exodus struct {
	before  []ran.Sighting
	fate    map[int]bool      // of radios that are gone: whether another reaches their area
	arrived map[int]time.Time // phones that were first seen elsewhere
}

// over reports whether everybody who can be served elsewhere is, and has had packets back there, and
// nobody else is served any more.
func (x *exodus) over(now []ran.Sighting) bool {
	all := true
	for i, s := range now {
		may, gone := x.fate[x.before[i].Radio]
		if !gone {
			continue
		}
		if _, there := x.fate[s.Radio]; there || s.Radio < 0 || s.Why != "" {
			all = all && !may && s.Radio < 0
			continue
		}
		if x.arrived[i].IsZero() {
			x.arrived[i] = time.Now()
		}
		all = all && s.Heard.After(x.arrived[i])
	}
	return all
}

// count is how many are elsewhere, and how many nowhere.
func (x *exodus) count() (moved, stranded int) {
	for _, s := range x.before {
		if _, gone := x.fate[s.Radio]; gone {
			stranded++
		}
	}
	return len(x.arrived), stranded - len(x.arrived)
}

// cutOff waits until the radios are disconnected.
func (p *play) cutOff(ctx context.Context, r console.CutReport) error {
	err := p.until(ctx, "the radios are disconnected", func() (bool, error) {
		all, err := p.elements(ctx)
		for _, c := range r.Radios {
			if all[c.Element].State != "absent" {
				return false, err
			}
		}
		return true, err
	})
	if err == nil {
		p.story.tell("core", "has disconnected the %d radios", len(r.Radios))
	}
	return err
}

// restore takes the cut back.
func (p *play) restore(ctx context.Context) error {
	if err := p.core.Restore(ctx, p.act("the order was withdrawn"), p.order); err != nil {
		return err
	}
	p.story.tell("operator", "takes cut %d back", p.order)
	if err := p.served(ctx, "cape", "cape-m"); err != nil {
		return err
	}
	if err := p.until(ctx, "the radios are back", func() (bool, error) {
		all, err := p.elements(ctx)
		for _, e := range p.facts.Elements {
			if v := all[e.Name]; e.HasNode && v.Act != "refuse" && v.State != "connected" {
				return false, err
			}
		}
		return true, err
	}); err != nil {
		return err
	}
	p.sum.Cut.Restored = true
	p.story.tell("cape", "is served again, %.1f s after the cut", time.Since(p.ordered).Seconds())
	return nil
}
