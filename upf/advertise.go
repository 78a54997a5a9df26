package upf

import (
	"encoding/binary"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

const routerLife = 65535 // seconds: as long as can be said, for nothing is sent unasked (RFC 8319)

// isSolicitation reports whether the packet is a device's question for a router (RFC 4861 §6.1.1).
func (p *packet) isSolicitation() bool {
	if p.family != 6 || p.protocol != protoICMP6 || p.at != ip6Header || p.later || p.more {
		return false
	}
	b := p.octets
	return len(b) >= p.at+8 && b[p.at] == icmp6Solicitation && b[p.at+1] == 0 && p.hops() == 255 && fold(pseudo6(b)) == 0xffff
}

// advertise answers a device's question for a router with its prefix and MTU, in its own session and once a
// second at most. The prefix is for autoconfiguration and not on the link (TS 29.061 §11.2.1.3.2).
func (s *Sessions) advertise(now time.Duration, i uint32, teid ident.TEID) Verdict {
	v, p := Verdict{TEID: teid}, &s.up.packet
	prefix := s.mem.Up[i].UE6.Load()
	radio, flow := s.radioOf(i)
	switch {
	case prefix == 0 || radio.teid == 0 || !linkOnly(p.src) && p.src.hi != prefix:
		v.Reason = ReasonLinkOnly
		return v
	case !s.up.routers.allow(now, i, 1):
		v.Reason = ReasonRateLimited
		return v
	}
	to := p.src
	if to == (addr{}) {
		to = addr{0xff02 << 48, 1} // all nodes
	}
	b := appendIP6(s.up.answer[:0], addr{linkLocal, gatewayHost}, to, protoICMP6, 255, 16+32+8)
	b = append(b, icmp6Advertise, 0, 0, 0, 64, 0, routerLife>>8, routerLife&255, 0, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, 3, 4, 64, 1<<6, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0) // prefix, autonomous, for ever
	b = binary.BigEndian.AppendUint64(b, prefix)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint32(append(b, 5, 1, 0, 0), uint32(s.cfg.MTU))
	v.Action, v.Packet = ToN3, sealICMP6(b)
	v.Head = appendHead(&s.up.head, radio.teid, flow, len(b))
	v.To = netip.AddrPortFrom(s.peers.list[radio.peer].addr, gtpu.Port)
	v.DSCP = s.cfg.DSCP[flow&63]
	return v
}

// radioOf is where a session's downlink goes, and as which flow; none while it waits. A session for which nothing comes
// from N6 has no line that says so.
func (s *Sessions) radioOf(i uint32) (e endpoint, flow uint8) {
	if _, down := s.lines(i); down != nil {
		tunnel := down.Tunnel.Load()
		return endpoint{uint32(tunnel >> 32), uint32(tunnel)}, treatment(down.Treatment.Load()).qfi()
	}
	if st := s.slots.state(i); st.shape != nil && st.more != nil {
		return st.shape.radio(st.more.outers)
	}
	return endpoint{}, 0
}

// radio is where the first rule for downlink that leads anywhere does, if outers are where FARs lead, and its flow.
func (h *shape) radio(outers []endpoint) (e endpoint, flow uint8) {
	for k := range h.detects {
		if d := &h.detects[k]; h.isDownlink(d) && outers[d.far].peer != 0 {
			return outers[d.far], d.qfi
		}
	}
	return endpoint{}, 0
}

// routerFor is the address under which the user plane speaks to a device, or of it.
func (s *Sessions) routerFor(family uint32, device addr) (addr, bool) {
	if pool := s.poolOf(family, device); pool != nil {
		return pool.router(), true
	}
	for i := range s.pools { // a framed address
		if pool := &s.pools[i]; pool.Family == family && pool.Flags&PoolPublic == 0 {
			return pool.router(), true
		}
	}
	return addr{}, false
}

// mayBeTold reports whether an ICMP error may be sent for the packet: not for another one, and not for a
// later fragment.
func (p *packet) mayBeTold() bool { return !p.later && !p.isError() }

// mayBeFragmented reports whether a router may cut the packet up.
func (p *packet) mayBeFragmented() bool {
	return p.family == 4 && binary.BigEndian.Uint16(p.octets[6:])&dontFragment == 0
}

// shares lets each of many have a few things a second. Those that share a place take turns with it, and get
// more rather than less.
type shares struct {
	of [1024]struct{ who, second, n uint32 }
}

func (s *shares) allow(now time.Duration, who, n uint32) bool {
	e := &s.of[who%uint32(len(s.of))]
	if second := uint32(now / time.Second); e.who != who+1 || e.second != second {
		e.who, e.second, e.n = who+1, second, 0
	}
	e.n++
	return e.n <= n
}
