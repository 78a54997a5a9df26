package gtpu

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// golden are messages as octets and as values, the same both ways.
var golden = []struct {
	name    string
	hex     string
	header  Header
	payload string
}{
	{"G-PDU", "30 ff 0004 01020304 deadbeef", Header{Type: TypeGPDU, TEID: 0x01020304}, "deadbeef"},
	{"G-PDU uplink container", "34 ff 000c 00000001 0000 00 85 01 10 01 00 deadbeef",
		Header{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{Type: Uplink, QFI: 1}}, "deadbeef"},
	{"G-PDU downlink container RQI", "34 ff 0009 00000001 0000 00 85 01 00 7f 00 aa",
		Header{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{QFI: 63, RQI: true}}, "aa"},
	{"G-PDU downlink container PPI", "34 ff 000c 00000001 0000 00 85 02 00 81 a0 000000 00",
		Header{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{QFI: 1, HasPPI: true, PPI: 5}}, ""},
	{"G-PDU all flags", "37 ff 000a 00000007 1234 56 85 01 10 09 00 bbcc",
		Header{Type: TypeGPDU, TEID: 7, HasSeq: true, Seq: 0x1234, HasNPDU: true, NPDU: 0x56,
			HasContainer: true, Container: Container{Type: Uplink, QFI: 9}}, "bbcc"},
	{"G-PDU sequence only", "32 ff 0005 00000007 ffff 00 00 bb", Header{Type: TypeGPDU, TEID: 7, HasSeq: true, Seq: 0xffff}, "bb"},
	{"G-PDU N-PDU only", "31 ff 0005 00000007 0000 09 00 bb", Header{Type: TypeGPDU, TEID: 7, HasNPDU: true, NPDU: 9}, "bb"},
	{"end marker", "30 fe 0000 00000009", Header{Type: TypeEndMarker, TEID: 9}, ""},
	{"end marker with container", "34 fe 0008 00000009 0000 00 85 01 00 01 00",
		Header{Type: TypeEndMarker, TEID: 9, HasContainer: true, Container: Container{QFI: 1}}, ""},
}

func TestGolden(t *testing.T) {
	for _, tt := range golden {
		t.Run(tt.name, func(t *testing.T) {
			want, payload := unhex(tt.hex), unhex(tt.payload)
			if got := append(tt.header.Append(nil, len(payload)), payload...); !bytes.Equal(got, want) {
				t.Errorf("encode: % x; want % x", got, want)
			}
			h, rest, err := Parse(want)
			if err != nil || h != tt.header || !bytes.Equal(rest, payload) {
				t.Errorf("decode: %+v, % x, %v; want %+v", h, rest, err, tt.header)
			}
			for n := range want {
				if h, rest, err := Parse(want[:n]); err == nil || h != (Header{}) || rest != nil {
					t.Errorf("accepted its first %d octets", n)
				}
			}
		})
	}
}

// messages are the path messages, whole.
var messages = []struct {
	name string
	hex  string
	msg  interface {
		AppendBinary([]byte) ([]byte, error)
	}
}{
	{"echo request", "32 01 0004 00000000 0102 00 00", EchoRequest{Seq: 0x0102}},
	{"echo response", "32 02 0006 00000000 0102 00 00 0e 00", EchoResponse{Seq: 0x0102}},
	{"error indication", "32 1a 0010 00000000 0000 00 00 10 0a0b0c0d 85 0004 c0000201",
		ErrorIndication{TEID: 0x0a0b0c0d, Peer: netip.MustParseAddr("192.0.2.1")}},
	{"error indication IPv6", "32 1a 001c 00000000 0000 00 00 10 00000001 85 0010 20010db8000000000000000000000001",
		ErrorIndication{TEID: 1, Peer: netip.MustParseAddr("2001:db8::1")}},
	{"supported extensions", "32 1f 0009 00000000 0000 00 00 8d 03 85c082", Supported()},
}

