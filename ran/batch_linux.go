package ran

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// joinReads lets the kernel hand over runs of datagrams of one flow at once, where it can.
func joinReads(conn *net.UDPConn) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_GRO, 1) })
	}
}

// segmentSize is the size of the datagrams that a read of n octets holds.
func segmentSize(oob []byte, n int) int {
	for len(oob) >= unix.SizeofCmsghdr {
		h, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		if h.Level == unix.IPPROTO_UDP && h.Type == unix.UDP_GRO && len(data) >= 4 {
			if k := int(int32(binary.NativeEndian.Uint32(data))); k > 0 {
				return k
			}
		}
		oob = rest
	}
	return n
}

// canJoin reports whether the kernel takes several datagrams in one message.
func canJoin(n3 N3) (ok bool) {
	conn, udp := n3.(*net.UDPConn)
	if !udp {
		return false
	}
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_SEGMENT)
			ok = err == nil
		})
	}
	return ok
}

// appendSegment writes the control message that says how large each datagram of a message is.
func appendSegment(b []byte, size int) []byte {
	at := len(b)
	b = append(b, make([]byte, unix.CmsgSpace(2))...)
	h := b[at:]
	if unix.SizeofPtr == 8 {
		binary.NativeEndian.PutUint64(h, uint64(unix.CmsgLen(2)))
	} else {
		binary.NativeEndian.PutUint32(h, uint32(unix.CmsgLen(2)))
	}
	binary.NativeEndian.PutUint32(h[unix.SizeofPtr:], unix.IPPROTO_UDP)
	binary.NativeEndian.PutUint32(h[unix.SizeofPtr+4:], unix.UDP_SEGMENT)
	binary.NativeEndian.PutUint16(h[unix.CmsgLen(0):], uint16(size))
	return b
}
