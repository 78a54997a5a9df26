package upf

import (
	"fmt"
	"slices"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// filters are the sets of SDF filters that sessions have, each once: a session's entries
// hold the number of its set. Most sessions have none.
type filters struct{ sets []filterSet }

// filterSet is the far ends that its sessions may have to do with.
type filterSet struct {
	remote []Range
	refs   int
}

const (
	maxFilters = 16 // in one rule
)

// passes reports whether a session with that set may send p, or get it.
func (f *filters) passes(set uint8, p *packet, uplink bool) bool {
	far := p.src
	if uplink {
		far = p.dst
	}
	return set == RulesAny || within(f.sets[set].remote, p.family, far.hi, far.lo)
}

// find is the number of a set, or the one that it would get; false means that there are
// too many already.
func (f *filters) find(remote []Range) (set uint8, ok bool) {
	if len(remote) == 0 {
		return RulesAny, true
	}
	free := len(f.sets)
	for i := len(f.sets) - 1; i > 0; i-- {
		switch s := &f.sets[i]; {
		case s.refs == 0:
			free = i
		case slices.Equal(s.remote, remote):
			return uint8(i), true
		}
	}
	return uint8(free), free < int(RulesNone)
}

// hold counts one more session with a set that find has room for, and gives its number.
func (f *filters) hold(remote []Range) uint8 {
	set, _ := f.find(remote)
	if set == RulesAny {
		return RulesAny
	}
	if int(set) == len(f.sets) {
		f.sets = append(f.sets, filterSet{})
	}
	if s := &f.sets[set]; s.refs == 0 {
		s.remote = remote
	}
	f.sets[set].refs++
	return set
}

// release counts one less.
func (f *filters) release(set uint8) {
	if set == RulesAny {
		return
	}
	if s := &f.sets[set]; s.refs == 1 {
		*s = filterSet{}
	} else {
		s.refs--
	}
}

// readFilters takes a rule's SDF filters. What cannot be read may not become no filter, which
// would let everything pass.
func readFilters(what string, filters []pfcp.SDF) ([]Range, *pfcp.Rejection) {
	if len(filters) > maxFilters {
		return nil, reject(pfcp.CauseRuleFailure, what, "%d SDF filters: want at most %d", len(filters), maxFilters)
	}
	var out []Range
	for _, f := range filters {
		if !f.Remote.IsValid() || !f.Remote.Addr().Is4() || f != (pfcp.SDF{Remote: f.Remote}) {
			return nil, reject(pfcp.CauseMandatoryIncorrect, what, "SDF filter %v: want an IPv4 prefix alone", f)
		}
		out = append(out, newRange(f.Remote))
	}
	return out, nil
}

// setPDR gives both rules of a session in turn their new filters.
func (p *plan) setPDR(s *Sessions, in *pfcp.PDR) *pfcp.Rejection {
	want := pfcp.PDR{ID: pfcp.PDRID(p.state.pdrDL), FAR: pfcp.FARID(p.state.farDL), PDI: pfcp.PDI{Source: pfcp.Core}}
	remote := &p.remoteDL
	if uint16(in.ID) == p.state.pdrUL {
		want = pfcp.PDR{ID: in.ID, FAR: pfcp.FARID(p.state.farUL), RemoveOuterHeader: true,
			PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{TEID: ident.TEID(p.state.teid), Addr: s.cfg.N3}}}
		remote = &p.remoteUL
	}
	what := fmt.Sprintf("PDR %d", in.ID)
	if in.ID != want.ID || in.FAR != want.FAR || in.RemoveOuterHeader != want.RemoveOuterHeader || in.PDI.Source != want.PDI.Source ||
		in.PDI.Local != want.PDI.Local || in.PDI.UE.Unmap() != addrOf(p.state.ue) || !p.hasQERs(in) {
		return reject(pfcp.CauseRuleFailure, what, "the session has no such rule: its filters alone may change")
	}
	var rej *pfcp.Rejection
	*remote, rej = readFilters(what, in.PDI.Filters)
	return rej
}

// hasQERs reports whether a rule names the QERs that it was made with.
func (p *plan) hasQERs(in *pfcp.PDR) bool {
	for _, q := range p.state.qers {
		has := q.forDL
		if in.PDI.Source == pfcp.Access {
			has = q.forUL
		}
		if q.id != 0 && has != slices.Contains(in.QERs, pfcp.QERID(q.id)) {
			return false
		}
	}
	return !slices.ContainsFunc(in.QERs, func(id pfcp.QERID) bool { return p.qer(id) == nil })
}
