package transport

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cordon/transport/netnstest"
)

// world is one way to get associations, for the tests that all of them must pass.
type world struct {
	listen func(t *testing.T, cfg Config) Listener
	dial   func(t *testing.T, l Listener, cfg DialConfig) Conn
}

// conforms runs what every kind of association must do.
func conforms(t *testing.T, w world) {
	t.Run("messages", func(t *testing.T) { testMessages(t, w) })
	t.Run("large", func(t *testing.T) { testLarge(t, w) })
	t.Run("many at once", func(t *testing.T) { testMany(t, w) })
	t.Run("refusals", func(t *testing.T) { testRefusals(t, w) })
	t.Run("close", func(t *testing.T) { testClose(t, w) })
	t.Run("abort", func(t *testing.T) { testAbort(t, w) })
	t.Run("listener", func(t *testing.T) { testListener(t, w) })
}

func (w world) pair(t *testing.T, cfg Config, dc DialConfig) (l Listener, server, client Conn) {
	t.Helper()
	l = w.listen(t, cfg)
	t.Cleanup(func() { l.Close() })
	client = w.dial(t, l, dc)
	t.Cleanup(client.Abort)
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Abort)
	return l, server, client
}

func testMessages(t *testing.T, w world) {
	_, s, c := w.pair(t, Config{}, DialConfig{})
	out, _ := c.Streams()
	if out < 2 {
		t.Fatalf("%d outbound streams", out)
	}
	for i, m := range []Message{
		{0, PPIDNGAP, []byte("NG Setup")},
		{out - 1, PPIDNGAP, []byte{0}},
		{1, 0x3c000000, []byte("wrong order of octets")},
		{1, 0, bytes.Repeat([]byte{7}, 3000)},
	} {
		from, to := c, s
		if i%2 == 1 {
			from, to = s, c
		}
		data := bytes.Clone(m.Data)
		if err := from.Send(m); err != nil {
			t.Fatal(err)
		}
		clear(m.Data) // it may be reused
		got, err := to.Receive()
		if err != nil || got.Stream != m.Stream || got.PPID != m.PPID || !bytes.Equal(got.Data, data) {
			t.Errorf("message %d: %+v, %v", i, got, err)
		}
	}
	if s.Remote() != c.Local() || c.Remote() != s.Local() {
		t.Errorf("ends: %v-%v and %v-%v", s.Local(), s.Remote(), c.Local(), c.Remote())
	}
}

func testLarge(t *testing.T, w world) {
	_, s, c := w.pair(t, Config{}, DialConfig{})
	for _, size := range []int{1400, 65535, 65536, 128 << 10, MaxMessage} {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(i * 7)
		}
		if err := c.Send(Message{1, PPIDNGAP, data}); err != nil {
			t.Fatalf("%d octets: %v", size, err)
		}
		got, err := s.Receive()
		if err != nil || !bytes.Equal(got.Data, data) {
			t.Fatalf("%d octets: got %d, %v", size, len(got.Data), err)
		}
	}
}

// Several senders, both directions: every stream in order, nothing missing.
func testMany(t *testing.T, w world) {
	_, s, c := w.pair(t, Config{}, DialConfig{})
	const senders, each = 4, 2000
	var wg sync.WaitGroup
	send := func(to Conn, stream uint16) {
		for i := range uint32(each) {
			b := make([]byte, 100)
			binary.BigEndian.PutUint32(b, i)
			for {
				err := to.Send(Message{stream, PPIDNGAP, b})
				if err == nil {
					break
				}
				if err != ErrBacklog {
					t.Errorf("sending: %v", err)
					return
				}
				<-time.After(time.Millisecond)
			}
		}
	}
	receive := func(from Conn) {
		var next [senders]uint32
		for range senders * each {
			m, err := from.Receive()
			if err != nil {
				t.Errorf("receiving: %v", err)
				return
			}
			if i := binary.BigEndian.Uint32(m.Data); i != next[m.Stream] {
				t.Errorf("stream %d: message %d where %d was due", m.Stream, i, next[m.Stream])
				return
			}
			next[m.Stream]++
		}
	}
	for i := range uint16(senders) {
		wg.Go(func() { send(c, i) })
		wg.Go(func() { send(s, i) })
	}
	wg.Go(func() { receive(c) })
	wg.Go(func() { receive(s) })
	wg.Wait()
}

func testRefusals(t *testing.T, w world) {
	_, _, c := w.pair(t, Config{}, DialConfig{})
	out, _ := c.Streams()
	if err := c.Send(Message{Stream: out, Data: []byte{1}}); err != ErrStream {
		t.Errorf("stream %d of %d: %v", out, out, err)
	}
	if err := c.Send(Message{}); err != ErrTooLong {
		t.Errorf("empty: %v", err)
	}
	if err := c.Send(Message{Data: make([]byte, MaxMessage+1)}); err != ErrTooLong {
		t.Errorf("too long: %v", err)
	}
	full := false
	for range 10_000 { // nobody receives
		if err := c.Send(Message{Data: make([]byte, 10_000)}); err != nil {
			full = err == ErrBacklog
			break
		}
	}
	if !full {
		t.Error("a peer that does not read never fills the queue")
	}
}

