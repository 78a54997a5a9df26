package wireguard_test

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"cordon/transport/wireguard"
	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun/tuntest"
)

// eventually waits until a count is what it comes to.
func eventually(t *testing.T, what string, count func() uint64, want uint64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); count() < want; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: %d, want %d", what, count(), want)
		}
	}
}

// relay is the hostile path between two ends: it keeps what passes and can send what it likes.
type relay struct {
	conn *net.UDPConn
	a, b netip.AddrPort
	mu   sync.Mutex // guards kept
	kept [][]byte   // from a to b
}

func newRelay(t *testing.T, at, a, b netip.AddrPort) *relay {
	t.Helper()
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(at))
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{conn: c, a: a, b: b}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for room := make([]byte, 1<<16); ; {
			n, from, err := c.ReadFromUDPAddrPort(room)
			if err != nil {
				return
			}
			to := a
			if from == a {
				to = b
				r.mu.Lock()
				r.kept = append(r.kept, append([]byte(nil), room[:n]...))
				r.mu.Unlock()
			}
			c.WriteToUDPAddrPort(room[:n], to)
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return r
}

func (r *relay) all() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept
}

// relayed is two ends that a relay stands between, after an exchange.
func relayed(t *testing.T) (a, b *end, x, y *wireguard.Socket, r *relay) {
	t.Helper()
	a, b = newEnd("10.9.0.1"), newEnd("10.9.0.2")
	at, bt, middle := freeAddr(t), freeAddr(t), freeAddr(t)
	a.open(t, at, b.as(middle))
	b.open(t, bt, a.as(middle))
	r = newRelay(t, middle, at, bt)
	x, y = a.socket(t, 1), b.socket(t, 1)
	cross(t, x, y, []byte("through"))
	return a, b, x, y, r
}

func TestReplayAndForgery(t *testing.T) {
	_, b, x, y, r := relayed(t)
	opened := b.Stats().Opened
	var sent uint64
	for _, m := range r.all() {
		if m[0] != 4 {
			continue
		}
		r.conn.WriteToUDPAddrPort(m, r.b) // again
		forged := append([]byte(nil), m...)
		forged[len(forged)-1] ^= 1
		r.conn.WriteToUDPAddrPort(forged, r.b)
		stray := append([]byte(nil), m...)
		stray[4] ^= 1 // of no session
		r.conn.WriteToUDPAddrPort(stray, r.b)
		sent += 3
	}
	if sent == 0 {
		t.Fatal("the relay saw no transport message")
	}
	eventually(t, "refused", func() uint64 { return b.Stats().Refused }, sent)
	if got := b.Stats().Opened; got != opened {
		t.Errorf("%d packets more were opened", got-opened)
	}
	cross(t, x, y, []byte("as before"))
}

// A handshake sent again is nobody's: it was made before the last one.
func TestHandshakeReplay(t *testing.T) {
	_, b, x, y, r := relayed(t)
	time.Sleep(handshakeGap) // so that it is its age that it is refused for
	for _, m := range r.all() {
		if m[0] == 1 {
			r.conn.WriteToUDPAddrPort(m, r.b)
		}
	}
	eventually(t, "bad handshakes", func() uint64 { return b.Stats().BadHandshake }, 1)
	cross(t, x, y, []byte("as before"))
}

// The outer packet of the largest payload is no larger than the path's MTU, and of one octet more it is.
func TestMaxPayload(t *testing.T) {
	a, _, x, y, r := relayed(t)
	largest := func(size int) int {
		before := len(r.all())
		cross(t, x, y, make([]byte, size))
		most := 0
		for _, m := range r.all()[before:] {
			most = max(most, 20+8+len(m))
		}
		return most
	}
	if got := largest(a.MaxPayload()); got > 1500 {
		t.Errorf("the largest payload makes a packet of %d octets", got)
	}
	if got := largest(a.MaxPayload() + 1); got <= 1500 {
		t.Errorf("a larger payload makes a packet of %d octets", got)
	}
	if got := a.MaxPayload(); got != 1412 {
		t.Errorf("the largest payload is %d: the package's comment says otherwise", got)
	}
}

