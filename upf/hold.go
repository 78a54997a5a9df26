package upf

import (
	"slices"

	"cordon/wire/pfcp"
)

// held keeps packets for devices that are not reachable now: the first few of each, and no more
// than heldBytes in all.
type held struct {
	packets map[uint32][][]byte // by slot
	bytes   int
}

const (
	heldEach  = 8
	heldBytes = 8 << 20
	heldCost  = 64 // what keeping a packet costs besides its octets
)

// add keeps a copy of p and reports whether there was room.
func (h *held) add(i uint32, p []byte) bool {
	if len(h.packets[i]) >= heldEach || h.bytes+len(p)+heldCost > heldBytes {
		return false
	}
	if h.packets == nil {
		h.packets = map[uint32][][]byte{}
	}
	h.packets[i] = append(h.packets[i], slices.Clone(p))
	h.bytes += len(p) + heldCost
	return true
}

// take gives up what is kept for a slot.
func (h *held) take(i uint32) [][]byte {
	ps := h.packets[i]
	h.drop(i)
	return ps
}

func (h *held) drop(i uint32) {
	for _, p := range h.packets[i] {
		h.bytes -= len(p) + heldCost
	}
	delete(h.packets, i)
}

// hold keeps a packet until the session leads to a radio again. The first one is reported,
// if the rules ask for it.
func (s *Sessions) hold(i uint32, l *Line, p []byte) Verdict {
	if !s.down.held.add(i, p) {
		return s.dropDown(i, ReasonBufferFull)
	}
	st := s.slots.state(i)
	v := Verdict{Action: Held, CP: st.cp, PDR: pfcp.PDRID(st.pdrDL), Report: treatment(l.Treatment.Load()).flags()&(LineNotify|LineReported) == LineNotify}
	l.flag(LineReported)
	return v
}
