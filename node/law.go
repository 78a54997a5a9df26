package node

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cordon/amf"
	"cordon/evidence"
	"cordon/ident"
	"cordon/rules"
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

// law is what the network obeys. Its snapshot is replaced whole or not at all; while a change
// does not compile the one before stays in force.
type law struct {
	now atomic.Pointer[rules.Snapshot]

	mu      sync.Mutex // guards what follows; held while a change is made
	in      statutes
	areas   *rules.Areas // of what is in force; nil before a change
	given   []approval   // that the files had superseded at the start
	fixed   bool         // judged as of one day for ever
	since   time.Time
	problem string // why the last reading of files, or a day, was refused; empty after one that was not
	leap    string // why the clock is not followed, empty where it is
	calendar
}

// newLaw compiles the law that a network starts under.
func newLaw(in statutes, fixed bool) (*law, error) {
	given := in.supersede()
	if err := in.read(); err != nil {
		return nil, fmt.Errorf("reading the records: %w", err)
	}
	snapshot, err := in.compile()
	if err != nil {
		return nil, fmt.Errorf("compiling records and rules: %w", err)
	}
	l := &law{in: in, given: given, fixed: fixed, since: time.Now(), calendar: calendar{wall: time.Now().Round(0), since: time.Now()}}
	l.now.Store(snapshot)
	return l, nil
}

// amendment is a change of the law.
type amendment struct {
	edit func(*statutes) error // makes the change; what it is given may be replaced, not altered
	// touches is what the change touches, asked after edit, where that is little; nil, or an answer of
	// nil, has everything judged anew.
	touches func() *rules.Change
	// stays says that what is wrong with the change stays so until it is mended, and is to be seen: files
	// that cannot be read, a day that cannot be judged. Of an order, who gave it is told.
	stays bool
	keep  func() error          // makes it outlast the process; nil where it need not
	told  func(*rules.Snapshot) // makes it evidence, once it is in force
}

// amend changes the law and has the network obey: judged, then kept, then in force, then told.
func (n *Node) amend(a amendment) error {
	l := n.law
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.in
	snapshot, err := next.amended(a, l.now.Load())
	switch {
	case err != nil && a.stays:
		l.problem = err.Error()
		return err
	case err != nil:
		return err
	case a.stays:
		l.problem = ""
	}
	l.in, l.since = next, time.Now()
	l.now.Store(snapshot)
	a.told(snapshot)
	n.announce(snapshot)
	return nil
}

// amended makes the change, to the statutes and to the snapshot that was compiled from them.
func (s *statutes) amended(a amendment, snapshot *rules.Snapshot) (_ *rules.Snapshot, err error) {
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

// announce has everything that is connected judged by the law now in force. Callers hold the
// law's mu.
func (n *Node) announce(snapshot *rules.Snapshot) {
	n.law.areas = snapshot.Areas(n.law.areas)
	for _, s := range n.shards {
		s.post(n.life, input{amf: amf.NewLaw{Law: snapshot, Forbidden: n.law.areas.Forbidden}})
	}
	for _, a := range n.associations() {
		a.rejudge(n.life)
	}
	n.drainRefused()
}

// drainRefused begins to drain the radios that may not serve any longer, in an order that keeps
// service; last of all those whose record is gone, for which nobody knows one.
func (n *Node) drainRefused() {
	var refused, lawful []string
	devices := make(map[string]int)
	leaving := make(map[string][]*association) // by the name of the record, which may be none
	for _, a := range n.radiosUp() {
		name := a.element()
		if !a.draining.Load() {
			lawful = append(lawful, name)
			continue
		}
		if leaving[name] = append(leaving[name], a); name != "" {
			refused = append(refused, name)
			devices[name] = a.connections()
		}
	}
	if len(leaving) == 0 {
		return
	}
	slices.Sort(refused)
	slices.Sort(lawful)
	var order []*association
	for _, name := range trust.DrainOrder(trust.Dark(n.law.in.facts, refused, lawful), devices) {
		order = append(order, leaving[name]...)
		delete(leaving, name)
	}
	for _, name := range slices.Sorted(maps.Keys(leaving)) {
		order = append(order, leaving[name]...)
	}
	n.drains.start(order)
}

// newSnapshot tells that another law is in force.
func (n *Node) newSnapshot(snapshot *rules.Snapshot, why string) {
	cuts, approvals := n.law.in.numbers() // also those that a crash kept from being told when they were given
	e := evidence.Entry{Kind: evidence.Snapshot, Act: "in force", Snapshot: digest(snapshot), Why: why,
		Detail: details(map[string]string{"as_of": snapshot.AsOf().String(), "elements": strconv.Itoa(len(n.law.in.facts.Elements)), "cuts": cuts, "approvals": approvals})}
	for _, r := range n.law.in.regimes {
		e.Regimes = append(e.Regimes, r.Name)
	}
	n.d.Evidence.Append(e)
}

// wait holds a radio without a record for an operator.
func (n *Node) wait(a *association, c amf.Claim) {
	untold, tell := n.pending.note(time.Now(), claim{Claim: c, peer: a.peer})
	if !tell {
		return
	}
	if n.logUpTo(logPending, radioLines) {
		n.d.Log.Warn("a radio without a record asks to be served: \"cordon radio pending\" shows what it claims", "radio", c.Name, "node", c.Node, "peer", a.peer)
	}
	n.d.Evidence.Append(evidence.Entry{Kind: evidence.Pending, Act: "pending", Gate: rules.GateN2.String(), Subject: c.Node.String(), Count: untold,
		Detail: details(map[string]string{"name": c.Name, "peer": a.peer.String()})})
}

// begin has shards obey the law that the network starts under, and tells which it is.
func (n *Node) begin() {
	n.law.mu.Lock()
	defer n.law.mu.Unlock()
	snapshot := n.law.now.Load()
	for _, w := range n.law.in.warnings {
		n.d.Log.Warn("odd in the records", "what", w)
	}
	n.newSnapshot(snapshot, "the network starts")
	if !n.law.fixed {
		n.keepDay(n.law.in.asOf)
	}
	for _, a := range n.law.given {
		if err := n.d.Statements.RemoveStatement(a.Number); err != nil {
			n.d.Log.Error("an approval that the files have superseded is not taken away", "approval", a.Number, "err", err)
		}
		n.superseded(a)
	}
	n.law.given = nil
}

// superseded tells that an approval is over because the files have what it approved.
func (n *Node) superseded(a approval) {
	n.d.Log.Info("an approval is superseded by the files of records", "approval", a.Number)
	n.d.Evidence.Append(evidence.Entry{Kind: evidence.Act, Act: "approval superseded", Why: "the files of records have its elements",
		Detail: details(map[string]string{"number": strconv.Itoa(a.Number)})})
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

// digest is that of the law in force, as evidence names it.
func (l *law) digest() string { return digest(l.now.Load()) }

func digest(s *rules.Snapshot) string {
	d := s.Digest()
	return "sha256:" + hex.EncodeToString(d[:])
}
