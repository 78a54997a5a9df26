//go:build !linux

package datapath

import "time"

// clock counts from when the forwarder began.
type clock struct{ start time.Time }

func newClock() clock { return clock{time.Now()} }

func (c clock) now() time.Duration { return time.Since(c.start) }
