package ran

import (
	"encoding/binary"
	"net/netip"
	"time"

	"cordon/ident"
)

// A phone forms its IPv6 address of the prefix that a router advertisement in its tunnel tells, and
// asks for one by a solicitation (TS 23.501 §5.8.2.2.3, RFC 4861).
const (
	protoICMPv6       = 58
	typeSolicitation  = 133
	typeAdvertisement = 134
	optionPrefix      = 3
	optionMTU         = 5
	prefixAutonomous  = 0x40
	neighbourHops     = 255 // what neighbour discovery arrives with, or is not heeded

	firstSolicit = time.Second // and twice as long each time (RFC 7559)
	lastSolicit  = 6           // how often it doubles
)

var (
	allNodes   = netip.MustParseAddr("ff02::1")
	allRouters = netip.MustParseAddr("ff02::2")
)

// linkLocal is the address that an interface identifier makes.
func linkLocal(id [8]byte) netip.Addr { return inPrefix(netip.MustParsePrefix("fe80::/64"), id) }

// inPrefix is the address of a /64 with an interface identifier.
func inPrefix(p netip.Prefix, id [8]byte) netip.Addr {
	b := p.Addr().As16()
	copy(b[8:], id[:])
	return netip.AddrFrom16(b)
}

// appendSolicitation writes a Router Solicitation (RFC 4861 §4.1).
func appendSolicitation(b []byte, from netip.Addr) []byte {
	start := len(b)
	b = appendIPv6(b, from, allRouters, protoICMPv6, neighbourHops, 8)
	b = append(b, typeSolicitation, 0, 0, 0, 0, 0, 0, 0)
	binary.BigEndian.PutUint16(b[start+ipv6Header+2:], ^fold(upperSum(b[start:], ipv6Header, protoICMPv6)))
	return b
}

// advertisement is what of a Router Advertisement matters to a phone (RFC 4861 §4.2).
type advertisement struct {
	prefix netip.Prefix // a /64 for addresses of one's own making
	mtu    uint32       // 0 if it says none
}

// parseAdvertisement reads one that is for a link-local address; ok is false for any other packet, or one that
// a host does not heed (§6.1.2).
func parseAdvertisement(b []byte, to netip.Addr) (a advertisement, ok bool) {
	if len(b) < ipv6Header+16 || b[0]>>4 != 6 || b[6] != protoICMPv6 || b[7] != neighbourHops ||
		int(binary.BigEndian.Uint16(b[4:])) != len(b)-ipv6Header {
		return a, false
	}
	source, dest, m := netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:])), b[ipv6Header:]
	if m[0] != typeAdvertisement || m[1] != 0 || !source.IsLinkLocalUnicast() || dest != to && dest != allNodes ||
		fold(upperSum(b, ipv6Header, protoICMPv6)) != 0xffff {
		return a, false
	}
	for opts := m[16:]; len(opts) > 0; {
		n := 0
		if len(opts) >= 2 {
			n = int(opts[1]) * 8
		}
		if n == 0 || n > len(opts) {
			return advertisement{}, false
		}
		a.option(opts[:n])
		opts = opts[n:]
	}
	return a, true
}

func (a *advertisement) option(o []byte) {
	switch {
	case o[0] == optionMTU && len(o) == 8:
		a.mtu = binary.BigEndian.Uint32(o[4:])
	case o[0] == optionPrefix && len(o) == 32 && o[2] == 64 && o[3]&prefixAutonomous != 0 && binary.BigEndian.Uint32(o[4:]) != 0:
		p := netip.PrefixFrom(netip.AddrFrom16([16]byte(o[16:])), 64).Masked()
		if !p.Addr().IsLinkLocalUnicast() && !p.Addr().IsMulticast() {
			a.prefix = p
		}
	}
}

// solicit asks for a session's prefix, now and again, until it is known or the session has no tunnel.
func (r *Radio) solicit(u *UE, psi ident.PDUSessionID) {
	if u == nil || r.n3 == nil {
		return
	}
	f := u.flow(psi)
	if f == nil {
		return
	}
	if times := r.n3.solicit(f); times > 0 {
		r.timers.Start(timerKey{u.index, timerSolicit, psi}, r.now.Add(firstSolicit<<min(times-1, lastSolicit)))
	}
}

// formed is a phone that knows its address on a session.
func (r *Radio) formed(f *flow, addr netip.Addr) {
	u := f.ue
	if u.radio.Load() != r || u.flow(f.psi) != f {
		return
	}
	r.timers.Stop(timerKey{u.index, timerSolicit, f.psi})
	r.noted(u, Note{Kind: NoteAddressFormed, PSI: f.psi, Addr: addr})
	u.happened()
}
