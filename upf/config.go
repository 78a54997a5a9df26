package upf

import (
	"errors"
	"fmt"
	"sync/atomic"
)

const (
	leastMTU  = 576
	leastMTU6 = 1280 // RFC 8200 §5
)

// complete is the configuration with what it leaves out. The error says which setting is wrong.
func (c *Config) complete() (Config, error) {
	cfg := *c
	cfg.N3 = cfg.N3.Unmap()
	for _, v := range []struct {
		field *int
		zero  int
	}{{&cfg.MTU, 1400}, {&cfg.MTUN6, 1500}, {&cfg.MaxSessions, maxSlots}, {&cfg.MaxPeers, defaultPeers}, {&cfg.Paging, 1000}, {&cfg.NATBlock, 256}} {
		if *v.field == 0 {
			*v.field = v.zero
		}
	}
	switch {
	case cfg.Random == nil:
		return cfg, errors.New("upf: no source of randomness")
	case cfg.MTU < leastMTU || cfg.MTU > maxInner:
		return cfg, fmt.Errorf("upf: MTU %d: want %d to %d", cfg.MTU, leastMTU, maxInner)
	case cfg.MTUN6 < leastMTU || cfg.MTUN6 > maxInner:
		return cfg, fmt.Errorf("upf: MTU %d of N6: want %d to %d", cfg.MTUN6, leastMTU, maxInner)
	case cfg.MaxSessions < 1 || cfg.MaxSessions > maxSlots:
		return cfg, fmt.Errorf("upf: %d sessions: want 1 to %d", cfg.MaxSessions, maxSlots)
	case cfg.Paging < 1:
		return cfg, fmt.Errorf("upf: %d notifications a second: want at least 1", cfg.Paging)
	case cfg.MaxPeers < 1 || cfg.MaxPeers >= maxPeers:
		return cfg, fmt.Errorf("upf: %d peers: want 1 to %d", cfg.MaxPeers, maxPeers-1)
	case cfg.NATBlock < 16 || cfg.NATBlock > 4096 || cfg.NATBlock&(cfg.NATBlock-1) != 0:
		return cfg, fmt.Errorf("upf: %d ports in a block: want a power of two from 16 to 4096", cfg.NATBlock)
	case !cfg.N3.IsValid() || cfg.N3.IsUnspecified() || cfg.N3.IsMulticast():
		return cfg, fmt.Errorf("upf: N3 address %s: want the unicast address that radios send to", cfg.N3)
	}
	for _, p := range cfg.Pools {
		if p.Prefix.Addr().Is6() && min(cfg.MTU, cfg.MTUN6) < leastMTU6 {
			return cfg, fmt.Errorf("upf: MTU %d and %d of N6: IPv6, which pool %s is of, needs %d", cfg.MTU, cfg.MTUN6, p.Prefix, leastMTU6)
		}
	}
	for qfi, dscp := range cfg.DSCP {
		if dscp > 63 {
			return cfg, fmt.Errorf("upf: DSCP %d of QFI %d: want at most 63", dscp, qfi)
		}
	}
	return cfg, nil
}

func newServices(in []Service) ([]ServiceEntry, error) {
	var out []ServiceEntry
	for _, v := range in {
		v.Addr = v.Addr.Unmap()
		if !v.Addr.IsValid() || v.Protocol != protoTCP && v.Protocol != protoUDP {
			return nil, fmt.Errorf("upf: service %s protocol %d: want an address and 6 or 17", v.Addr, v.Protocol)
		}
		family, hi, lo := halves(v.Addr)
		out = append(out, ServiceEntry{Hi: hi, Lo: lo, Family: uint16(family), Protocol: uint16(v.Protocol), Port: v.Port})
	}
	if len(out) > maxServices {
		return nil, fmt.Errorf("upf: %d services: want at most %d", len(out), maxServices)
	}
	return out, nil
}

// describe writes into memory what a forwarder has to know of the configuration. One that runs
// already, as when this process takes over from another, finds nothing missing meanwhile.
func (s *Sessions) describe() {
	for i := range s.pools {
		s.mem.Pools[i] = s.pools[i].PoolEntry
	}
	copy(s.mem.Ranges, s.forbidden)
	copy(s.mem.Services, s.services)
	t := Settings{Version: LayoutVersion, MTU: uint32(s.cfg.MTU), MTUN6: uint32(s.cfg.MTUN6), Pools: uint32(len(s.pools)), Ranges: uint32(len(s.forbidden)),
		Services: uint32(len(s.services)), NATBlock: uint32(s.cfg.NATBlock), DSCP: s.cfg.DSCP, Outer: s.mem.Settings[0].Outer}
	for _, f := range []struct {
		on   bool
		flag uint32
	}{{s.cfg.UEToUE, SettingsUEToUE}, {s.cfg.RequireContainer, SettingsRequireContainer},
		{s.cfg.FilterDuplicates, SettingsFilterDuplicates}, {s.cfg.MarkN6, SettingsMarkN6}} {
		if f.on {
			t.Flags |= f.flag
		}
	}
	if s.cfg.N3.Is4() {
		t.N3v4 = addr4(s.cfg.N3)
	} else {
		t.N3v6 = s.cfg.N3.As16()
	}
	s.mem.Settings[0] = t
	special := make([]uint64, specialWords)
	s.mark(special)
	for i, v := range special {
		atomic.StoreUint64(&s.mem.Special[i], v)
	}
}

// mark sets the bits of all that is special.
func (s *Sessions) mark(special []uint64) {
	for _, rs := range [][]Range{nowhere4, nowhere6, s.forbidden} {
		for i := range rs {
			rs[i].mark(special)
		}
	}
	for i := range s.pools {
		p := &s.pools[i]
		r := Range{Family: 4, Lo: p.Base, MaskLo: p.Mask, MaskHi: ^uint64(0)}
		if p.Family == 6 {
			r = Range{Family: 6, Hi: p.Base, MaskHi: p.Mask}
		}
		r.mark(special)
	}
	for _, v := range s.services {
		r := Range{Family: uint32(v.Family), Hi: v.Hi, Lo: v.Lo, MaskHi: ^uint64(0), MaskLo: ^uint64(0)}
		r.mark(special)
	}
}

// mark sets the bits of the /16s that a range touches.
func (r *Range) mark(special []uint64) {
	top, mask, base := uint16(r.Lo>>16), uint16(r.MaskLo>>16), 0
	if r.Family == 6 {
		top, mask, base = uint16(r.Hi>>48), uint16(r.MaskHi>>48), specialWords/2
	}
	for v := int(top); v <= int(top|^mask); v++ {
		atomic.OrUint64(&special[base+v/64], 1<<(v%64))
	}
}
