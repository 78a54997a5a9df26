package upf

import (
	"net/netip"
	"testing"
)

// An endpoint that a tunnel leads to may be forbidden to devices and outside the radios' networks, and carries
// sessions as any does; the memory that a forwarder in the kernel shares does not say where it is.
func TestInside(t *testing.T) {
	inside := netip.MustParseAddrPort("192.0.2.7:2152")
	s := newSessions(t, func(c *Config) { c.Inside = []netip.Addr{inside.Addr()} })
	v := attach(t, s, 1, "10.45.0.2", inside)
	up := s.Uplink(0, inside, gpdu(v.teid, udp("10.45.0.2", "198.51.100.1", 1, 2)))
	down := s.Downlink(0, udp("198.51.100.1", "10.45.0.2", 2, 1))
	if up.Action != ToN6 || down.Action != ToN3 || down.To != inside {
		t.Errorf("up %+v, down %+v", up, down)
	}
	other := attach(t, s, 2, "10.45.0.3", gnbA)
	number := s.peers.of(inside.Addr())
	if e := s.mem.Peers[number]; number == 0 || e.Family != 0 || netip.AddrFrom4([4]byte(e.Addr[:4])) == inside.Addr() || e.Addr == [16]byte{} {
		t.Errorf("peer %d: %+v", number, e)
	}
	if e := s.mem.Peers[s.peers.of(gnbA.Addr())]; e.Family != 4 {
		t.Errorf("a radio outside: %+v", e)
	}
	if w := s.Uplink(0, gnbA, gpdu(v.teid, udp("10.45.0.2", "198.51.100.1", 1, 2))); w.Reason != ReasonSecondSource && w.Reason != ReasonWrongSource {
		t.Errorf("from elsewhere: %+v", w)
	}
	if w := s.Uplink(0, gnbA, gpdu(other.teid, udp("10.45.0.3", "198.51.100.1", 1, 2))); w.Action != ToN6 {
		t.Errorf("the other session: %+v", w)
	}
}
