package upf

import (
	"slices"

	"cordon/wire/pfcp"
)

// filters are the sets of SDF filters that sessions' lines name, each once, in the memory that the packet path
// reads. Most sessions have none.
type filters struct {
	sets []RuleSet
	refs []int
}

const maxFilters = maxRules // in one PDR

func (f *filters) init(sets []RuleSet) { f.sets, f.refs = sets, make([]int, len(sets)) }

// passes reports whether a session with that set may send p, or get it.
func (f *filters) passes(set uint8, p *packet, uplink bool) bool {
	if set == RulesAny {
		return true
	}
	s, k := &f.sets[set], p.key(uplink)
	met, _ := k.meets(s.Rules[:min(s.Count, maxRules)])
	return met
}

// find is the number of a set, or the one that it would get; false means that there are
// too many already.
func (f *filters) find(rules []Rule) (set uint8, ok bool) {
	if len(rules) == 0 {
		return RulesAny, true
	}
	var free uint8
	for i := uint8(RulesNone) - 1; i > RulesAny; i-- {
		switch {
		case f.refs[i] == 0:
			free = i
		case slices.Equal(f.sets[i].Rules[:f.sets[i].Count], rules):
			return i, true
		}
	}
	return free, free != RulesAny
}

// hold counts one more user of a set that find has room for, and gives its number.
func (f *filters) hold(rules []Rule) uint8 {
	set, _ := f.find(rules)
	if set == RulesAny {
		return RulesAny
	}
	if f.refs[set] == 0 {
		s := &f.sets[set]
		*s = RuleSet{}
		copy(s.Rules[:], rules)
		s.Count = uint32(len(rules))
	}
	f.refs[set]++
	return set
}

// release counts one less.
func (f *filters) release(set uint8) {
	if set == RulesAny {
		return
	}
	if f.refs[set]--; f.refs[set] == 0 {
		f.sets[set] = RuleSet{} // lets nothing pass
	}
}

// sweep clears the sets that nobody uses, which an earlier process may have left.
func (f *filters) sweep() {
	for i := range f.sets {
		if f.refs[i] == 0 {
			f.sets[i] = RuleSet{}
		}
	}
}

// whole reports whether a set that was found is one.
func (r *RuleSet) whole() bool { return r.Count > 0 && r.Count <= maxRules }

// checkFilters looks at a PDR's SDF filters. What cannot be read may not become no filter, which
// would let everything pass; and one that lets everything pass is none, and is left out by who means that.
func checkFilters(what pdrName, filters []pfcp.SDF) *pfcp.Rejection {
	if len(filters) > maxFilters {
		return reject(pfcp.CauseRuleFailure, what, "%d SDF filters: want at most %d", len(filters), maxFilters)
	}
	for _, f := range filters {
		if f == (pfcp.SDF{}) || f.Remote.IsValid() && f.Remote.Addr().Is4In6() || !f.Remote.IsValid() && f.Remote.Addr().IsValid() ||
			f.RemotePorts.First > f.RemotePorts.Last || f.LocalPorts.First > f.LocalPorts.Last {
			return reject(pfcp.CauseMandatoryIncorrect, what, "SDF filter %v: want a prefix, a protocol, or ports in order", f)
		}
	}
	return nil
}

// newRules are a PDR's SDF filters as packets meet them.
func newRules(filters []pfcp.SDF) []Rule {
	var out []Rule
	for _, f := range filters {
		r := Rule{Protocol: uint32(f.Protocol), RemoteFirst: f.RemotePorts.First, RemoteLast: f.RemotePorts.Last,
			LocalFirst: f.LocalPorts.First, LocalLast: f.LocalPorts.Last}
		if f.Remote.IsValid() {
			r.Remote = newRange(f.Remote)
		}
		out = append(out, r)
	}
	return out
}

// flowKey is what SDF filters look at. The remote end is the destination of uplink and the source of downlink.
type flowKey struct {
	family        uint32
	far           addr
	protocol      uint8
	remote, local uint16
	ports         bool
	later         bool // a fragment that has no ports, of a packet that may have
}

// key is the flow of a packet.
func (p *packet) key(uplink bool) flowKey {
	k := flowKey{family: p.family, far: p.src, protocol: p.protocol, later: p.later}
	if hasPorts(p.protocol) {
		k.remote, k.local, k.ports = p.ports()
	}
	if uplink {
		k.far, k.remote, k.local = p.dst, k.local, k.remote
	}
	return k
}

const protoSCTP = 132

func hasPorts(protocol uint8) bool {
	return protocol == protoTCP || protocol == protoUDP || protocol == protoSCTP
}

// meets reports whether the flow meets one of the rules. Doubt is that a later fragment does, for all that
// it shows, and did not show its ports.
func (k *flowKey) meets(rules []Rule) (met, doubt bool) {
	for i := range rules {
		r := &rules[i]
		if !r.Remote.has(k.family, k.far.hi, k.far.lo) || r.Protocol != 0 && r.Protocol != uint32(k.protocol) {
			continue
		}
		switch {
		case r.RemoteLast == 0 && r.LocalLast == 0:
			return true, false
		case !k.ports:
			doubt = doubt || k.later && hasPorts(k.protocol)
		case (r.RemoteLast == 0 || k.remote >= r.RemoteFirst && k.remote <= r.RemoteLast) && (r.LocalLast == 0 || k.local >= r.LocalFirst && k.local <= r.LocalLast):
			return true, false
		}
	}
	return false, doubt
}
