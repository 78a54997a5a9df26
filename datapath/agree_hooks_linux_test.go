package datapath

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"golang.org/x/sys/unix"
)

// forEachProgram has a test see each of the programs.
func forEachProgram(t *testing.T, do func(*testing.T, variant)) {
	for _, v := range []variant{whole, spread, control} {
		t.Run(string(v), func(t *testing.T) { do(t, v) })
	}
}

// tcVerdicts are XDP's names of traffic control's verdicts.
var tcVerdicts = map[uint32]uint32{1<<32 - 1: xdpPass, 2: xdpDrop, 7: xdpRedirect}

// skBuff is what a program for traffic control is given of a packet (struct __sk_buff), in words.
type skBuff [48]uint32

const (
	skbControl = 12 // five words of whoever has it
	skbGSOSize = 44
)

// runSkb is run for traffic control: the outer tag lies beside the packet, as the kernel has it, coming and going.
func (k *kernel) runSkb(frame []byte) (uint32, []byte) {
	k.t.Helper()
	var in skBuff
	if len(frame) >= 18 && frame[12] == 0x81 && frame[13] == 0 {
		in[skbControl] = 1<<16 | uint32(binary.BigEndian.Uint16(frame[14:]))
		frame = slices.Delete(slices.Clone(frame), 12, 16)
	}
	in[skbGSOSize] = k.joined
	out, after := make([]byte, len(frame)+256), in
	opts := ebpf.RunOptions{Data: frame, DataOut: out, Context: in, ContextOut: &after}
	code, err := k.tested.Run(&opts)
	if errors.Is(err, unix.EINVAL) && len(frame) < 14+4+40 {
		return xdpPass, frame // without an IP header the kernel makes no packet of it for a test
	}
	if err != nil {
		k.t.Fatal(err)
	}
	if _, known := tcVerdicts[code]; !known {
		k.t.Fatalf("verdict %d", code)
	}
	if out = opts.DataOut; after[skbControl+1] != 0 {
		out = slices.Insert(out, 12, 0x81, 0, byte(after[skbControl+2]>>8), byte(after[skbControl+2]))
	}
	return tcVerdicts[code], out
}

// runSpread is run for frames in several buffers, where this kernel makes such for a test: the first has the headers.
func (k *kernel) runSpread(frame []byte) (uint32, []byte) {
	k.t.Helper()
	const first = 192
	opts := ebpf.RunOptions{Data: frame, DataOut: make([]byte, len(frame)+256)}
	if len(frame) > first {
		opts.Context = struct{ data, end, meta, ingress, queue, egress uint32 }{end: first}
	}
	code, err := k.tested.Run(&opts)
	if errors.Is(err, unix.EINVAL) && opts.Context != nil { // before 6.18
		opts.Context, opts.DataOut = nil, make([]byte, len(frame)+256)
		code, err = k.tested.Run(&opts)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return code, opts.DataOut
}

// tagging is the program for traffic control behind a few instructions that put the packet's tag beside it, and say
// whether there is one in the end.
func tagging(p *program) (*ebpf.Program, error) {
	spec, err := programSpec(p.layout, control)
	if err != nil {
		return nil, err
	}
	forward := spec.Programs["forward"]
	for i := range forward.Instructions {
		if in := &forward.Instructions[i]; in.IsLoadFromMap() {
			if err := in.AssociateMap(p.maps[in.Reference()]); err != nil {
				return nil, err
			}
		}
	}
	const present, tci, cb = 20, 24, 4 * skbControl
	code := asm.Instructions{
		asm.Mov.Reg(asm.R6, asm.R1),
		asm.LoadMem(asm.R3, asm.R6, cb, asm.Word),
		asm.JEq.Imm(asm.R3, 0, "untagged"),
		asm.And.Imm(asm.R3, 0xffff),
		asm.Mov.Imm(asm.R2, 0x0081),
		asm.FnSkbVlanPush.Call(),
		asm.Mov.Reg(asm.R1, asm.R6).WithSymbol("untagged"),
		asm.Call.Label("forward"),
		asm.LoadMem(asm.R1, asm.R6, present, asm.Word), asm.StoreMem(asm.R6, cb+4, asm.R1, asm.Word),
		asm.LoadMem(asm.R1, asm.R6, tci, asm.Word), asm.StoreMem(asm.R6, cb+8, asm.R1, asm.Word),
		asm.Return(),
	}
	fn := btf.FuncMetadata(&forward.Instructions[0])
	code[0] = btf.WithFuncMetadata(code[0], &btf.Func{Name: "tagging", Type: fn.Type, Linkage: btf.StaticFunc}).WithSymbol("tagging").WithSource(forward.Instructions[0].Source())
	forward.Instructions = append(code, forward.Instructions...)
	return ebpf.NewProgram(forward)
}
