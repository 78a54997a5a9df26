package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon/rules"
)

const (
	lawTick   = time.Second // how often the date and the findings are looked at
	lawAgain  = time.Minute // before what could not be judged is tried again
	clockLine = time.Minute // between two lines that say that the clock is not followed

	// In seconds:
	keepCutsEvery = 10   // how often it is tried to keep a cut that could not be
	lookAgain     = 3600 // after which findings are looked at that have not changed: some stop counting after a day
)

// watchLaw has the law follow the calendar and what is found.
func (n *Node) watchLaw(ctx context.Context) {
	tick := time.NewTicker(lawTick)
	defer tick.Stop()
	var again time.Time
	for {
		select {
		case <-ctx.Done():
			n.keepFindings(false)
			return
		case now := <-tick.C:
			if !now.Before(again) {
				calendar, findings := n.unasked(n.followClock(now)), n.unasked(n.followFindings(now))
				if !calendar || !findings {
					again = now.Add(lawAgain)
				}
			}
			if now.Unix()%keepCutsEvery == 0 {
				n.keepCuts()
			}
			if now.Unix()%keepGraveEvery == 0 {
				n.keepFindings(now.Unix()%keepFindingsEvery != 0)
			}
		}
	}
}

// unasked logs that a change which nobody asked for is refused, and reports whether it was not.
func (n *Node) unasked(err error) bool {
	if err != nil {
		n.d.Log.Error("what has changed cannot be judged; what was in force before stays", "err", err)
	}
	return err == nil
}

// calendar tells the day by the clock as long as that goes as fast as time does. A clock that leaps ahead, as one
// does whose source of time is hostile, would have everything fall due at once, and nothing that has fallen due comes back:
// then the day is reckoned from the last one that was sure, until an operator has the files read anew.
type calendar struct {
	wall  time.Time // what the clock said
	since time.Time // when, by a clock that nobody sets
}

// maxLeap is how far ahead the clock may be of what is reckoned.
const maxLeap = 48 * time.Hour

// today is the day at now, and whether the clock has leapt ahead to another.
func (c *calendar) today(now time.Time) (day rules.Date, leapt bool) {
	reckoned := c.wall.Add(now.Sub(c.since))
	if now.Round(0).Sub(reckoned) > maxLeap {
		return rules.DateOf(reckoned), true
	}
	return rules.DateOf(now), false
}

// followClock has the law follow the calendar, as far as the clock can be believed.
func (n *Node) followClock(now time.Time) error {
	l := n.law
	l.mu.Lock()
	today, leapt := l.calendar.today(now)
	l.leap = ""
	if leapt && !l.fixed {
		l.leap = fmt.Sprintf("the clock has leapt ahead to %s and is not followed: "+
			"it is taken for %s until \"cordon reload\" says that the clock is right", rules.DateOf(now), today)
	}
	leap := l.leap
	l.mu.Unlock()
	if leap != "" && now.Sub(n.clockTold) >= clockLine {
		n.clockTold = now
		n.d.Log.Error(leap)
	}
	return n.followCalendar(today)
}

// followCalendar has a new day judged by its own law. A clock that goes back changes nothing: what
// has fallen due stays so.
func (n *Node) followCalendar(today rules.Date) error {
	l := n.law
	l.mu.Lock()
	due := !l.fixed && today > l.in.asOf
	l.mu.Unlock()
	if !due {
		return nil
	}
	err := n.amend(amendment{
		stays: true,
		edit:  func(s *statutes) error { s.asOf = max(s.asOf, today); return nil },
		told:  func(snapshot *rules.Snapshot) { n.newSnapshot(snapshot, "a new day") },
	})
	if err == nil {
		n.keepDay(today)
	}
	return err
}

// keptDay is how the store knows the last day that law was in force for: one who puts the clock back
// and starts the core anew does not undo what has fallen due.
const keptDay = "law day"

