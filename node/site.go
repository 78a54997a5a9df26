package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"cordon/console"
	"cordon/datapath"
	"cordon/transport/wireguard"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// Site is a user plane at another site than its core: a forwarder, and the end of N4 by which SMFs tell it what to
// forward. N4 and N9 go through a tunnel between the sites, or as the host protects them.
type Site struct {
	Forwarder *datapath.Forwarder
	N3, N4    netip.AddrPort
	API       netip.AddrPort
	N6        datapath.Choice
	Tunnel    *wireguard.Tunnel // nil where there is none
	Token     console.Token

	cfg     SiteConfig
	opt     Options
	log     *slog.Logger
	started time.Time
	n4      *siteN4
	api     net.Listener

	findings counters // by upf.Reason
	echoes   counters // by upf.EchoFault
}

// OpenSite opens everything that the configuration names. An error says what could not be opened and what to do;
// nothing is left behind then.
func OpenSite(cfg SiteConfig, opt Options) (_ *Site, err error) {
	s := &Site{cfg: cfg, opt: opt, log: opt.Log, started: time.Now()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.Token, err = console.OpenToken(cfg.API.TokenFile); err != nil {
		return nil, err
	}
	if cfg.WireGuard.on() {
		if s.Tunnel, err = cfg.WireGuard.open(s.log); err != nil {
			return nil, err
		}
	}
	conn, err := s.listenN4()
	if err != nil {
		return nil, err
	}
	s.n4 = newSiteN4(s, conn)
	s.N4 = s.n4.local()
	if err := s.openForwarder(); err != nil {
		return nil, err
	}
	if s.api, err = console.Listen(cfg.API.Listen); err != nil {
		return nil, err
	}
	s.API = s.api.Addr().(*net.TCPAddr).AddrPort()
	return s, nil
}

// listenN4 opens N4's socket.
func (s *Site) listenN4() (datagrams, error) {
	at := s.cfg.N4.Address
	if s.Tunnel != nil {
		c, err := s.Tunnel.Listen(at.Port())
		if err != nil {
			return nil, fmt.Errorf("opening N4: %w", err)
		}
		return c, nil
	}
	return listenN4(at)
}

func (s *Site) openForwarder() (err error) {
	up := s.cfg.userPlane()
	up.Log, up.Events = s.log, s.event
	if s.Tunnel != nil && s.cfg.inside() {
		if up.N9, err = s.Tunnel.Listen(gtpu.Port); err != nil {
			return fmt.Errorf("opening N9: %w", err)
		}
		for _, p := range s.cfg.WireGuard.Peers {
			up.N9Peers = append(up.N9Peers, p.Inner)
		}
	}
	if s.Forwarder, s.N6, err = datapath.Open(up); err != nil {
		return fmt.Errorf("opening the user plane: %w", err)
	}
	s.N3 = s.Forwarder.N3()
	if why := s.cfg.N6.NAT.scarce(s.cfg.Networks); why != "" {
		s.log.Warn("there are fewer public ports than devices", "why", why)
	}
	if most := s.maxMTU(); up.N9 != nil && up.UPF.MTU > most {
		s.log.Warn("packets of the networks' MTU travel N9 in fragments: give the networks a smaller one, here and in the core", "mtu", up.UPF.MTU, "whole_up_to", most)
	}
	return nil
}

// maxMTU is the largest packet of a device that N9 carries whole: GTP-U's header with its container takes 16 octets.
func (s *Site) maxMTU() int {
	if s.Tunnel == nil {
		return 0
	}
	return s.Tunnel.MaxPayload() - 16
}

// Run serves until ctx ends, and returns after everything that it started has.
func (s *Site) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var api, plane error
	wg.Go(func() {
		server := console.New(console.Config{Plane: s, Token: s.Token, Log: s.log})
		if api = server.Serve(ctx, s.api); api != nil {
			cancel()
		}
	})
	wg.Go(func() {
		select {
		case <-ctx.Done():
		case err := <-s.Forwarder.Failed():
			plane = fmt.Errorf("the user plane has failed: %w", err)
			cancel()
		}
	})
	s.n4.run(ctx, tellInterval, s.n4.beat)
	cancel()
	wg.Wait()
	return errors.Join(api, plane)
}

// Close gives back what OpenSite took.
func (s *Site) Close() error {
	var errs []error
	if s.api != nil {
		s.api.Close()
	}
	if s.n4 != nil {
		s.n4.conn.Close()
	}
	if s.Forwarder != nil {
		errs = append(errs, s.Forwarder.Close())
	}
	if s.Tunnel != nil {
		errs = append(errs, s.Tunnel.Close())
	}
	return errors.Join(errs...)
}

// event takes what the forwarder reports: what is for an SMF goes to N4, findings are counted and logged here, where they come
// at most once a second of a kind and source, and told to SMFs that take them.
func (s *Site) event(e datapath.Event) {
	if e.Report != nil {
		s.n4.report(*e.Report)
		return
	}
	if e.Echo != nil {
		s.echo(e.Source.Addr(), *e.Echo)
		return
	}
	s.findings[e.Reason].Add(max(1, e.Count))
	s.n4.observed(pfcp.Observed{Kind: e.Reason.String(), Source: e.Source.Addr(), Count: max(1, e.Count)})
	s.log.Warn("user packets that their sender's role does not explain", "what", e.Reason.String(), "from", packetsFrom(e.Source), "radio", e.Radio, "count", e.Count)
}
