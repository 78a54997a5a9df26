package rules

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"cordon/ident"
)

// What facts may hold. A network of a large country has fewer than half of it.
const (
	maxElements  = 1 << 20
	maxRules     = 10_000
	maxFunctions = 64
	maxZones     = 10_000
	maxListed    = 4096 // of anything of one element
	maxTold      = 100  // reasons of one refusal
)

// Snapshot is facts and regimes compiled for one date. It is immutable and safe to share.
type Snapshot struct {
	*base
	names *table[string]
	nodes *table[ident.RANNode]
	live  []outcome
	// weighed is the same in two snapshots of one base where live is.
	weighed *weighing
	cuts    *cuts
	sums    [shards][32]byte // digests of the parts of names
}

// weighing has no content but that it is not another.
type weighing struct{ _ byte }

// problems collects reasons to refuse.
type problems struct {
	errs []error
	more int
}

func (p *problems) bad(format string, args ...any) {
	if len(p.errs) == maxTold {
		p.more++
		return
	}
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

// err joins the reasons in an order that does not depend on how they were found.
func (p *problems) err() error {
	slices.SortStableFunc(p.errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	if p.more > 0 {
		p.errs = append(p.errs, fmt.Errorf("%d more are not told", p.more))
	}
	return errors.Join(p.errs...)
}

// Compile joins facts and regimes for a date. Its error joins one for each thing that is wrong.
func Compile(f *Facts, regimes []*Regime, asOf Date) (*Snapshot, error) {
	var p problems
	b := &base{asOf: asOf, regimes: append([]*Regime{cordon}, sortedRegimes(regimes, p.bad)...)}
	if asOf == 0 {
		p.bad("no date to compile for")
	}
	if f.tooLarge(p.bad) {
		return nil, p.err()
	}
	b.resolveVendors(f.Vendors, p.bad)
	b.resolvePlaces(f, p.bad)
	b.resolveLinks(f, p.bad)
	b.bind(newLanguage(), p.bad)
	if len(b.rules) > maxRules {
		p.bad("%d rules: want at most %d", len(b.rules), maxRules)
	}
	if p.errs != nil {
		return nil, p.err()
	}
	b.sum(f)
	s := &Snapshot{base: b, names: newTable(hashName), nodes: newTable(hashNode)}
	s.cuts = s.cutsOf(f.Cuts, p.bad)
	records := s.records(f, p.bad)
	if p.errs != nil {
		return nil, p.err()
	}
	m := newMemo(b)
	for _, r := range records {
		r.judged = m.judgement(r)
	}
	s.sumAll(records)
	s.tallyNetwork(records)
	return s, nil
}

// tooLarge reports that there is more than Compile will look at.
func (f *Facts) tooLarge(bad func(string, ...any)) bool {
	large := false
	for _, l := range []struct {
		what      string
		has, most int
	}{
		{"elements", len(f.Elements), maxElements}, {"vendors", len(f.Vendors), maxElements}, {"sites", len(f.Sites), maxElements},
		{"zones", len(f.Zones), maxZones}, {"links", len(f.Links), 4 * maxElements}, {"findings", len(f.Findings), 16 * maxElements},
		{"cuts", len(f.Cuts), maxElements},
	} {
		if l.has > l.most {
			bad("%d %s: want at most %d", l.has, l.what, l.most)
			large = true
		}
	}
	return large
}

// sortedRegimes puts regimes in the order of their names.
func sortedRegimes(regimes []*Regime, bad func(string, ...any)) []*Regime {
	sorted := slices.SortedFunc(slices.Values(regimes), func(a, b *Regime) int { return cmp.Compare(a.Name, b.Name) })
	for i, g := range sorted {
		if i > 0 && sorted[i-1].Name == g.Name || g.Name == cordon.Name {
			bad("regime %s is there twice", g.Name)
		}
	}
	return sorted
}

// resolveLinks gives each element its links.
func (b *base) resolveLinks(f *Facts, bad func(string, ...any)) {
	b.links = map[string]*lines{}
	seen := map[string]bool{}
	for i := range f.Links {
		l := &f.Links[i]
		if l.Name == "" || seen[l.Name] {
			bad("link %q is there twice or has no name", l.Name)
		}
		seen[l.Name] = true
		for _, end := range []string{l.A, l.B} {
			if b.links[end] == nil {
				b.links[end] = &lines{}
			}
			b.links[end].links = append(b.links[end].links, l)
		}
	}
	for _, l := range b.links {
		slices.SortFunc(l.links, func(x, y *Link) int { return cmp.Compare(x.Name, y.Name) })
	}
}

// records makes the record of every element, in the order of installation.
func (s *Snapshot) records(f *Facts, bad func(string, ...any)) []*record {
	found := map[string][]Observation{}
	for _, o := range f.Findings {
		found[o.Element] = append(found[o.Element], o)
	}
	all := make([]record, len(f.Elements))
	records := make([]*record, 0, len(all))
	for i := range f.Elements {
		e := &f.Elements[i]
		if e.Name == "" || s.names.at(e.Name) != nil {
			bad("element %q is there twice or has no name", e.Name)
			continue
		}
		r := &all[i]
		s.fill(r, e, found[e.Name], bad)
		s.names.put(e.Name, r)
		if e.HasNode {
			if other := s.nodes.at(e.Node); other != nil {
				bad("elements %s and %s are both the radio %v", min(other.e.Name, e.Name), max(other.e.Name, e.Name), e.Node)
			}
			s.nodes.put(e.Node, r)
		}
		records = append(records, r)
	}
	for end := range s.links {
		if s.names.at(end) == nil {
			bad("link %s: %q has no record", s.links[end].links[0].Name, end)
		}
	}
	for name := range found {
		if s.names.at(name) == nil {
			bad("findings against %q, which has no record", name)
		}
	}
	slices.SortFunc(records, byInstallation)
	return records
}

// byInstallation orders elements as share caps keep them: by date, the unknown last, then by name.
func byInstallation(a, b *record) int {
	return cmp.Or(cmp.Compare(uint32(a.e.Installed-1), uint32(b.e.Installed-1)), cmp.Compare(a.e.Name, b.e.Name))
}

// fill looks up what an element's record names.
func (s *Snapshot) fill(r *record, e *Element, found []Observation, bad func(string, ...any)) {
	of := "element " + e.Name
	r.e = e
	r.maker, r.manager = s.company(e.Vendor, of, bad), s.company(e.Manager, of, bad)
	for _, name := range e.Software {
		r.software = append(r.software, s.company(name, of, bad))
	}
	for _, name := range e.Support {
		r.support = append(r.support, s.company(name, of, bad))
	}
	if e.Site != "" {
		if r.site = s.places[e.Site]; r.site == nil {
			bad("%s: site %q has no record", of, e.Site)
		}
	}
	if len(e.Functions) == 0 || len(e.Functions) > maxFunctions {
		bad("%s: %d functions: want 1 to %d", of, len(e.Functions), maxFunctions)
	}
	for _, f := range e.Functions {
		if _, err := ParseFunction(string(f)); err != nil {
			bad("%s: %v", of, err)
		}
	}
	for _, n := range []int{len(e.Support), len(e.Software), len(e.TACs), len(e.PLMNs), len(e.Slices), len(e.Permits), len(e.Tags), len(e.Addresses.N2)} {
		if n > maxListed {
			bad("%s: a list of %d: want at most %d", of, n, maxListed)
		}
	}
	for _, v := range []float64{e.Traffic, e.Premises} {
		if math.IsNaN(v) || v > maxMeasure {
			bad("%s: a measure of %v: want at most %v", of, v, float64(maxMeasure))
		}
	}
	r.links = s.links[e.Name]
	r.findings = sortedFindings(found, of, bad)
	switch {
	case !e.serves():
		r.reachesKnown = true
	case !e.Served.IsZero():
		r.reaches, r.reachesKnown = s.reached(e.Served), true
	}
}

func sortedFindings(found []Observation, of string, bad func(string, ...any)) []Observation {
	sorted := slices.SortedFunc(slices.Values(found), func(a, b Observation) int { return cmp.Compare(a.Kind, b.Kind) })
	for i, o := range sorted {
		if i > 0 && sorted[i-1].Kind == o.Kind || o.Kind == "" || o.Count < 0 {
			bad("%s: findings of kind %q are counted twice or below 0", of, o.Kind)
		}
	}
	return slices.DeleteFunc(sorted, func(o Observation) bool { return o.Count == 0 })
}
