package n4

import (
	"math"
	"net/netip"
	"slices"
	"time"

	"cordon/wire/pfcp"
)

// measured is what a rule has reported.
type measured struct {
	urr  pfcp.URRID
	top  uint32 // the highest number of a report
	seen uint64 // bit n: the report n before it
	sum  float64
}

// slack is what is allowed to usage beyond what time and rate make possible: clocks differ, and reports wait.
const slack = 10 * time.Second

// measure drops reports that came before, checks the rest, and returns it.
func (m *ControlPlane) measure(s *session, reports []pfcp.UsageReport) []pfcp.UsageReport {
	var out []pfcp.UsageReport
	for _, r := range reports {
		if s.fresh(r) {
			m.plausible(s, r)
			out = append(out, r)
		}
	}
	return out
}

// maxMeasured is how many rules of one session are kept account of.
const maxMeasured = 64

// fresh notes a report, if it has not come before. Reports overtake each other.
func (s *session) fresh(r pfcp.UsageReport) bool {
	i := slices.IndexFunc(s.measured, func(x measured) bool { return x.urr == r.URR })
	if i < 0 {
		if len(s.measured) < maxMeasured {
			s.measured = append(s.measured, measured{urr: r.URR, top: r.Sequence, seen: 1, sum: octets(r.Usage)})
		}
		return true
	}
	x := &s.measured[i]
	if r.Sequence > x.top {
		x.seen = x.seen<<min(r.Sequence-x.top, 64) | 1
		x.top = r.Sequence
	} else if back := x.top - r.Sequence; back >= 64 || x.seen>>back&1 != 0 {
		return false
	} else {
		x.seen |= 1 << back
	}
	x.sum += octets(r.Usage)
	return true
}

func octets(u pfcp.Usage) float64 { return float64(u.UplinkBytes) + float64(u.DownlinkBytes) }

// plausible finds usage that the user plane cannot have carried: in the time that the report says, or since the session began.
func (m *ControlPlane) plausible(s *session, r pfcp.UsageReport) {
	age := (m.now.Sub(s.began) + slack).Seconds()
	of := (slack + time.Duration(r.Seconds)*time.Second).Seconds()
	if !s.existing && of > age+slack.Seconds() {
		m.lied(s, "URR %d: %d seconds of a session of %.0f", r.URR, r.Seconds, age-slack.Seconds())
		return
	}
	rate := float64(s.peer.Rate)
	if rate == 0 {
		return
	}
	if n := octets(r.Usage); r.Seconds > 0 && n > rate*of {
		m.lied(s, "URR %d: %.0f octets in %d seconds", r.URR, n, r.Seconds)
	} else if i := slices.IndexFunc(s.measured, func(x measured) bool { return x.urr == r.URR }); i >= 0 && !s.existing && s.measured[i].sum > rate*age {
		m.lied(s, "URR %d: %.0f octets in a session of %.0f seconds", r.URR, s.measured[i].sum, age-slack.Seconds())
	}
}

// total finds a session's whole usage to be less than its rules reported, or more than could be.
func (m *ControlPlane) total(s *session, u pfcp.Usage) {
	n, most := octets(u), 0.0
	if u == (pfcp.Usage{}) || s.existing {
		return
	}
	for _, x := range s.measured {
		most = math.Max(most, x.sum)
	}
	age := (m.now.Sub(s.began) + slack).Seconds()
	switch {
	case n < most:
		m.lied(s, "%.0f octets in all, %.0f by one rule", n, most)
	case s.peer.Rate > 0 && n > float64(s.peer.Rate)*age:
		m.lied(s, "%.0f octets in a session of %.0f seconds", n, age-slack.Seconds())
	}
}

func (m *ControlPlane) lied(s *session, format string, args ...any) {
	m.observe(s.peer, netip.AddrPort{}, KindFalseUsage, nil, format, args...)
}
