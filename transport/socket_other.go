//go:build !linux

package transport

import (
	"io"
	"net/netip"
	"syscall"
)

// fragmentable is for systems that set "don't fragment" by default, as Linux does.
func fragmentable(_, _ string, _ syscall.RawConn) error { return nil }

// claim keeps a port from others where the system has a way to.
func claim(netip.AddrPort) (io.Closer, error) { return io.NopCloser(nil), nil }
