package rules

import "maps"

// everyone is the group of a share that is not per vendor, and nobody the group of unknown makers.
const (
	everyone = -2
	nobody   = -1
)

// outcome is what a share cap or a diversity comes to for the network. It does not change once made.
type outcome struct {
	rule     *binding
	total    amount           // measure of the domain
	rankings map[int]*ranking // of a share cap: those whose share it is, by group
	groups   map[int]standing // of a diversity
	short    bool             // of a diversity: fewer vendors than asked for
}

// standing is one group in the domain of a diversity.
type standing struct {
	members  int
	sure     int // that are known to be of the domain
	measure  amount
	risky    bool // of the rule's class
	dominant bool // owes diversity
}

func (r *record) group() int {
	if r.maker == nil {
		return nobody
	}
	return r.maker.head.index
}

// tallyNetwork works out the network's outcomes from records in the order of installation.
func (s *Snapshot) tallyNetwork(records []*record) {
	s.live = make([]outcome, len(s.network))
	for i, r := range s.network {
		s.live[i] = outcome{rule: r, rankings: map[int]*ranking{}, groups: map[int]standing{}}
	}
	for _, r := range records {
		for i := range r.judged.live {
			if v := &r.judged.live[i]; v.outcome == byDomain {
				s.live[v.rule.slot].count(r, v.pick, (*ranking).grow)
			}
		}
	}
	for i := range s.live {
		s.live[i].settle()
	}
}

// grow enters an element into a ranking that nobody else holds, where [ranking.with] makes another.
func (k *ranking) grow(r *record, n uint64) *ranking { k.append(r, n); return k }

// count enters an element of the domain.
func (o *outcome) count(r *record, pick uint8, enter func(*ranking, *record, uint64) *ranking) {
	if d := o.rule.Diverse; d != nil {
		n, _ := d.Measure.of(r.e)
		o.total = o.total.plus(n)
		o.stand(r, pick, 1, func(a amount) amount { return a.plus(n) })
		return
	}
	n, known := o.rule.Share.Measure.of(r.e)
	o.total = o.total.plus(n)
	if pick&(pickSelected|pickExcepted) != pickSelected {
		return
	}
	g := o.rule.Share.group(r)
	k := o.rankings[g]
	if k == nil {
		k = &ranking{measure: o.rule.Share.Measure}
	}
	if known {
		k = enter(k, r, n)
	} else {
		c := *k
		c.unknown++
		k = &c
	}
	o.rankings[g] = k
}

// discount takes an element of the domain away.
func (o *outcome) discount(r *record, pick uint8) {
	if d := o.rule.Diverse; d != nil {
		n, _ := d.Measure.of(r.e)
		o.total = o.total.minus(n)
		o.stand(r, pick, -1, func(a amount) amount { return a.minus(n) })
		return
	}
	n, known := o.rule.Share.Measure.of(r.e)
	o.total = o.total.minus(n)
	if pick&(pickSelected|pickExcepted) != pickSelected {
		return
	}
	g := o.rule.Share.group(r)
	if known {
		o.rankings[g] = o.rankings[g].without(r, n)
	} else {
		c := *o.rankings[g]
		c.unknown--
		o.rankings[g] = &c
	}
	if k := o.rankings[g]; k.known+k.unknown == 0 {
		delete(o.rankings, g)
	}
}

func (o *outcome) stand(r *record, pick uint8, more int, add func(amount) amount) {
	g := r.group()
	s := o.groups[g]
	s.members += more
	if pick&pickDoubtful == 0 {
		s.sure += more
	}
	s.measure = add(s.measure)
	s.risky, _ = risky(r.maker, o.rule.regime)
	if o.groups[g] = s; s.members == 0 {
		delete(o.groups, g)
	}
}

func (t *Share) group(r *record) int {
	if t.PerVendor {
		return r.group()
	}
	return everyone
}

// copy is one that can be counted into.
func (o *outcome) copy() outcome {
	c := *o
	c.rankings, c.groups = maps.Clone(o.rankings), maps.Clone(o.groups)
	return c
}

// settle works out what the counts come to.
func (o *outcome) settle() {
	if t := o.rule.Share; t != nil {
		for g, k := range o.rankings {
			c := *k
			if g == nobody {
				c.last, c.kept = nil, 0 // they may be of the group whose share is above the cap
			} else {
				c.keep(t.Cap, o.total.less(k.sum))
			}
			o.rankings[g] = &c
		}
		return
	}
	t := o.rule.Diverse
	vendors, outside := 0, 0
	var most amount
	for g, s := range o.groups {
		if s.sure > 0 && g != nobody {
			if vendors++; !s.risky {
				outside++
			}
		}
		if s.measure.above(most) {
			most = s.measure
		}
	}
	o.short = vendors < t.Vendors || outside < t.Outside
	for g, s := range o.groups {
		s.dominant = o.short && s.measure == most || t.Share > 0 && s.measure.exceeds(t.Share, o.total) || g == nobody && o.lacks()
		o.groups[g] = s
	}
}

// lacks reports whether a diversity asks something of elements of which it is not known what they add.
func (o *outcome) lacks() bool { return o.short || o.rule.Diverse.Share > 0 }

// of is what the network's outcome means for a member today.
func (o *outcome) of(r *record, v *ruling, today Date) (Outcome, Date) {
	violated := false
	if t := o.rule.Share; t == nil {
		_, known := o.rule.Diverse.Measure.of(r.e)
		violated = o.groups[r.group()].dominant || !known && o.lacks()
	} else if v.pick&(pickSelected|pickExcepted) == pickSelected {
		violated = !o.rankings[t.group(r)].keeps(r)
	} else if v.pick&pickExcepted != 0 {
		return Excepted, 0
	} else {
		return 0, 0 // one of those that the share is not of
	}
	if !violated {
		return Satisfied, 0
	}
	return o.rule.violated(v.due, today)
}
