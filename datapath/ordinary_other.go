//go:build !linux || race

package datapath

import "cordon/upf"

// ordinary is memory for sessions that this process alone uses. The race detector watches the heap only.
func (*Forwarder) ordinary(l upf.Layout) (*upf.Memory, error) { return upf.NewMemory(l), nil }
