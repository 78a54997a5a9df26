package node

import (
	"maps"
	"net/netip"
	"sync"
	"time"

	"cordon/ident"
	"cordon/rules"
)

// A phone or radio that asks the same again is given the same verdict again. It is written down
// once in repeatAfter, with how often it was given since; and no more than maxRepeats different
// ones are told apart.
const (
	repeatAfter = 10 * time.Minute
	maxRepeats  = 1 << 14
)

// occasion is what makes two verdicts the same.
type occasion struct {
	gate  rules.Gate
	act   rules.Act
	node  ident.RANNode
	supi  ident.SUPI
	rule  string
	dnn   ident.DNN
	slice ident.SNSSAI
}

// A host that is not set up can present the identity of one radio after another. In repeatAfter so many
// verdicts are written down of those that come from one network; the rest are counted.
const (
	maxStrangers = 256
	maxNetworks  = 1 << 10 // that are told apart
)

// repeats tells new verdicts from those that were given a moment ago.
type repeats struct {
	mu        sync.Mutex // guards what follows
	seen      map[occasion]repeat
	strangers map[netip.Prefix]*ration
}

func newRepeats() repeats {
	return repeats{seen: make(map[occasion]repeat), strangers: make(map[netip.Prefix]*ration)}
}

type repeat struct {
	at    time.Time // when it was written down
	count uint64    // given since, and not written down
}

// fresh reports whether an occasion is to be written down, and how often it was not since the last
// time. Where a stranger causes it, untold is how many others from its network were not written down.
func (r *repeats) fresh(now time.Time, o occasion, stranger netip.Addr) (again, untold uint64, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, known := r.seen[o]
	if known && now.Sub(last.at) < repeatAfter {
		last.count++
		r.seen[o] = last
		return 0, 0, false
	}
	if stranger.IsValid() {
		if untold, fresh = r.stranger(now, network(stranger)).take(now, maxStrangers); !fresh {
			return 0, 0, false
		}
	}
	if !known && len(r.seen) >= maxRepeats {
		maps.DeleteFunc(r.seen, func(_ occasion, v repeat) bool { return now.Sub(v.at) >= repeatAfter })
		if len(r.seen) >= maxRepeats {
			clear(r.seen) // told again rather than lost
		}
	}
	r.seen[o] = repeat{at: now}
	return last.count, untold, true
}

// stranger is the ration of a network; those for which there is no room share one. Callers hold mu.
func (r *repeats) stranger(now time.Time, from netip.Prefix) *ration {
	if len(r.strangers) >= maxNetworks {
		maps.DeleteFunc(r.strangers, func(_ netip.Prefix, n *ration) bool { return now.Sub(n.from) >= repeatAfter && n.over == 0 })
	}
	if r.strangers[from] == nil {
		if len(r.strangers) >= maxNetworks {
			from = netip.Prefix{}
		}
		if r.strangers[from] == nil {
			r.strangers[from] = &ration{}
		}
	}
	return r.strangers[from]
}

// ration is what may be written down in repeatAfter of something that anybody can cause.
type ration struct {
	from  time.Time
	given int
	over  uint64 // what was more, and has not been told
}

// take reports whether one more may be written down, and if so how many could not before it.
func (r *ration) take(now time.Time, most int) (over uint64, ok bool) {
	if now.Sub(r.from) >= repeatAfter {
		r.from, r.given = now, 0
	}
	if r.given == most {
		r.over++
		return 0, false
	}
	r.given++
	over, r.over = r.over, 0
	return over, true
}

// network is what one host may be taken to have of addresses.
func network(a netip.Addr) netip.Prefix {
	bits := 64
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // invalid only for no address
	return p
}
