package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
)

// Adoption is what Adopt made of the memory that it found.
type Adoption struct {
	Sessions int // they forward as they did, and wait for their SMF
	Waiting  int // others that pass nothing until their SMF is back: those whose rules two lines do not hold
	Removed  [Misfits]int
}

// Misfit is why a session, or a line of one, was not adopted.
type Misfit uint8

const (
	MisfitRecord  Misfit = iota // its record and its line do not agree, as when the earlier process ended half-way
	MisfitAddress               // its device's address is in no pool now, or another session's
	MisfitPeer                  // it leads where nothing may lead now, or nowhere
	MisfitRules                 // its rule set is not there
	MisfitLine                  // a line of no session
	misfits
)

// Misfits is how many there are.
const Misfits = int(misfits)

func (m Misfit) String() string {
	switch m {
	case MisfitRecord:
		return "record and line differ"
	case MisfitAddress:
		return "address not in a pool"
	case MisfitPeer:
		return "no endpoint to lead to"
	case MisfitRules:
		return "rule set missing"
	case MisfitLine:
		return "line of no session"
	}
	return "unknown misfit"
}

// Adopt takes over the sessions that it finds in the memory that New was given, of an earlier process and the
// same layout; it is called at once after New. A session that two lines describe is forwarded on without a packet lost. Any other
// keeps its tunnels, its addresses and its counts, and passes nothing until its SMF establishes it again:
// its rules are the SMF's to say. Modify knows neither before that.
//
// What does not fit, with itself or with the configuration, is removed.
func (s *Sessions) Adopt(now time.Duration) Adoption {
	var a Adoption
	s.peers.adopt()
	further := s.found()
	for i := range s.mem.Records {
		slot := uint32(i)
		if s.mem.Records[i].SEID == 0 {
			continue
		}
		m, ok := s.adopt(slot, further[slot])
		switch {
		case !ok:
			s.discard(slot)
			a.Removed[m]++
			continue
		case s.slots.state(slot).more != nil:
			a.Waiting++
		default:
			a.Sessions++
		}
		for _, l := range [2]*Line{&s.mem.Up[i], &s.mem.Down[max(s.mem.Records[i].Down, 1)-1]} {
			l.settle(now)
		}
	}
	a.Removed[MisfitLine] += s.sweepLines()
	s.slots.recount(now, s.mem.Up)
	s.peers.sweep()
	s.nat.sweep(s.mem.NAT)
	s.filters.sweep()
	return a
}

// found takes all slots into use up to the last that somebody had, and gives the further tunnels of each session.
func (s *Sessions) found() map[uint32][]uint32 {
	further, last := map[uint32][]uint32{}, -1
	for i := range s.mem.Records {
		r := &s.mem.Records[i]
		if r.TEID != 0 {
			last = i
		}
		if r.SEID == 0 && r.Owner != 0 && r.TEID != 0 && r.TEID&slotMask == uint32(i) && uint32(s.mem.Up[i].Tunnel.Load()) == r.TEID {
			further[r.Owner-1] = append(further[r.Owner-1], r.TEID)
		}
	}
	for s.slots.size() <= last && s.slots.grow() {
	}
	s.adopted = map[uint32]uint8{}
	return further
}

// adopt takes over one session.
func (s *Sessions) adopt(i uint32, further []uint32) (Misfit, bool) {
	r, up := &s.mem.Records[i], s.mem.Up[i].Entry()
	if ident.SEID(r.SEID)&slotMask != ident.SEID(i) || r.CP == 0 || r.Owner != 0 || up.TEID == 0 || up.TEID != r.TEID || up.TEID&slotMask != i ||
		up.UE4 == 0 && up.UE6 == 0 && s.bridgeOf(r.Down) == nil || len(further) >= maxPDRs {
		return MisfitRecord, false
	}
	if !s.fits(i, r, &up) {
		return MisfitAddress, false
	}
	if !s.adoptBlock(r.Down, &up) {
		return MisfitAddress, false
	}
	if r.Alias != 0 {
		s.mem.Down[r.Alias-1].Word.Store(uint64(r.Down - 1))
	}
	if up.Flags&LineSlow != 0 || r.Down == 0 || s.mem.Down[r.Down-1].Entry().Flags&LineSlow != 0 {
		s.adoptSlow(i, r, &up, further)
	} else if m, ok := s.adoptFast(i, r, &up); !ok {
		if up.Aux != 0 {
			s.nat.give(up.Aux-1, s.mem.NAT)
		}
		return m, false
	}
	s.mem.Up[i].publishUplink(&up)
	s.adopted[i] = up.Rules
	s.live++
	return 0, true
}

