package transport

import (
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
