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
	start  time.Time
	n3     *n3
	n9     *n9 // nil: N3 leads to other user planes too
	n6     n6
	events *events
	faults [faults]atomic.Uint64
	done   chan struct{}
	failed chan error // room for the one that there can be
	close  sync.Once
	wg     sync.WaitGroup

	rules    sync.RWMutex // guards the rules in sessions: packets read, N4 writes
	up       sync.Mutex   // guards the uplink half of sessions; taken after rules
	down     sync.Mutex   // guards the downlink half of sessions, and turned; taken after rules
	sessions *upf.Sessions
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
	f := &Forwarder{start: time.Now(), done: make(chan struct{}), failed: make(chan error, 1), turned: make([]byte, 0, 1<<16)}
	choice, err := f.open(&cfg)
	if err != nil {
		f.n9.close()
		if f.n3 != nil {
			f.n3.close()
		}
		if f.n6 != nil {
			f.n6.close()
		}
		return nil, Choice{}, err
	}
	f.cfg = cfg
	f.events = newEvents(cfg.Events)
	f.wg.Go(f.uplink)
	f.wg.Go(f.downlink)
	if f.n9 != nil {
		f.wg.Go(f.beyond)
	}
	f.wg.Go(func() { f.events.run(f.done, f.now) })
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
	own, err := hostPrefixes()
	if err != nil {
		return Choice{}, err
	}
	cfg.UPF.Forbidden = append(own, cfg.UPF.Forbidden...)
	cfg.UPF.Random = random
	if cfg.Echo.IsValid() {
		echo := upf.Service{Addr: cfg.Echo.Addr(), Protocol: protoUDP, Port: cfg.Echo.Port()}
		cfg.UPF.Services = append(slices.Clip(cfg.UPF.Services), echo)
	}
	if cfg.N6 != Netstack { // the addresses that the TUN device gets are the pools' gateways
		choice, err := f.openTUN(cfg)
		if err == nil || cfg.N6 == TUN {
			if err == nil {
				f.sessions, err = upf.New(cfg.UPF, nil)
			}
			return choice, err
		}
		choice = Choice{N6: Netstack, Why: "user-space stack, since " + err.Error()}
		return choice, f.openNetstack(cfg)
	}
	return Choice{N6: Netstack, Why: "user-space stack, as configured"}, f.openNetstack(cfg)
}

// openTUN checks the settings before it touches the host.
func (f *Forwarder) openTUN(cfg *Config) (Choice, error) {
	if _, err := cfg.UPF.Layout(); err != nil {
		return Choice{}, err
	}
	dev, why, err := newTUN(cfg.Device, cfg.UPF)
	if err != nil {
		return Choice{}, err
	}
	f.n6 = dev
	return Choice{N6: TUN, Why: why}, nil
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
	if f.sessions, err = upf.New(cfg.UPF, nil); err != nil {
		return err
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

// hostPrefixes are this host's addresses, which no device reaches.
func hostPrefixes() ([]netip.Prefix, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("listing this host's addresses: %w", err)
	}
	var out []netip.Prefix
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				ip = ip.Unmap()
				out = append(out, netip.PrefixFrom(ip, ip.BitLen()))
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

func (f *Forwarder) now() time.Duration { return time.Since(f.start) }

// Failed yields an error if the forwarder cannot go on, as when the TUN device is taken away.
func (f *Forwarder) Failed() <-chan error { return f.failed }

// N3 is the address and port that GTP-U is heard at.
func (f *Forwarder) N3() netip.AddrPort { return f.n3.local() }

// Establish makes a session; see upf.Sessions.
func (f *Forwarder) Establish(e pfcp.Establishment) (pfcp.Established, error) {
	f.rules.Lock()
	defer f.rules.Unlock()
	return f.sessions.Establish(f.now(), e)
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
	if ue, ok := f.sessions.Device(m.SEID); ok && err == nil && len(m.PDRs) > 0 {
		f.n6.leave(ue)
	}
	return answer, err
}

// Delete ends a session.
func (f *Forwarder) Delete(d pfcp.Deletion) (pfcp.Deleted, error) {
	f.rules.Lock()
	defer f.rules.Unlock()
	ue, ok := f.sessions.Device(d.SEID)
	answer, err := f.sessions.Delete(f.now(), d)
	if ok && err == nil {
		f.n6.leave(ue)
	}
	return answer, err
}

// Usage is what a session has carried.
func (f *Forwarder) Usage(seid ident.SEID) (pfcp.Usage, bool) {
	f.rules.Lock()
	defer f.rules.Unlock()
	return f.sessions.Usage(seid)
}

// Stats is what has been done since Open.
func (f *Forwarder) Stats() Stats {
	f.rules.Lock()
	defer f.rules.Unlock()
	s := Stats{Sessions: f.sessions.Count(), EventsLost: f.events.lost.Load()}
	s.Uplink, s.Downlink = f.sessions.Stats()
	for i := range s.Faults {
		s.Faults[i] = f.faults[i].Load()
	}
	return s
}

// Close stops forwarding and waits until nothing of the forwarder runs.
func (f *Forwarder) Close() error {
	var err error
	f.close.Do(func() {
		close(f.done)
		err = errors.Join(f.n3.close(), f.n9.close(), f.n6.close())
	})
	f.wg.Wait()
	return err
}
