package node

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"time"

	"cordon/console"
	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// What the console asks of the law in force.

// Law is the law in force at a glance.
func (n *Node) Law(context.Context) (console.LawStatus, error) {
	l := n.law
	l.mu.Lock()
	in, since, problem := l.in, l.since, cmp.Or(l.leap, l.problem)
	if c := l.unkeptCuts(); c > 0 && problem == "" {
		problem = fmt.Sprintf("%d cuts in force are not kept: the store cannot write", c)
	}
	l.mu.Unlock()
	snapshot := l.now.Load()
	st := console.LawStatus{
		Digest: snapshot.DigestText(), AsOf: snapshot.AsOf().String(), Since: since, Problem: problem,
		Elements: len(in.facts.Elements), Pending: n.pending.len(), Cuts: len(in.cuts), Draining: n.drains.len(),
	}
	for _, v := range snapshot.Elements() {
		switch v.Act {
		case rules.Refuse:
			st.Refused++
		case rules.Restrict:
			st.Restricted++
		}
	}
	for _, r := range in.regimes {
		st.Regimes = append(st.Regimes, regimeStatus(r))
	}
	n.book.mu.Lock()
	st.Findings = len(n.book.book.Observations(time.Now()))
	n.book.mu.Unlock()
	st.Evidence.OK, st.Evidence.Problem, st.Evidence.Pending, _ = n.d.Evidence.Health()
	return st, nil
}

func regimeStatus(r *rules.Regime) console.RegimeStatus {
	st := console.RegimeStatus{Name: r.Name, Title: r.Title, Rules: len(r.Rules)}
	for _, p := range r.Parameters {
		if st.Parameters == nil {
			st.Parameters = make(map[string]string)
		}
		st.Parameters[p.Name] = p.Value
	}
	return st
}

// Elements lists elements with their verdicts in the order of their names, from the first one after.
func (n *Node) Elements(_ context.Context, after string, limit int) ([]console.Element, error) {
	radios := n.radiosByElement()
	list := []console.Element{}
	for e, v := range n.law.now.Load().Elements() {
		if e.Name <= after {
			continue
		}
		if len(list) == limit {
			break
		}
		list = append(list, element(e, v, radios[e.Name]))
	}
	return list, nil
}

// radiosByElement are the radios that are set up, by the name of their record.
func (n *Node) radiosByElement() map[string]*association {
	all := make(map[string]*association)
	for _, a := range n.radiosUp() {
		all[a.element()] = a
	}
	return all
}

func element(e *rules.Element, v rules.Verdict, a *association) console.Element {
	out := console.Element{Name: e.Name, Vendor: e.Vendor, Site: e.Site, Act: v.Act.String(), Owes: v.Owes.Words(), Due: v.Due.String(), Rule: ruleID(v.Rule)}
	for _, f := range e.Functions {
		out.Functions = append(out.Functions, string(f))
	}
	if e.HasNode {
		out.Node, out.State = e.Node.String(), "absent"
	}
	if a != nil {
		out.State, out.Devices = "connected", a.connections()
		if a.draining.Load() {
			out.State = "draining"
		}
	}
	return out
}

// Why explains the verdict on an element: by name, or a radio by its identity, which need not have a record.
func (n *Node) Why(_ context.Context, name string) (rules.Explanation, error) {
	snapshot := n.law.now.Load()
	for e := range snapshot.Elements() {
		if e.Name == name || e.HasNode && e.Node.String() == name {
			return rules.Decide(snapshot, rules.Question{Gate: rules.GateManagement, Element: e.Name}).Explain(), nil
		}
	}
	if id, err := ident.ParseRANNode(name); err == nil {
		held := rules.Decide(snapshot, rules.Question{Gate: rules.GateN2, Node: id}).Explain()
		held.Element = name
		return held, nil
	}
	return rules.Explanation{}, fmt.Errorf("no element %q in the records: %w", name, fs.ErrNotExist)
}

