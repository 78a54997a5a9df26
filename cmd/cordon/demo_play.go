package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon/console"
	"cordon/ran"
	"cordon/rules"
)

// play is the demo's network while the story happens in it.
type play struct {
	*demoNet
	sum     *demoSummary
	live    *ran.Live
	hostile *ran.RawRadio
	places  map[string]int // of radios in the load
	order   int            // the cut in force
	ordered time.Time      // when it was ordered
}

// scene is a step of the story: what it is called, what happens, and what has to come of it.
type scene struct {
	name   string
	act    func(*play, context.Context) error
	expect string
}

// scenes are the story, in its order. Each waits for what it expects; none relies on how fast the
// machine is.
var scenes = []scene{
	{"The radios ask to be served", (*play).radios, "each radio has its answer: served, served within bounds, refused, or held"},
	{"Phones are switched on", (*play).phones, "every phone that a radio may serve is registered and reaches the internet"},
	{"Two of them are protected", (*play).protected, "one is served by a trusted radio, the other sealed"},
	{"The operator approves the unknown radio", (*play).approve, "it serves, and the phones there"},
	{"A radio uses a connection that is not its own", (*play).theft, "it fails, is found out, and is taken out of service"},
	{"What if another country's law held?", (*play).whatIf, "radios that serve today would be refused"},
	{"The operator asks what a cut would do", (*play).dryRun, "it is told, and nothing changes"},
	{"The operator cuts the vendor off", (*play).cut, "phones with another radio in reach move there"},
	{"The cut is taken back", (*play).restore, "everybody is served again"},
}

// sceneLimit is how long a scene may take on a machine that does much else.
const sceneLimit = 60 * time.Second

// ending is what is left of the demo's time when the last scene is over.
const ending = 1500 * time.Millisecond

// run plays the scenes, spread over the demo's length. A scene that fails ends the story, and the
// summary says so; the error is that of ctx.
func (p *play) run(ctx context.Context, length time.Duration) error {
	defer p.leave()
	if err := p.prologue(); err != nil {
		return err
	}
	for i, s := range scenes {
		p.story.heading(s.name)
		within, cancel := context.WithTimeout(ctx, p.limit)
		err := s.act(p, within)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			problem := fmt.Sprintf("%s: want this: %s: %v", s.name, s.expect, err)
			p.sum.Problems = append(p.sum.Problems, problem)
			p.story.tell("failed", "%v", err)
			return nil
		}
		until := p.began.Add((length - ending) * time.Duration(i+1) / time.Duration(len(scenes)))
		select {
		case <-time.After(time.Until(until)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// prologue says what the network is made of and which law it obeys.
func (p *play) prologue() error {
	p.story.heading("Haldrey, an island that does not exist, on " + demoAsOf)
	groups, risky := 0, ""
	for _, v := range p.facts.Vendors {
		if v.Parent == "" {
			groups++
		}
		if slices.ContainsFunc(v.Classes, func(c rules.Classing) bool { return c.Class == rules.HighRisk }) {
			risky = v.Title
		}
	}
	radios := 0
	for _, e := range p.facts.Elements {
		if e.HasNode {
			radios++
		}
	}
	p.story.tell("records", "%d radios and %d other elements of %d vendor groups at %d sites", radios, len(p.facts.Elements)-radios, groups, len(p.facts.Sites))
	p.story.tell("records", "%s is high-risk, says the operator; Halcyon belongs to it", risky)
	law, err := rules.Pack(demoRegime)
	if err != nil {
		return err
	}
	p.story.tell("law", "%s: %s; beside it two rules of the operator's own", law.Name, law.Title)
	p.story.tell("core", "is ready on %s: %s; user plane %s", p.core.N2, p.core.SCTP, p.core.N6.N6)
	return nil
}

// leave ends the radios and phones, and takes stock of them.
func (p *play) leave() {
	if p.hostile != nil {
		p.hostile.Close()
	}
	if p.live != nil {
		p.sum.Summary = p.live.Close()
	}
}

// act is an operator's, with the reason.
func (p *play) act(why string) console.Act { return console.Act{Who: demoOperator, Why: why} }

const demoOperator = "ada@haldrey"

// elements are all with the verdicts on them, by name.
func (p *play) elements(ctx context.Context) (map[string]console.Element, error) {
	list, err := p.core.Elements(ctx, "", len(p.facts.Elements)+len(demoPeople))
	all := make(map[string]console.Element, len(list))
	for _, e := range list {
		all[e.Name] = e
	}
	return all, err
}

// look is how often what nobody announces is looked at.
const look = 20 * time.Millisecond

// until asks again and again until it is so.
func (p *play) until(ctx context.Context, what string, so func() (bool, error)) error {
	for {
		ok, err := so()
		if ok || err != nil {
			return err
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s: %w", what, ctx.Err())
		}
	}
}

// served waits until everybody of a group is attached to a radio of that name and hears from where
// packets are sent.
func (p *play) served(ctx context.Context, group, radio string) error {
	return p.live.AwaitOn(ctx, group, p.places[radio])
}
