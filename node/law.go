package node

import (
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"cordon/amf"
	"cordon/evidence"
	"cordon/rules"
)

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

	calendar calendar // tells the day
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
	snapshot, err := next.apply(a, l.now.Load())
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

// announce has everything that is connected judged by the law now in force. Callers hold the
// law's mu.
func (n *Node) announce(snapshot *rules.Snapshot) {
	n.law.areas = snapshot.Areas(n.law.areas)
	for _, s := range n.shards {
		s.post(n.life, input{amf: amf.NewLaw{Law: snapshot, Forbidden: n.law.areas.Forbidden}})
	}
	n.unkeep(n.life, func(netip.Addr) bool { return true }) // no radio can be asked about them
	for _, a := range n.associations() {
		a.rejudge(n.life)
	}
	n.drainRefused()
	if n.planes != nil {
		n.planes.rejudge()
	}
}

// newSnapshot tells that another law is in force.
func (n *Node) newSnapshot(snapshot *rules.Snapshot, why string) {
	cuts, approvals := n.law.in.numbers() // also those that a crash kept from being told when they were given
	e := evidence.Entry{Kind: evidence.Snapshot, Act: "in force", Snapshot: snapshot.DigestText(), Why: why,
		Detail: details(map[string]string{
			"as_of": snapshot.AsOf().String(), "elements": strconv.Itoa(len(n.law.in.facts.Elements)), "cuts": cuts, "approvals": approvals,
		})}
	for _, r := range n.law.in.regimes {
		e.Regimes = append(e.Regimes, r.Name)
	}
	n.d.Evidence.Append(e)
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

// digest is that of the law in force, as evidence names it.
func (l *law) digest() string { return l.now.Load().DigestText() }
