package rules

import (
	"cmp"
	"slices"

	"cordon/ident"
)

// Explanation tells why a verdict is what it is: every rule that was about the element, and every
// fact that they used.
type Explanation struct {
	AsOf    Date            `json:"as_of"`
	Gate    Gate            `json:"gate"`
	Element string          `json:"element"`
	Known   bool            `json:"known"` // it has a record
	Act     Act             `json:"act"`
	Owes    []string        `json:"owes,omitempty"`
	Due     Date            `json:"due,omitempty"`
	Rule    string          `json:"rule,omitempty"` // that decided
	Regimes []RegimeVerdict `json:"regimes"`        // apart, in the order of their names
	Rules   []Ruling        `json:"rules"`          // the strictest first
}

// RegimeVerdict is what one regime alone comes to.
type RegimeVerdict struct {
	Regime string   `json:"regime"`
	Act    Act      `json:"act"`
	Owes   []string `json:"owes,omitempty"`
	Due    Date     `json:"due,omitempty"`
	Rule   string   `json:"rule,omitempty"`
}

// Ruling is what one rule comes to.
type Ruling struct {
	Regime  string   `json:"regime"`
	Rule    string   `json:"rule"`
	Shape   Shape    `json:"shape"`
	Text    string   `json:"text"`
	Source  Source   `json:"source"`
	Mark    Mark     `json:"mark"`
	Status  Status   `json:"status"`
	Outcome Outcome  `json:"outcome"`
	Act     Act      `json:"act"`
	Owes    []string `json:"owes,omitempty"`
	Due     Date     `json:"due,omitempty"`
	Facts   []Fact   `json:"facts,omitempty"`
}

// Fact is one thing that a rule looked at.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Known bool   `json:"known"`
}

// explainer collects the rulings of one verdict.
type explainer struct {
	s       *Snapshot
	q       *Question
	out     *Explanation
	regimes []tally // by place in s.regimes
}

// Explain tells why v is what it is.
func (v Verdict) Explain() Explanation {
	e := Explanation{Gate: v.asked.Gate, Element: v.Name, Known: v.Known, Act: v.Act, Owes: v.Owes.Words(), Due: v.Due}
	if v.Rule != nil {
		e.Rule = v.Rule.ID
	}
	if v.from == nil {
		if v.Rule != nil {
			e.Rules = []Ruling{v.Rule.tell(Violated, v.Act, 0, 0, []Fact{{Name: "record"}})}
		}
		return e
	}
	e.AsOf = v.from.asOf
	x := &explainer{s: v.from, q: &v.asked, out: &e, regimes: make([]tally, len(v.from.regimes))}
	for i := range x.regimes {
		x.regimes[i] = newTally(v.asked.forProtected())
	}
	x.record(v.record)
	if v.claims {
		x.claims(&v)
	}
	for i, t := range x.regimes {
		g := RegimeVerdict{Regime: x.s.regimes[i].Name, Act: t.act, Due: t.due}
		if t.act == Restrict {
			g.Owes = t.owes.Words()
		}
		if t.rule != nil {
			g.Rule = t.rule.ID
		}
		e.Regimes = append(e.Regimes, g)
	}
	slices.SortStableFunc(e.Rules, func(a, b Ruling) int {
		return cmp.Or(cmp.Compare(a.Act, b.Act), cmp.Compare(b.Outcome, a.Outcome), cmp.Compare(a.Rule, b.Rule))
	})
	return e
}

// record adds what all rules come to for an element, apart from claims.
func (x *explainer) record(r *record) {
	for i := range r.judged.rulings {
		v := &r.judged.rulings[i]
		outcome, due := v.outcome, v.due
		if outcome == byDomain || outcome == byList {
			outcome, due = x.s.now(r, v, x.q)
		}
		if outcome == 0 || v.rule.Protected && !x.q.forProtected() {
			continue
		}
		t := newTally(x.q.forProtected())
		t.add(v.rule, outcome, due, x.s.asOf)
		x.regimes[v.rule.regime].join(t.act, t.owes, t.due, v.rule.Rule)
		x.out.Rules = append(x.out.Rules, v.rule.tell(outcome, t.act, t.owes, due, append(x.s.facts(r, v), x.s.networkFacts(r, v)...)))
	}
	if cut := x.s.cuts.of(r); cut != nil {
		x.own(ownCut, Violated, Fact{"cut.vendor", cut.Vendor, cut.Vendor != ""}, Fact{"cut.element", cut.Element, cut.Element != ""},
			Fact{"cut.digest", cut.Digest, cut.Digest != ""}, Fact{"cut.who", cut.Who, true}, Fact{"cut.why", cut.Why, true})
	}
}

