package wireguard_test

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"cordon/transport/wireguard"
)

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

// freeAddr is an address and port where nobody listens. The address is this process's alone, so that no other's
// test takes the port before it is used.
func freeAddr(t testing.TB) netip.AddrPort {
	t.Helper()
	pid := os.Getpid()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, byte(1+pid>>16&63), byte(pid>>8), byte(pid))})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
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
	came := make(chan netip.AddrPort, 1)
	go func() {
		for room := make([]byte, 1<<16); ; {
			n, at, err := to.ReadFromUDPAddrPort(room)
			if err != nil {
				return
			}
			if bytes.Equal(room[:n], b) { // and not what was sent twice before
				came <- at
				return
			}
		}
	}()
	deadline := time.After(time.Minute)
	for again := time.NewTicker(200 * time.Millisecond); ; {
		if _, err := from.WriteToUDPAddrPort(b, to.LocalAddrPort()); err != nil && !errors.Is(err, wireguard.ErrBacklog) {
			t.Fatal(err)
		}
		select {
		case at := <-came:
			return at
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
			if from := cross(t, x, y, bytes.Repeat([]byte{7}, size)); from != a.at(8805) {
				t.Fatalf("came from %s", from)
			}
			cross(t, y, x, bytes.Repeat([]byte{8}, size))
		}
		p := a.Peers()[0]
		if p.Handshake.IsZero() || p.Sent == 0 || p.Received == 0 || p.Endpoint != b.Local() || p.Inner != b.inner {
			t.Errorf("the peer after an exchange: %+v", p)
		}
		if s := a.Stats(); s != (wireguard.Stats{Opened: s.Opened, KeepAlives: s.KeepAlives}) || s.Opened < 8 {
			t.Errorf("counts after an honest exchange: %+v", s)
		}
	}
}

func TestOuterIPv6(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	a.open(t, netip.MustParseAddrPort("[::1]:0"), b.as(netip.AddrPort{}))
	b.open(t, netip.MustParseAddrPort("[::1]:0"), a.as(a.Local()))
	cross(t, b.socket(t, 1), a.socket(t, 2), []byte("six"))
}

func TestBatches(t *testing.T) {
	a, b := pair(t, "10.9.0.1", "10.9.0.2")
	x, y := a.socket(t, 2152), b.socket(t, 2152)
	cross(t, x, y, []byte("first"))
	const most = 100
	var bufs [][]byte
	var to []netip.AddrPort
	for i := range most { // of several sizes, so that some runs are joined and some are not
		bufs, to = append(bufs, bytes.Repeat([]byte{byte(i)}, 500+500*(i/40)+i%7/6)), append(to, b.at(2152))
	}
	if n, err := x.WriteBatch(bufs, to); n != most || err != nil {
		t.Fatalf("%d taken: %v", n, err)
	}
	room, sizes, from := make([][]byte, 16), make([]int, 16), make([]netip.AddrPort, 16)
	for i := range room {
		room[i] = make([]byte, 2000)
	}
	for next := 0; next < most; {
		n, err := y.ReadBatch(room, sizes, from)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if got := room[i][:sizes[i]]; string(got) == "first" {
				continue // sent more than once
			} else if !bytes.Equal(got, bufs[next]) || from[i] != a.at(2152) {
				t.Fatalf("datagram %d: %d octets from %s", next, len(got), from[i])
			}
			next++
		}
	}
}

// What WireGuard lets wait while it makes a handshake is sent when it has one.
func TestFirstDatagramIsNotLost(t *testing.T) {
	a, b := pair(t, "10.9.0.1", "10.9.0.2")
	x, y := a.socket(t, 1), b.socket(t, 1)
	if _, err := x.WriteToUDPAddrPort([]byte("once"), b.at(1)); err != nil {
		t.Fatal(err)
	}
	room := make([]byte, 16)
	if n, _, err := y.ReadFromUDPAddrPort(room); err != nil || string(room[:n]) != "once" {
		t.Fatalf("%q, %v", room[:n], err)
	}
}

func TestPresharedKey(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	shared := wireguard.NewPresharedKey()
	at, bt := freeAddr(t), freeAddr(t)
	to := b.as(bt)
	to.Preshared = shared
	a.open(t, at, to)
	back := a.as(at)
	back.Preshared = shared
	b.open(t, bt, back)
	cross(t, a.socket(t, 1), b.socket(t, 1), []byte("shared"))
}

// handshakeGap is within which a second handshake is passed over and tried again after five seconds.
const handshakeGap = 50 * time.Millisecond

// One end begins anew: the other's datagrams arrive again as soon as the new one has spoken.
func TestRestart(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	at, bt := freeAddr(t), freeAddr(t)
	a.open(t, at, b.as(bt))
	b.open(t, bt, a.as(at))
	x := a.socket(t, 1)
	cross(t, x, b.socket(t, 1), []byte("before"))
	b.Close()
	time.Sleep(handshakeGap)
	b.open(t, bt, a.as(at))
	y := b.socket(t, 1)
	cross(t, y, x, []byte("I am new"))
	cross(t, x, y, []byte("after"))
}

