package upf

import (
	"math/bits"
	"slices"

	"cordon/wire/pfcp"
)

// shape is a ruleset as packets meet it. Sessions of the same rules share one, so what is a session's
// alone is left open: its tunnels are numbered, and its addresses and the endpoints that it leads to
// are marks that there are some. Once made it does not change, but for refs.
type shape struct {
	rules   ruleset
	key     string
	refs    int
	plain   state    // of a session that has no more
	detects []detect // of rules.pdrs, place by place
	paths   []path   // of rules.fars
	tunnels []tunnel // by number
	qfis    uint64   // the flows that come from the radio, as bits
	fast    bool     // two lines say it all
	frames  bool     // its packets are Ethernet frames
	set     uint8    // with fast: the rule set, RulesAny if none
	up      measured
	down    measured
}

// detect is what a packet has to be to meet a PDR, and what the PDR does with it.
type detect struct {
	tunnel int8 // the one it came by, noTunnel from N6
	up     bool // from the device
	aside  bool // no packet meets it here: see aside
	is4    bool // which family it may be of
	is6    bool
	qfi    uint8  // of the flow that it is marked as
	qfis   uint64 // the flows that it may come as, bit by bit; 0 any
	far    uint8
	qers   uint16 // places in rules.qers, as bits
	urrs   uint16
	rules  []Rule // it meets one, unless there are none
}

const noTunnel = -1

// meets reports whether a packet that came by a tunnel as a flow meets the rule; flow is noFlow where it does not
// say. Doubt is as with flowKey.meets.
func (d *detect) meets(k *flowKey, tunnel int8, flow uint8) (met, doubt bool) {
	if d.tunnel != tunnel || k.family == 4 && !d.is4 || k.family == 6 && !d.is6 || flow != noFlow && d.qfis != 0 && d.qfis>>flow&1 == 0 {
		return false, false
	}
	if len(d.rules) == 0 {
		return true, false
	}
	return k.meets(d.rules)
}

const noFlow = 255

// tunnel is what comes by one F-TEID.
type tunnel uint8

const (
	tunnelNone    tunnel = iota
	tunnelUplink         // from the radio
	tunnelN9             // from the anchor, for the device
	tunnelForward        // from the radio that the device leaves, for the one it goes to
)

// path is where packets go.
type path uint8

const (
	pathDrop path = iota
	pathHold
	pathRadio // to access, by a tunnel
	pathN6
	pathN9 // to core, by a tunnel
	pathSMF
)

// measured says which URRs see all of a direction, and which see some.
type measured struct{ all, some uint16 }

// newShape makes sense of rules that are checked, or says why it cannot.
func newShape(r *ruleset) (*shape, *pfcp.Rejection) {
	s := &shape{rules: *r, frames: r.ethernet()}
	s.plain.shape = s
	for i := range r.fars {
		p, rej := pathOf(&r.fars[i])
		if rej != nil {
			return nil, rej
		}
		s.paths = append(s.paths, p)
	}
	for i := range r.pdrs {
		if rej := s.addDetect(&r.pdrs[i]); rej != nil {
			return nil, rej
		}
	}
	if rej := s.complete(); rej != nil {
		return nil, rej
	}
	if rej := s.mark(); rej != nil {
		return nil, rej
	}
	s.measure()
	if s.frames {
		return s, s.bridged()
	}
	return s, s.single()
}

// pathOf is where a FAR leads. What it leads to is for the session.
func pathOf(f *pfcp.FAR) (path, *pfcp.Rejection) {
	what := farName(f.ID)
	outer := f.Outer != pfcp.OuterHeader{}
	switch {
	case !f.Action.Valid():
		return 0, reject(pfcp.CauseInvalidForwarding, what, "apply action %#x", uint8(f.Action))
	case f.Action == pfcp.Forward && f.Destination == pfcp.Access && !outer:
		return 0, reject(pfcp.CauseInvalidForwarding, what, "to access goes what has an outer header")
	case f.Action == pfcp.Drop:
		return pathDrop, nil
	case f.Action&pfcp.Buffer != 0:
		return pathHold, nil
	case f.Destination == pfcp.Access:
		return pathRadio, nil
	case f.Destination == pfcp.CPFunction:
		return pathSMF, nil
	case f.Destination != pfcp.Core:
		return 0, reject(pfcp.CauseInvalidForwarding, what, "destination interface %d", f.Destination)
	case outer:
		return pathN9, nil
	}
	return pathN6, nil
}

