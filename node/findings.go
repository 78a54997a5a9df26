package node

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"cordon/amf"
	"cordon/datapath"
	"cordon/evidence"
	"cordon/ident"
	"cordon/smf"
	"cordon/trust"
	"cordon/wire/ngap"
)

// Findings are entered in a book by element and kind, where rules see their counts. The first of an
// entry and each that brings its count to a power of ten is logged and is evidence: who
// causes findings may be able to cause many. The messages that show them stay in the book, for they may
// name a subscriber; evidence has their digest.

// maxFindings bounds the book: as kept, some ten million octets at the most.
const maxFindings = 4096

// book is the findings book and its lock.
type book struct {
	mu      sync.Mutex // guards what follows
	book    *trust.Book
	changed bool // since the law last looked
	grave   bool // since it was last kept, by what an element itself did or an operator cleared
	unkept  bool // since it was last kept, by anything
}

// observed is one finding on its way into the book.
type observed struct {
	kind    string
	by      *association // nil where no radio can be named
	element string       // where by is not set up and is an element none the less
	subject ident.SUPI
	claimed bool // the message only names the subject
	why     string
	message []byte
	count   uint64 // of occurrences; 0 for one
}

// finding takes note of what a machine observed.
func (n *Node) finding(f amf.Finding) {
	n.metrics.findings[f.Kind].Add(1)
	why := f.Why
	if why == "" && f.Cell != (ident.NRCGI{}) {
		why = "cell " + f.Cell.String()
	}
	by, element := n.association(f.Radio), ""
	if by == nil || by.info.Load() == nil {
		why = "radio " + f.Node.String() + " " + why
		element = n.presented(by, f.Node)
	}
	n.observe(observed{kind: f.Kind.String(), by: by, element: element, subject: f.SUPI, claimed: f.Claimed, why: why, message: f.Bytes})
}

// presented is the element whose identity a radio presents that is not set up. Who comes from another address
// than the record's may be anybody, and so may who presents the identity of a radio that is connected: nothing that
// they do counts against the element.
func (n *Node) presented(by *association, node ident.RANNode) string {
	if by == nil || n.anothers(node, by.id) {
		return ""
	}
	record := n.law.now.Load().Radio(node)
	if record == nil || !record.OwnsN2(by.peer.Addr()) {
		return ""
	}
	return record.Name
}

// sessionFinding takes note of what a session observed of a radio.
func (n *Node) sessionFinding(f smf.Finding) {
	n.metrics.sessions[f.Kind].Add(1)
	n.observe(observed{kind: f.Kind.String(), by: n.association(amf.RadioID(f.Radio)), subject: f.Key.SUPI, why: f.Why, message: f.Bytes})
}

// theft takes note of a radio that named a connection which is another's.
func (n *Node) theft(by *association, owner amf.RadioID, m ngap.Message, kind amf.FindingKind) {
	n.metrics.findings[kind].Add(1)
	victim := n.association(owner)
	if victim == nil {
		return
	}
	shown, err := ngap.Append(nil, m)
	if err != nil { // it was decoded; what it was is still told
		shown = nil
	}
	n.observe(observed{kind: kind.String(), by: by, why: m.Procedure().String() + " for a connection of " + victim.element(), message: shown})
}

// packetsFrom is where a user packet came from: what comes from data networks has no outer source.
func packetsFrom(source netip.AddrPort) string {
	if !source.IsValid() {
		return "N6"
	}
	return source.String()
}

// planeFinding takes note of what user packets show.
func (n *Node) planeFinding(e datapath.Event) {
	n.metrics.planeFindings[e.Reason].Add(e.Count)
	n.observe(observed{
		kind: e.Reason.String(), by: n.radioAt(e.Source.Addr()), why: "user packets from " + packetsFrom(e.Source),
		message: e.Octets(), count: e.Count,
	})
}

// malformed takes note of a message that cannot be decoded.
func (n *Node) malformed(by *association, message []byte) {
	n.observe(observed{kind: "malformed", by: by, why: "a message on N2", message: message})
}

// observe enters a finding. Kinds that the book does not have are only counted in the metrics.
func (n *Node) observe(o observed) {
	element := o.element
	if element == "" && o.by != nil {
		element = o.by.element()
	}
	seen := trust.Sighting{Element: element, Kind: o.kind, Device: o.subject, Count: o.count, Why: o.why, Message: o.message}
	if o.claimed {
		seen.Device = 0
	}
	n.book.mu.Lock()
	noted := n.book.book.Note(time.Now(), seen)
	n.book.changed, n.book.unkept = true, true
	n.book.grave = n.book.grave || noted.By == trust.Itself
	n.book.mu.Unlock()
	if noted.Telling {
		n.tell(element, o, noted.Count)
	}
}

// tell logs a finding and makes it evidence.
func (n *Node) tell(element string, o observed, count uint64) {
	about := []any{"kind", o.kind, "element", element, "count", count}
	e := evidence.Entry{Kind: evidence.Finding, Act: o.kind, Element: element, Count: count, Why: o.why}
	if o.by != nil {
		node := "" // of one that is not set up: why has what it claims to be
		if id := o.by.node(); id != (ident.RANNode{}) {
			node = id.String()
		}
		about = append(about, "radio", node, "peer", o.by.peer)
		e.Detail = details(map[string]string{"node": node, "peer": o.by.peer.String()})
	}
	if o.subject != 0 {
		about = append(about, "device", o.subject)
		e.Subject = n.pseudonym(o.subject)
	}
	if o.why != "" {
		about = append(about, "why", o.why)
	}
	if len(o.message) > 0 {
		shown := trust.Shown(o.message)
		e.Detail = append(e.Detail, evidence.Detail{Name: "octets", Value: fmt.Sprint(len(shown))},
			evidence.Detail{Name: "octets_digest", Value: n.d.Evidence.Digest(shown)})
	}
	n.d.Evidence.Append(e)
	if n.logUpTo(logFinding, findingLines) {
		n.d.Log.Warn("finding", about...)
	}
}

// How the store knows the findings book, and how often in seconds it is kept while it changes: by
// what an element itself did, and by what others can cause as often as they like.
const (
	keptFindings      = "findings"
	keepGraveEvery    = 30
	keepFindingsEvery = 600
)

// keepFindings has the book outlast the process, if it has changed or, where only that is asked for,
// changed gravely.
func (n *Node) keepFindings(grave bool) {
	n.book.mu.Lock()
	if !n.book.grave && (grave || !n.book.unkept) {
		n.book.mu.Unlock()
		return
	}
	n.book.grave, n.book.unkept = false, false
	list := n.book.book.List(time.Now(), "")
	n.book.mu.Unlock()
	text, err := json.Marshal(list)
	if err == nil {
		err = n.d.Store.Keep(keptFindings, text)
	}
	if err != nil {
		n.d.Log.Error("the findings could not be kept; they would be lost with the process", "err", err)
	}
}

// restoreFindings enters what was found before a restart.
func (n *Node) restoreFindings() error {
	text, err := n.d.Store.Kept(keptFindings)
	if err != nil || text == nil {
		return err
	}
	var list []trust.Entry
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("reading the findings of before: %w", err)
	}
	n.book.book.Restore(list)
	n.book.changed = true
	return nil
}
