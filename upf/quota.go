package upf

import (
	"math"
	"time"

	"cordon/wire/pfcp"
)

// Two lines know no quota. A session that they describe goes by them until it could reach a quota of its rules before Sweep has looked twice
// more; from then on its packets are counted here, one by one, so that no more passes than the quota and a packet of each
// direction, the one that reaches it.
const (
	// soon is what is taken for two sweeps, and the time before the end of a time quota at which packets begin to be looked at.
	soon = time.Second
	// mostRate is in kbit/s what a session without a rate is taken to carry at most.
	mostRate = 10_000_000
)

// reach is what a session that goes by its lines can carry soon, in octets; 0 of one that does not.
func (h *shape) reach() (up, down uint64) {
	if !h.fast {
		return 0, 0
	}
	octets := func(k int) uint64 {
		kbits, _ := h.rates(&h.detects[k])
		return min(kbits, mostRate)*125*11/10 + burstBytes // in a second, and a burst
	}
	u, d := h.pair()
	return octets(u), octets(d)
}

// before is a limit that is reached so many octets early; one that is set stays so.
func before(v pfcp.Volume, up, down uint64) pfcp.Volume {
	early := func(limit, by uint64) uint64 {
		if limit == 0 {
			return 0
		}
		return max(limit, by+1) - by
	}
	return pfcp.Volume{Total: early(v.Total, up+down), Uplink: early(v.Uplink, up), Downlink: early(v.Downlink, down)}
}

// exactly has the packets of a session whose quota may soon be reached counted one by one. A change of its rules has them go by
// the lines again, where there is a new quota.
func (s *Sessions) exactly(now time.Duration, i uint32) {
	st := s.slots.state(i)
	if st.shape == nil || !st.shape.fast || !s.nears(now, i, st) {
		return
	}
	p := &s.plan
	p.reset()
	s.load(p, i)
	if p.exact = true; s.resolve(p) == nil {
		s.commit(now, p, s.cp(i))
	}
}

// nears reports whether a quota of a session may soon be reached.
func (s *Sessions) nears(now time.Duration, i uint32, st *state) bool {
	up, down := st.shape.reach()
	for k := range urrsOf(st) {
		u := &st.more.usage[k]
		r, used := &u.rule, minus(s.measured(i, k), u.granted)
		used.UplinkBytes, used.DownlinkBytes = used.UplinkBytes+up, used.DownlinkBytes+down
		if !u.spent && (exceeds(used, r.VolumeQuota) || r.TimeQuota > 0 && now >= u.given+seconds(r.TimeQuota)-soon) {
			return true
		}
	}
	return false
}

// allow says what is left of a quota to a rule that has measured m.
func (u *usageRule) allow(m pfcp.Usage) {
	used, q := minus(m, u.granted), &u.rule.VolumeQuota
	for k, of := range [...]struct{ quota, used uint64 }{
		{q.Total, used.UplinkBytes + used.DownlinkBytes}, {q.Uplink, used.UplinkBytes}, {q.Downlink, used.DownlinkBytes},
	} {
		left := uint64(math.MaxInt64)
		if of.quota > 0 {
			left = min(of.quota, mostVolume) - min(of.used, min(of.quota, mostVolume))
		}
		u.left[k].Store(left)
	}
}

// use takes a packet's octets from what is left. Both directions may do so at once.
func (u *usageRule) use(up bool, n int) {
	u.left[0].add(-uint64(n), true)
	u.left[direction(up)].add(-uint64(n), true)
}

func direction(up bool) int {
	if up {
		return 1
	}
	return 2
}

// exhausted reports whether a quota of a rule's URRs is used up. The next sweep says so, and why.
func (m *more) exhausted(now time.Duration, d *detect) bool {
	for k := range m.usage {
		u := &m.usage[k]
		if d.urrs>>k&1 != 0 && (int64(u.left[0].Load()) <= 0 || int64(u.left[direction(d.up)].Load()) <= 0 ||
			u.rule.TimeQuota > 0 && !u.spent && now >= u.given+seconds(u.rule.TimeQuota)) {
			return true
		}
	}
	return false
}
