package datapath

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"cordon/transport/netnstest"
	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/pfcp"
)

// TestProgramCuttable: what is larger than devices take and may be cut up, the kernel gets, all of it: it cuts on the
// way to this process.
func TestProgramCuttable(t *testing.T) {
	k := newKernel(t, whole)
	k.begin(t, nil, nil)
	k.program.limits.Asks = 0
	large := upftest.Datagram(upftest.Far, "10.45.0.2", 1, 2, make([]byte, 1400)...)
	for range 3 {
		if code, _ := k.run(frame(large)); code != xdpPass {
			t.Errorf("XDP verdict %d; want %d", code, xdpPass)
		}
	}
	whole := upftest.Seal(upftest.Set(large, 6, 0x40))
	if code, _ := k.run(frame(whole)); code != xdpDrop {
		t.Errorf("not to be cut up: XDP verdict %d; want %d", code, xdpDrop)
	}
}

// TestProgramSmallHop: what is larger than the way out takes goes to the kernel, which says so to its sender.
func TestProgramSmallHop(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		w := k.begin(t, nil, nil)
		o := outerOf(&k.program.memory.Settings[0])
		o.hop4.mtu, o.hop6.mtu = 1280, 1280
		for _, own := range []string{"10.45.0.2", "2001:db8:45:2::7"} {
			far, header := upftest.Far, 28
			if own != "10.45.0.2" {
				far, header = upftest.Far6, 48
			}
			for n, want := range map[int]uint32{1280: xdpRedirect, 1281: xdpPass} {
				packet := upftest.Datagram(own, far, 1, 2, make([]byte, n-header)...)
				for _, tags := range [][]uint16{nil, {9}} {
					if code, _ := k.run(frame(k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, packet)), tags...)); code != want {
						t.Errorf("%d octets from %s behind %d tags: XDP verdict %d; want %d", n, own, len(tags), code, want)
					}
				}
			}
		}
	})
}

// TestProgramNewerMapping: a mapping that this process made in a second that the program's clock, which is of the
// last tick, has not come to is in use, and so is one whose packet came late.
func TestProgramNewerMapping(t *testing.T) {
	k := newKernel(t, whole)
	w := k.begin(t, nil, nil)
	out := upftest.Datagram("10.46.0.2", upftest.Far, 5000, 53, 1)
	v := k.slow.Uplink(k.now, w.C.Radio, upftest.GPDU(w.C.TEID, out))
	if v.Action != upf.ToN6 {
		t.Fatal(told(&v))
	}
	back := upftest.Reply(v.Packet)
	k.at(k.now - time.Second)
	if code, _ := k.run(frame(back)); code != xdpRedirect {
		t.Errorf("back: XDP verdict %d; want %d", code, xdpRedirect)
	}
	if code, _ := k.run(frame(k.datagramFrom(w.C.Radio, upftest.GPDU(w.C.TEID, out)))); code != xdpRedirect {
		t.Errorf("out: XDP verdict %d; want %d", code, xdpRedirect)
	}
	if v := k.slow.Downlink(k.now, back); v.Action != upf.ToN3 {
		t.Errorf("here: %s", told(&v))
	}
}

// TestProgramOtherInterface: the kernel may lead to a network by an interface that the program does not send on.
func TestProgramOtherInterface(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		netnstest.Need(t, "ip")
		host := netnstest.New(t)
		host.Sh(t, `ip link add w0 type veth peer name w1; ip link add o0 type veth peer name o1
			for dev in w0 w1 o0 o1; do ip link set $dev up; done
			ip addr add 172.31.5.1/24 dev o0; ip route add 198.51.100.0/24 via 172.31.5.2
			ip neigh replace 172.31.5.2 lladdr 02:00:00:00:0a:02 dev o0 nud permanent`+forwarding)
		k := newKernel(t, v)
		w := k.begin(t, nil, nil)
		for i := range k.program.routed {
			k.program.routed[i] = ^uint64(0)
		}
		in := frame(k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, upftest.Datagram("10.45.0.2", upftest.Far, 1, 2))))
		for device, want := range map[string]uint32{"w0": xdpPass, "o0": xdpRedirect} {
			var code uint32
			_ = host.Do(func() error {
				dev, err := net.InterfaceByName(device)
				if err == nil {
					k.program.limits.N6 = uint32(dev.Index)
					code, _ = k.run(in)
				}
				return err
			})
			if code != want {
				t.Errorf("sending on %s: XDP verdict %d; want %d", device, code, want)
			}
		}
	})
}

