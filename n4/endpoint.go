package n4

import "time"

type endpoint struct{}

// Next is when the end wants to be stepped again, if nothing comes before; ok is false where it waits for nothing.
func (e *endpoint) Next() (when time.Time, ok bool) { return }
