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
// is no radio on record is not among them. It reads every record: ask once for a snapshot.
func (s *Snapshot) Forbidden() Forbidden {
	if s == nil || s.base == nil {
		return Forbidden{}
	}
	open := map[ident.TAC]*[2]bool{}
	for r := range s.names.all() {
		if r.e.HasNode {
			s.opens(r, open)
		}
	}
	var f Forbidden
	for _, t := range slices.Sorted(maps.Keys(open)) {
		if !open[t][0] {
			f.Standard = append(f.Standard, t)
		}
		if !open[t][1] {
			f.Protected = append(f.Protected, t)
		}
	}
	return f
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
