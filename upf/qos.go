package upf

import (
	"time"

	"cordon/wire/pfcp"
)

// meter holds the flows of one QER to its rates, MBR and GBR.
type meter struct{ up, down, upGBR, downGBR bucket }

// bucket polices a rate as a line does.
type bucket struct {
	cost  uint32 // cost >> shift nanoseconds an octet; 0: not policed
	shift uint8
	none  bool // nothing passes
	tat   time.Duration
}

func newMeter(q *pfcp.QER) meter {
	return meter{newBucket(q.UplinkMBR), newBucket(q.DownlinkMBR), newBucket(q.UplinkGBR), newBucket(q.DownlinkGBR)}
}

func newBucket(kbits uint64) bucket {
	cost, shift := costOf(max(kbits, 1))
	return bucket{cost: cost, shift: shift, none: kbits == 0}
}

// goOn has a meter go on from where another was.
func (m *meter) goOn(was *meter) {
	m.up.goOn(&was.up)
	m.down.goOn(&was.down)
	m.upGBR.goOn(&was.upGBR)
	m.downGBR.goOn(&was.downGBR)
}

// goOn is as rated of a line.
func (b *bucket) goOn(was *bucket) {
	if b.cost == was.cost && b.shift == was.shift {
		b.tat = was.tat
	}
}

func (b *bucket) over(now time.Duration) bool {
	if b.cost == 0 {
		return false
	}
	ahead := b.tat - now
	return ahead > burstTime && ahead > time.Duration(uint64(b.cost)*burstBytes>>b.shift)
}

func (b *bucket) charge(now time.Duration, n int) {
	if b.cost != 0 {
		b.tat = max(b.tat, now) + time.Duration(uint64(n)*uint64(b.cost)>>b.shift)
	}
}

// of is the direction's two buckets.
func (m *meter) of(up bool) (mbr, gbr *bucket) {
	if up {
		return &m.up, &m.upGBR
	}
	return &m.down, &m.downGBR
}

// admit says whether a packet of n octets that meets a rule keeps to the rule's QERs and URRs, and charges it if
// it does. What is within a flow's GBR is no concern of the session's rate.
func (st *state) admit(now time.Duration, d *detect, n int) Reason {
	guaranteed := false
	for k := range st.more.meters {
		q := &st.shape.rules.qers[k]
		if d.qers>>k&1 == 0 {
			continue
		}
		mbr, gbr := st.more.meters[k].of(d.up)
		if mbr.none || d.up && q.CloseUL || !d.up && q.CloseDL {
			return ReasonGate
		}
		if q.QFI == 0 {
			continue
		}
		if mbr.over(now) {
			return ReasonRate
		}
		guaranteed = guaranteed || !gbr.none && !gbr.over(now)
	}
	if st.more.spent()&d.urrs != 0 || st.more.exhausted(now, d) {
		return ReasonGate
	}
	for k := range st.more.meters {
		if mbr, _ := st.more.meters[k].of(d.up); d.qers>>k&1 != 0 && st.shape.rules.qers[k].QFI == 0 && !guaranteed && mbr.over(now) {
			return ReasonRate
		}
	}
	st.charge(now, d, n, guaranteed)
	return ReasonNone
}

func (st *state) charge(now time.Duration, d *detect, n int, guaranteed bool) {
	for k := range st.more.meters {
		if d.qers>>k&1 == 0 {
			continue
		}
		mbr, gbr := st.more.meters[k].of(d.up)
		switch flow := st.shape.rules.qers[k].QFI != 0; {
		case flow && guaranteed && !gbr.none:
			gbr.charge(now, n)
			mbr.charge(now, n)
		case flow || !guaranteed:
			mbr.charge(now, n)
		}
	}
	for k := range st.more.usage {
		if d.urrs>>k&1 == 0 {
			continue
		}
		st.more.usage[k].use(d.up, n)
		if u := &st.more.usage[k].own; d.up {
			u.UplinkPackets++
			u.UplinkBytes += uint64(n)
		} else {
			u.DownlinkPackets++
			u.DownlinkBytes += uint64(n)
		}
	}
}
