package ngap

import (
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"cordon/ident"
	"cordon/wire/per"
)

// Inputs that have killed other cores, by their class: none is accepted, none costs more
// than its size.
func TestHostile(t *testing.T) {
	reset := func(items string) string { // a partial NGReset of those connections
		n := len(unhex(items))
		return fmt.Sprintf("00 14 00 %02x 00 00 02 00 0f 40 02 00 00 00 58 00 %02x 40 %s", n+14, n+1, items)
	}
	if m, d := Parse(unhex(reset("01 20 05"))); m == nil || d != nil {
		t.Fatalf("a reset that is in order: %v", d)
	}
	for _, tt := range []struct {
		id, name, hex string
		err           error
	}{
		{"N2-01", "text", hex.EncodeToString([]byte("Hello!")), per.ErrShort},
		{"N2-01", "all ones", "ff ff ff ff ff ff ff ff ff ff ff ff", ErrNotNGAP},
		{"N2-35", "invalid cause group", "00 14 00 0e 00 00 02 00 0f 40 02 e0 00 00 58 00 01 00", per.ErrRange},
		{"N2-35", "empty list", reset("00"), per.ErrRange},
		{"N2-35", "65536 items declared", reset("c4 00 00"), per.ErrShort},
		{"N2-44", "IE longer than the message", "00 15 00 09 00 00 01 00 1b 00 40 10 00", per.ErrShort},
		{"N2-44", "message longer than the PDU", "00 15 00 bf ff 00 00 01", per.ErrShort},
		{"N2-44", "64 KiB fragment of nothing", "00 15 00 c4", per.ErrShort},
		{"N2-44", "fragments that never end", "00 15 00 c1 c1 c1 c1 c1", per.ErrShort},
		{"N2-44", "impossible fragment", "00 15 00 ff 00", per.ErrRange},
		{"N2-44", "65535 IEs", "00 15 00 03 00 ff ff", per.ErrShort},
		{"N2-44", "slices to the maximum", "00 15 00 12 00 00 01 00 66 00 0b 00 00 00 00 01 00 00 00 f1 10 03 ff", per.ErrRange},
		{"N2-44", "extension additions without end", "00 17 00 04 80 00 00 ff", per.ErrShort},
		{"N2-44", "unknown IE, reject", "00 17 00 08 00 00 01 fd e8 00 01 00", nil},
	} {
		t.Run(tt.id+" "+tt.name, func(t *testing.T) {
			b := unhex(tt.hex)
			var m Message
			var d *Diagnosis
			allocs := testing.AllocsPerRun(10, func() { m, d = Parse(b) })
			if m != nil || d == nil || d.Reply() == nil {
				t.Errorf("%+v, %v, answered with %+v", m, d, d.Reply())
			}
			if !errors.Is(d.Unwrap(), tt.err) {
				t.Errorf("%v; want %v", d, tt.err)
			}
			if allocs > 64 {
				t.Errorf("%v allocations for %d octets", allocs, len(b))
			}
		})
	}
}

// N2-35: the largest list there can be costs in proportion to its size, and no more items
// are accepted.
func TestLargestReset(t *testing.T) {
	for _, n := range []int{1, 127, 128, 16383, 16384, 40000, 65536} {
		m := &NGReset{ResetType: ResetType{Part: make([]NGConnection, n)}}
		for i := range m.ResetType.Part {
			m.ResetType.Part[i].RAN = new(ident.RANUENGAPID(i))
		}
		b, err := Append(nil, m)
		if err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		got, d := Parse(b)
		if d != nil || len(got.(*NGReset).ResetType.Part) != n {
			t.Errorf("%d connections: %v", n, d)
		}
	}
	m := &NGReset{ResetType: ResetType{Part: make([]NGConnection, 65537)}}
	if _, err := Append(nil, m); err == nil {
		t.Error("65537 connections encoded")
	}
}

// Long octet strings go in fragments.
func TestLongOctets(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 16383, 16384, 16385, 65535, 65536, 200000} {
		m := &UERadioCapabilityInfoIndication{UERadioCapability: make([]byte, n)}
		for i := range m.UERadioCapability {
			m.UERadioCapability[i] = byte(i * 7)
		}
		b, err := Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		got, d := Parse(b)
		if d != nil || string(got.(*UERadioCapabilityInfoIndication).UERadioCapability) != string(m.UERadioCapability) {
			t.Errorf("%d octets: %v", n, d)
		}
	}
}
