package datapath

import (
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	routedWords  = 1024 // of a family: a bit for each value of an address's first 16 bits
	routesMost   = 100_000
	rulesOfLinux = 3 // local, main and default, as every host has them; IPv6 has no default
)

// askRoutes finds each family's default route, and marks the networks that have a way of their own: the
// kernel's forwarder asks the kernel for those. Where routing follows rules besides addresses, those are all.
func (n *neighbours) askRoutes() error {
	marks := make([]uint64, 2*routedWords)
	var defaults [2]way
	for f, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		rules, err := n.ask.RuleList(family)
		if err != nil {
			return fmt.Errorf("routing rules: %w", err)
		}
		routes, err := n.ask.RouteList(nil, family)
		if err != nil {
			return fmt.Errorf("routes: %w", err)
		}
		mine := marks[f*routedWords:][:routedWords]
		if len(rules) > rulesOfLinux-f || len(routes) > routesMost {
			fill(mine)
		}
		defaults[f] = n.defaultOf(routes, mine)
	}
	for i, v := range marks {
		atomic.StoreUint64(&n.program.routed[i], v)
	}
	n.out = defaults
	for f := range n.out {
		n.settleOut(f)
	}
	return nil
}

// defaultOf is where the default route of the least metric leads; the others are marked.
func (n *neighbours) defaultOf(routes []netlink.Route, marks []uint64) (w way) {
	best := -1
	for i := range routes {
		r := &routes[i]
		p, ok := prefixOf(r)
		if !ok || p.Bits() > 0 {
			mark(marks, p)
			continue
		}
		if best < 0 || r.Priority < routes[best].Priority {
			best = i
		}
	}
	if best < 0 {
		return way{}
	}
	r := &routes[best]
	if len(r.MultiPath) > 1 || r.Type != unix.RTN_UNICAST || n.hasEncap(r) {
		fill(marks)
		return way{}
	}
	w = way{next: nextOf(r, netip.Addr{}), mtu: uint32(r.MTU)}
	if !w.next.addr.IsValid() { // a link without a router, as PPP
		w.next.link = 0
		fill(marks)
	}
	return w
}

// hasEncap reports whether a route puts something around packets.
func (n *neighbours) hasEncap(r *netlink.Route) bool { return r.Encap != nil || r.NewDst != nil }

// prefixOf is the network that a route is for; false means that this cannot be told.
func prefixOf(r *netlink.Route) (netip.Prefix, bool) {
	if r.Dst == nil {
		return netip.Prefix{}, true
	}
	a, ok := netip.AddrFromSlice(r.Dst.IP)
	bits, _ := r.Dst.Mask.Size()
	return netip.PrefixFrom(a, bits), ok
}

// mark sets the bits of a network. One whose first 16 bits are many sets all of them.
func mark(marks []uint64, p netip.Prefix) {
	if !p.IsValid() {
		fill(marks)
		return
	}
	b := p.Masked().Addr().AsSlice()
	first := int(b[0])<<8 | int(b[1])
	for i := first; i < first+1<<max(0, 16-p.Bits()); i++ {
		marks[i/64] |= 1 << (i % 64)
	}
}

func fill(marks []uint64) {
	copy(marks, slices.Repeat([]uint64{^uint64(0)}, len(marks)))
}