func parseMessage(b []byte) (any, error) {
	h, rest, err := Parse(b)
	if err != nil {
		return nil, err
	}
	switch h.Type {
	case TypeEchoRequest:
		return ParseEchoRequest(h, rest)
	case TypeEchoResponse:
		return ParseEchoResponse(h, rest)
	case TypeErrorIndication:
		return ParseErrorIndication(rest)
	case TypeSupportedExtensions:
		return ParseSupportedExtensions(rest)
	}
	return h, nil
}

func TestMessages(t *testing.T) {
	for _, tt := range messages {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(tt.hex)
			if got, err := tt.msg.AppendBinary(nil); err != nil || !bytes.Equal(got, want) {
				t.Errorf("encode: % x, %v; want % x", got, err, want)
			}
			if got, err := parseMessage(want); err != nil || !reflect.DeepEqual(got, tt.msg) {
				t.Errorf("decode: %+v, %v; want %+v", got, err, tt.msg)
			}
			for n := range want {
				if _, err := parseMessage(want[:n]); err == nil {
					t.Errorf("accepted its first %d octets", n)
				}
				if n <= 12 {
					continue
				}
				// The same cut, with a length that agrees: an element runs past the end or is missing.
				cut := bytes.Clone(want[:n])
				cut[3] = byte(n - 8)
				if _, err := parseMessage(cut); err == nil {
					t.Errorf("accepted its first %d octets with their length", n)
				}
			}
		})
	}
}

// TestRead has what is accepted and not written in that form.
func TestRead(t *testing.T) {
	up := Header{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{Type: Uplink, QFI: 5}}
	for _, tt := range []struct {
		name, hex string
		want      Header
	}{
		{"spare bit set", "38 ff 0000 00000001", Header{Type: TypeGPDU, TEID: 1}},
		{"next extension without E", "32 ff 0004 00000001 0001 00 85", Header{Type: TypeGPDU, TEID: 1, HasSeq: true, Seq: 1}},
		{"E with no extension", "34 ff 0004 00000001 0000 00 00", Header{Type: TypeGPDU, TEID: 1}},
		{"all uplink options", "34 ff 0030 00000001 0000 00 85 0b 1f c5" + strings.Repeat("00", 40) + "00", up},
		{"PDCP number before the container", "34 ff 000c 00000001 0000 00 c0 01 1234 85 01 10 05 00", up},
		{"unknown optional extensions", "34 ff 0010 00000001 0000 00 03 01 0000 20 01 0000 85 01 1005 00", up},
		{"long PDCP number", "34 ff 0010 00000001 0000 00 85 01 1005 82 02 000000000000 00", up},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, rest, err := Parse(unhex(tt.hex))
			if err != nil || h != tt.want || len(rest) != 0 {
				t.Errorf("%+v, % x, %v; want %+v", h, rest, err, tt.want)
			}
		})
	}
}

