package upf

import "encoding/binary"

// quoted is the packet that an ICMP error is about, as far as it is quoted: a view of the error's octets.
// It is false if the error's checksum is wrong or the quote has no ports.
func (p *packet) quoted() (q packet, ok bool) {
	icmp := p.octets[p.at:]
	if p.more || len(icmp) < 8+ipHeader+8 || checksum(icmp) != 0 || icmp[8] != 0x45 || binary.BigEndian.Uint16(icmp[8+6:])&offsetMask != 0 {
		return q, false
	}
	b := icmp[8:]
	q = packet{octets: b, family: 4, protocol: b[9], at: ipHeader,
		src: addr{0, uint64(binary.BigEndian.Uint32(b[12:]))}, dst: addr{0, uint64(binary.BigEndian.Uint32(b[16:]))}}
	echo := q.protocol == protoICMP && (b[ipHeader] == icmpEcho || b[ipHeader] == icmpEchoReply)
	return q, echo || q.protocol == protoTCP || q.protocol == protoUDP
}

// quotedPort is where a quoted packet has the port of one side.
func (p *packet) quotedPort(source bool) int {
	switch {
	case p.protocol == protoICMP:
		return p.at + 4
	case source:
		return p.at
	}
	return p.at + 2
}

// reseal puts the right checksum into an ICMP error whose quote was changed.
func (p *packet) reseal() {
	icmp := p.octets[p.at:]
	icmp[2], icmp[3] = 0, 0
	binary.BigEndian.PutUint16(icmp[2:], checksum(icmp))
}

// natErrorOut translates a device's error about a packet that it got: the quote says again what came.
func (s *Sessions) natErrorOut(second, first, line, public uint32, p *packet) Reason {
	q, ok := p.quoted()
	if !ok || q.dst != p.src {
		return ReasonPorts
	}
	at := q.quotedPort(false)
	owner := natOwner(line, binary.BigEndian.Uint16(q.octets[at:]), q.protocol)
	i, ok := s.nat.find(s.mem.NAT, first, second, owner, false)
	if !ok {
		return ReasonPorts
	}
	q.readdress(16, public)
	q.report(at, uint16(i))
	p.readdress(12, public)
	p.reseal()
	return ReasonNone
}

// natErrorIn translates an error about a packet that a device sent, and says the index of the device's line.
func (s *Sessions) natErrorIn(second, base uint32, p *packet) (line uint32, ok bool) {
	q, ok := p.quoted()
	if !ok || q.src != p.dst {
		return 0, false
	}
	at := q.quotedPort(true)
	e := &s.mem.NAT[base|uint32(binary.BigEndian.Uint16(q.octets[at:]))]
	owner := e.Owner.Load()
	if owner == 0 || uint8(owner>>48) != q.protocol || e.expired(owner, second) {
		return 0, false
	}
	line = uint32(owner) - 1
	device := uint32(s.mem.Down[line].Device.Load())
	q.readdress(12, device)
	q.report(at, uint16(owner>>32))
	p.readdress(16, device)
	p.reseal()
	return line, true
}
