package wireguard_test

import (
	"net/netip"
	"testing"
	"time"

	"cordon/transport/wireguard"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// end is one end of a tunnel in a test.
type end struct {
	key   wireguard.PrivateKey
	inner netip.Addr
	*wireguard.Tunnel
}

func newEnd(inner string) *end {
	return &end{key: wireguard.NewPrivateKey(), inner: netip.MustParseAddr(inner)}
}

// as is the end as another one's peer.
func (e *end) as(at netip.AddrPort) wireguard.Peer {
	return wireguard.Peer{PublicKey: e.key.Public(), Inner: e.inner, Endpoint: at}
}

func (e *end) open(t testing.TB, at netip.AddrPort, peers ...wireguard.Peer) {
	t.Helper()
	tunnel, err := wireguard.Open(wireguard.Config{PrivateKey: e.key, Listen: at, Inner: e.inner, Peers: peers})
	if err != nil {
		t.Fatal(err)
	}
	e.Tunnel = tunnel
	t.Cleanup(func() { tunnel.Close() })
}

// freeAddr is an address and port of the loopback interface that nobody uses.
func freeAddr(t testing.TB) netip.AddrPort {
	t.Helper()
	e := newEnd("10.9.0.1")
	e.open(t, netip.AddrPortFrom(loopback, 0))
	at := e.Local()
	e.Close()
	return at
}

// pair is two ends that know each other's endpoints.
func pair(t testing.TB, a, b string) (*end, *end) {
	t.Helper()
	x, y := newEnd(a), newEnd(b)
	ax, ay := freeAddr(t), freeAddr(t)
	x.open(t, ax, y.as(ay))
	y.open(t, ay, x.as(ax))
	return x, y
}

func (e *end) socket(t testing.TB, port uint16) *wireguard.Socket {
	t.Helper()
	s, err := e.Listen(port)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (e *end) at(port uint16) netip.AddrPort { return netip.AddrPortFrom(e.inner, port) }

// cross sends from one to the other until something arrives, as UDP's users do.
func cross(t testing.TB, from, to *wireguard.Socket, b []byte) netip.AddrPort {
	t.Helper()
	type got struct {
		b    []byte
		from netip.AddrPort
	}
	came := make(chan got, 1)
	go func() {
		room := make([]byte, 1<<16)
		if n, at, err := to.ReadFromUDPAddrPort(room); err == nil {
			came <- got{room[:n], at}
		}
	}()
	deadline := time.After(time.Minute)
	for again := time.NewTicker(200 * time.Millisecond); ; {
		if _, err := from.WriteToUDPAddrPort(b, to.LocalAddrPort()); err != nil {
			t.Fatal(err)
		}
		select {
		case g := <-came:
			if string(g.b) != string(b) {
				t.Fatalf("%d octets arrived as %d others", len(b), len(g.b))
			}
			return g.from
		case <-again.C:
		case <-deadline:
			t.Fatal("nothing arrived")
		}
	}
}

func TestExchange(t *testing.T) {
	for _, inner := range [][2]string{{"10.9.0.1", "10.9.0.2"}, {"fd00::1", "fd00::2"}} {
		a, b := pair(t, inner[0], inner[1])
		x, y := a.socket(t, 8805), b.socket(t, 8805)
		for _, size := range []int{0, 1, 37, 1399, a.MaxPayload(), a.MaxPayload() + 1, 3000, wireguard.MaxDatagram} {
			if from := cross(t, x, y, make([]byte, size)); from != a.at(8805) {
				t.Fatalf("came from %s", from)
			}
		}
		t.Logf("%+v\n%+v\n%+v", a.Stats(), b.Stats(), a.Peers())
	}
}
