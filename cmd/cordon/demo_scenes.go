package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cordon/console"
	"cordon/ran"
	"cordon/upf"
)

// radios has all radios ask to be served, and says what came of it.
func (p *play) radios(ctx context.Context) (err error) {
	load := p.load()
	p.places = make(map[string]int)
	for i, r := range load.Radios {
		p.places[r.Name] = i
	}
	if err := p.setUpHostile(ctx); err != nil {
		return err
	}
	// The phones outlast the scene.
	if p.live, err = ran.Begin(context.WithoutCancel(ctx), load); err != nil {
		return err
	}
	if err := p.until(ctx, "every radio has its answer", func() (bool, error) { return p.answered(ctx) }); err != nil {
		return err
	}
	return p.outcomes(ctx)
}

// answered reports whether radios are connected that may serve, and no others, and one waits.
func (p *play) answered(ctx context.Context) (bool, error) {
	all, err := p.elements(ctx)
	if err != nil {
		return false, err
	}
	for _, e := range all {
		if e.Node != "" && (e.State == "connected") != (e.Act != "refuse") {
			return false, nil
		}
	}
	pending, err := p.core.Pending(ctx)
	return len(pending) > 0, err
}

// outcomes counts the radios by what the law made of them, and tells why.
func (p *play) outcomes(ctx context.Context) error {
	all, err := p.elements(ctx)
	if err != nil {
		return err
	}
	pending, err := p.core.Pending(ctx)
	if err != nil {
		return err
	}
	r := &p.sum.Radios
	var bounds, refused []console.Element
	for _, e := range p.facts.Elements {
		switch v := all[e.Name]; {
		case !e.HasNode:
		case v.Act == "allow":
			r.Allowed++
		case v.Act == "restrict":
			bounds = append(bounds, v)
		default:
			refused = append(refused, v)
		}
	}
	r.Restricted, r.Refused, r.Pending = len(bounds), len(refused), len(pending)
	r.Total = r.Allowed + r.Restricted + r.Refused + r.Pending
	p.story.tell("radios", "%d are served like any other", r.Allowed)
	p.reasons(ctx, "served within bounds", bounds)
	p.reasons(ctx, "refused", refused)
	for _, w := range pending {
		p.story.tell(w.Name, "has no record: held until an operator has looked")
	}
	return nil
}

// reasons tells of elements by the rule that decided.
func (p *play) reasons(ctx context.Context, outcome string, list []console.Element) {
	byRule := map[string][]string{}
	for _, e := range list {
		byRule[e.Rule] = append(byRule[e.Rule], e.Name)
	}
	for _, id := range slices.Sorted(maps.Keys(byRule)) {
		names := byRule[id]
		p.story.tell("radios", "%s: %s, by rule %s", strings.Join(names, ", "), outcome, id)
		p.rule(ctx, names[0], id)
	}
}

// rule tells what a rule says that decided on an element, and where it comes from.
func (p *play) rule(ctx context.Context, element, id string) {
	why, _ := p.core.Why(ctx, element) // whose record has just been read
	for _, r := range why.Rules {
		if r.Rule == id {
			p.story.more("%q", r.Text)
			p.story.more("%s", r.Source.Document)
		}
	}
}

// phones has everybody in reach of a radio that serves attached.
func (p *play) phones(ctx context.Context) error {
	for _, g := range demoPeople {
		if g.protected || g.name == "market" {
			continue
		}
		radio := g.radios[0]
		if radio == "fort-m" { // which is refused
			radio = g.radios[1]
		}
		if err := p.served(ctx, g.name, radio); err != nil {
			return err
		}
		p.story.tell(g.name, "%d phones on %s: registered, and packets come back from the internet", g.phones, radio)
	}
	if err := p.live.AwaitOn(ctx, "market"); err != nil {
		return err
	}
	p.story.tell("market", "the phones find no radio that may serve them")
	return nil
}

