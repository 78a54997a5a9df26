package transport

import (
	"encoding/binary"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel's interface, from its include/uapi/linux/sctp.h; the numbers of RFC 6458 are
// left to systems.
const (
	solSCTP = 132

	optRTOInfo           = 0
	optAssocInfo         = 1
	optInitMsg           = 2
	optNoDelay           = 3
	optPeerAddrParams    = 9
	optEvents            = 11
	optStatus            = 14
	optRecvRcvInfo       = 32
	optReconfigSupported = 117
	optASCONFSupported   = 128

	cmsgSndInfo = 2
	cmsgRcvInfo = 3

	msgNotification = 0x8000

	snAssocChange     = 0x8001
	snShutdown        = 0x8005
	snPartialDelivery = 0x8006

	sacCommLost         = 1
	sacRestart          = 2
	sacShutdownComplete = 3
	sacCantStart        = 4

	stateEstablished = 4 // enum sctp_sstat_state
)

// past is a deadline that has come.
var past = time.Unix(1, 0)

var native = binary.NativeEndian

// prepareKernel sets a socket's options.
func prepareKernel(fd int, cfg Config) error {
	ms := func(d time.Duration) uint32 { return uint32(d / time.Millisecond) }
	init := native.AppendUint16(nil, cfg.Streams)
	init = native.AppendUint16(init, cfg.Streams)
	init = native.AppendUint32(init, 0) // attempts and time-out: the system's
	rto := native.AppendUint32(nil, 0)
	rto = native.AppendUint32(rto, ms(max(time.Second, cfg.RTOMin)))
	rto = native.AppendUint32(rto, ms(10*time.Second))
	rto = native.AppendUint32(rto, ms(cfg.RTOMin))
	assoc := native.AppendUint32(nil, 0)
	assoc = native.AppendUint16(assoc, uint16(cfg.Retransmissions))
	assoc = append(assoc, make([]byte, 14)...)
	heartbeat := make([]byte, 4+128) // association 0, any address
	heartbeat = native.AppendUint32(heartbeat, ms(cfg.Heartbeat))
	heartbeat = native.AppendUint16(heartbeat, uint16(cfg.Retransmissions))
	heartbeat = append(heartbeat, make([]byte, 8)...) // path MTU and SACK delay: the system's
	heartbeat = native.AppendUint32(heartbeat, 1)     // SPP_HB_ENABLE
	heartbeat = append(heartbeat, make([]byte, 6)...) // flow label, DSCP
	events := []byte{0, 1, 0, 0, 0, 1, 1, 0}          // association, shutdown, partial delivery
	one := native.AppendUint32(nil, 1)
	for _, o := range []struct {
		name  int
		value []byte
	}{
		{optInitMsg, init}, {optRTOInfo, rto}, {optAssocInfo, assoc}, {optPeerAddrParams, heartbeat},
		{optEvents, events}, {optNoDelay, one}, {optRecvRcvInfo, one},
	} {
		if err := unix.SetsockoptString(fd, solSCTP, o.name, string(o.value)); err != nil {
			return err
		}
	}
	// What an old kernel lacks it does not do either.
	off := string(make([]byte, 8))
	unix.SetsockoptString(fd, solSCTP, optASCONFSupported, off)
	unix.SetsockoptString(fd, solSCTP, optReconfigSupported, off)
	grow(fd, unix.SO_SNDBUFFORCE, unix.SO_SNDBUF, cfg.SendQueue)
	grow(fd, unix.SO_RCVBUFFORCE, unix.SO_RCVBUF, 4*MaxMessage)
	return nil
}

// grow sizes a socket buffer, by privilege if there is any, else within the system's limit.
func grow(fd, force, plain, size int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, size)
	}
}

// status is what is of interest in struct sctp_status.
type status struct {
	state   uint32
	in, out uint16
}

func (s status) established() bool { return s.state == stateEstablished }

func statusOf(fd int) (status, error) {
	var b [256]byte
	n := uint32(176)
	_, _, no := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), solSCTP, optStatus,
		uintptr(unsafe.Pointer(&b)), uintptr(unsafe.Pointer(&n)), 0)
	if no != 0 {
		return status{}, no
	}
	return status{state: native.Uint32(b[4:]), in: native.Uint16(b[16:]), out: native.Uint16(b[18:])}, nil
}

// abortSocket makes the coming close an ABORT.
func abortSocket(fd int) {
	unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
}

// sendInfo is the control message that says on which stream a message goes.
func sendInfo(stream uint16, ppid uint32) [sndInfo]byte {
	var b [sndInfo]byte
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b))
	h.Level, h.Type = solSCTP, cmsgSndInfo
	h.SetLen(len(b))
	native.PutUint16(b[unix.SizeofCmsghdr:], stream)
	binary.BigEndian.PutUint32(b[unix.SizeofCmsghdr+4:], ppid)
	return b
}

const sndInfo = unix.SizeofCmsghdr + 16 // with struct sctp_sndinfo

// receivedInfo reads the control message that says on which stream a message came.
func receivedInfo(oob []byte) (stream uint16, ppid uint32) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0, 0
	}
	for _, m := range messages {
		if m.Header.Level == solSCTP && m.Header.Type == cmsgRcvInfo && len(m.Data) >= 12 {
			return native.Uint16(m.Data), binary.BigEndian.Uint32(m.Data[8:])
		}
	}
	return 0, 0
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr).Unmap(), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

// prefixOf is the prefix whose associations are counted together.
func prefixOf(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // an address has as many bits
	return p
}

// pause waits a while in which there is nothing better to do.
func pause(d time.Duration) { <-time.After(d) }
