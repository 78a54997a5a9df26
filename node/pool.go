package node

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"

	"cordon/ident"
	"cordon/smf"
	"cordon/subscriber"
)

// Pool is where a data network's addresses come from, either of which may be missing.
type Pool struct {
	IPv4 netip.Prefix // /8 to /29
	IPv6 netip.Prefix // /16 to /60; each device gets a /64
}

// maxPool6 is how many /64s of a pool are given, the first ones: what the user plane has lines for.
const maxPool6 = 1 << 20

// versions are those that there are addresses of.
func (p Pool) versions() (v subscriber.IPVersions) {
	if p.IPv4.IsValid() {
		v |= subscriber.IPv4
	}
	if p.IPv6.IsValid() {
		v |= subscriber.IPv6
	}
	return v
}

// pool gives out the addresses of one data network and version, each known by a number. One that comes back waits behind
// all others that are free, so that it rests as long as the pool allows before somebody
// else answers at it (invariant 8). It is shared by the shards.
type pool struct {
	count uint32

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

func newPool(count uint32) pool {
	return pool{count: count, used: make(bitmap, (count+63)/64), queued: make(bitmap, (count+63)/64)}
}

// take gives the number of an address: want, if it is the pool's and free, or the one that has rested
// longest. ok is false where all are taken.
func (p *pool) take(want uint32) (i uint32, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if want < p.count && !p.used.has(want) {
		return p.give(want), true
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
	return 0, false
}

// free takes an address back.
func (p *pool) free(i uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i >= p.count || !p.used.has(i) {
		return
	}
	p.used.clear(i)
	p.inUse--
	if !p.queued.has(i) {
		p.queued.set(i)
		p.rested = append(p.rested, i)
	}
}

// give marks an address as taken. Callers hold mu.
func (p *pool) give(i uint32) uint32 {
	p.used.set(i)
	p.inUse++
	return i
}

// pool4 has the addresses of an IPv4 prefix but its first (the network's), its second (the
// gateway's) and its last (the broadcast's).
type pool4 struct {
	base uint32
	pool
}

func newPool4(prefix netip.Prefix) (*pool4, error) {
	if !prefix.Addr().Is4() || prefix.Bits() < 8 || prefix.Bits() > 29 {
		return nil, fmt.Errorf("address pool %s: want an IPv4 prefix of /8 to /29", prefix)
	}
	b := prefix.Masked().Addr().As4()
	return &pool4{binary.BigEndian.Uint32(b[:]) + 2, newPool(uint32(1)<<(32-prefix.Bits()) - 3)}, nil
}

// index is an address's number, which is beyond the pool for another's.
func (p *pool4) index(addr netip.Addr) uint32 {
	if !addr.Is4() {
		return p.count
	}
	b := addr.As4()
	return binary.BigEndian.Uint32(b[:]) - p.base
}

func (p *pool4) addr(i uint32) netip.Addr {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, p.base+i)))
}

// pool6 has the /64s of an IPv6 prefix but the first, in which the gateway is.
type pool6 struct {
	base uint64
	pool
}

func newPool6(prefix netip.Prefix) (*pool6, error) {
	if !prefix.Addr().Is6() || prefix.Addr().Is4In6() || prefix.Bits() < 16 || prefix.Bits() > 60 {
		return nil, fmt.Errorf("address pool %s: want an IPv6 prefix of /16 to /60", prefix)
	}
	b := prefix.Masked().Addr().As16()
	count := min(uint64(1)<<(64-prefix.Bits()), maxPool6) - 1
	return &pool6{binary.BigEndian.Uint64(b[:]) + 1, newPool(uint32(count))}, nil
}

func (p *pool6) index(prefix netip.Prefix) uint32 {
	if prefix.Bits() != 64 {
		return p.count
	}
	b := prefix.Addr().As16()
	return uint32(min(binary.BigEndian.Uint64(b[:])-p.base, uint64(p.count)))
}

func (p *pool6) prefix(i uint32) netip.Prefix {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], p.base+uint64(i))
	return netip.PrefixFrom(netip.AddrFrom16(b), 64)
}

// networkPools are one data network's.
type networkPools struct {
	v4 *pool4
	v6 *pool6
}

func newNetworkPools(p Pool) (n networkPools, err error) {
	if p.IPv4.IsValid() {
		if n.v4, err = newPool4(p.IPv4); err != nil {
			return n, err
		}
	}
	if p.IPv6.IsValid() {
		n.v6, err = newPool6(p.IPv6)
	}
	return n, err
}

// take gives an address of each version, those wanted if they are free. ok is false, and nothing taken,
// where there is none of one.
func (n networkPools) take(versions subscriber.IPVersions, want smf.Addresses) (got smf.Addresses, ok bool) {
	if versions&subscriber.IPv4 != 0 {
		if n.v4 == nil {
			return got, false
		}
		i, ok := n.v4.take(n.v4.index(want.IPv4))
		if !ok {
			return got, false
		}
		got.IPv4 = n.v4.addr(i)
	}
	if versions&subscriber.IPv6 != 0 {
		i, ok := uint32(0), n.v6 != nil
		if ok {
			i, ok = n.v6.take(n.v6.index(want.IPv6))
		}
		if !ok {
			n.free(got)
			return smf.Addresses{}, false
		}
		got.IPv6 = n.v6.prefix(i)
	}
	return got, true
}

// free takes addresses back.
func (n networkPools) free(a smf.Addresses) {
	if n.v4 != nil && a.IPv4.IsValid() {
		n.v4.free(n.v4.index(a.IPv4))
	}
	if n.v6 != nil && a.IPv6.IsValid() {
		n.v6.free(n.v6.index(a.IPv6))
	}
}

// pools are those of all data networks. The map does not change.
type pools map[ident.DNN]networkPools
