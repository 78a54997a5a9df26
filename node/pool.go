package node

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"

	"cordon/ident"
)

// pool gives out the IPv4 addresses of one data network. One that comes back waits behind
// all others that are free, so that it rests as long as the pool allows before somebody
// else answers at it (invariant 8). It is shared by the shards.
type pool struct {
	base  uint32
	count uint32 // addresses from base on

	mu     sync.Mutex // guards what follows
	used   bitmap
	fresh  uint32   // the first that has never been given in turn
	rested []uint32 // given back, oldest first; some may have been taken again by name
	queued bitmap   // what is in rested
	inUse  uint32
}

type bitmap []uint64

func (b bitmap) has(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bitmap) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitmap) clear(i uint32)    { b[i>>6] &^= 1 << (i & 63) }

// newPool takes the addresses of prefix but its first (the network's), its second (the
// gateway's) and its last (the broadcast's).
func newPool(prefix netip.Prefix) (*pool, error) {
	if !prefix.Addr().Is4() || prefix.Bits() < 8 || prefix.Bits() > 29 {
		return nil, fmt.Errorf("address pool %s: want an IPv4 prefix of /8 to /29", prefix)
	}
	b := prefix.Masked().Addr().As4()
	count := uint32(1)<<(32-prefix.Bits()) - 3
	return &pool{base: binary.BigEndian.Uint32(b[:]) + 2, count: count,
		used: make(bitmap, (count+63)/64), queued: make(bitmap, (count+63)/64)}, nil
}

// take gives an address: want, if it is the pool's and free, or the one that has rested
// longest. ok is false where all are taken.
func (p *pool) take(want netip.Addr) (addr netip.Addr, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i, mine := p.index(want); mine && !p.used.has(i) {
		return p.give(i), true
	}
	for p.fresh < p.count {
		i := p.fresh
		p.fresh++
		if !p.used.has(i) && !p.queued.has(i) {
			return p.give(i), true
		}
	}
	for len(p.rested) > 0 {
		i := p.rested[0]
		p.rested = p.rested[1:]
		p.queued.clear(i)
		if !p.used.has(i) {
			return p.give(i), true
		}
	}
	return netip.Addr{}, false
}

// free takes an address back.
func (p *pool) free(addr netip.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i, mine := p.index(addr)
	if !mine || !p.used.has(i) {
		return
	}
	p.used.clear(i)
	p.inUse--
	if !p.queued.has(i) {
		p.queued.set(i)
		p.rested = append(p.rested, i)
	}
}

// give marks the address of index i as taken. Callers hold mu.
func (p *pool) give(i uint32) netip.Addr {
	p.used.set(i)
	p.inUse++
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, p.base+i)))
}

func (p *pool) index(addr netip.Addr) (uint32, bool) {
	if !addr.Is4() {
		return 0, false
	}
	b := addr.As4()
	i := binary.BigEndian.Uint32(b[:]) - p.base
	return i, i < p.count
}

// pools are those of all data networks. The map does not change.
type pools map[ident.DNN]*pool
