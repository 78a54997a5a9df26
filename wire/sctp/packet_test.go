package sctp

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"
)

// golden are packets that Linux 6.1 sent over UDP to this package's endpoint, and what
// they say. The heartbeat's information is the kernel's own.
var golden = []struct {
	name   string
	octets string
	tag    uint32
	chunks []ChunkType
}{
	{"INIT", "c351960c000000008bc3b808010000245b82be9f00100000000a000a21a8cb30000c00060005000080000004c0000004", 0, []ChunkType{TypeInit}},
	{"COOKIE ECHO", "c351960c717cf309db4ccb340a00005e000000003c4b380000000000000000000000ffff7f000001c351717cf3095b82be9f235a73c521a8cb30001000000000000000000000000a000a16759b5363204d0845ee6ce7f3e381c4fe7b83cef0890c034f5da810ea3e7ebc0000", 0x717cf309, []ChunkType{TypeCookieEcho}},
	{"DATA", "c351960c717cf309cd1187dc0003002021a8cb30000000000000003c4e472053657475702052657175657374", 0x717cf309, []ChunkType{TypeData}},
	{"SACK", "c351960c717cf3090604002303000010235a73c5000fffef00000000", 0x717cf309, []ChunkType{TypeSACK}},
	{"DATA, padded", "c351960c717cf309148629900003002e21a8cb31000100000000003c0000000000000000000000000000000000000000000000000000000000000000", 0x717cf309, []ChunkType{TypeData}},
	{"HEARTBEAT", "c351960c717cf3093f0dd9dd0400003c000100380200960c7f0000010000000000000000000000000000000000000000788cffff00000000cfed58db1c828dc70000000000000000", 0x717cf309, []ChunkType{TypeHeartbeat}},
	{"SHUTDOWN", "c351960c717cf30985ff5eb107000008235a73c5", 0x717cf309, []ChunkType{TypeShutdown}},
	{"SHUTDOWN COMPLETE", "c351960c717cf30990ced37d0e000004", 0x717cf309, []ChunkType{TypeShutdownComplete}},
	{"SACK and DATA, ours", "960cc3515b82be9f5eee3e3a0300001021a8cb30000500000000000000030021235a73c5000000000000003c4e4720536574757020526573706f6e7365000000", 0x5b82be9f, []ChunkType{TypeSACK, TypeData}},
}

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	for _, g := range golden {
		b := octets(t, g.octets)
		p, err := ParsePacket(b)
		if err != nil {
			t.Errorf("%s: %v", g.name, err)
			continue
		}
		var types []ChunkType
		for c := range p.Chunks() {
			types = append(types, c.Type)
		}
		if p.Tag != g.tag || !slices.Equal(types, g.chunks) {
			t.Errorf("%s: tag %#x, chunks %v", g.name, p.Tag, types)
		}
		if again := AppendPacket(nil, p.Source, p.Destination, p.Tag, slices.Collect(p.Chunks())...); !bytes.Equal(again, b) {
			t.Errorf("%s: encodes as %x", g.name, again)
		}
		if again := reencode(t, p); !bytes.Equal(again, b) {
			t.Errorf("%s: encodes chunk by chunk as %x", g.name, again)
		}
	}
}

// reencode takes a packet's chunks apart and puts them together again, as far as they
// have a form of their own.
func reencode(t testing.TB, p Packet) []byte {
	t.Helper()
	b := appendHeader(nil, p.Source, p.Destination, p.Tag)
	for c := range p.Chunks() {
		if whole, err := reencodeChunk(b, c); err == nil {
			b = whole
		} else {
			b = c.Append(b)
		}
	}
	seal(b)
	return b
}

func reencodeChunk(b []byte, c Chunk) ([]byte, error) {
	switch c.Type {
	case TypeData:
		d, err := ParseData(c)
		return d.Append(b), err
	case TypeSACK:
		s, err := ParseSACK(c)
		return s.Append(b), err
	case TypeInit, TypeInitAck:
		i, err := ParseInit(c)
		return i.Append(b, c.Type), err
	}
	return c.Append(b), nil
}

func TestGoldenContents(t *testing.T) {
	chunk := func(i int) Chunk {
		p, err := ParsePacket(octets(t, golden[i].octets))
		if err != nil {
			t.Fatal(err)
		}
		return p.first()
	}
	in, err := ParseInit(chunk(0))
	if err != nil || in.Tag != 0x5b82be9f || in.Window != 1<<20 || in.Out != 10 || in.In != 10 || in.TSN != 0x21a8cb30 {
		t.Errorf("INIT: %+v, %v", in, err)
	}
	// ECN is skipped in silence, FORWARD-TSN reported, as their numbers ask.
	if u := in.understand(); len(u.unknown) != 1 || !bytes.Equal(u.unknown[0], []byte{0xc0, 0, 0, 4}) || u.cookie != nil || u.hostName {
		t.Errorf("parameters: %+v", u)
	}
	d, err := ParseData(chunk(2))
	if err != nil || d.TSN != 0x21a8cb30 || d.Stream != 0 || d.PPID != 60 || !d.Begin || !d.End || d.Unordered || string(d.Data) != "NG Setup Request" {
		t.Errorf("DATA: %+v, %v", d, err)
	}
	s, err := ParseSACK(chunk(3))
	if err != nil || s.Cumulative != 0x235a73c5 || s.Window != 0xfffef || len(s.blocks)+len(s.duplicates) != 0 {
		t.Errorf("SACK: %+v, %v", s, err)
	}
}

