package upf

import (
	"encoding/binary"
	"fmt"
	"slices"

	"cordon/wire/pfcp"
)

// What a session may have of each kind of rule.
const (
	maxPDRs = 16
	maxFARs = 16
	maxQERs = 16
	maxURRs = 16

	maxInstance = 100 // octets of a network instance, as of a DNN
)

// ruleset are a session's rules as N4 has them, PDRs in the order of their precedence.
type ruleset struct {
	pdrs []pfcp.PDR
	fars []pfcp.FAR
	qers []pfcp.QER
	urrs []pfcp.URR
}

func pdrID(p *pfcp.PDR) pfcp.PDRID { return p.ID }
func farID(f *pfcp.FAR) pfcp.FARID { return f.ID }
func qerID(q *pfcp.QER) pfcp.QERID { return q.ID }
func urrID(u *pfcp.URR) pfcp.URRID { return u.ID }

// indexOf is where the rule of an identifier is, -1 if there is none.
func indexOf[R any, I comparable](list []R, id func(*R) I, want I) int {
	for i := range list {
		if id(&list[i]) == want {
			return i
		}
	}
	return -1
}

func (r *ruleset) far(id pfcp.FARID) *pfcp.FAR {
	if i := indexOf(r.fars, farID, id); i >= 0 {
		return &r.fars[i]
	}
	return nil
}

// change is one kind's part of a request: what goes, what comes, and what changes of a rule that there is.
type change[R any, I comparable] struct {
	what   string
	id     func(*R) I
	over   func(now, was R) R
	remove []I
	create []R
	update []R
	most   int
}

// apply gives the list after a change. What is to go and is not there has gone already, and what is to
// come and is there is replaced, for a request may come twice under two numbers. One
// identifier twice in one request says two things at once and is refused.
func (c *change[R, I]) apply(list []R) ([]R, *pfcp.Rejection) {
	var none I
	for _, id := range c.remove {
		if i := indexOf(list, c.id, id); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
	}
	for k, rules := range [2][]R{c.create, c.update} {
		for n := range rules {
			id := c.id(&rules[n])
			if id == none || indexOf(rules[:n], c.id, id) >= 0 {
				return list, reject(pfcp.CauseRuleFailure, c.what, "identifier %v is 0 or given twice", id)
			}
			i := indexOf(list, c.id, id)
			switch {
			case i >= 0 && k == 1:
				list[i] = c.over(rules[n], list[i])
			case i >= 0:
				list[i] = rules[n]
			case k == 1:
				return list, reject(pfcp.CauseRuleFailure, fmt.Sprintf("%s %v", c.what, id), "the session has no such rule")
			case len(list) >= c.most:
				return list, reject(pfcp.CauseRuleFailure, c.what, "more than %d rules", c.most)
			default:
				list = append(list, rules[n])
			}
		}
	}
	return list, nil
}

// change applies a modification. The receiver's lists are its own; the rules in them may share
// slices with the request.
func (r *ruleset) change(m *pfcp.Modification) *pfcp.Rejection {
	create, rej := r.withTunnels(m.CreatePDRs, false)
	if rej != nil {
		return rej
	}
	update, rej := r.withTunnels(m.PDRs, true)
	if rej != nil {
		return rej
	}
	pdrs := change[pfcp.PDR, pfcp.PDRID]{"PDR", pdrID, pfcp.PDR.Over, m.RemovePDRs, create, update, maxPDRs}
	fars := change[pfcp.FAR, pfcp.FARID]{"FAR", farID, pfcp.FAR.Over, m.RemoveFARs, m.CreateFARs, m.FARs, maxFARs}
	qers := change[pfcp.QER, pfcp.QERID]{"QER", qerID, pfcp.QER.Over, m.RemoveQERs, m.CreateQERs, m.QERs, maxQERs}
	urrs := change[pfcp.URR, pfcp.URRID]{"URR", urrID, pfcp.URR.Over, m.RemoveURRs, m.CreateURRs, m.URRs, maxURRs}
	if r.pdrs, rej = pdrs.apply(r.pdrs); rej != nil {
		return rej
	}
	if r.fars, rej = fars.apply(r.fars); rej != nil {
		return rej
	}
	if r.qers, rej = qers.apply(r.qers); rej != nil {
		return rej
	}
	r.urrs, rej = urrs.apply(r.urrs)
	return rej
}

