package upf

import (
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// framing makes a session with networks behind its device.
func framing(t *testing.T, s *Sessions, cp ident.SEID, ue string, networks ...string) session {
	t.Helper()
	v := session{ue: netip.MustParseAddr(ue), gnb: ident.TEID(0x1000 + cp)}
	e := establishment(cp, v.ue)
	prefix := netip.PrefixFrom(addr6(0x20010db8_00000000+uint64(cp), 0), 64)
	e.PDRs[0].PDI.UE6, e.PDRs[1].PDI.UE6 = prefix, prefix
	e.PDRs[0].PDI.Framed, e.PDRs[1].PDI.Framed = only(networks...), only(networks...)
	e.FARs[1] = toRadio(0, gnbA.Addr(), v.gnb).FARs[0]
	a, err := s.Establish(0, e)
	if err != nil {
		t.Fatal(err)
	}
	v.seid, v.teid = a.UP.SEID, a.Created[0].Local.TEID
	return v
}

// TestFramed: networks behind a device are its own in both directions, the longest prefix counts, and other
// devices and the world are kept from them as from the device.
func TestFramed(t *testing.T) {
	s := newSessions(t, func(c *Config) {
		c.Pools = append(c.Pools, Pool{Instance: internet, Prefix: netip.MustParsePrefix("2001:db8::/56")})
	})
	a, b := framing(t, s, 1, ueA, "172.20.0.0/16", "2a0a::/48"), framing(t, s, 2, ueB, "172.20.7.0/24")
	from := func(v session, packet []byte) Reason { return s.Uplink(time.Minute, gnbA, gpdu(v.teid, packet)).Reason }
	six := func(src, dst string) []byte {
		p := appendIP6(nil, addr{}, addr{}, 59, 64, 0)
		copy(p[8:], netip.MustParseAddr(src).AsSlice())
		copy(p[24:], netip.MustParseAddr(dst).AsSlice())
		return p
	}
	for _, tt := range []struct {
		name string
		got  Reason
		want Reason
	}{
		{"from its own address", from(a, udp(ueA, far, 1, 2)), ReasonNone},
		{"from its network", from(a, udp("172.20.1.1", far, 1, 2)), ReasonNone},
		{"from its network of IPv6", from(a, six("2a0a::7", "2606:4700::1")), ReasonNone},
		{"from beside it", from(a, udp("172.21.1.1", far, 1, 2)), ReasonSpoofedSource},
		{"from another's part of it", from(a, udp("172.20.7.1", far, 1, 2)), ReasonSpoofedSource},
		{"that part", from(b, udp("172.20.7.1", far, 1, 2)), ReasonNone},
		{"from another's network", from(b, udp("172.20.1.1", far, 1, 2)), ReasonSpoofedSource},
		{"to another's network", from(b, udp(ueB, "172.20.1.1", 1, 2)), ReasonOtherUE},
		{"from the world with its address", s.Downlink(0, udp("172.20.1.1", ueB, 1, 2)).Reason, ReasonUESource},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v; want %v", tt.name, tt.got, tt.want)
		}
	}
	to := func(packet []byte) ident.TEID { return s.Downlink(time.Minute, packet).TEID }
	if got := [4]ident.TEID{to(udp(far, "172.20.1.1", 1, 2)), to(udp(far, "172.20.7.1", 1, 2)), to(six("2606:4700::1", "2a0a::9")), to(udp(far, "172.21.0.1", 1, 2))}; got != [4]ident.TEID{a.gnb, b.gnb, a.gnb, 0} {
		t.Errorf("downlink to %v", got)
	}
	if _, err := s.Delete(0, pfcp.Deletion{SEID: b.seid}); err != nil {
		t.Fatal(err)
	}
	if got := to(udp(far, "172.20.7.1", 1, 2)); got != a.gnb {
		t.Errorf("after the longer prefix has gone: TEID %#x", uint32(got))
	}
}
