package upf

import (
	"fmt"
	"slices"

	"cordon/wire/pfcp"
)

const maxQERs = 2 // the session's and its default flow's

// plan is a session as a request would have it. It is built beside the session and put in its place
// when all of it is right.
type plan struct {
	state state
	up    Entry
	down  Entry
	pool  *pool
	outer pfcp.OuterHeader // with pathRadio

	remoteUL, remoteDL []Range // the filters of the two PDRs
}

func reject(c pfcp.Cause, what, format string, args ...any) *pfcp.Rejection {
	return &pfcp.Rejection{Cause: c, What: what, Err: fmt.Errorf(format, args...)}
}

// newPlan reads the rules of a new session.
func (s *Sessions) newPlan(e *pfcp.Establishment) (plan, *pfcp.Rejection) {
	var p plan
	p.state.cp = e.CP.SEID
	if e.CP.SEID == 0 {
		return p, reject(pfcp.CauseMandatoryMissing, "CP F-SEID", "it is 0")
	}
	ul, dl, rej := pairOf(e.PDRs)
	if rej != nil {
		return p, rej
	}
	for _, step := range []func() *pfcp.Rejection{
		func() *pfcp.Rejection { return p.detect(s, ul, dl) },
		func() *pfcp.Rejection { return p.createQERs(ul, dl, e.QERs) },
		func() *pfcp.Rejection { return p.createFARs(s, e.FARs) },
		func() *pfcp.Rejection { return p.compose(s) },
	} {
		if rej := step(); rej != nil {
			return p, rej
		}
	}
	return p, nil
}

// pairOf finds the uplink and the downlink rule.
func pairOf(pdrs []pfcp.PDR) (ul, dl *pfcp.PDR, rej *pfcp.Rejection) {
	for i := range pdrs {
		p := &pdrs[i]
		switch {
		case p.PDI.Source == pfcp.Access && ul == nil:
			ul = p
		case p.PDI.Source == pfcp.Core && dl == nil:
			dl = p
		default:
			return nil, nil, reject(pfcp.CauseRuleFailure, fmt.Sprintf("PDR %d", p.ID), "a session has one rule from access and one from core")
		}
	}
	if ul == nil || dl == nil || ul.ID == dl.ID {
		return nil, nil, reject(pfcp.CauseMandatoryMissing, "PDR", "a session has one rule from access and one from core, under two identifiers")
	}
	return ul, dl, nil
}

// detect takes the two PDRs: whose packets, by which tunnel.
func (p *plan) detect(s *Sessions, ul, dl *pfcp.PDR) *pfcp.Rejection {
	if !ul.PDI.Local.Choose {
		return reject(pfcp.CauseInvalidFTEID, "uplink PDR", "the UPF chooses the F-TEID")
	}
	if !ul.RemoveOuterHeader {
		return reject(pfcp.CauseRuleFailure, "uplink PDR", "the outer header has to go")
	}
	ue := dl.PDI.UE.Unmap()
	if !ue.Is4() || ul.PDI.UE.IsValid() && ul.PDI.UE.Unmap() != ue {
		return reject(pfcp.CauseMandatoryIncorrect, "UE IP address", "want one IPv4 address, the same in both rules")
	}
	v := addr4(ue)
	p.pool = s.poolAt(4, uint64(v))
	if p.pool == nil || !p.pool.usable(uint64(v)) || p.pool.instance != dl.PDI.Instance {
		return reject(pfcp.CauseRuleFailure, "UE IP address", "not an address of network instance %q", dl.PDI.Instance)
	}
	if s.downLine(p.pool, uint64(v)) != nil {
		return reject(pfcp.CauseRuleFailure, "UE IP address", "another session has it")
	}
	p.state.down, _ = p.pool.index(uint64(v))
	p.state.ue, p.up.UE4, p.down.UE4 = v, v, v
	p.state.pdrUL, p.state.pdrDL = uint16(ul.ID), uint16(dl.ID)
	p.state.farUL, p.state.farDL = uint32(ul.FAR), uint32(dl.FAR)
	if ul.FAR == dl.FAR {
		return reject(pfcp.CauseRuleFailure, "FAR", "both directions name rule %d", ul.FAR)
	}
	var rej *pfcp.Rejection
	if p.remoteUL, rej = readFilters("uplink PDR", ul.PDI.Filters); rej == nil {
		p.remoteDL, rej = readFilters("downlink PDR", dl.PDI.Filters)
	}
	return rej
}

func (p *plan) createQERs(ul, dl *pfcp.PDR, qers []pfcp.QER) *pfcp.Rejection {
	if len(qers) > maxQERs {
		return reject(pfcp.CauseRuleFailure, "QER", "%d rules: want at most %d", len(qers), maxQERs)
	}
	for i, q := range qers {
		if q.ID == 0 || p.qer(q.ID) != nil {
			return reject(pfcp.CauseRuleFailure, "QER", "identifier %d is 0 or given twice", q.ID)
		}
		p.state.qers[i].id = uint32(q.ID)
		if rej := p.setQER(q); rej != nil {
			return rej
		}
	}
	for _, id := range ul.QERs {
		q := p.qer(id)
		if q == nil {
			return reject(pfcp.CauseRuleFailure, "uplink PDR", "no QER %d", id)
		}
		q.forUL = true
	}
	for _, id := range dl.QERs {
		q := p.qer(id)
		if q == nil {
			return reject(pfcp.CauseRuleFailure, "downlink PDR", "no QER %d", id)
		}
		q.forDL = true
	}
	return nil
}

