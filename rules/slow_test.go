package rules

import (
	"math/big"
	"net/netip"
	"slices"
	"strings"

	"cordon/ident"
)

// slowVerdict is what the obvious evaluation comes to: every rule for the element, one after the other,
// with nothing remembered from one to the next. It shares with the product the records that facts
// are read from and the running of selectors, and nothing of judging.
type slowVerdict struct {
	act  Act
	owes Owes
	due  Date
	rule string
}

// slow evaluates one question.
type slow struct {
	f       *Facts
	regimes []*Regime
	today   Date
	s       *Snapshot // for records and selectors
	lang    *language
	read    map[string]*selector // compiled, by their text
}

func (w *slow) decide(q Question) slowVerdict {
	i := slices.IndexFunc(w.f.Elements, func(e Element) bool {
		if q.Node != (ident.RANNode{}) {
			return e.HasNode && e.Node == q.Node
		}
		return e.Name == q.Element
	})
	if i < 0 {
		return slowVerdict{rule: RuleRecord}
	}
	v := slowVerdict{act: Allow}
	e := &w.f.Elements[i]
	w.element(&v, e, q)
	switch q.Gate {
	case GateN2:
		w.claims(&v, e, q)
	case GateDevice:
		if q.TAC != 0 && !slices.Contains(e.TACs, q.TAC) {
			v.add(Refuse, 0, 0, RuleArea)
		}
	case GateSession:
		if q.Slice != (ident.SNSSAI{}) && !slices.Contains(e.Slices, q.Slice) {
			v.add(Refuse, 0, 0, RuleSlice)
		}
		if q.UserPlane == "" {
			break
		}
		if i := slices.IndexFunc(w.f.Elements, func(e Element) bool { return e.Name == q.UserPlane }); i < 0 {
			v.add(Refuse, 0, 0, RuleRecord)
		} else {
			w.element(&v, &w.f.Elements[i], q)
		}
	}
	if v.act == Refuse {
		v.owes, v.due = 0, 0
	}
	return v
}

func (v *slowVerdict) add(act Act, owes Owes, due Date, rule string) {
	if act < v.act || act == v.act && act != Allow && rule < v.rule {
		v.act, v.rule = act, rule
	}
	v.owes |= owes
	if due != 0 && (v.due == 0 || due < v.due) {
		v.due = due
	}
}

func (w *slow) claims(v *slowVerdict, e *Element, q Question) {
	if !slices.ContainsFunc(e.Addresses.N2, func(p netip.Prefix) bool { return p.Contains(q.Peer) }) {
		v.add(Refuse, 0, 0, RuleAddress)
	}
	if e.Fingerprint != "" && q.Fingerprint != "" && e.Fingerprint != q.Fingerprint {
		v.add(Refuse, 0, 0, RuleCertificate)
	}
	for _, a := range q.Areas {
		plmns := e.PLMNs
		if len(plmns) == 0 {
			plmns = []ident.PLMN{e.Node.PLMN}
		}
		if !slices.Contains(e.TACs, a.TAI.TAC) || !slices.Contains(plmns, a.TAI.PLMN) {
			v.add(Refuse, 0, 0, RuleArea)
		}
		for _, n := range a.Slices {
			if !slices.Contains(e.Slices, n) {
				v.add(Restrict, 0, 0, RuleSlice)
			}
		}
	}
}

// head follows parents.
func (w *slow) head(name string) string {
	for {
		i := slices.IndexFunc(w.f.Vendors, func(v Vendor) bool { return v.Name == name })
		if i < 0 || w.f.Vendors[i].Parent == "" {
			return name
		}
		name = w.f.Vendors[i].Parent
	}
}

// risky is whether a vendor's group is of high risk in a regime, and since when.
func (w *slow) risky(name string, g *Regime) (bool, Date) {
	if name == "" {
		return true, 0
	}
	found, since := false, Date(0)
	hold := func(from Date) {
		if from > w.today {
			return
		}
		if !found || from < since {
			since = from
		}
		found = true
	}
	for _, v := range w.f.Vendors {
		if w.head(v.Name) != w.head(name) {
			continue
		}
		for _, n := range g.Vendors {
			for _, called := range n.Names {
				if n.Class == HighRisk && slices.ContainsFunc(append([]string{v.Name, v.Title}, v.Aliases...), func(a string) bool { return strings.EqualFold(a, called) }) {
					hold(n.From)
				}
			}
		}
		for _, k := range v.Classes {
			if k.Class == HighRisk && (k.Regime == "" || k.Regime == g.Name) {
				hold(k.From)
			}
		}
	}
	return found, since
}

func (w *slow) concerned(r *Rule, e *Element) (bool, Date) {
	if r.Class != HighRisk {
		return true, 0
	}
	who := []string{e.Vendor}
	if r.Anyone {
		who = append(append(append(who, e.Manager), e.Software...), e.Support...)
	}
	yes, since := false, Date(0)
	for _, name := range who {
		if is, day := w.risky(name, r.Regime); is {
			if !yes || day < since {
				since = day
			}
			yes = true
		}
	}
	return yes, since
}

