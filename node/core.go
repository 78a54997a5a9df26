package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cordon/console"
	"cordon/datapath"
	"cordon/ident"
	"cordon/store"
	"cordon/transport"
)

// Options are what is not configuration.
type Options struct {
	Version string
	Log     *slog.Logger
}

// Core is a node with the sockets and files that its configuration names.
type Core struct {
	*Node
	Store     *store.Store
	Forwarder *datapath.Forwarder
	N2, N3    netip.AddrPort
	API       netip.AddrPort
	SCTP      transport.Choice
	N6        datapath.Choice
	Token     console.Token

	cfg      Config
	opt      Options
	started  time.Time
	listener transport.Listener
	api      net.Listener
	reports  atomic.Pointer[func(datapath.Event)]
}

// Open opens everything that the configuration names and brings registered devices back.
// An error says what could not be opened and what to do; nothing is left behind then.
func Open(cfg Config, opt Options) (_ *Core, err error) {
	c := &Core{cfg: cfg, opt: opt, started: time.Now()}
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	deps, err := cfg.deps()
	if err != nil {
		return nil, err
	}
	if c.Store, err = store.Open(cfg.Store); err != nil {
		return nil, err
	}
	if c.Token, err = console.OpenToken(cfg.API.TokenFile); err != nil {
		return nil, err
	}
	if err := c.openUserPlane(); err != nil {
		return nil, err
	}
	if c.listener, c.SCTP, err = transport.Listen(cfg.n2()); err != nil {
		return nil, fmt.Errorf("opening N2: %w", err)
	}
	c.N2 = c.listener.Addr()
	if c.api, err = console.Listen(cfg.API.Listen); err != nil {
		return nil, err
	}
	c.API = c.api.Addr().(*net.TCPAddr).AddrPort()
	network := c.Store.Network()
	deps.N2, deps.UserPlane, deps.Store = c.listener, c.Forwarder, c.Store
	deps.Log, deps.Random, deps.IND, deps.Epoch = opt.Log, rand.Reader, network.IND, network.Epoch
	c.Node, err = New(cfg.amf(), cfg.smf(), deps)
	return c, err
}

func (c *Core) openUserPlane() (err error) {
	up := c.cfg.userPlane()
	up.Log = c.opt.Log
	up.Events = func(e datapath.Event) {
		if report := c.reports.Load(); report != nil {
			(*report)(e)
		}
	}
	if c.Forwarder, c.N6, err = datapath.Open(up); err != nil {
		return fmt.Errorf("opening the user plane: %w", err)
	}
	c.N3 = c.Forwarder.N3()
	return nil
}

// Run serves until ctx ends, and returns after everything that it started has. Contexts that
// are not yet written are, by Close.
func (c *Core) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	report := func(e datapath.Event) { c.event(ctx, e) }
	c.reports.Store(&report)
	defer c.reports.Store(nil)
	var wg sync.WaitGroup
	var api error
	wg.Go(func() {
		server := console.New(console.Config{Core: c, Subscribers: c.Store, Token: c.Token, Log: c.opt.Log})
		if api = server.Serve(ctx, c.api); api != nil {
			cancel()
		}
	})
	var plane error
	wg.Go(func() {
		select {
		case <-ctx.Done():
		case err := <-c.Forwarder.Failed(): // a core that carries nothing must not look well
			plane = fmt.Errorf("the user plane has failed: %w", err)
			cancel()
		}
	})
	err := c.Node.Run(ctx)
	cancel()
	wg.Wait()
	return errors.Join(err, api, plane)
}

// Close gives back what Open took, what is unwritten first.
func (c *Core) Close() error {
	var errs []error
	if c.api != nil {
		c.api.Close()
	}
	if c.listener != nil {
		errs = append(errs, c.listener.Close())
	}
	if c.Forwarder != nil {
		errs = append(errs, c.Forwarder.Close())
	}
	if c.Store != nil {
		errs = append(errs, c.Store.Close())
	}
	return errors.Join(errs...)
}

// event takes what the user plane reports.
func (c *Core) event(ctx context.Context, e datapath.Event) {
	if e.Report != nil {
		c.Report(ctx, *e.Report)
		return
	}
	c.metrics.planeFindings[e.Reason].Add(e.Count)
	if c.logNow(planeFindings + uint8(e.Reason)) {
		c.d.Log.Warn("finding", "kind", e.Reason, "from", e.Source, "teid", e.TEID, "packets", e.Count)
	}
}

// Status is the network at a glance.
func (c *Core) Status(ctx context.Context) (console.Status, error) {
	load, err := c.Load(ctx)
	if err != nil {
		return console.Status{}, err
	}
	st := console.Status{
		Name: c.cfg.Name, Version: c.opt.Version, Started: c.started, PLMNs: []string{c.cfg.PLMN.String()},
		N2: fmt.Sprintf("%s, %s", c.N2, c.SCTP), N3: c.N3.String(), N6: fmt.Sprintf("%s: %s", c.N6.N6, c.N6.Why),
		Radios: load.Radios, Devices: load.Devices, Attached: load.Connected, Sessions: load.Sessions,
		Store: console.Health{OK: true, Pending: c.Store.Stats().Pending},
	}
	if err := c.Store.Health(); err != nil {
		st.Store.OK, st.Store.Problem = false, err.Error()
	}
	return st, nil
}

// SubscriberChanged takes note of a subscriber who is protected now or is not any more.
func (c *Core) SubscriberChanged(_ context.Context, supi ident.SUPI) error {
	_, err := c.Store.Get(supi)
	return err
}

var _ console.Core = (*Core)(nil)

var _ UserPlane = (*datapath.Forwarder)(nil)
