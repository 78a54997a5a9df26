package datapath

import (
	"sync"
	"sync/atomic"
	"time"

	"cordon/upf"
	"cordon/wire/pfcp"
)

const (
	eventsWaiting     = 1024
	findingsPerSecond = 10 // of each reason
)

// events hands what happens to the callback, from a goroutine of its own.
type events struct {
	tell  func(Event)
	queue chan Event
	lost  atomic.Uint64

	mu     sync.Mutex // guards window and counts
	window int64
	counts [upf.Reasons]uint8
}

func newEvents(tell func(Event)) *events {
	return &events{tell: tell, queue: make(chan Event, eventsWaiting)}
}

// run delivers until done is closed.
func (e *events) run(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case ev := <-e.queue:
			e.tell(ev)
		}
	}
}

func (e *events) post(ev Event) {
	if e.tell == nil {
		return
	}
	select {
	case e.queue <- ev:
	default:
		e.lost.Add(1)
	}
}

func (e *events) report(r pfcp.Report) { e.post(Event{Report: &r, CP: r.CP}) }

// finding passes on the first few of a reason in each second.
func (e *events) finding(now time.Duration, ev Event) {
	e.mu.Lock()
	if sec := int64(now / time.Second); sec != e.window {
		e.window, e.counts = sec, [upf.Reasons]uint8{}
	}
	ok := e.counts[ev.Reason] < findingsPerSecond
	if ok {
		e.counts[ev.Reason]++
	}
	e.mu.Unlock()
	if ok {
		e.post(ev)
	}
}
