package upf

import (
	"time"

	"cordon/ident"
)

const (
	slotBits  = 20
	maxSlots  = 1 << slotBits
	slotMask  = maxSlots - 1
	chunkSize = slotStep
)

// state is what the rules were, so that one of them can be replaced.
type state struct {
	seid   ident.SEID // 0: the slot is free
	cp     ident.SEID
	ue     uint32
	teid   uint32 // stays when the session is gone, so that the next differs
	down   uint32 // index of the downlink line
	farUL  uint32
	farDL  uint32
	pdrUL  uint16
	pdrDL  uint16
	dropUL bool
	pathDL path
	filter uint8 // set of filters, RulesAny if none
	qers   [maxQERs]qer
}

// path is where downlink goes.
type path uint8

const (
	pathDrop path = iota
	pathHold
	pathRadio
)

type qer struct {
	id      uint32 // 0: none
	qfi     uint8
	forUL   bool // the uplink PDR has it
	forDL   bool
	closeUL bool
	closeDL bool
	upMBR   uint64
	downMBR uint64
}

// slots gives out places for sessions: any free one with the same likelihood, and none
// that was in use within Rest. They come into use by steps, so that a small network touches little
// memory.
type slots struct {
	most    int // as many as the lines that there are
	chunks  []*[chunkSize]state
	live    int
	free    []uint32
	resting []rested // oldest first
}

type rested struct {
	slot  uint32
	since time.Duration
}

func (s *slots) size() int             { return len(s.chunks) * chunkSize }
func (s *slots) state(i uint32) *state { return &s.chunks[i/chunkSize][i%chunkSize] }

// last reports whether a TEID is the last that its slot had.
func (s *slots) last(teid ident.TEID) bool {
	i := uint32(teid) & slotMask
	return teid != 0 && int(i) < s.size() && s.state(i).teid == uint32(teid)
}

// take gives a slot with a TEID and an SEID for it, or false if there is none.
func (s *slots) take(now time.Duration, random func() uint64) (slot, teid uint32, seid ident.SEID, ok bool) {
	n := 0
	for n < len(s.resting) && now-s.resting[n].since >= Rest {
		s.free = append(s.free, s.resting[n].slot)
		n++
	}
	s.resting = s.resting[n:]
	if len(s.free) < max(chunkSize/4, s.live/8) && s.size() < s.most {
		first := uint32(s.size())
		s.chunks = append(s.chunks, new([chunkSize]state))
		for i := range uint32(chunkSize) {
			s.free = append(s.free, first+i)
		}
	}
	if len(s.free) == 0 {
		return 0, 0, 0, false
	}
	i := int(random() % uint64(len(s.free)))
	slot = s.free[i]
	s.free[i] = s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.live++
	for teid == 0 || teid == s.state(slot).teid {
		teid = uint32(random())<<slotBits | slot
	}
	for seid == 0 {
		seid = ident.SEID(random()<<slotBits | uint64(slot))
	}
	return slot, teid, seid, true
}

// give lets a slot rest.
func (s *slots) give(now time.Duration, slot uint32) {
	*s.state(slot) = state{teid: s.state(slot).teid}
	s.live--
	s.resting = append(s.resting, rested{slot, now})
}
