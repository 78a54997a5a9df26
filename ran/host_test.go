package ran

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"cordon/wire/nas"
)

// testHost is a host in memory.
type testHost struct {
	up, down chan []byte
	done     chan struct{}
	once     sync.Once

	mu   sync.Mutex // guards what follows
	v4   netip.Addr
	v6   netip.Prefix
	mtu  int
	told chan struct{} // closed when it has its addresses
}

func newTestHost() *testHost {
	return &testHost{up: make(chan []byte, 64), down: make(chan []byte, 64), done: make(chan struct{}), told: make(chan struct{})}
}

func (h *testHost) Address(v4 netip.Addr, v6 netip.Prefix, mtu int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.v4.IsValid()
	h.v4, h.v6, h.mtu = v4, v6, mtu
	if first {
		close(h.told)
	}
	return nil
}

func (h *testHost) Read(packets [][]byte, sizes []int, offset int) (int, error) {
	select {
	case p := <-h.up:
		sizes[0] = copy(packets[0][offset:], p)
		return 1, nil
	case <-h.done:
		return 0, net.ErrClosed
	}
}

func (h *testHost) Write(packets [][]byte, offset int) (int, error) {
	for _, p := range packets {
		h.down <- append([]byte(nil), p[offset:]...)
	}
	return len(packets), nil
}

func (h *testHost) Close() error { h.once.Do(func() { close(h.done) }); return nil }

// gets is the next packet that comes down to the host.
func (h *testHost) gets(t *testing.T) []byte {
	t.Helper()
	select {
	case p := <-h.down:
		return p
	case <-time.After(time.Minute):
		t.Fatal("nothing comes back")
		return nil
	}
}

// TestHost: what a host sends goes through its phone's session and what comes back reaches it, of both versions of IP; what is not
// from its addresses stays with the phone, and packets wait while it has no tunnel.
func TestHost(t *testing.T) {
	c := newTestCore(t)
	defer c.close()
	phone, host := testPhone(c), newTestHost()
	phone.Sessions[0].Type = nas.PDUSessionIPv4v6
	v, err := Begin(t.Context(), Config{Radios: []RadioConfig{testRadio(c)}, Groups: []Group{{Phones: 1, First: firstIMSI, Phone: phone, Host: host}}})
	if err != nil {
		t.Fatal(err)
	}
	<-host.told
	if host.mtu != 1390 || host.v6.Bits() != 64 {
		t.Errorf("%v, MTU %d", host.v6, host.mtu)
	}
	own := []netip.AddrPort{netip.AddrPortFrom(host.v4, 40001), netip.AddrPortFrom(host.v6.Addr(), 40001)}
	sides := []netip.AddrPort{serviceSide, serviceSide6}
	for i := range own {
		host.up <- probe{1, 2, 3}.append(nil, sides[i], sides[i], 40) // somebody else's
		host.up <- probe{1, 2, 3}.append(nil, own[i], sides[i], 40)
		if _, kind := parseProbe(host.gets(t), 1, own[i], sides[i]); kind != innerProbe {
			t.Errorf("what came back is %d", kind)
		}
	}
	u := v.Phone("", 0)
	check(t, u.Idle(t.Context()))
	for n := range uint32(40) {
		host.up <- probe{1, n, 3}.append(nil, own[0], serviceSide, 40)
	}
	for n := range uint32(40) {
		if p, kind := parseProbe(host.gets(t), 1, own[0], serviceSide); kind != innerProbe || p.seq != n {
			t.Fatalf("packet %d is %d, a %d", n, p.seq, kind)
		}
	}
	if s := v.Close(); !s.OK || len(s.Complaints) > 0 {
		t.Errorf("%+v", s)
	}
}

// TestKeepTunnels: a radio that is made so goes on with its phones' traffic while it has no association, and sets them up anew
// once it has one.
func TestKeepTunnels(t *testing.T) {
	c := newTestCore(t)
	defer c.close()
	radio := testRadio(c)
	radio.KeepTunnels, radio.Reconnect, radio.RetryAfter = true, true, time.Hour
	r, err := Open(t.Context(), radio)
	check(t, err)
	defer r.Close()
	phone := testPhone(c)
	u, err := r.Add(t.Context(), firstIMSI, &phone)
	check(t, err)
	check(t, u.Register(t.Context()))
	check(t, r.Break(t.Context()))
	check(t, r.Await(t.Context(), func(s RadioStatus) bool { return !s.Up }))
	check(t, u.Echo(t.Context(), 1, serviceSide))
	check(t, r.do(t.Context(), func() { r.timers.Start(timerKey{ue: radioItself, timer: timerDial}, r.now) }))
	check(t, r.Await(t.Context(), func(s RadioStatus) bool { return s.Up }))
	check(t, u.Service(t.Context()))
	check(t, u.Echo(t.Context(), 1, serviceSide))
}
