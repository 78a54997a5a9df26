package upf

import (
	"fmt"
	"net/netip"
	"slices"

	"cordon/wire/pfcp"
)

// plan is a session as a request would have it. It is built beside the session and put in its place
// when all of it is right.
type plan struct {
	slot    uint32
	rules   ruleset  // with the session's own tunnels, addresses and endpoints
	tunnels []uint32 // TEIDs by number, 0 of one that is to be drawn. The first is that of the session's slot
	named   []uint32 // those of them that the SMF has chosen and that are new
	came    []uint16 // of a session that is taken over: by number, a PDR that came by the tunnel
	numbers [maxPDRs]int8
	chosen  uint16 // PDRs that asked for a tunnel, as bits
	ue4     uint32
	ue6     uint64 // the /64
	line4   uint32 // indexes of the addresses' downlink lines, noLine of one for which nothing comes from N6
	line6   uint32
	bridge  *bridge // of a session of type Ethernet, whose line is line6
	framed  []netip.Prefix
	anchor  netip.Addr // the other UPF that uplink goes to
	news    int        // peers that are new, at most
	shape   *shape
	marked  ruleset
	key     []byte
	granted uint16             // URRs that are new or changed, as bits
	kept    [maxURRs]pfcp.Keep // what such a change leaves as it was
	idle    uint32             // seconds without a packet that are to be reported; 0: as before
	exact   bool               // packets are to be counted here, one by one: see exactly
	adopted bool               // the session is of an earlier process
}

// noLine is no index of a line.
const noLine = ^uint32(0)

// reject refuses for what is wrong with what: a text, or a rule's name.
func reject(c pfcp.Cause, what any, format string, args ...any) *pfcp.Rejection {
	return &pfcp.Rejection{Cause: c, What: fmt.Sprint(what), Err: fmt.Errorf(format, args...)}
}

type (
	pdrName pfcp.PDRID
	farName pfcp.FARID
)

func (n pdrName) String() string { return fmt.Sprintf("PDR %d", uint16(n)) }
func (n farName) String() string { return fmt.Sprintf("FAR %d", uint32(n)) }

// reset leaves nothing of the last request but room.
func (p *plan) reset() {
	p.rules.reset()
	p.marked.reset()
	*p = plan{rules: p.rules, marked: p.marked, tunnels: p.tunnels[:0], named: p.named[:0], came: p.came[:0], framed: p.framed[:0], key: p.key[:0],
		slot: noLine, line4: noLine, line6: noLine}
}

// resolve makes of the plan's rules all that commit needs.
func (s *Sessions) resolve(p *plan) *pfcp.Rejection {
	if rej := p.rules.check(); rej != nil {
		return rej
	}
	if rej := s.number(p); rej != nil {
		return rej
	}
	if rej := s.device(p); rej != nil {
		return rej
	}
	for i := range p.rules.fars {
		if rej := s.leads(p, &p.rules.fars[i]); rej != nil {
			return rej
		}
	}
	p.mark()
	p.key = append(p.marked.appendKey(p.key[:0]), bit(p.exact))
	if p.shape = s.shapes[string(p.key)]; p.shape != nil {
		return nil
	}
	r := p.marked.clone()
	var rej *pfcp.Rejection
	if p.shape, rej = newShape(&r); rej != nil {
		return rej
	}
	p.shape.key, p.shape.fast = string(p.key), p.shape.fast && !p.exact
	if _, ok := s.filters.find(p.shape.filters()); !ok {
		return reject(pfcp.CauseNoResources, "PDR", "there are too many other sets of SDF filters")
	}
	return nil
}

// number gives every rule's tunnel a number. The session's own comes first, and is for uplink if
// anything is.
func (s *Sessions) number(p *plan) *pfcp.Rejection {
	var ids [256]int8
	used := [2*maxPDRs + 1]bool{true}
	for _, uplink := range [2]bool{true, false} {
		for i := range p.rules.pdrs {
			r := &p.rules.pdrs[i]
			f := p.rules.far(r.FAR)
			if uplink != (r.PDI.Source == pfcp.Access && !aside(r, f) && (f.Destination == pfcp.Core || f.Action != pfcp.Forward)) {
				continue
			}
			n, rej := s.tunnel(p, r, &ids)
			if rej != nil {
				return rej
			}
			if r.PDI.Local.Choose {
				p.chosen |= 1 << i
			}
			if p.numbers[i] = int8(n); n != noTunnel {
				used[n] = true
			}
		}
	}
	to := 0
	for n, teid := range p.tunnels { // those that no rule has any more go, and the others close up
		if !used[n] {
			continue
		}
		for i := range p.rules.pdrs {
			if int(p.numbers[i]) == n {
				p.numbers[i] = int8(to)
			}
		}
		p.tunnels[to] = teid
		to++
	}
	p.tunnels = p.tunnels[:to]
	return nil
}

