package upf

import (
	"slices"
	"time"

	"cordon/ident"
)

const (
	slotBits  = 20
	maxSlots  = 1 << slotBits
	slotMask  = maxSlots - 1
	chunkSize = slotStep
)

// state is what this process alone knows of a session, by the slot of its own tunnel. Sessions of a shape that have no more share one.
type state struct {
	shape *shape // nil: no session, or one that an earlier process made and no SMF has taken over yet
	more  *more  // nil: two lines and the shape say it all
}

// slots gives out places for tunnels, of which a session has one or more: any free one with the same likelihood, and none
// that was in use within Rest. They come into use by steps, so that a small network touches little
// memory.
type slots struct {
	records []Record
	chunks  []*[chunkSize]*state // nil where there is nothing to know
	none    state
	live    int // in use
	free    []uint32
	resting []rested // oldest first
}

type rested struct {
	slot  uint32
	until uint32 // second of CLOCK_MONOTONIC
}

// rest begins the rest of a slot.
func rest(now time.Duration, slot uint32) rested {
	return rested{slot, uint32((now + Rest + time.Second - 1) / time.Second)}
}

func (s *slots) size() int { return len(s.chunks) * chunkSize }

// state is what is known of slot i. What it points to is not written.
func (s *slots) state(i uint32) *state {
	if st := s.chunks[i/chunkSize][i%chunkSize]; st != nil {
		return st
	}
	return &s.none
}

// know puts down what is known of slot i.
func (s *slots) know(i uint32, h *shape, m *more) {
	at := &s.chunks[i/chunkSize][i%chunkSize]
	switch {
	case m != nil:
		*at = &state{h, m}
	case h != nil:
		*at = &h.plain
	default:
		*at = nil
	}
}

// owner is the slot of the session that has slot i.
func (s *slots) owner(i uint32) uint32 {
	if o := s.records[i].Owner; o != 0 && int(o) <= len(s.records) {
		return o - 1
	}
	return i
}

// last reports whether a TEID is the last that its slot had.
func (s *slots) last(teid ident.TEID) bool {
	i := uint32(teid) & slotMask
	return teid != 0 && int(i) < len(s.records) && s.records[i].TEID == uint32(teid)
}

// room reports whether n more slots can be taken now.
func (s *slots) room(now time.Duration, n int) bool {
	k := 0
	for k < len(s.resting) && uint32(now/time.Second) >= s.resting[k].until {
		s.free = append(s.free, s.resting[k].slot)
		k++
	}
	s.resting = s.resting[k:]
	for len(s.free) < max(chunkSize/4, s.live/8, n) && s.grow() {
	}
	return len(s.free) >= n
}

// reach has slot i in use or free to use, if there is such a slot.
func (s *slots) reach(i uint32) bool {
	for s.size() <= int(i) && s.grow() {
	}
	return s.size() > int(i)
}

// name takes the slot of a TEID, which nobody has.
func (s *slots) name(teid uint32) {
	slot := teid & slotMask
	if k := slices.Index(s.free, slot); k >= 0 {
		s.free[k] = s.free[len(s.free)-1]
		s.free = s.free[:len(s.free)-1]
	} else {
		s.resting = slices.DeleteFunc(s.resting, func(r rested) bool { return r.slot == slot })
	}
	s.live++
}

// grow takes a step's slots into use, if there are any.
func (s *slots) grow() bool {
	first := uint32(s.size())
	if int(first) >= len(s.records) {
		return false
	}
	s.chunks = append(s.chunks, new([chunkSize]*state))
	for i := range uint32(min(chunkSize, len(s.records)-int(first))) {
		s.free = append(s.free, first+i)
	}
	return true
}

// take gives a slot with a TEID for it. There is room for it.
func (s *slots) take(random func() uint64) (slot, teid uint32) {
	i := int(random() % uint64(len(s.free)))
	slot = s.free[i]
	s.free[i] = s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.live++
	for teid == 0 || teid == s.records[slot].TEID {
		teid = uint32(random())<<slotBits | slot
	}
	return slot, teid
}

// give lets a slot rest.
func (s *slots) give(now time.Duration, slot uint32) {
	s.know(slot, nil, nil)
	s.live--
	s.resting = append(s.resting, rest(now, slot))
}
