package trust

import (
	"cmp"
	"slices"
)

// DrainOrder is an order to take radios out of service in, so that devices keep it as long as can be. Those
// whose devices have most alternatives come first, then those with fewest devices; those that leave an area dark
// come last. A radio that is all that another's devices could still go to comes after that other. Devices counts
// those on each; the order of losses does not matter.
func DrainOrder(losses []Loss, devices map[string]int) []string {
	sorted := slices.Clone(losses)
	slices.SortStableFunc(sorted, func(a, b Loss) int {
		return cmp.Or(
			cmp.Compare(len(b.Alternatives), len(a.Alternatives)),
			cmp.Compare(devices[a.Element], devices[b.Element]),
			cmp.Compare(a.Element, b.Element))
	})
	leaning := map[string][]string{} // who has nobody else
	for i := range sorted {
		if l := &sorted[i]; l.Dark() && len(l.Refuges) == 1 {
			on := l.Refuges[0].Element
			leaning[on] = append(leaning[on], l.Element)
		}
	}
	d := &drain{leaning: leaning, begun: map[string]bool{}}
	for i := range sorted {
		d.take(sorted[i].Element)
	}
	return d.order
}

type drain struct {
	leaning map[string][]string
	begun   map[string]bool
	order   []string
}

// take enters a radio after all that lean on it, and they after those that lean on them. Where two lean on
// each other the one that was come to first goes last.
func (d *drain) take(element string) {
	type step struct {
		element string
		next    int // of those that lean on it
	}
	if d.begun[element] {
		return
	}
	d.begun[element] = true
	way := []step{{element, 0}}
	for len(way) > 0 {
		s := &way[len(way)-1]
		if s.next == len(d.leaning[s.element]) {
			d.order = append(d.order, s.element)
			way = way[:len(way)-1]
			continue
		}
		on := d.leaning[s.element][s.next]
		s.next++
		if !d.begun[on] {
			d.begun[on] = true
			way = append(way, step{on, 0})
		}
	}
}
