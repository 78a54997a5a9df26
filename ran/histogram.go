package ran

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets of about 3 %, in fixed memory. Its zero value is
// empty.
type histogram struct {
	counts [44 << 5]uint32
	n      uint64
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucketOf(uint64(max(d, 0)))]++
	h.n++
}

// merge adds another's counts.
func (h *histogram) merge(o *histogram) {
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.n += o.n
}

// quantile is the duration that a share q of what was added does not exceed, 0 when empty.
func (h *histogram) quantile(q float64) time.Duration {
	want := uint64(q*float64(h.n) + 0.5)
	var seen uint64
	for i, c := range h.counts {
		seen += uint64(c)
		if c > 0 && seen >= max(want, 1) {
			return time.Duration(bucketTop(i))
		}
	}
	return 0
}

// bucketOf keeps the five bits after the highest one.
func bucketOf(v uint64) int {
	if v < 32 {
		return int(v)
	}
	shift := bits.Len64(v) - 6
	return min((shift+1)<<5|int(v>>shift&31), 44<<5-1)
}

// bucketTop is the largest value in bucket i.
func bucketTop(i int) uint64 {
	if i < 32 {
		return uint64(i)
	}
	shift := i>>5 - 1
	return (uint64(32+i&31)+1)<<shift - 1
}
