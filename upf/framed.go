package upf

import "net/netip"

// framed are the networks behind devices, which only those addresses are looked for in that are in no pool:
// a map for each length of prefix there is.
type framed struct {
	lengths []length // longest first
}

type length struct {
	mask Range // its masks and family
	of   map[addr]uint32
}

const (
	maxFramed     = 16   // of one session
	maxFramedMost = 4096 // of all
)

// Framed is how many networks behind devices there are.
func (s *Sessions) Framed() int { return s.framed.count() }

// find is the slot of the session that has the longest prefix of an address.
func (f *framed) find(family uint32, a addr) (slot uint32, ok bool) {
	for i := range f.lengths {
		n := &f.lengths[i]
		if n.mask.Family != family {
			continue
		}
		if slot, ok = n.of[addr{a.hi & n.mask.MaskHi, a.lo & n.mask.MaskLo}]; ok {
			return slot, true
		}
	}
	return 0, false
}

// exact is the slot of the session that has that very network.
func (f *framed) exact(p netip.Prefix) (slot uint32, ok bool) {
	r := newRange(p)
	key := addr{r.Hi, r.Lo}
	r.Hi, r.Lo = 0, 0
	for i := range f.lengths {
		if n := &f.lengths[i]; n.mask == r {
			slot, ok = n.of[key]
		}
	}
	return slot, ok
}

// count is how many networks there are.
func (f *framed) count() (n int) {
	for i := range f.lengths {
		n += len(f.lengths[i].of)
	}
	return n
}

// add gives a network to a session; false means that another has it.
func (f *framed) add(p netip.Prefix, slot uint32) bool {
	r := newRange(p)
	key, at := addr{r.Hi, r.Lo}, 0
	r.Hi, r.Lo = 0, 0
	for ; at < len(f.lengths); at++ {
		n := &f.lengths[at]
		if n.mask == r {
			has, taken := n.of[key]
			n.of[key] = slot
			if taken {
				n.of[key] = has
			}
			return !taken || has == slot
		}
		if n.mask.MaskHi < r.MaskHi || n.mask.MaskHi == r.MaskHi && n.mask.MaskLo < r.MaskLo {
			break
		}
	}
	f.lengths = append(f.lengths, length{})
	copy(f.lengths[at+1:], f.lengths[at:])
	f.lengths[at] = length{mask: r, of: map[addr]uint32{key: slot}}
	return true
}

// remove takes a network from a session that has it.
func (f *framed) remove(p netip.Prefix, slot uint32) {
	r := newRange(p)
	key := addr{r.Hi, r.Lo}
	r.Hi, r.Lo = 0, 0
	for i := range f.lengths {
		if n := &f.lengths[i]; n.mask == r {
			if has, ok := n.of[key]; ok && has == slot {
				delete(n.of, key)
			}
			if len(n.of) == 0 {
				f.lengths = append(f.lengths[:i], f.lengths[i+1:]...)
			}
			return
		}
	}
}