// TestProgramSides: GTP-U comes on the side of N3 and packets for devices on that of N6. Others go to the kernel, whose
// reverse path filter and rules then judge them; and so does what was sent to many on a link, or to another station.
func TestProgramSides(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		w := k.begin(t, nil, nil)
		for name, packet := range map[string][]byte{
			"uplink":   k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, upftest.Datagram("10.45.0.2", upftest.Far, 1, 2))),
			"downlink": upftest.Datagram(upftest.Far, "10.45.0.2", 1, 2),
		} {
			for _, tags := range [][]uint16{nil, {9}} {
				for _, tt := range []struct {
					what   string
					n3, n6 uint32
					up     uint32
					down   uint32
				}{{"N3 and N6", 1, 1, xdpRedirect, xdpRedirect}, {"N3", 1, 2, xdpRedirect, xdpPass}, {"N6", 2, 1, xdpPass, xdpRedirect},
					{"a part of either", 2, 3, xdpRedirect, xdpRedirect}} { // as of a bond
					k.program.limits.N3, k.program.limits.N6 = tt.n3, tt.n6
					want := tt.up
					if name == "downlink" {
						want = tt.down
					}
					if code, _ := k.run(frame(packet, tags...)); code != want {
						t.Errorf("%s on %s, behind %d tags: XDP verdict %d; want %d", name, tt.what, len(tags), code, want)
					}
				}
				k.program.limits.N3, k.program.limits.N6 = 0, 0
				many := frame(packet, tags...)
				many[0] |= 1
				if code, _ := k.run(many); code != xdpPass {
					t.Errorf("%s to many, behind %d tags: XDP verdict %d; want %d", name, len(tags), code, xdpPass)
				}
				one, other := linkAddress(frame(packet)[:6]), linkAddress([]byte{2, 0, 0, 0, 0, 7})
				for _, tt := range []struct {
					own  [2]uint64
					want uint32
				}{{[2]uint64{one, other}, xdpRedirect}, {[2]uint64{other, one}, xdpRedirect}, {[2]uint64{other, other}, xdpPass}} {
					k.program.limits.Own = tt.own
					if code, _ := k.run(frame(packet, tags...)); code != tt.want {
						t.Errorf("%s to %012x where ours are %012x, behind %d tags: XDP verdict %d; want %d", name, one, tt.own, len(tags), code, tt.want)
					}
				}
				k.program.limits.Own = [2]uint64{}
			}
		}
	})
}