func (w *slow) holds(text string, r *Rule, e *Element) Known {
	if text == "" {
		return Yes
	}
	sel := w.read[text]
	if sel == nil {
		var err error
		if sel, err = w.lang.compile(text); err != nil {
			panic(err)
		}
		w.read[text] = sel
	}
	regime := slices.IndexFunc(w.s.regimes, func(g *Regime) bool { return g.Name == r.Regime.Name })
	return sel.holds(&subject{w.s.base, regime, w.s.names.at(e.Name)})
}

func hasAny(e *Element, fs []Function) bool {
	return len(fs) == 0 || slices.ContainsFunc(fs, func(f Function) bool { return slices.Contains(e.Functions, f) })
}

// selected is whether a rule is about an element and does not spare it.
func (w *slow) selected(r *Rule, e *Element) bool {
	about, _ := w.concerned(r, e)
	return about && hasAny(e, r.Functions) && w.holds(r.Where, r, e) != No && !(r.Except != "" && w.holds(r.Except, r, e) == Yes)
}

// element adds every rule and order about an element.
func (w *slow) element(v *slowVerdict, e *Element, q Question) {
	protected := q.Protected && (q.Gate == GateDevice || q.Gate == GateSession || q.Gate == GateHandover)
	for _, g := range w.regimes {
		for _, r := range g.Rules {
			if r.From > w.today || r.Until != 0 && w.today > r.Until || r.Protected && !protected {
				continue
			}
			if w.violates(r, e, q) {
				w.violated(v, r, e, protected)
			} else if r.Permit != nil && r.Act == Refuse && w.selected(r, e) {
				_, until := w.permitted(r, e)
				v.add(Allow, 0, until, "")
			}
		}
	}
	for _, c := range w.f.Cuts {
		if c.Element == e.Name || c.Digest != "" && c.Digest == e.Digest ||
			c.Vendor != "" && (w.head(c.Vendor) == w.head(e.Vendor) || w.head(c.Vendor) == w.head(e.Manager)) {
			v.add(Refuse, 0, 0, RuleCut)
		}
	}
}

func (w *slow) violated(v *slowVerdict, r *Rule, e *Element, protected bool) {
	hard := r.Hard
	if r.Trigger {
		if _, since := w.concerned(r, e); since != 0 {
			hard = max(r.From, since.AddMonths(r.Months))
		}
	}
	if hard != 0 && r.Regime.DeadlineGrace {
		hard++
	}
	late := Owes(0)
	if r.Target != 0 && w.today >= r.Target {
		late = Late
	}
	act, owes, due := r.Act, r.Owes|late, Date(0)
	if w.today < hard {
		act, due = Restrict, hard
		if r.Act != Refuse {
			due = 0
		}
		if r.Diverse == nil {
			owes |= Replace
		}
		if r.Share != nil {
			owes |= Late
		}
	}
	if r.Diverse != nil {
		owes |= Diversify
	}
	if act == Refuse {
		owes = 0
	}
	if protected && owes&NoProtected != 0 {
		act = Refuse
	}
	v.add(act, owes, due, r.ID)
}

func (w *slow) violates(r *Rule, e *Element, q Question) bool {
	switch {
	case r.Share != nil:
		return w.overShare(r, e)
	case r.Diverse != nil:
		return w.dominates(r, e)
	case !w.selected(r, e):
		return false
	case r.Geo != nil:
		return w.near(r, e)
	case r.Freeze != nil:
		after := r.Freeze.After
		if r.Freeze.Notice {
			_, since := w.concerned(r, e)
			if after = since - 1; since == 0 {
				after = 0
			}
		}
		isNew := func(d Date) bool { return d == 0 || d > after }
		return r.Freeze.Install && isNew(e.Installed) || r.Freeze.Purchase && isNew(e.Purchased)
	case r.Permit != nil:
		has, _ := w.permitted(r, e)
		return !has
	case r.Apart != nil:
		return w.apart(r, e, q)
	}
	return true
}

func (w *slow) permitted(r *Rule, e *Element) (has bool, until Date) {
	for _, p := range e.Permits {
		t := r.Permit
		if p.Kind != t.Kind || t.Authority != "" && t.Authority != p.By || p.From > w.today || p.Until != 0 && w.today > p.Until {
			continue
		}
		if t.Version && p.Version != "" && p.Version != e.Version || t.Site && p.Site != "" && p.Site != e.Site {
			continue
		}
		if p.Until == 0 {
			return true, 0
		}
		has, until = true, max(until, p.Until+1)
	}
	return has, until
}

