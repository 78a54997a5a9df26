package upf

import (
	"cordon/wire/pfcp"
)

// publish writes a session's lines. What they have counted stays.
func (s *Sessions) publish(i, ue4 uint32, ue6 uint64, is *[maxEnds]endpoint) {
	st, r := s.slots.state(i), &s.mem.Records[i]
	up := Entry{TEID: r.TEID, UE4: ue4, UE6: ue6, Flags: LineSlow}
	down := Entry{UE4: ue4, UE6: ue6, Aux: i + 1, Flags: LineSlow}
	if st.shape.fast {
		s.publishPair(st, &up, &down, is)
	} else {
		e, flow := st.shape.radio(is[:])
		up.Peer, up.QFI, down.QFI, down.Peer, down.TEID = e.peer, flow, flow, e.peer, e.teid
		s.publishTunnels(st, &up, is)
	}
	s.publishLines(i, &up, &down)
}

// publishPair says what the lines of a fast session do.
func (s *Sessions) publishPair(st *state, up, down *Entry, is *[maxEnds]endpoint) {
	h := st.shape
	k, j := h.pair()
	u, d := &h.detects[k], &h.detects[j]
	up.Rules, down.Rules, up.QFI, down.QFI = h.set, h.set, d.qfi, d.qfi
	up.Peer, down.Peer, down.TEID = is[d.far].peer, is[d.far].peer, is[d.far].teid
	kbits, open := h.rates(u)
	up.Cost, up.Shift = costOf(max(kbits, 1))
	up.Flags = 0
	up.set(LineShut, !open || h.paths[u.far] == pathDrop || st.more.spent()&u.urrs != 0)
	kbits, open = h.rates(d)
	down.Cost, down.Shift = costOf(max(kbits, 1))
	down.Flags = 0
	down.set(LineShut, !open || h.paths[d.far] == pathDrop || st.more.spent()&d.urrs != 0)
	down.set(LineHold, h.paths[d.far] == pathHold)
	down.set(LineNotify, h.rules.fars[d.far].Action&pfcp.NotifyCP != 0)
}

// publishTunnels writes the lines of a session's further tunnels.
func (s *Sessions) publishTunnels(st *state, up *Entry, is *[maxEnds]endpoint) {
	var anchor uint32
	for far, path := range st.shape.paths {
		if path == pathN9 {
			anchor = is[far].peer
		}
	}
	for n, teid := range st.more.tunnels {
		l := &s.mem.Up[teid&slotMask]
		e := *up
		e.TEID = teid
		switch kind := st.shape.tunnels[n]; {
		case kind == tunnelN9:
			e.Peer, e.Flags = anchor, LineSlow|LineFromCore
		case kind == tunnelForward:
			e.Peer, e.Flags = is[formerRadio].peer, LineSlow|LineFromCore
		}
		if n == 0 {
			*up = e
		} else {
			l.publishUplink(&e)
		}
	}
}

// publishLines writes a session's own lines.
func (s *Sessions) publishLines(i uint32, up, down *Entry) {
	r := &s.mem.Records[i]
	l := &s.mem.Up[i]
	was := l.Entry()
	up.Aux = was.Aux
	if was.Peer != up.Peer {
		s.part(i, was.Peer)
	}
	if own := r.Down; own != 0 {
		d := &s.mem.Down[own-1]
		e := d.Entry()
		if e.TEID == down.TEID && e.Peer == down.Peer {
			down.Flags |= e.Flags & LineLost
		} else {
			l.Word.Store(0) // another radio counts anew
		}
		if r.Alias != 0 {
			a := Entry{UE4: down.UE4, UE6: down.UE6, Aux: i + 1, Flags: LineAlias}
			s.mem.Down[r.Alias-1].Word.Store(uint64(own - 1))
			s.mem.Down[r.Alias-1].publishDownlink(&a)
		}
		d.publishDownlink(down)
		d.rated(&e, down)
	} else if was.Peer != up.Peer {
		l.Word.Store(0)
	}
	l.publishUplink(up)
	l.rated(&was, up)
}
