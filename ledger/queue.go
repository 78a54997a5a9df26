package ledger

import (
	"fmt"
	"time"

	"cordon/evidence"
)

const (
	// maxQueue is how many octets of entries wait at most for the group after the one that is being
	// written.
	maxQueue = 8 << 20
	// hurry is how many octets are a group worth writing at once.
	hurry = 1 << 20
)

// queue is what has been appended and is not on disk.
type queue struct {
	waiting []byte // entries, each after its length
	count   int    // entries in waiting
	writing int    // entries that the writer has taken and not yet written
	latest  time.Time
	gap     evidence.Entry // what has been lost and not yet written down, when its Count is not zero
	lost    uint64         // since Open
	failing error          // why the last group was not written

	appended, durable uint64 // entries since Open
	waiters           []waiter
	shut              bool
}

// A waiter wants to know when so many entries are on disk.
type waiter struct {
	target uint64
	done   chan error
}

// Append hands over an entry, to be written as it is after [evidence.AppendEntry] has brought it
// within its limits; Time and Clock are set here. It never blocks and never fails: what cannot be
// kept is counted as lost, and after Close nothing is kept. It keeps no reference to what e holds.
func (l *Log) Append(e evidence.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		l.lost++
		return
	}
	if len(l.waiting) > maxQueue-2*(2+evidence.MaxEntry) { // room for a gap and the longest entry
		l.lose()
		return
	}
	l.recordGap()
	before := len(l.waiting)
	l.put(e)
	switch {
	case before == 0:
		poke(l.dirty)
	case before <= hurry && len(l.waiting) > hurry:
		poke(l.urgent)
	}
}

// put writes an entry to the queue.
func (q *queue) put(e evidence.Entry) {
	e.Time, e.Clock = q.stamp(time.Now())
	at := len(q.waiting)
	q.waiting = evidence.AppendEntry(append(q.waiting, 0, 0), e)
	n := len(q.waiting) - at - 2
	q.waiting[at], q.waiting[at+1] = byte(n>>8), byte(n)
	q.count++
	q.appended++
}

// stamp is the time of the next entry, which is never earlier than that of the last one; where the
// clock has been put back, what it says stands beside it.
func (q *queue) stamp(now time.Time) (at, clock time.Time) {
	now = now.UTC().Truncate(time.Millisecond)
	if now.Before(q.latest) {
		return q.latest, now
	}
	q.latest = now
	return now, time.Time{}
}

// lose counts an entry that there is no room for.
func (l *Log) lose() {
	now := time.Now()
	if l.gap.Count == 0 {
		l.gap = evidence.Entry{Kind: evidence.Gap, From: now, Why: "entries came faster than they could be written"}
		if l.failing != nil {
			l.gap.Why = l.failing.Error()
		}
		poke(l.trouble)
	}
	l.gap.To = now
	l.gap.Count++
	l.lost++
}

// recordGap puts in the queue what was lost at this place.
func (q *queue) recordGap() {
	if q.gap.Count == 0 {
		return
	}
	q.put(q.gap)
	q.gap = evidence.Entry{}
}

// take hands the writer all that waits, in the order in which it came, and takes room for the next.
func (l *Log) take(room []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recordGap() // what was lost came after all that waits
	if cap(room) > 2*hurry {
		room = nil // it grew in a burst or an outage
	}
	entries := l.waiting
	l.waiting, l.count, l.writing = room[:0], 0, l.count
	return entries
}

// written tells how a group of so many entries went.
func (l *Log) written(n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failing = err; err == nil {
		l.writing -= n
		l.durable += uint64(n)
	} else {
		poke(l.trouble)
	}
	rest := l.waiters[:0]
	for _, w := range l.waiters {
		if err != nil || w.target <= l.durable {
			w.done <- err
		} else {
			rest = append(rest, w)
		}
	}
	l.waiters = rest
}

// Sync returns once all that was appended before it is on disk, or with the reason why it is not;
// entries are then still kept and retried.
func (l *Log) Sync() error {
	l.mu.Lock()
	w := waiter{l.appended, make(chan error, 1)}
	if w.target == l.durable && l.gap.Count == 0 {
		l.mu.Unlock()
		return nil
	}
	if l.shut {
		l.mu.Unlock()
		return errClosed
	}
	l.waiters = append(l.waiters, w)
	l.mu.Unlock()
	poke(l.urgent)
	return <-w.done
}

// Health tells whether entries are being written, else why not, as a sentence for the operator; how
// many wait; and how many have been lost since Open.
func (l *Log) Health() (ok bool, problem string, pending int, lost uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pending = l.count + l.writing
	switch {
	case l.failing != nil:
		return false, l.failing.Error(), pending, l.lost
	case l.gap.Count > 0:
		return false, fmt.Sprintf("entries come faster than %s takes them", l.dir), pending, l.lost
	}
	return true, "", pending, l.lost
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is poked already
	}
}