// protected shows what protection does near a high-risk vendor's radios.
func (p *play) protected(ctx context.Context) error {
	if err := p.served(ctx, "minister", "oldtown-k"); err != nil {
		return err
	}
	minister, err := p.live.Phone("minister", 0).Status(ctx)
	if err != nil {
		return err
	}
	if len(minister.Rejected) == 0 {
		return errors.New("the minister's phone was never told to look elsewhere")
	}
	for _, g := range demoPeople {
		if g.protected {
			p.sum.Protected += g.phones
		}
	}
	p.story.tell("minister", "tried oldtown-h, whose maker manages it from abroad: told to look elsewhere")
	p.story.tell("minister", "is on oldtown-k (Kestrel), and reaches the internet from there")
	return p.sealed(ctx)
}

// sealed shows that a sealed session leads to the seal gateway and nowhere else.
func (p *play) sealed(ctx context.Context) error {
	const name = "harbour master"
	phone := p.live.Phone(name, 0)
	if err := p.live.Await(ctx, func(now []ran.Sighting) bool {
		return slices.ContainsFunc(now, func(s ran.Sighting) bool { return s.UE == phone && s.Why == "" && s.Radio == p.places["harbour-m"] })
	}); err != nil {
		return err
	}
	device, err := p.core.Device(ctx, phone.SUPI())
	if err != nil {
		return err
	}
	if len(device.Sessions) != 1 || !device.Sessions[0].Sealed {
		return fmt.Errorf("the session of %s is not sealed: %+v", name, device.Sessions)
	}
	p.story.tell(name, "is on harbour-m (Meridian), with a sealed session")
	if err := p.onlyToSeal(ctx, phone); err != nil {
		return err
	}
	p.story.tell(name, "all %d packets to the internet were dropped; %d came back from the seal gateway", p.sum.Sealed.Dropped, p.sum.Sealed.Passed)
	return nil
}

// onlyToSeal looks at what becomes of a sealed phone's packets: first of those to the internet, where
// all phones send, then of those to the seal gateway.
func (p *play) onlyToSeal(ctx context.Context, phone *ran.UE) error {
	const enough = 3
	out := &p.sum.Sealed
	if err := p.until(ctx, "a sealed session's packets to the internet are dropped", func() (bool, error) {
		out.Dropped = p.core.Forwarder.Stats().Uplink.Drops[upf.ReasonNotSealed]
		return out.Dropped >= enough, nil
	}); err != nil {
		return err
	}
	status, err := phone.Status(ctx)
	if err != nil {
		return err
	}
	if status.Echoed > 0 {
		return fmt.Errorf("%d packets came back to a sealed session from the internet", status.Echoed)
	}
	if err := phone.Echo(ctx, 1, p.seal.addr); err != nil { // from now on its packets go there
		return err
	}
	return p.until(ctx, "packets come back from the seal gateway", func() (bool, error) {
		status, err := phone.Status(ctx)
		out.Passed = status.Echoed
		return out.Passed >= enough, err
	})
}

// approve gives the radio that waits a record: what it claims, with what the operator found out.
func (p *play) approve(ctx context.Context) error {
	pending, err := p.core.Pending(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pending, func(w console.PendingRadio) bool { return w.Name == demoMarket.name })
	if i < 0 {
		return fmt.Errorf("%s does not wait", demoMarket.name)
	}
	w := pending[i]
	record := strings.NewReplacer(
		"name: "+w.Node, "name: "+demoMarket.name,
		"vendor: fill-in", "vendor: "+demoMarket.vendor,
		"manager: fill-in", "manager: "+demoMarket.vendor,
		"site: fill-in", "site: "+demoMarket.site,
	).Replace(w.Record)
	p.story.tell("operator", "finds %s (%s) in the delivery note: Nordlys made it, it stands on Market Square", w.Name, w.Node)
	if err := p.core.Approve(ctx, p.act("delivery note 118 of Nordlys, seen on site"), record); err != nil {
		return err
	}
	if err := p.served(ctx, "market", demoMarket.name); err != nil {
		return err
	}
	p.sum.Radios.Approved++
	p.story.tell(demoMarket.name, "is approved and serves the phones on Market Square")
	return nil
}
