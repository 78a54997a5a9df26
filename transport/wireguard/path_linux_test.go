package wireguard_test

import (
	"net/netip"
	"testing"

	"cordon/transport/netnstest"
)

// Over a path of 1500 octets larger datagrams go in fragments, also those that the kernel would not join.
func TestFragments(t *testing.T) {
	netnstest.Need(t, "ip")
	path := netnstest.New(t)
	path.Sh(t, "ip link set lo mtu 1500")
	if err := path.Do(func() error {
		a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
		b.open(t, netip.MustParseAddrPort("127.0.0.1:0"), a.as(netip.AddrPort{}))
		a.open(t, netip.MustParseAddrPort("127.0.0.1:0"), b.as(b.Local()))
		x, y := a.socket(t, 1), b.socket(t, 1)
		bufs, to := make([][]byte, 64), make([]netip.AddrPort, 64)
		for i := range bufs {
			bufs[i], to[i] = make([]byte, a.MaxPayload()+100), b.at(1)
		}
		cross(t, x, y, []byte("small"))
		x.WriteBatch(bufs, to) // together, so that they are sent together
		cross(t, x, y, make([]byte, 8000))
		if n := a.Stats().SendFaults; n != 0 {
			t.Errorf("%d batches were not sent", n)
		}
		if n := b.Stats().Opened; n < 3 {
			t.Errorf("%d packets arrived", n)
		}
		a.Close()
		b.Close()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
