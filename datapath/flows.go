package datapath

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
	"gvisor.dev/gvisor/pkg/waiter"

	"cordon/upf"
)

const (
	flowsOfDevice = 256  // TCP and UDP together, of one device
	flowsMost     = 8192 // of all
	flowsSure     = 1    // of one, while there is any room
	flowsShare    = 32   // one device may have up to this part of what others leave
	flowBuffer    = 16 << 10
	dialTime      = 10 * time.Second
	idleTCP       = 2 * time.Hour
	idleUDP       = 60 * time.Second
	idleDNS       = 10 * time.Second
)

// flows are the connections that continue devices' flows.
type flows struct {
	services []upf.Service
	gateways map[netip.Addr]bool
	dns      netip.AddrPort
	fault    func(Fault)
	ctx      context.Context
	wg       sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	total  int
	of     map[netip.Addr]int       // how many a device has
	open   map[io.Closer]netip.Addr // whose each connection is
}

func newFlows(ctx context.Context, cfg upf.Config, dns netip.AddrPort, fault func(Fault)) *flows {
	f := &flows{services: cfg.Services, gateways: map[netip.Addr]bool{}, dns: dns, fault: fault, ctx: ctx,
		of: map[netip.Addr]int{}, open: map[io.Closer]netip.Addr{}}
	for _, p := range cfg.Pools {
		f.gateways[gatewayOf(p)] = true
	}
	return f
}

// device is by what the flows of an address are known: an IPv6 device has all of its prefix.
func device(a netip.Addr) netip.Addr {
	if a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return a
}

// begin takes a place for a flow of a device, and says false if it has enough: the less there is
// free, the sooner, so that a few devices that take all they get leave places to the others.
func (f *flows) begin(ue netip.Addr) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	most := min(flowsOfDevice, max(flowsSure, (flowsMost-f.total+f.of[ue])/flowsShare))
	if f.closed || f.total >= flowsMost || f.of[ue] >= most {
		return false
	}
	f.total++
	f.of[ue]++
	f.wg.Add(1)
	return true
}

func (f *flows) end(ue netip.Addr) {
	f.mu.Lock()
	f.total--
	if f.of[ue]--; f.of[ue] == 0 {
		delete(f.of, ue)
	}
	f.mu.Unlock()
	f.wg.Done()
}

// keep notes a device's connection so that close and leave can end it; false means that it is
// too late.
func (f *flows) keep(c io.Closer, ue netip.Addr) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.open[c] = ue
	return true
}

// leave ends the flows of a device whose address is free again: what comes back on them is
// not for whoever has it next.
func (f *flows) leave(ue netip.Addr) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of[ue] == 0 {
		return
	}
	for c, of := range f.open {
		if of == ue {
			c.Close()
		}
	}
}

func (f *flows) drop(c io.Closer) {
	f.mu.Lock()
	delete(f.open, c)
	f.mu.Unlock()
	c.Close()
}

func (f *flows) close() {
	f.mu.Lock()
	f.closed = true
	for c := range f.open {
		c.Close()
	}
	f.mu.Unlock()
	f.wg.Wait()
}

// ends are a flow's: the device, and the place it calls.
func ends(id stack.TransportEndpointID) (ue netip.Addr, to netip.AddrPort) {
	ua, _ := netip.AddrFromSlice(id.RemoteAddress.AsSlice())
	ta, _ := netip.AddrFromSlice(id.LocalAddress.AsSlice())
	return device(ua), netip.AddrPortFrom(ta, id.LocalPort)
}

// tcp continues a connection: first the far side, then the device's handshake, so that
// it sees a refusal as one.
func (f *flows) tcp(r *tcp.ForwarderRequest) {
	ue, to := ends(r.ID())
	if !f.begin(ue) {
		f.fault(FaultFlows)
		r.Complete(true)
		return
	}
	defer f.end(ue)
	far, err := f.dial("tcp", to)
	if err != nil {
		f.fault(FaultDial)
		r.Complete(true)
		return
	}
	var q waiter.Queue
	ep, terr := r.CreateEndpoint(&q)
	if terr != nil {
		far.Close()
		r.Complete(true)
		return
	}
	r.Complete(false)
	ep.SocketOptions().SetKeepAlive(true)
	f.splice(ue, gonet.NewTCPConn(&q, ep), far, idleTCP)
}

// udp continues a flow of datagrams until neither side has sent for a while.
func (f *flows) udp(r *udp.ForwarderRequest) {
	ue, to := ends(r.ID())
	if !f.begin(ue) {
		f.fault(FaultFlows)
		return
	}
	var q waiter.Queue
	ep, terr := r.CreateEndpoint(&q)
	if terr != nil {
		f.end(ue)
		return
	}
	ep.SocketOptions().SetReceiveBufferSize(receiveOctet/4, true)
	near := gonet.NewUDPConn(&q, ep)
	go func() {
		defer f.end(ue)
		far, err := f.dial("udp", to)
		if err != nil {
			f.fault(FaultDial)
			near.Close()
			return
		}
		idle := idleUDP
		if to.Port() == 53 {
			idle = idleDNS
		}
		f.splice(ue, near, far, idle)
	}()
}

// dial calls the place that a device named. The gateways' port 53 is the resolver. This
// host's own addresses are no place for a device, whichever they have become since the
// start, except services by name.
func (f *flows) dial(network string, to netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(f.ctx, dialTime)
	defer cancel()
	d := net.Dialer{}
	switch {
	case f.gateways[to.Addr()] && to.Port() == 53 && f.dns.IsValid():
		to = f.dns
	case !f.isService(network, to):
		probe, err := d.DialContext(ctx, "udp", to.String()) // sends nothing: asks for the route
		if err != nil {
			return nil, err
		}
		defer probe.Close()
		if to.Addr().IsLoopback() || addrOf(probe.LocalAddr()) == addrOf(probe.RemoteAddr()) {
			return nil, errHost
		}
	}
	return d.DialContext(ctx, network, to.String())
}

func addrOf(a net.Addr) netip.Addr {
	if u, ok := a.(*net.UDPAddr); ok {
		return u.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

func (f *flows) isService(network string, to netip.AddrPort) bool {
	proto := uint8(protoTCP)
	if network == "udp" {
		proto = protoUDP
	}
	for _, s := range f.services {
		if s.Addr.Unmap() == to.Addr() && s.Port == to.Port() && s.Protocol == proto {
			return true
		}
	}
	return false
}

// resolver is the DNS server that devices' questions go to: the one given, else the
// first in this host's resolv.conf.
func resolver(given netip.AddrPort) (netip.AddrPort, error) {
	if given.IsValid() {
		return given, nil
	}
	text, err := os.ReadFile("/etc/resolv.conf")
	if err != nil {
		return netip.AddrPort{}, err
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "nameserver" {
			if a, err := netip.ParseAddr(fields[1]); err == nil {
				return netip.AddrPortFrom(a, 53), nil
			}
		}
	}
	return netip.AddrPort{}, errors.New("/etc/resolv.conf names no server")
}
