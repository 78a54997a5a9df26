package datapath

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"golang.org/x/sys/unix"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/gtpu"
)

// The kernel runs a program many times over one frame and does not restore it. So the program is called by
// another, which moves the frame back to where it began, writes its headers anew, and names another
// session each time, drawn at random. That one calling a program that does nothing is what the others are
// measured against, in turns with them; what counts is this thread's CPU time.

const (
	benchRounds = 9
	benchTEID   = 0x5a500000
	benchFirst  = 10<<24 | 64<<16 // the first device's address
)

// traffic is a direction's packet, and where in the frame the session is named.
type traffic struct {
	frame  []byte
	fields []frameField
}

// frameField is 32 bits of a frame that are base and the session's number.
type frameField struct{ at, base int32 }

func uplinkTraffic(size int) traffic {
	packet := upftest.Datagram("10.64.0.0", "198.51.100.1", 1000, 2000, make([]byte, size-28)...)
	k := &kernel{n3: netip.MustParseAddr(upftest.N3)}
	f := frame(k.datagramFrom(netip.AddrPortFrom(netip.MustParseAddr(upftest.RadioA), gtpu.Port), upftest.GPDU(1, packet)))
	return traffic{f, []frameField{{14 + 28 + 4, benchTEID}, {14 + 28 + 16 + 12, benchFirst}}}
}

func downlinkTraffic(size int) traffic {
	return traffic{frame(upftest.Datagram("198.51.100.1", "10.64.0.0", 2000, 1000, make([]byte, size-28)...)), []frameField{{14 + 16, benchFirst}}}
}

// restoring is the program that calls another for a session of so many, a power of two.
func restoring(t traffic, state *ebpf.Map, sessions int) asm.Instructions {
	headers := min(len(t.frame)/8*8, 96)
	code := asm.Instructions{
		asm.Mov.Reg(asm.R6, asm.R1),
		asm.LoadMem(asm.R3, asm.R6, 0, asm.Word),
		asm.LoadMem(asm.R2, asm.R6, 4, asm.Word),
		asm.Sub.Reg(asm.R2, asm.R3),
		asm.Sub.Imm(asm.R2, int32(len(t.frame))),
		asm.Mov.Reg(asm.R1, asm.R6),
		asm.FnXdpAdjustHead.Call(),
		asm.LoadMapValue(asm.R7, state.FD(), 0),
		asm.LoadMem(asm.R8, asm.R7, 0, asm.DWord),
		asm.LoadImm(asm.R1, 6364136223846793005, asm.DWord),
		asm.Mul.Reg(asm.R8, asm.R1),
		asm.Add.Imm(asm.R8, 1442695041),
		asm.StoreMem(asm.R7, 0, asm.R8, asm.DWord),
		asm.RSh.Imm(asm.R8, 40),
		asm.And.Imm(asm.R8, int32(sessions-1)),
		asm.LoadMem(asm.R9, asm.R6, 0, asm.Word),
		asm.LoadMem(asm.R3, asm.R6, 4, asm.Word),
		asm.Mov.Reg(asm.R2, asm.R9),
		asm.Add.Imm(asm.R2, int32(headers)),
		asm.JGT.Reg(asm.R2, asm.R3, "over"),
	}
	for at := 0; at < headers; at += 8 {
		code = append(code, asm.LoadMem(asm.R1, asm.R7, int16(8+at), asm.DWord), asm.StoreMem(asm.R9, int16(at), asm.R1, asm.DWord))
	}
	for _, f := range t.fields {
		code = append(code, asm.Mov.Reg(asm.R1, asm.R8), asm.Add.Imm(asm.R1, f.base), asm.HostTo(asm.BE, asm.R1, asm.Word),
			asm.StoreMem(asm.R9, int16(f.at), asm.R1, asm.Word))
	}
	return append(code, asm.Mov.Reg(asm.R1, asm.R6), asm.Call.Label("forward"), asm.Return().WithSymbol("over"))
}

// benchedProgram is one measured program.
type benchedProgram struct {
	program *ebpf.Program
	data    []byte
	want    uint32
	best    time.Duration // a packet's CPU time in the best round, in thousandths of a nanosecond
}

// benchProgram puts a program between the frame's restoration and the end.
func benchProgram(b *testing.B, t traffic, sessions int, forward asm.Instructions, want uint32) *benchedProgram {
	b.Helper()
	state, err := ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.Array, KeySize: 4, ValueSize: uint32(8 + len(t.frame)), MaxEntries: 1})
	if err != nil {
		b.Fatal(err)
	}
	if err := state.Put(uint32(0), append(make([]byte, 8), t.frame...)); err != nil {
		b.Fatal(err)
	}
	code := restoring(t, state, sessions)
	if fn := btf.FuncMetadata(&forward[0]); fn != nil {
		code[0] = btf.WithFuncMetadata(code[0], &btf.Func{Name: "restoring", Type: fn.Type, Linkage: btf.StaticFunc})
	}
	code[0] = code[0].WithSymbol("restoring").WithSource(forward[0].Source())
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{Type: ebpf.XDP, License: "GPL", Instructions: append(code, forward...)})
	if err != nil {
		b.Fatalf("%+v", err)
	}
	b.Cleanup(func() { p.Close(); state.Close() })
	return &benchedProgram{program: p, data: t.frame, want: want}
}

// round runs the program n times.
func (m *benchedProgram) round(b *testing.B, n uint32) {
	b.Helper()
	before := programTime()
	code, err := m.program.Run(&ebpf.RunOptions{Data: m.data, DataOut: make([]byte, len(m.data)+256), Repeat: n})
	took := programTime() - before
	if err != nil || code != m.want {
		b.Fatalf("XDP verdict %d, %v; want %d", code, err, m.want)
	}
	if each := took * 1000 / time.Duration(n); m.best == 0 || each < m.best {
		m.best = each
	}
}

