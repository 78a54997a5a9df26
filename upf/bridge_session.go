package upf

import (
	"cordon/wire/pfcp"
)

// ethernet reports whether the rules are of a session of type Ethernet.
func (r *ruleset) ethernet() bool {
	for i := range r.pdrs {
		if r.pdrs[i].PDI.Ethernet {
			return true
		}
	}
	return false
}

// bridge finds the network and the line of a session of type Ethernet, which has no address; what the session is of, it stays.
func (s *Sessions) bridge(p *plan) *pfcp.Rejection {
	var was *bridge
	if p.slot != noLine && p.line6 != noLine {
		was = s.bridgeOf(p.line6 + 1)
	}
	switch is := p.rules.ethernet(); {
	case p.slot != noLine && is != (was != nil):
		return reject(pfcp.CauseRuleFailure, "Ethernet PDU Session Information", "its type is the session's for good")
	case !is:
		return nil
	}
	for i := range p.rules.pdrs {
		d := &p.rules.pdrs[i].PDI
		if d.UE.IsValid() || d.UE6.IsValid() || len(d.Framed) > 0 {
			return reject(pfcp.CauseMandatoryIncorrect, "UE IP address", "a session of type Ethernet has none")
		}
		if d.Source != pfcp.Core {
			continue
		}
		b := s.bridgeNamed(d.Instance)
		if b == nil || was != nil && was != b || p.bridge != nil && p.bridge != b {
			return reject(pfcp.CauseRuleFailure, "network instance", "%q is no network of type Ethernet of this session", d.Instance)
		}
		p.bridge = b
	}
	if p.bridge == nil {
		return reject(pfcp.CauseMandatoryMissing, "PDR", "a session has a rule from access and one from core")
	}
	if was == nil {
		return s.bridgeLine(p)
	}
	return nil
}

// bridgeLine finds a line that nobody has.
func (s *Sessions) bridgeLine(p *plan) *pfcp.Rejection {
	b := p.bridge
	for k := range uint32(b.cfg.Sessions) {
		if s.mem.Down[b.first+k].Device.Load() == 0 {
			p.line6 = b.first + k
			return nil
		}
	}
	return reject(pfcp.CauseNoResources, "session", "network %q has %d sessions", b.cfg.Instance, b.cfg.Sessions)
}

// sameBridge reports whether a session that an SMF comes back for is of the type and network that it says.
func (s *Sessions) sameBridge(i uint32, e *pfcp.Establishment) bool {
	b, frames := s.bridgeOf(s.mem.Records[i].Down), false
	for k := range e.PDRs {
		d := &e.PDRs[k].PDI
		frames = frames || d.Ethernet
		if b != nil && d.Source == pfcp.Core && d.Instance != b.cfg.Instance {
			return false
		}
	}
	return frames == (b != nil)
}

// bridged sees that rules of a session of type Ethernet lead to N6 and back, and nowhere else: there is no tunnel to another
// UPF for frames, and a filter of IP flows lets none pass.
func (h *shape) bridged() *pfcp.Rejection {
	for i := range h.paths {
		if h.paths[i] == pathN9 {
			return reject(pfcp.CauseInvalidForwarding, farName(h.rules.fars[i].ID), "frames go to N6 and not to another UPF")
		}
	}
	for _, t := range h.tunnels {
		if t != tunnelUplink {
			return reject(pfcp.CauseRuleFailure, "PDR", "frames come from a radio or from N6")
		}
	}
	return nil
}

// detectFrame is the rule that a frame meets. A session with filters is sealed: it may reach some IP addresses and nothing else,
// and on a link no frame is for an IP address alone.
func (h *shape) detectFrame(tunnel int8, flow uint8) (*detect, Reason) {
	for i := range h.detects {
		d := &h.detects[i]
		switch {
		case d.tunnel != tunnel || flow != noFlow && d.qfis != 0 && d.qfis>>flow&1 == 0:
		case len(d.rules) > 0:
			return nil, ReasonNotSealed
		default:
			return d, ReasonNone
		}
	}
	return nil, ReasonNoRule
}
