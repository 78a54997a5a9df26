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

	"cordon/amf"
	"cordon/console"
	"cordon/datapath"
	"cordon/evidence"
	"cordon/ident"
	"cordon/ledger"
	"cordon/store"
	"cordon/transport"
	"cordon/transport/wireguard"
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
	Ledger    *ledger.Log
	Forwarder *datapath.Forwarder
	N2, N3    netip.AddrPort
	API       netip.AddrPort
	SCTP      transport.Choice
	N6        datapath.Choice
	Tunnel    *wireguard.Tunnel // to other sites; nil where there is none
	Token     console.Token

	elsewhere *planes // user planes at other sites; nil where there are none
	cfg       Config
	opt       Options
	started   time.Time
	listener  transport.Listener
	api       net.Listener
	reports   atomic.Pointer[func(datapath.Event)]

	checkpoints chan []byte // the evidence log's newest that is not kept yet
	classed     sync.Mutex  // held from reading a subscriber's class until its shard is told, so that the last told is the newest
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
	if err := c.openLaw(&deps); err != nil {
		return nil, err
	}
	if deps.Planes, err = c.openPlanes(); err != nil {
		return nil, err
	}
	c.elsewhere = deps.Planes
	network := c.Store.Network()
	deps.N2, deps.UserPlane, deps.Store = c.listener, c.Forwarder, c.Store
	deps.Log, deps.Random, deps.IND, deps.Epoch = opt.Log, rand.Reader, network.IND, network.Epoch
	if c.Node, err = New(cfg.amf(), cfg.smf(), deps); err != nil {
		return nil, err
	}
	c.sayPlace()
	return c, nil
}

// openLaw reads records and rules, and opens the evidence log.
func (c *Core) openLaw(d *Deps) error {
	in, err := c.cfg.Trust.statutes(c.Store)
	if err != nil {
		return err
	}
	d.Law = LawSource{statutes: in, Fixed: c.cfg.Trust.AsOf != 0, Reread: c.cfg.Trust.readLaw}
	d.Drain, d.Statements = c.cfg.Trust.Drain, c.Store
	d.Site, d.PathAllowance = c.cfg.Trust.Site, c.cfg.Trust.PathAllowance
	known, err := c.Store.Kept(keptCheckpoint)
	if err != nil {
		return err
	}
	c.checkpoints = make(chan []byte, 1)
	at := c.cfg.Ledger()
	at.Known, at.Remember, at.Log = known, c.remember, c.opt.Log
	c.Ledger, err = ledger.Open(at)
	if err != nil {
		return err
	}
	d.Evidence = c.Ledger
	c.Ledger.Append(evidence.Entry{Kind: evidence.Start, Act: "start", Detail: []evidence.Detail{{Name: "version", Value: c.opt.Version}}})
	return nil
}

// keptCheckpoint is how the store knows the evidence log's last checkpoint, so that a log that was
// put back to an earlier state is found out.
const keptCheckpoint = "evidence checkpoint"

// remember has the store keep the newest checkpoint; the log does not wait for it.
func (c *Core) remember(checkpoint []byte) {
	for {
		select {
		case c.checkpoints <- checkpoint:
			return
		default:
		}
		select {
		case <-c.checkpoints: // an older one
		default:
		}
	}
}

// keepCheckpoints writes them until ctx ends, at most one a second.
func (c *Core) keepCheckpoints(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case checkpoint := <-c.checkpoints:
			if err := c.Store.Keep(keptCheckpoint, checkpoint); err != nil {
				c.opt.Log.Error("the evidence log's checkpoint is not kept: that the log was put back could not be told", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (c *Core) openUserPlane() (err error) {
	up := c.cfg.userPlane()
	up.Log = c.opt.Log
	up.Events = func(e datapath.Event) {
		if report := c.reports.Load(); report != nil {
			(*report)(e)
		}
	}
	if err := c.openTunnel(&up); err != nil {
		return err
	}
	if c.Forwarder, c.N6, err = datapath.Open(up); err != nil {
		return fmt.Errorf("opening the user plane: %w", err)
	}
	c.N3 = c.Forwarder.N3()
	if why := c.cfg.N6.NAT.scarce(c.cfg.Networks); why != "" {
		c.opt.Log.Warn("there are fewer public ports than devices", "why", why)
	}
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
		server := console.New(console.Config{Core: c, Subscribers: c.Store, Trust: c, Token: c.Token, Log: c.opt.Log})
		if api = server.Serve(ctx, c.api); api != nil {
			cancel()
		}
	})
	wg.Go(func() { c.keepCheckpoints(ctx) })
	if c.elsewhere != nil {
		wg.Go(func() { c.elsewhere.serve(ctx) })
	}
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
	if c.elsewhere != nil {
		c.elsewhere.n4.loop.conn.Close()
	}
	if c.Forwarder != nil {
		errs = append(errs, c.Forwarder.Close())
	}
	if c.Tunnel != nil {
		errs = append(errs, c.Tunnel.Close())
	}
	if c.Ledger != nil {
		if c.Node != nil {
			c.leases.tell()
		}
		c.Ledger.Append(evidence.Entry{Kind: evidence.Stop, Act: "stop"})
		errs = append(errs, c.Ledger.Close(), c.keepLast())
	}
	if c.Store != nil {
		errs = append(errs, c.Store.Close())
	}
	return errors.Join(errs...)
}

// keepLast keeps the checkpoint that the log was closed with.
func (c *Core) keepLast() error {
	select {
	case checkpoint := <-c.checkpoints:
		return c.Store.Keep(keptCheckpoint, checkpoint)
	default:
		return nil
	}
}

// event takes what the user plane reports.
func (c *Core) event(ctx context.Context, e datapath.Event) {
	if e.Report != nil {
		c.Report(ctx, *e.Report)
		return
	}
	if e.Echo != nil {
		c.planeEcho(e.Source.Addr(), *e.Echo)
		return
	}
	c.planeFinding(e)
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
		Store: console.Health{OK: true, Pending: c.Store.Stats().Pending}, UserPlanes: []console.UserPlane{},
	}
	if c.planes != nil {
		st.UserPlanes = c.planes.status()
	}
	if err := c.Store.Health(); err != nil {
		st.Store.OK, st.Store.Problem = false, err.Error()
	}
	return st, nil
}

// SubscriberChanged has the core heed that a subscriber is protected now or is not any more.
func (c *Core) SubscriberChanged(ctx context.Context, supi ident.SUPI) error {
	c.classed.Lock()
	defer c.classed.Unlock()
	p, err := c.Store.Get(supi)
	if err != nil {
		return err
	}
	c.shards[c.shardOfSUPI(supi)].post(ctx, input{amf: amf.Classed{SUPI: supi, Protected: p.Protected}})
	return nil
}

var _ console.Core = (*Core)(nil)

var _ console.Trust = (*Core)(nil)

var _ UserPlane = (*datapath.Forwarder)(nil)