// discard clears what of a session's own lines says that it is its own.
func (s *Sessions) discard(i uint32) {
	r := &s.mem.Records[i]
	r.SEID = 0
	for _, d := range [2]uint32{r.Down, r.Alias} {
		if d != 0 && int(d) <= len(s.mem.Down) && uint32(s.mem.Down[d-1].Device.Load()>>32) == i+1 {
			s.mem.Down[d-1].clear()
		}
	}
	s.mem.Up[i].clear()
	*r = Record{TEID: r.TEID}
}

// adoptFast sees that a session's two lines agree, and lead to a place.
func (s *Sessions) adoptFast(i uint32, r *Record, up *Entry) (Misfit, bool) {
	down := s.mem.Down[r.Down-1].Entry()
	if down.Rules != up.Rules || up.Rules == RulesNone || up.Rules != RulesAny && !s.filters.sets[up.Rules].whole() {
		return MisfitRules, false
	}
	if !s.adoptEndpoint(i, &down) {
		return MisfitPeer, false
	}
	up.Peer = down.Peer
	if up.Rules != RulesAny {
		s.filters.refs[up.Rules]++
	}
	return 0, true
}

// adoptBlock takes over the public ports of a session, which it has if its device's address has to be hidden. A port
// that leads elsewhere than to its line is free.
func (s *Sessions) adoptBlock(line uint32, up *Entry) bool {
	pool := s.poolAt(4, uint64(up.UE4))
	hidden := up.UE4 != 0 && pool != nil && pool.Flags&PoolNAT != 0
	if up.Aux == 0 || !hidden {
		return hidden == (up.Aux != 0)
	}
	if !s.nat.adopt(up.Aux - 1) {
		return false
	}
	for k := range s.nat.size {
		if e := &s.mem.NAT[up.Aux-1+k]; uint32(e.Owner.Load()) != line {
			e.Owner.Store(0)
		}
	}
	return true
}

// adopt takes a block that a session has, unless it is none of the blocks that there are now or another session
// has it.
func (n *nat) adopt(first uint32) bool {
	b := first>>16*n.each + first&0xffff/n.size - n.least()
	if first&0xffff%n.size != 0 || first&0xffff/n.size < n.least() || int(b) >= len(n.taken) || n.taken[b] {
		return false
	}
	n.taken[b] = true
	n.free--
	return true
}

// sweep frees the ports of the blocks that nobody has.
func (n *nat) sweep(entries []NATEntry) {
	for b, taken := range n.taken {
		if !taken {
			n.taken[b] = true
			n.free--
			n.give(uint32(b)/n.each<<16|(n.least()+uint32(b)%n.each)*n.size, entries)
		}
	}
}

// fits sees that a session's downlink lines are those of its addresses, and its own.
func (s *Sessions) fits(i uint32, r *Record, up *Entry) bool {
	for _, d := range [2]uint32{r.Down, r.Alias} {
		if d == 0 {
			continue
		}
		if int(d) > len(s.mem.Down) {
			return false
		}
		e := s.mem.Down[d-1].Entry()
		if s.bridgeOf(d) != nil && r.Alias == 0 && up.UE4 == 0 && up.UE6 == 0 && e.Aux == i+1 {
			continue
		}
		at4, ok4 := s.lineOf(4, uint64(up.UE4))
		at6, ok6 := s.lineOf(6, up.UE6)
		if e.Aux != i+1 || (d == r.Alias) != (e.Flags&LineAlias != 0) || !(ok4 && at4 == d-1 && e.UE4 == up.UE4 || ok6 && at6 == d-1 && e.UE6 == up.UE6) {
			return false
		}
	}
	return r.Down != 0 && r.Down != r.Alias || r.Alias == 0
}

