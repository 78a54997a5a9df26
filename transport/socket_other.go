//go:build !linux

package transport

import "syscall"

// fragmentable is for systems that set "don't fragment" by default, as Linux does.
func fragmentable(_, _ string, _ syscall.RawConn) error { return nil }