// qer is the rule with an identifier, nil if there is none; 0 is no identifier.
func (p *plan) qer(id pfcp.QERID) *qer {
	for i := range p.state.qers {
		if q := &p.state.qers[i]; id != 0 && q.id == uint32(id) {
			return q
		}
	}
	return nil
}

// setQER gives a rule that exists new values.
func (p *plan) setQER(in pfcp.QER) *pfcp.Rejection {
	q := p.qer(in.ID)
	if q == nil {
		return reject(pfcp.CauseRuleFailure, "QER", "no rule %d", in.ID)
	}
	if in.QFI > 63 || in.UplinkMBR > pfcp.Unlimited || in.DownlinkMBR > pfcp.Unlimited {
		return reject(pfcp.CauseMandatoryIncorrect, fmt.Sprintf("QER %d", in.ID), "a QFI is at most 63 and a rate at most 2^40-1 kbit/s")
	}
	q.qfi, q.upMBR, q.downMBR, q.closeUL, q.closeDL = uint8(in.QFI), in.UplinkMBR, in.DownlinkMBR, in.CloseUL, in.CloseDL
	return nil
}

func (p *plan) createFARs(s *Sessions, fars []pfcp.FAR) *pfcp.Rejection {
	var ul, dl bool
	for _, f := range fars {
		ul = ul || uint32(f.ID) == p.state.farUL
		dl = dl || uint32(f.ID) == p.state.farDL
		if rej := p.setFAR(s, f); rej != nil {
			return rej
		}
	}
	if !ul || !dl || len(fars) != 2 {
		return reject(pfcp.CauseRuleFailure, "FAR", "want the two that the PDRs name")
	}
	return nil
}

// setFAR gives a rule that exists new values.
func (p *plan) setFAR(s *Sessions, f pfcp.FAR) *pfcp.Rejection {
	what := fmt.Sprintf("FAR %d", f.ID)
	if !f.Action.Valid() {
		return reject(pfcp.CauseInvalidForwarding, what, "apply action %#x", uint8(f.Action))
	}
	if (f.Action == pfcp.Forward && f.Destination == pfcp.Access) != (f.Outer != pfcp.OuterHeader{}) {
		return reject(pfcp.CauseInvalidForwarding, what, "an outer header goes with forwarding to access, and with nothing else")
	}
	switch uint32(f.ID) {
	case p.state.farUL:
		if f.Action&pfcp.Buffer != 0 || f.Action == pfcp.Forward && f.Destination != pfcp.Core {
			return reject(pfcp.CauseInvalidForwarding, what, "uplink goes to core or is dropped")
		}
		p.state.dropUL = f.Action == pfcp.Drop
		return nil
	case p.state.farDL:
		return p.setDownlink(s, what, f)
	}
	return reject(pfcp.CauseRuleFailure, what, "the session has no such rule")
}

func (p *plan) setDownlink(s *Sessions, what string, f pfcp.FAR) *pfcp.Rejection {
	p.outer = pfcp.OuterHeader{}
	p.down.set(LineNotify, f.Action&pfcp.NotifyCP != 0)
	switch {
	case f.Action == pfcp.Drop:
		p.state.pathDL = pathDrop
	case f.Action&pfcp.Buffer != 0:
		p.state.pathDL = pathHold
	case f.Destination != pfcp.Access:
		return reject(pfcp.CauseInvalidForwarding, what, "downlink goes to access")
	default:
		addr := f.Outer.Addr.Unmap()
		if f.Outer.TEID == 0 || !s.allowedEndpoint(addr) {
			return reject(pfcp.CauseInvalidForwarding, what, "no radio's endpoint: %s TEID %#x", addr, uint32(f.Outer.TEID))
		}
		if !s.peers.room(addr) {
			return reject(pfcp.CauseNoResources, what, "there are %d other peers", len(s.peers.byAddr))
		}
		p.state.pathDL = pathRadio
		p.outer = pfcp.OuterHeader{TEID: f.Outer.TEID, Addr: addr}
	}
	return nil
}

// compose derives the entries from the rules. What the entries have counted stays.
func (p *plan) compose(s *Sessions) *pfcp.Rejection {
	if !slices.Equal(p.remoteUL, p.remoteDL) {
		return reject(pfcp.CauseRuleFailure, "PDR", "both directions need the same SDF filters")
	}
	if _, room := s.filters.find(p.remoteUL); !room {
		return reject(pfcp.CauseNoResources, "PDR", "there are %d other sets of SDF filters", len(s.filters.sets)-1)
	}
	upRate, downRate := pfcp.Unlimited, pfcp.Unlimited
	upClosed, downClosed := p.state.dropUL, false
	var upQFI, downQFI uint8
	for _, q := range p.state.qers {
		if q.forUL {
			upRate, upClosed, upQFI = min(upRate, q.upMBR), upClosed || q.closeUL, max(upQFI, q.qfi)
		}
		if q.forDL {
			downRate, downClosed, downQFI = min(downRate, q.downMBR), downClosed || q.closeDL, max(downQFI, q.qfi)
		}
	}
	if upQFI == 0 || upQFI != downQFI {
		return reject(pfcp.CauseRuleFailure, "QER", "both directions need the default flow's QFI")
	}
	p.up.QFI, p.down.QFI = upQFI, downQFI
	p.up.set(LineShut, upClosed || upRate == 0)
	p.down.set(LineShut, downClosed || downRate == 0 || p.state.pathDL == pathDrop)
	p.down.set(LineHold, p.state.pathDL == pathHold)
	p.up.Cost, p.up.Shift = costOf(max(upRate, 1))
	p.down.Cost, p.down.Shift = costOf(max(downRate, 1))
	return nil
}
