package datapath

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"cordon/upf"
)

// neighbours keeps, for the kernel's forwarder, what the kernel knows of the ways out: the next hop of
// every peer and of each family's default route, and which networks have a way of their own. It hears of
// changes as they happen, and asks for everything anew once a minute besides.
type neighbours struct {
	devices [2]string // towards radios and data networks
	ask     *netlink.Handle
	news    *nl.NetlinkSocket
	log     *slog.Logger
	kick    chan struct{}                  // a peer may have come
	there   func(device string, index int) // is told of the two devices, each time that links have changed
	closed  atomic.Bool
	done    sync.WaitGroup
	rules   *sync.RWMutex // guards who peers are
	program *program
	peers   []upf.PeerEntry
	outer   *outer

	// What follows is of the goroutine that runs.
	links map[int]wayLink
	macs  map[neighbour][6]byte
	ways  []way // of peers
	out   [2]way
}

// neighbour is a host on a link.
type neighbour struct {
	link int
	addr netip.Addr
}

// wayLink is an interface that a program may send on: one of the two, or a VLAN on it.
type wayLink struct {
	own     [6]byte
	ifindex uint32
	mtu     uint32
	vlan    uint16
}

// way leads to an address.
type way struct {
	to   netip.Addr // not valid: no peer
	next neighbour  // link 0: no way out through the two interfaces
	mtu  uint32     // of the path, 0: the link's
}

const (
	resyncEvery  = time.Minute
	settleFor    = 2 * time.Millisecond // changes come in bursts
	newsBuffer   = 4 << 20
	mostSummed   = 9216 // octets that the program gives a checksum: SUM_STEPS and SUM_CHUNKS in bpf/send.h
	usableStates = unix.NUD_PERMANENT | unix.NUD_NOARP | unix.NUD_REACHABLE | unix.NUD_STALE | unix.NUD_DELAY | unix.NUD_PROBE
)

// openNeighbours asks for the first time. rules guards the peers' addresses, which package upf writes.
func openNeighbours(cfg *Config, p *program, o *outer, rules *sync.RWMutex, kick chan struct{}, there func(string, int)) (*neighbours, error) {
	n := &neighbours{devices: [2]string{cfg.N3Device, cfg.N6Device}, log: cfg.Log, kick: kick, there: there, rules: rules,
		program: p, peers: p.memory.Peers, outer: o, ways: make([]way, len(p.memory.Peers))}
	var err error
	if n.ask, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
		return nil, fmt.Errorf("asking the kernel for routes: %w", err)
	}
	n.news, err = nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, unix.RTNLGRP_NEIGH, unix.RTNLGRP_IPV4_ROUTE, unix.RTNLGRP_IPV6_ROUTE,
		unix.RTNLGRP_IPV4_RULE, unix.RTNLGRP_IPV6_RULE)
	if err != nil {
		n.ask.Close()
		return nil, fmt.Errorf("hearing of changed routes: %w", err)
	}
	_ = n.news.SetReceiveBufferSize(newsBuffer, true)
	n.resync()
	n.done.Go(n.run)
	return n, nil
}

func (n *neighbours) close() {
	n.closed.Store(true)
	n.news.Close()
	n.done.Wait()
	n.ask.Close()
}

// news is what a message of the kernel's means here.
type news struct {
	neighbour *netlink.Neigh // nil: a link or a route has changed
	gone      bool
}

// run follows changes until the socket is closed.
func (n *neighbours) run() {
	heard := make(chan []news)
	n.done.Go(func() { n.listen(heard) })
	tick := time.NewTicker(resyncEvery)
	defer tick.Stop()
	var settled <-chan time.Time // set while links or routes have changed
	for {
		select {
		case all, open := <-heard:
			if !open {
				return
			}
			for _, one := range all {
				switch {
				case one.neighbour != nil:
					n.heard(one.neighbour, one.gone)
				case settled == nil:
					settled = time.After(settleFor)
				}
			}
		case <-n.kick:
			n.findPeers(false)
		case <-settled:
			settled = nil
			n.again()
		case <-tick.C:
			n.again()
		}
	}
}

// listen hands on what the kernel says. What was lost for want of room is made up for by asking anew.
func (n *neighbours) listen(to chan<- []news) {
	defer close(to)
	for {
		messages, _, err := n.news.Receive()
		if n.closed.Load() {
			return
		}
		var out []news
		if err != nil {
			out = append(out, news{})
			time.Sleep(settleFor)
		}
		for _, m := range messages {
			switch m.Header.Type {
			case unix.RTM_NEWNEIGH, unix.RTM_DELNEIGH:
				if h, err := netlink.NeighDeserialize(m.Data); err == nil {
					out = append(out, news{h, m.Header.Type == unix.RTM_DELNEIGH})
				}
			default:
				out = append(out, news{})
			}
		}
		to <- out
	}
}

