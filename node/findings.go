package node

import (
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/smf"
	"cordon/wire/ngap"
)

// Findings are counted whole and logged at most once a second for each kind, for who
// causes them may be able to cause many.

// finding takes note of what a machine observed.
func (n *Node) finding(f amf.Finding) {
	n.metrics.findings[f.Kind].Add(1)
	if n.logNow(uint8(f.Kind)) {
		about := []any{"kind", f.Kind, "radio", f.Node}
		if f.Cell != (ident.NRCGI{}) {
			about = append(about, "cell", f.Cell)
		}
		if f.SUPI != 0 {
			about = append(about, "device", f.SUPI)
		}
		if f.Why != "" {
			about = append(about, "why", f.Why)
		}
		n.d.Log.Warn("finding", about...)
	}
}

// sessionFinding takes note of what a session observed of a radio.
func (n *Node) sessionFinding(f smf.Finding) {
	n.metrics.sessions[f.Kind].Add(1)
	if a := n.association(amf.RadioID(f.Radio)); a != nil && n.logNow(sessionFindings+uint8(f.Kind)) {
		n.d.Log.Warn("finding", "kind", f.Kind, "radio", a.node(), "device", f.Key.SUPI, "session", f.Key.PSI)
	}
}

// theft takes note of a radio that named a connection which is another's.
func (n *Node) theft(by *association, owner amf.RadioID, m ngap.Message) {
	n.metrics.findings[amf.FindingTheft].Add(1)
	if victim := n.association(owner); victim != nil && n.logNow(uint8(amf.FindingTheft)) {
		n.d.Log.Warn("finding", "kind", amf.FindingTheft, "radio", by.node(), "of", victim.node(), "message", m.Procedure())
	}
}

// Kinds of lines that a peer can cause at will. Up to the first named here they are a device's
// or a radio's findings by kind; from each of the next two on, a user packet's and a session's.
const (
	planeFindings   = 64
	sessionFindings = 128
)

// The others are no findings.
const (
	logIdentity = 200 + iota
	logStore
	logPlan
	logSIM
	logRadio
	logBug
)

// radioLines is how many lines about radios that come, change and go may be logged in a
// second. A host that does nothing else must not fill the disk.
const radioLines = 20

// logNow lets one line of each kind through in a second.
func (n *Node) logNow(kind uint8) bool { return n.logUpTo(kind, 1) }

// logUpTo lets so many lines of a kind through in a second, 255 at most.
func (n *Node) logUpTo(kind uint8, most int64) bool {
	for {
		was, now := n.logged[kind].Load(), time.Now().Unix()
		next := now<<8 | 1
		if was>>8 == now {
			if was&255 >= most {
				return false
			}
			next = was + 1
		}
		if n.logged[kind].CompareAndSwap(was, next) {
			return true
		}
	}
}
