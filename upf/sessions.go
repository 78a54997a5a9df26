package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// Sessions is a UPF: its sessions and what forwarding them needs. See the package
// comment for who may call what.
type Sessions struct {
	cfg       Config
	mem       *Memory
	pools     []pool
	forbidden []Range
	services  []ServiceEntry
	slots     slots
	peers     peers
	filters   filters
	shapes    map[string]*shape
	plan      plan             // room for the request at hand
	live      int              // sessions
	watches   []watch          // of sessions with URRs
	watching  *Watching        // the look at peers that is being taken
	swept     int              // where Sweep goes on
	adopted   map[uint32]uint8 // sessions of an earlier process that no SMF has come for, by slot: their rule sets
	framed    framed
	bridges   []bridge
	resting   map[restingKey]pfcp.OuterHeader
	nat       nat
	ends      ends

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

// New makes a UPF without sessions, in memory of Config.Layout or, if it is nil, of its own. The error says
// which setting is wrong.
func New(cfg Config, mem *Memory) (*Sessions, error) {
	layout, err := cfg.Layout()
	if err != nil {
		return nil, err
	}
	if mem == nil {
		mem = NewMemory(layout)
	}
	if err := mem.fits(layout); err != nil {
		return nil, err
	}
	if cfg, err = cfg.complete(); err != nil {
		return nil, err
	}
	s := &Sessions{cfg: cfg, mem: mem, shapes: map[string]*shape{}}
	s.slots.records = mem.Records
	s.ends.init(mem, cfg.Random)
	s.filters.init(mem.RuleSets)
	if s.pools, err = newPools(&cfg); err != nil {
		return nil, err
	}
	if s.forbidden, err = newRanges("forbidden ranges", cfg.Forbidden); err != nil {
		return nil, err
	}
	if s.services, err = newServices(cfg.Services); err != nil {
		return nil, err
	}
	if s.bridges, err = newBridges(&cfg, firstBridgeLine(s.pools)); err != nil {
		return nil, err
	}
	s.up.stations.init(s.bridges, false, cfg.Random)
	s.down.stations.init(s.bridges, true, cfg.Random)
	s.peers.init(mem, cfg.Inside, cfg.Random)
	s.nat.init(&cfg, s.pools)
	s.down.paging = make([]limiter, len(s.pools)+1)
	s.describe()
	return s, nil
}

// Count is how many sessions there are.
func (s *Sessions) Count() int { return s.live }

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

// Device is the addresses of a session's device; seid is the UPF's own: its IPv4 address, the first of its IPv6
// prefix, or both; none of a session that is not there.
func (s *Sessions) Device(seid ident.SEID) (addrs []netip.Addr) {
	i, ok := s.find(seid)
	if !ok {
		return nil
	}
	e := s.mem.Up[i].Entry()
	if e.UE4 != 0 {
		addrs = append(addrs, addrOf(e.UE4))
	}
	if e.UE6 != 0 {
		addrs = append(addrs, addr6(e.UE6, 0))
	}
	return addrs
}

// lines are a session's two; down is nil if nothing comes from N6 for it.
func (s *Sessions) lines(i uint32) (up, down *Line) {
	if d := s.mem.Records[i].Down; d != 0 {
		down = &s.mem.Down[d-1]
	}
	return &s.mem.Up[i], down
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
	if seid == 0 || int(i) >= s.slots.size() || s.mem.Records[i].SEID != uint64(seid) {
		return 0, false
	}
	return i, true
}

// cp is what the SMF calls the session of a slot.
func (s *Sessions) cp(i uint32) ident.SEID { return ident.SEID(s.mem.Records[s.slots.owner(i)].CP) }

// allowedEndpoint says whether downlink may go to a.
func (s *Sessions) allowedEndpoint(a netip.Addr) bool {
	if s.peers.inside[a] {
		return true
	}
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
	family, hi, lo := halves(a)
	if s.poolOf(family, addr{hi, lo}) != nil || family == 4 && lo == broadcast {
		return false
	}
	return a.IsLoopback() || !within(s.forbidden, family, hi, lo)
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