func testClose(t *testing.T, w world) {
	l, s, c := w.pair(t, Config{}, DialConfig{})
	if err := c.Send(Message{0, PPIDNGAP, []byte("last words")}); err != nil {
		t.Fatal(err)
	}
	unblocked := make(chan error)
	go func() {
		_, err := c.Receive()
		unblocked <- err
	}()
	c.Close()
	if err := <-unblocked; err != ErrClosed {
		t.Errorf("the closing side: %v", err)
	}
	if m, err := s.Receive(); err != nil || string(m.Data) != "last words" {
		t.Errorf("%q, %v", m.Data, err)
	}
	if _, err := s.Receive(); err != io.EOF {
		t.Errorf("the other side: %v", err)
	}
	if _, err := s.Receive(); err != io.EOF {
		t.Errorf("the other side, again: %v", err)
	}
	if c.Send(Message{Data: []byte{1}}) == nil || s.Send(Message{Data: []byte{1}}) == nil {
		t.Error("a closed association takes messages")
	}
	if st := l.Stats(); st.Associations != 0 || st.Accepted != 1 {
		t.Errorf("%+v", st)
	}
}

func testAbort(t *testing.T, w world) {
	_, s, c := w.pair(t, Config{}, DialConfig{})
	s.Abort()
	if _, err := c.Receive(); err != ErrAborted {
		t.Errorf("the other side: %v", err)
	}
	if _, err := s.Receive(); err == nil || err == io.EOF {
		t.Errorf("the aborting side: %v", err)
	}
	s.Abort()
	s.Close()
}

func testListener(t *testing.T, w world) {
	l, s, c := w.pair(t, Config{}, DialConfig{})
	waiting := make(chan error)
	go func() {
		_, err := l.Accept()
		waiting <- err
	}()
	l.Close()
	l.Close()
	if err := <-waiting; err != ErrClosed {
		t.Errorf("Accept: %v", err)
	}
	if err := c.Send(Message{0, PPIDNGAP, []byte("still here")}); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Receive(); err != nil || string(m.Data) != "still here" {
		t.Errorf("an association of a closed listener: %q, %v", m.Data, err)
	}
}

// testRestart has a radio die without a word and come back from the same port.
func testRestart(t *testing.T, w world) {
	at := netip.MustParseAddrPort("127.0.0.1:50123")
	cfg := DialConfig{Local: at, OwnUDPPort: 9901}
	l, s, c := w.pair(t, Config{}, cfg)
	c.(*userConn).engine.die()
	again := w.dial(t, l, cfg)
	defer again.Abort()
	if _, err := s.Receive(); err != ErrRestart {
		t.Fatalf("the old association: %v", err)
	}
	fresh, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Abort()
	s.Close()
	s.Abort() // neither may touch the new one
	for _, way := range [][2]Conn{{again, fresh}, {fresh, again}} {
		if err := way[0].Send(Message{1, PPIDNGAP, []byte("NG Setup, again")}); err != nil {
			t.Fatal(err)
		}
		if m, err := way[1].Receive(); err != nil || m.Stream != 1 || string(m.Data) != "NG Setup, again" {
			t.Errorf("the new association: %q, %v", m.Data, err)
		}
	}
	if st := l.Stats(); st.Associations != 1 || st.Restarts != 1 || st.Accepted != 2 {
		t.Errorf("%+v", st)
	}
}

// die is what a radio's power cut is to its association.
func (e *engine) die() {
	e.ending.Do(func() {
		close(e.done)
		e.carrier.close()
	})
	e.running.Wait()
}

