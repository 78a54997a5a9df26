package ran

import (
	"net/netip"
	"testing"
	"time"
)

var (
	phoneSide   = netip.MustParseAddrPort("10.45.0.7:40001")
	serviceSide = netip.MustParseAddrPort("192.0.2.1:7")

	phoneSide6   = netip.MustParseAddrPort("[2001:db8:1:2::7]:40001")
	serviceSide6 = netip.MustParseAddrPort("[2001:db8::1]:7")
)

// echo is what an echo service makes of a packet.
func echo(b []byte) []byte {
	b = append([]byte(nil), b...)
	swap := func(at, n int) {
		t := append([]byte(nil), b[at:at+n]...)
		copy(b[at:], b[at+n:at+2*n])
		copy(b[at+n:], t)
	}
	if b[0]>>4 == 6 {
		swap(8, 16)
		swap(40, 2)
		return b
	}
	swap(12, 4)
	swap(20, 2)
	return b
}

func TestProbe(t *testing.T) {
	testProbe(t, phoneSide, serviceSide, nil)
	// Traffic class, flow label and hop limit are anybody's to change.
	testProbe(t, phoneSide6, serviceSide6, map[int]byte{0: 0x0f, 1: 0xff, 2: 0xff, 3: 0xff, 7: 0xff})
}

func testProbe(t *testing.T, phoneSide, serviceSide netip.AddrPort, unseen map[int]byte) {
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
				if unseen[i]>>bit&1 != 0 {
					continue
				}
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
	f.Add(echo(probe{1, 2, 3}.append(nil, phoneSide6, serviceSide6, 40)))
	f.Add([]byte{0x45})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, ends := range [][2]netip.AddrPort{{phoneSide, serviceSide}, {phoneSide6, serviceSide6}} {
			p, kind := parseProbe(b, 1, ends[0], ends[1])
			if kind != innerProbe {
				continue
			}
			// What is accepted is what was sent, apart from what routers and hosts may change.
			header := innerHeader(ends[0].Addr())
			want := echo(p.append(nil, ends[0], ends[1], len(b)-header))
			if string(want[header:]) != string(b[header:]) {
				t.Fatalf("accepted %x, which nobody sent", b)
			}
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
