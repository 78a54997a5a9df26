package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/rules"
	"cordon/store"
)

// What operators order of the law. Each is judged, kept, put into force and told as evidence, in
// that order; one that does not compile changes nothing.

// Kinds of statements in the store.
const (
	statementRecord = "record"
	statementCut    = "cut"
)

// Statements is where orders outlast the process.
type Statements interface {
	AddStatement(kind string, text []byte) (number int, err error)
	RemoveStatement(number int) error
	Statements() ([]store.Statement, error)
}

// keptCut is a cut as the store keeps it.
type keptCut struct {
	Vendor, Element, Digest, Who, Why string
	At                                time.Time
}

// enact brings back what operators had ordered before a restart.
func (s *statutes) enact(kept []store.Statement) error {
	for _, k := range kept {
		switch k.Kind {
		case statementRecord:
			s.approved = append(s.approved, approvalOf(k.Number, k.Text))
		case statementCut:
			var c keptCut
			if err := json.Unmarshal(k.Text, &c); err != nil {
				return fmt.Errorf("order %d in the store: %w", k.Number, err)
			}
			s.cuts = append(s.cuts, numberedCut{k.Number, rules.Cut(c)})
		}
	}
	return nil
}

// Approve gives a pending radio a record.
func (n *Node) Approve(_ context.Context, act console.Act, record string) error {
	var number int
	var added []string
	err := n.amend(amendment{
		edit: func(s *statutes) error {
			before := s.facts
			s.approved = append(slices.Clip(s.approved), approvalOf(0, []byte(record)))
			if err := s.read(); err != nil {
				return err
			}
			switch added = addedElements(before, s.facts); {
			case len(added) == 0:
				return console.Problem{Message: "want a record with an element", Where: "record"}
			case len(s.facts.Zones) > len(before.Zones): // an approval may be taken back, and a zone forbids
				return console.Problem{Message: "an approval has no zones: put them into the files of records", Where: "record"}
			}
			return nil
		},
		keep: func() (err error) {
			number, err = n.d.Statements.AddStatement(statementRecord, []byte(record))
			return err
		},
		told: func(snapshot *rules.Snapshot) {
			in := &n.law.in
			in.approved[len(in.approved)-1] = approvalOf(number, []byte(record))
			for _, name := range added {
				e := snapshot.Element(name)
				if e.HasNode {
					n.pending.forget(e.Node)
				}
				n.act(act, evidence.Entry{Act: "approve", Element: name, Subject: nodeText(e), Detail: recordDetails(number, record)})
			}
		},
	})
	return n.refused(act, evidence.Entry{Act: "approve", Detail: recordDetails(0, record)}, err)
}

// recordDetails shows a record in evidence, where a text is one line and may be cut: what it says, and the digest
// of its octets.
func recordDetails(number int, record string) []evidence.Detail {
	sum := sha256.Sum256([]byte(record))
	return details(map[string]string{
		"number": countText(uint64(number)), "record": strings.Join(strings.Fields(record), " "), "record_digest": "sha256:" + hex.EncodeToString(sum[:]),
	})
}

// addedElements are the names that after has and before has not.
func addedElements(before, after *rules.Facts) []string {
	known := make(map[string]bool, len(before.Elements))
	for i := range before.Elements {
		known[before.Elements[i].Name] = true
	}
	var added []string
	for i := range after.Elements {
		if name := after.Elements[i].Name; !known[name] {
			added = append(added, name)
		}
	}
	return added
}

func nodeText(e *rules.Element) string {
	if !e.HasNode {
		return ""
	}
	return e.Node.String()
}

// Dismiss forgets a pending radio.
func (n *Node) Dismiss(_ context.Context, act console.Act, node string) error {
	for _, w := range n.pending.list() {
		if w.Node.String() == node && n.pending.forget(w.Node) {
			n.act(act, evidence.Entry{Act: "dismiss", Subject: node})
			return nil
		}
	}
	return fmt.Errorf("no radio %s is pending: %w", node, fs.ErrNotExist)
}