// addDetect takes one rule. Where packets of a side may go is asked here.
func (s *shape) addDetect(p *pfcp.PDR) *pfcp.Rejection {
	what := pdrName(p.ID)
	i := indexOf(s.rules.fars, farID, p.FAR)
	both := !p.PDI.UE.IsValid() && !p.PDI.UE6.IsValid()
	d := detect{tunnel: int8(p.PDI.Local.ChooseID) - 1, far: uint8(i), is4: both || p.PDI.UE.IsValid(), is6: both || p.PDI.UE6.IsValid(),
		qers: s.rules.qersOf(p), urrs: s.rules.urrsOf(p), rules: newRules(p.PDI.Filters)}
	kind, to := tunnelN9, s.paths[i]
	switch {
	case aside(p, &s.rules.fars[i]):
		s.detects = append(s.detects, detect{aside: true, tunnel: noTunnel - 1, far: uint8(i)})
		return nil
	case p.PDI.Source == pfcp.Access && to == pathHold:
		return reject(pfcp.CauseInvalidForwarding, what, "uplink goes to core or is dropped")
	case p.PDI.Source == pfcp.Access && to == pathRadio:
		kind = tunnelForward
	case p.PDI.Source == pfcp.Access:
		kind, d.up = tunnelUplink, true
	case to == pathN6 || to == pathN9 || to == pathSMF:
		return reject(pfcp.CauseInvalidForwarding, what, "downlink goes to access")
	}
	if d.tunnel != noTunnel {
		for len(s.tunnels) <= int(d.tunnel) {
			s.tunnels = append(s.tunnels, tunnelNone)
		}
		if t := &s.tunnels[d.tunnel]; *t != tunnelNone && *t != kind {
			return reject(pfcp.CauseRuleFailure, what, "its tunnel carries something else already")
		}
		s.tunnels[d.tunnel] = kind
	}
	s.flows(p, &d)
	s.detects = append(s.detects, d)
	return nil
}

// aside says whether a rule is one by which the SMF itself would speak with the device: to have its router solicitations
// and to answer them. They are answered here, so that such a rule is kept as it is and no packet meets it.
func aside(p *pfcp.PDR, f *pfcp.FAR) bool {
	return p.PDI.Source == pfcp.CPFunction || p.PDI.Source == pfcp.Access && f.Destination == pfcp.CPFunction && f.Action == pfcp.Forward
}

// mark sees that every rule has a flow. One whose QERs do not say is of the session's, where there is only one.
func (s *shape) mark() *pfcp.Rejection {
	flows := s.qfis
	for i := range s.detects {
		flows |= 1 << s.detects[i].qfi
	}
	flows &^= 1
	for i := range s.detects {
		d := &s.detects[i]
		if d.aside || d.qfi != 0 || d.up && d.qfis != 0 {
			continue
		}
		if bits.OnesCount64(flows) != 1 {
			return reject(pfcp.CauseRuleFailure, pdrName(s.rules.pdrs[i].ID), "no QER of it has its flow's QFI")
		}
		if d.qfi = uint8(bits.TrailingZeros64(flows)); d.up {
			d.qfis = flows
			s.qfis |= flows
		}
	}
	return nil
}

// flows finds what flows a rule takes, and as which one it marks. A rule of packets from the radio that does not
// say takes its own flow.
func (s *shape) flows(p *pfcp.PDR, d *detect) {
	for k := range s.rules.qers {
		if q := &s.rules.qers[k]; d.qers>>k&1 != 0 && q.QFI != 0 && d.qfi == 0 {
			d.qfi = uint8(q.QFI)
		}
	}
	for _, f := range p.PDI.QFIs {
		d.qfis |= 1 << f
	}
	if len(p.PDI.QFIs) == 1 && d.qfi == 0 {
		d.qfi = uint8(p.PDI.QFIs[0])
	}
	if d.qfis == 0 && d.up && d.qfi != 0 {
		d.qfis = 1 << d.qfi
	}
	if d.up {
		s.qfis |= d.qfis
	}
}