func (x *explainer) own(r *Rule, outcome Outcome, facts ...Fact) {
	x.ownAs(r, r.Act, outcome, facts...)
}

// ownAs adds a rule of Cordon's own that comes to another act here.
func (x *explainer) ownAs(r *Rule, act Act, outcome Outcome, facts ...Fact) {
	if outcome == Violated {
		x.regimes[0].join(act, 0, 0, r)
	} else {
		act = Allow
	}
	x.out.Rules = append(x.out.Rules, r.tell(outcome, act, 0, 0, facts))
}

// claims adds what the rules of records come to for what was claimed.
func (x *explainer) claims(v *Verdict) {
	outcome := func(bit hits) Outcome {
		if v.claim.hits&bit != 0 {
			return Violated
		}
		return Satisfied
	}
	e := v.record.e
	switch q := x.q; q.Gate {
	case GateN2:
		x.own(ownAddress, outcome(hitAddress), Fact{"peer", q.Peer.String(), q.Peer.IsValid()},
			Fact{"element.addresses.n2", join(e.Addresses.N2), len(e.Addresses.N2) > 0})
		x.own(ownCertificate, outcome(hitCertificate), Fact{"fingerprint", q.Fingerprint, q.Fingerprint != ""},
			Fact{"element.fingerprint", e.Fingerprint, e.Fingerprint != ""})
		x.own(ownArea, outcome(hitArea), claimed("claimed.area", v.claim.area.String(), v.claim.hits&hitArea),
			Fact{"element.tacs", join(e.TACs), true}, Fact{"element.plmns", join(e.PLMNs), true})
		x.own(ownSlice, outcome(hitSlice), claimed("claimed.slice", v.claim.slice.String(), v.claim.hits&hitSlice), Fact{"element.slices", join(e.Slices), true})
	case GateDevice:
		if q.TAC != 0 {
			x.own(ownArea, outcome(hitArea), Fact{"tac", q.TAC.String(), true}, Fact{"element.tacs", join(e.TACs), true})
		}
	case GateSession:
		if q.Slice != (ident.SNSSAI{}) {
			x.ownAs(ownSlice, Refuse, outcome(hitSlice), Fact{"slice", q.Slice.String(), true}, Fact{"element.slices", join(e.Slices), true})
		}
		x.plane()
	}
}

// plane adds the rules about the user plane that a session asks for.
func (x *explainer) plane() {
	if x.q.UserPlane == "" {
		return
	}
	up := x.s.names.at(x.q.UserPlane)
	if up == nil {
		x.own(ownRecord, Violated, Fact{Name: "user_plane", Value: x.q.UserPlane})
		return
	}
	x.record(up)
}

func claimed(name, value string, hit hits) Fact {
	if hit == 0 {
		value = "as recorded"
	}
	return Fact{name, value, true}
}

func (r *Rule) tell(outcome Outcome, act Act, owes Owes, due Date, facts []Fact) Ruling {
	return Ruling{
		Regime: r.Regime.Name, Rule: r.ID, Shape: r.Shape, Text: r.Text, Source: r.Source, Mark: r.Mark, Status: r.Status,
		Outcome: outcome, Act: act, Owes: owes.Words(), Due: due, Facts: facts,
	}
}

// hits is which rules of records a claim violates.
type hits uint8

const (
	hitAddress hits = 1 << iota
	hitCertificate
	hitArea
	hitSlice
)

// claim is the part of what a radio said that its record does not hold.
type claim struct {
	hits  hits
	area  ident.TAI
	slice ident.SNSSAI
}
