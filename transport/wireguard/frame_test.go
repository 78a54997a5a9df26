package wireguard

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"testing"
)

// Datagrams whose checksums were not worked out by this code.
var golden = []struct{ name, packet, from, to, body string }{
	{"IPv4", "4500002100000000401166b80a0900010a09000222653039000d554f68656c6c6f", "10.9.0.1:8805", "10.9.0.2:12345", "hello"},
	{"IPv6", "60000000000d1140fd000000000000000000000000000001fd00000000000000000000000000000222653039000d6f5f68656c6c6f", "[fd00::1]:8805", "[fd00::2]:12345", "hello"},
}

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(s), []byte(" "), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFrame(t *testing.T) {
	for _, g := range golden {
		from, to := netip.MustParseAddrPort(g.from), netip.MustParseAddrPort(g.to)
		want := unhex(t, g.packet)
		got := append(appendHeader(nil, from, to, []byte(g.body)), g.body...)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: wrote %x, want %x", g.name, got, want)
		}
		d, ok := parse(want)
		if !ok || d.from != from || d.to != to || string(d.body) != g.body {
			t.Errorf("%s: read %+v, %v", g.name, d, ok)
		}
		for i := range want {
			if _, ok := parse(want[:i]); ok {
				t.Errorf("%s: its first %d octets pass for it", g.name, i)
			}
		}
		if _, ok := parse(append(want, 0)); ok {
			t.Errorf("%s: one octet more passes", g.name)
		}
	}
}

// What is accepted says again what was read when it is written, and a changed octet of what is checked is refused.
func FuzzFrame(f *testing.F) {
	for _, g := range golden {
		f.Add(unhex(f, g.packet))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, ok := parse(b)
		if !ok {
			return
		}
		again, ok := parse(append(appendHeader(nil, d.from, d.to, d.body), d.body...))
		if !ok || again.from != d.from || again.to != d.to || !bytes.Equal(again.body, d.body) {
			t.Fatalf("%x: read as %+v, then as %+v", b, d, again)
		}
	})
}

// A queue is a list with bounds.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{10, 20, 30, 0, 40, 50, 0, 60, 0, 0, 0, 63, 63, 0})
	f.Fuzz(func(t *testing.T, acts []byte) {
		q := newQueue(100, 5)
		var want [][]byte
		octets := 0
		room, sizes, with := [][]byte{make([]byte, 100), make([]byte, 100)}, make([]int, 2), make([]netip.AddrPort, 2)
		for i, act := range acts {
			if act > 0 {
				b := bytes.Repeat([]byte{byte(i)}, int(act))
				at := netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(i))
				switch took := q.put(b[:1], b[1:], at); {
				case took:
					want = append(want, b)
					octets += len(b)
				case len(want) == 0 && len(b) <= 100:
					t.Fatalf("an empty queue of 100 refused %d", len(b))
				}
			} else if len(want) > 0 {
				n, err := q.take(room, sizes, with, 0)
				if err != nil || n != min(2, len(want)) {
					t.Fatalf("took %d of %d: %v", n, len(want), err)
				}
				for j := range n {
					if !bytes.Equal(room[j][:sizes[j]], want[j]) || with[j].Port() != uint16(want[j][0])+with[j].Port()&^255 {
						t.Fatalf("got %x from %s, want %x", room[j][:sizes[j]], with[j], want[j])
					}
					octets -= len(want[j])
				}
				want = want[n:]
			}
			if octets > 100 || len(want) > 5 {
				t.Fatalf("%d octets in %d items", octets, len(want))
			}
		}
	})
}