func (w *slow) near(r *Rule, e *Element) bool {
	i := slices.IndexFunc(w.f.Sites, func(s Site) bool { return s.Name == e.Site })
	radiates := slices.ContainsFunc(e.Functions, func(f Function) bool { return slices.Contains(radiators, f) })
	if i < 0 || !w.f.Sites[i].Placed || radiates && e.Served.IsZero() {
		return true
	}
	for _, z := range w.f.Zones {
		if slices.Contains(r.Geo.Zones, z.Purpose) &&
			(z.Area.Distance(w.f.Sites[i].At) <= r.Geo.Within || radiates && z.Area.Touches(e.Served)) {
			return true
		}
	}
	return false
}

func (w *slow) apart(r *Rule, e *Element, q Question) bool {
	t := r.Apart
	lists := len(t.OnlyDNNs)+len(t.OnlySlices)+len(t.OnlyUserPlanes) > 0
	if t.Require != "" && w.holds(t.Require, r, e) != Yes || t.Require == "" && !lists {
		return true
	}
	if !lists || q.Gate != GateSession {
		return false
	}
	plane := q.UserPlane
	if plane == "" {
		plane = "own"
	}
	return len(t.OnlyDNNs) > 0 && !slices.Contains(t.OnlyDNNs, q.DNN) || len(t.OnlySlices) > 0 && !slices.Contains(t.OnlySlices, q.Slice) ||
		len(t.OnlyUserPlanes) > 0 && !slices.Contains(t.OnlyUserPlanes, plane)
}

// counted is an element's measure, exactly.
func counted(m Measure, e *Element) (*big.Rat, bool) {
	v := map[Measure]float64{Count: 1, Traffic: e.Traffic, Premises: e.Premises}[m]
	if v < 0 {
		return new(big.Rat), false
	}
	return new(big.Rat).SetFrac64(int64(v*1e6+0.5), 1e6), true
}

// overShare keeps elements one after the other for as long as the share holds.
func (w *slow) overShare(r *Rule, e *Element) bool {
	others := new(big.Rat)
	var those []*Element
	mine := func(o *Element) bool {
		if !hasAny(o, r.Share.Domain.Functions) || w.holds(r.Share.Domain.Where, r, o) == No {
			return false
		}
		return w.selected(r, o)
	}
	if !mine(e) {
		return false
	}
	if r.Share.PerVendor && e.Vendor == "" {
		return true
	}
	for i := range w.f.Elements {
		o := &w.f.Elements[i]
		n, known := counted(r.Share.Measure, o)
		switch {
		case mine(o) && (!r.Share.PerVendor || w.head(o.Vendor) == w.head(e.Vendor)):
			if known {
				those = append(those, o)
			}
		case hasAny(o, r.Share.Domain.Functions) && (w.holds(r.Share.Domain.Where, r, o) == Yes || mine(o)):
			others.Add(others, n)
		}
	}
	slices.SortFunc(those, func(a, b *Element) int {
		if (a.Installed == 0) != (b.Installed == 0) {
			return map[bool]int{true: 1, false: -1}[a.Installed == 0]
		}
		if a.Installed != b.Installed {
			return int(a.Installed) - int(b.Installed)
		}
		return strings.Compare(a.Name, b.Name)
	})
	kept := new(big.Rat)
	for _, o := range those {
		n, _ := counted(r.Share.Measure, o)
		kept.Add(kept, n)
		all := new(big.Rat).Add(kept, others)
		if kept.Cmp(all.Mul(all, big.NewRat(int64(r.Share.Cap), whole))) > 0 {
			return true
		}
		if o == e {
			return false
		}
	}
	return true
}

func (w *slow) dominates(r *Rule, e *Element) bool {
	t := r.Diverse
	groups, sure, total := map[string]*big.Rat{}, map[string]bool{}, new(big.Rat)
	for i := range w.f.Elements {
		o := &w.f.Elements[i]
		k := w.holds(t.Domain.Where, r, o)
		if !hasAny(o, t.Domain.Functions) || k == No {
			if o == e {
				return false
			}
			continue
		}
		g := w.head(o.Vendor)
		n, _ := counted(t.Measure, o)
		if groups[g] == nil {
			groups[g] = new(big.Rat)
		}
		groups[g].Add(groups[g], n)
		total.Add(total, n)
		sure[g] = sure[g] || k == Yes && g != ""
	}
	vendors, outside, most := 0, 0, new(big.Rat)
	for g, n := range groups {
		if is, _ := w.risky(g, r.Regime); sure[g] {
			vendors++
			if !is {
				outside++
			}
		}
		if n.Cmp(most) > 0 {
			most = n
		}
	}
	short := vendors < t.Vendors || outside < t.Outside
	if _, known := counted(t.Measure, e); (!known || e.Vendor == "") && (short || t.Share > 0) {
		return true
	}
	mine := groups[w.head(e.Vendor)]
	limit := new(big.Rat).Mul(total, big.NewRat(int64(t.Share), whole))
	return short && mine.Cmp(most) == 0 || t.Share > 0 && mine.Cmp(limit) > 0
}
