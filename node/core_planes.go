package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"cordon/datapath"
	"cordon/evidence"
	"cordon/ident"
	"cordon/n4"
	"cordon/rules"
	"cordon/smf"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// openTunnel opens the tunnel to other sites. Whom it speaks to follows from the records, which are not read yet.
func (c *Core) openTunnel(up *datapath.Config) (err error) {
	if !c.cfg.WireGuard.on() || len(c.cfg.UserPlanes) == 0 {
		return nil
	}
	if c.Tunnel, err = c.cfg.WireGuard.open(c.opt.Log); err != nil {
		return err
	}
	if up.N9, err = c.Tunnel.Listen(gtpu.Port); err != nil {
		return fmt.Errorf("opening N9: %w", err)
	}
	for i := range c.cfg.UserPlanes {
		c.cfg.UserPlanes[i].Inside = true
		up.N9Peers = append(up.N9Peers, c.cfg.UserPlanes[i].Address.Addr())
	}
	return nil
}

// openPlanes opens N4 towards user planes at other sites.
func (c *Core) openPlanes() (*planes, error) {
	if len(c.cfg.UserPlanes) == 0 {
		return nil, nil
	}
	conn, err := c.listenN4()
	if err != nil {
		return nil, err
	}
	p := newPlanes(c.Forwarder, c.cfg.UserPlanes)
	p.tunnel = c.Tunnel
	if c.Tunnel != nil {
		p.n9 = c.Tunnel.Inner()
	}
	// What other sites had before a restart is made anew as its devices come, and would be in the way.
	p.n4 = newControlN4(p, conn, n4.Config{Node: c.cfg.N4.NodeID, Recovery: pfcp.RecoveryAt(c.started), Peers: p.peers(), Anew: true, Observed: true}, c.started)
	return p, nil
}

func (c *Core) listenN4() (datagrams, error) {
	if c.Tunnel != nil {
		conn, err := c.Tunnel.Listen(pfcp.Port)
		if err != nil {
			return nil, fmt.Errorf("opening N4: %w", err)
		}
		return conn, nil
	}
	return listenN4(c.cfg.N4.Address)
}

// listenN4 opens a socket of N4 at an address of this host.
func listenN4(at netip.AddrPort) (datagrams, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("N4 address %s is in use by another program: %w", at, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("N4 address %s is not one of this host's: %w", at.Addr(), err)
	case err != nil:
		return nil, fmt.Errorf("opening N4 at %s: %w", at, err)
	}
	return conn, nil
}

// serve drives N4 until ctx ends.
func (p *planes) serve(ctx context.Context) {
	p.follow(p.n.law.now.Load())
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { p.audits(ctx) })
	wg.Go(func() { p.mends(ctx) })
	p.n4.loop.run(ctx, time.Minute, func() n4.Event { return n4.Tick{} })
}

// pathLost tells the SMF that a session needs another way.
func (n *Node) pathLost(cp ident.SEID) {
	if shard := smf.ShardOf(cp); int(shard) < len(n.shards) {
		n.shards[shard].post(n.life, input{smf: smf.PathLost{SEID: cp}})
	}
}

// judgedPlane writes down a verdict of the N4 gate that restricts or refuses.
func (n *Node) judgedPlane(v rules.Verdict, element string, at netip.AddrPort) {
	n.metrics.verdicts[rules.GateN4][v.Act].Add(1)
	e := evidence.Entry{Kind: evidence.Verdict, Act: v.Act.String(), Gate: rules.GateN4.String(), Element: element, Snapshot: n.law.digest(),
		Detail: details(map[string]string{"peer": at.String(), "owes": v.Owes.String(), "due": v.Due.String()})}
	e.Rules, e.Regimes = decided(v)
	if v.Rule != nil {
		e.Why = v.Rule.Text
	}
	n.d.Evidence.Append(e)
}