func TestStrangers(t *testing.T) {
	a, b := pair(t, "10.9.0.1", "10.9.0.2")
	other, err := net.Dial("udp4", b.Local().String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for range 10 {
		other.Write(make([]byte, 148))
	}
	eventually(t, "strangers", func() uint64 { return b.Stats().Strangers }, 10)
	cross(t, a.socket(t, 1), b.socket(t, 1), []byte("as before"))
	if got := b.Stats(); got.BadMAC+got.Malformed != 0 {
		t.Errorf("strangers were looked at: %+v", got)
	}
}

func TestGarbage(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	b.open(t, freeAddr(t), a.as(netip.AddrPort{})) // a may come from anywhere
	a.open(t, freeAddr(t), b.as(b.Local()))
	other, err := net.Dial("udp4", b.Local().String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	message := func(kind byte, size int) []byte {
		m := make([]byte, size)
		for i := range m {
			m[i] = byte(rand.Uint32())
		}
		copy(m, []byte{kind, 0, 0, 0})
		return m
	}
	for _, m := range [][]byte{{}, {4}, {4, 0, 0, 0}, message(9, 148), message(1, 147), message(1, 149), message(2, 91), message(3, 65),
		message(4, 31), message(4, 20000), {4, 0, 0, 1, 31: 0}} {
		if _, err := other.Write(m); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "malformed", func() uint64 { return b.Stats().Malformed }, 10) // an empty datagram is no message at all
	for range 5 {
		other.Write(message(1, 148))
		other.Write(message(2, 92))
		other.Write(message(3, 64))
		other.Write(message(4, 1000))
	}
	eventually(t, "bad MAC", func() uint64 { return b.Stats().BadMAC }, 10)
	eventually(t, "refused", func() uint64 { return b.Stats().Refused }, 5)
	cross(t, a.socket(t, 1), b.socket(t, 1), []byte("as before"))
}

// One who knows our public key, but is no peer.
func TestWrongPeer(t *testing.T) {
	a, b, stranger := newEnd("10.9.0.1"), newEnd("10.9.0.2"), newEnd("10.9.0.1")
	b.open(t, freeAddr(t), a.as(netip.AddrPort{}))
	stranger.open(t, freeAddr(t), b.as(b.Local()))
	s := stranger.socket(t, 1)
	s.WriteToUDPAddrPort([]byte("let me in"), b.at(1))
	eventually(t, "bad handshakes", func() uint64 { return b.Stats().BadHandshake }, 1)
	a.open(t, freeAddr(t), b.as(b.Local()))
	y := b.socket(t, 1)
	if from := cross(t, a.socket(t, 7), y, []byte("a itself")); from.Port() != 7 {
		t.Errorf("came from %s", from)
	}
}

// flood sends handshakes that are rightly addressed, so that each costs its reader a computation, as fast as it
// answers, until the end of the test.
func flood(t *testing.T, to *end) {
	t.Helper()
	other, err := net.Dial("udp4", to.Local().String())
	if err != nil {
		t.Fatal(err)
	}
	var mac device.CookieGenerator
	mac.Init(device.NoisePublicKey(to.key.Public()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		m := make([]byte, 148)
		for sent := uint64(0); ; {
			for range 300 { // more than the library takes to be in order, fewer than the socket can hold
				sent++
				m[0] = 1
				binary.LittleEndian.PutUint64(m[8:], sent)
				mac.AddMacs(m)
				if _, err := other.Write(m); errors.Is(err, net.ErrClosed) {
					return
				}
			}
			s := to.Stats()
			for end := time.Now().Add(time.Second); s.Cookies+s.BadHandshake < sent*9/10 && time.Now().Before(end); s = to.Stats() { // some may be lost
				if _, err := other.Write(nil); errors.Is(err, net.ErrClosed) {
					return
				}
				time.Sleep(time.Millisecond)
			}
		}
	}()
	t.Cleanup(func() { other.Close(); <-done })
}

func TestHandshakeFlood(t *testing.T) {
	t.Parallel() // a handshake that is put off is tried again after five seconds
	a, late, b := newEnd("10.9.0.1"), newEnd("10.9.0.3"), newEnd("10.9.0.2")
	b.open(t, freeAddr(t), a.as(netip.AddrPort{}), late.as(netip.AddrPort{}))
	a.open(t, freeAddr(t), b.as(b.Local()))
	x, y := a.socket(t, 1), b.socket(t, 1)
	cross(t, x, y, []byte("before"))
	flood(t, b)
	eventually(t, "cookies", func() uint64 { return b.Stats().Cookies }, 1)
	cross(t, x, y, []byte("meanwhile"))
	late.open(t, freeAddr(t), b.as(b.Local()))
	for from := a.inner; from != late.inner; {
		from = cross(t, late.socket(t, 0), y, []byte("in spite of it")).Addr()
	}
}

// lawless is a peer with the library's own socket, which sends inner packets of any kind.
type lawless struct{ tun *tuntest.ChannelTUN }

func newLawless(t *testing.T, key wireguard.PrivateKey, to *end) *lawless {
	t.Helper()
	l := &lawless{tuntest.NewChannelTUN()}
	d := device.NewDevice(l.tun.TUN(), conn.NewDefaultBind(), &device.Logger{Verbosef: device.DiscardLogf, Errorf: device.DiscardLogf})
	private, err := wireguardKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public := to.key.Public()
	if err := d.IpcSet(fmt.Sprintf("private_key=%s\npublic_key=%x\nendpoint=%s\nallowed_ip=0.0.0.0/0\nallowed_ip=::/0\n", private, public[:], to.Local())); err != nil {
		t.Fatal(err)
	}
	if err := d.Up(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return l
}

func wireguardKey(k wireguard.PrivateKey) (string, error) {
	p, err := wireguard.ParsePublicKey(k.Text()) // the same 32 octets
	return hex.EncodeToString(p[:]), err
}

func (l *lawless) send(packet []byte) { l.tun.Outbound <- packet }

// A peer whose key is known may still send anything inside.
func TestLawlessPeer(t *testing.T) {
	a, b := newEnd("10.9.0.1"), newEnd("10.9.0.2")
	b.open(t, freeAddr(t), a.as(netip.AddrPort{}))
	y := b.socket(t, 1)
	l := newLawless(t, a.key, b)
	good := wireguard.Packet(netip.AddrPortFrom(a.inner, 9), netip.AddrPortFrom(b.inner, 1), "good")
	change := func(at int, to ...byte) []byte {
		p := append([]byte(nil), good...)
		copy(p[at:], to)
		return p
	}
	l.send(good)
	room := make([]byte, 16)
	if n, from, err := y.ReadFromUDPAddrPort(room); err != nil || string(room[:n]) != "good" || from != a.at(9) {
		t.Fatalf("%q from %s: %v", room[:n], from, err)
	}
	for range 3 {
		l.send(wireguard.Packet(netip.AddrPortFrom(netip.MustParseAddr("10.9.0.66"), 9), netip.AddrPortFrom(b.inner, 1), "another's source"))
		l.send(wireguard.Packet(netip.AddrPortFrom(netip.MustParseAddr("fd00::66"), 9), netip.AddrPortFrom(netip.MustParseAddr("fd00::2"), 1), "another's source"))
	}
	eventually(t, "foreign sources", func() uint64 { return b.Stats().ForeignSource }, 6)
	bad := [][]byte{
		change(10, 0xee, 0xee), // IP checksum
		change(26, 0xee, 0xee), // UDP checksum
		change(24, 0, 200),     // UDP length beyond the packet
		change(24, 0, 7),       // UDP length without its header
		wireguard.Packet(netip.AddrPortFrom(a.inner, 9), netip.AddrPortFrom(netip.MustParseAddr("10.9.0.3"), 1), "not to us"),
		wireguard.WithChecksum(change(9, 1)),       // ICMP
		wireguard.WithChecksum(change(6, 0x20, 0)), // a fragment
		wireguard.WithChecksum(change(6, 0, 9)),    // a later one
		wireguard.WithChecksum(change(0, 0x46)),    // options
	}
	for _, p := range bad {
		l.send(p)
	}
	eventually(t, "bad inner packets", func() uint64 { return b.Stats().BadInner }, uint64(len(bad)))
	l.send(wireguard.Packet(netip.AddrPortFrom(a.inner, 9), netip.AddrPortFrom(b.inner, 2), "nobody there"))
	eventually(t, "no socket", func() uint64 { return b.Stats().NoSocket }, 1)
	without := change(26, 0, 0) // IPv4 may go without a checksum
	l.send(without)
	if n, _, err := y.ReadFromUDPAddrPort(room); err != nil || string(room[:n]) != "good" {
		t.Fatalf("%q: %v", room[:n], err)
	}
}

// A socket that nobody reads loses what comes too fast, and nothing else suffers.
func TestSlowReader(t *testing.T) {
	a, b := pair(t, "10.9.0.1", "10.9.0.2")
	x := a.socket(t, 1)
	slow, quick := b.socket(t, 1), b.socket(t, 2)
	cross(t, x, quick, []byte("there"))
	body := make([]byte, 8000)
	for end := time.Now().Add(time.Minute); b.Stats().LateReader == 0; {
		if time.Now().After(end) {
			t.Fatal("a queue without end")
		}
		x.WriteToUDPAddrPort(body, slow.LocalAddrPort())
	}
	cross(t, x, quick, []byte("still there"))
}
