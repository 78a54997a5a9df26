package datapath

import (
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/pfcp"
)

// refilter seals a session to some places, or opens it if there are none.
func (g *gnb) refilter(remote ...netip.Prefix) {
	g.t.Helper()
	addr := netip.MustParseAddr(ue)
	_, err := g.f.Modify(pfcp.Modification{SEID: g.seid, PDRs: []pfcp.PDR{
		{ID: 1, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{TEID: g.teid, Addr: g.f.cfg.UPF.N3}, Instance: "internet", UE: addr, Filters: pfcp.Remotes(remote)},
			RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
		{ID: 2, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: addr, Filters: pfcp.Remotes(remote)}, FAR: 2, QERs: []pfcp.QERID{1}},
	}})
	if err != nil {
		g.t.Fatal(err)
	}
}

// twin is the reference: package upf with the forwarder's settings, and a session like the radio's.
func (g *gnb) twin(remote ...netip.Prefix) (*upf.Sessions, func([]byte) []byte) {
	g.t.Helper()
	s, err := upf.New(g.f.cfg.UPF, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	addr := netip.MustParseAddr(ue)
	a, err := s.Establish(0, pfcp.Establishment{
		CP: pfcp.FSEID{SEID: 1},
		PDRs: []pfcp.PDR{
			{ID: 1, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, UE: addr, Filters: pfcp.Remotes(remote)}, RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
			{ID: 2, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: addr, Filters: pfcp.Remotes(remote)}, FAR: 2, QERs: []pfcp.QERID{1}},
		},
		FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core},
			{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: radio, Addr: loopback(2)}}},
		QERs: []pfcp.QER{{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: qfi}},
	})
	if err != nil {
		g.t.Fatal(err)
	}
	own := g.teid
	return s, func(packet []byte) []byte {
		defer func(teid ident.TEID) { g.teid = teid }(own)
		g.teid = a.Created[0].Local.TEID
		return g.wrapped(packet)
	}
}

func host(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }

// TestSealed: the forwarder's echo service, its resolver, its services and its gateway are no
// way around the seal, both ways, and it counts every packet as the reference does.
func TestSealed(t *testing.T) {
	server, dns := udpEcho(t, netip.AddrPortFrom(loopback(9), 0)), udpEcho(t, netip.AddrPortFrom(loopback(8), 0))
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort("198.51.100.7:7")
	cfg.DNS = dns.LocalAddr().(*net.UDPAddr).AddrPort()
	at := service(&cfg, protoUDP, server.LocalAddr())
	cfg.UPF.UEToUE = true
	g := attach(t, open(t, cfg))
	g.refilter(host(at.Addr()))
	ref, wrap := g.twin(host(at.Addr()))
	from := netip.AddrPortFrom(loopback(2), 2152)
	first, later := inner(ue, "198.51.100.7", protoUDP, make([]byte, 16)), inner(ue, "198.51.100.7", protoUDP, make([]byte, 16))
	first[6], later[6], later[7] = 0x20, 0, 2
	ping := inner(ue, gate, protoICMP, []byte{8, 0, 0xf7, 0xff, 0, 0, 0, 0})
	for _, p := range [][]byte{
		udpPacket(ue, "198.51.100.7", 4000, 7, []byte("echo")), udpPacket(ue, gate, 4000, 53, []byte("question")),
		ping, first, later, udpPacket(ue, "203.0.113.1", 1, 2, nil), udpPacket(ue, "10.45.0.9", 1, 2, nil),
		udpPacket(ue, loopback(8).String(), 1, cfg.DNS.Port(), nil), udpPacket("10.45.0.9", at.Addr().String(), 4000, at.Port(), nil),
	} {
		g.send(p)
		ref.Uplink(0, from, wrap(p))
	}
	toGateway := udpPacket(ue, at.Addr().String(), 4000, at.Port(), []byte("sealed"))
	g.send(toGateway)
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4000, []byte("sealed"))
	ref.Uplink(0, from, wrap(toGateway))
	ref.Downlink(0, udpPacket(at.Addr().String(), ue, at.Port(), 4000, []byte("sealed")))
	g.f.rules.RLock()
	for _, p := range [][]byte{
		udpPacket("198.51.100.7", ue, 7, 4000, nil), udpPacket(gate, ue, 53, 4000, nil), udpPacket("203.0.113.1", ue, 1, 2, make([]byte, 1400)),
	} {
		g.f.turn(g.f.now(), p, g.f.sessions.Downlink)
		ref.Downlink(0, p)
	}
	g.f.rules.RUnlock()
	up, down := ref.Stats()
	if s := g.f.Stats(); s.Uplink != up || s.Downlink != down || up.Drops[upf.ReasonNotSealed] != 8 || down.Drops[upf.ReasonNotSealed] != 3 {
		t.Errorf("the forwarder %+v\nthe reference %+v %+v", s, up, down)
	}
}

// TestSealEndsFlows: what a device had open when its session was sealed does not go on, and
// nothing of it comes when the session is open again.
func TestSealEndsFlows(t *testing.T) {
	server := udpEcho(t, netip.AddrPortFrom(loopback(9), 0))
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, server.LocalAddr())
	g := attach(t, open(t, cfg))
	g.send(udpPacket(ue, at.Addr().String(), 4000, at.Port(), []byte("x")))
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4000, []byte("x"))
	g.refilter(netip.MustParsePrefix("203.0.113.1/32"))
	flows := g.f.n6.(*netstack).flows
	for end := time.Now().Add(around); ; runtime.Gosched() {
		flows.mu.Lock()
		total := flows.total
		flows.mu.Unlock()
		if total == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d flows", total)
		}
	}
	g.send(udpPacket(ue, at.Addr().String(), 4000, at.Port(), []byte("lost")))
	for end := time.Now().Add(around); g.f.Stats().Uplink.Drops[upf.ReasonNotSealed] != 1; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%+v", g.f.Stats())
		}
	}
	g.refilter()
	g.send(udpPacket(ue, at.Addr().String(), 4001, at.Port(), []byte("y")))
	wantUDP(t, g.receive(), at.Addr().String(), at.Port(), 4001, []byte("y"))
}