// Every strict prefix is refused by its checksum, and with the checksum put right, by the
// lengths, unless it ends where a chunk ends.
func TestPrefixes(t *testing.T) {
	for _, g := range golden {
		b := octets(t, g.octets)
		for n := range b {
			if _, err := ParsePacket(b[:n]); err == nil {
				t.Errorf("%s: %d octets of %d accepted", g.name, n, len(b))
			}
			if n < packetHeader {
				continue
			}
			cut := bytes.Clone(b[:n])
			seal(cut)
			whole := g.name == "SACK and DATA, ours" && n == 28
			if _, err := ParsePacket(cut); err == nil && !whole {
				t.Errorf("%s: %d octets of %d accepted with their own checksum", g.name, n, len(b))
			}
		}
	}
}

func TestRefusedPackets(t *testing.T) {
	for _, c := range []struct {
		name, octets string
		want         error
	}{
		{"nothing but a header", "c351960c0000000000000000", ErrShort},
		{"source port 0", "0000960c00000000000000000b000004", ErrPort},
		{"destination port 0", "c351000000000000000000000b000004", ErrPort},
		{"chunk length 0", "c351960c00000000000000000b000000", ErrLength},
		{"chunk length 3", "c351960c00000000000000000b000003", ErrLength},
		{"chunk longer than the packet", "c351960c00000000000000000b000005", ErrLength},
		{"chunk length 65535", "c351960c00000000000000000b00ffff", ErrLength},
		{"trailing octets", "c351960c00000000000000000b0000040b00", ErrLength},
		{"padding missing", "c351960c00000000000000000b00000500", ErrLength},
	} {
		b := octets(t, c.octets)
		if len(b) >= packetHeader {
			seal(b)
		}
		if _, err := ParsePacket(b); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestRefusedChunks(t *testing.T) {
	data := make([]byte, 12)
	if _, err := ParseData(Chunk{Type: TypeData, Value: data}); err != ErrShort {
		t.Errorf("DATA without user data: %v", err)
	}
	sack := []byte{0, 0, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}
	if _, err := ParseSACK(Chunk{Type: TypeSACK, Value: sack}); err != ErrLength {
		t.Errorf("SACK that claims 131070 blocks: %v", err)
	}
	init := append(make([]byte, 16), 0, 5, 0, 9, 1, 2, 3, 4)
	if _, err := ParseInit(Chunk{Type: TypeInit, Value: init}); err != ErrLength {
		t.Errorf("INIT with a parameter longer than itself: %v", err)
	}
}

// FuzzPacket: what is accepted encodes to what parses back equal, chunk by chunk.
func FuzzPacket(f *testing.F) {
	for _, g := range golden {
		f.Add(octets(f, g.octets))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= packetHeader {
			seal(b) // or nothing would ever be accepted
		}
		p, err := ParsePacket(b)
		if err != nil {
			return
		}
		again, err := ParsePacket(reencode(t, p))
		if err != nil {
			t.Fatalf("accepted %x, and refuses its own encoding: %v", b, err)
		}
		if again.Source != p.Source || again.Destination != p.Destination || again.Tag != p.Tag {
			t.Fatalf("%x: the header changed", b)
		}
		was, is := slices.Collect(p.Chunks()), slices.Collect(again.Chunks())
		if len(was) != len(is) {
			t.Fatalf("%x: %d chunks became %d", b, len(was), len(is))
		}
		for i := range was {
			if !same(was[i], is[i]) {
				t.Fatalf("%x: chunk %d became %+v", b, i, is[i])
			}
		}
	})
}

// same compares chunks but for what no receiver looks at: reserved flags and the padding
// of parameters.
func same(a, b Chunk) bool {
	if a.Type != b.Type {
		return false
	}
	switch a.Type {
	case TypeData:
		x, errX := ParseData(a)
		y, errY := ParseData(b)
		data := bytes.Equal(x.Data, y.Data)
		x.Data, y.Data = nil, nil
		return errX == errY && data && x.TSN == y.TSN && x.Stream == y.Stream && x.SSN == y.SSN && x.PPID == y.PPID &&
			x.Immediate == y.Immediate && x.Unordered == y.Unordered && x.Begin == y.Begin && x.End == y.End
	case TypeInit, TypeInitAck, TypeSACK:
		return bytes.Equal(a.Value, b.Value)
	}
	return a.Flags == b.Flags && bytes.Equal(a.Value, b.Value)
}