// keepDay has a day outlast the process.
func (n *Node) keepDay(d rules.Date) {
	if err := n.d.Store.Keep(keptDay, []byte(d.String())); err != nil {
		n.d.Log.Error("the day that the law is in force for is not kept: a start with the clock put back would undo what has fallen due", "err", err)
	}
}

// startDay is the day to start for: the clock's, or the last that law was in force for where that is later. Who
// judges as of one day has a later one forgotten, as one is that a wrong clock has left.
func (d *Deps) startDay() (rules.Date, error) {
	day := d.Law.asOf
	text, err := d.Store.Kept(keptDay)
	if err != nil || text == nil {
		return day, err
	}
	last, err := rules.ParseDate(string(text))
	switch {
	case err != nil || last <= day:
		return day, nil
	case d.Law.Fixed:
		return day, d.Store.Keep(keptDay, []byte(day.String()))
	}
	d.Log.Error("the clock is behind the last day that law was in force for, and that day's law is obeyed. Where the clock was wrong then and is right now, "+
		"start once with trust.as_of set to today", "clock", day, "obeyed", last)
	return last, nil
}

// followFindings has rules see what was found, where that changes a verdict: findings come all the
// time, and a law that changes without changing anything tells nobody anything.
func (n *Node) followFindings(now time.Time) error {
	n.book.mu.Lock()
	look := n.book.changed || now.Unix()%lookAgain == 0
	n.book.changed = false
	var found []rules.Observation
	if look {
		found = n.book.book.Observations(now)
	}
	n.book.mu.Unlock()
	if !look {
		return nil
	}
	err := n.findingsFound(found)
	if err != nil {
		n.book.mu.Lock()
		n.book.changed = true // looked at again
		n.book.mu.Unlock()
	}
	return err
}

// findingsFound is followFindings of what was found.
func (n *Node) findingsFound(found []rules.Observation) error {
	l := n.law
	l.mu.Lock()
	change := rules.Change{Findings: differing(about(l.in.findings, l.in.facts), about(found, l.in.facts))}
	l.mu.Unlock()
	before := l.now.Load()
	after, err := before.With(change)
	if err != nil || !slices.ContainsFunc(change.Findings, func(o rules.Observation) bool { return standsApart(before, after, o.Element) }) {
		return err
	}
	return n.amend(amendment{
		stays: true,
		edit: func(s *statutes) error {
			change.Findings = differing(about(s.findings, s.facts), about(found, s.facts))
			s.findings = found
			return nil
		},
		touches: func() *rules.Change { return &change },
		told:    func(snapshot *rules.Snapshot) { n.newSnapshot(snapshot, "findings") },
	})
}

// standsApart reports whether two snapshots judge an element differently at any gate, apart from
// what is claimed or asked for there.
func standsApart(a, b *rules.Snapshot, element string) bool {
	for _, gate := range []rules.Gate{rules.GateManagement, rules.GateDevice, rules.GateSession} {
		for _, protected := range []bool{false, true} {
			q := rules.Question{Gate: gate, Element: element, Protected: protected}
			x, y := rules.Decide(a, q), rules.Decide(b, q)
			if x.Act != y.Act || x.Owes != y.Owes || x.Due != y.Due || x.Rule != y.Rule {
				return true
			}
		}
	}
	return false
}

// differing are the observations that are not what they were; one that is gone counts 0.
func differing(before, now []rules.Observation) []rules.Observation {
	type name struct{ element, kind string }
	was := make(map[name]int, len(before))
	for _, o := range before {
		was[name{o.Element, o.Kind}] = o.Count
	}
	var list []rules.Observation
	for _, o := range now {
		if was[name{o.Element, o.Kind}] != o.Count {
			list = append(list, o)
		}
		delete(was, name{o.Element, o.Kind})
	}
	for n := range was {
		list = append(list, rules.Observation{Element: n.element, Kind: n.kind})
	}
	return list
}
