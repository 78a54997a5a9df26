package rules

import (
	"maps"
	"slices"

	"cordon/ident"
)

// Radio is the record of a radio, nil if it has none. It is the snapshot's and is not changed.
func (s *Snapshot) Radio(node ident.RANNode) *Element {
	if s == nil || s.base == nil {
		return nil
	}
	if r := s.nodes.at(node); r != nil {
		return r.e
	}
	return nil
}

// Forbidden is the tracking areas where no radio on record may serve a subscriber who is not
// protected, and one who is. Each list is in the order of the codes.
type Forbidden struct{ Standard, Protected []ident.TAC }

// Forbidden looks for areas all of whose radios refuse subscribers at the device gate. An area of which there
// is no radio on record is not among them. It reads every record: see [Snapshot.Areas].
func (s *Snapshot) Forbidden() Forbidden { return s.Areas(nil).Forbidden }

// Areas is what [Snapshot.Forbidden] finds, and what finds it sooner for the next snapshot.
type Areas struct {
	Forbidden

	base    *base
	cuts    *cuts
	weighed *weighing
	sums    [shards][32]byte
	parts   [shards][]opening
}

// opening is an area of radios in one part of the records, and whom one of them may serve there: a subscriber who
// is not protected, and one who is.
type opening struct {
	area ident.TAC
	may  [2]bool
}

// Areas is the forbidden areas. Before is what was found of the snapshot that this one was made of by
// [Snapshot.With], or any other, or nil: what is the same in both is not looked at again.
func (s *Snapshot) Areas(before *Areas) *Areas {
	a := &Areas{}
	if s == nil || s.base == nil {
		return a
	}
	a.base, a.cuts, a.weighed, a.sums = s.base, s.cuts, s.weighed, s.sums
	alike := before != nil && before.base == a.base && before.cuts == a.cuts && before.weighed == a.weighed
	open := map[ident.TAC][2]bool{}
	for i := range a.parts {
		if alike && before.sums[i] == a.sums[i] {
			a.parts[i] = before.parts[i]
		} else {
			a.parts[i] = s.openings(s.names.parts[i])
		}
		for _, o := range a.parts[i] {
			was := open[o.area]
			open[o.area] = [2]bool{was[0] || o.may[0], was[1] || o.may[1]}
		}
	}
	for _, t := range slices.Sorted(maps.Keys(open)) {
		if !open[t][0] {
			a.Standard = append(a.Standard, t)
		}
		if !open[t][1] {
			a.Protected = append(a.Protected, t)
		}
	}
	return a
}

// openings is the areas of a part's radios.
func (s *Snapshot) openings(part map[string]*record) []opening {
	open := map[ident.TAC]*[2]bool{}
	for _, r := range part {
		if r.e.HasNode {
			s.opens(r, open)
		}
	}
	list := make([]opening, 0, len(open))
	for t, may := range open {
		list = append(list, opening{t, *may})
	}
	return list
}

// opens notes whom a radio may serve in its areas. It is judged only where others leave that open.
func (s *Snapshot) opens(r *record, open map[ident.TAC]*[2]bool) {
	var may [2]bool
	asked := false
	for _, t := range r.e.TACs {
		area := open[t]
		if area == nil {
			area = new([2]bool)
			open[t] = area
		}
		if area[0] && area[1] {
			continue
		}
		if !asked {
			asked = true
			for i, protected := range []bool{false, true} {
				stands := s.stand(r, &Question{Gate: GateDevice, Protected: protected})
				may[i] = stands.act != Refuse
			}
		}
		area[0], area[1] = area[0] || may[0], area[1] || may[1]
	}
}
