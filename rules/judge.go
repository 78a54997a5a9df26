package rules

import "slices"

// Outcome is what a rule comes to for one element.
type Outcome uint8

const (
	Satisfied Outcome = iota + 1 // it is about the element, which complies
	Excepted                     // it spares the element
	Grace                        // violated, and tolerated until its hard date
	Violated                     // and its hard date has come
	byDomain                     // of a domain: the network's outcome counts
	byList                       // each session is compared with a list
)

var outcomeWords = []string{"", "satisfied", "excepted", "grace", "violated"}

// String is the outcome's word.
func (o Outcome) String() string { return word(outcomeWords, o) }

// MarshalText is String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// ruling is what one rule comes to for an element, as far as that follows from the element alone.
type ruling struct {
	rule    *binding
	outcome Outcome
	pick    uint8 // of byDomain
	due     Date  // of Grace and byDomain: the first day on which it is refused; of Satisfied: until which it is
}

// judgement is what all rules come to for elements of one kind. It is shared by many.
type judgement struct {
	rulings          []ruling // in the order of rules
	live             []ruling // byDomain and byList, which are judged when asked
	plain, protected tally    // without the live ones
}

// rule judges one rule for an element that it selects, or whose domain it is in.
func (b *base) rule(r *binding, x *record, p uint8) (ruling, bool) {
	v := ruling{rule: r, pick: p}
	hard := r.hard(x)
	switch {
	case r.slot >= 0:
		if p&pickDomain == 0 {
			return v, false
		}
		if r.Shape == ShareCap && p&(pickSelected|pickExcepted) != pickSelected && p&pickDoubtful != 0 {
			return v, false // not known to be one of those that the share is of
		}
		v.outcome, v.due = byDomain, hard
		return v, true
	case p&pickSelected == 0:
		return v, false
	case p&pickExcepted != 0:
		v.outcome = Excepted
		return v, true
	}
	violated := true
	switch r.Shape {
	case GeoExclusion:
		violated = b.near(x, r.set, r.Geo.Within)
	case Freeze:
		violated = r.isNew(x)
	case Permission:
		violated, v.due = b.permitted(r.Permit, x)
	case Separation:
		t := r.Apart
		switch {
		case t.Require != "" && p&pickRequired == 0:
		case len(t.OnlyDNNs)+len(t.OnlySlices)+len(t.OnlyUserPlanes) > 0:
			v.outcome, v.due = byList, hard
			return v, true
		default:
			violated = t.Require == ""
		}
	}
	v.outcome = Satisfied
	if violated {
		v.outcome, v.due = r.violated(hard, b.asOf)
	}
	return v, true
}

// hard is the first day on which a violation of the element is not tolerated any more.
func (r *binding) hard(x *record) Date {
	day := r.Hard
	if r.Trigger {
		_, since := r.concerns(x)
		if since == 0 {
			return r.From // nobody knows since when: no grace
		}
		day = max(since.AddMonths(r.Months), r.From)
	}
	if day == 0 {
		return r.From
	}
	if r.Rule.Regime.DeadlineGrace {
		day++
	}
	return day
}

// violated is what a violation is today, and when it is refused if not yet.
func (r *binding) violated(hard, today Date) (Outcome, Date) {
	if today < hard {
		return Grace, hard
	}
	return Violated, 0
}

// isNew reports whether an element came after a freeze. One whose date is not known did.
func (r *binding) isNew(x *record) bool {
	after := r.Freeze.After
	if r.Freeze.Notice {
		_, since := r.concerns(x)
		after = max(0, since-1) // nobody knows since when: everything is new
	}
	late := func(d Date) bool { return d == 0 || d > after }
	return r.Freeze.Install && late(x.e.Installed) || r.Freeze.Purchase && late(x.e.Purchased)
}

// permitted finds whether an element lacks a permit, and the day on which it will.
func (b *base) permitted(t *PermitTerms, x *record) (lacks bool, until Date) {
	lacks = true
	for i := range x.e.Permits {
		p := &x.e.Permits[i]
		switch {
		case p.Kind != t.Kind, t.Authority != "" && p.By != t.Authority:
		case p.From > b.asOf, p.Until != 0 && p.Until < b.asOf:
		case t.Longest > 0 && (p.Until == 0 || p.From == 0 || p.Until >= p.From.AddMonths(t.Longest)):
		case t.Version && p.Version != "" && p.Version != x.e.Version:
		case t.Site && p.Site != "" && p.Site != x.e.Site:
		case p.Until == 0:
			return false, 0
		default:
			lacks, until = false, max(until, p.Until+1)
		}
	}
	return lacks, until
}

// tally joins rulings: the strictest act, all that is owed, the earliest day.
type tally struct {
	act       Act
	owes      Owes
	due       Date
	rule      *Rule
	protected bool // for a protected subscriber
}

func newTally(protected bool) tally { return tally{act: Allow, protected: protected} }

// add joins a ruling of a rule, if it is binding for whom the tally is.
func (t *tally) add(r *binding, outcome Outcome, due Date, today Date) {
	if r.Protected && !t.protected {
		return
	}
	act, owes := Allow, Owes(0)
	switch outcome {
	case Grace:
		act, owes = Restrict, r.Owes|r.remedy()
		if r.Target != 0 && today >= r.Target || r.Shape == ShareCap {
			owes |= Late
		}
	case Violated:
		if act = r.Act; act == Restrict {
			if owes = r.Owes; r.Target != 0 && today >= r.Target {
				owes |= Late
			}
		}
	case Satisfied:
		if r.Act != Refuse {
			due = 0
		}
	default:
		due = 0
	}
	if outcome == Grace && r.Act != Refuse {
		due = 0 // it will be restricted then as well
	}
	if r.Shape == Diversity && act == Restrict {
		owes |= Diversify
	}
	if t.protected && owes&NoProtected != 0 {
		act = Refuse
	}
	t.join(act, owes, due, r.Rule)
}

// remedy is what ends a violation that is tolerated.
func (r *Rule) remedy() Owes {
	if r.Shape == Diversity {
		return Diversify
	}
	return Replace
}

func (t *tally) join(act Act, owes Owes, due Date, rule *Rule) {
	if act < t.act || act == t.act && act != Allow && (t.rule == nil || rule.ID < t.rule.ID) {
		t.act, t.rule = act, rule
	}
	t.owes |= owes
	if due != 0 && (t.due == 0 || due < t.due) {
		t.due = due
	}
}

// judge makes the judgement of rulings in the order of rules.
func (b *base) judge(rulings []ruling) *judgement {
	j := &judgement{rulings: slices.Clone(rulings), plain: newTally(false), protected: newTally(true)}
	for _, v := range rulings {
		if v.outcome == byDomain || v.outcome == byList {
			j.live = append(j.live, v)
			continue
		}
		j.plain.add(v.rule, v.outcome, v.due, b.asOf)
		j.protected.add(v.rule, v.outcome, v.due, b.asOf)
	}
	return j
}
