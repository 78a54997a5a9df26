package upf

import (
	"time"

	"cordon/wire/pfcp"
)

// idle watches for a session that no packet has passed for so long (TS 29.244 §5.11.3). Nothing says when the last one
// did, so the count is looked at: never too soon, and late by an eighth of the time or a second.
type idle struct {
	after   uint32 // seconds; 0: nobody wants to know
	told    bool   // and nothing has passed since
	packets uint64 // passed when that was last looked at
	since   time.Duration
	next    time.Duration
}

// begin has a session of which so many packets have passed watched.
func (q *idle) begin(now time.Duration, after uint32, packets uint64) {
	*q = idle{after: after, packets: packets, since: now}
	q.next = now + q.step()
}

func (q *idle) step() time.Duration { return max(seconds(q.after)/8, time.Second) }

// at is when the session is to be looked at.
func (q *idle) at() time.Duration {
	if q.after == 0 {
		return never
	}
	return q.next
}

// due says whether it is to be reported that nothing passes.
func (q *idle) due(now time.Duration, packets uint64) bool {
	if q.after == 0 || now < q.next {
		return false
	}
	q.next = now + q.step()
	if packets != q.packets {
		q.packets, q.since, q.told = packets, now, false
		return false
	}
	if q.told || now < q.since+seconds(q.after) {
		return false
	}
	q.told = true
	return true
}

func packets(u pfcp.Usage) uint64 { return u.UplinkPackets + u.DownlinkPackets }
