package upf

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"cordon/ident"
)

const broadcast = 0xffffffff

// addr4 is an IPv4 address as a number.
func addr4(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func addrOf(v uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// PoolEntry is a range of addresses, 40 octets: those whose number v has v & Mask == Base, of an IPv4
// address its 32 bits and of an IPv6 address the first 64. Index First + v - Base, if v - Base is below
// Count, is that of its downlink line; of a public pool it is that of its ports.
type PoolEntry struct {
	Base, Mask uint64
	Gateway    uint64 // IPv4: the gateway's address. IPv6: the /64 that the gateway has, which is the first. Public: none
	First      uint32
	Count      uint32
	Family     uint32 // 4 or 6
	Flags      uint32
}

// Flags of a PoolEntry.
const (
	PoolNAT    uint32 = 1 << iota // devices' packets leave under a public address
	PoolPublic                    // its addresses are no device's: NAT shares them out
)

// pool is a range with whose devices it has.
type pool struct {
	PoolEntry
	instance ident.DNN
	shared   uint32 // how many addresses other pools with NAT have before it
}

func newPools(c *Config) ([]pool, error) {
	var out []pool
	var down, public, shared uint32
	for _, p := range c.Pools {
		if err := p.check(); err != nil {
			return nil, err
		}
		e := newPool(p.Prefix, &down)
		e.instance = p.Instance
		if e.Family == 4 {
			e.Gateway = e.Base + 1
		}
		if p.Gateway.IsValid() {
			e.Gateway = number(p.Gateway)
		}
		if p.NAT {
			e.Flags, e.shared = PoolNAT, shared
			shared += e.Count
		}
		out = append(out, e)
	}
	for _, p := range c.NAT {
		if !p.IsValid() || !p.Addr().Is4() {
			return nil, fmt.Errorf("upf: public addresses %s: want an IPv4 prefix", p)
		}
		e := newPool(p, &public)
		e.Flags, e.Gateway = PoolPublic, ^uint64(0)
		out = append(out, e)
	}
	if public > maxPublic {
		return nil, fmt.Errorf("upf: %d public addresses: want at most %d", public, maxPublic)
	}
	if len(out) > maxPools {
		return nil, fmt.Errorf("upf: %d pools: want at most %d", len(out), maxPools)
	}
	for i := range out {
		for j := range out[:i] {
			if a, b := &out[i], &out[j]; a.Family == b.Family && (a.Base&b.Mask == b.Base || b.Base&a.Mask == a.Base) {
				return nil, fmt.Errorf("upf: pools %s and %s overlap", b, a)
			}
		}
	}
	return out, nil
}

// check says what is wrong with a pool by itself.
func (p *Pool) check() error {
	switch {
	case p.Prefix.IsValid() && p.Prefix.Addr().Is4() && p.Prefix.Bits() >= 8 && p.Prefix.Bits() <= 30:
	case p.Prefix.IsValid() && p.Prefix.Addr().Is6() && !p.Prefix.Addr().Is4In6() && p.Prefix.Bits() >= 16 && p.Prefix.Bits() <= 63:
		if p.NAT || p.Gateway.IsValid() {
			return fmt.Errorf("upf: pool %s: an IPv6 pool has no NAT, and its gateway is the first address of the first /64", p.Prefix)
		}
	default:
		return fmt.Errorf("upf: pool %s: want an IPv4 prefix of /8 to /30 or an IPv6 prefix of /16 to /63", p.Prefix)
	}
	if p.Gateway.IsValid() && !p.Prefix.Contains(p.Gateway) {
		return fmt.Errorf("upf: gateway %s is outside its pool %s", p.Gateway, p.Prefix)
	}
	return nil
}

// newPool lays a prefix after the indexes that are in use up to next.
func newPool(prefix netip.Prefix, next *uint32) pool {
	width, family := 32, uint32(4)
	if prefix.Addr().Is6() {
		width, family = 64, 6
	}
	mask := ^uint64(0) << (width - prefix.Bits()) & (1<<width - 1)
	e := pool{PoolEntry: PoolEntry{Base: number(prefix.Addr()) & mask, Mask: mask, First: *next, Family: family}}
	e.Gateway = e.Base
	e.Count = uint32(min(uint64(maxAddresses), e.last()-e.Base+1))
	*next += e.Count
	return e
}

// number is an IPv4 address as a number, or the first half of an IPv6 address.
func number(a netip.Addr) uint64 {
	if a.Is4() {
		return uint64(addr4(a))
	}
	b := a.As16()
	return binary.BigEndian.Uint64(b[:])
}

// last is the last number of the range.
func (p *PoolEntry) last() uint64 {
	if p.Family == 4 {
		return p.Base | uint64(^uint32(p.Mask))
	}
	return p.Base | ^p.Mask
}

func (p *PoolEntry) String() string {
	n := 0
	for m := p.Mask; m != 0; m &= m - 1 {
		n++
	}
	if p.Family == 4 {
		return netip.PrefixFrom(addrOf(uint32(p.Base)), n).String()
	}
	return netip.PrefixFrom(addr6(p.Base, 0), n).String()
}

// addr6 is the IPv6 address of two halves.
func addr6(hi, lo uint64) netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], hi)
	binary.BigEndian.PutUint64(b[8:], lo)
	return netip.AddrFrom16(b)
}

// poolAt is the pool that has a number of a family, nil if none.
func (s *Sessions) poolAt(family uint32, v uint64) *pool {
	for i := range s.pools {
		if p := &s.pools[i]; v&p.Mask == p.Base && p.Family == family {
			return p
		}
	}
	return nil
}

// number is what an entry knows an address by.
func (a addr) number(family uint32) uint64 {
	if family == 4 {
		return a.lo
	}
	return a.hi
}

// router is the gateway's address.
func (p *PoolEntry) router() addr {
	if p.Family == 4 {
		return addr{0, p.Gateway}
	}
	return addr{p.Gateway, gatewayHost}
}

// share is what the block of ports of an address of a pool with NAT follows from.
func (p *pool) share(v uint64) uint32 { return p.shared + uint32(v-p.Base) }

// usable reports whether v can be a device's.
func (p *PoolEntry) usable(v uint64) bool {
	if p.Flags&PoolPublic != 0 || v == p.Gateway || v-p.Base >= uint64(p.Count) {
		return false
	}
	return p.Family == 6 || v != p.Base && v != p.last()
}

// index is the downlink line of a device's address; false means that it can have none.
func (p *PoolEntry) index(v uint64) (uint32, bool) {
	off := v - p.Base
	return p.First + uint32(off), off < uint64(p.Count) && p.Flags&PoolPublic == 0
}
