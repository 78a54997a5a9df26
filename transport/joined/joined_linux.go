package joined

import (
	"encoding/binary"
	"net"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Reads lets the kernel hand over runs at once, where it can.
func Reads(conn *net.UDPConn) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_GRO, 1) })
	}
}

// Writes reports whether the kernel takes a run in one message.
func Writes(conn *net.UDPConn) (ok bool) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_SEGMENT)
			ok = err == nil
		})
	}
	return ok
}

// Size is the size of the datagrams in a read of n octets, by the control messages that came with it: n where it is
// one datagram.
func Size(control []byte, n int) int {
	for len(control) >= unix.SizeofCmsghdr {
		h := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
		size := int(h.Len)
		if size < unix.SizeofCmsghdr || size > len(control) {
			break
		}
		if h.Level == unix.IPPROTO_UDP && h.Type == unix.UDP_GRO && size >= unix.CmsgLen(4) {
			if k := int(int32(binary.NativeEndian.Uint32(control[unix.CmsgLen(0):]))); k > 0 {
				return k
			}
		}
		control = control[min(unix.CmsgSpace(size-unix.CmsgLen(0)), len(control)):]
	}
	return n
}

// AppendSize writes the control message that says how large each datagram of a message is.
func AppendSize(b []byte, size int) []byte {
	b, data := appendControl(b, unix.IPPROTO_UDP, unix.UDP_SEGMENT, 2)
	binary.NativeEndian.PutUint16(data, uint16(size))
	return b
}

// AppendDSCP writes the control message that marks a message to an IPv4 or IPv6 address with a DSCP of 0 to 63.
func AppendDSCP(b []byte, v4 bool, dscp uint8) []byte {
	level, kind := int32(unix.IPPROTO_IPV6), int32(unix.IPV6_TCLASS)
	if v4 {
		level, kind = unix.IPPROTO_IP, unix.IP_TOS
	}
	b, data := appendControl(b, level, kind, 4)
	binary.NativeEndian.PutUint32(data, uint32(dscp)<<2)
	return b
}

// appendControl writes a control message with room for n octets of data.
func appendControl(b []byte, level, kind int32, n int) (after, data []byte) {
	at := len(b)
	b = append(b, make([]byte, unix.CmsgSpace(n))...)
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[at]))
	h.Level, h.Type = level, kind
	h.SetLen(unix.CmsgLen(n))
	return b, b[at+unix.CmsgLen(0):][:n]
}
