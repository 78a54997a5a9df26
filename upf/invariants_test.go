package upf

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

var (
	anchorA = netip.MustParseAddr("10.0.9.1")
	anchorB = netip.MustParseAddr("10.0.9.2")
)

// edgeConfig is testConfig with IPv6, NAT and other UPFs.
func edgeConfig(c *Config) {
	c.N9 = []netip.Prefix{netip.MustParsePrefix("10.0.9.0/24")}
	c.Pools = append(c.Pools,
		Pool{Instance: internet, Prefix: netip.MustParsePrefix("2001:db8:45::/48")},
		Pool{Instance: "ims", Prefix: netip.MustParsePrefix("10.46.0.0/24"), NAT: true})
	c.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/30")}
}

// smallConfig is edgeConfig with little memory.
func smallConfig(c *Config) {
	edgeConfig(c)
	c.Pools[0].Prefix, c.Pools[1].Prefix, c.MaxSessions = netip.MustParsePrefix("10.45.0.0/24"), netip.MustParsePrefix("2001:db8:45::/56"), 6
	c.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/32")}
}

// tally is what sessions refer to, counted from the sessions.
type tally struct {
	live, lines, watched, blocks int
	peers                        map[uint32]int
	shapes                       map[*shape]int
	sets                         map[uint8]int
	ends                         map[endpoint]bool
}

// invariants checks that all that Sessions keeps says the same.
func invariants(t *testing.T, s *Sessions) {
	t.Helper()
	n := tally{peers: map[uint32]int{}, shapes: map[*shape]int{}, sets: map[uint8]int{}, ends: map[endpoint]bool{}}
	for i := range s.slots.size() {
		slot, r := uint32(i), &s.mem.Records[i]
		teid := uint32(s.mem.Up[i].Tunnel.Load())
		if teid != 0 {
			n.lines++
		}
		if teid != 0 && (teid != r.TEID || teid&slotMask != slot) || (teid != 0) != (r.SEID != 0 || r.Owner != 0) {
			t.Fatalf("slot %d has TEID %#x and record %+v", i, teid, r)
		}
		if r.Owner != 0 && !slices.Contains(s.slots.state(r.Owner-1).more.tunnels, teid) {
			t.Fatalf("slot %d: its session does not know it", i)
		}
		if r.SEID != 0 {
			n.session(t, s, slot)
		}
	}
	if n.live != s.live || n.lines != s.slots.live || s.slots.live+len(s.slots.free)+len(s.slots.resting) != s.slots.size() {
		t.Fatalf("%d sessions, %d lines; counted %d and %d", n.live, n.lines, s.live, s.slots.live)
	}
	n.shared(t, s)
	n.rest(t, s)
}

// session checks one session and counts it.
func (n *tally) session(t *testing.T, s *Sessions, slot uint32) {
	t.Helper()
	n.live++
	st, r, up := s.slots.state(slot), &s.mem.Records[slot], s.mem.Up[slot].Entry()
	if !s.fits(slot, r, &up) {
		t.Fatalf("slot %d: %+v does not fit its lines", slot, r)
	}
	if up.Aux != 0 {
		n.blocks++
	}
	if set, waits := s.adopted[slot]; st.shape == nil {
		if n.sets[set]++; !waits {
			t.Fatalf("slot %d has no rules", slot)
		}
	} else {
		if n.shapes[st.shape]++; n.shapes[st.shape] == 1 {
			n.sets[st.shape.set]++
		}
		if st.shape.fast != (up.Flags&LineSlow == 0) {
			t.Fatalf("slot %d: fast %v, flags %#x", slot, st.shape.fast, up.Flags)
		}
		if st.shape.fast {
			if down := s.mem.Down[r.Down-1].Entry(); down.Peer != up.Peer || down.Rules != up.Rules || down.Rules != st.shape.set {
				t.Fatalf("slot %d: %+v and %+v", slot, up, down)
			}
		}
	}
	if len(urrsOf(st)) > 0 || st.more != nil && st.more.idle.after > 0 {
		if n.watched++; st.more.watch == 0 || s.watches[st.more.watch-1].slot != slot {
			t.Fatalf("slot %d: its URRs are not watched", slot)
		}
	}
	var outers [maxEnds]endpoint
	s.outers(slot, &outers)
	for _, e := range outers {
		if e.peer != 0 {
			n.peers[e.peer]++
			n.ends[e] = e.teid != 0
		}
	}
}

