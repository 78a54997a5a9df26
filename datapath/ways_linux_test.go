package datapath

import (
	"bytes"
	"net"
	"net/netip"
	"testing"

	"cordon/transport/netnstest"
	"cordon/upf/upftest"
)

// TestProgramTagged: what goes out by a VLAN has its tag, in both directions, whichever headers it came with.
func TestProgramTagged(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		const vlan = 7
		for _, far := range []string{upftest.Far, upftest.Far6} {
			w := k.begin(t, nil, nil)
			own := w.A.UE.String()
			if netip.MustParseAddr(far).Is6() {
				own = w.A.UE6.Addr().Next().String()
			}
			out := k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, upftest.Datagram(own, far, 1000, 2000, 1, 2, 3)))
			for _, tags := range [][]uint16{nil, {9}} {
				for name, packet := range map[string][]byte{"uplink": out, "downlink": upftest.Datagram(far, own, 2000, 1000, 1, 2, 3)} {
					untagged := hopTo(k, 0, packet, tags)
					tagged := hopTo(k, vlan, packet, tags)
					want := append(bytes.Clone(untagged[:12]), 0x81, 0, 0, vlan)
					if want = append(want, untagged[12:]...); !bytes.Equal(tagged, want) {
						t.Errorf("%s, %s, behind %d tags:\n% x; want\n% x", name, own, len(tags), tagged, want)
					}
				}
			}
		}
	})
}

// hopTo is the frame that leaves when all ways are by a VLAN, 0 none.
func hopTo(k *kernel, vlan uint16, packet []byte, tags []uint16) []byte {
	k.t.Helper()
	o := outerOf(&k.program.memory.Settings[0])
	o.hop4.vlan, o.hop6.vlan = vlan, vlan
	for i := range k.program.memory.Peers {
		k.program.memory.Peers[i].VLAN = uint32(vlan)
	}
	code, out := k.run(frame(packet, tags...))
	if code != xdpRedirect {
		k.t.Fatalf("XDP verdict %d; want %d", code, xdpRedirect)
	}
	return out
}

// TestProgramAsksForWay: to what the kernel knows another way than the default one, packets take that, if there is a
// neighbour on it, and otherwise the kernel gets them.
func TestProgramAsksForWay(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		netnstest.Need(t, "ip")
		host := netnstest.New(t)
		host.Sh(t, `ip link add w0 address 02:00:00:00:0a:01 type veth peer name w1; ip link set w0 up; ip link set w1 up
			ip addr add 172.31.5.1/24 dev w0; ip addr add fd00:5::1/64 dev w0 nodad
			ip route add 198.51.100.0/24 via 172.31.5.2; ip route add 2606:4700::/32 via fd00:5::2`+forwarding)
		k := newKernel(t, v)
		w := k.begin(t, nil, nil)
		for i := range k.program.routed {
			k.program.routed[i] = ^uint64(0)
		}
		if err := host.Do(func() error {
			dev, err := net.InterfaceByName("w0")
			if err == nil {
				k.program.limits.N6 = uint32(dev.Index)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ name, own, far, router string }{
			{"IPv4", w.A.UE.String(), upftest.Far, "172.31.5.2"},
			{"IPv6", w.A.UE6.Addr().Next().String(), upftest.Far6, "fd00:5::2"},
		} {
			packet := upftest.Datagram(tt.own, tt.far, 1000, 2000, 1, 2, 3)
			in := frame(k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, packet)))
			var code uint32
			var out []byte
			run := func() error { code, out = k.run(in); return nil }
			if _ = host.Do(run); code != xdpPass {
				t.Errorf("%s without a neighbour: XDP verdict %d; want %d", tt.name, code, xdpPass)
			}
			host.Sh(t, "ip neigh replace "+tt.router+" lladdr 02:00:00:00:0a:02 dev w0 nud permanent")
			_ = host.Do(run)
			want := append([]byte{2, 0, 0, 0, 0xa, 2, 2, 0, 0, 0, 0xa, 1}, frame(upftest.Aged(bytes.Clone(packet)))[12:]...)
			if code != xdpRedirect || !bytes.Equal(out, want) {
				t.Errorf("%s: XDP verdict %d\n% x; want %d\n% x", tt.name, code, out, xdpRedirect, want)
			}
		}
	})
}
