package rules

import (
	"cmp"
	"slices"

	"cordon/ident"
)

// Change is what became different since a snapshot was compiled.
type Change struct {
	Elements []Element     // new, or in place of those of the same name
	Removed  []string      // elements that have no record any more
	Findings []Observation // in place of those of the same element and kind; a count of 0 takes them away
	Cuts     []Cut         // orders given
	Restored []Cut         // orders taken back: all of the same vendor, element and digest
}

// With is the snapshot after a change, for the same date and regimes. It costs what the change touches, and
// is refused whole with every reason. It equals what Compile makes of the changed facts.
func (s *Snapshot) With(c Change) (*Snapshot, error) {
	var p problems
	n := *s
	e := &edit{old: s, s: &n, names: s.names.edit(), nodes: s.nodes.edit(), memo: newMemo(s.base)}
	n.names, n.nodes = e.names.table, e.nodes.table
	n.changeCuts(&c, p.bad)
	e.elements(&c, p.bad)
	if n.names.n > maxElements {
		p.bad("%d elements: want at most %d", n.names.n, maxElements)
	}
	if p.errs != nil {
		return nil, p.err()
	}
	n.live = slices.Clone(s.live)
	touched := map[int]bool{}
	e.recount(e.gone, touched, (*outcome).discount)
	e.recount(e.come, touched, func(o *outcome, r *record, pick uint8) { o.count(r, pick, (*ranking).with) })
	if len(touched) > 0 && !e.weighsTheSame() {
		n.weighed = new(weighing)
	}
	for slot := range touched {
		n.live[slot].settle()
	}
	for i, own := range e.names.own {
		if own {
			n.sumPart(i)
		}
	}
	return &n, nil
}

// edit is a change being made.
type edit struct {
	old, s     *Snapshot
	names      *tableEdit[string]
	nodes      *tableEdit[ident.RANNode]
	memo       *memo
	gone, come []*record
	scratch    canonical
}

func (s *Snapshot) changeCuts(c *Change, bad func(string, ...any)) {
	if len(c.Cuts)+len(c.Restored) == 0 {
		return
	}
	var all []Cut
	if s.cuts != nil {
		all = slices.Clone(s.cuts.all)
	}
	for _, back := range c.Restored {
		all = slices.DeleteFunc(all, back.SameAim)
	}
	s.cuts = s.cutsOf(append(all, c.Cuts...), bad)
}

// elements makes new records and puts them in place of old ones.
func (e *edit) elements(c *Change, bad func(string, ...any)) {
	next := map[string]*Element{}
	for _, name := range c.Removed {
		if e.old.names.at(name) == nil {
			bad("element %q has no record to take away", name)
			continue
		}
		if l := e.s.links[name]; l != nil {
			bad("element %s: link %s still ends there", name, l.links[0].Name)
		}
		next[name] = nil
	}
	for i := range c.Elements {
		el := c.Elements[i]
		if _, twice := next[el.Name]; twice || el.Name == "" {
			bad("element %q is there twice or has no name", el.Name)
			continue
		}
		next[el.Name] = &el
	}
	found := e.findings(c, next, bad)
	names := make([]string, 0, len(next))
	for name := range next {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		e.takeAway(name)
	}
	for _, name := range names {
		if el := next[name]; el != nil {
			e.put(el, found[name], bad)
		}
	}
}

// findings joins what is found of elements now with what was. Elements that only that changes are put
// into next.
func (e *edit) findings(c *Change, next map[string]*Element, bad func(string, ...any)) map[string][]Observation {
	found := map[string][]Observation{}
	keep := func(name string) {
		if r := e.old.names.at(name); r != nil && found[name] == nil {
			found[name] = slices.Clone(r.findings)
		}
	}
	for name := range next {
		keep(name)
	}
	for _, o := range c.Findings {
		el, touched := next[o.Element]
		r := e.old.names.at(o.Element)
		if r == nil && el == nil || touched && el == nil {
			bad("findings against %q, which has no record", o.Element)
			continue
		}
		keep(o.Element)
		found[o.Element] = append(slices.DeleteFunc(found[o.Element], func(was Observation) bool { return was.Kind == o.Kind }), o)
		if !touched {
			next[o.Element] = r.e
		}
	}
	return found
}

func (e *edit) takeAway(name string) {
	r := e.old.names.at(name)
	if r == nil {
		return
	}
	e.names.set(name, nil)
	if r.e.HasNode {
		e.nodes.set(r.e.Node, nil)
	}
	e.gone = append(e.gone, r)
}

func (e *edit) put(el *Element, found []Observation, bad func(string, ...any)) {
	r := &record{}
	told := false
	e.s.fill(r, el, found, func(format string, args ...any) { told = true; bad(format, args...) })
	if told {
		return
	}
	if el.HasNode {
		if other := e.nodes.table.at(el.Node); other != nil {
			bad("elements %s and %s are both the radio %v", min(other.e.Name, el.Name), max(other.e.Name, el.Name), el.Node)
			return
		}
		e.nodes.set(el.Node, r)
	}
	r.judged = e.memo.judgement(r)
	r.sumElement(&e.scratch)
	e.names.set(el.Name, r)
	e.come = append(e.come, r)
}

// weighsTheSame reports whether nothing but findings has changed, and these not whom the network's outcomes
// count.
func (e *edit) weighsTheSame() bool {
	return slices.EqualFunc(e.gone, e.come, func(a, b *record) bool {
		return a.e == b.e && slices.EqualFunc(a.judged.live, b.judged.live, func(x, y ruling) bool {
			return x.rule == y.rule && x.outcome == y.outcome && x.pick == y.pick
		})
	})
}

// recount enters records into, or takes them out of, the outcomes that they count for.
func (e *edit) recount(records []*record, touched map[int]bool, enter func(*outcome, *record, uint8)) {
	slices.SortFunc(records, func(a, b *record) int { return cmp.Compare(a.e.Name, b.e.Name) })
	for _, r := range records {
		for i := range r.judged.live {
			v := &r.judged.live[i]
			if v.outcome != byDomain {
				continue
			}
			slot := v.rule.slot
			if !touched[slot] {
				touched[slot] = true
				e.s.live[slot] = e.s.live[slot].copy()
			}
			enter(&e.s.live[slot], r, v.pick)
		}
	}
}
