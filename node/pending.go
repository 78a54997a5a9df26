package node

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// maxPending bounds the radios that wait for an operator. Beyond it the one that has been silent
// for longest makes room: anybody can make up identities, and who keeps trying is found again.
const maxPending = 256

// A claim is what a radio says of itself, and from where.
type claim struct {
	amf.Claim
	peer netip.AddrPort
}

// waiting is a radio without a record that has asked to be served.
type waiting struct {
	claim
	first, last time.Time
	tries       int
}

// pending are the radios without a record, for an operator to approve or dismiss. What one claims
// last is what counts.
type pending struct {
	mu     sync.Mutex // guards radios
	radios map[ident.RANNode]*waiting
}

func newPending() *pending { return &pending{radios: make(map[ident.RANNode]*waiting)} }

// note keeps a claim, and reports whether it is a radio's first.
func (p *pending) note(now time.Time, c claim) (first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w, known := p.radios[c.Node]
	if !known {
		if len(p.radios) == maxPending {
			p.forgetOldest()
		}
		w = &waiting{first: now}
		p.radios[c.Node] = w
	}
	w.claim, w.last = c, now
	w.tries++
	return !known
}

// forgetOldest makes room. Callers hold mu.
func (p *pending) forgetOldest() {
	var oldest ident.RANNode
	var at time.Time
	for node, w := range p.radios {
		if at.IsZero() || w.last.Before(at) {
			oldest, at = node, w.last
		}
	}
	delete(p.radios, oldest)
}

// get is a radio that waits.
func (p *pending) get(node ident.RANNode) (waiting, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w, ok := p.radios[node]
	if !ok {
		return waiting{}, false
	}
	return *w, true
}

// forget drops a radio from the list, and reports whether it was there.
func (p *pending) forget(node ident.RANNode) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.radios[node]
	delete(p.radios, node)
	return ok
}

// list is all that wait, by identity.
func (p *pending) list() []waiting {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]waiting, 0, len(p.radios))
	for _, w := range p.radios {
		all = append(all, *w)
	}
	slices.SortFunc(all, func(a, b waiting) int { return cmp.Compare(a.Node.String(), b.Node.String()) })
	return all
}

func (p *pending) len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.radios)
}

// record is a record to start from: what the radio claims. Who made it, where it stands and whether
// the rest is true is for the operator to know.
func (w *waiting) record() string {
	e := rules.Element{
		Name: w.Node.String(), Functions: []rules.Function{"gnb"}, Technology: "5g", Vendor: "fill-in", Site: "fill-in",
		Node: w.Node, HasNode: true, Traffic: -1, Premises: -1,
		Addresses: rules.Addresses{N2: []netip.Prefix{netip.PrefixFrom(w.Peer, w.Peer.BitLen())}},
	}
	for _, a := range w.Areas {
		if !slices.Contains(e.TACs, a.TAI.TAC) {
			e.TACs = append(e.TACs, a.TAI.TAC)
		}
		for _, s := range a.Slices {
			if !slices.Contains(e.Slices, s) {
				e.Slices = append(e.Slices, s)
			}
		}
	}
	return string(trust.Export(&rules.Facts{Elements: []rules.Element{e}}))
}