// tunnel is the number of a rule's tunnel.
func (s *Sessions) tunnel(p *plan, r *pfcp.PDR, ids *[256]int8) (int, *pfcp.Rejection) {
	what, l, n := pdrName(r.ID), r.PDI.Local, noTunnel
	switch beside := aside(r, p.rules.far(r.FAR)); {
	case l.Choose:
		n = p.choose(r, ids, beside)
	case beside:
		return slices.Index(p.tunnels, uint32(l.TEID)), nil
	case l != pfcp.FTEID{}:
		if n = slices.Index(p.tunnels, uint32(l.TEID)); n < 0 && l.TEID != 0 && s.mayName(p, uint32(l.TEID)) {
			n = len(p.tunnels)
			p.tunnels, p.named = append(p.tunnels, uint32(l.TEID)), append(p.named, uint32(l.TEID))
		}
		if n < 0 || l.TEID == 0 || l.Addr.Unmap() != s.cfg.N3 {
			return n, reject(pfcp.CauseInvalidFTEID, what, "not at %v, or its TEID is not to be had", s.cfg.N3)
		}
	case r.PDI.Source == pfcp.Access:
		return n, reject(pfcp.CauseRuleFailure, what, "what comes from access comes by a tunnel")
	default:
		return n, nil
	}
	if !r.RemoveOuterHeader && r.PDI.Source != pfcp.CPFunction {
		return n, reject(pfcp.CauseRuleFailure, what, "the outer header has to go")
	}
	return n, nil
}

// choose gives a rule the tunnel that it has, one that another of its CHOOSE ID has, or a new one. A rule beside those
// for packets needs none of its own.
func (p *plan) choose(r *pfcp.PDR, ids *[256]int8, beside bool) (n int) {
	l := r.PDI.Local
	switch n = int(ids[l.ChooseID]) - 1; {
	case l.TEID != 0 && slices.Contains(p.tunnels, uint32(l.TEID)):
		n = slices.Index(p.tunnels, uint32(l.TEID))
	case n >= 0 && l.ChooseID != 0:
	case beside && len(p.tunnels) > 0:
		return 0
	default:
		if n = slices.Index(p.came, uint16(r.ID)); n < 0 {
			n = len(p.tunnels)
			p.tunnels = append(p.tunnels, 0)
		}
	}
	ids[l.ChooseID] = int8(n + 1)
	return n
}

// mayName says whether an SMF may have a TEID that it has chosen itself: its low bits are a slot that is free.
func (s *Sessions) mayName(p *plan, teid uint32) bool {
	i := teid & slotMask
	return s.slots.reach(i) && uint32(s.mem.Up[i].Tunnel.Load()) == 0 && s.mem.Records[i].SEID == 0 && s.mem.Records[i].Owner == 0 &&
		!slices.ContainsFunc(p.named, func(other uint32) bool { return other&slotMask == i })
}

// leads sees that a FAR leads where packets may go.
func (s *Sessions) leads(p *plan, f *pfcp.FAR) *pfcp.Rejection {
	if !inForce(f) {
		return nil
	}
	what := farName(f.ID)
	f.Outer.Addr = f.Outer.Addr.Unmap()
	a := f.Outer.Addr
	allowed := f.Destination == pfcp.Access && s.allowedEndpoint(a) || s.allowedAnchor(a)
	if f.Outer.TEID == 0 || !allowed {
		return reject(pfcp.CauseInvalidForwarding, what, "no endpoint that packets may go to: %s TEID %#x", a, uint32(f.Outer.TEID))
	}
	if f.Destination == pfcp.Core {
		if p.anchor.IsValid() && p.anchor != a {
			return reject(pfcp.CauseInvalidForwarding, what, "uplink goes to %s already, and to one UPF only", p.anchor)
		}
		p.anchor = a
	}
	if s.peers.of(a) == 0 {
		p.news++
	}
	if p.news > 0 && !s.peers.roomFor(p.news) {
		return reject(pfcp.CauseNoResources, what, "there are %d other peers", len(s.peers.byAddr))
	}
	return nil
}

// allowedAnchor says whether a is where Config has other UPFs.
func (s *Sessions) allowedAnchor(a netip.Addr) bool {
	return s.peers.inside[a] || a.Zone() == "" && a != s.cfg.N3 && slices.ContainsFunc(s.cfg.N9, func(p netip.Prefix) bool { return p.Contains(a) })
}

// mark makes of the rules what sessions share: see shape.
func (p *plan) mark() {
	m := &p.marked
	m.pdrs, m.fars = append(m.pdrs[:0], p.rules.pdrs...), append(m.fars[:0], p.rules.fars...)
	m.qers, m.urrs = append(m.qers[:0], p.rules.qers...), m.urrs[:0]
	for i := range m.pdrs {
		d := &m.pdrs[i].PDI
		d.Local = pfcp.FTEID{ChooseID: uint8(p.numbers[i] + 1)}
		if d.UE.IsValid() {
			d.UE = marked4
		}
		if d.UE6.IsValid() {
			d.UE6 = marked6
		}
		if d.Framed = nil; len(p.framed) > 0 {
			d.Framed = markedFramed
		}
	}
	for i := range m.fars {
		f := &m.fars[i]
		if f.SendEndMarkers = false; inForce(f) {
			f.Outer = markedOuter
		} else {
			f.Outer = pfcp.OuterHeader{}
		}
	}
	for _, u := range p.rules.urrs {
		m.urrs = append(m.urrs, pfcp.URR{ID: u.ID})
	}
}

// What stands in a shape for what is the session's alone.
var (
	marked4      = netip.IPv4Unspecified()
	marked6      = netip.PrefixFrom(netip.IPv6Unspecified(), 64)
	markedFramed = []netip.Prefix{{}}
	markedOuter  = pfcp.OuterHeader{TEID: 1}
)
