package n4

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// ControlPlane is the end of an SMF.
type ControlPlane struct {
	endpoint
	begun    bool
	sessions map[name]*session // by the SMF's name: at each user plane on its way a session has the same
}

// upf is what a control plane knows of a peer.
type upf struct {
	features pfcp.UPFeatures
	setting  bool                    // an association set-up has no answer yet
	lastSet  time.Time               // when it was sent
	suspect  time.Time               // since when it is open whether the peer began anew
	byUP     map[ident.SEID]*session // by the user plane's name
	ends     map[pfcp.FTEID]*session // by tunnel endpoint
	asked    int                     // requests about sessions without an answer
	ready    []*session              // something is to be asked about them, once there is room
	calm     time.Time               // before then what was asked when it was last there may still arrive: nothing is asked
	// unsettled have something to be made when the peer is there again.
	unsettled []*session
	load      pfcp.Load
	overload  pfcp.Overload
	// had are the sessions that it had last, by the SMF's name: what it still says of one that another has now is only late.
	had  [lateSessions]ident.SEID
	next int // of had
}

// lateSessions is of how many sessions that have left it a user plane may still speak without being suspected.
const lateSessions = 256

// session is one at the end of its SMF. What is asked about one is asked one at a time, since datagrams overtake each other.
type session struct {
	peer  *peer
	cp    ident.SEID
	up    ident.SEID // 0: not known yet
	busy  bool       // something is asked
	ready bool       // on its peer's list of that name
	queue []work

	request  *pfcp.Establishment // until it is answered; with doubt, what it may have made
	doubt    bool                // the establishment was not answered
	gone     bool                // to be deleted
	deferred *pfcp.Modification  // to be made
	unsettle bool                // on its peer's list of that name

	ends     []end
	began    time.Time // asked for
	made     time.Time // answered
	measured []measured
	existing bool // it was there before began
	dead     bool // forgotten
}

// end is the tunnel endpoint of a rule.
type end struct {
	pdr  pfcp.PDRID
	endp pfcp.FTEID
}

// work is a request that waits for its turn.
type work struct {
	id      uint64
	message pfcp.Message
}

// maxQueue is how many requests about one session wait.
const maxQueue = 16

// NewControlPlane is a control plane that has yet to associate with its user planes, which the first Step begins.
func NewControlPlane(cfg Config, random rand.Source) *ControlPlane {
	m := &ControlPlane{sessions: map[name]*session{}}
	m.endpoint = newEndpoint(cfg, random, m)
	return m
}

// Step takes an event.
func (m *ControlPlane) Step(now time.Time, ev Event) []Effect {
	m.begin(now)
	if !m.begun {
		m.begun = true
		m.meet(m.cfg.Peers)
	}
	switch ev := ev.(type) {
	case Datagram:
		m.datagram(ev)
	case Request:
		m.asks(ev)
	case Peers:
		m.meet(ev.Peers)
	case Tick:
	case Answer, Report, Path, Load, Observed:
		m.emit(Drop{Reason: ReasonRole})
	}
	return m.out
}

// Sessions is how many a user plane has, as far as is known here.
func (m *ControlPlane) Sessions(node pfcp.NodeID) int {
	if p := m.peers[node]; p != nil && p.upf != nil {
		return len(p.upf.byUP)
	}
	return 0
}

// meet replaces the list and begins to associate with those that are new.
func (m *ControlPlane) meet(peers []Peer) {
	m.list(peers)
	for _, p := range m.order {
		if p.upf == nil {
			p.upf = &upf{byUP: map[ident.SEID]*session{}, ends: map[pfcp.FTEID]*session{}}
			m.setUp(p, 0)
		}
	}
}

// of lists the sessions of a user plane, by name.
func (m *ControlPlane) of(p *peer) []*session {
	var out []*session
	for _, s := range m.sessions {
		if s.peer == p {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *session) int { return cmp.Compare(a.cp, b.cp) })
	return out
}

// flush answers what waits for its turn.
func (m *ControlPlane) flush(s *session, why error) {
	for _, w := range s.queue {
		m.emit(Answer{ID: w.id, Err: why})
	}
	s.queue = nil
}

// forget ends what is known of a session. What still waits for its turn has no session any more.
func (m *ControlPlane) forget(s *session, why error) {
	if k := (name{s.peer, s.cp}); m.sessions[k] == s {
		delete(m.sessions, k)
	}
	u := s.peer.upf
	if s.up != 0 && u.byUP[s.up] == s {
		delete(u.byUP, s.up)
	}
	for _, e := range s.ends {
		if u.ends[e.endp] == s {
			delete(u.ends, e.endp)
		}
	}
	if s.up != 0 {
		u.had[u.next] = s.cp
		u.next = (u.next + 1) % lateSessions
	}
	m.flush(s, why)
	*s = session{peer: s.peer, cp: s.cp, dead: true}
}
