package rules

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// AsOf is the date that the snapshot was compiled for.
func (s *Snapshot) AsOf() Date { return s.base.asOf }

// Regimes is those that the snapshot judges by, in the order of their names, without Cordon's own.
func (s *Snapshot) Regimes() []*Regime { return slices.Clone(s.regimes[1:]) }

// Element is the record of a name, nil for none. It is not to be changed.
func (s *Snapshot) Element(name string) *Element {
	if s == nil || s.base == nil {
		return nil
	}
	if r := s.names.at(name); r != nil {
		return r.e
	}
	return nil
}

// Site is the place of a name, nil for none. It is not to be changed.
func (s *Snapshot) Site(name string) *Site {
	if s == nil || s.base == nil {
		return nil
	}
	if p := s.places[name]; p != nil {
		return p.s
	}
	return nil
}

// Elements is every element in the order of names, with the verdict of [Snapshot.Judge].
func (s *Snapshot) Elements() iter.Seq2[*Element, Verdict] {
	return func(yield func(*Element, Verdict) bool) {
		if s == nil || s.base == nil {
			return
		}
		all := slices.SortedFunc(s.names.all(), func(a, b *record) int { return cmp.Compare(a.e.Name, b.e.Name) })
		for _, r := range all {
			if !yield(r.e, s.answer(r, &Question{Element: r.e.Name}, false)) {
				return
			}
		}
	}
}

// NetworkRuling is what a share cap or a diversity comes to.
type NetworkRuling struct {
	Rule    *Rule   `json:"-"`
	Group   string  `json:"group,omitempty"` // whose share it is: a vendor's group, "unknown" for unknown makers, empty for all together
	Share   float64 `json:"share"`           // percent that the group has now, those over the cap included
	Members int     `json:"members"`         // elements of the group
	Over    int     `json:"over"`            // of a share cap: those beyond it
	Unknown int     `json:"unknown"`         // of those, the ones whose measure is not known
	Vendors int     `json:"vendors"`         // of a diversity: groups in the domain
	Outcome Outcome `json:"outcome"`
	Due     Date    `json:"due,omitempty"`
}

// Network is what the rules about the network as a whole come to, by rule and group.
func (s *Snapshot) Network() []NetworkRuling {
	if s == nil || s.base == nil {
		return nil
	}
	var all []NetworkRuling
	for i := range s.live {
		o := &s.live[i]
		for g, k := range o.rankings {
			over := k.known + k.unknown - k.kept
			all = append(all, s.networkRuling(o, g, over > 0, NetworkRuling{
				Share: k.sum.percentOf(o.total), Members: k.known + k.unknown, Over: over, Unknown: k.unknown,
			}))
		}
		for g, st := range o.groups {
			all = append(all, s.networkRuling(o, g, st.dominant, NetworkRuling{Share: st.measure.percentOf(o.total), Members: st.members, Vendors: len(o.groups)}))
		}
	}
	slices.SortFunc(all, func(a, b NetworkRuling) int {
		return cmp.Or(strings.Compare(a.Rule.ID, b.Rule.ID), strings.Compare(a.Group, b.Group))
	})
	return all
}

func (s *Snapshot) networkRuling(o *outcome, group int, violated bool, n NetworkRuling) NetworkRuling {
	n.Rule, n.Group, n.Outcome = o.rule.Rule, s.groupName(group), Satisfied
	if violated {
		n.Outcome, n.Due = o.rule.violated(o.rule.hard(&record{}), s.asOf)
	}
	return n
}

func (b *base) groupName(group int) string {
	switch group {
	case everyone:
		return ""
	case nobody:
		return "unknown"
	}
	for _, c := range b.companies {
		if c.index == group {
			return c.v.Name
		}
	}
	return ""
}