// shared checks peers, endpoints, shapes and rule sets.
func (n *tally) shared(t *testing.T, s *Sessions) {
	t.Helper()
	for i := 1; i < len(s.peers.list); i++ {
		q, used := &s.peers.list[i], n.peers[uint32(i)]
		if q.refs != used || q.addr.IsValid() != (used > 0) || (s.mem.Peers[i].Family != 0) != (used > 0) || used > 0 && s.peers.byAddr[q.addr] != uint32(i) {
			t.Fatalf("peer %d: %+v, but %d refer to it", i, q, used)
		}
	}
	known := 0
	for e, real := range n.ends {
		i, ok := s.ends.find(e)
		if !ok {
			continue // a later session had it, and has gone
		}
		var outers [maxEnds]endpoint
		s.outers(i, &outers)
		if known++; !real || !slices.Contains(outers[:], e) {
			t.Fatalf("endpoint %+v is none of slot %d", e, i)
		}
	}
	if known != s.ends.len() {
		t.Fatalf("%d endpoints are known, %d of them of sessions", s.ends.len(), known)
	}
	if len(n.shapes) != len(s.shapes) {
		t.Fatalf("%d shapes, %d in use", len(s.shapes), len(n.shapes))
	}
	for h, used := range n.shapes {
		if h.refs != used || s.shapes[h.key] != h {
			t.Fatalf("a shape of %d sessions counts %d", used, h.refs)
		}
	}
	for i, refs := range s.filters.refs {
		if set := uint8(i); set != RulesAny && ((refs > 0) != (n.sets[set] > 0) || (s.filters.sets[i].Count != 0) != (refs > 0)) {
			t.Fatalf("rule set %d: %d, want %d", i, refs, n.sets[set])
		}
	}
}

// rest checks downlink lines, watches, public ports and what is held.
func (n *tally) rest(t *testing.T, s *Sessions) {
	t.Helper()
	for i := range s.mem.Down {
		if owner := uint32(s.mem.Down[i].Device.Load() >> 32); owner != 0 {
			if r := &s.mem.Records[owner-1]; r.SEID == 0 || r.Down != uint32(i)+1 && r.Alias != uint32(i)+1 {
				t.Fatalf("downlink line %d is of no session", i)
			}
		}
	}
	if n.watched != len(s.watches) {
		t.Fatalf("%d watches for %d sessions", len(s.watches), n.watched)
	}
	if n.blocks+s.nat.free != len(s.nat.taken) {
		t.Fatalf("%d blocks in use, %d of %d free", n.blocks, s.nat.free, len(s.nat.taken))
	}
	if h := &s.down.held; h.packets < 0 || h.octets < 0 || (len(h.of) == 0) != (h.packets == 0) || h.packets == 0 && h.octets != 0 {
		t.Fatalf("held: %d packets, %d octets of %d sessions", h.packets, h.octets, len(h.of))
	}
}

// everything is a text of all that is kept of sessions, to compare.
func everything(s *Sessions) string {
	var b strings.Builder
	for i := range s.slots.size() {
		r := &s.mem.Records[i]
		if *r == (Record{}) {
			continue
		}
		st := s.slots.state(uint32(i))
		fmt.Fprintf(&b, "%d %+v %x %p %+v\n", i, *r, words(&s.mem.Up[i]), st.shape, st.more)
		for _, d := range [2]uint32{r.Down, r.Alias} {
			if d != 0 {
				fmt.Fprintf(&b, " %x\n", words(&s.mem.Down[d-1]))
			}
		}
	}
	fmt.Fprint(&b, s.peers.byAddr, s.ends.chained, s.ends.several, s.live, len(s.shapes), s.filters.refs, s.watches, s.slots.live, s.nat.free, s.framed.count(), s.resting)
	return b.String()
}
