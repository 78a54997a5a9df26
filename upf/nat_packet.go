package upf

import (
	"encoding/binary"
	"time"
)

// natPort is where the port of one side is, by which NAT knows a packet; false means that it has none. Of an
// ICMP echo it is the identifier.
func (p *packet) natPort(source bool) (at int, ok bool) {
	b := p.transport()
	at = p.at + 2
	if source {
		at = p.at
	}
	switch p.protocol {
	case protoUDP:
		return at, len(b) >= 8
	case protoTCP:
		return at, len(b) >= 20
	case protoICMP:
		return p.at + 4, len(b) >= 8 && (b[0] == icmpEcho || b[0] == icmpEchoReply)
	}
	return 0, false
}

// natOut gives a device's packet the public address of the session's block, and a port of it.
func (s *Sessions) natOut(now time.Duration, first, line uint32, p *packet) Reason {
	public, second := s.nat.publics[first>>16], uint32(now/time.Second)
	if p.later {
		p.readdress(12, public)
		return ReasonNone
	}
	if p.isError() {
		return s.natErrorOut(second, first, line, public, p)
	}
	at, ok := p.natPort(true)
	if !ok {
		return ReasonPorts // what has no ports cannot share an address
	}
	owner := natOwner(line, binary.BigEndian.Uint16(p.octets[at:]), p.protocol)
	i, ok := s.nat.find(s.mem.NAT, first, second, owner, true)
	if !ok {
		return ReasonPorts
	}
	s.mem.NAT[i].touch(second, p, true)
	p.readdress(12, public)
	p.report(at, uint16(i))
	return ReasonNone
}

// natIn gives a packet to a public address the device's, and says the index of the device's line.
func (s *Sessions) natIn(now time.Duration, pool *pool, p *packet) (line uint32, ok bool) {
	off := p.dst.lo - pool.Base
	if off >= uint64(pool.Count) {
		return 0, false
	}
	base, second := (pool.First+uint32(off))<<16, uint32(now/time.Second)
	p.public, p.quote = p.dst, append(s.down.quote[:0], p.octets[:min(len(p.octets), ipHeader+8)]...)
	if p.later || p.more {
		if line, ok = s.nat.joined(now, p); p.later {
			if ok {
				p.readdress(16, uint32(s.mem.Down[line].Device.Load()))
			}
			return line, ok
		}
	}
	if p.isError() {
		return s.natErrorIn(second, base, p)
	}
	at, ok := p.natPort(false)
	if !ok {
		return 0, false
	}
	e := &s.mem.NAT[base|uint32(binary.BigEndian.Uint16(p.octets[at:]))]
	owner := e.Owner.Load()
	if owner == 0 || uint8(owner>>48) != p.protocol || e.expired(owner, second) {
		return 0, false
	}
	e.touch(second, p, false)
	line = uint32(owner) - 1
	if p.more {
		s.nat.first(now, p, line)
	}
	p.readdress(16, uint32(s.mem.Down[line].Device.Load()))
	p.report(at, uint16(owner>>32))
	return line, true
}

// pieceTime is how long the later fragments of a packet may take.
const pieceTime = 5 * time.Second

// pieceOf is where a packet's first fragment is remembered.
func (n *nat) pieceOf(p *packet) (*piece, piece) {
	k := piece{src: uint32(p.src.lo), dst: uint32(p.dst.lo), id: binary.BigEndian.Uint16(p.octets[4:]), protocol: p.protocol}
	return &n.pieces[(k.src^k.src>>16^uint32(k.id)*31)%uint32(len(n.pieces))], k
}

func (n *nat) first(now time.Duration, p *packet, line uint32) {
	at, k := n.pieceOf(p)
	k.line, k.until = line, now+pieceTime
	*at = k
}

// joined is the line that a packet's first fragment was for. A later fragment that comes before it is lost.
func (n *nat) joined(now time.Duration, p *packet) (line uint32, ok bool) {
	at, k := n.pieceOf(p)
	k.line, k.until = at.line, at.until
	return at.line, *at == k && now < at.until
}

// readdress puts an IPv4 address at an offset of the header, and mends the checksums that have it.
func (p *packet) readdress(at int, v uint32) {
	b := p.octets
	old := binary.BigEndian.Uint32(b[at:])
	binary.BigEndian.PutUint32(b[at:], v)
	binary.BigEndian.PutUint16(b[10:], adjust32(binary.BigEndian.Uint16(b[10:]), old, v))
	if at == 12 {
		p.src.lo = uint64(v)
	} else {
		p.dst.lo = uint64(v)
	}
	if sum := p.checksumAt(); sum != 0 && p.protocol != protoICMP {
		p.mend(sum, old, v)
	}
}

// report puts a port, or an identifier, at an offset, and mends the transport's checksum.
func (p *packet) report(at int, v uint16) {
	old := binary.BigEndian.Uint16(p.octets[at:])
	binary.BigEndian.PutUint16(p.octets[at:], v)
	if sum := p.checksumAt(); sum != 0 {
		p.mend(sum, uint32(old), uint32(v))
	}
}

// checksumAt is where the transport's checksum is, 0 if it is nowhere or none.
func (p *packet) checksumAt() int {
	b := p.transport()
	switch {
	case p.protocol == protoTCP && len(b) >= 18:
		return p.at + 16
	case p.protocol == protoUDP && len(b) >= 8 && binary.BigEndian.Uint16(b[6:]) != 0:
		return p.at + 6
	case p.protocol == protoICMP && len(b) >= 4:
		return p.at + 2
	}
	return 0
}

// mend adjusts the checksum at an offset. UDP says 0xffff for 0, which means none there.
func (p *packet) mend(at int, old, v uint32) {
	sum := adjust32(binary.BigEndian.Uint16(p.octets[at:]), old, v)
	if sum == 0 && p.protocol == protoUDP {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(p.octets[at:], sum)
}

// adjust32 is adjust for 32 bits.
func adjust32(sum uint16, old, now uint32) uint16 {
	v := uint32(^sum) + uint32(^uint16(old>>16)) + uint32(^uint16(old)) + now>>16 + now&0xffff
	return ^fold(v)
}
