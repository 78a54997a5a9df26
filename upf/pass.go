package upf

import (
	"time"

	"cordon/wire/gtpu"
)

// way is what an uplink packet's next step is to it.
type way uint8

const (
	wayRouted   way = iota // a hop: it has one less to live
	wayTunnel              // inside the same hop, to or from another UPF
	wayAnswered            // the end: it is answered here
)

func (s *Sessions) wayOf(t treatment, a Action, p *packet) way {
	if t.flags()&LineFromCore != 0 {
		return wayTunnel
	}
	if a == ToLocal {
		if pool := s.poolOf(p.family, p.dst); pool != nil && p.dst == pool.router() {
			return wayAnswered
		}
	}
	return wayRouted
}

// pass does what is left once an uplink packet may go: its number, its size, its rate, its new header.
func (s *Sessions) pass(now time.Duration, l *Line, i uint32, t treatment, h *gtpu.Header, a Action, p *packet) Reason {
	if h.HasSeq && s.cfg.FilterDuplicates && Seen(l.Word.Load()).repeats(h.Seq) {
		return ReasonReplayed
	}
	way := s.wayOf(t, a, p)
	if way == wayRouted {
		if a == ToN6 && len(p.octets) > s.cfg.MTUN6 && !p.mayBeFragmented() {
			return ReasonTooBig
		}
		if p.hops() <= 1 {
			return ReasonHops
		}
	}
	if l.over(t, now) {
		return ReasonRate
	}
	if block := uint32(l.Device.Load() >> 32); block != 0 && way == wayRouted && s.leaves(a, p) {
		if r := s.natOut(now, block-1, s.mem.Records[i].Down-1, p); r != ReasonNone {
			return r
		}
	}
	if h.HasSeq {
		s.note(l, h.Seq)
	}
	l.charge(t, now, len(p.octets), s.mem.Shared)
	switch way {
	case wayAnswered:
		p.answerEcho()
	case wayRouted:
		p.age()
		if a == ToN6 && s.cfg.MarkN6 {
			p.mark(s.cfg.DSCP[t.qfi()&63])
		}
	}
	return ReasonNone
}

// leaves reports whether a packet goes where its device's own address is not known.
func (s *Sessions) leaves(a Action, p *packet) bool {
	if p.family != 4 || a == ToN6 {
		return p.family == 4
	}
	pool := s.poolOf(4, p.dst)
	return pool != nil && pool.Flags&PoolPublic != 0
}

// note marks a sequence number as seen, and counts those that were left out.
func (s *Sessions) note(l *Line, seq uint16) {
	w, gap := Seen(l.Word.Load()).note(seq)
	l.Word.Store(uint64(w))
	if gap > 0 {
		s.mem.PeerCounters[l.Tunnel.Load()>>32].Gaps.Add(uint64(gap))
	}
}
