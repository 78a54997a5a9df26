package ran

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Live is a load that goes on until it is closed: phones are attached and their traffic flows
// while a test changes the network around them.
type Live struct {
	load      *load
	switching sync.WaitGroup
	stop      context.CancelFunc
}

// Begin begins a load: the radios are set up when it returns, phones are being switched on at
// the rate asked for, and packets flow from each session's opening on, if its group has a
// target. Traffic and Hold do not count. The error is as that of Run.
func Begin(ctx context.Context, cfg Config) (*Live, error) {
	v := &Live{load: newLoad(cfg)}
	v.load.flowing = true
	if err := v.load.open(ctx); err != nil {
		v.load.closeRadios()
		return nil, err
	}
	switching, stop := context.WithCancel(ctx)
	v.stop = stop
	v.switching.Go(func() { v.load.switchOn(switching) })
	return v, nil
}

// Close ends the load, after its phones have deregistered if they are to, and tells what came
// of it. It is to be called once.
func (v *Live) Close() Summary {
	v.stop()
	v.switching.Wait()
	if v.load.flowing {
		v.load.echoing, _ = v.load.alive(time.Now().Add(-time.Duration(2 * float64(time.Second) / v.load.cfg.PPS)))
	}
	v.load.hush()
	return v.load.finish(context.Background())
}

// Radio is one of the load's, by its place in the configuration.
func (v *Live) Radio(i int) *Radio { return v.load.towers[i].radio }

// Phone is one of a group's, by its number from 0; nil if there is none.
func (v *Live) Phone(group string, number int) *UE {
	for _, p := range v.load.phones {
		if p.group.Name == group && p.number == number {
			return p.ue
		}
	}
	return nil
}

// Sighting is a phone of a load, and where it was seen.
type Sighting struct {
	Status
	UE     *UE
	Group  string
	Number int    // in its group, from 0
	Radio  int    // its place in the configuration; -1 while it waits for a suitable cell
	Name   string // of the radio where it is, or was last
	Why    string // what it lacks; empty when it is attached
}

// Phones are all phones as they are now, in the order of the configuration.
func (v *Live) Phones() []Sighting {
	l := v.load
	seen := make([]Sighting, len(l.phones))
	index := make(map[*loadPhone]int, len(seen))
	for i, p := range l.phones {
		index[p] = i
	}
	l.visit(l.phones, func(r *Radio, p *loadPhone) {
		s := Sighting{Status: p.ue.status(r), UE: p.ue, Group: p.group.Name, Number: p.number, Radio: l.place[r], Name: r.cfg.Name}
		if p.ue.searching {
			s.Radio = -1
		}
		if !p.attached {
			s.Why = p.why()
		}
		seen[index[p]] = s
	}).Wait()
	return seen
}

// lookAgain is how often phones are looked at when nothing is told of them: packets come back
// without a word.
const lookAgain = 10 * time.Millisecond

// Await waits until a condition holds of all phones, which is asked now, whenever something
// happened to one, and again and again. The error is that of ctx, with what to say of the
// phones then.
func (v *Live) Await(ctx context.Context, until func([]Sighting) bool) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		phones := v.Phones()
		if until(phones) {
			return nil
		}
		select {
		case <-v.load.changed:
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %s", ctx.Err(), describe(phones))
		}
	}
}

// AwaitOn waits until every phone of a group is on one of the radios given by their places,
// attached, and has had a packet back since the call if it has a target and sessions. Without
// radios, it waits until each of them waits for a suitable cell.
func (v *Live) AwaitOn(ctx context.Context, group string, radios ...int) error {
	began := time.Now()
	there := func(s Sighting) bool {
		if len(radios) == 0 {
			return s.Radio < 0
		}
		quiet := len(s.Sessions) == 0 || !s.UE.load.group.flows()
		return s.Why == "" && slices.Contains(radios, s.Radio) && (quiet || s.Heard.After(began))
	}
	err := v.Await(ctx, func(phones []Sighting) bool {
		n := 0
		for _, s := range phones {
			if s.Group == group {
				n++
				if !there(s) {
					return false
				}
			}
		}
		return n > 0
	})
	if err != nil {
		return fmt.Errorf("waiting for the phones %q on %v: %w", group, radios, err)
	}
	return nil
}

// On counts a group's phones by the name of the radio where they are attached; "" is for those
// that are not.
func (v *Live) On(group string) map[string]int {
	on := map[string]int{}
	for _, s := range v.Phones() {
		switch {
		case s.Group != group:
		case s.Why != "":
			on[""]++
		default:
			on[s.Name]++
		}
	}
	return on
}

// describe tells of a few phones where they are, first of those that lack something or were not heard for longest.
func describe(phones []Sighting) string {
	const few = 8
	var b strings.Builder
	phones = slices.Clone(phones)
	slices.SortStableFunc(phones, func(x, y Sighting) int {
		if lacks := x.Why != ""; lacks != (y.Why != "") {
			return map[bool]int{true: -1, false: 1}[lacks]
		}
		return x.Heard.Compare(y.Heard)
	})
	for i, s := range phones {
		if i == few {
			fmt.Fprintf(&b, "; and %d more", len(phones)-few)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s phone %d is %s on %q, %d packets back", s.Group, s.Number, s.State, s.Name, s.Echoed)
		if s.Why != "" {
			fmt.Fprintf(&b, " (%s)", s.Why)
		}
		if s.Restricted {
			b.WriteString(" without service there")
		}
	}
	return b.String()
}
