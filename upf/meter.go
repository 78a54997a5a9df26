package upf

import (
	"time"

	"cordon/wire/pfcp"
)

// meter polices a rate by the generic cell rate algorithm: integers, and no division for
// a packet.
type meter struct {
	cost uint64        // nanoseconds an octet takes, 24 binary places; 0: not policed
	tat  time.Duration // when what was let through so far would have been sent at the rate
}

const (
	costBits   = 24
	burstTime  = 100 * time.Millisecond
	burstBytes = 8 * 1500
)

// costOf is the cost of an octet at a rate in kbit/s, above 0.
func costOf(kbits uint64) uint64 {
	if kbits >= pfcp.Unlimited {
		return 0
	}
	return max(8e6<<costBits/kbits, 1)
}

// over reports whether a packet would be too much now. A burst of a tenth of a second or
// 12000 octets, whichever is more, is not.
func (m *meter) over(now time.Duration) bool {
	if m.cost == 0 {
		return false
	}
	return m.tat-now > max(burstTime, time.Duration(m.cost*burstBytes>>costBits))
}

// charge accounts for n octets, at most 65535.
func (m *meter) charge(now time.Duration, n int) {
	if m.cost != 0 {
		m.tat = max(m.tat, now) + time.Duration(uint64(n)*m.cost>>costBits)
	}
}
