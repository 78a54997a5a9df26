package node

import (
	"bytes"
	"net/netip"
	"testing"

	"cordon/smf"
	"cordon/subscriber"
)

// taker gives out the addresses of both versions as one kind, so that one law holds for both.
type taker struct {
	networkPools
	versions subscriber.IPVersions
}

func newTaker(t *testing.T, prefix string) *taker {
	t.Helper()
	p := Pool{IPv4: netip.MustParsePrefix(prefix)}
	if p.IPv4.Addr().Is6() {
		p.IPv4, p.IPv6 = p.IPv6, p.IPv4
	}
	n, err := newNetworkPools(p)
	if err != nil {
		t.Fatal(err)
	}
	return &taker{n, p.versions()}
}

func (p *taker) take(want string) (string, bool) {
	got, ok := p.networkPools.take(p.versions, addresses(want))
	switch {
	case !ok:
		return "", false
	case got.IPv4.IsValid():
		return got.IPv4.String(), true
	}
	return got.IPv6.String(), true
}

func (p *taker) free(addr string) { p.networkPools.free(addresses(addr)) }

// addresses are an IPv4 address or an IPv6 prefix, whichever it is; none if neither.
func addresses(s string) (a smf.Addresses) {
	a.IPv4, _ = netip.ParseAddr(s)
	a.IPv6, _ = netip.ParsePrefix(s)
	return a
}

func TestPool(t *testing.T) {
	for _, c := range []struct {
		prefix        string
		count         int
		never         []string
		first, second string
	}{
		{"10.45.0.0/28", 13, []string{"10.45.0.0", "10.45.0.1", "10.45.0.15"}, "10.45.0.2", "10.45.0.3"},
		{"fd00:0:0:70::/60", 15, []string{"fd00:0:0:70::/64", "fd00:0:0:80::/64"}, "fd00:0:0:71::/64", "fd00:0:0:72::/64"},
	} {
		p := newTaker(t, c.prefix)
		seen := map[string]bool{}
		for range c.count {
			a, ok := p.take("")
			if !ok || seen[a] {
				t.Fatalf("%v, %v after %v", a, ok, seen)
			}
			seen[a] = true
		}
		for _, bad := range c.never {
			if seen[bad] {
				t.Errorf("gave %s, which is no device's", bad)
			}
		}
		if a, ok := p.take(""); ok {
			t.Fatalf("an exhausted pool gave %v", a)
		}
		p.free(c.first)
		p.free(c.first) // twice is once
		p.free("192.0.2.1")
		p.free("2001:db8::/64")
		p.free("fd00::/63")
		p.free(c.second)
		if a, ok := p.take(c.second); !ok || a != c.second {
			t.Errorf("asked for %v, got %v", c.second, a)
		}
		if a, ok := p.take(c.second); !ok || a != c.first {
			t.Errorf("the one that is free is %v, got %v", c.first, a)
		}
		if _, ok := p.take(""); ok {
			t.Error("gave an address that is taken")
		}
	}
}

// An address that came back is the last to be given again.
func TestPoolRest(t *testing.T) {
	p := newTaker(t, "10.45.0.0/24")
	a, _ := p.take("10.45.0.77")
	p.free(a)
	for i := range 252 {
		b, ok := p.take("")
		if !ok || b == a {
			t.Fatalf("address %v came again after %d others", b, i)
		}
	}
	if b, ok := p.take(""); !ok || b != a {
		t.Fatalf("got %v, want %v", b, a)
	}
}

// Where one version has nothing left, nothing of the other is taken.
func TestPoolBothOrNothing(t *testing.T) {
	const both = subscriber.IPv4 | subscriber.IPv6
	n, err := newNetworkPools(Pool{netip.MustParsePrefix("10.45.0.0/24"), netip.MustParsePrefix("fd00::/60")})
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		if a, ok := n.take(both, smf.Addresses{}); !ok || !a.IPv4.IsValid() || !a.IPv6.IsValid() {
			t.Fatalf("%v, %v", a, ok)
		}
	}
	if a, ok := n.take(both, smf.Addresses{}); ok || a.Valid() || n.v4.inUse != 15 {
		t.Errorf("%v, and %d in use", a, n.v4.inUse)
	}
	if a, ok := n.take(subscriber.IPv4, smf.Addresses{}); !ok || a.IPv6.IsValid() {
		t.Errorf("%v, %v", a, ok)
	}
	four, err := newNetworkPools(Pool{IPv4: netip.MustParsePrefix("10.45.0.0/24")})
	if a, ok := four.take(both, smf.Addresses{}); err != nil || ok || a.Valid() || four.v4.inUse != 0 {
		t.Errorf("%v, %v of a network without IPv6", a, err)
	}
	none, err := newNetworkPools(Pool{})
	if a, ok := none.take(both, smf.Addresses{}); err != nil || ok || a.Valid() {
		t.Errorf("%v, %v of a network without pools", a, err)
	}
}

func TestPoolBounds(t *testing.T) {
	for _, bad := range []string{"10.0.0.0/30", "10.0.0.0/7", "2001:db8::/64", "::ffff:0:0/96", "2001:db8::/61", "2000::/15"} {
		p := Pool{IPv4: netip.MustParsePrefix(bad)}
		if _, err := newNetworkPools(p); err == nil {
			t.Errorf("took %s for IPv4", bad)
		}
		if _, err := newNetworkPools(Pool{IPv6: p.IPv4}); err == nil {
			t.Errorf("took %s for IPv6", bad)
		}
	}
	if p, err := newPool6(netip.MustParsePrefix("2001:db8::/32")); err != nil || p.count != maxPool6-1 {
		t.Errorf("%v", err)
	}
}

func FuzzPool(f *testing.F) {
	f.Add([]byte{0, 0, 1, 200, 0, 77})
	f.Add(bytes.Repeat([]byte{1}, 130)) // one more than there are, and more
	f.Fuzz(func(t *testing.T, ops []byte) {
		p, _ := newPool4(netip.MustParsePrefix("10.45.0.0/25"))
		held := map[netip.Addr]bool{}
		for _, op := range ops {
			addr := netip.AddrFrom4([4]byte{10, 45, 0, op & 127})
			if op&128 != 0 {
				p.free(p.index(addr))
				delete(held, addr)
				continue
			}
			i, ok := p.take(p.index(addr))
			a := p.addr(i)
			if ok == (len(held) == 125) || ok && held[a] {
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
