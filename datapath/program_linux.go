package datapath

import (
	"errors"
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"cordon/upf"
)

// program is the forwarder in the kernel: loaded and on no interface yet, with the memory that it
// shares with package upf.
type program struct {
	layout upf.Layout
	loaded map[variant]*ebpf.Program
	clock  *ebpf.Program
	maps   map[string]*ebpf.Map
	memory *upf.Memory
	routed []uint64       // bits of addresses to which the kernel knows another way than the default
	limits *forwardLimits // on what the program gives to this process beyond its duty
	mapped [][]byte
}

// asksPerSecond is how many packets of one peer that may be answered the program hands over in a
// second on each processor: more than upf answers, so that upf sees a sweep as one.
const asksPerSecond = 128

// waitingPerSecond is how many packets for one device that waits it hands over in a second: more than upf keeps.
const waitingPerSecond = 16

// variant names what the program is compiled to.
type variant string

const (
	whole   variant = "forward"        // for XDP, where each frame is in one buffer
	spread  variant = "forward_spread" // for XDP, where frames may be in several
	control variant = "control"        // for traffic control
)

// variants are what may be tried for a mode, best first.
var variants = map[Fast][]variant{FastNative: {whole, spread}, FastGeneric: {whole}, FastTCX: {control}}

// programSpec is one of the programs, or none, with maps for memory of a layout.
func programSpec(l upf.Layout, v variant) (*ebpf.CollectionSpec, error) {
	load, entry := loadForward, string(v)
	if v == control {
		load, entry = loadControl, string(whole)
	}
	spec, err := load()
	if err != nil {
		return nil, fmt.Errorf("reading the program for the kernel: %w", err)
	}
	for name := range spec.Programs {
		if name != entry && name != "clock" {
			delete(spec.Programs, name)
		}
	}
	for name, n := range map[string]int{"up": l.Up, "down": l.Down, "records": l.Records, "peers": l.Peers,
		"watches": l.PeerCounters, "tolds": l.PeerCounters, "ports": l.NAT} {
		spec.Maps[name].MaxEntries = uint32(max(n, 1))
	}
	return spec, nil
}

// loadProgram makes what all variants of the program share, with memory of a layout. Of the maps those in has are used, by name, in
// place of new ones; they stay the caller's.
func loadProgram(l upf.Layout, has map[string]*ebpf.Map) (*program, error) {
	spec, err := programSpec(l, "")
	if err != nil {
		return nil, err
	}
	all, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{MapReplacements: has})
	if err != nil {
		return nil, fmt.Errorf("loading the program into the kernel: %w", err)
	}
	p := &program{layout: l, loaded: map[variant]*ebpf.Program{}, clock: all.Programs["clock"], maps: all.Maps}
	if err := p.open(l); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// variant is one of the programs, loaded when it is first asked for.
func (p *program) variant(v variant) (*ebpf.Program, error) {
	if has := p.loaded[v]; has != nil {
		return has, nil
	}
	spec, err := programSpec(p.layout, v)
	if err != nil {
		return nil, err
	}
	delete(spec.Programs, "clock")
	all, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{MapReplacements: p.maps})
	if err != nil {
		return nil, fmt.Errorf("loading the program into the kernel: %w", err)
	}
	closeMaps(all.Maps)
	for _, one := range all.Programs {
		p.loaded[v] = one
	}
	return p.loaded[v], nil
}

// open maps the shared memory and sets what is this process's to say.
func (p *program) open(l upf.Layout) error {
	p.memory = &upf.Memory{Shared: true}
	var limits []forwardLimits
	err := errors.Join(
		share(p, ".data.settings", 1, &p.memory.Settings),
		share(p, ".data.pools", l.Pools, &p.memory.Pools),
		share(p, ".data.ranges", l.Ranges, &p.memory.Ranges),
		share(p, ".data.services", l.Services, &p.memory.Services),
		share(p, ".data.special", l.Special, &p.memory.Special),
		share(p, ".data.routed", l.Special, &p.routed),
		share(p, ".data.limits", 1, &limits),
		share(p, "rule_sets", l.RuleSets, &p.memory.RuleSets),
		share(p, "up", l.Up, &p.memory.Up),
		share(p, "down", l.Down, &p.memory.Down),
		share(p, "records", l.Records, &p.memory.Records),
		share(p, "peers", l.Peers, &p.memory.Peers),
		share(p, "watches", l.PeerCounters, &p.memory.PeerCounters),
		share(p, "ports", l.NAT, &p.memory.NAT),
	)
	if err != nil {
		return err
	}
	p.limits = &limits[0]
	if p.limits.Reasons != uint32(upf.Reasons) {
		return fmt.Errorf("the program for the kernel knows %d reasons, and upf %d", p.limits.Reasons, upf.Reasons)
	}
	p.limits.Asks, p.limits.Waiting, p.limits.Findings = asksPerSecond, waitingPerSecond, 0
	for r := range upf.Reason(upf.Reasons) {
		if r.Finding() {
			p.limits.Findings |= 1 << r
		}
	}
	return nil
}

