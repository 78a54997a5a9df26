package transport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"cordon/wire/sctp"
)

// unavailable is why a mode does not work on this machine or for this user; Auto then
// tries the next.
type unavailable struct{ why string }

func (u unavailable) Error() string { return u.why }

// choose tries the asked-for mode, or each in turn, until one is available.
func choose[T any](asked Mode, try func(Mode) (T, error)) (T, Choice, error) {
	modes := []Mode{asked}
	if asked == Auto {
		modes = []Mode{Kernel, Raw, UDP}
	}
	var why []string
	for _, m := range modes {
		v, err := try(m)
		if err == nil {
			return v, Choice{Mode: m, Why: strings.Join(why, "; ")}, nil
		}
		no, ok := errors.AsType[unavailable](err)
		if !ok {
			return v, Choice{Mode: m}, err
		}
		why = append(why, no.why)
	}
	var none T
	return none, Choice{}, errors.New("SCTP is not to be had here: " + strings.Join(why, "; "))
}

// Listen opens an SCTP port. An error is one sentence for the operator.
func Listen(cfg Config) (Listener, Choice, error) {
	cfg.setDefaults()
	if !cfg.Addr.IsValid() || cfg.Addr.Port() == 0 {
		return nil, Choice{}, fmt.Errorf("listening for SCTP on %q: want an address and a port", cfg.Addr)
	}
	port := cfg.UDPPort
	l, choice, err := choose(cfg.Mode, func(m Mode) (Listener, error) {
		switch m {
		case Kernel:
			return listenKernel(cfg)
		case Raw:
			c, err := openRaw(cfg.Addr.Addr(), cfg.Addr.Port(), listenBatch)
			if err != nil {
				return nil, err
			}
			return listenUser(c, cfg, cfg.Addr), nil
		default:
			c, err := openUDP(cfg.Addr.Addr(), cfg.UDPPort, listenBatch)
			if err != nil {
				return nil, err
			}
			port = c.port()
			return listenUser(c, cfg, cfg.Addr), nil
		}
	})
	if err != nil {
		return nil, choice, fmt.Errorf("listening for SCTP on %s: %w", cfg.Addr, err)
	}
	if choice.Mode == UDP {
		choice.UDPPort = port
	}
	return l, choice, nil
}

// Dial sets up an association. The context bounds the set-up only.
func Dial(ctx context.Context, cfg DialConfig) (Conn, Choice, error) {
	if !cfg.Remote.IsValid() || cfg.Remote.Port() == 0 {
		return nil, Choice{}, fmt.Errorf("dialling SCTP %q: want an address and a port", cfg.Remote)
	}
	own := Config{
		UDPPort: cfg.UDPPort, Streams: cfg.Streams, Heartbeat: cfg.Heartbeat, RTOMin: cfg.RTOMin,
		Retransmissions: cfg.Retransmissions, SendQueue: cfg.SendQueue,
	}
	own.setDefaults()
	var port uint16
	c, choice, err := choose(cfg.Mode, func(m Mode) (Conn, error) {
		if m == Kernel {
			return dialKernel(ctx, own, cfg.Local, cfg.Remote)
		}
		local, err := ownAddress(cfg.Local, cfg.Remote)
		if err != nil {
			return nil, err
		}
		if m == Raw {
			c, local, err := dialRaw(local)
			if err != nil {
				return nil, err
			}
			path := sctp.Path{Remote: netip.AddrPortFrom(cfg.Remote.Addr(), 0)}
			return dialUser(ctx, c, own, local, path, cfg.Remote.Port())
		}
		c, err := openUDP(local.Addr(), cfg.OwnUDPPort, dialBatch)
		if err != nil {
			return nil, err
		}
		port = c.port()
		if local.Port() == 0 { // no other association of this address has the same, as the peer tells them apart
			local = netip.AddrPortFrom(local.Addr(), port)
		}
		path := sctp.Path{Remote: netip.AddrPortFrom(cfg.Remote.Addr(), own.UDPPort)}
		return dialUser(ctx, c, own, local, path, cfg.Remote.Port())
	})
	if err != nil {
		return nil, choice, fmt.Errorf("dialling SCTP %s: %w", cfg.Remote, err)
	}
	if choice.Mode == UDP {
		choice.UDPPort = port
	}
	return c, choice, nil
}

// dialRaw opens a raw socket, on a port that nobody here uses if none is given.
func dialRaw(local netip.AddrPort) (*carrier, netip.AddrPort, error) {
	if local.Port() != 0 {
		c, err := openRaw(local.Addr(), local.Port(), dialBatch)
		return c, local, err
	}
	var c *carrier
	var err error
	for range 100 {
		local = netip.AddrPortFrom(local.Addr(), uint16(49152+rand.IntN(65536-49152)))
		if c, err = openRaw(local.Addr(), local.Port(), dialBatch); !errors.Is(err, errInUse) {
			break
		}
	}
	return c, local, err
}

// errInUse: another program has the port.
var errInUse = errors.New("is in use by another program")

// errRefused: the peer's host answered that it wants no association.
var errRefused = fmt.Errorf("the peer refuses, or nobody listens there: %w", ErrAborted)

// ownAddress fills in the own address as the routing table has it.
func ownAddress(local, remote netip.AddrPort) (netip.AddrPort, error) {
	addr := local.Addr()
	if !addr.IsValid() || addr.IsUnspecified() {
		probe, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(remote)) // sends nothing
		if err != nil {
			return netip.AddrPort{}, fmt.Errorf("no way there: %w", reason(err))
		}
		addr = probe.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
		probe.Close()
	}
	return netip.AddrPortFrom(addr, local.Port()), nil
}

// reason is the system's own word on why a call did not work, without Go's description of
// the call, which the callers here give in their own words.
func reason(err error) error {
	if no, ok := errors.AsType[syscall.Errno](err); ok {
		return no
	}
	return err
}
