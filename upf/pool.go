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

// net4 is an IPv4 prefix in the form that is cheapest to ask.
type net4 struct{ base, mask uint32 }

func newNet(p netip.Prefix) net4 {
	mask := ^uint32(0) << (32 - p.Bits())
	return net4{addr4(p.Addr()) & mask, mask}
}

// newNets takes the IPv4 prefixes of ps; IPv6 ones cover nothing that is forwarded yet.
func newNets(what string, ps []netip.Prefix) ([]net4, error) {
	var out []net4
	for _, p := range ps {
		if !p.IsValid() {
			return nil, fmt.Errorf("upf: %s %v is no prefix", what, p)
		}
		if p.Addr().Is4() {
			out = append(out, newNet(p))
		}
	}
	return out, nil
}

func within(nets []net4, v uint32) bool {
	for i := range nets {
		if v&nets[i].mask == nets[i].base {
			return true
		}
	}
	return false
}

const (
	pageBits = 10
	pageSize = 1 << pageBits
)

// pool is a range of device addresses with the slot of each, so that downlink finds its
// session without a hash. Pages come when an address of theirs is first taken.
type pool struct {
	net4
	instance ident.DNN
	gateway  uint32
	last     uint32 // broadcast address of the range
	pages    []*[pageSize]uint32
}

func newPools(cfg []Pool) ([]pool, error) {
	var out []pool
	for i, c := range cfg {
		if !c.Prefix.IsValid() || !c.Prefix.Addr().Is4() || c.Prefix.Bits() < 8 || c.Prefix.Bits() > 30 {
			return nil, fmt.Errorf("upf: pool %s: want an IPv4 prefix of /8 to /30", c.Prefix)
		}
		for _, other := range cfg[:i] {
			if other.Prefix.Overlaps(c.Prefix) {
				return nil, fmt.Errorf("upf: pools %s and %s overlap", other.Prefix, c.Prefix)
			}
		}
		p := pool{net4: newNet(c.Prefix), instance: c.Instance}
		p.last = p.base | ^p.mask
		p.gateway = p.base + 1
		if c.Gateway.IsValid() {
			if !c.Prefix.Contains(c.Gateway) {
				return nil, fmt.Errorf("upf: gateway %s is outside its pool %s", c.Gateway, c.Prefix)
			}
			p.gateway = addr4(c.Gateway)
		}
		p.pages = make([]*[pageSize]uint32, (p.last-p.base)>>pageBits+1)
		out = append(out, p)
	}
	return out, nil
}

// poolOf is the pool that has v, nil if none.
func (s *Sessions) poolOf(v uint32) *pool {
	for i := range s.pools {
		if p := &s.pools[i]; v&p.mask == p.base {
			return p
		}
	}
	return nil
}

// usable reports whether v can be a device's.
func (p *pool) usable(v uint32) bool { return v != p.base && v != p.last && v != p.gateway }

// slot is the slot of a device's address.
func (p *pool) slot(v uint32) (uint32, bool) {
	off := v - p.base
	page := p.pages[off>>pageBits]
	if page == nil {
		return 0, false
	}
	i := page[off&(pageSize-1)]
	return i - 1, i != 0
}

func (p *pool) put(v, slot uint32) {
	off := v - p.base
	page := &p.pages[off>>pageBits]
	if *page == nil {
		*page = new([pageSize]uint32)
	}
	(*page)[off&(pageSize-1)] = slot + 1
}

func (p *pool) clear(v uint32) {
	off := v - p.base
	p.pages[off>>pageBits][off&(pageSize-1)] = 0
}
