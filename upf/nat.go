package upf

import (
	"encoding/binary"
	"time"
)

// A session of a pool with NAT has a block of ports of one public address for itself, so that who had a
// port at a time follows from who had the block. Within it, whatever a device sends from one of
// its ports leaves by one public port, wherever it goes (RFC 4787 §4.1), and what comes to that port is the device's.
// The place that a port has in its block without NAT is tried first, and so places follow each other:
// a port is found within NATWindow places of that one, or else anywhere in the block.

// NATWindow is how many places after its own a port is mostly found within. A forwarder in the kernel
// looks no further, and leaves to this package what it does not find.
const NATWindow = 8

// What Used says of a TCP port: the device has only asked for connections, or one was ended.
const (
	NATOpening uint64 = 1 << (32 + iota)
	NATClosing
)

// How long a port stays without a packet, in seconds (RFC 4787 REQ-5, RFC 5382 REQ-5, RFC 5508 REQ-1). Of
// UDP and ICMP what the device sends counts; of TCP either side's.
const (
	NATIdleUDP  = 300
	NATIdleICMP = 60
	NATIdleTCP  = 2*3600 + 240
	NATIdleHalf = 240 // TCP, opening or closing
)

// nat gives out blocks and finds public addresses.
type nat struct {
	size    uint32 // ports of a block
	each    uint32 // blocks of an address
	publics []uint32
	taken   []bool // by number of block
	free    int
	pieces  [256]piece // of fragmented packets to public addresses
}

// piece is the first fragment of a packet, by which the later ones find its device.
type piece struct {
	src, dst uint32
	id       uint16
	protocol uint8
	line     uint32
	until    time.Duration
}

func (n *nat) init(c *Config, pools []pool) {
	n.size = uint32(c.NATBlock)
	n.each = 1<<16/n.size - n.least()
	for i := range pools {
		if p := &pools[i]; p.Flags&PoolPublic != 0 {
			for k := range p.Count {
				n.publics = append(n.publics, uint32(p.Base)+k)
			}
		}
	}
	n.taken = make([]bool, uint32(len(n.publics))*n.each)
	n.free = len(n.taken)
}

// least is the first block of an address that is given out: the system ports are in none.
func (n *nat) least() uint32 { return (1024 + n.size - 1) / n.size }

// take gives a session a block, the one that its device's address is to have if that is free (see share), and
// says the index of its first entry.
func (n *nat) take(share uint32) (first uint32, ok bool) {
	if n.free == 0 {
		return 0, false
	}
	b := share % uint32(len(n.taken))
	for n.taken[b] {
		b = (b + 1) % uint32(len(n.taken))
	}
	n.taken[b] = true
	n.free--
	return b/n.each<<16 | (n.least()+b%n.each)*n.size, true
}

// give takes a block back.
func (n *nat) give(first uint32, entries []NATEntry) {
	for i := range n.size {
		entries[first+i].Owner.Store(0)
	}
	n.taken[first>>16*n.each+first&0xffff/n.size-n.least()] = false
	n.free++
}

func natOwner(line uint32, port uint16, protocol uint8) uint64 {
	return uint64(line+1) | uint64(port)<<32 | uint64(protocol)<<48
}

func (e *NATEntry) expired(owner uint64, second uint32) bool {
	used, life := e.Used.Load(), uint32(NATIdleUDP)
	switch protocol := uint8(owner >> 48); {
	case protocol == protoICMP:
		life = NATIdleICMP
	case protocol == protoTCP && used&(NATOpening|NATClosing) != 0:
		life = NATIdleHalf
	case protocol == protoTCP:
		life = NATIdleTCP
	}
	return second-uint32(used) > life
}

// touch notes that the port is in use, and what a TCP header says.
func (e *NATEntry) touch(second uint32, p *packet, out bool) {
	used := e.Used.Load()
	state := used >> 32 << 32
	if p.protocol == protoTCP {
		switch flags := p.octets[p.at+13]; {
		case out && flags&(tcpSYN|tcpACK) == tcpSYN:
			state = NATOpening
		case flags&(tcpFIN|tcpRST) != 0:
			state |= NATClosing
		case out:
			state &^= NATOpening
		}
	} else if !out {
		return
	}
	if now := state | uint64(second); now != used {
		e.Used.Store(now)
	}
}

const (
	tcpFIN = 1 << 0
	tcpSYN = 1 << 1
	tcpRST = 1 << 2
	tcpACK = 1 << 4
)

// find is the entry of a device's port, made if it is not there; nil means that the block is used up. Of what is used, only
// a TCP connection that is ending gives way, the one that has been idle for longest.
func (n *nat) find(entries []NATEntry, first, second uint32, owner uint64, create bool) (at uint32, ok bool) {
	mask, port := n.size-1, uint32(owner>>32)&0xffff
	free, victim, idle := uint32(0), uint32(0), uint32(0)
	for k := range n.size {
		i := first + (port+k)&mask
		e := &entries[i]
		has := e.Owner.Load()
		switch {
		case has == owner && !e.expired(has, second):
			return i, true
		case free != 0:
		case has == 0 || e.expired(has, second):
			free = i
		case uint8(has>>48) == protoTCP && e.Used.Load()&NATClosing != 0 && second-uint32(e.Used.Load()) > idle:
			victim, idle = i, second-uint32(e.Used.Load())
		}
	}
	if free == 0 {
		free = victim
	}
	if !create || free == 0 {
		return 0, false
	}
	entries[free].Used.Store(uint64(second))
	entries[free].Owner.Store(owner)
	return free, true
}

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
