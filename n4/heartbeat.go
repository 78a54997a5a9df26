package n4

import "cordon/wire/pfcp"

// heartbeat answers one. A time stamp that is not the peer's has it asked, since anybody could have sent this.
func (e *endpoint) heartbeat(p *peer, a ask, m *pfcp.HeartbeatRequest) {
	e.answer(p, a, &pfcp.HeartbeatResponse{Recovery: e.cfg.Recovery})
	if p.stamp != 0 && m.Recovery != p.stamp && !e.challenging(p) {
		e.ask(p, request{kind: askHeartbeat, claimed: m.Recovery}, &pfcp.HeartbeatRequest{Recovery: e.cfg.Recovery})
	}
}

// challenging reports whether the peer has a heartbeat to answer already.
func (e *endpoint) challenging(p *peer) bool {
	for _, r := range p.asking {
		if r.kind == askHeartbeat {
			return true
		}
	}
	return false
}

// beat takes the answer to a heartbeat, none with an error.
func (e *endpoint) beat(p *peer, r *request, m pfcp.Message, err error) {
	hb, ok := m.(*pfcp.HeartbeatResponse)
	switch {
	case err != nil || !ok:
		if r.claimed != 0 {
			e.drop(p, ReasonUnproven)
		}
		e.watch(p)
		e.role.silent(p)
	case p.stamp != 0 && hb.Recovery != p.stamp:
		e.watch(p)
		e.role.restarted(p, hb.Recovery)
	default:
		if r.claimed != 0 && r.claimed != hb.Recovery {
			e.drop(p, ReasonUnproven)
			e.observe(p, p.to(), KindFalseRestart, nil, "a restart with time stamp %d was claimed in its name", r.claimed)
		}
		e.watch(p)
		e.role.alive(p)
	}
}

// watch has an associated peer asked whether it is there, in a while.
func (e *endpoint) watch(p *peer) {
	if p.associated {
		e.timers.Start(timerKey{p, timerHeartbeat, 0}, e.now.Add(e.cfg.Heartbeat))
	}
}
