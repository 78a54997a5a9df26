package datapath

import (
	"net"
	"net/netip"
	"testing"

	"cordon/transport/netnstest"
	"cordon/upf"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const (
	cellUE, cellHost = "192.168.7.2", "192.168.7.1" // on one link: the device's kernel, and a host beyond the user plane's bridge
	cellMAC          = "02:00:00:00:07:02"
)

// newFrameHandset is a handset whose device is an Ethernet interface.
func (w *world) newFrameHandset(t testing.TB, at netip.Addr) *handset {
	t.Helper()
	p := &handset{}
	err := w.radio.Do(func() error {
		air, err := newTAP(Tap{Device: "ue0"}, 1400)
		if err != nil {
			return err
		}
		p.air = air.n6.(*tun)
		p.conn, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, gtpu.Port)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.air.close(); p.conn.Close() })
	w.radio.Sh(t, "ip link set ue0 address "+cellMAC+"; ip addr add "+cellUE+"/24 dev ue0")
	return p
}

// cell puts a host on a bridge of the user plane's host.
func (w *world) cell(t testing.TB) {
	t.Helper()
	wire(t, w.data, "plc", w.plane, "port1", "02:00:00:00:08:")
	w.plane.Sh(t, "ip link add br-cell type bridge; ip link set port1 master br-cell; ip link set br-cell up")
	w.data.Sh(t, "ip addr add "+cellHost+"/24 dev plc; ip link set plc mtu 1400")
}

// frameSession is the establishment of a session of type Ethernet.
func frameSession() pfcp.Establishment {
	e := sessionOf(ue, 0)
	for i := range e.PDRs {
		d := &e.PDRs[i].PDI
		d.Instance, d.UE, d.UE6, d.Ethernet = "cell", netip.Addr{}, netip.Prefix{}, true
	}
	return e
}

// TestFrames: a device's kernel and a host at a bridge of the user plane's find each other by ARP and talk, with and without a
// program in the kernel, which leaves such packets alone; and nobody on either side takes the other's address.
func TestFrames(t *testing.T) {
	for _, fast := range []Fast{FastOff, FastNative} {
		t.Run(string(fast), func(t *testing.T) {
			w := newWorld(t)
			w.cell(t)
			at := netip.MustParseAddr(radioAddr)
			h := w.newFrameHandset(t, at)
			p := w.newPlane(t, settings{Fast: fast, N3: planeN3, Cell: true})
			p.attachAs(h, at, frameSession())
			netnstest.Talk(t, netnstest.End{Host: w.radio, Addr: cellUE}, netnstest.End{Host: w.data, Addr: cellHost}, 5300)
			var s Stats
			p.ask("Stats", struct{}{}, &s)
			if s.Uplink.Packets < 100 || s.Downlink.Packets < 100 || s.Fast != 0 || s.Uplink.Drops[upf.ReasonSpoofedSource] != 0 {
				t.Errorf("%+v", s)
			}
			w.data.Sh(t, "ip link set plc down; ip link set plc address "+cellMAC+"; ip link set plc up")
			w.data.Sh(t, "ip neigh replace "+cellUE+" lladdr 02:00:00:00:07:09 dev plc")
			eventually(t, "what comes from the bridge with a device's address is dropped", func() bool {
				_ = w.data.Do(func() error {
					c, err := net.Dial("udp", cellUE+":9")
					if err == nil {
						_, err = c.Write([]byte("x"))
						c.Close()
					}
					return err
				})
				p.ask("Stats", struct{}{}, &s)
				return s.Downlink.Drops[upf.ReasonUESource] > 0
			})
		})
	}
}
