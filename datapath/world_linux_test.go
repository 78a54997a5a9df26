package datapath

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"cordon/ident"
	"cordon/transport/netnstest"
	"cordon/upf"
	"cordon/wire/gtpu"
)

// world is three hosts, each in a network namespace of its own, and their two wires:
//
//	radio ── n3r  n3u ── user plane ── n6u  n6d ── data network
//
// The radio's host has the device's addresses too, on a TUN device that stands for the air.
type world struct {
	radio, plane, data *netnstest.Space
}

// What stands where. The networks are the wires'; the device's are pools of the user plane.
const (
	radioAddr, planeN3 = "172.31.1.2", "172.31.1.1"
	dataAddr, planeN6  = "172.31.2.2", "172.31.2.1"
	radio6, plane63    = "fd00:3::2", "fd00:3::1"
	data6, plane66     = "fd00:6::2", "fd00:6::1"
	server, server6    = "203.0.113.9", "2001:db8:5e::9" // behind the data network's router
	ue6                = "2001:db8:45:1::2"
	pool4, pool6       = "10.45.0.0/16", "2001:db8:45::/48"
)

// newWorld makes the hosts, which go with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	netnstest.Need(t, "ip", "iperf3")
	w := &world{netnstest.New(t), netnstest.New(t), netnstest.New(t)}
	wire(t, w.radio, "n3r", w.plane, "n3u", "02:00:00:00:03:")
	wire(t, w.data, "n6d", w.plane, "n6u", "02:00:00:00:06:")
	w.radio.Sh(t, "ip addr add "+radioAddr+"/24 dev n3r; ip addr add "+radio6+"/64 dev n3r nodad")
	w.data.Sh(t, `ip addr add `+dataAddr+`/24 dev n6d; ip addr add `+data6+`/64 dev n6d nodad
		ip addr add `+server+`/32 dev lo; ip addr add `+server6+`/128 dev lo nodad
		for to in `+pool4+` `+public+`; do ip route add $to via `+planeN6+` src `+server+`; done
		ip route add `+pool6+` via `+plane66+` src `+server6)
	w.plane.Sh(t, `ip addr add `+planeN3+`/24 dev n3u; ip addr add `+plane63+`/64 dev n3u nodad
		ip addr add `+planeN6+`/24 dev n6u; ip addr add `+plane66+`/64 dev n6u nodad
		ip route add default via `+dataAddr+`; ip route add default via `+data6+forwarding)
	return w
}

// forwarding has a host pass packets on.
const forwarding = "\necho 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"

// wire joins two hosts by interfaces whose link addresses are known.
func wire(t testing.TB, far *netnstest.Space, farDev string, near *netnstest.Space, nearDev, mac string) {
	t.Helper()
	far.Sh(t, fmt.Sprintf("ip link add %s address %s02 type veth peer name %s address %s01 netns %s", farDev, mac, nearDev, mac, near.Path()))
	far.Whole(t, farDev)
	far.Sh(t, "ip link set "+farDev+" up")
	near.Sh(t, "ip link set "+nearDev+" up")
}

// handset is a device with a kernel's stack, and the radio that serves it.
type handset struct {
	air    *tun
	conn   *net.UDPConn
	plane  netip.AddrPort
	teid   atomic.Uint32 // the user plane's
	up     atomic.Uint64 // packets sent
	down   atomic.Uint64
	strays atomic.Uint64 // datagrams that are no packet for the device
}

// newHandset brings a device and its radio up; packets flow once it knows the user plane's tunnel.
func (w *world) newHandset(t testing.TB, at netip.Addr) *handset {
	t.Helper()
	p := &handset{}
	err := w.radio.Do(func() (err error) {
		own := upf.Pool{Prefix: netip.MustParsePrefix(ue + "/32"), Gateway: netip.MustParseAddr(ue)}
		if p.air, _, err = newTUN("ue0", upf.Config{MTU: 1400, Pools: []upf.Pool{own}}); err != nil {
			return err
		}
		p.conn, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, gtpu.Port)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = p.conn.SetReadBuffer(4 << 20)
	t.Cleanup(func() { p.air.close(); p.conn.Close() })
	w.radio.Sh(t, `ip addr add `+ue6+`/128 dev ue0 nodad
		ip route add `+server+`/32 dev ue0 src `+ue+`; ip route add `+server6+`/128 dev ue0 src `+ue6)
	return p
}

// serve carries packets between the device and a session's tunnel until the test ends.
func (p *handset) serve(plane netip.AddrPort, teid ident.TEID) {
	p.plane = plane
	if p.teid.Swap(uint32(teid)) == 0 {
		go p.uplink()
		go p.downlink()
	}
}

// tunnel is what it sends to.
func (p *handset) tunnel() ident.TEID { return ident.TEID(p.teid.Load()) }

func (p *handset) uplink() {
	b := newBatch(1500)
	out := make([]byte, 0, 2000)
	for p.air.read(b) == nil {
		for _, packet := range b.packets {
			h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: p.tunnel(), HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
			out = append(h.Append(out[:0], len(packet)), packet...)
			p.up.Add(1) // first, since who has got it may have counted it already
			if _, err := p.conn.WriteToUDPAddrPort(out, p.plane); err != nil {
				p.up.Add(^uint64(0))
			}
		}
	}
}

func (p *handset) downlink() {
	b := make([]byte, 1<<16)
	for {
		n, _, err := p.conn.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // an ICMP error while nobody has the user plane's port
			continue
		}
		h, packet, err := gtpu.Parse(b[:n])
		if err != nil || h.Type != gtpu.TypeGPDU || h.TEID != radio {
			p.strays.Add(1)
			continue
		}
		p.down.Add(1)
		p.air.write([][]byte{packet})
	}
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
