package upf

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"sync/atomic"
)

// peer is an address that downlink goes to. Number 0 stands for all other sources.
type peer struct {
	addr    netip.Addr
	refs    int
	was     netip.Addr // the address that had the number, while nobody has it
	answers limiter    // error indications and notifications sent to it
	echoes  limiter
	misses  *misses // its packets that named no session; nil before the first
	lost    limiter // its error indications
}

const (
	answersPerSecond      = 10
	echoesPerSecond       = 100
	lostTunnelsPerSecond  = 1000
	strangerEchoPerSecond = 100
	errorsPerSecond       = 10 // ICMP errors about the packets of one session, each way
)

type peers struct {
	shared   []PeerEntry
	counters []PeerCounters
	list     []peer
	free     []uint32
	byAddr   map[netip.Addr]uint32
	inside   map[netip.Addr]bool
	random   func() uint64
}

func (p *peers) init(mem *Memory, inside []netip.Addr, random func() uint64) {
	p.shared, p.counters, p.random = mem.Peers, mem.PeerCounters, random
	p.inside = make(map[netip.Addr]bool, len(inside))
	for _, a := range inside {
		p.inside[a.Unmap()] = true
	}
	p.list = make([]peer, 1)
	p.byAddr = map[netip.Addr]uint32{}
}

// of is the number of an address, 0 if no session's downlink goes there.
func (p *peers) of(a netip.Addr) uint32 { return p.byAddr[a] }

// hold counts one more session at a.
func (p *peers) hold(a netip.Addr) uint32 {
	i, ok := p.byAddr[a]
	if !ok {
		i = p.place(a)
		p.list[i] = peer{addr: a}
		p.byAddr[a] = i
		if p.inside[a] {
			p.shared[i].hide(p.random)
		} else {
			p.shared[i].take(a)
		}
	}
	p.list[i].refs++
	return i
}

// place is a number for an address: the one that it had, while nobody else has had it since, with what was
// counted under it; one that nobody has had; or the one that has been free for longest.
func (p *peers) place(a netip.Addr) uint32 {
	k := slices.IndexFunc(p.free, func(i uint32) bool { return p.list[i].was == a })
	if k < 0 && len(p.list) < len(p.shared) {
		p.list = append(p.list, peer{})
		return uint32(len(p.list) - 1)
	}
	i := p.free[max(k, 0)]
	p.free = slices.Delete(p.free, max(k, 0), max(k, 0)+1)
	if k < 0 {
		p.counters[i].reset()
	}
	return i
}

// release counts one less, and forgets an address without any.
func (p *peers) release(i uint32) {
	if i == 0 {
		return
	}
	q := &p.list[i]
	if q.refs--; q.refs == 0 {
		delete(p.byAddr, q.addr)
		p.shared[i].leave()
		*q = peer{was: q.addr}
		p.free = append(p.free, i)
	}
}

// roomFor reports whether n more addresses can be known.
func (p *peers) roomFor(n int) bool { return len(p.free)+len(p.shared)-len(p.list) >= n }

// take gives the entry to an address, whose way there is yet to be found.
func (e *PeerEntry) take(a netip.Addr) {
	*e = PeerEntry{}
	copy(e.Addr[:], a.AsSlice())
	atomic.StoreUint32(&e.Family, family(a))
}

// hide gives the entry to an address that is not for a forwarder in the kernel to know: there is no way to it, and
// nobody guesses what a packet's source would have to be.
func (e *PeerEntry) hide(random func() uint64) {
	*e = PeerEntry{}
	binary.LittleEndian.PutUint64(e.Addr[:], random())
	binary.LittleEndian.PutUint64(e.Addr[8:], random())
}

// leave frees the entry.
func (e *PeerEntry) leave() {
	atomic.StoreUint32(&e.Ready, 0)
	atomic.StoreUint32(&e.Family, 0)
}

func family(a netip.Addr) uint32 {
	if a.Is4() {
		return 4
	}
	return 6
}

// note counts a packet that was not forwarded.
func (c *PeerCounters) note(r Reason) {
	switch r {
	case ReasonUnknownTEID, ReasonSweep:
		c.UnknownTEID.Add(1)
	case ReasonWrongSource, ReasonSecondSource:
		c.Foreign.Add(1)
	case ReasonSpoofedSource:
		c.Spoofed.Add(1)
	case ReasonReplayed:
		c.Replayed.Add(1)
	case ReasonMalformedGTPU, ReasonMalformedIP, ReasonMalformedFrame:
		c.Malformed.Add(1)
	}
}

// adopt takes the entries that it finds, none of which anybody has yet.
func (p *peers) adopt() {
	for i := 1; i < len(p.shared); i++ {
		e := &p.shared[i]
		a := netip.AddrFrom16(e.Addr)
		if e.Family == 4 {
			a = netip.AddrFrom4([4]byte(e.Addr[:4]))
		}
		if e.Family != 4 && e.Family != 6 || p.byAddr[a] != 0 || p.inside[a] {
			e.leave()
			continue
		}
		for len(p.list) <= i {
			p.list = append(p.list, peer{})
		}
		p.list[i] = peer{addr: a}
		p.byAddr[a] = uint32(i)
	}
}

// sweep frees the entries that nobody has.
func (p *peers) sweep() {
	p.free = p.free[:0]
	for i := 1; i < len(p.list); i++ {
		if q := &p.list[i]; q.refs == 0 {
			delete(p.byAddr, q.addr)
			p.shared[i].leave()
			*q = peer{}
			p.free = append(p.free, uint32(i))
		}
	}
}
