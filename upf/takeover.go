package upf

import (
	"time"

	"cordon/wire/pfcp"
)

// owned notes that an SMF has come for a session that an earlier process made.
func (s *Sessions) owned(i uint32) {
	if set, ok := s.adopted[i]; ok {
		s.filters.release(set)
		delete(s.adopted, i)
	}
}

// Unclaimed is how many adopted sessions no SMF has come for yet.
func (s *Sessions) Unclaimed() int { return len(s.adopted) }

// RemoveUnclaimed ends the adopted sessions that no SMF has come for, and says how many they were and what they
// had carried.
func (s *Sessions) RemoveUnclaimed(now time.Duration) (n int, carried pfcp.Usage) {
	for i := range s.adopted {
		s.shut(i)
		carried = plus(carried, s.usage(i))
		s.end(now, i)
		n++
	}
	return n, carried
}

// existing finds the session that an establishment is to take over, and begins the plan with what it keeps: its
// tunnels and its lines. One of another device, or none, is none.
func (s *Sessions) existing(p *plan, e *pfcp.Establishment) bool {
	i, ok := s.find(e.Existing)
	if !ok {
		return false
	}
	line := s.mem.Up[i].Entry()
	for k := range e.PDRs {
		d := &e.PDRs[k].PDI
		if d.UE.IsValid() && (!d.UE.Unmap().Is4() || addr4(d.UE.Unmap()) != line.UE4) || d.UE6.IsValid() && number(d.UE6.Addr()) != line.UE6 {
			return false
		}
	}
	if !s.sameBridge(i, e) {
		return false
	}
	p.slot, p.ue4, p.ue6 = i, line.UE4, line.UE6
	p.tunnels = s.tunnelsOf(i, p.tunnels[:0])
	for _, teid := range p.tunnels {
		p.came = append(p.came, uint16(s.mem.Records[teid&slotMask].PDR))
	}
	p.adopted = s.slots.state(i).shape == nil
	s.claimed(p, &s.mem.Records[i])
	return true
}