func TestHostile(t *testing.T) {
	for _, tt := range []struct {
		name, hex string
		want      Fault
	}{
		{"N3-07 empty", "", FaultShort},
		{"N3-07 length above", "30 ff 0005 01020304 deadbeef", FaultLength},
		{"N3-07 length below", "30 ff 0003 01020304 deadbeef", FaultLength},
		{"N3-07 E without optional octets", "34 ff 0000 01020304", FaultShort},
		{"N3-07 S without optional octets", "32 ff 0003 01020304 000000", FaultShort},
		{"N3-07 PN without optional octets", "31 ff 0001 01020304 00", FaultShort},
		{"N3-07 version 0", "10 ff 0000 01020304", FaultVersion},
		{"N3-07 version 2", "50 ff 0000 01020304", FaultVersion},
		{"N3-07 version 7", "f0 ff 0000 01020304", FaultVersion},
		{"N3-07 GTP'", "20 ff 0000 01020304", FaultVersion},
		{"extension of length 0", "34 ff 0008 00000001 0000 00 85 00 1001 00", FaultExtension},
		{"extension past the end", "34 ff 0008 00000001 0000 00 85 02 1001 00", FaultExtension},
		{"extension announced, none there", "34 ff 0004 00000001 0000 00 85", FaultExtension},
		{"endless chain", "34 ff 0028 00000001 0000 00 03 " + strings.Repeat("01 0000 03", 9), FaultExtension},
		{"unknown that must be understood", "34 ff 0008 00000001 0000 00 84 01 0000 00", FaultUnknownExtension},
		{"two containers", "34 ff 000c 00000001 0000 00 85 01 1001 85 01 1002 00", FaultContainer},
		{"container type 2", "34 ff 0008 00000001 0000 00 85 01 2001 00", FaultContainer},
		{"uplink time stamps not there", "34 ff 0008 00000001 0000 00 85 01 1801 00", FaultContainer},
		{"downlink PPI not there", "34 ff 0008 00000001 0000 00 85 01 0081 00", FaultContainer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if h, _, err := Parse(unhex(tt.hex)); err != tt.want {
				t.Errorf("%+v, %v; want %v", h, err, tt.want)
			}
		})
	}
	for _, tt := range []struct {
		name, hex string
		want      Fault
	}{
		{"response without recovery", "32 02 0004 00000000 0102 00 00", FaultMissingIE},
		{"request with an element cut off", "32 01 0007 00000000 0102 00 00 ff 0001", FaultIE},
		{"request with an element of unknown size", "32 01 0006 00000000 0102 00 00 0f 00", FaultIE},
		{"indication without peer", "32 1a 0009 00000000 0000 00 00 10 0a0b0c0d", FaultMissingIE},
		{"indication with a peer of 5 octets", "32 1a 0011 00000000 0000 00 00 10 0a0b0c0d 85 0005 c000020100", FaultIE},
		{"no extension list", "32 1f 0004 00000000 0000 00 00", FaultMissingIE},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if m, err := parseMessage(unhex(tt.hex)); err != tt.want {
				t.Errorf("%+v, %v; want %v", m, err, tt.want)
			}
		})
	}
}

func TestNoAllocation(t *testing.T) {
	in := unhex(golden[4].hex)
	buf := make([]byte, 0, 64)
	n := testing.AllocsPerRun(100, func() {
		h, rest, err := Parse(in)
		if err != nil {
			t.Error(err)
		}
		buf = h.Append(buf[:0], len(rest))
		_, _, err = Parse(in[:11])
		if err == nil {
			t.Error("accepted")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzParse: what is accepted re-encodes, and parses back equal; what is refused is a
// Fault with nothing beside it.
func FuzzParse(f *testing.F) {
	for _, tt := range golden {
		f.Add(unhex(tt.hex))
	}
	for _, tt := range messages {
		f.Add(unhex(tt.hex))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, rest, err := Parse(b)
		if err != nil {
			if _, ok := err.(Fault); !ok || h != (Header{}) || rest != nil {
				t.Fatalf("%+v, % x, %v", h, rest, err)
			}
			return
		}
		again := append(h.Append(nil, len(rest)), rest...)
		h2, rest2, err := Parse(again)
		if err != nil || h2 != h || !bytes.Equal(rest, rest2) {
			t.Fatalf("%+v became %+v, %v", h, h2, err)
		}
		m, err := parseMessage(b)
		w, ok := m.(interface {
			AppendBinary([]byte) ([]byte, error)
		})
		if err != nil || !ok {
			return
		}
		if again, err = w.AppendBinary(nil); err != nil {
			t.Fatalf("%+v does not encode: %v", m, err)
		}
		if m2, err := parseMessage(again); err != nil || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%+v became %+v, %v", m, m2, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	in := append(unhex("34 ff 0580 00000001 0000 00 85 01 10 01 00"), make([]byte, 1400)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Parse(in); err != nil {
			b.Fatal(err)
		}
	}
}
