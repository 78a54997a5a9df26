package upf

// inner checks what the device is answerable for, and says which way the packet goes.
func (s *Sessions) inner(l *Line, i uint32, t treatment, p *packet) (Action, Reason) {
	if t.flags()&LineFromCore != 0 {
		return s.fromCore(l, i, t, p)
	}
	if r := s.honest(l, i, p); r != ReasonNone {
		return Drop, r
	}
	if !s.filters.passes(t.rules(), p, true) {
		return Drop, ReasonNotSealed
	}
	if !s.isSpecial(p.family, p.dst) {
		return ToN6, ReasonNone
	}
	return s.place(p)
}

// honest checks that a packet is one that a device may send, wherever it goes.
func (s *Sessions) honest(l *Line, i uint32, p *packet) Reason {
	if !s.owns(l, i, p.family, p.src) {
		if p.family == 6 && linkOnly(p.src) {
			return ReasonLinkOnly
		}
		return ReasonSpoofedSource
	}
	switch p.protocol {
	case protoICMP, protoICMP6:
		return p.icmpReason()
	case protoUDP:
		if src, _, ok := p.ports(); ok && (p.family == 4 && src == dhcpServer || p.family == 6 && src == dhcp6Server) {
			return ReasonDHCPServer
		}
	}
	return ReasonNone
}

const (
	dhcpServer  = 67
	dhcp6Server = 547
)

// owns reports whether an address is the session's.
func (s *Sessions) owns(l *Line, i, family uint32, a addr) bool {
	if family == 4 {
		if ue := uint32(l.Device.Load()); ue != 0 && uint64(ue) == a.lo {
			return true
		}
	} else if ue := l.UE6.Load(); ue != 0 && ue == a.hi {
		return true
	}
	slot, ok := s.framed.find(family, a)
	return ok && slot == i
}

// fromCore takes what an anchor sends over N9, which has found it to be for the device.
func (s *Sessions) fromCore(l *Line, i uint32, t treatment, p *packet) (Action, Reason) {
	switch {
	case !s.owns(l, i, p.family, p.dst):
		return Drop, ReasonUnknownUE
	case s.isSpecial(p.family, p.src) && s.nowhere(p.family, p.src):
		return Drop, ReasonBadSource
	case p.icmpReason() != ReasonNone:
		return Drop, p.icmpReason()
	case !s.filters.passes(t.rules(), p, false):
		return Drop, ReasonNotSealed
	}
	return ToLocal, ReasonNone
}

// place says which way a packet goes to a destination that is special.
func (s *Sessions) place(p *packet) (Action, Reason) {
	pool := s.poolOf(p.family, p.dst)
	switch {
	case s.isService(p, p.dst, true):
		return ToN6, ReasonNone
	case p.family == 6 && p.dst.hi == translator && p.dst.lo>>32 == 0:
		return s.translated(addr{0, p.dst.lo})
	case p.family == 6 && linkOnly(p.dst):
		return Drop, ReasonLinkOnly
	case s.nowhere(p.family, p.dst):
		return Drop, ReasonForbidden
	case pool == nil && within(s.forbidden, p.family, p.dst.hi, p.dst.lo):
		return Drop, ReasonForbidden
	case pool == nil:
		if _, device := s.framed.find(p.family, p.dst); !device {
			return ToN6, ReasonNone
		}
	case p.dst == pool.router() && p.isEcho():
		return ToLocal, ReasonNone
	case pool.Flags&PoolPublic == 0 && !pool.usable(p.dst.number(p.family)):
		return Drop, ReasonForbidden
	}
	if !s.cfg.UEToUE {
		return Drop, ReasonOtherUE
	}
	return ToLocal, ReasonNone
}

// translator is the first half of 64:ff9b::/96, by which a translator on N6 reaches IPv4 (RFC 6052).
const translator = 0x0064ff9b << 32

// translated judges the IPv4 address that a translator would send to.
func (s *Sessions) translated(a addr) (Action, Reason) {
	if nowhere(uint32(a.lo)) || s.poolOf(4, a) != nil || within(s.forbidden, 4, 0, a.lo) {
		return Drop, ReasonForbidden
	}
	return ToN6, ReasonNone
}

// isService reports whether p goes to, or comes from, an address, protocol and port that Config allows by name.
// Later fragments have no port and do not; nor do first ones to it, of which the rest could not follow.
func (s *Sessions) isService(p *packet, a addr, to bool) bool {
	port, other, ok := p.ports()
	if to {
		port = other
	}
	if !ok || to && p.more {
		return false
	}
	for i := range s.services {
		v := &s.services[i]
		if v.Port == port && v.Protocol == uint16(p.protocol) && v.Lo == a.lo && v.Hi == a.hi && v.Family == uint16(p.family) {
			return true
		}
	}
	return false
}
