package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"cordon/transport/netnstest"
)

func TestParseMode(t *testing.T) {
	for _, m := range []Mode{Auto, Kernel, Raw, UDP} {
		if got, err := ParseMode(m.String()); err != nil || got != m {
			t.Errorf("%v: %v, %v", m, got, err)
		}
	}
	if _, err := ParseMode("tcp"); err == nil || !strings.Contains(err.Error(), "auto, kernel, raw or udp") {
		t.Errorf("tcp: %v", err)
	}
}

// Each thing that can be wrong is one sentence that says what.
func TestListenErrors(t *testing.T) {
	taken, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Mode: UDP, Addr: netip.MustParseAddrPort("127.0.0.1:38412"), UDPPort: port}, "is in use by another program"},
		{Config{Mode: UDP, Addr: netip.MustParseAddrPort("192.0.2.1:38412"), EphemeralUDP: true}, "192.0.2.1 is not an address of this machine"},
		{Config{Mode: UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}, "want an address and a port"},
		{Config{Mode: UDP}, "want an address and a port"},
	} {
		l, _, err := Listen(c.cfg)
		if err == nil {
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v", c.cfg, err)
		}
	}
}

func TestRawPortInUse(t *testing.T) {
	netnstest.Need(t)
	cfg := Config{Mode: Raw, Addr: netip.MustParseAddrPort("127.0.0.1:38011")}
	l, _, err := Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Listen(cfg); err == nil || !strings.Contains(err.Error(), "SCTP port 38011 is in use by another program") {
		t.Errorf("twice: %v", err)
	}
	l.Close()
	if l, _, err = Listen(cfg); err != nil {
		t.Fatalf("after Close: %v", err)
	}
	l.Close()
}

// Auto finds something on every machine, and says what.
func TestAuto(t *testing.T) {
	l, choice, err := Listen(Config{EphemeralUDP: true, Addr: netip.MustParseAddrPort("127.0.0.1:38012")})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if choice.Mode == Auto || choice.Mode != Kernel && choice.Why == "" {
		t.Errorf("%+v", choice)
	}
	t.Log(choice)
}

func TestDialErrors(t *testing.T) {
	w := socketWorld(UDP, "127.0.0.1")
	l, _, c := w.pair(t, Config{}, DialConfig{})
	port := c.(*userConn).assoc.Path().Remote.Port()
	elsewhere := netip.AddrPortFrom(l.Addr().Addr(), l.Addr().Port()+500)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err := Dial(ctx, DialConfig{Mode: UDP, UDPPort: port, Remote: elsewhere})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a port that is silent: %v", err)
	}
	l.Close()
	_, _, err = Dial(t.Context(), DialConfig{Mode: UDP, UDPPort: port, Remote: l.Addr()})
	if !errors.Is(err, ErrAborted) {
		t.Errorf("a port that is closed: %v", err)
	}
}

// Associations cost a listener no goroutines, and nothing is left when all is closed.
func TestGoroutines(t *testing.T) {
	base := runtime.NumGoroutine()
	w := socketWorld(UDP, "127.0.0.1")
	l := w.listen(t, Config{})
	const radios = 50
	var conns []Conn
	for range radios {
		conns = append(conns, w.dial(t, l, DialConfig{}))
		s, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, s)
	}
	if n := runtime.NumGoroutine() - base; n > 2+2*radios { // two for the listener, two for each dialler
		t.Errorf("%d goroutines for %d associations", n, radios)
	}
	for i := 0; i < len(conns); i += 2 {
		conns[i].Close()
	}
	for i := 1; i < len(conns); i += 2 {
		if _, err := conns[i].Receive(); err == nil {
			t.Error("a message that nobody sent")
		}
	}
	l.Close()
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > base && time.Now().Before(end); {
		<-time.After(5 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > base {
		t.Errorf("%d goroutines, %d before", n, base)
	}
}

// N2-01, N2-45: noise on the socket is counted and disturbs nobody.
func TestNoise(t *testing.T) {
	w := socketWorld(UDP, "127.0.0.1")
	l, s, c := w.pair(t, Config{}, DialConfig{})
	noise, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(c.(*userConn).assoc.Path().Remote))
	if err != nil {
		t.Fatal(err)
	}
	defer noise.Close()
	r := rand.New(rand.NewPCG(1, 1))
	const packets = 2000
	for range packets {
		b := make([]byte, r.IntN(3000))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		if _, err := noise.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Send(Message{0, PPIDNGAP, []byte("Hello!")}); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Receive(); err != nil || string(m.Data) != "Hello!" {
		t.Errorf("%q, %v", m.Data, err)
	}
	if st := l.Stats(); st.BadPackets == 0 || st.Associations != 1 {
		t.Errorf("%+v", st)
	}
}
