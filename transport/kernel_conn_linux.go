package transport

import (
	"encoding/binary"
	"io"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// kernelSocket is a socket of the kernel's SCTP, driven by the runtime's poller: no
// thread waits for it.
type kernelSocket struct {
	file *os.File
	raw  syscall.RawConn
}

// kernelConn is an association of the kernel's SCTP. When its peer restarts it, the
// kernel goes on with the same socket: the connection then ends with ErrRestart, and
// another takes the socket over.
type kernelConn struct {
	socket        *kernelSocket
	local, remote netip.AddrPort
	out, in       uint16
	listener      *kernelListener // that counts it; nil when dialled

	partial []byte // of a message that the kernel delivers in parts
	ended   atomic.Pointer[error]
}

func newKernelConn(fd int, remote netip.AddrPort, l *kernelListener) (*kernelConn, error) {
	s := &kernelSocket{file: os.NewFile(uintptr(fd), "sctp")}
	var err error
	if s.raw, err = s.file.SyscallConn(); err != nil {
		s.file.Close()
		return nil, err
	}
	c := &kernelConn{socket: s, remote: remote, listener: l}
	if l != nil {
		c.learn()
	}
	return c, nil
}

// learn asks the kernel for what was negotiated.
func (c *kernelConn) learn() {
	c.socket.raw.Control(func(fd uintptr) {
		if st, err := statusOf(int(fd)); err == nil {
			c.out, c.in = st.out, st.in
		}
		if sa, err := unix.Getsockname(int(fd)); err == nil {
			c.local = addrPort(sa)
		}
	})
}

// end makes err the end of the connection, unless it has ended; true if it is.
func (c *kernelConn) end(err error) bool {
	if !c.ended.CompareAndSwap(nil, &err) {
		return false
	}
	if err != ErrRestart && c.listener != nil {
		c.listener.gone(c, err)
	}
	return true
}

// readBuffers hold what one system call reads, between the call and the copy. The
// connections share them, so that a quiet one needs none.
var readBuffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

func (c *kernelConn) Receive() (Message, error) {
	for {
		if end := c.ended.Load(); end != nil {
			return Message{}, *end
		}
		m, done, err := c.read()
		if err != nil {
			if c.end(err) && err != ErrRestart {
				c.socket.file.Close()
			}
			continue
		}
		if done {
			return m, nil
		}
	}
}

// read takes one message, one part of one, or one notification from the kernel.
func (c *kernelConn) read() (m Message, done bool, failure error) {
	var buf *[64 << 10]byte
	var oob [64]byte
	var n, oobn, flags int
	var failed error
	err := c.socket.raw.Read(func(fd uintptr) bool {
		buf = readBuffers.Get().(*[64 << 10]byte)
		for {
			n, oobn, flags, _, failed = unix.Recvmsg(int(fd), buf[:], oob[:], unix.MSG_NOSIGNAL)
			if failed != unix.EINTR {
				break
			}
		}
		if failed == unix.EAGAIN {
			readBuffers.Put(buf)
		}
		return failed != unix.EAGAIN
	})
	if err != nil { // closed by this side
		return Message{}, false, ErrClosed
	}
	defer readBuffers.Put(buf)
	switch {
	case failed != nil:
		return Message{}, false, kernelEnd(failed)
	case flags&msgNotification != 0:
		return Message{}, false, c.notified(buf[:n])
	case n == 0:
		return Message{}, false, io.EOF
	}
	return c.collect(buf[:n], oob[:oobn], flags&unix.MSG_EOR != 0)
}

// collect puts the parts of a message together.
func (c *kernelConn) collect(part, oob []byte, last bool) (Message, bool, error) {
	if len(c.partial)+len(part) > MaxMessage {
		c.socket.abort()
		return Message{}, false, ErrAborted
	}
	c.partial = append(c.partial, part...)
	if !last {
		return Message{}, false, nil
	}
	m := Message{Data: c.partial}
	c.partial = nil
	m.Stream, m.PPID = receivedInfo(oob)
	return m, true, nil
}

// notified takes a notification; an error ends the connection.
func (c *kernelConn) notified(b []byte) error {
	if len(b) < 8 {
		return nil
	}
	switch binary.NativeEndian.Uint16(b) {
	case snAssocChange:
		if len(b) < 20 {
			return nil
		}
		return c.changed(binary.NativeEndian.Uint16(b[8:]), binary.NativeEndian.Uint16(b[10:]))
	case snShutdown:
		return io.EOF
	case snPartialDelivery: // the peer's message will never be whole
		c.partial = nil
	}
	return nil
}

func (c *kernelConn) changed(state, cause uint16) error {
	switch state {
	case sacCommLost:
		var no int
		c.socket.raw.Control(func(fd uintptr) {
			no, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
		})
		if no == int(unix.ETIMEDOUT) || no == 0 && cause == 0 {
			return ErrLost
		}
		return ErrAborted
	case sacRestart:
		if c.listener == nil {
			c.socket.abort()
			return ErrRestart
		}
		return c.handOver()
	case sacShutdownComplete:
		return io.EOF
	case sacCantStart:
		return ErrAborted
	}
	return nil
}

// handOver gives the socket to a new connection and the listener.
func (c *kernelConn) handOver() error {
	restart := ErrRestart
	if c.ended.CompareAndSwap(nil, &restart) {
		c.listener.restarted(c.socket, c.remote)
	}
	return ErrRestart
}

// kernelEnd is the end that an error of the socket means.
func kernelEnd(err error) error {
	switch err {
	case unix.ETIMEDOUT, unix.EHOSTUNREACH, unix.ENETUNREACH:
		return ErrLost
	case unix.ENOTCONN:
		return io.EOF
	}
	return ErrAborted
}

func (c *kernelConn) Send(m Message) error {
	if end := c.ended.Load(); end != nil {
		return *end
	}
	switch {
	case m.Stream >= c.out:
		return ErrStream
	case len(m.Data) == 0 || len(m.Data) > MaxMessage:
		return ErrTooLong
	}
	var failure error
	oob := sendInfo(m.Stream, m.PPID)
	err := c.socket.raw.Write(func(fd uintptr) bool {
		for {
			_, failure = unix.SendmsgN(int(fd), m.Data, oob[:], nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
			if failure != unix.EINTR {
				return true
			}
		}
	})
	switch {
	case err != nil:
		return ErrClosed
	case failure == unix.EAGAIN, failure == unix.ENOBUFS, failure == unix.ENOMEM:
		return ErrBacklog
	case failure != nil:
		return kernelEnd(failure)
	}
	return nil
}

func (c *kernelConn) Streams() (out, in uint16) { return c.out, c.in }
func (c *kernelConn) Remote() netip.AddrPort    { return c.remote }
func (c *kernelConn) Local() netip.AddrPort     { return c.local }

// Close leaves the rest to the kernel, which delivers what was sent and then shuts the
// association down. It aborts instead when messages were left unread.
func (c *kernelConn) Close() error {
	if !c.end(ErrClosed) {
		return nil
	}
	return c.socket.file.Close()
}

func (c *kernelConn) Abort() {
	if c.end(ErrAborted) {
		c.socket.abort()
	}
}

// abort closes the socket with an ABORT.
func (s *kernelSocket) abort() {
	s.raw.Control(func(fd uintptr) { abortSocket(int(fd)) })
	s.file.Close()
}
