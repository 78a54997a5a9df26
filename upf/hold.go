package upf

import (
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// held keeps packets for devices that are not reachable now: the first few of each for a while, and no more than
// so many in all.
type held struct {
	of      map[uint32]*waiting // by slot
	packets int
	octets  int           // what they cost
	looked  time.Duration // when the old ones were last looked for
}

// waiting is what one session has, in the order in which it came.
type waiting struct {
	packets []heldPacket
	octets  int
}

type heldPacket struct {
	octets []byte
	teid   uint32 // of the tunnel that it came by, 0 from N6
	at     time.Duration
}

const (
	heldEach       = 8        // packets of a session
	heldEachOctets = 8 * 1500 // and their octets
	heldMost       = 64 << 10 // packets in all
	heldOctets     = 8 << 20  // and what they cost
	heldCost       = 64       // what keeping a packet costs besides its octets
	heldFor        = 30 * time.Second
)

// has reports whether something is kept for a slot.
func (h *held) has(i uint32) bool { return h.of[i] != nil }

// add keeps a copy of b and reports whether there was room.
func (h *held) add(now time.Duration, i, teid uint32, b []byte) bool {
	w := h.of[i]
	if w != nil && (len(w.packets) >= heldEach || w.octets+len(b) > heldEachOctets) {
		return false
	}
	if h.packets >= heldMost || h.octets+len(b)+heldCost > heldOctets {
		return false
	}
	if h.of == nil {
		h.of = map[uint32]*waiting{}
	}
	if w == nil {
		w = &waiting{}
		h.of[i] = w
	}
	w.packets = append(w.packets, heldPacket{slices.Clone(b), teid, now})
	w.octets += len(b)
	h.packets++
	h.octets += len(b) + heldCost
	return true
}

// mark notes that a session has been notified of whose packet finds no room: who fills it with packets for many
// devices has not yet seen to it that nobody is paged. It reports whether the note itself had room.
func (h *held) mark(now time.Duration, i uint32) bool {
	if h.packets >= heldMost || h.of[i] != nil {
		return false
	}
	if h.of == nil {
		h.of = map[uint32]*waiting{}
	}
	h.of[i] = &waiting{packets: []heldPacket{{at: now}}}
	h.packets++
	h.octets += heldCost
	return true
}

// drop gives up what is kept for a slot.
func (h *held) drop(i uint32) []heldPacket {
	w := h.of[i]
	if w == nil {
		return nil
	}
	delete(h.of, i)
	h.packets -= len(w.packets)
	h.octets -= w.octets + len(w.packets)*heldCost
	return w.packets
}

// expire gives up what has waited too long, and says how many packets that were; marks are none.
func (h *held) expire(now time.Duration) (n int) {
	h.looked = now
	for i, w := range h.of {
		old := 0
		for old < len(w.packets) && now-w.packets[old].at >= heldFor {
			w.octets -= len(w.packets[old].octets)
			h.octets -= len(w.packets[old].octets) + heldCost
			if w.packets[old].octets != nil {
				n++
			}
			old++
		}
		h.packets -= old
		if w.packets = slices.Delete(w.packets, 0, old); len(w.packets) == 0 {
			delete(h.of, i)
		}
	}
	return n
}

// Expire gives up packets that have waited for their device for half a minute. It needs what Downlink
// needs, and is to be called every few seconds. A session of which nothing is left may notify again.
func (s *Sessions) Expire(now time.Duration) {
	s.down.Drops[ReasonStale] += uint64(s.down.held.expire(now))
}

// hold keeps a packet until the session leads to a radio again. The first one is reported,
// if the rules ask for it and the pool's devices are not being paged too often: then it is as if it had not come.
func (s *Sessions) hold(now time.Duration, i, teid uint32, rule pfcp.PDRID, notify bool, b []byte) Verdict {
	h := &s.down.held
	if now-h.looked >= heldFor/4 {
		s.Expire(now)
	}
	notify = notify && !h.has(i)
	if notify && !s.mayPage(now, i) {
		return s.dropDown(i, ReasonPaging)
	}
	if !h.add(now, i, teid, b) {
		v := s.dropDown(i, ReasonBufferFull)
		v.PDR, v.Report = rule, notify && h.mark(now, i)
		return v
	}
	return Verdict{Action: Held, CP: s.cp(i), PDR: rule, Report: notify}
}

// holdFast is hold for a session of two lines.
func (s *Sessions) holdFast(now time.Duration, i uint32, t treatment, p *packet) Verdict {
	var rule pfcp.PDRID
	if h := s.slots.state(i).shape; h != nil {
		_, d := h.pair()
		rule = h.rules.pdrs[d].ID
	}
	return s.hold(now, i, 0, rule, t.flags()&LineNotify != 0, p.octets)
}

// mayPage takes one from the budget of the pool that a session's device is of. Sessions without a pool share one.
func (s *Sessions) mayPage(now time.Duration, i uint32) bool {
	e, at := s.mem.Up[i].Entry(), len(s.pools)
	for k := range s.pools {
		if p := &s.pools[k]; p.Family == 4 && e.UE4 != 0 && uint64(e.UE4)&p.Mask == p.Base || p.Family == 6 && e.UE4 == 0 && e.UE6&p.Mask == p.Base {
			at = k
		}
	}
	return s.down.paging[at].allow(now, uint32(s.cfg.Paging))
}

// release has what is kept for a session go where its rules lead now.
func (s *Sessions) release(now time.Duration, i uint32, send func(Verdict)) {
	st := s.slots.state(i)
	_, down := s.lines(i)
	if st.shape.fast && treatment(down.Treatment.Load()).flags()&(LineHold|LineShut) == LineHold {
		return
	}
	for _, w := range s.down.held.drop(i) {
		p := &s.down.packet
		var v Verdict
		switch {
		case w.octets == nil: // a mark
		case now-w.at >= heldFor:
			v = s.dropDown(i, ReasonStale)
		case st.shape.frames:
			v = s.deliverFrame(now, i, w.octets, false)
		case p.parse(w.octets) != ReasonNone:
		case w.teid != 0:
			v = s.Relay(now, ident.TEID(w.teid), w.octets)
		case !s.filters.passes(treatment(down.Treatment.Load()).rules(), p, false):
			v = s.dropDown(i, ReasonNotSealed)
		default:
			v = s.deliver(now, i, down, p)
		}
		if v.Action == ToN3 {
			send(v)
		}
	}
}
