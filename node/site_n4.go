package node

import (
	crand "crypto/rand"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cordon/n4"
	"cordon/wire/pfcp"
)

// siteN4 is the end of N4 at a site.
type siteN4 struct {
	n4Loop
	site   *Site
	claims *time.Timer // until what no SMF has taken over is removed
	drops  counters
	kinds  counters // of findings

	mu   sync.Mutex // guards what follows
	up   map[pfcp.NodeID]linkState
	seen []pfcp.Observed // findings that no SMF has been told of
	turn bool
}

// linkState says whether a peer is there, and since when.
type linkState struct {
	up    bool
	since time.Time
}

const (
	// tellInterval is between what SMFs are told: in turn how busy this user plane is, and what it has found.
	tellInterval = 5 * time.Second
	// claimGrace is how long SMFs may take, once all are there, to take over the sessions of an earlier process.
	claimGrace = 5 * time.Minute
	// claimLimit is how long at most.
	claimLimit = 24 * time.Hour
)

func newSiteN4(s *Site, conn datagrams) *siteN4 {
	var seed [32]byte
	crand.Read(seed[:])
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	cfg := n4.Config{
		Node: s.cfg.NodeID, Addr: local.Addr().Unmap(), Recovery: pfcp.RecoveryAt(s.started), Peers: s.cfg.peers(),
		Features: siteFeatures,
	}
	l := &siteN4{site: s, claims: time.NewTimer(claimLimit), up: map[pfcp.NodeID]linkState{}}
	l.n4Loop = n4Loop{conn: conn, machine: n4.NewUserPlane(cfg, rand.NewChaCha8(seed)), perform: l.perform, inbox: make(chan n4.Event, n4Inbox), born: s.started}
	return l
}

// siteFeatures is what the forwarder can do.
const siteFeatures = pfcp.FeatureFTUP | pfcp.FeatureEMPU | pfcp.FeatureFRRT | pfcp.FeatureMNOP

func (l *siteN4) local() netip.AddrPort {
	at := l.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// beat removes what nobody has taken over in time, and says how busy this user plane is or what it has found.
func (l *siteN4) beat() n4.Event {
	select {
	case <-l.claims.C:
		l.removeUnclaimed()
	default:
	}
	if l.turn = !l.turn; l.turn {
		if found := l.takeObserved(); found != nil {
			return n4.Observed{Findings: found}
		}
	}
	return n4.Load{Percent: uint8(min(100, l.site.Forwarder.Stats().Sessions*100/l.site.cfg.Sessions))}
}

// observed keeps a finding for SMFs: those of a kind and source together, and of more only the first few.
func (l *siteN4) observed(o pfcp.Observed) {
	if !o.Source.IsValid() {
		o.Source = netip.IPv4Unspecified()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.seen, func(w pfcp.Observed) bool { return w.Kind == o.Kind && w.Source == o.Source }); i >= 0 {
		l.seen[i].Count += o.Count
	} else if len(l.seen) < pfcp.MaxObserved {
		l.seen = append(l.seen, o)
	}
}

func (l *siteN4) takeObserved() []pfcp.Observed {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := l.seen
	l.seen = nil
	return found
}

// removeUnclaimed ends the sessions of an earlier process that no SMF has taken over.
func (l *siteN4) removeUnclaimed() {
	if taken, removed := l.site.Forwarder.RemoveUnclaimed(); taken+removed > 0 {
		l.site.log.Info("sessions of an earlier process", "taken_over", taken, "removed", removed)
	}
}

// report tells an SMF what the forwarder says of its session.
func (l *siteN4) report(r pfcp.Report) { l.post(n4.Report{Report: r}) }

// perform does what the machine asks; ok says that it wants to hear the answer.
func (l *siteN4) perform(e n4.Effect) (_ n4.Event, ok bool) {
	switch e := e.(type) {
	case n4.Request:
		answer := n4.Answer{ID: e.ID}
		answer.Message, answer.Err = l.ask(e.Message)
		return answer, e.ID != 0
	case n4.Purge:
		for _, seid := range e.Sessions {
			l.site.Forwarder.Delete(pfcp.Deletion{SEID: seid}) // of one that is gone there is nothing to end
		}
		l.site.log.Info("sessions whose SMF does not want them any more have ended", "smf", e.Peer, "sessions", len(e.Sessions))
	case n4.Up:
		l.link(e.Peer, true)
		l.site.log.Info("an SMF is there", "smf", e.Peer)
		if !e.Retained && len(l.site.cfg.N4.SMFs) == 1 { // it takes nothing over, and what there is has addresses that it gives anew
			l.removeUnclaimed()
		}
	case n4.Down:
		l.link(e.Peer, false)
		l.site.log.Warn("an SMF does not answer; its sessions go on", "smf", e.Peer)
	case n4.Drop:
		l.drops[e.Reason].Add(1)
	case n4.Finding:
		l.kinds[e.Kind].Add(1)
		l.site.log.Warn("N4 from one whose role does not explain it", "what", e.Kind, "smf", e.Peer, "from", e.From, "why", e.Why, "count", e.Count)
	}
	return nil, false
}

// ask has the forwarder do what an SMF wants.
func (l *siteN4) ask(m pfcp.Message) (pfcp.Message, error) {
	switch m := m.(type) {
	case *pfcp.Establishment:
		answer, err := l.site.Forwarder.Establish(*m)
		return &answer, err
	case *pfcp.Modification:
		answer, err := l.site.Forwarder.Modify(*m)
		return &answer, err
	case *pfcp.Deletion:
		answer, err := l.site.Forwarder.Delete(*m)
		return &answer, err
	}
	return nil, &pfcp.Rejection{Cause: pfcp.CauseServiceNotSupported}
}

func (l *siteN4) link(peer pfcp.NodeID, up bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, known := l.up[peer]
	l.up[peer] = linkState{up, time.Now()}
	if !known && len(l.up) == len(l.site.cfg.N4.SMFs) {
		l.claims.Reset(claimGrace)
	}
}

func (l *siteN4) state(peer pfcp.NodeID) linkState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.up[peer]
}
