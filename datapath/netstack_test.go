package datapath

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	ipstack "gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"cordon/upf"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// service makes addr reachable for devices under test.
func service(cfg *Config, proto uint8, addr net.Addr) netip.AddrPort {
	var at netip.AddrPort
	switch a := addr.(type) {
	case *net.UDPAddr:
		at = a.AddrPort()
	case *net.TCPAddr:
		at = a.AddrPort()
	}
	cfg.UPF.Services = append(cfg.UPF.Services, upf.Service{Addr: at.Addr(), Protocol: proto, Port: at.Port()})
	return at
}

// udpEcho answers each datagram with itself.
func udpEcho(t testing.TB, at netip.AddrPort) *net.UDPConn {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			conn.WriteToUDPAddrPort(b[:n], from)
		}
	}()
	return conn
}

func TestNetstackUDP(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, server.LocalAddr())
	g := attach(t, open(t, cfg))
	for _, payload := range [][]byte{[]byte("x"), bytes.Repeat([]byte("y"), 1372)} {
		g.send(udpPacket(ue, at.Addr().String(), 4000, at.Port(), payload))
		wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4000, payload)
	}
}

func TestNetstackDNS(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	cfg.DNS = server.LocalAddr().(*net.UDPAddr).AddrPort()
	g := attach(t, open(t, cfg))
	g.send(udpPacket(ue, gate, 4000, 53, []byte("question")))
	wantUDP(t, g.receive(), gate, 53, 4000, []byte("question"))
}

// TestNetstackKeepsPlanesApart: N3-05 and N2-55, a device reaches nothing of this host but
// what is named, not even at an address that the host got after the start.
func TestNetstackKeepsPlanesApart(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, server.LocalAddr())
	g := attach(t, open(t, cfg))
	for _, dst := range []netip.AddrPort{
		netip.AddrPortFrom(at.Addr(), at.Port()+1), g.to, netip.MustParseAddrPort("127.0.0.1:38412"), netip.MustParseAddrPort("169.254.169.254:80"),
	} {
		g.send(udpPacket(ue, dst.Addr().String(), 1, dst.Port(), nil))
	}
	g.send(udpPacket(ue, at.Addr().String(), 4000, at.Port(), []byte("x")))
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4000, []byte("x"))
	if s := g.f.Stats(); s.Uplink.Drops[upf.ReasonForbidden] != 4 {
		t.Errorf("%+v", s)
	}
	n := g.f.n6.(*netstack)
	for _, network := range []string{"tcp", "udp"} {
		if c, err := n.flows.dial(network, netip.AddrPortFrom(at.Addr(), at.Port()+1)); err == nil {
			c.Close()
			t.Errorf("%s to this host", network)
		}
	}
}

// TestNetstackFlowsOfOneDevice: N6-06, a device that opens flows without end gets its share.
func TestNetstackFlowsOfOneDevice(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, server.LocalAddr())
	g := attach(t, open(t, cfg))
	for port := range flowsOfDevice {
		g.send(udpPacket(ue, at.Addr().String(), uint16(10000+port), at.Port(), []byte("x")))
		g.receive()
	}
	g.send(udpPacket(ue, at.Addr().String(), 9999, at.Port(), []byte("x")))
	g.send(udpPacket(ue, at.Addr().String(), 10000, at.Port(), []byte("y")))
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 10000, []byte("y"))
	if s := g.f.Stats(); s.Faults[FaultFlows] != 1 {
		t.Errorf("%+v", s.Faults)
	}
}

// TestNetstackFlowsEndWithTheirSession: what comes back late is not for whoever has the
// address next.
func TestNetstackFlowsEndWithTheirSession(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, server.LocalAddr())
	g := attach(t, open(t, cfg))
	g.send(udpPacket(ue, at.Addr().String(), 4000, at.Port(), []byte("x")))
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4000, []byte("x"))
	flows := g.f.n6.(*netstack).flows
	flows.mu.Lock()
	open := flows.total
	flows.mu.Unlock()
	if open != 1 {
		t.Fatalf("%d flows", open)
	}
	if _, err := g.f.Delete(pfcp.Deletion{SEID: g.seid}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); open != 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the flow outlives its session")
		}
		flows.mu.Lock()
		open = flows.total
		flows.mu.Unlock()
	}
}

// phone is a device with a stack of its own behind a radio.
type phone struct {
	stack *stack.Stack
	link  *channel.Endpoint
}

func newPhone(t testing.TB, g *gnb) *phone {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipstack.NewProtocolWithOptions(ipstack.Options{AllowExternalLoopbackTraffic: true})},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	link := channel.New(4096, 1400, "")
	if err := s.CreateNIC(1, link); err != nil {
		t.Fatal(err)
	}
	addr := tcpip.ProtocolAddress{Protocol: ipstack.ProtocolNumber, AddressWithPrefix: tcpip.AddrFromSlice(net.ParseIP(ue).To4()).WithPrefix()}
	if err := s.AddProtocolAddress(1, addr, stack.AddressProperties{}); err != nil {
		t.Fatal(err)
	}
	s.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: 1}})
	sack, buf := tcpip.TCPSACKEnabled(true), tcpip.TCPReceiveBufferSizeRangeOption{Min: 4096, Default: 1 << 18, Max: 1 << 20}
	s.SetTransportProtocolOption(tcp.ProtocolNumber, &sack)
	s.SetTransportProtocolOption(tcp.ProtocolNumber, &buf)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for {
			p := link.ReadContext(ctx)
			if p == nil {
				return
			}
			v := p.ToView()
			g.conn.WriteToUDPAddrPort(g.wrapped(v.AsSlice()), g.to)
			v.Release()
			p.DecRef()
		}
	}()
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, err := g.conn.Read(b)
			if err != nil {
				return
			}
			_, packet, err := gtpu.Parse(b[:n])
			if err != nil {
				continue
			}
			p := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(packet)})
			link.InjectInbound(ipstack.ProtocolNumber, p)
			p.DecRef()
		}
	}()
	t.Cleanup(func() {
		stop()
		g.conn.Close()
		s.Close()
	})
	return &phone{s, link}
}

func (p *phone) dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return gonet.DialContextTCP(ctx, p.stack, tcpip.FullAddress{Addr: tcpip.AddrFromSlice(to.Addr().AsSlice()), Port: to.Port()}, ipstack.ProtocolNumber)
}

// TestNetstackTCP sends a megabyte there and back and sees both ends of it; a port where nobody
// listens refuses.
func TestNetstackTCP(t *testing.T) {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(loopback(9), 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.Copy(c, c)
	}()
	cfg := testConfig(Netstack)
	at := service(&cfg, protoTCP, l.Addr())
	closed := netip.AddrPortFrom(at.Addr(), 9)
	cfg.UPF.Services = append(cfg.UPF.Services, upf.Service{Addr: closed.Addr(), Protocol: protoTCP, Port: 9})
	p := newPhone(t, attach(t, open(t, cfg)))
	ctx, cancel := context.WithTimeout(t.Context(), around)
	defer cancel()
	if _, err := p.dial(ctx, closed); err == nil || ctx.Err() != nil {
		t.Errorf("a closed port: %v", err)
	}
	c, err := p.dial(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(around))
	sent := make([]byte, 1<<20)
	rand.Read(sent)
	go func() {
		c.Write(sent)
		c.(*gonet.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d octets came back, %v", len(got), err)
	}
}
