package upf

import (
	"math/bits"
	"slices"
	"time"

	"cordon/wire/pfcp"
)

// Sweep looks at the next n sessions that have URRs, and has report told of those that have something to
// report; what has used up a quota passes no more. It says whether it has come to the end of them: the next call begins anew.
//
// A threshold is seen by the sweep that follows, so a session may pass it by what it carries between two
// sweeps; a quota it does not pass, see exactly. Sweep needs Sessions for itself, but what it calls report with is the caller's to keep.
func (s *Sessions) Sweep(now time.Duration, n int, report func(pfcp.Report)) (end bool) {
	if s.swept >= len(s.watches) {
		s.swept = 0
	}
	last := min(s.swept+n, len(s.watches))
	for s.swept < last {
		part := s.watches[s.swept:min(s.swept+sweepStep, last)]
		for at := s.ripe(now, part); at != 0; at &= at - 1 {
			s.due(now, part[bits.TrailingZeros64(at)].slot, report)
		}
		s.swept += len(part)
	}
	return s.swept >= len(s.watches)
}

const sweepStep = 64

// ripe says, as bits, which of at most sweepStep watches have something to report. The lines lie anywhere in memory that
// is not in a cache: it reads them all before it compares any, so that the processor need not wait
// for one after the other.
func (s *Sessions) ripe(now time.Duration, part []watch) (at uint64) {
	var up, down [sweepStep]uint64
	for k := range part {
		up[k%sweepStep] = s.mem.Up[part[k].slot].Octets.Load()
	}
	for k := range part {
		if d := part[k].down; d != noLine {
			down[k%sweepStep] = s.mem.Down[d].Octets.Load()
		}
	}
	for k := range part {
		w, up, down := &part[k], up[k%sweepStep], down[k%sweepStep]
		if up >= w.up || down >= w.downs || up+down >= w.total || now >= w.at {
			at |= 1 << k
		}
	}
	return at
}

// due reports what of a session is due.
func (s *Sessions) due(now time.Duration, i uint32, report func(pfcp.Report)) {
	st := s.slots.state(i)
	spent := st.more.spent()
	var out []pfcp.UsageReport
	for k := range st.more.usage {
		u, m := &st.more.usage[k], s.measured(i, k)
		if why, ok := u.due(now, m); ok {
			out = append(out, s.report(now, i, k, m, why))
		}
	}
	if st.more.spent() != spent {
		s.republish(i)
	}
	s.exactly(now, i)
	st = s.slots.state(i)
	quiet := st.more.idle.due(now, packets(s.usage(i)))
	s.rewatch(i)
	if out != nil {
		report(pfcp.Report{CP: s.cp(i), Type: pfcp.UsageOf, Usage: out})
	}
	if quiet {
		report(pfcp.Report{CP: s.cp(i), Type: pfcp.Inactive})
	}
}

// report is one rule's, which has measured m.
func (s *Sessions) report(now time.Duration, i uint32, k int, m pfcp.Usage, why pfcp.Trigger) pfcp.UsageReport {
	if k == 0 {
		s.tell(i)
	}
	return s.slots.state(i).more.usage[k].report(now, m, why)
}

// tell keeps, for a process that finds the memory of this one, up to where what was counted has been reported.
func (s *Sessions) tell(i uint32) {
	r, u := &s.mem.Records[i], s.usage(i)
	r.ToldUpOctets, r.ToldDownOctets = u.UplinkBytes, u.DownlinkBytes
	r.ToldUpPackets, r.ToldDownPackets = uint32(u.UplinkPackets), uint32(u.DownlinkPackets)
}

// told is what tell has kept, where a session has counted u since.
func (r *Record) told(u pfcp.Usage) pfcp.Usage {
	return pfcp.Usage{UplinkBytes: r.ToldUpOctets, DownlinkBytes: r.ToldDownOctets,
		UplinkPackets:   u.UplinkPackets - uint64(uint32(u.UplinkPackets)-r.ToldUpPackets),
		DownlinkPackets: u.DownlinkPackets - uint64(uint32(u.DownlinkPackets)-r.ToldDownPackets)}
}

// republish writes a session's lines again, for a quota has changed what they do.
func (s *Sessions) republish(i uint32) {
	var is [maxEnds]endpoint
	s.outers(i, &is)
	e := s.mem.Up[i].Entry()
	s.publish(i, e.UE4, e.UE6, &is)
}

// usage is what a session has carried.
func (s *Sessions) usage(i uint32) pfcp.Usage {
	up, down := s.lines(i)
	u := pfcp.Usage{UplinkPackets: up.Packets.Load(), UplinkBytes: up.Octets.Load()}
	if down != nil {
		u.DownlinkPackets, u.DownlinkBytes = down.Packets.Load(), down.Octets.Load()
	}
	if m := s.slots.state(i).more; m != nil {
		u = plus(u, m.carried)
		for n, teid := range m.tunnels {
			if l := &s.mem.Up[teid&slotMask]; n > 0 {
				u.DownlinkPackets += l.Packets.Load()
				u.DownlinkBytes += l.Octets.Load()
			}
		}
	}
	return u
}

