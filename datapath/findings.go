package datapath

import (
	"net/netip"
	"sync"
	"time"

	"cordon/upf"
)

const (
	findingsKept     = 4096 // by reason and source
	strangersKept    = 256  // of them, of sources that are no radio's: these can be made up
	findingIdleAfter = 2    // seconds
)

// findings counts what packets show by reason and source, and tells each at most once a
// second. A packet costs a look into a map; nothing is allocated for it, whether it is told
// or counted only.
type findings struct {
	mu        sync.Mutex // guards what follows
	index     map[findingKey]int
	list      []finding
	free      []int
	strangers int
}

// findingKey names what is told together. Without a source it is everything of the reason
// that found no place.
type findingKey struct {
	source netip.Addr
	reason upf.Reason
}

type finding struct {
	key    findingKey
	radio  bool
	event  Event // the one that was told last; its Count is of what was not told yet
	second int64 // when that was
}

// add counts a packet, and tells it if nothing of its kind was told in this second.
func (f *findings) add(now time.Duration, ev Event, packet []byte, tell func(*Event) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, second := f.of(findingKey{ev.Source.Addr(), ev.Reason}, ev.Radio), int64(now/time.Second)
	if e.second == second {
		e.event.Count++
		return
	}
	ev.Count = e.event.Count + 1
	ev.n = uint8(copy(ev.octets[:], packet))
	e.event, e.second = ev, second
	e.offer(tell)
}

// offer tells what was counted, or keeps it.
func (e *finding) offer(tell func(*Event) bool) {
	if tell(&e.event) {
		e.event.Count = 0
	}
}

// of is where a kind is counted.
func (f *findings) of(k findingKey, radio bool) *finding {
	if i, ok := f.index[k]; ok {
		return &f.list[i]
	}
	known := k.source.IsValid()
	if known && (len(f.index) >= findingsKept || !radio && f.strangers >= strangersKept) {
		return f.of(findingKey{reason: k.reason}, false)
	}
	if f.index == nil {
		f.index = map[findingKey]int{}
	}
	i := len(f.list)
	if n := len(f.free); n > 0 {
		i, f.free = f.free[n-1], f.free[:n-1]
	} else {
		f.list = append(f.list, finding{})
	}
	if known && !radio {
		f.strangers++
	}
	f.index[k] = i
	f.list[i] = finding{key: k, radio: radio, second: -1}
	return &f.list[i]
}

// sweep tells what is left of the seconds before now, and forgets what has not been seen for a while.
func (f *findings) sweep(now time.Duration, tell func(*Event) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	second := int64(now / time.Second)
	for k, i := range f.index {
		e := &f.list[i]
		switch {
		case e.second == second:
		case e.event.Count > 0:
			e.second = second
			e.offer(tell)
		case second-e.second >= findingIdleAfter:
			delete(f.index, k)
			f.free = append(f.free, i)
			if k.source.IsValid() && !e.radio {
				f.strangers--
			}
		}
	}
}
