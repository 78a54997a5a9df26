package node

import (
	"bytes"
	"net/netip"
	"testing"
)

func TestPool(t *testing.T) {
	p, err := newPool(netip.MustParsePrefix("10.45.0.0/28"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[netip.Addr]bool{}
	for range 13 {
		a, ok := p.take(netip.Addr{})
		if !ok || seen[a] || !netip.MustParsePrefix("10.45.0.0/28").Contains(a) {
			t.Fatalf("%v, %v after %v", a, ok, seen)
		}
		seen[a] = true
	}
	for _, bad := range []string{"10.45.0.0", "10.45.0.1", "10.45.0.15"} {
		if seen[netip.MustParseAddr(bad)] {
			t.Errorf("gave %s, which is no device's", bad)
		}
	}
	if a, ok := p.take(netip.Addr{}); ok {
		t.Fatalf("an exhausted pool gave %v", a)
	}
	first, second := netip.MustParseAddr("10.45.0.2"), netip.MustParseAddr("10.45.0.3")
	p.free(first)
	p.free(first) // twice is once
	p.free(netip.MustParseAddr("192.0.2.1"))
	p.free(second)
	if a, ok := p.take(second); !ok || a != second {
		t.Errorf("asked for %v, got %v", second, a)
	}
	if a, ok := p.take(second); !ok || a != first {
		t.Errorf("the one that is free is %v, got %v", first, a)
	}
	if _, ok := p.take(netip.Addr{}); ok {
		t.Error("gave an address that is taken")
	}
}

// An address that came back is the last to be given again.
func TestPoolRest(t *testing.T) {
	p, err := newPool(netip.MustParsePrefix("10.45.0.0/24"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := p.take(netip.MustParseAddr("10.45.0.77"))
	p.free(a)
	for i := range 252 {
		b, ok := p.take(netip.Addr{})
		if !ok || b == a {
			t.Fatalf("address %v came again after %d others", b, i)
		}
	}
	if b, ok := p.take(netip.Addr{}); !ok || b != a {
		t.Fatalf("got %v, want %v", b, a)
	}
}

func TestPoolBounds(t *testing.T) {
	for _, bad := range []string{"10.0.0.0/30", "10.0.0.0/7", "2001:db8::/64"} {
		if _, err := newPool(netip.MustParsePrefix(bad)); err == nil {
			t.Errorf("took %s", bad)
		}
	}
}

func FuzzPool(f *testing.F) {
	f.Add([]byte{0, 0, 1, 200, 0, 77})
	f.Add(bytes.Repeat([]byte{1}, 130)) // one more than there are, and more
	f.Fuzz(func(t *testing.T, ops []byte) {
		p, _ := newPool(netip.MustParsePrefix("10.45.0.0/25"))
		held := map[netip.Addr]bool{}
		for _, op := range ops {
			addr := netip.AddrFrom4([4]byte{10, 45, 0, op & 127})
			if op&128 != 0 {
				p.free(addr)
				delete(held, addr)
				continue
			}
			a, ok := p.take(addr)
			if ok == (len(held) == 125) || held[a] {
				t.Fatalf("take = %v, %v with %d held", a, ok, len(held))
			}
			if ok {
				held[a] = true
			}
			if int(p.inUse) != len(held) {
				t.Fatalf("%d in use, want %d", p.inUse, len(held))
			}
		}
	})
}
