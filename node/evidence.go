package node

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"cordon/amf"
	"cordon/evidence"
	"cordon/ident"
	"cordon/rules"
)

// Evidence is where that is written which must be provable afterwards. Append neither waits nor
// fails.
type Evidence interface {
	Append(evidence.Entry)
	// Pseudonym is what a subscriber is called there.
	Pseudonym(supi string) string
	// Digest is what stands there for octets that may name one.
	Digest(octets []byte) string
	// Health is whether entries are being written, else why not; how many wait, and how many
	// were lost.
	Health() (ok bool, problem string, pending int, lost uint64)
}

// judged writes down a verdict that restricts or refuses.
func (n *Node) judged(j amf.Judged) {
	v := j.Verdict
	n.metrics.verdicts[j.Gate][v.Act].Add(1)
	o := occasion{gate: j.Gate, act: v.Act, node: j.Node, supi: j.SUPI, rule: ruleID(v.Rule), dnn: j.DNN, slice: j.Slice}
	var stranger netip.Addr
	if a := n.association(j.Radio); j.Gate == rules.GateN2 && (a == nil || a.info.Load() == nil) {
		stranger = j.Peer
	}
	again, untold, fresh := n.repeats.fresh(time.Now(), o, stranger)
	if !fresh {
		return
	}
	e := evidence.Entry{Kind: evidence.Verdict, Act: v.Act.String(), Gate: j.Gate.String(), Element: v.Name, Count: again, Snapshot: n.law.digest()}
	if e.Element == "" {
		e.Element = j.Node.String()
	}
	e.Rules, e.Regimes = decided(v)
	if v.Rule != nil {
		e.Why = v.Rule.Text
	}
	if j.SUPI != 0 {
		e.Subject = n.pseudonym(j.SUPI)
	}
	e.Detail = details(map[string]string{
		"node": j.Node.String(), "peer": addressText(j.Peer), "owes": v.Owes.String(), "due": v.Due.String(),
		"untold": countText(untold), "tac": tacText(j.TAC), "dnn": string(j.DNN), "slice": sliceText(j.Slice),
	})
	n.d.Evidence.Append(e)
}

func (n *Node) pseudonym(supi ident.SUPI) string {
	return n.d.Evidence.Pseudonym("imsi-" + supi.IMSI())
}

func ruleID(r *rules.Rule) string {
	if r == nil {
		return ""
	}
	return r.ID
}

// details are facts with a value, in the order of their names.
func details(facts map[string]string) []evidence.Detail {
	var list []evidence.Detail
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		if facts[name] != "" {
			list = append(list, evidence.Detail{Name: name, Value: facts[name]})
		}
	}
	return list
}

// decided are the rules that came to a verdict, the one that decided first, and their regimes.
func decided(v rules.Verdict) (ids, regimes []string) {
	for _, r := range v.Explain().Rules {
		if r.Outcome != rules.Violated && r.Outcome != rules.Grace {
			continue
		}
		ids = append(ids, r.Rule)
		if !slices.Contains(regimes, r.Regime) {
			regimes = append(regimes, r.Regime)
		}
	}
	return ids, regimes
}

func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func countText(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

func tacText(t ident.TAC) string {
	if t == 0 {
		return ""
	}
	return t.String()
}

func sliceText(s ident.SNSSAI) string {
	if s == (ident.SNSSAI{}) {
		return ""
	}
	return s.String()
}

// recordDrained tells that a radio is out of service.
func (n *Node) recordDrained(d *drain) {
	node := d.by.node().String()
	n.d.Evidence.Append(evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: cmp.Or(d.by.element(), node), Count: uint64(d.count),
		Detail: details(map[string]string{"node": node})})
}
