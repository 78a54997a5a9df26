package upf

import "time"

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

// expired reports whether a port has not been used for too long. The kernel's forwarder may use it in a second that this
// process does not look at any more, or has not seen begin.
func (e *NATEntry) expired(owner uint64, second uint32) bool {
	used, life := e.Used.Load(), int32(NATIdleUDP)
	switch protocol := uint8(owner >> 48); {
	case protocol == protoICMP:
		life = NATIdleICMP
	case protocol == protoTCP && used&(NATOpening|NATClosing) != 0:
		life = NATIdleHalf
	case protocol == protoTCP:
		life = NATIdleTCP
	}
	return int32(second-uint32(used)) > life
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
	free, victim, idle := uint32(0), uint32(0), int32(0)
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
		case uint8(has>>48) == protoTCP && e.Used.Load()&NATClosing != 0 && int32(second-uint32(e.Used.Load())) > idle:
			victim, idle = i, int32(second-uint32(e.Used.Load()))
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