func (m *benchedProgram) ns() float64 { return float64(m.best) / 1000 }

// programTime is this thread's CPU time.
func programTime() time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts)
	return time.Duration(ts.Nano())
}

// doNothing and sendOn are the least programs: one that does nothing, and one that sends a frame on as it is.
func doNothing() asm.Instructions {
	return asm.Instructions{asm.Mov.Imm(asm.R0, xdpDrop).WithSymbol("forward"), asm.Return()}
}

func sendOn() asm.Instructions {
	return asm.Instructions{asm.Mov.Imm(asm.R1, 1).WithSymbol("forward"), asm.Mov.Imm(asm.R2, 0), asm.FnRedirect.Call(), asm.Return()}
}

// loadSessions is the program with so many sessions, all at one radio and policed, with NAT if nat is set.
func loadSessions(b *testing.B, sessions int, nat bool) asm.Instructions {
	b.Helper()
	needBPF(b)
	cfg := upftest.Config()
	cfg.Pools = []upf.Pool{{Instance: "internet", Prefix: netip.MustParsePrefix("10.64.0.0/12"), NAT: nat}}
	cfg.MaxSessions = 1 << 20
	if !nat {
		cfg.NAT = nil
	}
	layout, err := cfg.Layout()
	if err != nil {
		b.Fatal(err)
	}
	p, err := loadProgram(layout, nil)
	if err != nil {
		b.Fatalf("%+v", err)
	}
	b.Cleanup(p.close)
	if _, err := upf.New(cfg, p.memory); err != nil {
		b.Fatal(err)
	}
	o := outerOf(&p.memory.Settings[0])
	o.hop4, o.hop6 = testHop, testHop
	if err := p.tell(o); err != nil {
		b.Fatal(err)
	}
	radio := netip.MustParseAddr(upftest.RadioA).As4()
	p.memory.Peers[1] = upf.PeerEntry{Next: testHop.next, Own: testHop.own, Ifindex: 1, MTU: 9000, Family: 4, Ready: 1}
	copy(p.memory.Peers[1].Addr[:], radio[:])
	for i := range uint64(sessions) {
		fillSession(p.memory, i, nat)
	}
	spec, err := programSpec(layout, whole)
	if err != nil {
		b.Fatal(err)
	}
	code := spec.Programs["forward"].Instructions
	for i := range code {
		if code[i].IsLoadFromMap() {
			if err := code[i].AssociateMap(p.maps[code[i].Reference()]); err != nil {
				b.Fatal(err)
			}
		}
	}
	return code
}

// fillSession makes session i.
func fillSession(m *upf.Memory, i uint64, nat bool) {
	const policed = 1<<32<<10 | 20<<24 | upftest.QFI // a thousandth of a nanosecond for an octet
	block := uint64(0)
	if nat {
		first := i*16 + 1024
		block = first + 1
		m.NAT[first+1000%16].Owner.Store((i + 1) | 1000<<32 | upftest.UDP<<48)
		m.NAT[first+1000%16].Used.Store(uint64(benchSecond()))
	}
	up, down := &m.Up[i], &m.Down[i]
	up.Device.Store((benchFirst + i) | block<<32)
	up.Treatment.Store(policed)
	up.Tunnel.Store((benchTEID | i) | 1<<32)
	down.Tunnel.Store((0x100 + i) | 1<<32)
	down.Treatment.Store(policed)
	down.Device.Store((benchFirst + i) | (i+1)<<32)
}

// benchSecond is the second of CLOCK_MONOTONIC that it is.
func benchSecond() uint32 {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
	return uint32(ts.Sec)
}

// BenchmarkProgram is what the program costs a packet, besides what the driver and the restoration of the
// frame do. x-redirect says how much more that is than sending the frame on as it is.
func BenchmarkProgram(b *testing.B) {
	for _, nat := range []bool{false, true} {
		for _, n := range []int{1, 1 << 10, 1 << 17, 1 << 20} {
			if nat && n > 1<<10 {
				continue
			}
			for _, direction := range []string{"uplink", "downlink"} {
				name := fmt.Sprintf("%s/sessions=%d", direction, n)
				if nat {
					name = "NAT/" + name
				}
				b.Run(name, func(b *testing.B) { benchOne(b, direction, n, nat) })
			}
		}
	}
}

func benchOne(b *testing.B, direction string, sessions int, nat bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t := uplinkTraffic(96)
	if direction == "downlink" {
		t = downlinkTraffic(96)
	}
	if nat && direction == "downlink" {
		// of the first session, which has the ports from 1024 on
		t.frame = frame(upftest.Datagram("198.51.100.1", upftest.Public, 2000, 1024+1000%16, make([]byte, 68)...))
		t.fields = nil
		sessions = 1
	}
	code := loadSessions(b, sessions, nat)
	empty, onward, full := benchProgram(b, t, sessions, doNothing(), xdpDrop), benchProgram(b, t, sessions, sendOn(), xdpRedirect), benchProgram(b, t, sessions, code, xdpRedirect)
	for range benchRounds {
		for _, m := range []*benchedProgram{empty, onward, full} {
			m.round(b, 400_000)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(full.ns()-empty.ns(), "net-ns/packet")
	b.ReportMetric(onward.ns()-empty.ns(), "redirect-ns/packet")
	b.ReportMetric(full.ns()/onward.ns(), "x-redirect")
}
