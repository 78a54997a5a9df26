package upf

import (
	"net/netip"
	"slices"
	"time"
)

// Echoes measures the paths to peers by GTP-U echo (TS 29.281 §7.2.1). Sequence numbers are drawn at random, so that
// who does not see a request cannot answer it before its peer does, but by chance. Its owner is one goroutine at a time.
type Echoes struct {
	Random func() uint64 // cryptographically secure
	paths  map[netip.Addr]*echoPath
	total  EchoCounts
}

// EchoCounts are what was asked for and came.
type EchoCounts struct {
	Asked, Answered uint64
	Stray           uint64 // responses that no request awaited, or with another sequence number
}

// EchoRound is how many requests to a peer make a round, of which one verdict follows: no single packet decides.
const EchoRound = 5

// Round is what a round of echo requests to one peer showed. Durations are round trips.
type Round struct {
	Answered int // of EchoRound requests, each before the next was sent
	// Fastest and Second are the two shortest, Median the one in the middle; 0 of too few answers.
	Fastest, Second, Median time.Duration
	// Grown is by how much the path became longer than its baseline, for three rounds now; else 0. What it is
	// now is the baseline from then on.
	Grown time.Duration
}

// EchoHealth is what is known of a peer by its echoes.
type EchoHealth struct {
	EchoCounts
	Rounds uint64 // that are complete
	Last   Round  // of these
}

type echoPath struct {
	waiting bool   // for the answer to seq
	seq     uint16 // of the latest request
	sent    time.Duration
	asked   int             // in this round
	trips   []time.Duration // of this round
	normal  baseline
	EchoHealth
}

// echoPathsKept is how long a peer that is not asked is remembered: radios without sessions are not, and come back.
// Beyond maxPeers any one makes room.
const echoPathsKept = 24 * time.Hour

// Ask makes a request to a peer, which is sent at now with the sequence number. Where it begins a new round, it gives
// what the one before showed.
func (e *Echoes) Ask(now time.Duration, peer netip.Addr) (seq uint16, before Round, ended bool) {
	p := e.paths[peer]
	if p == nil {
		if e.paths == nil {
			e.paths = map[netip.Addr]*echoPath{}
		}
		for a := range e.paths {
			if len(e.paths) < maxPeers {
				break
			}
			delete(e.paths, a)
		}
		p = &echoPath{trips: make([]time.Duration, 0, EchoRound)}
		e.paths[peer] = p
	}
	if ended = p.asked == EchoRound; ended {
		before = p.end()
	}
	p.asked++
	p.Asked++
	e.total.Asked++
	p.waiting, p.sent, p.seq = true, now, uint16(e.Random())
	return p.seq, before, ended
}

// Answer takes note of a response that arrived at now. It counts if it is the first to the latest request.
func (e *Echoes) Answer(now time.Duration, peer netip.Addr, seq uint16) {
	p := e.paths[peer]
	switch {
	case p == nil:
		e.total.Stray++
	case !p.waiting || seq != p.seq:
		e.total.Stray++
		p.Stray++
	default:
		p.waiting = false
		e.total.Answered++
		p.Answered++
		p.trips = append(p.trips, now-p.sent)
	}
}

// Health is what is known of a peer, nothing of one that was not asked.
func (e *Echoes) Health(peer netip.Addr) EchoHealth {
	if p := e.paths[peer]; p != nil {
		return p.EchoHealth
	}
	return EchoHealth{}
}

// Counts are of all peers together, those that are forgotten among them; silent is how many peers answered nothing of their
// last whole round.
func (e *Echoes) Counts() (all EchoCounts, silent int) {
	for _, p := range e.paths {
		if p.Rounds > 0 && p.Last.Answered == 0 {
			silent++
		}
	}
	return e.total, silent
}

// Forget forgets peers that have not been asked for a day.
func (e *Echoes) Forget(now time.Duration) {
	for a, p := range e.paths {
		if now-p.sent > echoPathsKept {
			delete(e.paths, a)
		}
	}
}

// end makes a round of what was measured.
func (p *echoPath) end() Round {
	slices.Sort(p.trips)
	r := Round{Answered: len(p.trips)}
	if n := len(p.trips); n > 0 {
		r.Fastest, r.Median = p.trips[0], p.trips[(n-1)/2]
		if n > 1 {
			r.Second = p.trips[1]
		}
	}
	r.Grown = p.normal.next(r)
	p.Last = r
	p.Rounds++
	p.asked, p.trips = 0, p.trips[:0]
	return r
}

// baseline is the shortest round trip that a path has had.
type baseline struct {
	shortest time.Duration
	longer   int           // rounds in a row that were longer
	least    time.Duration // of these
}

const (
	baselineRounds = 3                    // that have to be longer, so that a busy hour's first minutes are none
	baselineSlack  = 2 * time.Millisecond // and by how much at least, beside a quarter
	baselineOf     = 3                    // answers without which a round says nothing
)

// next takes note of a round, and gives by how much the path has grown. It only becomes shorter unless it is told to
// have grown: so a path cannot grow in steps too small to be seen.
func (b *baseline) next(r Round) time.Duration {
	switch {
	case r.Answered < baselineOf:
		return 0
	case b.shortest == 0 || r.Fastest < b.shortest:
		*b = baseline{shortest: r.Fastest}
		return 0
	case r.Fastest <= b.shortest+max(baselineSlack, b.shortest/4):
		b.longer = 0
		return 0
	case b.longer == 0 || r.Fastest < b.least:
		b.least = r.Fastest
	}
	if b.longer++; b.longer < baselineRounds {
		return 0
	}
	grown := b.least - b.shortest
	*b = baseline{shortest: b.least}
	return grown
}