// Pending lists the radios that wait for an operator.
func (n *Node) Pending(context.Context) ([]console.PendingRadio, error) {
	list := []console.PendingRadio{}
	for _, w := range n.pending.list() {
		p := console.PendingRadio{Node: w.Node.String(), Name: w.Name, Address: w.peer, First: w.first, Last: w.last, Tries: w.tries, Record: w.record()}
		for _, a := range w.Areas {
			area := console.ClaimedArea{TAI: a.TAI.String()}
			for _, s := range a.Slices {
				area.Slices = append(area.Slices, s.String())
			}
			p.Areas = append(p.Areas, area)
		}
		list = append(list, p)
	}
	return list, nil
}

// Cuts lists the cuts in force.
func (n *Node) Cuts(context.Context) ([]console.NumberedCut, error) {
	n.law.mu.Lock()
	defer n.law.mu.Unlock()
	list := []console.NumberedCut{}
	for _, c := range n.law.in.cuts {
		list = append(list, console.NumberedCut{Number: c.Number, Vendor: c.Vendor, Element: c.Element, Digest: c.Digest, Who: c.Who, Why: c.Why, At: c.At})
	}
	return list, nil
}

// Findings lists the findings book.
func (n *Node) Findings(context.Context) ([]trust.Entry, error) {
	n.book.mu.Lock()
	defer n.book.mu.Unlock()
	return n.book.book.List(time.Now(), ""), nil
}

// Records is all records in force as one YAML file.
func (n *Node) Records(context.Context) ([]byte, error) {
	n.law.mu.Lock()
	facts := n.law.in.facts
	n.law.mu.Unlock()
	return trust.Export(facts), nil
}

// cutReport says what one snapshot refuses that another did not, of the elements of f.
func (n *Node) cutReport(f *rules.Facts, before, after *rules.Snapshot) console.CutReport {
	report := console.CutReport{Elements: []string{}, Radios: []console.CutRadio{}}
	radios := n.radiosByElement()
	var refused, lawful []string
	for e, v := range after.Elements() {
		switch {
		case v.Act != rules.Refuse && radios[e.Name] != nil:
			lawful = append(lawful, e.Name)
		case v.Act == rules.Refuse && before.Judge(e.Name).Act != rules.Refuse:
			report.Elements = append(report.Elements, e.Name)
			if e.HasNode {
				refused = append(refused, e.Name)
			}
		}
	}
	for _, l := range trust.Dark(f, refused, lawful) {
		r := console.CutRadio{Element: l.Element, Site: l.Site, To: []string{}}
		for _, to := range l.Alternatives {
			r.To = append(r.To, to.Element)
		}
		if a := radios[l.Element]; a != nil {
			r.Devices = a.connections()
		}
		report.Devices += r.Devices
		if len(r.To) == 0 {
			report.Dark++
			report.Stranded += r.Devices
		}
		report.Radios = append(report.Radios, r)
	}
	return report
}

// WhatIf says what other regimes, or another day, would do to the running network.
func (n *Node) WhatIf(_ context.Context, q console.WhatIfQuery) (console.WhatIf, error) {
	n.law.mu.Lock()
	next := n.law.in
	n.law.mu.Unlock()
	if len(q.Regimes) > 0 {
		next.regimes = nil
		for _, name := range q.Regimes {
			regime, err := rules.Pack(name)
			if err != nil {
				return console.WhatIf{}, console.Problem{Message: err.Error(), Where: "regime"}
			}
			next.regimes = append(next.regimes, regime)
		}
	}
	if q.AsOf != 0 {
		next.asOf = q.AsOf
	}
	snapshot, err := next.compile()
	if err != nil {
		return console.WhatIf{}, err
	}
	forecast, err := trust.Outlook(next.facts, next.regimes, next.asOf, cmp.Or(q.Months, whatIfMonths))
	return console.WhatIf{AsOf: next.asOf, Outlook: forecast, Now: n.cutReport(next.facts, n.law.now.Load(), snapshot)}, err
}

// whatIfMonths is how far a what-if looks that does not say.
const whatIfMonths = 120