// withTunnels are PDRs of which others are there already, with the F-TEIDs that these were given: a rule keeps its
// tunnel, whatever else of it changes, and is told it again where it asks for one. Choose then comes with the TEID.
func (r *ruleset) withTunnels(in []pfcp.PDR, update bool) ([]pfcp.PDR, *pfcp.Rejection) {
	out := slices.Clone(in)
	for k := range out {
		p := &out[k]
		i := indexOf(r.pdrs, pdrID, p.ID)
		if i < 0 || p.Keep&pfcp.KeepPDI != 0 {
			continue
		}
		d, has := &p.PDI, &r.pdrs[i].PDI
		same := d.Source == has.Source
		switch {
		case d.Local.Choose && same && has.Local.TEID != 0:
			d.Local.TEID, d.Local.Addr = has.Local.TEID, has.Local.Addr
		case update && (!same || d.Local != pfcp.FTEID{} && d.Local != has.Local):
			return nil, reject(pfcp.CauseRuleFailure, pdrName(p.ID), "a rule keeps its side and its tunnel")
		}
	}
	return out, nil
}

// check looks at the rules one by one and at what they name; sense in the whole is for shape.
func (r *ruleset) check() *pfcp.Rejection {
	if len(r.pdrs) == 0 {
		return reject(pfcp.CauseMandatoryMissing, "PDR", "a session has a rule from access")
	}
	for i := range r.qers {
		if q := &r.qers[i]; q.QFI > 63 || max(q.UplinkMBR, q.DownlinkMBR, q.UplinkGBR, q.DownlinkGBR) > pfcp.Unlimited {
			return reject(pfcp.CauseMandatoryIncorrect, fmt.Sprintf("QER %d", q.ID), "a QFI is at most 63 and a rate at most 2^40-1 kbit/s")
		}
	}
	for i := range r.fars {
		if f := &r.fars[i]; len(f.Instance) > maxInstance {
			return reject(pfcp.CauseMandatoryIncorrect, farName(f.ID), "a network instance of %d octets", len(f.Instance))
		}
	}
	slices.SortStableFunc(r.pdrs, func(a, b pfcp.PDR) int {
		if a.Precedence != b.Precedence {
			return int(min(max(int64(a.Precedence)-int64(b.Precedence), -1), 1))
		}
		return int(a.ID) - int(b.ID)
	})
	for i := range r.pdrs {
		if rej := r.checkPDR(&r.pdrs[i]); rej != nil {
			return rej
		}
	}
	return nil
}

func (r *ruleset) checkPDR(p *pfcp.PDR) *pfcp.Rejection {
	what := pdrName(p.ID)
	if len(p.PDI.Instance) > maxInstance {
		return reject(pfcp.CauseMandatoryIncorrect, what, "a network instance of %d octets", len(p.PDI.Instance))
	}
	if p.PDI.Source != pfcp.Access && p.PDI.Source != pfcp.Core && p.PDI.Source != pfcp.CPFunction {
		return reject(pfcp.CauseRuleFailure, what, "source interface %d", p.PDI.Source)
	}
	if r.far(p.FAR) == nil {
		return reject(pfcp.CauseRuleFailure, what, "the session has no FAR %d", p.FAR)
	}
	for k := range r.pdrs {
		if o := &r.pdrs[k]; o.FAR == p.FAR && o.PDI.Source != p.PDI.Source && o.PDI.Source != pfcp.CPFunction && p.PDI.Source != pfcp.CPFunction {
			return reject(pfcp.CauseRuleFailure, "FAR", "both directions name rule %d", p.FAR)
		}
	}
	if len(p.QERs) > maxQERs || len(p.URRs) > maxURRs || len(p.PDI.QFIs) > 63 {
		return reject(pfcp.CauseRuleFailure, what, "it names %d QERs, %d URRs and %d QFIs", len(p.QERs), len(p.URRs), len(p.PDI.QFIs))
	}
	for _, id := range p.QERs {
		if indexOf(r.qers, qerID, id) < 0 {
			return reject(pfcp.CauseRuleFailure, what, "the session has no QER %d", id)
		}
	}
	for _, id := range p.URRs {
		if indexOf(r.urrs, urrID, id) < 0 {
			return reject(pfcp.CauseRuleFailure, what, "the session has no URR %d", id)
		}
	}
	for _, qfi := range p.PDI.QFIs {
		if qfi > 63 {
			return reject(pfcp.CauseMandatoryIncorrect, what, "QFI %d: a QFI is at most 63", qfi)
		}
	}
	return checkFilters(what, p.PDI.Filters)
}

