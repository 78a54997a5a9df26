package datapath

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"

	"cordon/transport/netnstest"
	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// kernel is the program beside the reference. There are two UPFs with the same sessions: the
// reference, in memory of its own, and one that shares its memory with the program and gets the packets
// that the program passes on. After each packet both memories are the same.
type kernel struct {
	t         testing.TB
	program   *program
	variant   variant
	tested    *ebpf.Program // that variant
	joined    uint32        // size of the packets that the kernel has joined, for traffic control
	reference *upf.Sessions
	memory    *upf.Memory // of the reference
	slow      *upf.Sessions
	n3        netip.Addr
	now       time.Duration
	forwarded int // by the program
	drops     int
	passed    int
	lenient   bool // the program may drop what the reference answers
}

const (
	xdpDrop     = 1
	xdpPass     = 2
	xdpRedirect = 4
)

// needBPF skips a test that loads programs, and fails it in CI, where it has to run.
func needBPF(t testing.TB) {
	t.Helper()
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{Type: ebpf.XDP, License: "GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, xdpPass), asm.Return()}})
	switch {
	case err == nil:
		p.Close()
	case !errors.Is(err, os.ErrPermission):
		t.Fatalf("%+v", err)
	default:
		netnstest.Lack(t, "leave to load programs into the kernel (CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON), as root has it")
	}
}

// newKernel loads the program for a layout that all configurations of the tests share.
func newKernel(t testing.TB, v variant) *kernel {
	t.Helper()
	needBPF(t)
	cfg := upftest.Config()
	layout, err := cfg.Layout()
	if err != nil {
		t.Fatal(err)
	}
	k := &kernel{t: t, variant: v, memory: upf.NewMemory(layout)}
	if k.program, err = loadProgram(layout, nil); err != nil {
		t.Fatalf("%+v", err)
	}
	t.Cleanup(k.program.close)
	if v == control {
		k.tested, err = tagging(k.program)
	} else {
		k.tested, err = k.program.variant(v)
	}
	if err != nil {
		t.Fatalf("%+v", err)
	}
	t.Cleanup(func() { k.tested.Close() })
	return k
}

// begin makes both UPFs anew, with the sessions of the tests' network. The program hands over all that may be
// answered, and no findings.
func (k *kernel) begin(t testing.TB, change func(*upf.Config), edit func(*pfcp.Establishment)) *upftest.World {
	t.Helper()
	k.t = t
	for _, m := range []*upf.Memory{k.memory, k.program.memory} {
		for _, b := range octetsOfAll(m) {
			clear(b)
		}
	}
	for _, known := range []string{upftest.RadioA, upftest.RadioB} {
		if err := k.program.radio(netip.MustParseAddr(known), 0); err != nil {
			t.Fatal(err)
		}
	}
	none := make([]uint64, ebpf.MustPossibleCPU())
	for i := range uint32(2 * upf.Reasons) {
		if err := k.program.maps["drops"].Put(i, none); err != nil {
			t.Fatal(err)
		}
	}
	k.program.limits.Asks, k.program.limits.Findings, k.lenient = 1<<30, 0, false
	k.program.limits.N3, k.program.limits.N6, k.program.limits.Waiting = 0, 0, 1<<30
	sessions := func(m *upf.Memory) *upf.Sessions {
		cfg := upftest.Config() // with random numbers of its own, the same ones
		if change != nil {
			change(&cfg)
		}
		k.n3 = cfg.N3
		s, err := upf.New(cfg, m)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	k.reference, k.slow = sessions(k.memory), sessions(k.program.memory)
	o := outerOf(&k.program.memory.Settings[0])
	o.hop4, o.hop6 = testHop, testHop
	k.at(100 * time.Second)
	w, err := upftest.NewWorld(func(e pfcp.Establishment) (pfcp.Established, error) {
		if edit != nil {
			edit(&e)
		}
		return both(k, (*upf.Sessions).Establish, e), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var testHop = hop{next: [6]byte{2, 0, 0, 0, 0, 1}, own: [6]byte{2, 0, 0, 0, 0, 2}, ifindex: 1, mtu: 9000}

// at sets the program's clock, which stands still.
func (k *kernel) at(now time.Duration) {
	k.now = now
	o := outerOf(&k.program.memory.Settings[0])
	o.tick, o.epoch = 0, uint64(now)
}

// both has both UPFs do the same, and gives every peer a next hop.
func both[In, Out any](k *kernel, do func(s *upf.Sessions, now time.Duration, in In) (Out, error), in In) Out {
	k.t.Helper()
	out, err := do(k.reference, k.now, in)
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := do(k.slow, k.now, in); err != nil {
		k.t.Fatal(err)
	}
	for i := range k.program.memory.Peers[1:] {
		p := &k.program.memory.Peers[1+i]
		if p.Family == 0 || p.Ready != 0 {
			continue
		}
		p.Next, p.Own, p.Ifindex, p.MTU, p.Ready = testHop.next, testHop.own, testHop.ifindex, uint32(testHop.mtu), 1
		addr := netip.AddrFrom16(p.Addr)
		if p.Family == 4 {
			addr = netip.AddrFrom4([4]byte(p.Addr[:4]))
		}
		if err := k.program.radio(addr, uint32(1+i)); err != nil {
			k.t.Fatal(err)
		}
	}
	return out
}

// frame is an Ethernet frame with a packet.
func frame(packet []byte, tags ...uint16) []byte {
	b := append(make([]byte, 0, 18+len(packet)), 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8)
	for _, v := range tags {
		b = append(b, 0x81, 0, byte(v>>8), byte(v))
	}
	if len(packet) > 0 && packet[0]>>4 == 6 {
		return append(append(b, 0x86, 0xdd), packet...)
	}
	return append(append(b, 8, 0), packet...)
}

// datagramFrom is a datagram to N3 as it is on the link.
func (k *kernel) datagramFrom(from netip.AddrPort, datagram []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, from.Port())
	b = append(b, gtpu.Port>>8, gtpu.Port&0xff)
	b = append(binary.BigEndian.AppendUint16(b, uint16(8+len(datagram))), 0, 0)
	return upftest.IP(from.Addr().String(), k.n3.String(), upftest.UDP, append(b, datagram...)...)
}

// run has the program take a frame, and gives back what it says and the frame that results.
func (k *kernel) run(frame []byte) (uint32, []byte) {
	k.t.Helper()
	switch k.variant {
	case control:
		return k.runSkb(frame)
	case spread:
		return k.runSpread(frame)
	}
	out := make([]byte, len(frame)+256)
	opts := ebpf.RunOptions{Data: frame, DataOut: out}
	code, err := k.tested.Run(&opts)
	if err != nil {
		k.t.Fatal(err)
	}
	return code, opts.DataOut
}

// verdicts are what becomes of a packet: of uplink, and then as one for a device.
type verdicts [2]upf.Verdict

// last is what became of the packet in the end.
func (v *verdicts) last() *upf.Verdict {
	if v[0].Action == upf.ToLocal {
		return &v[1]
	}
	return &v[0]
}

// answered reports whether it is an answer to a packet that is itself dropped.
func (v *verdicts) answered() bool { return v[0].Reason != upf.ReasonNone }

// take gives both a packet, and gives back what the reference says first.
func (k *kernel) take(st *upftest.Step, octets []byte, tags ...uint16) upf.Verdict {
	k.t.Helper()
	if st.Bridge { // by a device of its own, which the program is not on
		st.Frame(k.slow, k.now, upf.Verdict{}, bytes.Clone(octets))
		return st.Frame(k.reference, k.now, upf.Verdict{}, octets)
	}
	on := octets
	if !st.N6 {
		on = k.datagramFrom(st.From, octets)
	}
	code, out := k.run(frame(on, tags...))
	through := func(s *upf.Sessions) (v verdicts) {
		if st.N6 {
			v[0] = kept(s.Downlink(k.now, bytes.Clone(octets)))
		} else if v[0] = kept(s.Uplink(k.now, st.From, bytes.Clone(octets))); v[0].Action == upf.ToLocal {
			v[1] = kept(s.Local(k.now, bytes.Clone(v[0].Packet)))
		} else if v[0].Action == upf.ToBridge {
			v[1] = kept(st.Frame(s, k.now, v[0], nil))
		}
		return v
	}
	return k.agree(code, out, through)
}

// kept is a verdict that outlasts the next packet.
func kept(v upf.Verdict) upf.Verdict {
	v.Head, v.Packet = bytes.Clone(v.Head), bytes.Clone(v.Packet)
	return v
}

// agree compares what the program did with what the reference does.
func (k *kernel) agree(code uint32, out []byte, through func(*upf.Sessions) verdicts) upf.Verdict {
	k.t.Helper()
	want := through(k.reference)
	switch last := want.last(); {
	case code == xdpPass:
		k.passed++
		if got := through(k.slow); told(&got[0]) != told(&want[0]) || told(&got[1]) != told(&want[1]) {
			k.t.Errorf("passed on: %s, then %s; want %s, then %s", told(&got[0]), told(&got[1]), told(&want[0]), told(&want[1]))
		}
	case code == xdpDrop && (last.Action == upf.Drop || k.lenient && want.answered()):
		k.drops++
	case code == xdpRedirect && !want.answered():
		k.forwarded++
		if err := k.same(out, last); err != nil {
			k.t.Errorf("%v; want %s\n% x", err, told(last), out)
		}
	default:
		k.t.Errorf("XDP verdict %d; want %s, then %s", code, told(&want[0]), told(&want[1]))
	}
	if want[0].Action == upf.ToBridge {
		return want[1]
	}
	return want[0]
}

func told(v *upf.Verdict) string {
	return fmt.Sprintf("action %d, %v, to %v: % x | % x", v.Action, v.Reason, v.To, v.Head, v.Packet)
}

// same says how a frame that went out differs from what the reference says.
func (k *kernel) same(out []byte, want *upf.Verdict) error {
	if len(out) < 14 || !bytes.Equal(out[:6], testHop.next[:]) || !bytes.Equal(out[6:12], testHop.own[:]) {
		return errors.New("not to the next hop")
	}
	packet := out[14:]
	switch want.Action {
	case upf.ToN6:
		if !bytes.Equal(packet, want.Packet) {
			return errors.New("another packet went out on N6")
		}
	case upf.ToN3:
		datagram, err := outerChecked(packet, k.n3, want.To.Addr())
		if err != nil {
			return err
		}
		if !bytes.Equal(datagram, slices.Concat(want.Head, want.Packet)) {
			return errors.New("another packet went out on N3")
		}
	default:
		return errors.New("sent")
	}
	return nil
}

// outerChecked checks the headers around a datagram from us to a radio.
func outerChecked(p []byte, from, to netip.Addr) ([]byte, error) {
	pseudo := uint32(upftest.UDP)
	size := 20
	if from.Is6() {
		size = 40
	}
	if len(p) < size+8 {
		return nil, errors.New("no outer header")
	}
	udp := p[size:]
	n := int(binary.BigEndian.Uint16(udp[4:]))
	addrs := slices.Concat(from.AsSlice(), to.AsSlice())
	switch {
	case n != len(udp), binary.BigEndian.Uint16(udp[2:]) != gtpu.Port, binary.BigEndian.Uint16(udp) != gtpu.Port:
		return nil, errors.New("outer UDP header")
	case !bytes.Equal(p[size-len(addrs):size], addrs):
		return nil, errors.New("outer addresses")
	case from.Is4() && (sum(p[:20], 0) != 0 || int(binary.BigEndian.Uint16(p[2:])) != len(p) || p[9] != upftest.UDP || udp[6] != 0 || udp[7] != 0):
		return nil, errors.New("outer IPv4 header")
	case from.Is4():
		return udp[8:], nil
	}
	for i := 0; i < len(addrs); i += 2 {
		pseudo += uint32(binary.BigEndian.Uint16(addrs[i:]))
	}
	if sum(udp, pseudo+uint32(n)) != 0 || int(binary.BigEndian.Uint16(p[4:])) != n || p[6] != upftest.UDP || udp[6] == 0 && udp[7] == 0 {
		return nil, errors.New("outer IPv6 header or UDP checksum")
	}
	return udp[8:], nil
}

// octetsOf is memory as octets.
func octetsOf[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), len(list)*int(unsafe.Sizeof(list[0])))
}

// octetsOfAll is all memory that packets and N4 write.
func octetsOfAll(m *upf.Memory) [][]byte {
	return [][]byte{octetsOf(m.Up), octetsOf(m.Down), octetsOf(m.NAT), octetsOf(m.PeerCounters), octetsOf(m.Records), octetsOf(m.Peers), octetsOf(m.RuleSets)}
}

// sameMemory compares the lines, ports and counters of both.
func (k *kernel) sameMemory() {
	k.t.Helper()
	for i := range k.program.memory.Down { // where the program counts, and nobody else
		if l := &k.program.memory.Down[i]; l.Entry().Flags&upf.LineHold != 0 {
			l.Word.Store(0)
		}
	}
	got := octetsOfAll(k.program.memory)
	for m, want := range octetsOfAll(k.memory)[:4] {
		if bytes.Equal(want, got[m]) {
			continue
		}
		for i := 0; i < len(want); i += 8 {
			if !bytes.Equal(want[i:i+8], got[m][i:i+8]) {
				k.t.Fatalf("%s, octet %d: %x; want %x", []string{"uplink lines", "downlink lines", "NAT", "peers' counters"}[m], i, got[m][i:i+8], want[i:i+8])
			}
		}
	}
}

// dropped is what the program has dropped, in both directions.
func (k *kernel) dropped() [upf.Reasons]uint64 {
	k.t.Helper()
	up, down, err := k.program.drops()
	if err != nil {
		k.t.Fatal(err)
	}
	for r, n := range down {
		up[r] += n
	}
	return up
}

// sameCounts compares what was counted in all: by the program and by what it passed on, against the reference. A
// TEID that nobody has is told apart in user space only.
func (k *kernel) sameCounts() {
	k.t.Helper()
	up, down, err := k.program.drops()
	if err != nil {
		k.t.Fatal(err)
	}
	wantUp, wantDown := k.reference.Stats()
	slowUp, slowDown := k.slow.Stats()
	for _, c := range []struct {
		name             string
		program          [upf.Reasons]uint64
		passed, expected upf.Counters
	}{{"uplink", up, slowUp, wantUp}, {"downlink", down, slowDown, wantDown}} {
		for _, r := range []upf.Reason{upf.ReasonLate, upf.ReasonSweep} {
			for _, d := range []*[upf.Reasons]uint64{&c.passed.Drops, &c.expected.Drops} {
				d[upf.ReasonUnknownTEID] += d[r]
				d[r] = 0
			}
		}
		for r := range c.program {
			if got, want := c.program[r]+c.passed.Drops[r], c.expected.Drops[r]; got != want {
				k.t.Errorf("%s: %d dropped as %v; want %d", c.name, got, upf.Reason(r), want)
			}
		}
	}
}

// TestProgramTwins holds what Go and the program say of the same memory together.
func TestProgramTwins(t *testing.T) {
	for _, tt := range []struct {
		name     string
		goes, is uintptr
	}{
		{"Line", unsafe.Sizeof(upf.Line{}), unsafe.Sizeof(forwardLine{})},
		{"Settings", unsafe.Sizeof(upf.Settings{}), unsafe.Sizeof(forwardSettings{})},
		{"PoolEntry", unsafe.Sizeof(upf.PoolEntry{}), unsafe.Sizeof(forwardPool{})},
		{"Range", unsafe.Sizeof(upf.Range{}), unsafe.Sizeof(forwardRange{})},
		{"ServiceEntry", unsafe.Sizeof(upf.ServiceEntry{}), unsafe.Sizeof(forwardService{})},
		{"PeerEntry", unsafe.Sizeof(upf.PeerEntry{}), unsafe.Sizeof(forwardPeer{})},
		{"PeerCounters", unsafe.Sizeof(upf.PeerCounters{}), unsafe.Sizeof(forwardWatch{})},
		{"Record", unsafe.Sizeof(upf.Record{}), unsafe.Sizeof(forwardRecord{})},
		{"RuleSet", unsafe.Sizeof(upf.RuleSet{}), unsafe.Sizeof(forwardRuleSet{})},
		{"NATEntry", unsafe.Sizeof(upf.NATEntry{}), unsafe.Sizeof(forwardNat{})},
		{"PeerEntry.Ready", unsafe.Offsetof(upf.PeerEntry{}.Ready), unsafe.Offsetof(forwardPeer{}.Ready)},
		{"PeerEntry.VLAN", unsafe.Offsetof(upf.PeerEntry{}.VLAN), unsafe.Offsetof(forwardPeer{}.Vlan)},
		{"PoolEntry.Flags", unsafe.Offsetof(upf.PoolEntry{}.Flags), unsafe.Offsetof(forwardPool{}.Flags)},
		{"Settings.DSCP", unsafe.Offsetof(upf.Settings{}.DSCP), unsafe.Offsetof(forwardSettings{}.Dscp)},
		{"Settings.Outer", unsafe.Offsetof(upf.Settings{}.Outer), unsafe.Offsetof(forwardSettings{}.Outer)},
		{"Settings.N3v6", unsafe.Offsetof(upf.Settings{}.N3v6), unsafe.Offsetof(forwardSettings{}.N36)},
		{"RuleSet.Rules", unsafe.Offsetof(upf.RuleSet{}.Rules), unsafe.Offsetof(forwardRuleSet{}.Rules)},
		{"Line.Word", unsafe.Offsetof(upf.Line{}.Word), unsafe.Offsetof(forwardLine{}.Word)},
		{"outer", unsafe.Sizeof(outer{}), unsafe.Sizeof(forwardSettings{}.Outer)},
	} {
		if tt.goes != tt.is {
			t.Errorf("%s: %d in Go, %d in C", tt.name, tt.goes, tt.is)
		}
	}
}

// TestProgramComplexity says how much the verifier had to look at; a million is the most that it does.
func TestProgramComplexity(t *testing.T) {
	needBPF(t)
	forEachProgram(t, func(t *testing.T, v variant) {
		spec, err := programSpec(upf.Layout{}, v)
		if err != nil {
			t.Fatal(err)
		}
		all, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{Programs: ebpf.ProgramOptions{LogLevel: ebpf.LogLevelStats}})
		if err != nil {
			t.Fatalf("%+v", err)
		}
		defer all.Close()
		for name, p := range all.Programs {
			log := strings.TrimSpace(p.VerifierLog)
			t.Log(name, log)
			var processed int
			if _, err := fmt.Sscanf(log[strings.Index(log, "processed"):], "processed %d", &processed); err != nil || processed > 500_000 {
				t.Errorf("%s: %d instructions processed, %v; want at most half of what the verifier takes", name, processed, err)
			}
		}
	})
}

// TestProgramClock: the program's time is CLOCK_MONOTONIC, to the jiffy; here to a second, since a busy
// machine may look at it late.
func TestProgramClock(t *testing.T) {
	needBPF(t)
	p, err := loadProgram(upf.Layout{Settings: 1}, nil)
	if err != nil {
		t.Fatalf("%+v", err)
	}
	defer p.close()
	var o outer
	if err := p.tell(&o); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		now, err := p.tick()
		if err != nil {
			t.Fatal(err)
		}
		if is := now.Jiffies*uint64(o.tick) + o.epoch; distance(is, now.Time) > uint64(time.Second) {
			t.Errorf("%d ns at a tick of %d ns; CLOCK_MONOTONIC is %d", is, o.tick, now.Time)
		}
	}
}
