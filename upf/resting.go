package upf

import "cordon/wire/pfcp"

// restingKey is a session's FAR.
type restingKey struct {
	slot uint32
	far  pfcp.FARID
}

// inForce reports whether packets leave by the tunnel that a FAR leads to. Where it drops them or keeps them the tunnel
// is remembered, for an update may let them go on without naming it again (TS 29.244 §7.5.4.3); nobody is
// bound to it meanwhile, so that nothing is taken from its end.
func inForce(f *pfcp.FAR) bool {
	return f.Action == pfcp.Forward && f.Destination != pfcp.CPFunction && f.Outer != pfcp.OuterHeader{}
}

// remember keeps the tunnels of a plan's FARs that are not in force.
func (s *Sessions) remember(p *plan, old *shape) {
	s.forget(p.slot, old)
	for i := range p.rules.fars {
		if f := &p.rules.fars[i]; f.Outer != (pfcp.OuterHeader{}) && !inForce(f) {
			if s.resting == nil {
				s.resting = map[restingKey]pfcp.OuterHeader{}
			}
			s.resting[restingKey{p.slot, f.ID}] = f.Outer
		}
	}
}

// forget lets go of those of a session's rules.
func (s *Sessions) forget(slot uint32, h *shape) {
	if len(s.resting) == 0 || h == nil {
		return
	}
	for i := range h.rules.fars {
		delete(s.resting, restingKey{slot, h.rules.fars[i].ID})
	}
}
