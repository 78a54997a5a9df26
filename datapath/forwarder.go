package datapath

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/pfcp"
)

// Forwarder is a running user plane. Its methods may be called from any goroutine.
type Forwarder struct {
	cfg    Config
	clock  clock
	n3     *n3
	n9     *n9 // nil: N3 leads to other user planes too
	n6     n6
	taps   []*tap // by place in Config.UPF.Bridges, nil of a network without one
	fast   *fast  // nil: the kernel forwards nothing
	events *events
	echoes echoes
	faults [faults]atomic.Uint64
	done   chan struct{}
	failed chan error // room for the one that there can be
	close  sync.Once
	wg     sync.WaitGroup

	looks    sync.Mutex   // one look at the peers is taken at a time; taken before rules
	rules    sync.RWMutex // guards the rules in sessions: packets read, N4 writes
	up       sync.Mutex   // guards the uplink half of sessions; taken after rules
	down     sync.Mutex   // guards the downlink half of sessions, and turned; taken after rules
	sessions *upf.Sessions
	shut     bool   // guarded by rules: the kernel's half is given up
	turned   []byte // room for a packet that comes back at once
}

// n6 is a way to the data network.
type n6 interface {
	// read waits for packets and puts them into b.
	read(b *batch) error
	// write sends whole IPv4 packets and reports how many it could not.
	write(packets [][]byte) (lost int)
	// leave forgets what is under way for a device whose address is free again.
	leave(ue netip.Addr)
	// keep has what leads here stay when this process ends.
	keep() error
	close() error
}

// Fault is a packet that was lost here and not by a rule.
type Fault uint8

const (
	FaultN3Send  Fault = iota // the socket of N3 or N9 took it not
	FaultN6Send               // the TUN device or the stack took it not
	FaultFlows                // Netstack: the device has too many flows
	FaultDial                 // Netstack: the destination refused, or is this host
	FaultICMP                 // Netstack carries TCP and UDP only
	FaultOutside              // it came by N3 from an address that N9 alone leads to
	faults
)

// Faults is how many kinds there are.
const Faults = int(faults)

func (f Fault) String() string {
	switch f {
	case FaultN3Send:
		return "N3 send"
	case FaultN6Send:
		return "N6 send"
	case FaultFlows:
		return "too many flows"
	case FaultDial:
		return "dial"
	case FaultICMP:
		return "ICMP not carried"
	case FaultOutside:
		return "outside the tunnel"
	}
	return "unknown fault"
}

// Stats is what a forwarder has done.
type Stats struct {
	Uplink, Downlink upf.Counters
	Faults           [Faults]uint64
	Sessions         int
	EventsLost       uint64
	Echoes           upf.EchoCounts
	Silent           int    // peers that answered no echo request of their last round
	Fast             uint64 // packets of both directions that the kernel forwarded by itself
}

// errClosed is what an n6 says after close.
var errClosed = errors.New("closed")

