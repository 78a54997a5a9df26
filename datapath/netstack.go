package datapath

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"

	"cordon/upf"
)

const (
	nic          = 1
	stackQueue   = 4096    // packets for devices that wait for the forwarder
	receiveOctet = 1 << 20 // most that a flow may have in flight, and in memory, each way
	synsMost     = 1024    // handshakes at once, of all devices
)

// netstack ends devices' TCP and UDP flows in this process and continues each by a
// connection of this host.
type netstack struct {
	stack *stack.Stack
	link  *channel.Endpoint
	flows *flows
	ctx   context.Context
	stop  context.CancelFunc
	fault func(Fault)
}

func newNetstack(cfg upf.Config, dns netip.AddrPort, fault func(Fault)) (*netstack, error) {
	s := stack.New(stack.Options{
		// Which addresses a packet may name has been decided; a service may be at loopback.
		NetworkProtocols: []stack.NetworkProtocolFactory{
			ipv4.NewProtocolWithOptions(ipv4.Options{AllowExternalLoopbackTraffic: true}),
			ipv6.NewProtocolWithOptions(ipv6.Options{AllowExternalLoopbackTraffic: true}),
		},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol},
	})
	n := &netstack{stack: s, link: channel.New(stackQueue, uint32(cfg.MTU), ""), fault: fault}
	n.ctx, n.stop = context.WithCancel(context.Background())
	n.flows = newFlows(n.ctx, cfg, dns, fault)
	if err := n.configure(); err != nil {
		n.close()
		return nil, err
	}
	s.SetTransportProtocolHandler(tcp.ProtocolNumber, tcp.NewForwarder(s, 0, synsMost, n.flows.tcp).HandlePacket)
	s.SetTransportProtocolHandler(udp.ProtocolNumber, udp.NewForwarder(s, n.flows.udp).HandlePacket)
	return n, nil
}

// configure makes the stack answer for every address there is: which of them a packet may
// name has been decided before.
func (n *netstack) configure() error {
	sack, receive, send := tcpip.TCPSACKEnabled(true),
		tcpip.TCPReceiveBufferSizeRangeOption{Min: 4 << 10, Default: receiveOctet / 4, Max: receiveOctet},
		tcpip.TCPSendBufferSizeRangeOption{Min: 4 << 10, Default: receiveOctet / 4, Max: receiveOctet}
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	for _, option := range []tcpip.SettableTransportProtocolOption{&sack, &receive, &send, &moderate} {
		if err := n.stack.SetTransportProtocolOption(tcp.ProtocolNumber, option); err != nil {
			return stackError("setting TCP's options", err)
		}
	}
	if err := n.stack.CreateNIC(nic, n.link); err != nil {
		return stackError("making its interface", err)
	}
	if err := n.stack.SetPromiscuousMode(nic, true); err != nil {
		return stackError("taking all addresses", err)
	}
	if err := n.stack.SetSpoofing(nic, true); err != nil {
		return stackError("sending from all addresses", err)
	}
	n.stack.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nic}, {Destination: header.IPv6EmptySubnet, NIC: nic}})
	return nil
}

func stackError(what string, err tcpip.Error) error {
	return fmt.Errorf("user-space stack: %s: %s", what, err)
}

func (n *netstack) read(b *batch) error {
	b.reset()
	p := n.link.ReadContext(n.ctx)
	if p == nil {
		return errClosed
	}
	for {
		size := 0
		for _, part := range p.AsSlices() {
			size += copy(b.next()[size:], part)
		}
		b.took(size)
		p.DecRef()
		if b.full() {
			return nil
		}
		if p = n.link.Read(); p == nil {
			return nil
		}
	}
}

func (n *netstack) write(packets [][]byte) (lost int) {
	for _, p := range packets {
		version, carries := ipv4.ProtocolNumber, p[9]
		if p[0]>>4 == 6 {
			version, carries = ipv6.ProtocolNumber, p[6]
		}
		if carries != protoTCP && carries != protoUDP {
			n.fault(FaultICMP)
			continue
		}
		pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(p)})
		n.link.InjectInbound(version, pkt)
		pkt.DecRef()
	}
	return 0
}

func (n *netstack) leave(ue netip.Addr) { n.flows.leave(ue) }

// keep has nothing that could stay.
func (n *netstack) keep() error { return nil }

// close ends all flows and waits for their goroutines.
func (n *netstack) close() error {
	n.stop()
	n.flows.close()
	n.stack.Close()
	n.link.Close()
	n.stack.Wait()
	return nil
}

var errHost = errors.New("the destination is this host")
