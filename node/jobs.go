package node

import (
	"net/netip"
	"sync"
)

// jobs are the questions that wait for the authenticator. The addresses that radios come from
// take turns, so that whoever asks much waits for themselves, and one who has not yet had a
// share of the room is let in when there is none left. An address counts and not an association,
// since a hostile host can have many of these.
type jobs struct {
	room  int
	ready chan struct{} // holds one for each job

	mu    sync.Mutex // guards what follows
	lines map[netip.Addr]*jobLine
	turns []*jobLine // those that have jobs; the first is next
	n     int
}

// jobLine is the jobs of one address, oldest first.
type jobLine struct {
	from netip.Addr
	jobs []job
}

// newJobs makes an empty queue. Twice the room is the most that it ever holds.
func newJobs(room int) *jobs {
	return &jobs{room: room, ready: make(chan struct{}, 2*room), lines: make(map[netip.Addr]*jobLine)}
}

// put queues a job, or is false where its radio's address has had its share.
func (q *jobs) put(j job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	from := j.by.peer.Addr()
	l := q.lines[from]
	if q.n >= q.room {
		share := q.room / max(len(q.lines), 1)
		if l != nil && len(l.jobs) >= share || q.n == cap(q.ready) {
			return false
		}
	}
	if l == nil {
		l = &jobLine{from: from}
		q.lines[from] = l
		q.turns = append(q.turns, l)
	}
	l.jobs = append(l.jobs, j)
	q.n++
	q.ready <- struct{}{} // has room for all
	return true
}

// take is the next job, for who has taken from ready.
func (q *jobs) take() job {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.turns[0]
	q.turns[0] = nil
	q.turns = q.turns[1:]
	j := l.jobs[0]
	l.jobs[0] = job{}
	l.jobs = l.jobs[1:]
	q.n--
	if len(l.jobs) > 0 {
		q.turns = append(q.turns, l)
	} else {
		delete(q.lines, l.from)
	}
	return j
}