// raw is what a session's URR of a place sees of what has been counted.
func (s *Sessions) raw(i uint32, k int) pfcp.Usage {
	st := s.slots.state(i)
	u, bit, all := st.more.usage[k].own, uint16(1)<<k, s.usage(i)
	if st.shape.up.all&bit != 0 {
		u.UplinkPackets, u.UplinkBytes = all.UplinkPackets, all.UplinkBytes
	}
	if st.shape.down.all&bit != 0 {
		u.DownlinkPackets, u.DownlinkBytes = all.DownlinkPackets, all.DownlinkBytes
	}
	return u
}

// measured is what a session's URR of a place has measured since it was made.
func (s *Sessions) measured(i uint32, k int) pfcp.Usage {
	return plus(s.raw(i, k), s.slots.state(i).more.usage[k].offset)
}

// goOn has a session's URRs measure on from where they were before a change. What an earlier process had not
// reported is reported by the rules of whoever takes its session over.
func (s *Sessions) goOn(now time.Duration, p *plan, old *state, measured *[maxURRs]pfcp.Usage) {
	st := s.slots.state(p.slot)
	for k := range urrsOf(st) {
		u, raw, m := &st.more.usage[k], s.raw(p.slot, k), pfcp.Usage{}
		switch was := indexOf(urrsOf(old), urrOf, u.rule.ID); {
		case was >= 0:
			m = measured[was]
		case p.adopted:
			m, u.since = raw, now
			u.told = s.mem.Records[p.slot].told(raw)
			if bit := uint16(1) << k; st.shape.up.all&bit == 0 {
				u.told.UplinkPackets, u.told.UplinkBytes = 0, 0
			}
			if bit := uint16(1) << k; st.shape.down.all&bit == 0 {
				u.told.DownlinkPackets, u.told.DownlinkBytes = 0, 0
			}
		default:
			u.since = now
		}
		if u.offset = minus(m, raw); p.granted>>k&1 != 0 {
			u.begin(now, p.rules.urrs[k], p.kept[k], m)
		}
	}
	if len(urrsOf(st)) > 0 && !p.adopted && (len(urrsOf(old)) == 0 || old.more.usage[0].rule.ID != st.more.usage[0].rule.ID) {
		s.tell(p.slot)
	}
	if p.idle > 0 {
		st.more.idle.begin(now, p.idle, packets(s.usage(p.slot)))
	}
	if st.more.spent() != 0 || old.more.spent() != 0 {
		s.republish(p.slot)
	}
	s.rewatch(p.slot)
}

// asked are the reports that a modification gets: of the rules that it removes, and of all if it asks.
func (s *Sessions) asked(now time.Duration, i uint32, m *pfcp.Modification) (out []pfcp.UsageReport) {
	for k, u := range urrsOf(s.slots.state(i)) {
		switch {
		case slices.Contains(m.RemoveURRs, u.rule.ID):
			out = append(out, s.report(now, i, k, s.measured(i, k), pfcp.TriggerTermination))
		case m.Query || slices.Contains(m.QueryURRs, u.rule.ID):
			out = append(out, s.report(now, i, k, s.measured(i, k), pfcp.TriggerImmediate))
		}
	}
	return out
}

// final are the last reports of a session that ends.
func (s *Sessions) final(now time.Duration, i uint32) (out []pfcp.UsageReport) {
	for k := range urrsOf(s.slots.state(i)) {
		out = append(out, s.report(now, i, k, s.measured(i, k), pfcp.TriggerTermination))
	}
	return out
}

// rewatch sees anew when a session's URRs may have something to report.
func (s *Sessions) rewatch(i uint32) {
	st := s.slots.state(i)
	if len(urrsOf(st)) == 0 && (st.more == nil || st.more.idle.after == 0) {
		s.unwatch(i)
		return
	}
	if st.more.watch == 0 {
		s.watches = append(s.watches, watch{})
		st.more.watch = len(s.watches)
	}
	w := &s.watches[st.more.watch-1]
	*w = watch{slot: i, down: s.mem.Records[i].Down - 1, up: ^uint64(0), downs: ^uint64(0), total: ^uint64(0), at: st.more.idle.at()}
	for k := range st.more.usage {
		bit := uint16(1) << k
		if partial := (st.shape.up.some&^st.shape.up.all | st.shape.down.some&^st.shape.down.all) & bit; partial != 0 || len(st.more.tunnels) > 1 {
			w.at = 0 // the lines do not say
		}
		u := &st.more.usage[k]
		if u.allow(s.measured(i, k)); !st.shape.fast && !u.spent && u.rule.VolumeQuota != (pfcp.Volume{}) {
			w.at = 0 // a packet that was refused after all has been counted against it
		}
		w.tighten(u, st.shape.up.all&bit != 0, st.shape.down.all&bit != 0, st.shape)
	}
}

// unwatch has Sweep look at a session no more. The last of the watches gets its place.
func (s *Sessions) unwatch(i uint32) {
	m := s.slots.state(i).more
	if m == nil || m.watch == 0 {
		return
	}
	last := len(s.watches)
	if w := s.watches[last-1]; m.watch != last {
		s.watches[m.watch-1] = w
		s.slots.state(w.slot).more.watch = m.watch
	}
	s.watches = s.watches[:last-1]
	m.watch = 0
}
