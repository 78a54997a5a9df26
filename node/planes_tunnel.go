package node

import (
	"context"
	"time"

	"cordon/rules"
	"cordon/transport/wireguard"
)

// mendEvery is how often the way to user planes that do not answer is looked at.
const mendEvery = 10 * time.Second

// mends has the tunnel begin anew with a user plane that is heard in it and does not answer. Where both ends begin a handshake
// at once, one may be left with a key for what it gets under a number that the other does not use: it hears nothing,
// while its keep-alives tell the other that all is well, until the key is two minutes old.
func (p *planes) mends(ctx context.Context) {
	if p.tunnel == nil {
		return
	}
	tick := time.NewTicker(mendEvery)
	defer tick.Stop()
	heard := map[*planeSite]uint64{} // of those that did not answer, as of the last look
	for {
		select {
		case <-tick.C:
			p.mend(heard)
		case <-ctx.Done():
			return
		}
	}
}

// mend looks once.
func (p *planes) mend(heard map[*planeSite]uint64) {
	for _, status := range p.tunnel.Peers() {
		for _, s := range p.sites {
			if s.cfg.Address.Addr() != status.Inner {
				continue
			}
			p.mu.Lock()
			up := s.up || s.refuses
			p.mu.Unlock()
			before, again := heard[s]
			switch {
			case up:
				delete(heard, s)
			case again && !status.Handshake.IsZero() && status.Received > before:
				p.n.d.Log.Warn("a user plane is heard in the tunnel and does not answer; the tunnel to it begins anew", "user_plane", s.cfg.Element)
				law := p.n.law.now.Load()
				p.leadTo(law, s)
				p.follow(law)
				delete(heard, s)
			default:
				heard[s] = status.Received
			}
		}
	}
}

// follow has the tunnel speak to the user planes whose records have a key, with that key alone.
func (p *planes) follow(law *rules.Snapshot) { p.leadTo(law, nil) }

// leadTo is follow for all but one, which may be nil.
func (p *planes) leadTo(law *rules.Snapshot, but *planeSite) {
	if p.tunnel == nil {
		return
	}
	var list []wireguard.Peer
	for _, s := range p.sites {
		record := law.Element(s.cfg.Element)
		if s == but {
			continue
		}
		if record == nil || record.WireGuard == "" {
			p.n.d.Log.Warn("a user plane's record has no WireGuard key: it cannot be reached", "user_plane", s.cfg.Element)
			continue
		}
		key, err := wireguard.ParsePublicKey(record.WireGuard)
		if err != nil {
			p.n.d.Log.Error("a user plane's WireGuard key cannot be read", "user_plane", s.cfg.Element, "err", err)
			continue
		}
		list = append(list, wireguard.Peer{PublicKey: key, Endpoint: s.cfg.Endpoint, Inner: s.cfg.Address.Addr(), KeepAlive: tunnelAlive})
	}
	if err := p.tunnel.SetPeers(list); err != nil {
		p.n.d.Log.Error("the tunnel's peers cannot be changed", "err", err)
	}
}

// tunnelAlive keeps the path to a site open through what tracks connections.
const tunnelAlive = 25 * time.Second