// again is resync, and tells of the two interfaces: either may be another than the one that had its name.
func (n *neighbours) again() {
	n.resync()
	for i, index := range [2]uint32{n.program.limits.N3, n.program.limits.N6} {
		if index != 0 {
			n.there(n.devices[i], int(index))
		}
	}
}

// resync asks for links, neighbours, routes and rules, and settles every way anew.
func (n *neighbours) resync() {
	if err := errors.Join(n.askLinks(), n.askNeighbours(), n.askRoutes()); err != nil {
		n.log.Warn("the kernel's routes are not known, so packets go through this process", "err", err)
	}
	n.findPeers(true)
}

// askLinks notes the two interfaces and the VLANs on them.
func (n *neighbours) askLinks() error {
	n.links = map[int]wayLink{}
	all, err := n.ask.LinkList()
	if err != nil {
		return fmt.Errorf("interfaces: %w", err)
	}
	var two [2]uint32
	var own [2]uint64
	for _, l := range all {
		a := l.Attrs()
		for i, name := range n.devices {
			if a.Name == name {
				two[i], own[i] = uint32(a.Index), linkAddress(a.HardwareAddr)
			}
		}
		w := wayLink{ifindex: uint32(a.Index), mtu: uint32(a.MTU)}
		if v, ok := l.(*netlink.Vlan); ok && !n.isDevice(all, a.Index) && v.VlanProtocol == netlink.VLAN_PROTOCOL_8021Q {
			w.ifindex, w.vlan = uint32(a.ParentIndex), uint16(v.VlanId)
		}
		if len(a.HardwareAddr) != 6 || a.Flags&net.FlagUp == 0 || !n.isDevice(all, int(w.ifindex)) {
			continue
		}
		w.own = [6]byte(a.HardwareAddr)
		n.links[a.Index] = w
	}
	atomic.StoreUint32(&n.program.limits.N3, two[0])
	atomic.StoreUint32(&n.program.limits.N6, two[1])
	for i, address := range own {
		atomic.StoreUint64(&n.program.limits.Own[i], address)
	}
	return nil
}

// linkAddress is an interface's address as the program has it: 0 of one that has none.
func linkAddress(a net.HardwareAddr) uint64 {
	var b [8]byte
	if copy(b[:6], a) < 6 {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:])
}

func (n *neighbours) isDevice(all []netlink.Link, index int) bool {
	for _, l := range all {
		if a := l.Attrs(); a.Index == index {
			return a.Name == n.devices[0] || a.Name == n.devices[1]
		}
	}
	return false
}

func (n *neighbours) askNeighbours() error {
	n.macs = map[neighbour][6]byte{}
	for index := range n.links {
		list, err := n.ask.NeighList(index, netlink.FAMILY_ALL)
		if err != nil {
			return fmt.Errorf("neighbours: %w", err)
		}
		for i := range list {
			n.note(&list[i], false)
		}
	}
	return nil
}

// note keeps what a neighbour's address on its link is now, and reports whose.
func (n *neighbours) note(h *netlink.Neigh, gone bool) (whose neighbour, changed bool) {
	addr, ok := netip.AddrFromSlice(h.IP)
	if _, ours := n.links[h.LinkIndex]; !ok || !ours || h.Family == unix.AF_BRIDGE {
		return neighbour{}, false
	}
	whose = neighbour{h.LinkIndex, addr.Unmap()}
	before, had := n.macs[whose]
	if gone || h.State&usableStates == 0 || len(h.HardwareAddr) != 6 {
		delete(n.macs, whose)
		return whose, had
	}
	n.macs[whose] = [6]byte(h.HardwareAddr)
	return whose, !had || before != n.macs[whose]
}

// heard takes a neighbour's news. One that the kernel has not heard from for a while is asked after, since
// the traffic that would make the kernel do so does not pass it.
func (n *neighbours) heard(h *netlink.Neigh, gone bool) {
	whose, changed := n.note(h, gone)
	used := false
	for f := range n.out {
		if n.out[f].next == whose && whose.link != 0 {
			used = true
			n.settleOut(f)
		}
	}
	for i := range n.ways {
		if n.ways[i].next == whose && whose.link != 0 {
			used = true
			if changed {
				n.settle(i)
			}
		}
	}
	if used && (gone || h.State&(unix.NUD_STALE|unix.NUD_FAILED) != 0) {
		n.solicit(whose)
	}
}

// solicit has the kernel find a neighbour.
func (n *neighbours) solicit(who neighbour) {
	h := &netlink.Neigh{LinkIndex: who.link, IP: who.addr.AsSlice(), State: unix.NUD_NONE, Flags: unix.NTF_USE, Family: unix.AF_INET}
	if who.addr.Is6() {
		h.Family = unix.AF_INET6
	}
	if err := n.ask.NeighSet(h); err != nil {
		n.log.Debug("asking for a neighbour", "addr", who.addr, "err", err)
	}
}