// share gives n values of T that lie in a map one after the other.
func share[T any](p *program, name string, n int, to *[]T) error {
	m := p.maps[name]
	if m == nil {
		return fmt.Errorf("the program for the kernel has no map %s", name)
	}
	size := n * int(unsafe.Sizeof(*new(T)))
	if has := int(m.MaxEntries()) * (int(m.ValueSize()) + 7) / 8 * 8; size > has {
		return fmt.Errorf("map %s has %d octets, and %d are needed", name, has, size)
	}
	if n == 0 {
		return nil
	}
	b, err := unix.Mmap(m.FD(), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("sharing the memory of map %s: %w", name, err)
	}
	p.mapped = append(p.mapped, b)
	*to = unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
	return nil
}

// close gives the memory back; nobody may use it any longer. On interfaces the program stays.
func (p *program) close() {
	for _, b := range p.mapped {
		_ = unix.Munmap(b)
	}
	for _, m := range p.maps {
		m.Close()
	}
	for _, one := range p.loaded {
		one.Close()
	}
	p.clock.Close()
}

// radio tells the program which peer has an address, 0 for none.
func (p *program) radio(addr netip.Addr, peer uint32) error {
	key := [16]byte{}
	if addr.Is4() {
		copy(key[:], addr.AsSlice())
	} else {
		key = addr.As16()
	}
	if peer != 0 {
		return p.maps["radios"].Put(key, peer)
	}
	if err := p.maps["radios"].Delete(key); !errors.Is(err, ebpf.ErrKeyNotExist) {
		return err
	}
	return nil
}

// drops are the packets that the program has dropped since it was first loaded, by reason.
func (p *program) drops() (uplink, downlink [upf.Reasons]uint64, err error) {
	var each []uint64
	for i := range uint32(2 * upf.Reasons) {
		if err := p.maps["drops"].Lookup(i, &each); err != nil {
			return uplink, downlink, fmt.Errorf("reading what the program dropped: %w", err)
		}
		to := &uplink
		if i >= uint32(upf.Reasons) {
			to = &downlink
		}
		for _, n := range each {
			to[i%uint32(upf.Reasons)] += n
		}
	}
	return uplink, downlink, nil
}

// tell finds out how the kernel's jiffies and CLOCK_MONOTONIC go together, by which the program knows
// the time. It takes a twentieth of a second or two.
func (p *program) tell(o *outer) error {
	first, err := p.tick()
	if err != nil {
		return err
	}
	time.Sleep(clockSpan)
	last, err := p.tick()
	if err != nil {
		return err
	}
	if last.Jiffies == first.Jiffies {
		return errors.New("the kernel's jiffies stand still")
	}
	measured := (last.Time - first.Time) / (last.Jiffies - first.Jiffies)
	best := uint64(0)
	for _, hz := range []uint64{100, 128, 200, 250, 256, 300, 500, 512, 1000, 1024} {
		tick := (uint64(time.Second) + hz/2) / hz
		if best == 0 || distance(tick, measured) < distance(best, measured) {
			best = tick
		}
	}
	o.epoch = min(first.Time-first.Jiffies*best, last.Time-last.Jiffies*best)
	o.tick = uint32(best)
	return nil
}

const clockSpan = 50 * time.Millisecond

func distance(a, b uint64) uint64 { return max(a, b) - min(a, b) }

// tick waits for the next jiffy, and says when it came.
func (p *program) tick() (now forwardInstant, err error) {
	for begin := uint64(0); ; {
		if _, err := p.clock.Run(&ebpf.RunOptions{Context: now, ContextOut: &now}); err != nil {
			return now, fmt.Errorf("asking the kernel for the time: %w", err)
		}
		if begin != 0 && now.Jiffies != begin {
			return now, nil
		}
		begin = now.Jiffies
	}
}
