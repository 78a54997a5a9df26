package node

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cordon/amf"
	"cordon/evidence"
	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// maxPending bounds the radios that wait for an operator. Anybody can make up identities: beyond it that one
// makes room which has been silent for longest of the network that most of them come from.
const maxPending = 256

// maxPendingTold is how many of them evidence is told of in repeatAfter; the rest are counted.
const maxPendingTold = 64

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
// last is what counts; two addresses that claim the same identity are two, so that nobody can put an address or a
// claim in the place of another's while an operator decides.
type pending struct {
	mu     sync.Mutex // guards what follows
	radios map[claimant]*waiting
	told   ration // of evidence
}

// claimant is an identity and the address that claims it.
type claimant struct {
	node ident.RANNode
	from netip.Addr
}

func newPending() *pending { return &pending{radios: make(map[claimant]*waiting)} }

// note keeps a claim, and reports whether it is to be told: the first of a radio is, as long as not too many are. Untold is
// how many were not told before it.
func (p *pending) note(now time.Time, c claim) (untold uint64, tell bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := claimant{c.Node, c.peer.Addr()}
	w, known := p.radios[key]
	if !known {
		if len(p.radios) == maxPending {
			p.makeRoom()
		}
		w = &waiting{first: now}
		p.radios[key] = w
	}
	w.claim, w.last = c, now
	w.tries++
	if known {
		return 0, false
	}
	return p.told.take(now, maxPendingTold)
}

// makeRoom forgets the one that has been silent for longest of the network with the most. Callers hold mu.
func (p *pending) makeRoom() {
	from := make(map[netip.Prefix]int)
	for key := range p.radios {
		from[network(key.from)]++
	}
	var victim claimant
	var last *waiting
	for key, w := range p.radios {
		more := 0
		if last != nil {
			more = from[network(key.from)] - from[network(victim.from)]
		}
		if last == nil || more > 0 || more == 0 && w.last.Before(last.last) {
			victim, last = key, w
		}
	}
	delete(p.radios, victim)
}

// forget drops all that claim an identity, and reports whether there were any.
func (p *pending) forget(node ident.RANNode) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.radios)
	maps.DeleteFunc(p.radios, func(key claimant, _ *waiting) bool { return key.node == node })
	return len(p.radios) < n
}

// list is all that wait, by identity and address.
func (p *pending) list() []waiting {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]waiting, 0, len(p.radios))
	for _, w := range p.radios {
		all = append(all, *w)
	}
	slices.SortFunc(all, func(a, b waiting) int {
		return cmp.Or(cmp.Compare(a.Node.String(), b.Node.String()), a.peer.Addr().Compare(b.peer.Addr()))
	})
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
		Name: w.Node.String(), Functions: []rules.Function{"gnb"}, Technology: "5g", Vendor: "fill-in", Manager: "fill-in", Site: "fill-in",
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

// wait holds a radio without a record for an operator.
func (n *Node) wait(a *association, c amf.Claim) {
	untold, tell := n.pending.note(time.Now(), claim{Claim: c, peer: a.peer})
	if !tell {
		return
	}
	if n.logUpTo(logPending, radioLines) {
		n.d.Log.Warn("a radio without a record asks to be served: \"cordon radio pending\" shows what it claims", "radio", c.Name, "node", c.Node, "peer", a.peer)
	}
	n.d.Evidence.Append(evidence.Entry{Kind: evidence.Pending, Act: "pending", Gate: rules.GateN2.String(), Subject: c.Node.String(), Count: untold,
		Detail: details(map[string]string{"name": c.Name, "peer": a.peer.String()})})
}
