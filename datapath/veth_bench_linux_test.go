package datapath

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
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

	"cordon/transport/netnstest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// BenchmarkVeth forwards between two virtual interfaces: the whole of what the kernel does for a packet, with every
// check and the session's rate held, beside a plain redirect: a program that gives every frame new link addresses and
// sends it on, which is the least that a next hop takes. The measure is the CPU time of the
// thread that polls the receiving interface; packets come from and go to other threads. A frame was written by
// another processor, so whoever looks at it first waits for it: what it costs to send one on unseen is reported, too.
func BenchmarkVeth(b *testing.B) {
	g := newWorld(b).newVethBench(b, FastNative)
	for _, way := range g.ways() {
		b.Run(way.name, func(b *testing.B) {
			var forward, redirect, unseen []float64
			for b.Loop() {
				for range vethRepeats {
					unseen = append(unseen, g.redirected(b, way.from, way.to, way.frame, false))
					redirect = append(redirect, g.redirected(b, way.from, way.to, way.frame, true))
					forward = append(forward, g.measure(b, way.from, way.to, way.frame))
				}
			}
			mid := len(forward) / 2
			for _, all := range [][]float64{forward, redirect, unseen} {
				slices.Sort(all)
			}
			b.ReportMetric(forward[mid], "cpu-ns/packet")
			b.ReportMetric(redirect[mid], "redirect-ns/packet")
			b.ReportMetric(unseen[mid], "unseen-ns/packet")
			b.ReportMetric(forward[mid]/redirect[mid], "x-redirect")
			b.ReportMetric(forward[0]/redirect[0], "x-redirect-min")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkVethModes is the same in the modes for interfaces that cannot take frames natively. What the kernel does to
// make packets of frames, and to send packets, is in the figure.
func BenchmarkVethModes(b *testing.B) {
	modes := []Fast{FastGeneric, FastTCX} // in turns, since others use the machine too
	var all []*vethBench
	for _, mode := range modes {
		all = append(all, newWorld(b).newVethBench(b, mode))
	}
	for i, way := range all[0].ways() {
		b.Run(way.name, func(b *testing.B) {
			took := make([][]float64, len(all))
			for b.Loop() {
				for range vethRepeats {
					for m, g := range all {
						way := g.ways()[i]
						took[m] = append(took[m], g.measureWith(b, way.from, way.to, func() error { return packets(way.from.far, way.frame) }))
					}
				}
			}
			for m, ns := range took {
				slices.Sort(ns)
				b.ReportMetric(ns[len(ns)/2], string(modes[m])+"-ns/packet")
				b.ReportMetric(ns[0], string(modes[m])+"-ns-min/packet")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// vethWay is a direction, and a frame that takes it.
type vethWay struct {
	name     string
	from, to vethEnd
	frame    []byte
}

func (g *vethBench) ways() []vethWay {
	n3, n6 := vethEnd{g.w.radio, "n3r", "n3u"}, vethEnd{g.w.data, "n6d", "n6u"}
	return []vethWay{{"uplink", n3, n6, g.uplink}, {"downlink", n6, n3, g.downlink}}
}

const (
	vethRepeats = 9
	vethPackets = 400_000 // that a measurement sends
)

// vethEnd is a wire: the interface of a host outside, and the user plane's.
type vethEnd struct {
	host      *netnstest.Space
	far, near string
}

// vethBench is a user plane with one session, and frames of it.
type vethBench struct {
	w                *world
	f                *Forwarder
	uplink, downlink []byte
	sink             *ebpf.Program
	count            *ebpf.Memory // of packets that came to the sinks
}

func (w *world) newVethBench(b *testing.B, mode Fast) *vethBench {
	g := &vethBench{w: w}
	counter, err := ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.Array, KeySize: 4, ValueSize: 8, MaxEntries: 1, Flags: unix.BPF_F_MMAPABLE})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { counter.Close() })
	if g.count, err = counter.Memory(); err != nil {
		b.Fatal(err)
	}
	g.sink = loaded(b, asm.Instructions{
		asm.LoadMapValue(asm.R1, counter.FD(), 0), asm.Mov.Imm(asm.R2, 1), asm.AddAtomic.Mem(asm.R1, asm.R2, asm.DWord, 0),
		asm.Mov.Imm(asm.R0, xdpDrop), asm.Return(),
	})
	err = w.plane.Do(func() (err error) {
		g.f, _, err = Open(settings{Fast: mode, N3: planeN3}.config())
		// So that they are polled, as by a driver; what comes has no UDP checksum and is not joined.
		return errors.Join(err, setJoins("n3u", true), setJoins("n6u", true))
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
	outer[26], outer[27] = 0, 0
	g.uplink = append([]byte{2, 0, 0, 0, 3, 1, 2, 0, 0, 0, 3, 2, 8, 0}, outer...)
	g.downlink = append([]byte{2, 0, 0, 0, 6, 1, 2, 0, 0, 0, 6, 2, 8, 0}, udpPacket(server, ue, 9, 4000, make([]byte, 36))...)
	for _, args := range []string{"172.31.1.2 lladdr 02:00:00:00:03:02 dev n3u", "172.31.2.2 lladdr 02:00:00:00:06:02 dev n6u"} {
		w.plane.Sh(b, "ip neigh replace "+args+" nud permanent") // the sinks answer nobody
	}
	for _, end := range []vethEnd{{w.radio, "n3r", "n3u"}, {w.data, "n6d", "n6u"}} {
		g.dropAt(b, end)
		threaded(b, end.host, end.far)
		threaded(b, w.plane, end.near)
	}
	return g
}

const xdpTX = 3

// loaded is a program for an interface.
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
	err := end.host.Do(func() error {
		dev, err := rtnl().LinkByName(end.far)
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
func threaded(b *testing.B, in *netnstest.Space, dev string) {
	// A sysfs of the namespace's own: what is mounted shows the network of who mounted it.
	in.Sh(b, "unshare -m sh -ec 'mount -t sysfs sysfs /sys; echo 1 > /sys/class/net/"+dev+"/threaded'")
}

// redirected measures a program that only redirects, in the forwarder's place: with new link addresses, or unseen.
func (g *vethBench) redirected(b *testing.B, from, to vethEnd, frame []byte, addressed bool) (ns float64) {
	var near netlink.Link
	err := g.w.plane.Do(func() (err error) { near, err = rtnl().LinkByName(to.near); return err })
	if err != nil {
		b.Fatal(err)
	}
	var code asm.Instructions
	if addressed {
		code = asm.Instructions{
			asm.LoadMem(asm.R2, asm.R1, 0, asm.Word), asm.LoadMem(asm.R3, asm.R1, 4, asm.Word),
			asm.Mov.Reg(asm.R4, asm.R2), asm.Add.Imm(asm.R4, 14), asm.JGT.Reg(asm.R4, asm.R3, "send"),
			asm.LoadMem(asm.R5, asm.R2, 12, asm.Half), asm.JEq.Imm(asm.R5, 0, "send"), // no frame has type 0
			asm.StoreImm(asm.R2, 0, 0x02, asm.Word), asm.StoreImm(asm.R2, 4, 0x02_0206, asm.Word), asm.StoreImm(asm.R2, 8, 0x0306, asm.Word),
		}
	}
	p := loaded(b, append(code,
		asm.Mov.Imm(asm.R1, int32(near.Attrs().Index)).WithSymbol("send"), asm.Mov.Imm(asm.R2, 0), asm.FnRedirect.Call(), asm.Return(),
	))
	for _, a := range g.f.fast.on {
		if a.device == from.near {
			if err := a.link.Update(p); err != nil {
				b.Fatal(err)
			}
			defer a.link.Update(g.f.fast.program.loaded[whole])
		}
	}
	return g.measure(b, from, to, frame)
}

// measure sends packets as fast as one processor can, and reports what each that came in cost the polling
// thread. What the wires have no room for has cost it nothing, or as much as if they had.
func (g *vethBench) measure(b *testing.B, from, to vethEnd, frame []byte) (ns float64) {
	generate := generator(b, frame)
	return g.measureWith(b, from, to, func() error {
		dev, err := rtnl().LinkByName(from.far)
		if err != nil {
			return err
		}
		context := struct{ data, end, meta, ingress, queue, egress uint32 }{end: uint32(len(frame)), ingress: uint32(dev.Attrs().Index)}
		_, err = generate.Run(&ebpf.RunOptions{Data: frame, Repeat: vethPackets, Flags: unix.BPF_F_TEST_XDP_LIVE_FRAMES, Context: context})
		return err
	})
}

// packets sends a frame by a socket: to the other end of the wire it comes as a packet of the kernel's, with no more room
// in front than drivers leave.
func packets(device string, frame []byte) error {
	dev, err := rtnl().LinkByName(device)
	if err != nil {
		return err
	}
	s, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	if err := unix.SetsockoptInt(s, unix.SOL_PACKET, unix.PACKET_QDISC_BYPASS, 1); err != nil {
		return err
	}
	to := &unix.SockaddrLinklayer{Ifindex: dev.Attrs().Index}
	for range vethPackets / 2 {
		if err := unix.Sendto(s, frame, 0, to); err != nil && err != unix.ENOBUFS {
			return err
		}
	}
	return nil
}

func (g *vethBench) measureWith(b *testing.B, from, to vethEnd, send func() error) (ns float64) {
	pollers := kernelThreads(b, "napi/"+from.near)
	for _, who := range []struct {
		threads []int
		urgency uint32 // of the sink more, so that no queue runs over
	}{{pollers, 10}, {kernelThreads(b, "napi/"+to.far), 20}} {
		for _, pid := range who.threads {
			if err := errors.Join(pinTo(pid, 1), first(pid, who.urgency)); err != nil {
				b.Fatal(err)
			}
		}
	}
	spent, in, out := cpuOf(b, pollers), g.received(b, from), g.came()
	err := from.host.Do(func() error {
		if err := pinTo(0, 0); err != nil {
			return err
		}
		return send()
	})
	if err != nil {
		b.Fatal(err)
	}
	last := uint64(0)
	eventually(b, "all is forwarded", func() bool { // until no more comes
		time.Sleep(20 * time.Millisecond)
		now := g.received(b, from)
		done := now == last
		last = now
		return done
	})
	spent, in, out = cpuOf(b, pollers)-spent, last-in, g.came()-out
	if in < vethPackets/20 || out < in*9/10 {
		b.Fatalf("of %d packets %d came in and %d out", vethPackets, in, out)
	}
	return float64(spent) / float64(in)
}

// pinTo has a thread run on one processor, where there is more than one.
func pinTo(pid, cpu int) error {
	var set unix.CPUSet
	set.Set(cpu % runtime.NumCPU())
	return unix.SchedSetaffinity(pid, &set)
}

// generator sends the frame anew each time: the kernel gives it the same pages again and again, as the forwarder has
// left them.
func generator(b *testing.B, frame []byte) *ebpf.Program {
	code := asm.Instructions{
		asm.LoadMem(asm.R2, asm.R1, 0, asm.Word), asm.LoadMem(asm.R3, asm.R1, 4, asm.Word),
		asm.Mov.Imm(asm.R0, xdpDrop), asm.Mov.Reg(asm.R4, asm.R2), asm.Add.Imm(asm.R4, int32(len(frame))),
		asm.JGT.Reg(asm.R4, asm.R3, "end"),
	}
	for i := 0; i+2 <= len(frame); i += 2 {
		code = append(code, asm.StoreImm(asm.R2, int16(i), int64(binary.NativeEndian.Uint16(frame[i:])), asm.Half))
	}
	return loaded(b, append(code, asm.Mov.Imm(asm.R0, xdpTX), asm.Return().WithSymbol("end")))
}

// first has a thread run before all that is not in such a hurry, so that what else the machine does is not measured.
func first(pid int, urgency uint32) error {
	return unix.SchedSetAttr(pid, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: urgency}, 0)
}

// received is how many packets the user plane's end of a wire has had.
func (g *vethBench) received(b *testing.B, end vethEnd) (n uint64) {
	err := g.w.plane.Do(func() error {
		dev, err := rtnl().LinkByName(end.near)
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

// came is how many packets the sinks have had.
func (g *vethBench) came() uint64 {
	var b [8]byte
	if _, err := g.count.ReadAt(b[:], 0); err != nil {
		panic(err)
	}
	return binary.NativeEndian.Uint64(b[:])
}

// kernelThreads are those that poll an interface, one for each of its queues.
func kernelThreads(b *testing.B, name string) (out []int) {
	tasks, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, t := range tasks {
		comm, err := os.ReadFile(t)
		pid, _ := strconv.Atoi(strings.Split(t, "/")[2])
		if err == nil && strings.HasPrefix(string(comm), name+"-") {
			out = append(out, pid)
		}
	}
	if len(out) == 0 {
		b.Fatalf("no kernel thread %s", name)
	}
	return out
}

// cpuOf is the time that threads have run for.
func cpuOf(b *testing.B, threads []int) (all time.Duration) {
	for _, pid := range threads {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		var ns int64
		if err == nil {
			_, err = fmt.Sscan(string(text), &ns)
		}
		if err != nil {
			b.Fatal(err)
		}
		all += time.Duration(ns)
	}
	return all
}
