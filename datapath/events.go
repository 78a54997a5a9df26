package datapath

import (
	"net/netip"
	"sync/atomic"
	"time"

	"cordon/upf"
	"cordon/wire/pfcp"
)

const (
	eventsWaiting   = 1024
	findingsWaiting = eventsWaiting / 2 // the rest is for reports, without which devices are not reached
)

// events hands what happens to the callback, from a goroutine of its own.
type events struct {
	tell     func(Event)
	queue    chan Event
	lost     atomic.Uint64
	findings findings
}

func newEvents(tell func(Event)) *events {
	return &events{tell: tell, queue: make(chan Event, eventsWaiting)}
}

// run delivers until done is closed, and each second what was counted and not yet told.
func (e *events) run(done <-chan struct{}, now func() time.Duration) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case ev := <-e.queue:
			e.tell(ev)
		case <-tick.C:
			e.findings.sweep(now(), e.offer)
		}
	}
}

func (e *events) report(r pfcp.Report) {
	if e.tell == nil {
		return
	}
	select {
	case e.queue <- Event{Report: &r, CP: r.CP}:
	default:
		e.lost.Add(1)
	}
}

// echo tells what a round of echo requests to a peer showed.
func (e *events) echo(peer netip.Addr, r upf.Round) {
	if e.tell == nil {
		return
	}
	select {
	case e.queue <- Event{Echo: &r, Source: netip.AddrPortFrom(peer, 0), Radio: true}:
	default:
		e.lost.Add(1)
	}
}

// await is report for what may not be lost: it waits for room, and reports false if done is closed before
// there is any.
func (e *events) await(r pfcp.Report, done <-chan struct{}) bool {
	if e.tell == nil {
		return true
	}
	select {
	case e.queue <- Event{Report: &r, CP: r.CP}:
		return true
	case <-done:
		return false
	}
}

// finding takes note of what a packet shows.
func (e *events) finding(now time.Duration, ev Event, packet []byte) {
	if e.tell != nil {
		e.findings.add(now, ev, packet, e.offer)
	}
}

// offer passes a finding on if there is room. One that finds none stays counted, and comes with
// the next of its kind.
func (e *events) offer(ev *Event) bool {
	if len(e.queue) >= findingsWaiting {
		return false
	}
	select {
	case e.queue <- *ev:
		return true
	default:
		return false
	}
}
