package node

import (
	"context"
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

// Statements is where orders outlast the process.
type Statements interface {
	AddStatement(kind string, text []byte) (number int, err error)
	RemoveStatement(number int) error
	Statements() ([]store.Statement, error)
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