func TestRoaming(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	at, first, second := freeAddr(t), freeAddr(t), freeAddr(t)
	roamer := b.as(first)
	roamer.Roams = true
	a.open(t, at, roamer)
	x := a.socket(t, 1)
	b.open(t, first, a.as(at))
	cross(t, b.socket(t, 1), x, []byte("here"))
	b.Close()
	time.Sleep(handshakeGap)
	b.open(t, second, a.as(at))
	y := b.socket(t, 1)
	cross(t, y, x, []byte("there"))
	cross(t, x, y, []byte("follows"))
	if got := a.Peers()[0].Endpoint; got != second {
		t.Errorf("the peer is held to be at %s, moved to %s", got, second)
	}
}

// A peer that is taken off the list is not heard any more, one that stays is not disturbed, and one that comes is.
func TestSetPeers(t *testing.T) {
	hub, a, b, c := newEnd("10.9.0.1"), newEnd("10.9.0.2"), newEnd("10.9.0.3"), newEnd("10.9.0.4")
	none := netip.AddrPort{}
	hub.open(t, freeAddr(t), a.as(none), b.as(none))
	for _, e := range []*end{a, b, c} {
		e.open(t, freeAddr(t), hub.as(hub.Local()))
	}
	x, to, from, late := hub.socket(t, 1), a.socket(t, 1), b.socket(t, 1), c.socket(t, 1)
	cross(t, to, x, []byte("a"))
	cross(t, from, x, []byte("b"))
	before := hub.Peers()[1].Handshake
	if err := hub.SetPeers([]wireguard.Peer{b.as(none), c.as(none)}); err != nil {
		t.Fatal(err)
	}
	cross(t, late, x, []byte("c"))
	cross(t, from, x, []byte("b again"))
	if p := hub.Peers(); len(p) != 2 || !p[0].Handshake.Equal(before) || p[1].Inner != c.inner {
		t.Errorf("peers afterwards: %+v", p)
	}
	refused := hub.Stats().Refused
	for _, s := range []string{"1", "2", "3"} {
		to.WriteToUDPAddrPort([]byte(s), x.LocalAddrPort())
	}
	eventually(t, "refused", func() uint64 { return hub.Stats().Refused }, refused+3)
	var bad *wireguard.ConfigError
	if err := hub.SetPeers([]wireguard.Peer{b.as(none), b.as(none)}); !errors.As(err, &bad) || bad.Peer != 1 {
		t.Errorf("one peer twice: %v", err)
	}
	cross(t, late, x, []byte("c still"))
}

func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		a, b := pair(t, "10.9.0.1", "10.9.0.2")
		x, y := a.socket(t, 1), b.socket(t, 1)
		cross(t, x, y, []byte("b"))
		ended := make(chan error, 1)
		go func() {
			var err error
			for room := make([]byte, 8); err == nil; {
				_, _, err = y.ReadFromUDPAddrPort(room)
			}
			ended <- err
		}()
		a.Close()
		b.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("a reader of a closed tunnel: %v", err)
		}
		if _, err := x.WriteToUDPAddrPort([]byte("c"), b.at(1)); !errors.Is(err, wireguard.ErrClosed) {
			t.Errorf("a writer to a closed tunnel: %v", err)
		}
		if _, err := a.Listen(2); !errors.Is(err, wireguard.ErrClosed) {
			t.Errorf("listening in a closed tunnel: %v", err)
		}
	}
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

func TestSockets(t *testing.T) {
	a, b := pair(t, "10.9.0.1", "10.9.0.2")
	x := a.socket(t, 5)
	if _, err := a.Listen(5); err == nil {
		t.Error("a port was given out twice")
	}
	x.Close()
	x = a.socket(t, 5) // free again
	free, other := a.socket(t, 0), a.socket(t, 0)
	if free.LocalAddrPort() == other.LocalAddrPort() || free.LocalAddr().String() != free.LocalAddrPort().String() {
		t.Errorf("free ports %s and %s", free.LocalAddr(), other.LocalAddr())
	}
	if _, err := x.WriteToUDPAddrPort(make([]byte, wireguard.MaxDatagram+1), b.at(5)); !errors.Is(err, wireguard.ErrTooLong) {
		t.Errorf("a datagram that is too long: %v", err)
	}
	if _, err := x.WriteToUDPAddrPort(nil, netip.MustParseAddrPort("[fd00::1]:5")); err == nil {
		t.Error("a datagram of another family was taken")
	}
	if _, err := x.WriteToUDPAddrPort(nil, netip.MustParseAddrPort("10.9.0.77:5")); err != nil {
		t.Errorf("UDP does not tell that nobody is there: %v", err)
	}
}
