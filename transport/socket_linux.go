package transport

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// fragmentable lets routers fragment our packets, which are small enough for every sane
// path; SCTP's own path MTU discovery is not there to shrink them.
func fragmentable(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DONT)
	})
}

// claim keeps an address and SCTP port from other programs that use it through this
// package; the kernel would let any number of raw sockets share one. The name lives in the
// network's namespace, and goes with the process.
func claim(at netip.AddrPort) (io.Closer, error) {
	l, err := net.Listen("unix", fmt.Sprintf("@cordon/sctp/%s", at))
	if err != nil {
		return nil, fmt.Errorf("SCTP port %d %w", at.Port(), errInUse)
	}
	return l, nil
}
