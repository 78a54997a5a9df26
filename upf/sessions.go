package upf

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// Sessions is a UPF: its sessions and what forwarding them needs. See the package
// comment for who may call what.
type Sessions struct {
	cfg       Config
	pools     []pool
	forbidden []net4
	services  []Service
	slots     slots
	peers     peers
	filters   filters
	endpoints map[endpoint]uint32 // downlink endpoints to slots, for error indications

	up   uplinkHalf
	down downlinkHalf
}

// endpoint is a tunnel at a peer.
type endpoint struct {
	peer uint32
	teid uint32
}

// Counters is one direction's work.
type Counters struct {
	Packets, Bytes uint64          // forwarded, inner
	Drops          [Reasons]uint64 // by Reason
}

// New makes a UPF without sessions. The error says which setting is wrong.
func New(cfg Config) (*Sessions, error) {
	if cfg.Random == nil {
		return nil, errors.New("upf: no source of randomness")
	}
	if cfg.MTU == 0 {
		cfg.MTU = 1400
	}
	if cfg.MTU < 576 || cfg.MTU > maxInner {
		return nil, fmt.Errorf("upf: MTU %d: want 576 to %d", cfg.MTU, maxInner)
	}
	if cfg.MaxSessions == 0 {
		cfg.MaxSessions = maxSlots
	}
	if cfg.MaxSessions < 1 || cfg.MaxSessions > maxSlots {
		return nil, fmt.Errorf("upf: %d sessions: want 1 to %d", cfg.MaxSessions, maxSlots)
	}
	cfg.N3 = cfg.N3.Unmap()
	if !cfg.N3.IsValid() || cfg.N3.IsUnspecified() || cfg.N3.IsMulticast() {
		return nil, fmt.Errorf("upf: N3 address %s: want the unicast address that radios send to", cfg.N3)
	}
	s := &Sessions{cfg: cfg, endpoints: map[endpoint]uint32{}, filters: filters{sets: make([]filterSet, 1)}}
	var err error
	if s.pools, err = newPools(cfg.Pools); err != nil {
		return nil, err
	}
	if s.forbidden, err = newNets("forbidden range", cfg.Forbidden); err != nil {
		return nil, err
	}
	for _, v := range cfg.Services {
		if !v.Addr.Unmap().Is4() || v.Protocol != protoTCP && v.Protocol != protoUDP {
			return nil, fmt.Errorf("upf: service %s protocol %d: want an IPv4 address and 6 or 17", v.Addr, v.Protocol)
		}
		v.Addr = v.Addr.Unmap()
		s.services = append(s.services, v)
	}
	s.peers.init()
	return s, nil
}

// Count is how many sessions there are.
func (s *Sessions) Count() int { return s.slots.live }

// Stats is what has been forwarded and dropped since the start.
func (s *Sessions) Stats() (uplink, downlink Counters) { return s.up.Counters, s.down.Counters }

// Usage is what a session has carried; seid is the UPF's own.
func (s *Sessions) Usage(seid ident.SEID) (pfcp.Usage, bool) {
	i, ok := s.find(seid)
	if !ok {
		return pfcp.Usage{}, false
	}
	return s.usage(i), true
}

// Device is the address of a session's device; seid is the UPF's own.
func (s *Sessions) Device(seid ident.SEID) (netip.Addr, bool) {
	i, ok := s.find(seid)
	if !ok {
		return netip.Addr{}, false
	}
	return addrOf(s.slots.state(i).ue), true
}

func (s *Sessions) usage(i uint32) pfcp.Usage {
	up, down := s.slots.up(i), s.slots.down(i)
	return pfcp.Usage{UplinkPackets: up.packets, UplinkBytes: up.bytes, DownlinkPackets: down.packets, DownlinkBytes: down.bytes}
}

// AppendPeers adds the addresses that sessions' downlink goes to, each once.
func (s *Sessions) AppendPeers(b []netip.Addr) []netip.Addr {
	for a := range s.peers.byAddr {
		b = append(b, a)
	}
	return b
}

// find is the slot of a session.
func (s *Sessions) find(seid ident.SEID) (uint32, bool) {
	i := uint32(seid) & slotMask
	if seid == 0 || int(i) >= s.slots.size() || s.slots.state(i).seid != seid {
		return 0, false
	}
	return i, true
}

// allowedEndpoint says whether downlink may go to a.
func (s *Sessions) allowedEndpoint(a netip.Addr) bool {
	if a.Is4() != s.cfg.N3.Is4() || a.Zone() != "" || a == s.cfg.N3 {
		return false
	}
	for _, p := range s.cfg.RAN {
		if p.Contains(a) {
			return true
		}
	}
	if len(s.cfg.RAN) > 0 || a.IsLoopback() && !s.cfg.N3.IsLoopback() || !a.IsGlobalUnicast() && !a.IsLoopback() {
		return false
	}
	if !a.Is4() {
		return true
	}
	v := addr4(a)
	if s.poolOf(v) != nil || v == broadcast {
		return false
	}
	return a.IsLoopback() || !within(s.forbidden, v)
}

// limiter lets n things a second pass.
type limiter struct {
	second int64
	n      uint32
}

func (l *limiter) allow(now time.Duration, n uint32) bool {
	if sec := int64(now / time.Second); sec != l.second {
		l.second, l.n = sec, 0
	}
	if l.n >= n {
		return false
	}
	l.n++
	return true
}