// complete asks for a way in. One out may come later: until then nothing is bound to the session's tunnel, and nothing passes.
func (s *shape) complete() *pfcp.Rejection {
	switch {
	case slices.ContainsFunc(s.detects, func(d detect) bool { return d.up }):
		return nil
	case slices.Contains(s.tunnels, tunnelForward):
		return reject(pfcp.CauseInvalidForwarding, "PDR", "uplink goes to core or is dropped")
	}
	return reject(pfcp.CauseMandatoryMissing, "PDR", "a session has a rule from access")
}

// measure says what the URRs see.
func (s *shape) measure() {
	s.up.all, s.down.all = 0xffff, 0xffff
	for i := range s.detects {
		d := &s.detects[i]
		m := &s.down
		if d.up {
			m = &s.up
		} else if !s.isDownlink(d) {
			continue
		}
		m.all, m.some = m.all&d.urrs, m.some|d.urrs
	}
}

// single sees whether two lines say it all: one rule from the radio to N6 and one from N6, of one flow. Such a
// pair needs the same filters, for they are a seal.
func (s *shape) single() *pfcp.Rejection {
	met, led := 0, 0
	for i := range s.detects {
		met += int(bit(!s.detects[i].aside))
	}
	for _, p := range s.paths {
		led += int(bit(p != pathSMF))
	}
	if met != 2 || len(s.tunnels) != 1 {
		return nil
	}
	u, d := s.pair()
	up, down := &s.detects[u], &s.detects[d]
	if !up.up || down.tunnel != noTunnel {
		return nil
	}
	if !slices.Equal(s.rules.pdrs[u].PDI.Filters, s.rules.pdrs[d].PDI.Filters) {
		return reject(pfcp.CauseRuleFailure, "PDR", "both directions need the same SDF filters")
	}
	if up.qfis != 1<<down.qfi && len(s.rules.pdrs[u].PDI.QFIs) == 0 {
		return reject(pfcp.CauseRuleFailure, "QER", "both directions need the default flow's QFI")
	}
	gbr := slices.ContainsFunc(s.rules.qers, func(q pfcp.QER) bool { return q.UplinkGBR != 0 || q.DownlinkGBR != 0 })
	s.fast = s.paths[up.far] != pathN9 && up.qfis == 1<<down.qfi && !gbr && len(s.rules.pdrs[u].PDI.Framed) == 0 &&
		led == 2 && (up.is4 || !down.is4) && (up.is6 || !down.is6)
	return nil
}

// pair is the places of the rules of a session that has two: that of uplink and that of downlink.
func (s *shape) pair() (up, down int) {
	for i := range s.detects {
		switch d := &s.detects[i]; {
		case d.up:
			up = i
		case !d.aside:
			down = i
		}
	}
	return up, down
}

// filters are the rule set that the lines name.
func (s *shape) filters() []Rule {
	if !s.fast {
		return nil
	}
	up, _ := s.pair()
	return s.detects[up].rules
}

// isDownlink reports whether a rule is for packets to the device that have not been counted on their
// way before, as what one radio forwards to another has.
func (s *shape) isDownlink(d *detect) bool {
	return !d.up && !d.aside && (d.tunnel == noTunnel || s.tunnels[d.tunnel] == tunnelN9)
}

// rates are what the QERs of a rule come to, where none has a GBR: the lowest MBR in kbit/s, and
// whether all gates are open.
func (s *shape) rates(d *detect) (kbits uint64, open bool) {
	kbits, open = pfcp.Unlimited, true
	for k := range s.rules.qers {
		q := &s.rules.qers[k]
		switch {
		case d.qers>>k&1 == 0:
		case d.up:
			kbits, open = min(kbits, q.UplinkMBR), open && !q.CloseUL
		default:
			kbits, open = min(kbits, q.DownlinkMBR), open && !q.CloseDL
		}
	}
	return kbits, open && kbits > 0
}