// clone is a copy that shares nothing with what it was made from.
func (r *ruleset) clone() ruleset {
	c := ruleset{slices.Clone(r.pdrs), slices.Clone(r.fars), slices.Clone(r.qers), slices.Clone(r.urrs)}
	for i := range c.pdrs {
		p := &c.pdrs[i]
		p.PDI.Framed, p.PDI.Filters, p.PDI.QFIs = slices.Clone(p.PDI.Framed), slices.Clone(p.PDI.Filters), slices.Clone(p.PDI.QFIs)
		p.QERs, p.URRs = slices.Clone(p.QERs), slices.Clone(p.URRs)
	}
	return c
}

// reset leaves nothing but room.
func (r *ruleset) reset() {
	*r = ruleset{r.pdrs[:0], r.fars[:0], r.qers[:0], r.urrs[:0]}
}

// appendKey writes what tells a marked ruleset from another: two with one key are the same.
func (r *ruleset) appendKey(b []byte) []byte {
	u32 := binary.LittleEndian.AppendUint32
	u64 := binary.LittleEndian.AppendUint64
	b = append(b, byte(len(r.pdrs)), byte(len(r.fars)), byte(len(r.qers)), byte(len(r.urrs)))
	for i := range r.pdrs {
		b = appendPDR(b, &r.pdrs[i])
	}
	for i := range r.fars {
		f := &r.fars[i]
		b = append(u32(b, uint32(f.ID)), byte(f.Action), byte(f.Destination), byte(f.Outer.TEID), byte(len(f.Instance)))
		b = append(b, f.Instance...)
	}
	for i := range r.qers {
		q := &r.qers[i]
		b = append(u32(b, uint32(q.ID)), byte(q.QFI), bit(q.CloseUL)|bit(q.CloseDL)<<1)
		b = u64(u64(u64(u64(b, q.UplinkMBR), q.DownlinkMBR), q.UplinkGBR), q.DownlinkGBR)
	}
	for i := range r.urrs {
		b = u32(b, uint32(r.urrs[i].ID))
	}
	return b
}

func appendPDR(b []byte, p *pfcp.PDR) []byte {
	u16, u32 := binary.LittleEndian.AppendUint16, binary.LittleEndian.AppendUint32
	d := &p.PDI
	b = u32(u32(u16(b, uint16(p.ID)), p.Precedence), uint32(p.FAR))
	b = append(b, byte(d.Source), d.Local.ChooseID, bit(d.UE.IsValid())|bit(d.UE6.IsValid())<<1|bit(p.RemoveOuterHeader)<<2|bit(d.Ethernet)<<3,
		byte(len(d.Framed)), byte(len(d.Filters)), byte(len(d.QFIs)), byte(len(p.QERs)), byte(len(p.URRs)), byte(len(d.Instance)))
	b = append(b, d.Instance...)
	for _, f := range d.Filters {
		a := f.Remote.Addr().As16()
		b = append(append(b, a[:]...), byte(f.Remote.Bits()), bit(f.Remote.IsValid())|bit(f.Remote.Addr().Is4())<<1, f.Protocol)
		b = u16(u16(u16(u16(b, f.RemotePorts.First), f.RemotePorts.Last), f.LocalPorts.First), f.LocalPorts.Last)
	}
	for _, q := range d.QFIs {
		b = append(b, byte(q))
	}
	for _, id := range p.QERs {
		b = u32(b, uint32(id))
	}
	for _, id := range p.URRs {
		b = u32(b, uint32(id))
	}
	return b
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// qersOf and urrsOf are the rules that a PDR names, as bits by their place.
func (r *ruleset) qersOf(p *pfcp.PDR) (bits uint16) {
	for _, id := range p.QERs {
		bits |= 1 << indexOf(r.qers, qerID, id)
	}
	return bits
}

func (r *ruleset) urrsOf(p *pfcp.PDR) (bits uint16) {
	for _, id := range p.URRs {
		bits |= 1 << indexOf(r.urrs, urrID, id)
	}
	return bits
}