// Open starts a forwarder. An error names what is in the way; nothing is left behind then.
func Open(cfg Config) (*Forwarder, Choice, error) {
	if !cfg.N3.IsValid() {
		cfg.N3 = netip.AddrPortFrom(netip.IPv4Unspecified(), 2152)
	}
	if cfg.N6 == "" {
		cfg.N6 = Auto
	}
	if cfg.Fast == "" {
		cfg.Fast = FastAuto
	}
	if cfg.Device == "" {
		cfg.Device = "cordon0"
	}
	if cfg.UPF.MTU == 0 {
		cfg.UPF.MTU = 1400
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.N6 != Auto && cfg.N6 != TUN && cfg.N6 != Netstack {
		return nil, Choice{}, fmt.Errorf("N6 %q: want auto, tun or netstack", cfg.N6)
	}
	if cfg.Echo.IsValid() && !cfg.Echo.Addr().Is4() {
		return nil, Choice{}, fmt.Errorf("echo service %s: want an IPv4 address", cfg.Echo)
	}
	if cfg.Echo6.IsValid() && (!cfg.Echo6.Addr().Is6() || cfg.Echo6.Addr().Is4In6()) {
		return nil, Choice{}, fmt.Errorf("echo service %s: want an IPv6 address", cfg.Echo6)
	}
	f := &Forwarder{clock: newClock(), done: make(chan struct{}), failed: make(chan error, 1), turned: make([]byte, 0, 1<<16)}
	f.echoes.of.Random = random
	choice, err := f.open(&cfg)
	if err != nil {
		f.n9.close()
		if f.n3 != nil {
			f.n3.close()
		}
		if f.n6 != nil {
			f.n6.close()
		}
		_ = f.closeTaps()
		if f.fast != nil {
			f.fast.close()
		}
		return nil, Choice{}, err
	}
	f.cfg = cfg
	f.events = newEvents(cfg.Events)
	f.wg.Go(f.uplink)
	f.wg.Go(f.downlink)
	for i, t := range f.taps {
		if t != nil {
			f.wg.Go(func() { f.fromTap(i, t) })
		}
	}
	if f.n9 != nil {
		f.wg.Go(f.beyond)
	}
	f.wg.Go(func() { f.events.run(f.done, f.now) })
	f.wg.Go(f.account)
	if cfg.EchoInterval > 0 {
		f.wg.Go(f.probe)
	}
	return f, choice, nil
}

// open acquires what a forwarder needs.
func (f *Forwarder) open(cfg *Config) (Choice, error) {
	f.openN9(cfg)
	n3, err := openN3(cfg.N3)
	if err != nil {
		return Choice{}, err
	}
	f.n3 = n3
	if !cfg.UPF.N3.IsValid() {
		cfg.UPF.N3 = n3.local().Addr()
	}
	own, err := hostPrefixes(cfg.UPF.Pools)
	if err != nil {
		return Choice{}, err
	}
	cfg.UPF.Forbidden = append(own, cfg.UPF.Forbidden...)
	cfg.UPF.Random = random
	for _, at := range []netip.AddrPort{cfg.Echo, cfg.Echo6} {
		if at.IsValid() {
			cfg.UPF.Services = append(slices.Clip(cfg.UPF.Services), upf.Service{Addr: at.Addr(), Protocol: protoUDP, Port: at.Port()})
		}
	}
	if dev, err := net.InterfaceByName(cfg.N6Device); err == nil && cfg.UPF.MTUN6 == 0 {
		cfg.UPF.MTUN6 = min(dev.MTU, 9216)
	}
	cfg.bridge()
	if _, err := cfg.UPF.Layout(); err != nil { // before the host is touched
		return Choice{}, err
	}
	choice, err := f.openN6(cfg)
	if err != nil {
		return choice, err
	}
	if err := f.openTaps(cfg); err != nil {
		return choice, err
	}
	choice.Fast, err = f.openSessions(cfg, choice.N6)
	return choice, err
}

// openN6 opens the way to the data networks.
func (f *Forwarder) openN6(cfg *Config) (Choice, error) {
	if cfg.N6 == Netstack {
		return Choice{N6: Netstack, Why: "user-space stack, as configured"}, f.openNetstack(cfg)
	}
	dev, why, err := newTUN(cfg.Device, cfg.UPF)
	switch {
	case err == nil:
		f.n6 = dev
		return Choice{N6: TUN, Why: why}, nil
	case cfg.N6 == TUN:
		return Choice{}, err
	}
	return Choice{N6: Netstack, Why: "user-space stack, since " + err.Error()}, f.openNetstack(cfg)
}

func (f *Forwarder) openNetstack(cfg *Config) error {
	dns, err := resolver(cfg.DNS)
	if err != nil {
		cfg.Log.Warn("devices get no DNS at their gateway", "err", err)
	}
	if dns.IsValid() {
		for _, p := range cfg.UPF.Pools {
			for _, proto := range []uint8{protoTCP, protoUDP} {
				cfg.UPF.Services = append(slices.Clip(cfg.UPF.Services), upf.Service{Addr: gatewayOf(p), Protocol: proto, Port: 53})
			}
		}
	}
	s, err := newNetstack(cfg.UPF, dns, func(k Fault) { f.faults[k].Add(1) })
	if err != nil {
		return err
	}
	f.n6 = s
	return nil
}

// gatewayOf is the gateway's address as package upf has it.
func gatewayOf(p upf.Pool) netip.Addr {
	if p.Gateway.IsValid() {
		return p.Gateway
	}
	return p.Prefix.Masked().Addr().Next()
}

// hostPrefixes are this host's addresses, which no device reaches, but for the pools' gateways.
func hostPrefixes(pools []upf.Pool) ([]netip.Prefix, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("listing this host's addresses: %w", err)
	}
	var out []netip.Prefix
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				ip = ip.Unmap()
				if !slices.ContainsFunc(pools, func(p upf.Pool) bool { return gatewayOf(p) == ip }) {
					out = append(out, netip.PrefixFrom(ip, ip.BitLen()))
				}
			}
		}
	}
	return out, nil
}

// random is 64 bits from the system's generator, which does not fail.
func random() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func (f *Forwarder) now() time.Duration { return f.clock.now() }

// Failed yields an error if the forwarder cannot go on, as when the TUN device is taken away.
func (f *Forwarder) Failed() <-chan error { return f.failed }

