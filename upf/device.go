package upf

import (
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// device takes the device's addresses from the rules. They are the session's for as long as it lives.
func (s *Sessions) device(p *plan) *pfcp.Rejection {
	if rej := s.bridge(p); rej != nil || p.bridge != nil {
		return rej
	}
	had4, had6 := p.ue4, p.ue6
	for i := range p.rules.pdrs {
		d := &p.rules.pdrs[i].PDI
		if rej := p.address(d); rej != nil {
			return rej
		}
		if d.Source == pfcp.Core && p.numbers[i] == noTunnel {
			if rej := s.claim(p, d); rej != nil {
				return rej
			}
		}
	}
	if p.ue4 == 0 && p.ue6 == 0 {
		return reject(pfcp.CauseMandatoryIncorrect, "UE IP address", "no rule names one")
	}
	for _, f := range p.framed {
		if !s.mayFrame(p.slot, f) {
			return reject(pfcp.CauseRuleFailure, "framed route", "%s is not to be had", f)
		}
	}
	if (had4 != 0 || had6 != 0) && (had4 != p.ue4 || had6 != p.ue6) {
		return reject(pfcp.CauseRuleFailure, "UE IP address", "it is the session's for good")
	}
	return nil
}

// own is the session's line, and alias that of its other address: noLine if there is none.
func (p *plan) own() uint32 {
	if p.line4 != noLine {
		return p.line4
	}
	return p.line6
}

func (p *plan) alias() uint32 {
	if p.line4 != noLine {
		return p.line6
	}
	return noLine
}

// address takes what one rule says of the device.
func (p *plan) address(d *pfcp.PDI) *pfcp.Rejection {
	if d.UE.IsValid() {
		a := d.UE.Unmap()
		if !a.Is4() || addr4(a) == 0 || p.ue4 != 0 && p.ue4 != addr4(a) {
			return reject(p.misnamed(), "UE IP address", "want one IPv4 address, the same in all rules")
		}
		d.UE, p.ue4 = a, addr4(a)
	}
	if d.UE6.IsValid() {
		a := d.UE6.Addr()
		if !a.Is6() || a.Is4In6() || d.UE6.Bits() != 64 || number(a) == 0 || p.ue6 != 0 && p.ue6 != number(a) {
			return reject(p.misnamed(), "UE IP address", "want one IPv6 prefix of 64 bits, the same in all rules")
		}
		d.UE6, p.ue6 = d.UE6.Masked(), number(a)
	}
	if len(d.Framed) > maxFramed {
		return reject(pfcp.CauseRuleFailure, "framed route", "%d of them: want at most %d", len(d.Framed), maxFramed)
	}
	for _, f := range d.Framed {
		if !f.IsValid() || f.Addr().Is4In6() {
			return reject(pfcp.CauseMandatoryIncorrect, "framed route", "%v is no prefix of IPv4 or IPv6", f)
		}
		if f = f.Masked(); !slices.Contains(p.framed, f) {
			p.framed = append(p.framed, f)
		}
	}
	if len(p.framed) > maxFramed {
		return reject(pfcp.CauseRuleFailure, "framed route", "%d of them: want at most %d", len(p.framed), maxFramed)
	}
	return nil
}

// misnamed is the cause where a rule names another device than the session's.
func (p *plan) misnamed() pfcp.Cause {
	if p.slot != noLine {
		return pfcp.CauseRuleFailure
	}
	return pfcp.CauseMandatoryIncorrect
}

// mayFrame says whether a network can be behind a session's device: it is in no pool and nowhere that devices do
// not reach, and no other session has it.
func (s *Sessions) mayFrame(slot uint32, f netip.Prefix) bool {
	family, hi, lo := halves(f.Addr())
	r := newRange(f)
	for i := range s.pools {
		p := &s.pools[i]
		o := Range{Family: p.Family, Lo: p.Base, MaskLo: p.Mask, MaskHi: ^uint64(0)}
		if p.Family == 6 {
			o = Range{Family: 6, Hi: p.Base, MaskHi: p.Mask}
		}
		if o.overlaps(&r) {
			return false
		}
	}
	if s.nowhere(family, addr{hi, lo}) || slices.ContainsFunc(s.forbidden, func(o Range) bool { return o.overlaps(&r) }) || s.framed.count() > maxFramedMost-maxFramed {
		return false
	}
	owner, ok := s.framed.exact(f)
	return !ok || owner == slot
}

// overlaps reports whether two ranges have an address in common.
func (r *Range) overlaps(o *Range) bool {
	hi, lo := r.MaskHi&o.MaskHi, r.MaskLo&o.MaskLo
	return r.Family == o.Family && (r.Hi^o.Hi)&hi == 0 && (r.Lo^o.Lo)&lo == 0
}

// claim sees that packets from N6 for the addresses of a rule can be the session's.
func (s *Sessions) claim(p *plan, d *pfcp.PDI) *pfcp.Rejection {
	if !d.UE.IsValid() && !d.UE6.IsValid() {
		return reject(pfcp.CauseMandatoryIncorrect, "UE IP address", "what comes from N6 is for an address")
	}
	if d.UE.IsValid() {
		i, rej := s.line(p.slot, 4, uint64(p.ue4), d.Instance)
		if rej != nil {
			return rej
		}
		p.line4 = i
	}
	if d.UE6.IsValid() {
		i, rej := s.line(p.slot, 6, p.ue6, d.Instance)
		if rej != nil {
			return rej
		}
		p.line6 = i
	}
	return nil
}

// line is the downlink line of an address that a session has or can have. A rule that names no network instance is of its address's.
func (s *Sessions) line(slot, family uint32, v uint64, instance ident.DNN) (uint32, *pfcp.Rejection) {
	pool := s.poolAt(family, v)
	if pool == nil || !pool.usable(v) || instance != "" && pool.instance != instance {
		return 0, reject(pfcp.CauseRuleFailure, "UE IP address", "not an address of network instance %q", instance)
	}
	i, _ := pool.index(v)
	if owner := uint32(s.mem.Down[i].Device.Load() >> 32); owner != 0 && owner-1 != slot {
		return 0, reject(pfcp.CauseRuleFailure, "UE IP address", "another session has it")
	}
	return i, nil
}
