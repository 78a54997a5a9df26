package rules

import (
	"encoding/binary"
	"slices"
)

// memo judges many elements. What selectors say of an element follows from some columns of its
// record, and few elements differ there, so that selectors run once for each combination.
type memo struct {
	base       *base
	groups     []*group
	used       columnSet
	ids        [columns]map[string]uint32 // of texts that a column has held
	row        [columns]uint32            // of the element being judged
	judgements map[string]*judgement
	key, text  []byte
	rulings    []ruling
}

// group is the rules of one regime that follow from the same columns.
type group struct {
	regime  int
	columns columnSet
	rules   []*binding
	picks   map[string][]picked
}

type picked struct {
	rule *binding
	pick uint8
}

func newMemo(b *base) *memo {
	m := &memo{base: b, judgements: map[string]*judgement{}}
	for _, r := range b.rules {
		i := slices.IndexFunc(m.groups, func(g *group) bool { return g.regime == r.regime && g.columns == r.columns })
		if i < 0 {
			i = len(m.groups)
			m.groups = append(m.groups, &group{regime: r.regime, columns: r.columns, picks: map[string][]picked{}})
		}
		m.groups[i].rules = append(m.groups[i].rules, r)
		m.used |= r.columns
	}
	for c := range m.ids {
		m.ids[c] = map[string]uint32{}
	}
	return m
}

// judgement judges one element.
func (m *memo) judgement(x *record) *judgement {
	for c := column(0); c < columns; c++ {
		if m.used&(1<<c) != 0 {
			m.row[c] = m.id(c, x)
		}
	}
	m.rulings = m.rulings[:0]
	for _, g := range m.groups {
		for _, p := range m.picks(g, x) {
			if v, ok := m.base.rule(p.rule, x, p.pick); ok {
				m.rulings = append(m.rulings, v)
			}
		}
	}
	m.key = m.key[:0]
	for _, v := range m.rulings {
		m.key = binary.LittleEndian.AppendUint32(m.key, uint32(v.rule.index)<<16|uint32(v.outcome)<<8|uint32(v.pick))
		m.key = binary.LittleEndian.AppendUint32(m.key, uint32(v.due))
	}
	j := m.judgements[string(m.key)]
	if j == nil {
		slices.SortFunc(m.rulings, func(a, b ruling) int { return a.rule.index - b.rule.index })
		j = m.base.judge(m.rulings)
		m.judgements[string(m.key)] = j
	}
	return j
}

// picks is what the selectors of a group say of the element whose row is set.
func (m *memo) picks(g *group, x *record) []picked {
	m.key = m.key[:0]
	for c := column(0); c < columns; c++ {
		if g.columns&(1<<c) != 0 {
			m.key = binary.LittleEndian.AppendUint32(m.key, m.row[c])
		}
	}
	picks, ok := g.picks[string(m.key)]
	if ok {
		return picks
	}
	key := string(m.key)
	for _, r := range g.rules {
		if p := r.pick(&subject{m.base, g.regime, x}); p != 0 {
			picks = append(picks, picked{r, p})
		}
	}
	g.picks[key] = picks
	return picks
}

// id is a number that stands for what a column holds: elements with the same number hold the same.
func (m *memo) id(c column, x *record) uint32 {
	e := x.e
	m.text = m.text[:0]
	switch c {
	case byVendor:
		return idOf(x.maker)
	case byManager:
		return idOf(x.manager)
	case byInstalled:
		return uint32(e.Installed)
	case byPurchased:
		return uint32(e.Purchased)
	case bySupportEnd:
		return uint32(e.SupportEnd)
	case byLikeForLike:
		if e.LikeForLike {
			return 1
		}
		return 0
	case byReaches:
		if !x.reachesKnown {
			return 1 << 8
		}
		return uint32(x.reaches)
	case bySite:
		if x.site == nil {
			return 0
		}
		return uint32(x.site.index) + 1
	}
	m.describe(c, x)
	id, ok := m.ids[c][string(m.text)]
	if !ok {
		id = uint32(len(m.ids[c]))
		m.ids[c][string(m.text)] = id
	}
	return id
}

func idOf(c *company) uint32 {
	if c == nil {
		return 0
	}
	return uint32(c.index) + 1
}

// describe writes what a column holds so that no two differ and are written alike.
func (m *memo) describe(c column, x *record) {
	e := x.e
	switch c {
	case byName:
		m.put(e.Name)
	case byFunctions:
		for _, f := range e.Functions {
			m.put(string(f))
		}
	case byTechnology:
		m.put(e.Technology)
	case byModel:
		m.put(e.Model)
	case byVersion:
		m.put(e.Version)
	case byDigest:
		m.put(e.Digest)
	case byProtection:
		m.put(e.Protection)
	case byTags:
		for _, t := range e.Tags {
			m.put(t)
		}
	case byFindings:
		for _, o := range x.findings {
			m.put(o.Kind)
			m.text = binary.AppendUvarint(m.text, uint64(o.Count))
		}
	case bySoftware:
		for _, s := range x.software {
			m.text = binary.AppendUvarint(m.text, uint64(idOf(s)))
		}
	case bySupport:
		for _, s := range x.support {
			m.text = binary.AppendUvarint(m.text, uint64(idOf(s)))
		}
	case byManagement:
		g := &e.Management
		m.put(g.Path)
		m.put(g.Country)
		m.put(g.Staff)
		m.text = append(m.text, byte(g.Recorded), byte(g.Separated), byte(g.TwoPeople))
		m.text = binary.AppendUvarint(m.text, uint64(max(0, g.Months)))
	case byLinks:
		if x.links != nil {
			for _, l := range x.links.links {
				m.put(l.Protection)
				m.put(l.Carrier)
			}
		}
	}
}

func (m *memo) put(s string) {
	m.text = binary.AppendUvarint(m.text, uint64(len(s)))
	m.text = append(m.text, s...)
}
