//go:build !linux

package transport

import (
	"context"
	"net/netip"
)

var errNoKernel = unavailable{"SCTP in the kernel is supported on Linux only"}

func listenKernel(Config) (Listener, error) { return nil, errNoKernel }

func dialKernel(context.Context, Config, netip.AddrPort, netip.AddrPort) (Conn, error) {
	return nil, errNoKernel
}
