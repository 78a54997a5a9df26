package upf

import (
	"math/bits"
	"time"

	"cordon/wire/pfcp"
)

// A line polices a rate by the generic cell rate algorithm: integers, and no division for a
// packet. TAT is when what was let through so far would have been sent at the rate.
const (
	burstTime  = 100 * time.Millisecond
	burstBytes = 8 * 1500

	mostShift = 40 // so that the fastest rate has a cost of a million
)

// costOf is what an octet costs at a rate in kbit/s, above 0: cost >> shift nanoseconds, to 31 bits
// or so; a cost of 0 is not policed.
func costOf(kbits uint64) (cost uint32, shift uint8) {
	if kbits >= pfcp.Unlimited {
		return 0, 0
	}
	shift = mostShift
	for {
		if v := 8e6 << shift / kbits; bits.Len64(v) <= 32 {
			return uint32(max(v, 1)), shift
		}
		shift--
	}
}

// rated begins a line's rate anew where it is another one: what was owed at a slow rate may take a fast one's minutes.
func (l *Line) rated(was, is *Entry) {
	if was.Cost != is.Cost || was.Shift != is.Shift {
		l.TAT.Store(0)
	}
}

// settle begins a line's rate anew where it is further ahead than packets can have put it, and would let none pass
// for as long.
func (l *Line) settle(now time.Duration) {
	t := treatment(l.Treatment.Load())
	most := max(burstTime, time.Duration(t.cost()*burstBytes>>t.shift())) + time.Duration(t.cost()*maxInner>>t.shift())
	if time.Duration(l.TAT.Load())-now > most {
		l.TAT.Store(0)
	}
}

// over reports whether a packet would be too much now. A burst of a tenth of a second or
// 12000 octets, whichever is more, is not.
func (l *Line) over(t treatment, now time.Duration) bool {
	if t.cost() == 0 {
		return false
	}
	ahead := time.Duration(l.TAT.Load()) - now
	return ahead > burstTime && ahead > time.Duration(t.cost()*burstBytes>>t.shift())
}

// charge accounts for a packet of n octets, at most 65535, that is forwarded: TAT catches up with now, if
// nobody else has it do so, and goes on by what they cost.
func (l *Line) charge(t treatment, now time.Duration, n int, shared bool) {
	if t.cost() != 0 {
		if tat := l.TAT.Load(); time.Duration(tat) < now {
			l.TAT.raise(tat, uint64(now), shared)
		}
		l.TAT.add(uint64(n)*t.cost()>>t.shift(), shared)
	}
	l.Octets.add(uint64(n), shared)
	l.Packets.add(1, shared)
}
