package node

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon/ident"
	"cordon/rules"
	"cordon/store"
	"cordon/trust"
)

// statutes are all that a snapshot is compiled from. A change makes new ones.
type statutes struct {
	files    []trust.File // records as operators keep them
	approved []approval   // records that operators gave to radios that waited
	facts    *rules.Facts // what both say
	warnings trust.Warnings
	regimes  []*rules.Regime
	cuts     []numberedCut
	findings []rules.Observation
	asOf     rules.Date
}

// numberedCut is a cut with the number to restore it by.
type numberedCut struct {
	Number int
	rules.Cut
}

// approval is a record that an operator gave to a radio, with the number to take it back by.
type approval struct {
	Number int
	trust.File
}

// approvalOf has no number before it is kept, and problems of it are told to who gave it.
func approvalOf(number int, text []byte) approval {
	name := "record.yaml"
	if number > 0 {
		name = fmt.Sprintf("approved-%d.yaml", number)
	}
	return approval{number, trust.File{Name: name, Text: text}}
}

// read makes facts of the records, and names everything that is wrong with them.
func (s *statutes) read() (err error) {
	all := slices.Clip(s.files)
	for _, a := range s.approved {
		all = append(all, a.File)
	}
	s.facts, s.warnings, err = trust.Parse(all)
	return err
}

// supersede gives up the approvals of which the files have every element by now, by its name or as a radio by its
// identity, and returns them: an operator who puts into the files what was approved must not be told for ever that
// it is there twice.
func (s *statutes) supersede() (given []approval) {
	if len(s.approved) == 0 {
		return nil
	}
	facts, _, err := trust.Parse(s.files)
	if err != nil {
		return nil // read says so
	}
	known, radios := make(map[string]bool, len(facts.Elements)), make(map[ident.RANNode]bool)
	for i := range facts.Elements {
		e := &facts.Elements[i]
		known[e.Name] = true
		if e.HasNode {
			radios[e.Node] = true
		}
	}
	s.approved = slices.DeleteFunc(slices.Clone(s.approved), func(a approval) bool {
		of, err := trust.Elements(a.File)
		if err != nil || slices.ContainsFunc(of, func(e rules.Element) bool { return !known[e.Name] && !(e.HasNode && radios[e.Node]) }) {
			return false
		}
		given = append(given, a)
		return true
	})
	return given
}

// compile judges everything anew.
func (s *statutes) compile() (*rules.Snapshot, error) {
	facts := *s.facts
	facts.Findings = about(s.findings, s.facts)
	facts.Cuts = nil
	for _, c := range s.cuts {
		facts.Cuts = append(facts.Cuts, c.Cut)
	}
	return rules.Compile(&facts, s.regimes, s.asOf)
}

// about is what was found of elements that have a record.
func about(found []rules.Observation, f *rules.Facts) []rules.Observation {
	return slices.DeleteFunc(slices.Clone(found), func(o rules.Observation) bool {
		_, known := slices.BinarySearchFunc(f.Elements, o.Element, func(e rules.Element, name string) int { return strings.Compare(e.Name, name) })
		return !known
	})
}

// apply makes a change, to the statutes and to the snapshot that was compiled from them, and then keeps it.
func (s *statutes) apply(a amendment, snapshot *rules.Snapshot) (_ *rules.Snapshot, err error) {
	if err := a.edit(s); err != nil {
		return nil, err
	}
	var little *rules.Change
	if a.touches != nil {
		little = a.touches()
	}
	if little != nil {
		snapshot, err = snapshot.With(*little)
	} else {
		snapshot, err = s.compile()
	}
	if err != nil {
		return nil, err
	}
	if a.keep != nil {
		if err := a.keep(); err != nil {
			return nil, err
		}
	}
	return snapshot, nil
}

// numbers are those of the orders in force.
func (s *statutes) numbers() (cuts, approvals string) {
	for _, c := range s.cuts {
		cuts += " " + strconv.Itoa(c.Number)
	}
	for _, a := range s.approved {
		approvals += " " + strconv.Itoa(a.Number)
	}
	return strings.TrimSpace(cuts), strings.TrimSpace(approvals)
}

// Kinds of statements in the store.
const (
	statementRecord = "record"
	statementCut    = "cut"
)

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
