package node

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/rules"
)

// Cut takes what an order names out of service, or says what that would do.
func (n *Node) Cut(_ context.Context, order console.CutOrder) (console.CutReport, error) {
	cut := rules.Cut{
		Vendor: order.Vendor, Element: order.Element, Digest: order.Digest,
		Who: order.Who, Why: order.Why, At: time.Now().UTC().Truncate(time.Second),
	}
	if order.DryRun {
		return n.tryCut(cut)
	}
	var number int
	var unkept string
	var report console.CutReport
	before := n.law.now.Load()
	err := n.amend(amendment{
		edit: func(s *statutes) error {
			s.cuts = append(slices.Clip(s.cuts), numberedCut{0, cut})
			return aims(s.facts, cut)
		},
		touches: func() *rules.Change { return &rules.Change{Cuts: []rules.Cut{cut}} },
		keep: func() error {
			var err error
			if number, err = n.keepCut(cut); err != nil { // what must be cut off does not wait for a disk
				number, unkept = n.law.unkeptNumber(), err.Error()
				n.d.Log.Error("a cut is in force and is not kept: it would be lost with the process", "number", number, "err", err)
			}
			return nil
		},
		told: func(snapshot *rules.Snapshot) {
			n.law.in.cuts[len(n.law.in.cuts)-1].Number = number
			report = n.cutReport(n.law.in.facts, before, snapshot)
			report.Number, report.Unkept = number, unkept
			n.act(order.Act, evidence.Entry{Kind: evidence.Cut, Act: "cut", Element: cutAim(cut), Count: uint64(len(report.Elements)),
				Detail: details(map[string]string{"number": fmt.Sprint(number), "devices": fmt.Sprint(report.Devices), "dark": fmt.Sprint(report.Dark)})})
		},
	})
	return report, n.refused(order.Act, evidence.Entry{Act: "cut", Element: cutAim(cut)}, err)
}

// keepCut has a cut outlast the process.
func (n *Node) keepCut(cut rules.Cut) (number int, err error) {
	text, err := json.Marshal(keptCut(cut))
	if err != nil {
		return 0, err
	}
	return n.d.Statements.AddStatement(statementCut, text)
}

// firstUnkept is the first number of cuts that the store could not keep.
const firstUnkept = 1 << 30

// unkeptNumber is one for a cut that cannot be kept. Callers hold mu.
func (l *law) unkeptNumber() int {
	number := firstUnkept
	for _, c := range l.in.cuts {
		number = max(number, c.Number+1)
	}
	return number
}

// unkeptCuts is how many cuts in force would be lost with the process. Callers hold mu.
func (l *law) unkeptCuts() (count int) {
	for _, c := range l.in.cuts {
		if c.Number >= firstUnkept {
			count++
		}
	}
	return count
}

// keepCuts keeps what could not be kept before, which takes other numbers then.
func (n *Node) keepCuts() {
	n.law.mu.Lock()
	defer n.law.mu.Unlock()
	if n.law.unkeptCuts() == 0 {
		return
	}
	cuts := slices.Clone(n.law.in.cuts)
	for i, c := range cuts {
		if c.Number < firstUnkept {
			continue
		}
		number, err := n.keepCut(c.Cut)
		if err != nil {
			break
		}
		n.d.Log.Warn("a cut is kept now", "number", number, "before", c.Number)
		n.d.Evidence.Append(evidence.Entry{Kind: evidence.Cut, Act: "kept", Element: cutAim(c.Cut),
			Detail: details(map[string]string{"number": fmt.Sprint(number), "before": fmt.Sprint(c.Number)})})
		cuts[i].Number = number
	}
	n.law.in.cuts = cuts
}

// tryCut says what a cut would do and does nothing.
func (n *Node) tryCut(cut rules.Cut) (console.CutReport, error) {
	n.law.mu.Lock()
	next := n.law.in
	n.law.mu.Unlock()
	if err := aims(next.facts, cut); err != nil {
		return console.CutReport{}, err
	}
	before := n.law.now.Load()
	snapshot, err := before.With(rules.Change{Cuts: []rules.Cut{cut}})
	if err != nil {
		return console.CutReport{}, err
	}
	report := n.cutReport(next.facts, before, snapshot)
	report.DryRun = true
	return report, nil
}

// aims reports whether a cut names one thing, and one that is there. Software that nobody has today
// may be cut off before it comes.
func aims(f *rules.Facts, c rules.Cut) error {
	named := 0
	for _, s := range []string{c.Vendor, c.Element, c.Digest} {
		if s != "" {
			named++
		}
	}
	switch {
	case named != 1:
		return console.Problem{Message: "want one of vendor, element and digest"}
	case c.Vendor != "" && !slices.ContainsFunc(f.Vendors, func(v rules.Vendor) bool { return v.Name == c.Vendor }):
		return fmt.Errorf("no vendor %q in the records: %w", c.Vendor, fs.ErrNotExist)
	case c.Element != "" && !slices.ContainsFunc(f.Elements, func(e rules.Element) bool { return e.Name == c.Element }):
		return fmt.Errorf("no element %q in the records: %w", c.Element, fs.ErrNotExist)
	}
	return nil
}

// cutAim is what a cut names, in words.
func cutAim(c rules.Cut) string {
	switch {
	case c.Vendor != "":
		return "vendor " + c.Vendor
	case c.Digest != "":
		return "software " + c.Digest
	}
	return c.Element
}

// Restore takes back an order: a cut, or the approval of a radio, which is without a record then.
func (n *Node) Restore(_ context.Context, act console.Act, number int) error {
	var cut *rules.Cut
	told := evidence.Entry{Act: "restore", Detail: details(map[string]string{"number": fmt.Sprint(number)})}
	a := amendment{
		edit: func(s *statutes) error {
			if i := slices.IndexFunc(s.approved, func(a approval) bool { return a.Number == number }); i >= 0 {
				s.approved = slices.Delete(slices.Clone(s.approved), i, i+1)
				return s.read()
			}
			i := slices.IndexFunc(s.cuts, func(c numberedCut) bool { return c.Number == number })
			if i < 0 {
				return fmt.Errorf("no cut or approval %d is in force: %w", number, fs.ErrNotExist)
			}
			cut = &s.cuts[i].Cut
			s.cuts = slices.Delete(slices.Clone(s.cuts), i, i+1)
			return nil
		},
		touches: func() *rules.Change {
			if cut == nil {
				return nil
			}
			return restored(n.law.in.cuts, number)
		},
		keep: func() error {
			if number >= firstUnkept {
				return nil
			}
			return n.d.Statements.RemoveStatement(number)
		},
		told: func(*rules.Snapshot) {
			if cut == nil {
				told.Act = "withdraw approval"
			} else {
				told.Kind, told.Element = evidence.Cut, cutAim(*cut)
			}
			n.act(act, told)
		},
	}
	return n.refused(act, told, n.amend(a))
}

// restored takes a cut back. One of the same aim that was ordered a second time is ordered again, for
// taking back goes by the aim.
func restored(cuts []numberedCut, number int) *rules.Change {
	c := &rules.Change{}
	i := slices.IndexFunc(cuts, func(c numberedCut) bool { return c.Number == number })
	gone := cuts[i].Cut
	c.Restored = []rules.Cut{gone}
	for _, o := range cuts {
		if o.Number != number && o.SameAim(gone) {
			c.Cuts = append(c.Cuts, o.Cut)
		}
	}
	return c
}
