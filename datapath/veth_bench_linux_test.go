package datapath

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// BenchmarkVeth forwards between two virtual interfaces: the whole of what the kernel does for a packet, with every
// check and the session's rate held, beside a program that only redirects. The measure is the CPU time of the
// thread that polls the receiving interface; packets come from and go to other threads.
func BenchmarkVeth(b *testing.B) {
	if os.Geteuid() != 0 {
		b.Skip("SKIPPED here: it needs root, for network namespaces and programs in the kernel")
	}
	w := newWorld(b)
	g := w.newVethBench(b)
	for _, way := range []struct {
		name     string
		from, to vethEnd
		frame    []byte
	}{
		{"uplink", vethEnd{w.radio, "n3r", "n3u"}, vethEnd{w.data, "n6d", "n6u"}, g.uplink},
		{"downlink", vethEnd{w.data, "n6d", "n6u"}, vethEnd{w.radio, "n3r", "n3u"}, g.downlink},
	} {
		b.Run(way.name, func(b *testing.B) {
			var forward, redirect []float64
			for b.Loop() {
				for range vethRepeats {
					redirect = append(redirect, g.redirected(b, way.from, way.to, way.frame))
					forward = append(forward, g.measure(b, way.from, way.to, way.frame))
				}
			}
			slices.Sort(forward)
			slices.Sort(redirect)
			mid := len(forward) / 2
			b.ReportMetric(forward[mid], "cpu-ns/packet")
			b.ReportMetric(redirect[mid], "redirect-ns/packet")
			b.ReportMetric(forward[mid]/redirect[mid], "x-redirect")
			b.ReportMetric(forward[0]/redirect[0], "x-redirect-min")
			b.ReportMetric(0, "ns/op")
		})
	}
}

const (
	vethRepeats = 5
	vethPackets = 400_000 // of a measurement
)

// vethEnd is a wire: the interface of a host outside, and the user plane's.
type vethEnd struct {
	host      namespace
	far, near string
}

// vethBench is a user plane with one session, and frames of it.
type vethBench struct {
	w                *world
	f                *Forwarder
	uplink, downlink []byte
	generate, sink   *ebpf.Program
}

func (w *world) newVethBench(b *testing.B) *vethBench {
	g := &vethBench{w: w, generate: verdictProgram(b, xdpTX), sink: verdictProgram(b, xdpDrop)}
	err := w.plane.do(func() (err error) {
		g.f, _, err = Open(settings{Fast: FastNative, N3: planeN3}.config())
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { g.f.Close() })
	e := sessionOf(ue, 0)
	e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = 1e9, 1e9 // held to, and never reached
	a, err := g.f.Establish(e)
	if err == nil {
		_, err = g.f.Modify(pfcp.Modification{SEID: a.UP.SEID, FARs: []pfcp.FAR{toRadio(netip.MustParseAddr(radioAddr))}})
	}
	if err != nil {
		b.Fatal(err)
	}
	eventually(b, "next hops are known", func() bool {
		o := outerOf(&g.f.fast.program.memory.Settings[0])
		return o.hop4.ifindex != 0 && g.f.fast.program.memory.Peers[1].Ready == 1
	})
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: a.Created[0].Local.TEID, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
	packet := udpPacket(ue, server, 4000, 9, make([]byte, 36))
	outer := udpPacket(radioAddr, planeN3, gtpu.Port, gtpu.Port, append(h.Append(nil, len(packet)), packet...))
	g.uplink = append([]byte{2, 0, 0, 0, 3, 1, 2, 0, 0, 0, 3, 2, 8, 0}, outer...)
	g.downlink = append([]byte{2, 0, 0, 0, 6, 1, 2, 0, 0, 0, 6, 2, 8, 0}, udpPacket(server, ue, 9, 4000, make([]byte, 36))...)
	for _, end := range []vethEnd{{w.radio, "n3r", "n3u"}, {w.data, "n6d", "n6u"}} {
		g.dropAt(b, end)
		w.threaded(b, end.host, end.far)
		w.threaded(b, w.plane, end.near)
	}
	return g
}

const xdpTX = 3

// verdictProgram is a program that gives the same answer for every packet.
func verdictProgram(b *testing.B, verdict int32) *ebpf.Program {
	return loaded(b, asm.Instructions{asm.Mov.Imm(asm.R0, verdict), asm.Return()})
}

func loaded(b *testing.B, code asm.Instructions) *ebpf.Program {
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{Type: ebpf.XDP, AttachType: ebpf.AttachXDP, License: "GPL", Instructions: code})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p
}

