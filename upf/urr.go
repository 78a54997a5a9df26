package upf

import (
	"time"

	"cordon/wire/pfcp"
)

// usageRule is a URR with what it has measured. What its session's lines count, or its own packets where
// it does not see the whole of a direction, plus offset, is what it has measured since it was made: that
// only grows, whatever changes about the session.
type usageRule struct {
	rule    pfcp.URR
	own     pfcp.Usage // of packets that a part of a direction brought
	offset  pfcp.Usage
	told    pfcp.Usage // measured up to the last report
	granted pfcp.Usage // measured when the quota was given
	since   time.Duration
	given   time.Duration
	period  time.Duration // of the next report by Period
	seq     uint32
	spent   bool    // the quota is used up
	left    [3]Cell // octets of the quota, in all, up and down: see allow
}

// watch is what Sweep needs of a session to see that nothing is to be reported: what its lines may count, in octets, and
// until when.
type watch struct {
	slot  uint32
	down  uint32 // index of the downlink line, noLine if none
	up    uint64
	downs uint64
	total uint64
	at    time.Duration
}

const never = 1<<63 - 1

// mostVolume bounds a limit, so that what is measured and a limit never overflow.
const mostVolume = 1 << 62

func plus(a, b pfcp.Usage) pfcp.Usage {
	return pfcp.Usage{UplinkPackets: a.UplinkPackets + b.UplinkPackets, UplinkBytes: a.UplinkBytes + b.UplinkBytes,
		DownlinkPackets: a.DownlinkPackets + b.DownlinkPackets, DownlinkBytes: a.DownlinkBytes + b.DownlinkBytes}
}

func minus(a, b pfcp.Usage) pfcp.Usage {
	return pfcp.Usage{UplinkPackets: a.UplinkPackets - b.UplinkPackets, UplinkBytes: a.UplinkBytes - b.UplinkBytes,
		DownlinkPackets: a.DownlinkPackets - b.DownlinkPackets, DownlinkBytes: a.DownlinkBytes - b.DownlinkBytes}
}

// begin starts a rule that has measured m, or gives it what an update brings that keeps some of it.
func (u *usageRule) begin(now time.Duration, rule pfcp.URR, keep pfcp.Keep, m pfcp.Usage) {
	u.rule = rule
	if keep&pfcp.KeepVolumeQuota == 0 {
		u.granted, u.spent = m, false
	}
	if keep&pfcp.KeepTimeQuota == 0 {
		u.given, u.spent = now, false
	}
	if keep&pfcp.KeepPeriod != 0 {
		return
	}
	if u.period = never; rule.Period > 0 {
		u.period = now + seconds(rule.Period)
	}
}

// spent are the URRs whose quota is used up, as bits.
func (m *more) spent() (bits uint16) {
	if m == nil {
		return 0
	}
	for k := range m.usage {
		if m.usage[k].spent {
			bits |= 1 << k
		}
	}
	return bits
}

func seconds(n uint32) time.Duration { return time.Duration(n) * time.Second }

// exceeds reports whether a usage has reached a limit that is set.
func exceeds(m pfcp.Usage, v pfcp.Volume) bool {
	return v.Total > 0 && m.UplinkBytes+m.DownlinkBytes >= v.Total || v.Uplink > 0 && m.UplinkBytes >= v.Uplink || v.Downlink > 0 && m.DownlinkBytes >= v.Downlink
}

// due says whether a rule that has measured m is to report, and why. A quota goes before a threshold.
func (u *usageRule) due(now time.Duration, m pfcp.Usage) (pfcp.Trigger, bool) {
	r := &u.rule
	switch since := minus(m, u.told); {
	case !u.spent && exceeds(minus(m, u.granted), r.VolumeQuota):
		u.spent = true
		return pfcp.TriggerVolumeQuota, true
	case !u.spent && r.TimeQuota > 0 && now >= u.given+seconds(r.TimeQuota):
		u.spent = true
		return pfcp.TriggerTimeQuota, true
	case exceeds(since, r.VolumeThreshold):
		return pfcp.TriggerVolumeThreshold, true
	case r.TimeThreshold > 0 && now >= u.since+seconds(r.TimeThreshold):
		return pfcp.TriggerTimeThreshold, true
	case now >= u.period:
		for u.period <= now {
			u.period += seconds(r.Period) * max(1, (now-u.period)/seconds(r.Period))
		}
		return pfcp.TriggerPeriod, true
	}
	return 0, false
}

// report says what has been measured since the last report, and begins anew. Seconds are whole; what is left of one
// counts for the next.
func (u *usageRule) report(now time.Duration, m pfcp.Usage, why pfcp.Trigger) pfcp.UsageReport {
	r := pfcp.UsageReport{URR: u.rule.ID, Sequence: u.seq, Trigger: why, Usage: minus(m, u.told), Seconds: uint32((now - u.since) / time.Second)}
	u.seq++
	u.told = m
	u.since += seconds(r.Seconds)
	return r
}

// lower makes a limit on what is counted the least of itself and of what a rule asks: told and offset are
// what of the measured was reported, and what of it is not in the count.
func lower(limit *uint64, volume, told, offset uint64) {
	if volume > 0 {
		*limit = min(*limit, min(volume, mostVolume)+told-offset)
	}
}

// tighten takes a rule into a watch; up and down say which of the lines it measures.
func (w *watch) tighten(u *usageRule, up, down bool, h *shape) {
	earlyUp, earlyDown := h.reach()
	w.at = min(w.at, u.period)
	if u.rule.TimeThreshold > 0 {
		w.at = min(w.at, u.since+seconds(u.rule.TimeThreshold))
	}
	if u.rule.TimeQuota > 0 && !u.spent {
		at := u.given + seconds(u.rule.TimeQuota)
		if h.fast {
			at -= soon
		}
		w.at = min(w.at, at)
	}
	w.volume(u.rule.VolumeThreshold, u.told, u.offset, up, down)
	if !u.spent {
		w.volume(before(u.rule.VolumeQuota, earlyUp, earlyDown), u.granted, u.offset, up, down)
	}
}

func (w *watch) volume(v pfcp.Volume, told, offset pfcp.Usage, up, down bool) {
	if up {
		lower(&w.up, v.Uplink, told.UplinkBytes, offset.UplinkBytes)
	}
	if down {
		lower(&w.downs, v.Downlink, told.DownlinkBytes, offset.DownlinkBytes)
	}
	switch {
	case up && down:
		lower(&w.total, v.Total, told.UplinkBytes+told.DownlinkBytes, offset.UplinkBytes+offset.DownlinkBytes)
	case up:
		lower(&w.up, v.Total, told.UplinkBytes, offset.UplinkBytes)
	case down:
		lower(&w.downs, v.Total, told.DownlinkBytes, offset.DownlinkBytes)
	}
}
