package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/bpf"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// socketBuffer is asked for on user-space sockets: a burst from many radios waits in it.
const socketBuffer = 4 << 20

// openUDP opens the socket for RFC 6951.
func openUDP(local netip.Addr, port uint16, batch int) (*carrier, error) {
	network := "udp4"
	if local.Is6() {
		network = "udp"
	}
	lc := net.ListenConfig{Control: fragmentable}
	conn, err := lc.ListenPacket(context.Background(), network, netip.AddrPortFrom(local, port).String())
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("UDP port %d %w", port, errInUse)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("UDP port %d needs the privilege CAP_NET_BIND_SERVICE", port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("%s is not an address of this machine", local)
	case err != nil:
		return nil, fmt.Errorf("opening UDP port %d: %w", port, reason(err))
	}
	return wrap(conn, local, false, batch)
}

// bufferer is what UDP and raw sockets have for their buffers.
type bufferer interface {
	SetReadBuffer(int) error
	SetWriteBuffer(int) error
}

func wrap(conn net.PacketConn, local netip.Addr, raw bool, batch int) (*carrier, error) {
	if batch == listenBatch {
		b := conn.(bufferer)
		b.SetReadBuffer(socketBuffer) // what the system limits it to is good enough
		b.SetWriteBuffer(socketBuffer)
	}
	c, err := newCarrier(conn, local, raw, batch)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("preparing the socket: %w", reason(err))
	}
	return c, nil
}

// openRaw opens a socket for SCTP over IP that sees only packets to one SCTP port.
func openRaw(local netip.Addr, port uint16, batch int) (*carrier, error) {
	claimed, err := claim(netip.AddrPortFrom(local, port))
	if err != nil {
		return nil, err
	}
	conn, err := rawSocket(local, port)
	if err != nil {
		claimed.Close()
		return nil, err
	}
	c, err := wrap(conn, local, true, batch)
	if err != nil {
		claimed.Close()
		return nil, err
	}
	c.claim = claimed
	return c, nil
}

func rawSocket(local netip.Addr, port uint16) (net.PacketConn, error) {
	network := "ip4:132"
	if local.Is6() {
		network = "ip6:132"
	}
	conn, err := net.ListenPacket(network, local.String())
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		return nil, unavailable{"raw IP needs the privilege CAP_NET_RAW (run as root, or: setcap cap_net_raw+ep cordon)"}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("%s is not an address of this machine", local)
	case err != nil:
		return nil, fmt.Errorf("opening a raw socket: %w", reason(err))
	}
	if err := onlyPort(conn, local.Is4(), port); err != nil {
		conn.Close()
		return nil, fmt.Errorf("filtering the raw socket: %w", reason(err))
	}
	return conn, nil
}

// onlyPort has the kernel drop what goes to other SCTP ports, which every raw socket
// would otherwise get a copy of.
func onlyPort(conn net.PacketConn, four bool, port uint16) error {
	load := []bpf.Instruction{bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: 2, Size: 2}}
	if !four { // an IPv6 socket sees no IP header
		load = []bpf.Instruction{bpf.LoadAbsolute{Off: 2, Size: 2}}
	}
	prog, err := bpf.Assemble(append(load,
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(port), SkipFalse: 1},
		bpf.RetConstant{Val: 1 << 18},
		bpf.RetConstant{Val: 0},
	))
	if err != nil {
		return err
	}
	if four {
		return ipv4.NewPacketConn(conn).SetBPF(prog)
	}
	return ipv6.NewPacketConn(conn).SetBPF(prog)
}