// testLost has a radio die while it is being sent to.
func testLost(t *testing.T, w world) {
	l, s, c := w.pair(t, Config{RTOMin: 10 * time.Millisecond, Retransmissions: 2}, DialConfig{})
	for _, way := range [][2]Conn{{s, c}, {c, s}} { // so that the round trip is known
		if err := way[0].Send(Message{0, PPIDNGAP, []byte("alive")}); err != nil {
			t.Fatal(err)
		}
		if _, err := way[1].Receive(); err != nil {
			t.Fatal(err)
		}
	}
	c.(*userConn).engine.die()
	if err := s.Send(Message{0, PPIDNGAP, []byte("into the void")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Receive(); err != ErrLost {
		t.Errorf("%v", err)
	}
	if st := l.Stats(); st.Associations != 0 || st.Lost != 1 {
		t.Errorf("%+v", st)
	}
}

func TestUDPRestart(t *testing.T) { testRestart(t, socketWorld(UDP, "127.0.0.1")) }
func TestUDPLost(t *testing.T)    { testLost(t, socketWorld(UDP, "127.0.0.1")) }

// memWorld gives each listener a network of its own.
func memWorld(cfg MemConfig) world {
	at := netip.MustParseAddrPort("192.0.2.1:38412")
	nets := map[Listener]*Mem{}
	return world{
		listen: func(t *testing.T, _ Config) Listener {
			m := NewMem(cfg)
			l, err := m.Listen(at)
			if err != nil {
				t.Fatal(err)
			}
			nets[l] = m
			return l
		},
		dial: func(t *testing.T, l Listener, _ DialConfig) Conn {
			c, err := nets[l].Dial(t.Context(), netip.MustParseAddrPort("198.51.100.7:0"), at)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
	}
}

func TestMem(t *testing.T) {
	for _, n := range []struct {
		name string
		cfg  MemConfig
	}{
		{"ideal", MemConfig{}},
		{"slow", MemConfig{Delay: 30 * time.Millisecond}},
		{"bad", MemConfig{Delay: 30 * time.Millisecond, Jitter: 50 * time.Millisecond, Loss: 0.1, Seed: 1}},
	} {
		t.Run(n.name, func(t *testing.T) {
			for _, test := range []func(*testing.T, world){testMessages, testLarge, testMany, testRefusals, testClose, testAbort, testListener} {
				synctest.Test(t, func(t *testing.T) { test(t, memWorld(n.cfg)) })
			}
		})
	}
}

func TestMemBreakAndRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMem(MemConfig{Delay: time.Millisecond})
		core := netip.MustParseAddrPort("192.0.2.1:38412")
		radio := netip.MustParseAddrPort("198.51.100.7:9000")
		if _, err := m.Dial(t.Context(), radio, core); !errors.Is(err, ErrAborted) {
			t.Errorf("nobody listens: %v", err)
		}
		l, err := m.Listen(core)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Listen(core); err == nil {
			t.Error("an address was given out twice")
		}
		accept := func() (Conn, Conn) {
			c, err := m.Dial(t.Context(), radio, core)
			if err != nil {
				t.Fatal(err)
			}
			s, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			return s, c
		}
		s1, c1 := accept()
		s2, c2 := accept()
		if _, err := s1.Receive(); err != ErrRestart {
			t.Errorf("restarted: %v", err)
		}
		if _, err := c1.Receive(); err != ErrLost {
			t.Errorf("the forgotten end: %v", err)
		}
		s2.Send(Message{0, PPIDNGAP, []byte("under way")})
		m.Break(s2)
		for _, c := range []Conn{s2, c2} {
			if _, err := c.Receive(); err != ErrLost {
				t.Errorf("broken: %v", err)
			}
		}
		if st := l.Stats(); st.Associations != 0 || st.Restarts != 1 || st.Lost != 1 {
			t.Errorf("%+v", st)
		}
	})
}

// socketWorld gives associations over real sockets on the loopback interface.
func socketWorld(m Mode, addr string) world {
	var mu sync.Mutex
	udp := map[Listener]uint16{}
	port := uint16(38412)
	return world{
		listen: func(t *testing.T, cfg Config) Listener {
			mu.Lock()
			defer mu.Unlock()
			port++
			cfg.Mode, cfg.EphemeralUDP = m, true
			cfg.Addr = netip.AddrPortFrom(netip.MustParseAddr(addr), port)
			l, choice, err := Listen(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if choice.Mode != m || choice.String() == "" {
				t.Errorf("asked for %v, got %v", m, choice)
			}
			udp[l] = choice.UDPPort
			return l
		},
		dial: func(t *testing.T, l Listener, cfg DialConfig) Conn {
			cfg.Mode, cfg.UDPPort = m, udp[l]
			cfg.Remote = l.Addr()
			if cfg.Remote.Addr().IsUnspecified() {
				loop := netip.MustParseAddr("127.0.0.2") // not what routing would answer from
				switch {
				case addr == "::":
					loop = netip.IPv6Loopback()
				case m == Kernel: // which knows its own addresses only
					loop = netip.MustParseAddr("127.0.0.1")
				}
				cfg.Remote = netip.AddrPortFrom(loop, cfg.Remote.Port())
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			c, _, err := Dial(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
	}
}

func TestUDP(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		t.Run(addr, func(t *testing.T) { conforms(t, socketWorld(UDP, addr)) })
	}
}

func TestRaw(t *testing.T) {
	netnstest.Need(t)
	for _, addr := range []string{"127.0.0.1", "::1", "0.0.0.0"} {
		t.Run(addr, func(t *testing.T) { conforms(t, socketWorld(Raw, addr)) })
	}
}
