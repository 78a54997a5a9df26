package node

import (
	"context"
	"net/netip"
	"time"

	"cordon/console"
	"cordon/datapath"
	"cordon/geo"
	"cordon/upf"
	"cordon/wire/pfcp"
)

// planeEcho judges what a round of echo requests to a radio, or to another user plane, showed. There is one round of a
// peer in several minutes, and so no more findings.
func (n *Node) planeEcho(peer netip.Addr, r upf.Round) {
	by, element := n.radioAt(peer), ""
	switch {
	case by != nil:
		element = by.element()
	case n.planes != nil:
		element = n.planes.at(peer)
	}
	fault, why, found := upf.JudgeEcho(r, n.distance(element), n.d.PathAllowance)
	if !found {
		return
	}
	n.metrics.echoFindings[fault].Add(1)
	n.observe(observed{kind: fault.String(), by: by, element: element, why: peer.String() + ": " + why})
}

// distance is from this core's user plane to an element in metres, negative where the records do not say where both are.
func (n *Node) distance(element string) float64 {
	law := n.law.now.Load()
	record := law.Element(element)
	if record == nil {
		return -1
	}
	here, there := law.Site(n.d.Site), law.Site(record.Site)
	if here == nil || there == nil || !here.Placed || !there.Placed {
		return -1
	}
	return geo.Distance(here.At, there.At)
}

// at is the element of the user plane that has an address on N4 and N9, empty for none.
func (p *planes) at(addr netip.Addr) string {
	for _, s := range p.sites {
		if s.cfg.Address.Addr() == addr {
			return s.cfg.Element
		}
	}
	return ""
}

// sayPlace warns where the configuration names a place that the records do not have.
func (c *Core) sayPlace() {
	if name := c.d.Site; name != "" {
		if s := c.law.now.Load().Site(name); s == nil || !s.Placed {
			c.opt.Log.Warn("the records do not say where this core stands: radios' echoes are not held against distance", "trust.site", name)
		}
	}
}

// Radios lists the radios that are set up, by identity, with their user planes.
func (c *Core) Radios(ctx context.Context) ([]console.Radio, error) {
	list, err := c.Node.Radios(ctx)
	if err != nil {
		return nil, err
	}
	paths := map[string][]console.PlanePeer{}
	for _, p := range c.Forwarder.Peers() {
		if by := c.radioAt(p.Peer); by != nil {
			id := by.node().String()
			paths[id] = append(paths[id], planePeer(p))
		}
	}
	for i := range list {
		list[i].Paths = paths[list[i].ID]
	}
	return list, nil
}

// echo judges what a round of echo requests showed at a site, which has no records and knows no distance.
func (s *Site) echo(peer netip.Addr, r upf.Round) {
	fault, why, found := upf.JudgeEcho(r, -1, 0)
	if !found {
		return
	}
	s.echoes[fault].Add(1)
	s.n4.observed(pfcp.Observed{Kind: fault.String(), Source: peer, Count: 1})
	s.log.Warn("a path that is not as it was", "what", fault.String(), "peer", peer, "why", why)
}

// planePeer is a peer as the console tells it.
func planePeer(p datapath.Peer) console.PlanePeer {
	q := console.PlanePeer{
		Sessions: p.Sessions, UnknownTEIDs: p.UnknownTEID, Foreign: p.Foreign, Spoofed: p.Spoofed, Repeated: p.Replayed, Gaps: p.Gaps, Malformed: p.Malformed,
		UplinkPackets: p.Usage.UplinkPackets, UplinkOctets: p.Usage.UplinkBytes, DownlinkPackets: p.Usage.DownlinkPackets, DownlinkOctets: p.Usage.DownlinkBytes,
		Echo: console.PlaneEcho{Asked: p.Echo.Asked, Answered: p.Echo.Answered, Stray: p.Echo.Stray, Measured: p.Echo.Rounds > 0,
			Round: p.Echo.Last.Answered, Fastest: milliseconds(p.Echo.Last.Fastest), Median: milliseconds(p.Echo.Last.Median)},
	}
	if p.Peer.IsValid() {
		q.Address = p.Peer.String()
	}
	return q
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// echoMetrics are the figures of all echo requests together.
func echoMetrics(s *datapath.Stats) []console.Family {
	return []console.Family{
		console.One(console.Counter, "cordon_echo_requests_total", "Echo requests to peers.", float64(s.Echoes.Asked)),
		console.One(console.Counter, "cordon_echo_answers_total", "Answers to them.", float64(s.Echoes.Answered)),
		console.One(console.Counter, "cordon_echo_stray_total", "Echo responses of peers that no request awaited.", float64(s.Echoes.Stray)),
		console.One(console.Gauge, "cordon_peers_silent", "Peers that answered no echo request of the last five.", float64(s.Silent)),
	}
}
