package node

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"cordon/n4"
	"cordon/rules"
	"cordon/wire/pfcp"
)

// controlN4 is this core's end of N4 towards user planes at other sites.
type controlN4 struct {
	loop   *n4Loop
	planes *planes
	node   pfcp.NodeID     // this core's
	ctx    context.Context // the node's life

	mu     sync.Mutex // guards what follows
	asked  map[uint64]chan n4.Answer
	lastID uint64
}

func newControlN4(p *planes, conn datagrams, cfg n4.Config, born time.Time) *controlN4 {
	var seed [32]byte
	crand.Read(seed[:])
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	cfg.Addr = local.Addr().Unmap()
	if !cfg.Node.Valid() {
		cfg.Node.Addr = cfg.Addr
	}
	c := &controlN4{planes: p, node: cfg.Node, asked: map[uint64]chan n4.Answer{}}
	c.loop = &n4Loop{conn: conn, machine: n4.NewControlPlane(cfg, rand.NewChaCha8(seed)), perform: c.perform, inbox: make(chan n4.Event, n4Inbox), born: born}
	return c
}

// ask puts a request to a user plane and waits for its answer, which comes in any case: n4 gives up after some seconds.
func (c *controlN4) ask(node pfcp.NodeID, m pfcp.Message) (pfcp.Message, error) {
	answer := make(chan n4.Answer, 1)
	c.mu.Lock()
	c.lastID++
	id := c.lastID
	c.asked[id] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.asked, id)
		c.mu.Unlock()
	}()
	select {
	case c.loop.inbox <- n4.Request{Peer: node, ID: id, Message: m}:
	case <-c.ctx.Done():
		return nil, n4.ErrDown
	}
	select {
	case a := <-answer:
		return a.Message, a.Err
	case <-c.ctx.Done():
		return nil, n4.ErrDown
	}
}

// perform takes what N4's machine says.
func (c *controlN4) perform(e n4.Effect) (n4.Event, bool) {
	p := c.planes
	switch e := e.(type) {
	case n4.Answer:
		c.mu.Lock()
		answer := c.asked[e.ID]
		c.mu.Unlock()
		if answer != nil {
			answer <- e
		}
	case n4.Up:
		p.standing(e.Peer, true)
	case n4.Down:
		p.standing(e.Peer, false)
	case n4.Load:
		p.loaded(e)
	case n4.Lost:
		p.lost(e)
	case n4.Report:
		p.n.Report(c.ctx, e.Report)
	case n4.Finding:
		p.finding(e)
	case n4.Observed:
		p.observed(e)
	case n4.Path:
		p.n.d.Log.Warn("a user plane says of a tunnel's far end", "user_plane", p.name(e.Peer), "remote", e.Remote, "answers", !e.Failed)
	case n4.Drop:
		p.n.metrics.n4Drops[e.Reason].Add(1)
		if e.Reason == n4.ReasonRefused {
			p.refused(e.Peer, c.node)
		}
	}
	return nil, false
}

// standing notes that a user plane is there, or is not.
func (p *planes) standing(node pfcp.NodeID, up bool) {
	s := p.of(node)
	if s == nil {
		return
	}
	p.mu.Lock()
	s.up, s.since, s.refuses = up, time.Now(), false
	p.mu.Unlock()
	if !up {
		p.n.d.Log.Warn("a user plane does not answer; its sessions stay, new ones go elsewhere", "user_plane", s.cfg.Element)
		return
	}
	p.judge(s)
	p.n.d.Log.Info("a user plane is there", "user_plane", s.cfg.Element, "may_serve", !p.isBarred(s))
	p.attract(s)
}

// refused tells once of a user plane that answers and does not want this core.
func (p *planes) refused(node, own pfcp.NodeID) {
	s := p.of(node)
	if s == nil {
		return
	}
	p.mu.Lock()
	told := s.refuses
	s.refuses = true
	p.mu.Unlock()
	if !told {
		p.n.d.Log.Warn("a user plane refuses this core: its configuration has to name it under n4.smfs, by node_id and address", "user_plane", s.cfg.Element, "node_id", own)
	}
}

// attract has sessions that went past a user plane while it was away, and so without the networks at its site, come
// back by it.
func (p *planes) attract(s *planeSite) {
	p.mu.Lock()
	var past []*course
	for _, c := range p.courses {
		if c.via == nil && c.anchor == nil && !c.place.sealed && len(s.cfg.localOf(c.place.dnn)) > 0 {
			past = append(past, c)
		}
	}
	p.mu.Unlock()
	for _, c := range past {
		p.in(c.key, func() {
			if c.via == nil && between(p.candidates(c.place), c.place) == s {
				p.n.pathLost(c.rules.CP.SEID)
			}
		})
	}
}

func (p *planes) loaded(l n4.Load) {
	if s := p.of(l.Peer); s != nil {
		p.mu.Lock()
		s.load = l.Percent
		p.mu.Unlock()
	}
}

// finding takes note of what N4 shows of a user plane, or of a stranger.
func (p *planes) finding(f n4.Finding) {
	p.n.metrics.n4Findings[f.Kind].Add(uint64(max(1, f.Count)))
	o := observed{kind: "n4 " + f.Kind.String(), why: f.Why, message: f.Bytes, count: uint64(max(1, f.Count))}
	if s := p.of(f.Peer); s != nil && p.proven(s) {
		o.element = s.cfg.Element
	}
	if o.element == "" || f.Kind == n4.KindStranger || f.Kind == n4.KindForeignNode {
		o.why = fmt.Sprintf("from %s: %s", f.From, f.Why)
	}
	p.n.observe(o)
}

// proven reports whether what comes from a user plane's address is its own: where nothing protects N4, anybody on the way
// can write it.
func (p *planes) proven(s *planeSite) bool {
	record := p.n.law.now.Load().Element(s.cfg.Element)
	return s.cfg.Inside || record != nil && record.Protection != "" && record.Protection != "none"
}

// judge asks the N4 gate about a user plane, and tells what has changed.
func (p *planes) judge(s *planeSite) {
	v := rules.Decide(p.n.law.now.Load(), rules.Question{Gate: rules.GateN4, Element: s.cfg.Element})
	p.mu.Lock()
	was, told := s.barred, s.judged
	s.barred, s.judged = v.Act == rules.Refuse, true
	p.mu.Unlock()
	if told && was == s.barred {
		return
	}
	if v.Act != rules.Allow {
		p.n.judgedPlane(v, s.cfg.Element, s.cfg.Address)
	}
	if s.barred {
		p.n.d.Log.Warn("a user plane may not serve", "user_plane", s.cfg.Element, "rule", ruleID(v.Rule))
	}
}

func (p *planes) isBarred(s *planeSite) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return s.barred
}

// peers are the user planes as N4 wants them.
func (p *planes) peers() (list []n4.Peer) {
	for _, s := range p.sites {
		peer := n4.Peer{Node: s.cfg.node(), Addrs: []netip.Addr{s.cfg.Address.Addr()}, Port: s.cfg.Address.Port(), Rate: s.cfg.Rate / 8}
		peer.Tunnels = append([]netip.Prefix{netip.PrefixFrom(s.cfg.Address.Addr(), s.cfg.Address.Addr().BitLen())}, s.cfg.Tunnels...)
		peer.Public = s.cfg.NAT
		list = append(list, peer)
	}
	return list
}