// dropAt has a host throw away what comes to it, at the least cost.
func (g *vethBench) dropAt(b *testing.B, end vethEnd) {
	err := end.host.do(func() error {
		dev, err := netlink.LinkByName(end.far)
		if err != nil {
			return err
		}
		l, err := link.AttachXDP(link.XDPOptions{Program: g.sink, Interface: dev.Attrs().Index, Flags: link.XDPDriverMode})
		if err == nil {
			b.Cleanup(func() { l.Close() })
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// threaded has a thread of its own poll an interface.
func (w *world) threaded(b *testing.B, in namespace, dev string) {
	write := "echo 1 > /sys/class/net/" + dev + "/threaded"
	if out, err := exec.Command("ip", "netns", "exec", string(in), "sh", "-c", write).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// redirected measures a program that only redirects, in the forwarder's place.
func (g *vethBench) redirected(b *testing.B, from, to vethEnd, frame []byte) (ns float64) {
	var near netlink.Link
	err := g.w.plane.do(func() (err error) { near, err = netlink.LinkByName(to.near); return err })
	if err != nil {
		b.Fatal(err)
	}
	p := loaded(b, asm.Instructions{
		asm.Mov.Imm(asm.R1, int32(near.Attrs().Index)), asm.Mov.Imm(asm.R2, 0), asm.FnRedirect.Call(), asm.Return(),
	})
	for _, a := range g.f.fast.on {
		if a.device == from.near {
			if err := a.link.Update(p); err != nil {
				b.Fatal(err)
			}
			defer a.link.Update(g.f.fast.program.forward)
		}
	}
	return g.measure(b, from, to, frame)
}

// measure sends packets and reports what each that came out cost the polling thread.
func (g *vethBench) measure(b *testing.B, from, to vethEnd, frame []byte) (ns float64) {
	out, spent := g.received(b, to), cpuOf(b, "napi/"+from.near)
	err := from.host.do(func() error {
		dev, err := netlink.LinkByName(from.far)
		if err != nil {
			return err
		}
		context := struct{ data, end, meta, ingress, queue, egress uint32 }{end: uint32(len(frame)), ingress: uint32(dev.Attrs().Index)}
		_, err = g.generate.Run(&ebpf.RunOptions{Data: frame, Repeat: vethPackets, Flags: unix.BPF_F_TEST_XDP_LIVE_FRAMES, Context: context})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	last := uint64(0)
	eventually(b, "all is forwarded", func() bool { // until no more comes
		now := g.received(b, to)
		done := now == last && now > out
		last = now
		return done
	})
	if last-out < vethPackets/10 {
		b.Fatalf("%d of %d packets came out", last-out, vethPackets)
	}
	return float64(cpuOf(b, "napi/"+from.near)-spent) / float64(last-out)
}

// received is how many packets the far end of a wire has had.
func (g *vethBench) received(b *testing.B, end vethEnd) (n uint64) {
	err := end.host.do(func() error {
		dev, err := netlink.LinkByName(end.far)
		if err == nil {
			n = dev.Attrs().Statistics.RxPackets
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// cpuOf is the time that the newest kernel thread of a name has run for.
func cpuOf(b *testing.B, name string) time.Duration {
	found, newest := "", 0
	tasks, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, t := range tasks {
		comm, err := os.ReadFile(t)
		pid, _ := strconv.Atoi(strings.Split(t, "/")[2])
		if err == nil && strings.HasPrefix(string(comm), name+"-") && pid > newest {
			found, newest = filepath.Dir(t), pid
		}
	}
	text, err := os.ReadFile(found + "/schedstat")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) == 0 {
		b.Fatal(errors.Join(fmt.Errorf("no thread %s", name), err))
	}
	ns, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(ns)
}