// N3 is the address and port that GTP-U is heard at.
func (f *Forwarder) N3() netip.AddrPort { return f.n3.local() }

// Establish makes a session; see upf.Sessions.
func (f *Forwarder) Establish(e pfcp.Establishment) (pfcp.Established, error) {
	f.rules.Lock()
	defer f.rules.Unlock()
	answer, err := f.sessions.Establish(f.now(), e)
	f.changed()
	return answer, err
}

// Modify changes a session and sends what that sets free. New filters end the flows that
// are under way: they may lead where the session may not go any more.
func (f *Forwarder) Modify(m pfcp.Modification) (pfcp.Modified, error) {
	f.rules.Lock()
	defer f.rules.Unlock()
	answer, err := f.sessions.Modify(f.now(), m, func(v upf.Verdict) {
		f.turned = append(append(f.turned[:0], v.Head...), v.Packet...)
		f.sendN3(f.turned, v.To)
	})
	if err == nil && len(m.PDRs) > 0 {
		for _, ue := range f.sessions.Device(m.SEID) {
			f.n6.leave(ue)
		}
	}
	f.changed()
	return answer, err
}

// Delete ends a session.
func (f *Forwarder) Delete(d pfcp.Deletion) (pfcp.Deleted, error) {
	f.rules.Lock()
	defer f.rules.Unlock()
	addrs := f.sessions.Device(d.SEID)
	answer, err := f.sessions.Delete(f.now(), d)
	if err == nil {
		for _, ue := range addrs {
			f.n6.leave(ue)
		}
		if f.fast != nil {
			f.fast.ended(answer.Usage)
		}
	}
	f.changed()
	return answer, err
}

// changed has the kernel's half look whether there are other peers now.
func (f *Forwarder) changed() {
	if f.fast != nil {
		f.fast.changed()
	}
}

// RemoveUnclaimed ends the sessions of an earlier process that no SMF has taken over by now, and says
// how many it has ended and how many it has not.
func (f *Forwarder) RemoveUnclaimed() (taken, removed int) {
	f.rules.Lock()
	defer f.rules.Unlock()
	if f.fast == nil || f.shut {
		return 0, 0
	}
	removed, carried := f.sessions.RemoveUnclaimed(f.now())
	f.fast.ended(carried)
	f.changed()
	taken, f.fast.adopted = f.fast.adopted-removed, 0
	return taken, removed
}

// Usage is what a session has carried.
func (f *Forwarder) Usage(seid ident.SEID) (pfcp.Usage, bool) {
	f.rules.Lock()
	defer f.rules.Unlock()
	return f.sessions.Usage(seid)
}

// Stats is what has been done since Open.
func (f *Forwarder) Stats() Stats {
	var both pfcp.Usage
	if f.fast != nil { // of a million lines this takes a while, in which packets go on
		f.rules.RLock()
		if !f.shut {
			both = f.fast.carried()
		}
		f.rules.RUnlock()
	}
	f.rules.Lock()
	defer f.rules.Unlock()
	s := Stats{Sessions: f.sessions.Count(), EventsLost: f.events.lost.Load()}
	s.Uplink, s.Downlink = f.sessions.Stats()
	f.echoes.mu.Lock()
	s.Echoes, s.Silent = f.echoes.of.Counts()
	f.echoes.mu.Unlock()
	for i := range s.Faults {
		s.Faults[i] = f.faults[i].Load()
	}
	if f.fast != nil && !f.shut {
		s.Fast = both.UplinkPackets + both.DownlinkPackets - min(s.Uplink.Packets+s.Downlink.Packets, both.UplinkPackets+both.DownlinkPackets)
		s.Uplink.Packets, s.Uplink.Bytes = both.UplinkPackets, both.UplinkBytes
		s.Downlink.Packets, s.Downlink.Bytes = both.DownlinkPackets, both.DownlinkBytes
		f.fast.addDrops(&s)
	}
	return s
}

// Close stops forwarding and waits until nothing of the forwarder runs.
func (f *Forwarder) Close() error {
	var err error
	f.close.Do(func() {
		close(f.done)
		err = errors.Join(f.n3.close(), f.n9.close(), f.n6.close(), f.closeTaps())
	})
	f.wg.Wait()
	if f.fast != nil {
		f.fast.stop()
	}
	f.rules.Lock()
	defer f.rules.Unlock()
	if f.fast == nil || f.shut {
		return err
	}
	f.shut = true
	f.sessions, _ = upf.New(f.cfg.UPF, nil) // what is asked from now on may not touch the shared memory
	return errors.Join(err, f.fast.close())
}
