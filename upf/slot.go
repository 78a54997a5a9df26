package upf

import (
	"time"

	"cordon/ident"
)

const (
	slotBits  = 20
	maxSlots  = 1 << slotBits
	slotMask  = maxSlots - 1
	chunkSize = 4096
)

// uplinkEntry is what a packet from a device needs: one cache line.
type uplinkEntry struct {
	teid    uint32 // 0: the slot is free
	peer    uint32 // index of the endpoint, 0: none
	ue      uint32
	top     uint16 // newest sequence number
	qfi     uint8
	pass    uint8 // set of filters, passAll or passNone
	window  uint64
	seen    time.Duration // when the right endpoint last sent
	meter   meter
	packets uint64
	bytes   uint64
}

// downlinkEntry is what a packet to a device needs.
type downlinkEntry struct {
	teid     uint32 // the radio's
	peer     uint32
	qfi      uint8
	path     path
	notify   bool // the first held packet is reported
	reported bool // and has been
	lost     bool // an error indication has been reported; written by the uplink half
	filter   uint8
	meter    meter
	packets  uint64
	bytes    uint64
}

// path is where downlink goes.
type path uint8

const (
	pathDrop path = iota
	pathHold
	pathRadio
)

// state is what the rules were, so that one of them can be replaced.
type state struct {
	seid   ident.SEID // 0: the slot is free
	cp     ident.SEID
	ue     uint32
	teid   uint32 // stays when the session is gone, so that the next differs
	farUL  uint32
	farDL  uint32
	pdrUL  uint16
	pdrDL  uint16
	dropUL bool
	pathDL path
	filter uint8 // set of filters, passAll if none
	qers   [maxQERs]qer
}

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

// chunk is a run of slots; the halves lie apart so that two goroutines share no cache line.
type chunk struct {
	up    [chunkSize]uplinkEntry
	down  [chunkSize]downlinkEntry
	state [chunkSize]state
}

// slots gives out places for sessions: any free one with the same likelihood, and none
// that was in use within Rest.
type slots struct {
	chunks  []*chunk
	live    int
	free    []uint32
	resting []rested // oldest first
}

type rested struct {
	slot  uint32
	since time.Duration
}

func (s *slots) size() int                    { return len(s.chunks) * chunkSize }
func (s *slots) up(i uint32) *uplinkEntry     { return &s.chunks[i/chunkSize].up[i%chunkSize] }
func (s *slots) down(i uint32) *downlinkEntry { return &s.chunks[i/chunkSize].down[i%chunkSize] }
func (s *slots) state(i uint32) *state        { return &s.chunks[i/chunkSize].state[i%chunkSize] }

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
	if len(s.free) < max(chunkSize/4, s.live/8) && s.size() < maxSlots {
		first := uint32(s.size())
		s.chunks = append(s.chunks, new(chunk))
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
	teid := s.state(slot).teid
	*s.up(slot), *s.down(slot), *s.state(slot) = uplinkEntry{}, downlinkEntry{}, state{teid: teid}
	s.live--
	s.resting = append(s.resting, rested{slot, now})
}