// findPeers finds ways to peers that have come, or anew to all, and forgets those that are gone.
func (n *neighbours) findPeers(anew bool) {
	n.rules.RLock()
	defer n.rules.RUnlock()
	for i := 1; i < len(n.peers); i++ { // first, since an address may have another number now
		if was := n.ways[i].to; was.IsValid() && was != addressOf(&n.peers[i]) {
			n.setRadio(was, 0)
			n.ways[i] = way{}
		}
	}
	for i := 1; i < len(n.peers); i++ {
		to := addressOf(&n.peers[i])
		if !to.IsValid() {
			continue
		}
		if known := n.ways[i].to == to; !known || anew {
			n.ways[i] = n.wayTo(to)
			n.setRadio(to, uint32(i))
			n.settle(i)
		} else if atomic.LoadUint32(&n.peers[i].Ready) == 0 {
			n.settle(i) // it was away for a moment
		}
	}
}

func (n *neighbours) setRadio(addr netip.Addr, peer uint32) {
	if err := n.program.radio(addr, peer); err != nil {
		n.log.Warn("telling the kernel's forwarder of a radio", "addr", addr, "err", err)
	}
}

// addressOf is a peer's address.
func addressOf(p *upf.PeerEntry) netip.Addr {
	switch atomic.LoadUint32(&p.Family) {
	case 4:
		return netip.AddrFrom4([4]byte(p.Addr[:4]))
	case 6:
		return netip.AddrFrom16(p.Addr)
	}
	return netip.Addr{}
}

// wayTo asks which way a packet for an address would take.
func (n *neighbours) wayTo(to netip.Addr) way {
	w := way{to: to}
	routes, err := n.ask.RouteGet(to.AsSlice())
	if err != nil || len(routes) == 0 || routes[0].Type != unix.RTN_UNICAST {
		return w
	}
	w.next, w.mtu = nextOf(&routes[0], to), uint32(routes[0].MTU)
	return w
}

// nextOf is the host that a route leads to first.
func nextOf(r *netlink.Route, to netip.Addr) neighbour {
	link, gateway := r.LinkIndex, r.Gw
	if len(r.MultiPath) > 0 {
		link, gateway = r.MultiPath[0].LinkIndex, r.MultiPath[0].Gw
	}
	next := neighbour{link, to}
	if via, ok := r.Via.(*netlink.Via); ok { // IPv4 by an IPv6 router
		gateway = via.Addr
	}
	if a, ok := netip.AddrFromSlice(gateway); ok {
		next.addr = a.Unmap()
	}
	return next
}

// hop is the first step of a way; an ifindex of 0 says that there is none now.
func (n *neighbours) hop(w *way) hop {
	l, ours := n.links[w.next.link]
	if !ours {
		return hop{}
	}
	mac, known := n.macs[w.next]
	if !known {
		n.solicit(w.next)
		return hop{}
	}
	h := hop{next: mac, own: l.own, ifindex: l.ifindex, mtu: uint16(min(l.mtu, 1<<16-1)), vlan: l.vlan}
	if w.mtu != 0 {
		h.mtu = uint16(min(w.mtu, uint32(h.mtu)))
	}
	if w.to.Is6() {
		h.mtu = min(h.mtu, mostSummed)
	}
	return h
}

// settle writes a peer's next hop.
func (n *neighbours) settle(i int) {
	p, h := &n.peers[i], n.hop(&n.ways[i])
	if h.ifindex == 0 {
		atomic.StoreUint32(&p.Ready, 0)
		return
	}
	if atomic.LoadUint32(&p.Ready) == 1 && p.Next == h.next && p.Own == h.own && p.Ifindex == h.ifindex && p.MTU == uint32(h.mtu) && p.VLAN == uint32(h.vlan) {
		return
	}
	atomic.StoreUint32(&p.Ready, 0)
	p.Next, p.Own, p.Ifindex, p.MTU, p.VLAN = h.next, h.own, h.ifindex, uint32(h.mtu), uint32(h.vlan)
	atomic.StoreUint32(&p.Ready, 1)
}

// settleOut writes the next hop of a family's default route.
func (n *neighbours) settleOut(family int) {
	at := &n.outer.hop4
	if family == 1 {
		at = &n.outer.hop6
	}
	if h := n.hop(&n.out[family]); h != *at {
		atomic.StoreUint32(&at.ifindex, 0)
		at.next, at.own, at.mtu, at.vlan = h.next, h.own, h.mtu, h.vlan
		atomic.StoreUint32(&at.ifindex, h.ifindex)
	}
}
