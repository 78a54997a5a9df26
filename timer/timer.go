// Package timer keeps the protocol timers of machines that have no clock of their own:
// a queue of deadlines by key, one per key. The machine's owner asks for the next
// deadline, sleeps until then, and hands the machine the time; the machine takes out what
// has expired. A timer that was stopped or restarted is gone from the queue at once, so a
// stale expiry cannot exist.
package timer

import "time"

// Queue holds at most one deadline for each key. Its zero value is empty. It costs a map
// entry and 32 octets for each running timer; Start, Stop and Pop take O(log n).
type Queue[K comparable] struct {
	heap []entry[K]
	at   map[K]int // index in heap
}

type entry[K comparable] struct {
	when int64 // Unix nanoseconds
	key  K
}

// Start runs key's timer until the time when, replacing the one that was running.
func (q *Queue[K]) Start(key K, when time.Time) {
	if q.at == nil {
		q.at = make(map[K]int)
	}
	e := entry[K]{when.UnixNano(), key}
	i, running := q.at[key]
	if !running {
		i = len(q.heap)
		q.heap = append(q.heap, e)
		q.at[key] = i
	}
	q.heap[i] = e
	q.up(i)
	q.down(q.at[key])
}

// Stop forgets key's timer and reports whether it was running.
func (q *Queue[K]) Stop(key K) bool {
	i, running := q.at[key]
	if running {
		q.remove(i)
	}
	return running
}

// Running reports whether key's timer runs.
func (q *Queue[K]) Running(key K) bool {
	_, running := q.at[key]
	return running
}

// When is the deadline of key's timer; ok is false where it does not run.
func (q *Queue[K]) When(key K) (when time.Time, ok bool) {
	i, running := q.at[key]
	if !running {
		return time.Time{}, false
	}
	return time.Unix(0, q.heap[i].when), true
}

// Next is the earliest deadline; ok is false where no timer runs.
func (q *Queue[K]) Next() (when time.Time, ok bool) {
	if len(q.heap) == 0 {
		return time.Time{}, false
	}
	return time.Unix(0, q.heap[0].when), true
}

// Pop takes out the earliest timer whose deadline is not after now.
func (q *Queue[K]) Pop(now time.Time) (key K, ok bool) {
	if len(q.heap) == 0 || q.heap[0].when > now.UnixNano() {
		return key, false
	}
	key = q.heap[0].key
	q.remove(0)
	return key, true
}

// Len is the number of running timers.
func (q *Queue[K]) Len() int { return len(q.heap) }

func (q *Queue[K]) remove(i int) {
	last := len(q.heap) - 1
	delete(q.at, q.heap[i].key)
	moved := q.heap[last]
	q.heap[last] = entry[K]{}
	q.heap = q.heap[:last]
	if i < last {
		q.heap[i] = moved
		q.at[moved.key] = i
		q.up(i)
		q.down(q.at[moved.key])
	}
}

func (q *Queue[K]) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if q.heap[parent].when <= q.heap[i].when {
			return
		}
		q.swap(i, parent)
		i = parent
	}
}

func (q *Queue[K]) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(q.heap) {
			return
		}
		if r := child + 1; r < len(q.heap) && q.heap[r].when < q.heap[child].when {
			child = r
		}
		if q.heap[i].when <= q.heap[child].when {
			return
		}
		q.swap(i, child)
		i = child
	}
}

func (q *Queue[K]) swap(i, j int) {
	q.heap[i], q.heap[j] = q.heap[j], q.heap[i]
	q.at[q.heap[i].key], q.at[q.heap[j].key] = i, j
}
