package n4

import (
	"math/rand/v2"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// UserPlane is the end of a UPF.
type UserPlane struct {
	endpoint
	sessions []slot
	free     []uint32
	gen      uint32                // of the session that comes next
	byUP     map[ident.SEID]uint32 // index of a session by the user plane's name
	byCP     map[name]uint32       // and by its SMF's
	doing    map[uint64]doing      // Requests without an Answer
	next     uint64                // ID of the Request that comes next
	load     pfcp.Load
}

// smf is what a user plane knows of a peer.
type smf struct {
	features pfcp.CPFeatures
	count    int    // sessions
	life     uint8  // counts the restarts of the SMF
	sweeping bool   // sessions of an earlier life may be there
	setup    *setup // waits for the peer to say that it restarted
	reports  []waiting
	wants    bool            // it takes findings
	observed []pfcp.Observed // that wait
	telling  bool            // it has been told some and has not answered
}

// slot is a session at the end of its user plane. The local user plane's name for the SMF's is gen<<32 | index+1.
type slot struct {
	peer *peer // nil: free
	cp   ident.SEID
	up   ident.SEID // 0: being made
	gen  uint32
	life uint8
}

// name is a SMF's name of a session.
type name struct {
	peer *peer
	cp   ident.SEID
}

// doing is a request that the local user plane has.
type doing struct {
	peer  *peer
	ask   ask
	index uint32
	gen   uint32
}

// maxDoing is how many Requests may be without an Answer.
const maxDoing = 4096

// NewUserPlane is a user plane that no SMF has associated with yet.
func NewUserPlane(cfg Config, random rand.Source) *UserPlane {
	u := &UserPlane{byUP: map[ident.SEID]uint32{}, byCP: map[name]uint32{}, doing: map[uint64]doing{}, next: 1, gen: uint32(random.Uint64())}
	u.endpoint = newEndpoint(cfg, random, u)
	u.list(u.cfg.Peers)
	return u
}

// Step takes an event.
func (u *UserPlane) Step(now time.Time, ev Event) []Effect {
	u.begin(now)
	switch ev := ev.(type) {
	case Datagram:
		u.datagram(ev)
	case Answer:
		u.did(ev)
	case Report:
		u.report(ev.Report)
	case Path:
		u.path(ev)
	case Observed:
		u.observed(ev)
	case Load:
		if percent := min(ev.Percent, 100); percent != u.load.Percent {
			u.load = pfcp.Load{Sequence: u.load.Sequence + 1, Percent: percent}
		}
	case Peers:
		u.list(ev.Peers)
	case Tick:
	case Request:
		u.emit(Drop{Reason: ReasonRole})
	}
	return u.out
}

// Sessions is how many there are.
func (u *UserPlane) Sessions() int { return len(u.byUP) }

// of is what is known of a peer as an SMF.
func (u *UserPlane) of(p *peer) *smf {
	if p.smf == nil {
		p.smf = &smf{}
	}
	return p.smf
}

// take makes room for a session. The index stays until give.
func (u *UserPlane) take(p *peer, cp ident.SEID) uint32 {
	var i uint32
	if n := len(u.free); n > 0 {
		i, u.free = u.free[n-1], u.free[:n-1]
	} else {
		i = uint32(len(u.sessions))
		u.sessions = append(u.sessions, slot{})
	}
	s := u.of(p)
	s.count++
	u.gen++
	u.sessions[i] = slot{peer: p, cp: cp, gen: u.gen, life: s.life}
	u.byCP[name{p, cp}] = i
	return i
}

// give forgets a session.
func (u *UserPlane) give(i uint32) {
	s := &u.sessions[i]
	if s.up != 0 && u.byUP[s.up] == i {
		delete(u.byUP, s.up)
	}
	if k := (name{s.peer, s.cp}); u.byCP[k] == i {
		delete(u.byCP, k)
	}
	s.peer.smf.count--
	*s = slot{}
	u.free = append(u.free, i)
}

// local is what the local user plane calls a session's SMF end.
func (u *UserPlane) local(i uint32) ident.SEID {
	return ident.SEID(uint64(u.sessions[i].gen)<<32 | uint64(i) + 1)
}

// named finds a session by its local name.
func (u *UserPlane) named(n ident.SEID) (*slot, bool) {
	i := uint32(n) - 1
	if int64(i) >= int64(len(u.sessions)) || u.sessions[i].peer == nil || u.sessions[i].gen != uint32(n>>32) {
		return nil, false
	}
	return &u.sessions[i], true
}

// purge has the local user plane end the sessions of a peer that do not belong to a life, or all.
func (u *UserPlane) purge(p *peer, all bool) {
	var gone []ident.SEID
	for i := range u.sessions {
		s := &u.sessions[i]
		if s.peer != p || !all && s.life == p.smf.life {
			continue
		}
		if s.up != 0 {
			gone = append(gone, s.up)
		}
		u.give(uint32(i))
	}
	if len(gone) > 0 {
		u.emit(Purge{Peer: p.Node, Sessions: gone})
	}
}
