package ran

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

var (
	phoneSide   = netip.MustParseAddrPort("10.45.0.7:40001")
	serviceSide = netip.MustParseAddrPort("192.0.2.1:7")
)

// echo is what an echo service makes of a packet.
func echo(b []byte) []byte {
	b = append([]byte(nil), b...)
	var t [4]byte
	copy(t[:], b[12:16])
	copy(b[12:16], b[16:20])
	copy(b[16:20], t[:])
	p, q := binary.BigEndian.Uint16(b[20:]), binary.BigEndian.Uint16(b[22:])
	binary.BigEndian.PutUint16(b[20:], q)
	binary.BigEndian.PutUint16(b[22:], p)
	return b
}

func TestProbe(t *testing.T) {
	for n := minPayload; n < 200; n++ {
		want := probe{flow: flowID(5, 2), seq: uint32(n) * 77777, at: int64(n) << 30}
		sent := want.append(nil, phoneSide, serviceSide, n)
		back := echo(sent)
		if got, kind := parseProbe(back, want.flow, phoneSide, serviceSide); got != want || kind != innerProbe {
			t.Fatalf("%d octets: %+v, %d", n, got, kind)
		}
		if _, kind := parseProbe(sent, want.flow, phoneSide, serviceSide); kind != innerCorrupted {
			t.Fatalf("a packet that was never turned round is %d", kind)
		}
		if _, kind := parseProbe(back, want.flow+1, phoneSide, serviceSide); kind != innerStray {
			t.Fatalf("another phone's packet is %d", kind)
		}
		for i := range back {
			for bit := range 8 {
				back[i] ^= 1 << bit
				// TTL and the identification change on the way, but then the checksum follows.
				if _, kind := parseProbe(back, want.flow, phoneSide, serviceSide); kind == innerProbe {
					t.Fatalf("bit %d of octet %d flipped, and nobody noticed", bit, i)
				}
				back[i] ^= 1 << bit
			}
		}
		for i := range back {
			if _, kind := parseProbe(back[:i], want.flow, phoneSide, serviceSide); kind == innerProbe {
				t.Fatalf("cut to %d octets, and nobody noticed", i)
			}
		}
	}
}

func FuzzParseProbe(f *testing.F) {
	f.Add(echo(probe{1, 2, 3}.append(nil, phoneSide, serviceSide, 40)))
	f.Add([]byte{0x45})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, kind := parseProbe(b, 1, phoneSide, serviceSide)
		if kind != innerProbe {
			return
		}
		// What is accepted is what was sent, apart from what routers and hosts may change.
		want := echo(p.append(nil, phoneSide, serviceSide, len(b)-innerHeader))
		if string(want[innerHeader:]) != string(b[innerHeader:]) {
			t.Fatalf("accepted %x, which nobody sent", b)
		}
	})
}

func TestHistogram(t *testing.T) {
	var h histogram
	if h.quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.99: 990 * time.Millisecond, 1: time.Second} {
		if got := h.quantile(q); got < want || got > want+want/20 {
			t.Errorf("quantile %v is %v, want about %v", q, got, want)
		}
	}
	for v := uint64(1); v < 1<<40; v = v*5/4 + 1 {
		i := bucketOf(v)
		if bucketTop(i) < v || i > 0 && bucketTop(i-1) >= v {
			t.Fatalf("%d is in bucket %d, up to %d", v, i, bucketTop(i))
		}
	}
}
