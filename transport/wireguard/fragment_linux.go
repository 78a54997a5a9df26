package wireguard

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// fragmentable lets our packets be fragmented on their way, and keeps the kernel from believing whoever says that a
// path has become narrower: such words are not authenticated.
func fragmentable(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DONT)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_DONT)
	})
}
