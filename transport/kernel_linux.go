package transport

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// openKernel makes a non-blocking one-to-one socket with everything set that is to be set
// before an association exists.
func openKernel(addr netip.Addr, cfg Config) (int, error) {
	family := unix.AF_INET
	if addr.Is6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_SCTP)
	switch err {
	case nil:
	case unix.EPROTONOSUPPORT, unix.ESOCKTNOSUPPORT, unix.EAFNOSUPPORT:
		return -1, unavailable{"the kernel has no SCTP (modprobe sctp)"}
	case unix.EPERM, unix.EACCES:
		return -1, unavailable{"the kernel's SCTP is forbidden here"}
	default:
		return -1, fmt.Errorf("opening an SCTP socket: %w", err)
	}
	if err := prepareKernel(fd, cfg); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("preparing the SCTP socket: %w", err)
	}
	return fd, nil
}

func bindKernel(fd int, addr netip.AddrPort) error {
	switch err := unix.Bind(fd, sockaddr(addr)); err {
	case nil:
		return nil
	case unix.EADDRINUSE:
		return fmt.Errorf("SCTP port %d %w", addr.Port(), errInUse)
	case unix.EADDRNOTAVAIL:
		return fmt.Errorf("%s is not an address of this machine", addr.Addr())
	case unix.EACCES:
		return fmt.Errorf("SCTP port %d needs the privilege CAP_NET_BIND_SERVICE", addr.Port())
	default:
		return fmt.Errorf("binding the SCTP port: %w", err)
	}
}

func listenKernel(cfg Config) (Listener, error) {
	fd, err := openKernel(cfg.Addr.Addr(), cfg)
	if err != nil {
		return nil, err
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1) // a restarted core does not wait for the old one's associations
	if err := bindKernel(fd, cfg.Addr); err != nil {
		unix.Close(fd)
		return nil, err
	}
	switch err := unix.Listen(fd, 512); err {
	case nil:
	case unix.EADDRINUSE:
		unix.Close(fd)
		return nil, fmt.Errorf("SCTP port %d %w", cfg.Addr.Port(), errInUse)
	case unix.ENOSYS:
		unix.Close(fd)
		return nil, errors.New("the kernel cannot sign SCTP cookies (modprobe the module that sysctl net.sctp.cookie_hmac_alg names)")
	default:
		unix.Close(fd)
		return nil, fmt.Errorf("listening: %w", err)
	}
	l := &kernelListener{
		cfg:     cfg,
		file:    os.NewFile(uintptr(fd), "sctp"),
		backlog: newBacklog[*kernelConn](),
		shares:  map[netip.Prefix]int{},
	}
	if l.raw, err = l.file.SyscallConn(); err != nil {
		l.file.Close()
		return nil, err
	}
	l.running.Go(l.accept)
	return l, nil
}

// kernelListener accepts associations from the kernel, and those that the kernel restarted
// under the socket of an old one.
type kernelListener struct {
	cfg     Config
	file    *os.File
	raw     syscall.RawConn
	running sync.WaitGroup

	mu      sync.Mutex // guards what follows
	backlog backlog[*kernelConn]
	shares  map[netip.Prefix]int
	stats   Stats
}

// accept takes associations from the kernel until the listener is closed.
func (l *kernelListener) accept() {
	for {
		var fd int
		var sa unix.Sockaddr
		var err error
		if l.raw.Read(func(s uintptr) bool {
			fd, sa, err = unix.Accept4(int(s), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
			return err != unix.EAGAIN
		}) != nil {
			return
		}
		if err != nil {
			if err == unix.EMFILE || err == unix.ENFILE {
				pause(l.cfg.RTOMin) // until descriptors come free
			}
			continue
		}
		l.admit(fd, addrPort(sa))
	}
}

// admit applies the caps to an association.
func (l *kernelListener) admit(fd int, remote netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := prefixOf(remote.Addr())
	switch {
	case l.stats.Associations >= l.cfg.MaxAssociations:
		l.stats.RefusedFull++
	case l.shares[p] >= l.cfg.MaxPerPrefix:
		l.stats.RefusedShare++
	case l.backlog.closed:
	default:
		c, err := newKernelConn(fd, remote, l)
		if err != nil {
			break
		}
		l.shares[p]++
		l.stats.Associations++
		l.stats.Accepted++
		l.backlog.add(c)
		return
	}
	abortSocket(fd)
	unix.Close(fd)
}

// restarted takes the socket of an association that its peer began anew.
func (l *kernelListener) restarted(s *kernelSocket, remote netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Restarts++
	c := &kernelConn{socket: s, remote: remote, listener: l}
	c.learn()
	if l.backlog.closed {
		l.departed(c)
		s.abort()
		return
	}
	l.stats.Accepted++
	l.backlog.add(c)
}

// gone counts an association out.
func (l *kernelListener) gone(c *kernelConn, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == ErrLost {
		l.stats.Lost++
	}
	l.departed(c)
}

// departed is called with the lock held.
func (l *kernelListener) departed(c *kernelConn) {
	l.stats.Associations--
	p := prefixOf(c.remote.Addr())
	if l.shares[p]--; l.shares[p] == 0 {
		delete(l.shares, p)
	}
}

func (l *kernelListener) Accept() (Conn, error) { return l.backlog.accept(&l.mu) }

func (l *kernelListener) Close() error {
	l.mu.Lock()
	waited, again := l.backlog.close()
	l.mu.Unlock()
	if again {
		return nil
	}
	for _, c := range waited {
		c.Abort()
	}
	l.file.Close()
	l.running.Wait()
	return nil
}

func (l *kernelListener) Addr() netip.AddrPort { return l.cfg.Addr }

func (l *kernelListener) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats
}

// dialKernel sets up an association with the kernel's SCTP.
func dialKernel(ctx context.Context, cfg Config, local, remote netip.AddrPort) (Conn, error) {
	fd, err := openKernel(remote.Addr(), cfg)
	if err != nil {
		return nil, err
	}
	if local.IsValid() {
		if err := bindKernel(fd, local); err != nil {
			unix.Close(fd)
			return nil, err
		}
	}
	c, err := newKernelConn(fd, remote, nil)
	if err != nil {
		return nil, err
	}
	if err := c.socket.connect(ctx, remote); err != nil {
		c.Abort()
		return nil, err
	}
	c.learn()
	return c, nil
}

// connect sets the association up within the context's life.
func (s *kernelSocket) connect(ctx context.Context, remote netip.AddrPort) error {
	defer context.AfterFunc(ctx, func() { s.file.SetWriteDeadline(past) })()
	begun := false
	var failure error
	err := s.raw.Write(func(fd uintptr) bool {
		if !begun {
			begun = true
			failure = unix.Connect(int(fd), sockaddr(remote))
			return failure != unix.EINPROGRESS
		}
		if no, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR); err == nil && no != 0 {
			failure = unix.Errno(no)
			return true
		}
		failure = nil
		st, err := statusOf(int(fd))
		return err == nil && st.established()
	})
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("no answer: %w", ctx.Err())
	case err != nil:
		return err
	case errors.Is(failure, unix.ECONNREFUSED), errors.Is(failure, unix.ECONNRESET):
		return errRefused
	case errors.Is(failure, unix.ETIMEDOUT):
		return ErrLost
	}
	return failure
}
