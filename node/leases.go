package node

import (
	"context"
	"sync"
	"time"

	"cordon/evidence"
	"cordon/ident"
	"cordon/wire/pfcp"
)

// leases tells as evidence which subscriber has which public ports. A session has its ports from its beginning to its end, so this is
// two facts a session; each entry has up to [evidence.MaxDetails] of them, those of leaseDelay together. Neither the device's own address
// nor where it sends is written.
type leases struct {
	to   Evidence
	some chan struct{} // there is a fact to tell

	mu      sync.Mutex // guards what follows, and keeps entries in the order of what they tell
	held    map[leaseKey]lease
	element string // where what is untold came about
	untold  []evidence.Lease
}

// leaseDelay is how long a fact may wait for others.
const leaseDelay = 100 * time.Millisecond

// leaseKey is a session at a user plane, which is the core's own or has the name of its record.
type leaseKey struct {
	element string
	seid    ident.SEID
}

type lease struct {
	ports pfcp.PublicPorts
	supi  ident.SUPI
}

func (l *leases) init(to Evidence) {
	l.to, l.some, l.held = to, make(chan struct{}, 1), make(map[leaseKey]lease)
}

// given notes that a session has public ports. One that has none is passed over.
func (l *leases) given(element string, seid ident.SEID, supi ident.SUPI, p pfcp.PublicPorts) {
	if !p.Addr.IsValid() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := leaseKey{element, seid}
	if old, had := l.held[k]; had {
		l.add(element, old, true)
	}
	l.held[k] = lease{p, supi}
	l.add(element, l.held[k], false)
}

// ended notes that a session is over.
func (l *leases) ended(element string, seid ident.SEID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := leaseKey{element, seid}
	if old, had := l.held[k]; had {
		delete(l.held, k)
		l.add(element, old, true)
	}
}

// add puts a fact to those that wait. Callers hold mu.
func (l *leases) add(element string, of lease, ended bool) {
	if len(l.untold) > 0 && l.element != element {
		l.flush()
	}
	l.element = element
	l.untold = append(l.untold, evidence.Lease{Ended: ended, Addr: of.ports.Addr, First: of.ports.First, Last: of.ports.Last,
		Subject: l.to.Pseudonym("imsi-" + of.supi.IMSI())})
	if len(l.untold) == evidence.MaxDetails {
		l.flush()
		return
	}
	select {
	case l.some <- struct{}{}:
	default:
	}
}

// flush tells what waits. Callers hold mu.
func (l *leases) flush() {
	if len(l.untold) == 0 {
		return
	}
	l.to.Append(evidence.Entry{Kind: evidence.Leases, Act: "leases", Element: l.element, Count: uint64(len(l.untold)), Detail: evidence.LeaseDetails(l.untold)})
	l.untold = l.untold[:0]
}

// tell tells what waits, at once.
func (l *leases) tell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
}

// run tells until ctx ends.
func (l *leases) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.some:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(leaseDelay):
			l.tell()
		}
	}
}