// lineOf is the downlink line that an address has.
func (s *Sessions) lineOf(family uint32, v uint64) (uint32, bool) {
	pool := s.poolAt(family, v)
	if v == 0 || pool == nil || !pool.usable(v) {
		return 0, false
	}
	return pool.index(v)
}

// adoptEndpoint sees that downlink leads where it may, or nowhere yet, and counts its session there.
func (s *Sessions) adoptEndpoint(i uint32, down *Entry) bool {
	if down.Peer == 0 {
		return down.TEID == 0
	}
	e := endpoint{down.Peer, down.TEID}
	if down.TEID == 0 || int(down.Peer) >= len(s.peers.list) || !s.peers.list[down.Peer].addr.IsValid() || !s.mayLead(s.peers.list[down.Peer].addr) {
		return false
	}
	s.peers.list[down.Peer].refs++
	s.ends.add(i, e, true)
	return true
}

// mayLead says whether downlink may go to a.
func (s *Sessions) mayLead(a netip.Addr) bool { return s.allowedEndpoint(a) || s.allowedAnchor(a) }

// adoptSlow keeps what is a session's own of one whose rules are not known any more: nothing leads anywhere.
func (s *Sessions) adoptSlow(i uint32, r *Record, up *Entry, further []uint32) {
	m := &more{tunnels: append([]uint32{up.TEID}, further...)}
	for _, teid := range further {
		e := s.mem.Up[teid&slotMask].Entry()
		e.Peer, e.Aux, e.Flags = 0, 0, e.Flags|LineSlow
		s.mem.Up[teid&slotMask].publishUplink(&e)
	}
	up.Peer, up.Flags, up.Rules = 0, up.Flags|LineSlow, RulesAny
	if r.Down != 0 {
		e := s.mem.Down[r.Down-1].Entry()
		e.Peer, e.TEID, e.Flags = 0, 0, LineSlow
		s.mem.Down[r.Down-1].publishDownlink(&e)
	}
	s.slots.know(i, nil, m)
}

// sweepLines clears what no session has that was adopted.
func (s *Sessions) sweepLines() (n int) {
	for i := range s.mem.Up {
		l, r := &s.mem.Up[i], &s.mem.Records[i]
		owner := s.slots.owner(uint32(i))
		kept := s.mem.Records[owner].SEID != 0
		if kept && owner != uint32(i) {
			m := s.slots.state(owner).more
			kept = m != nil && uint32(l.Tunnel.Load()) == r.TEID && r.TEID != 0
		}
		if kept {
			continue
		}
		if l.Tunnel.Load() != 0 {
			n++
		}
		l.clear()
		*r = Record{TEID: r.TEID}
	}
	for i := range s.mem.Down {
		l := &s.mem.Down[i]
		owner := uint32(l.Device.Load() >> 32)
		if owner == 0 {
			continue
		}
		if int(owner) > len(s.mem.Records) || s.mem.Records[owner-1].Down != uint32(i)+1 && s.mem.Records[owner-1].Alias != uint32(i)+1 {
			n++
			l.clear()
		}
	}
	return n
}

// recount gives out anew the slots that are free; those that were in use rest first.
func (s *slots) recount(now time.Duration, up []Line) {
	s.free, s.resting, s.live = s.free[:0], nil, 0
	for i := range uint32(s.size()) {
		switch r := &s.records[i]; {
		case int(i) >= len(s.records):
		case uint32(up[i].Tunnel.Load()) != 0:
			s.live++
		case r.TEID != 0:
			s.resting = append(s.resting, rest(now, i))
		default:
			s.free = append(s.free, i)
		}
	}
}
