package rules

import "slices"

// base is what the judging of any element rests on. It does not change once compiled.
type base struct {
	asOf      Date
	regimes   []*Regime // Cordon's own first, then by name
	rules     []*binding
	network   []*binding // those of rules whose outcome depends on other elements, by their slot
	companies map[string]*company
	places    map[string]*place
	zones     []preparedZone
	links     map[string]*lines // by element
	digest    [32]byte          // of all this
}

// binding is a rule in force, ready to be judged.
type binding struct {
	*Rule
	index  int // in base.rules
	regime int // in base.regimes
	slot   int // in base.network, or -1
	set    purposeSet

	where, except, require, domain *selector
	columns                        columnSet // that whom it is about follows from
}

// columnSet is a set of columns.
type columnSet uint32

// record is one element with what is looked up for it. It does not change once made.
type record struct {
	e                 *Element
	maker, manager    *company // nil is unknown
	software, support []*company
	site              *place // nil is unknown
	reaches           purposeSet
	reachesKnown      bool
	links             *lines
	findings          []Observation // by kind
	digest            [32]byte
	judged            *judgement
}

// lines is the links that an element has; nil where none is recorded, and so none is known.
type lines struct{ links []*Link }

func (l *lines) protections() ([]string, bool) {
	return l.each(func(l *Link) string { return l.Protection })
}
func (l *lines) carriers() ([]string, bool) { return l.each(func(l *Link) string { return l.Carrier }) }

func (l *lines) each(of func(*Link) string) ([]string, bool) {
	if l == nil {
		return nil, false
	}
	var words []string
	known := true
	for _, link := range l.links {
		words = append(words, of(link))
		known = known && of(link) != ""
	}
	return words, known
}

func (l *lines) unprotected() (int, bool) {
	words, known := l.protections()
	n := 0
	for _, w := range words {
		if w == "none" {
			n++
		}
	}
	return n, known
}

// bind readies the rules that are in force.
func (b *base) bind(l *language, bad func(string, ...any)) {
	seen := map[string]bool{}
	for i, g := range b.regimes {
		for _, r := range g.Rules {
			if seen[r.ID] {
				bad("rule %s stands in two regimes, or twice in %s", r.ID, g.Name)
			}
			seen[r.ID] = true
			if r.From > b.asOf || r.Until != 0 && r.Until < b.asOf {
				continue
			}
			b.rules = append(b.rules, b.binding(r, i, l, bad))
		}
	}
}

func (b *base) binding(r *Rule, regime int, l *language, bad func(string, ...any)) *binding {
	n := &binding{Rule: r, index: len(b.rules), regime: regime, slot: -1}
	selector := func(text string) *selector {
		if text == "" {
			return nil
		}
		s := b.regimes[regime].selectors[text]
		if s == nil {
			var err error
			if s, err = l.compile(text); err != nil {
				bad("rule %s: %v", r.ID, err)
				return nil
			}
		}
		for _, i := range s.uses {
			n.columns |= 1 << variables[i].column
		}
		return s
	}
	n.where, n.except = selector(r.Where), selector(r.Except)
	if len(r.Functions) > 0 {
		n.columns |= 1 << byFunctions
	}
	if r.Class == HighRisk {
		n.columns |= 1 << byVendor
		if r.Anyone {
			n.columns |= 1<<byManager | 1<<bySoftware | 1<<bySupport
		}
	}
	switch {
	case r.Apart != nil:
		n.require = selector(r.Apart.Require)
	case r.Geo != nil:
		n.set = setOf(r.Geo.Zones)
	}
	if domain, _ := r.whole(); domain != nil {
		n.slot = len(b.network)
		b.network = append(b.network, n)
		if n.domain = selector(domain.Where); len(domain.Functions) > 0 {
			n.columns |= 1 << byFunctions
		}
	}
	return n
}

// Bits of what selectors say of a rule and an element.
const (
	pickSelected uint8 = 1 << iota // the rule is about it
	pickExcepted                   // and spares it
	pickRequired                   // what it requires holds
	pickDomain                     // it is of the rule's domain
	pickDoubtful                   // as far as is known
)

// whole is what the share that a rule is about is of, and by what it is measured; nil for a rule that is about
// each element by itself.
func (r *Rule) whole() (*Domain, Measure) {
	switch {
	case r.Share != nil:
		return &r.Share.Domain, r.Share.Measure
	case r.Diverse != nil:
		return &r.Diverse.Domain, r.Diverse.Measure
	}
	return nil, 0
}

// pick finds what a rule's selectors say of an element. It follows from the rule's columns alone.
func (r *binding) pick(x *subject) uint8 {
	var p uint8
	if concerned, _ := r.concerns(x.record); concerned && x.has(r.Functions) && r.where.holds(x) != No {
		p = pickSelected
		switch {
		case r.except != nil && r.except.holds(x) == Yes:
			p |= pickExcepted
		case r.require != nil && r.require.holds(x) == Yes:
			p |= pickRequired
		}
	}
	if of, _ := r.whole(); of != nil && x.has(of.Functions) {
		switch r.domain.holds(x) {
		case Yes:
			p |= pickDomain
		case Unknown:
			p |= pickDomain | pickDoubtful
		}
	}
	return p
}

// has reports whether an element has one of some functions; none stand for all.
func (r *record) has(fs []Function) bool {
	return len(fs) == 0 || slices.ContainsFunc(r.e.Functions, func(f Function) bool { return slices.Contains(fs, f) })
}