// Cut takes what an order names out of service, or says what that would do.
func (n *Node) Cut(_ context.Context, order console.CutOrder) (console.CutReport, error) {
	cut := rules.Cut{Vendor: order.Vendor, Element: order.Element, Digest: order.Digest, Who: order.Who, Why: order.Why, At: time.Now().UTC().Truncate(time.Second)}
	if order.DryRun {
		return n.tryCut(cut)
	}
	var number int
	var report console.CutReport
	before := n.law.now.Load()
	err := n.amend(amendment{
		edit: func(s *statutes) error {
			s.cuts = append(slices.Clip(s.cuts), numberedCut{0, cut})
			return aims(s.facts, cut)
		},
		touches: func() *rules.Change { return &rules.Change{Cuts: []rules.Cut{cut}} },
		keep: func() error {
			text, err := json.Marshal(keptCut(cut))
			if err != nil {
				return err
			}
			number, err = n.d.Statements.AddStatement(statementCut, text)
			return err
		},
		told: func(snapshot *rules.Snapshot) {
			n.law.in.cuts[len(n.law.in.cuts)-1].Number = number
			report = n.cutReport(n.law.in.facts, before, snapshot)
			report.Number = number
			n.act(order.Act, evidence.Entry{Kind: evidence.Cut, Act: "cut", Element: cutAim(cut), Count: uint64(len(report.Elements)),
				Detail: details(map[string]string{"number": fmt.Sprint(number), "devices": fmt.Sprint(report.Devices), "dark": fmt.Sprint(report.Dark)})})
		},
	})
	return report, n.refused(order.Act, evidence.Entry{Act: "cut", Element: cutAim(cut)}, err)
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
		keep: func() error { return n.d.Statements.RemoveStatement(number) },
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
		if o.Number != number && o.Vendor == gone.Vendor && o.Element == gone.Element && o.Digest == gone.Digest {
			c.Cuts = append(c.Cuts, o.Cut)
		}
	}
	return c
}

// ClearFindings has what was found of an element not count any more.
func (n *Node) ClearFindings(_ context.Context, act console.Act, element string) error {
	n.book.mu.Lock()
	cleared := n.book.book.Clear(time.Now(), element, "", act.Who, act.Why)
	n.book.changed, n.book.grave = true, true
	n.book.mu.Unlock()
	if cleared == 0 {
		return fmt.Errorf("nothing counts against %q: %w", element, fs.ErrNotExist)
	}
	n.act(act, evidence.Entry{Act: "clear findings", Element: element, Count: uint64(cleared)})
	return nil
}

// Reload reads the files of records and rules anew.
func (n *Node) Reload(_ context.Context, act console.Act) error {
	if n.d.Law.Reread == nil {
		return fmt.Errorf("this network was not started from files: %w", fs.ErrNotExist)
	}
	var given []approval
	now := time.Now()
	err := n.amend(amendment{
		stays: true,
		edit: func(s *statutes) error {
			files, regimes, err := n.d.Law.Reread()
			if err != nil {
				return err
			}
			s.files, s.regimes = files, regimes
			if !n.law.fixed { // an operator's word that the clock is right, though it leapt
				s.asOf = max(s.asOf, rules.DateOf(now))
			}
			given = s.supersede()
			return s.read()
		},
		keep: func() error {
			for _, a := range given { // of those that are gone where another is not, the files have the elements too
				if err := n.d.Statements.RemoveStatement(a.Number); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
			}
			return nil
		},
		told: func(*rules.Snapshot) {
			n.law.calendar = calendar{wall: now.Round(0), since: now}
			n.act(act, evidence.Entry{Act: "reload", Detail: details(map[string]string{"as_of": n.law.in.asOf.String()})})
			for _, a := range given {
				n.superseded(a)
			}
		},
	})
	if err == nil && !n.law.fixed {
		n.keepDay(n.law.now.Load().AsOf())
	}
	return n.refused(act, evidence.Entry{Act: "reload"}, err)
}

// refused writes down that an operator's order was refused, where it was, and hands the reason on.
func (n *Node) refused(by console.Act, e evidence.Entry, err error) error {
	if err != nil {
		e.Kind, e.Act = evidence.Act, e.Act+" refused"
		e.Detail = slices.SortedFunc(slices.Values(append(e.Detail, evidence.Detail{Name: "problem", Value: err.Error()})),
			func(a, b evidence.Detail) int { return strings.Compare(a.Name, b.Name) })
		n.act(by, e)
	}
	return err
}

// act writes down what an operator did. Kind is an act's unless e has another.
func (n *Node) act(by console.Act, e evidence.Entry) {
	if e.Kind == 0 {
		e.Kind = evidence.Act
	}
	e.Who, e.Why, e.Snapshot = by.Who, by.Why, n.law.digest()
	n.d.Evidence.Append(e)
}