// TestProgramWaiting: of what comes for a device that waits this process gets what it may keep, and a flood goes no further.
func TestProgramWaiting(t *testing.T) {
	k := newKernel(t, whole)
	w := k.begin(t, nil, nil)
	idle := pfcp.Modification{SEID: w.A.SEID, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
	if _, err := k.slow.Modify(k.now, idle, nil); err != nil {
		t.Fatal(err)
	}
	const most = waitingPerSecond
	k.program.limits.Waiting = most
	for second := range 2 {
		for i := range 3 * most {
			want := uint32(xdpPass)
			if i >= most {
				want = xdpDrop
			}
			far, own := upftest.Far, "10.45.0.2"
			if i%2 == 0 {
				far, own = upftest.Far6, "2001:db8:45:2::7" // of the same session
			}
			if code, _ := k.run(frame(upftest.Datagram(far, own, 1, 2))); code != want {
				t.Errorf("second %d, packet %d: XDP verdict %d; want %d", second, i, code, want)
			}
		}
		k.at(k.now + time.Second)
	}
	if n := k.dropped()[upf.ReasonBufferFull]; n != 4*most {
		t.Errorf("%d counted; want %d", n, 4*most)
	}
	if code, _ := k.run(frame(upftest.Datagram(upftest.Far, "10.45.0.3", 1, 2))); code != xdpRedirect {
		t.Errorf("another device's: XDP verdict %d; want %d", code, xdpRedirect)
	}
}

// TestProgramSecondSource: two that send for one session are told apart from one that has moved by how long ago the right
// one sent, here as there.
func TestProgramSecondSource(t *testing.T) {
	k := newKernel(t, whole)
	w := k.begin(t, nil, nil)
	packet := upftest.GPDU(w.A.TEID, upftest.Datagram("10.45.0.2", upftest.Far, 1, 2))
	for after, want := range map[time.Duration]upf.Reason{0: upf.ReasonSecondSource, 9 * time.Second: upf.ReasonSecondSource, 10 * time.Second: upf.ReasonWrongSource} {
		k.take(&upftest.Step{From: w.A.Radio}, packet)
		k.at(k.now + after)
		before := k.dropped()[want]
		if v := k.take(&upftest.Step{From: w.B.Radio}, packet); v.Reason != want || k.dropped()[want] != before+1 {
			t.Errorf("after %v: %v, %d dropped for it; want %v", after, v.Reason, k.dropped()[want]-before, want)
		}
	}
}

// TestProgramPeerWay: a radio whose next hop is not known, or whose way is too narrow, is this process's to send to.
func TestProgramPeerWay(t *testing.T) {
	k := newKernel(t, whole)
	w := k.begin(t, nil, nil)
	packet := frame(upftest.Datagram(upftest.Far, "10.45.0.2", 1, 2, make([]byte, 1000)...))
	at := k.program.memory.Down[2].Entry().Peer // of 10.45.0.2
	peer := &k.program.memory.Peers[at]
	if netip.AddrFrom4([4]byte(peer.Addr[:4])) != w.A.Radio.Addr() {
		t.Fatalf("peer %d is %v", at, peer.Addr)
	}
	for _, tt := range []struct {
		what       string
		ready, mtu uint32
		want       uint32
	}{{"known", 1, 1500, xdpRedirect}, {"not known", 0, 1500, xdpPass}, {"as wide as need be", 1, 1028 + 64, xdpRedirect}, {"too narrow", 1, 1028 + 63, xdpPass}} {
		peer.Ready, peer.MTU = tt.ready, tt.mtu
		for _, tags := range [][]uint16{nil, {9}} {
			in := packet
			if tags != nil {
				in = frame(packet[14:], tags...)
			}
			if code, _ := k.run(in); code != tt.want {
				t.Errorf("%s, behind %d tags: XDP verdict %d; want %d", tt.what, len(tags), code, tt.want)
			}
		}
	}
}

// TestProgramSecondPublic: the program finds blocks on the second public address.
func TestProgramSecondPublic(t *testing.T) {
	const device = "10.46.0.17" // by two more than an address has blocks
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		w := k.begin(t, func(c *upf.Config) { c.NATBlock = 4096 }, func(e *pfcp.Establishment) {
			for i := range e.PDRs {
				if d := &e.PDRs[i].PDI; d.UE == netip.MustParseAddr("10.46.0.2") {
					d.UE = netip.MustParseAddr(device)
				}
			}
		})
		for n := range 2 { // user space makes the mapping
			out := k.take(&upftest.Step{From: w.C.Radio}, upftest.GPDU(w.C.TEID, upftest.Datagram(device, upftest.Far, 7, 53)))
			if out.Action != upf.ToN6 || upftest.Source(out.Packet) != netip.MustParseAddr("203.0.113.9") {
				t.Fatalf("packet %d: %s", n, told(&out))
			}
			if back := k.take(&upftest.Step{N6: true}, upftest.Reply(out.Packet)); back.Action != upf.ToN3 || upftest.Destination(back.Packet) != netip.MustParseAddr(device) {
				t.Fatalf("packet %d: %s", n, told(&back))
			}
		}
		k.sameMemory()
		if k.forwarded != 3 {
			t.Errorf("%d packets forwarded", k.forwarded)
		}
	})
}
