package n4

import (
	"fmt"
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// verify sees that a user plane's word on a new session can be true, and takes it. An error is a finding; the session then has a name of the
// user plane's only if it can be deleted there by that.
func (m *ControlPlane) verify(s *session, r *request, a *pfcp.Established) error {
	u := s.peer.upf
	refuse := func(k Kind, format string, args ...any) error {
		err := fmt.Errorf(format, args...)
		m.observe(s.peer, r.from, k, r.data, "%v", err)
		return fmt.Errorf("%w: %w", ErrBadAnswer, err)
	}
	switch other := u.byUP[a.UP.SEID]; {
	case a.CP != s.cp:
		return refuse(KindBadAnswer, "an answer about session %#x, not %#x", uint64(a.CP), uint64(s.cp))
	case a.Node != s.peer.Node:
		return refuse(KindForeignNode, "%v calls itself %v", s.peer.Node, a.Node)
	case a.UP.SEID == 0:
		return refuse(KindBadAnswer, "accepted without an F-SEID")
	case other != nil && other != s && !other.gone && s.request.Existing != a.UP.SEID:
		return refuse(KindBadAnswer, "two sessions of the SEID %#x", uint64(a.UP.SEID))
	case other != nil && other != s: // this is what has become of it
		m.forget(other, ErrLost)
	}
	s.up, s.made = a.UP.SEID, m.now
	u.byUP[s.up] = s
	created, err := m.endpoints(s, s.request.PDRs, a.Created, refuse)
	a.Created = created
	if err == nil {
		err = s.peer.gives(a.Public, refuse)
	}
	return err
}

// gives checks public ports that a user plane says a session has.
func (p *peer) gives(v pfcp.PublicPorts, refuse func(Kind, string, ...any) error) error {
	if v.Addr.IsValid() && !slices.ContainsFunc(p.Public, func(own netip.Prefix) bool { return own.Contains(v.Addr) }) {
		return refuse(KindBadPorts, "ports of %v, which is none of its public addresses", v.Addr)
	}
	return nil
}

// moved does the same for a change of a session.
func (m *ControlPlane) moved(s *session, r *request, asked *pfcp.Modification, a *pfcp.Modified) error {
	refuse := func(k Kind, format string, args ...any) error {
		err := fmt.Errorf(format, args...)
		m.observe(s.peer, r.from, k, r.data, "%v", err)
		return fmt.Errorf("%w: %w", ErrBadAnswer, err)
	}
	for _, id := range asked.RemovePDRs {
		s.release(id)
	}
	for _, id := range asked.RemoveURRs {
		s.measured = slices.DeleteFunc(s.measured, func(x measured) bool { return x.urr == id })
	}
	created, err := m.endpoints(s, slices.Concat(asked.CreatePDRs, asked.PDRs), a.Created, refuse)
	a.Created = created
	if err == nil {
		err = s.peer.gives(a.Public, refuse)
	}
	return err
}

// release forgets the endpoint of a rule, unless another rule has it too.
func (s *session) release(id pfcp.PDRID) {
	for i, e := range s.ends {
		if e.pdr != id {
			continue
		}
		s.ends = slices.Delete(s.ends, i, i+1)
		if u := s.peer.upf; u.ends[e.endp] == s && !slices.ContainsFunc(s.ends, func(o end) bool { return o.endp == e.endp }) {
			delete(u.ends, e.endp)
		}
		return
	}
}

// endpoints checks those that a user plane chose for rules, and adds those that were chosen for it. What it gives has one for each rule that
// asked, and nothing else that was said.
func (m *ControlPlane) endpoints(s *session, pdrs []pfcp.PDR, created []pfcp.CreatedPDR, refuse func(Kind, string, ...any) error) (out []pfcp.CreatedPDR, err error) {
	for _, c := range created {
		if c.UE.IsValid() || c.UE6.IsValid() {
			return nil, refuse(KindUnasked, "PDR %d: it chose %v %v for a device", c.ID, c.UE, c.UE6)
		}
	}
	for _, pdr := range pdrs {
		local := pdr.PDI.Local
		at := slices.IndexFunc(created, func(c pfcp.CreatedPDR) bool { return c.ID == pdr.ID && !c.Local.Choose && c.Local.TEID != 0 })
		switch {
		case local.Choose && at < 0:
			return nil, refuse(KindBadAnswer, "PDR %d: no F-TEID was chosen", pdr.ID)
		case local.Choose:
			local = created[at].Local
			if !s.peer.tunnels(local) {
				return nil, refuse(KindBadEndpoint, "PDR %d: the F-TEID at %v is none of its own", pdr.ID, local.Addr)
			}
			if err := m.hold(s, pdr.ID, local, refuse); err != nil {
				return nil, err
			}
			out = append(out, created[at])
		case s.chose(local):
			out = append(out, pfcp.CreatedPDR{ID: pdr.ID, Local: local})
		}
	}
	return out, nil
}

// hold notes an endpoint as the session's. One that another session has is not to be believed, unless that session is going.
func (m *ControlPlane) hold(s *session, id pfcp.PDRID, f pfcp.FTEID, refuse func(Kind, string, ...any) error) error {
	ends := s.peer.upf.ends
	if other := ends[f]; other != nil && other != s && !other.leaving() {
		return refuse(KindBadEndpoint, "PDR %d: another session has the F-TEID", id)
	}
	ends[f] = s
	s.ends = append(s.ends, end{id, f})
	return nil
}

// leaving reports whether the session's deletion is asked for.
func (s *session) leaving() bool {
	if s.gone {
		return true
	}
	for _, r := range s.peer.asking {
		if _, ok := r.message.(*pfcp.Deletion); ok && r.session == s {
			return true
		}
	}
	return false
}

// tunnels reports whether an endpoint is in the user plane's networks.
func (p *peer) tunnels(f pfcp.FTEID) bool {
	for _, n := range p.Tunnels {
		if n.Contains(f.Addr) {
			return true
		}
	}
	return false
}

// choose gives rules that ask for an endpoint one each, for a user plane that does not choose them itself. That takes a network of it that is
// a single address; without one the rules are left as they are.
func (m *ControlPlane) choose(s *session, pdrs []pfcp.PDR) []pfcp.PDR {
	t := s.peer.Tunnels
	if len(t) == 0 || !t[0].IsSingleIP() {
		return pdrs
	}
	out := slices.Clone(pdrs)
	shared := map[uint8]pfcp.FTEID{}
	for i := range out {
		local := &out[i].PDI.Local
		if !local.Choose {
			continue
		}
		id := local.ChooseID
		f, known := shared[id]
		if !known || id == 0 {
			for f = (pfcp.FTEID{Addr: t[0].Addr()}); f.TEID == 0 || s.peer.upf.ends[f] != nil; {
				f.TEID = ident.TEID(m.random.Uint64())
			}
			shared[id] = f
			s.peer.upf.ends[f] = s
		}
		*local = f
		s.ends = append(s.ends, end{out[i].ID, f})
	}
	return out
}

// chose reports whether the endpoint was chosen here.
func (s *session) chose(f pfcp.FTEID) bool {
	return f != (pfcp.FTEID{}) && s.peer.upf.ends[f] == s
}
