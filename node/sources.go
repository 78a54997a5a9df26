package node

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cordon/rules"
)

// sources finds the radio whose record has an address on N3, without asking each.
type sources struct {
	changes atomic.Uint64 // of radios, counted

	mu    sync.Mutex // guards what follows
	made  time.Time
	from  uint64          // the changes that it was made after
	law   *rules.Snapshot // and the law
	exact map[netip.Addr]*association
	wide  []wideSource
}

// wideSource is a radio whose record has more than one address in a prefix.
type wideSource struct {
	prefix netip.Prefix
	radio  *association
}

// sourcesEvery is how often sources are read anew at most, for radios may come and go at will.
const sourcesEvery = 100 * time.Millisecond

// radioAt is the radio whose record has an address on N3, nil for none that is connected. It says
// whose the address is: who sent from it nobody knows.
func (n *Node) radioAt(addr netip.Addr) *association {
	s := &n.sources
	s.mu.Lock()
	defer s.mu.Unlock()
	law, changes, now := n.law.now.Load(), s.changes.Load(), time.Now()
	if (s.law != law || s.from != changes) && now.Sub(s.made) >= sourcesEvery {
		s.law, s.from, s.made = law, changes, now
		s.read(n.radiosUp())
	}
	if a := s.exact[addr.Unmap()]; a != nil {
		return a
	}
	for _, w := range s.wide {
		if w.prefix.Contains(addr.Unmap()) {
			return w.radio
		}
	}
	return nil
}

func (s *sources) read(radios []*association) {
	s.exact, s.wide = make(map[netip.Addr]*association, len(radios)), nil
	for _, a := range radios {
		record := s.law.Element(a.element())
		if record == nil {
			continue
		}
		for _, p := range record.UserPlane() {
			if p.IsSingleIP() {
				s.exact[p.Addr()] = a
			} else {
				s.wide = append(s.wide, wideSource{p, a})
			}
		}
	}
}
