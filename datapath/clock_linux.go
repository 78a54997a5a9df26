package datapath

import (
	"time"

	"golang.org/x/sys/unix"
)

// clock is CLOCK_MONOTONIC, by which the kernel's forwarder and every process count.
type clock struct {
	start time.Time
	base  time.Duration
}

func newClock() clock {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) // which cannot fail: the clock is there and so is ts
	return clock{time.Now(), time.Duration(ts.Nano())}
}

// now is the time since the clock's own beginning.
func (c clock) now() time.Duration { return c.base + time.Since(c.start) }
