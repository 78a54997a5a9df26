package main

import (
	"encoding/binary"
	"errors"

	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stream is numbered datagrams both ways between the phone and the server, and what of them has come.
type stream struct {
	near, far *net.UDPConn
	from      atomic.Pointer[netip.AddrPort] // where the server hears the phone
	up, down  way
	stop      chan struct{}
	saying    sync.WaitGroup
	hearing   sync.WaitGroup
}

type way struct {
	sent atomic.Uint32
	seen []atomic.Bool
}

const (
	streamPace = 2 * time.Millisecond
	streamMost = 1 << 16
)

// stream begins to send.
func (w *world) stream(t *testing.T, ue netip.Addr, server string) *stream {
	t.Helper()
	s := &stream{stop: make(chan struct{})}
	to := netip.AddrPortFrom(netip.MustParseAddr(server), 7000)
	if err := errors.Join(
		w.data.Do(func() (err error) { s.far, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(to)); return err }),
		w.radios.Do(func() (err error) {
			s.near, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ue, 7000)))
			return err
		}),
	); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*net.UDPConn{s.near, s.far} {
		_ = c.SetReadBuffer(4 << 20)
	}
	s.up.seen, s.down.seen = make([]atomic.Bool, streamMost), make([]atomic.Bool, streamMost)
	s.hearing.Go(func() { s.hear(s.far, &s.up, func(from netip.AddrPort) { s.from.Store(&from) }) })
	s.hearing.Go(func() { s.hear(s.near, &s.down, func(netip.AddrPort) {}) })
	s.saying.Go(func() { s.say(t, s.near, &s.up, func() *netip.AddrPort { return &to }) })
	s.saying.Go(func() { s.say(t, s.far, &s.down, s.from.Load) })
	t.Cleanup(s.close)
	return s
}

func (s *stream) hear(c *net.UDPConn, w *way, from func(netip.AddrPort)) {
	b := make([]byte, 2000)
	for {
		n, at, err := c.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil && n == 4 {
			from(at)
			w.seen[binary.BigEndian.Uint32(b)%streamMost].Store(true)
		}
	}
}

func (s *stream) say(t *testing.T, c *net.UDPConn, w *way, to func() *netip.AddrPort) {
	tick := time.NewTicker(streamPace)
	defer tick.Stop()
	for n := uint32(0); n < streamMost; {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		at := to()
		if at == nil {
			continue
		}
		if _, err := c.WriteToUDPAddrPort(binary.BigEndian.AppendUint32(nil, n), *at); err != nil {
			t.Errorf("datagram %d: %v", n, err)
			return
		}
		n++
		w.sent.Store(n)
	}
}

// goOn waits until so many more have been sent each way.
func (s *stream) goOn(t *testing.T, n uint32) {
	t.Helper()
	up, down := s.up.sent.Load()+n, s.down.sent.Load()+n
	wait(t, time.Minute, "the datagrams go on", func() bool { return s.up.sent.Load() >= up && s.down.sent.Load() >= down })
}

// missing are the numbers of those sent that have not come.
func (w *way) missing() (list []uint32) {
	for i := range w.sent.Load() {
		if !w.seen[i].Load() {
			list = append(list, i)
		}
	}
	return list
}

// end stops sending and sees that all has come.
func (s *stream) end(t *testing.T, what string) {
	t.Helper()
	defer s.close()
	s.silence()
	for end := time.Now().Add(30 * time.Second); len(s.up.missing())+len(s.down.missing()) > 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
	}
	if up, down := s.up.missing(), s.down.missing(); len(up)+len(down) > 0 {
		t.Errorf("%s: of %d datagrams up and %d down these are lost: %v and %v", what, s.up.sent.Load(), s.down.sent.Load(), up, down)
	}
	t.Logf("%s: %d datagrams up and %d down", what, s.up.sent.Load(), s.down.sent.Load())
}

// silence stops sending: nobody writes to the sockets any more.
func (s *stream) silence() {
	select {
	case <-s.stop:
	default:
		close(s.stop)
	}
	s.saying.Wait()
}

// close ends it; what is closed stays so.
func (s *stream) close() {
	s.silence()
	s.near.Close()
	s.far.Close()
	s.hearing.Wait()
}

// survive kills the core amid traffic and starts it anew: no datagram is lost, the phone is registered as it was, its session is
// taken over and carries on.
func (w *world) survive(t *testing.T) {
	v4, v6 := w.stream(t, w.ue4, server4), w.stream(t, w.ue6, server6)
	wait(t, 30*time.Second, "the kernel carries all", func() bool {
		all, kernels := w.metric(t, "cordon_user_packets_total"), w.metric(t, "cordon_user_packets_fast_total")
		v4.goOn(t, 50)
		all, kernels = w.metric(t, "cordon_user_packets_total")-all, w.metric(t, "cordon_user_packets_fast_total")-kernels
		return all >= 100 && kernels >= all*99/100
	})
	before := w.core.devices(t)
	w.core.kill()
	w.radios.Sh(t, "ip route add unreachable "+n2Addr) // a radio that sets itself up anew ends its tunnels
	v4.goOn(t, 300)
	w.core = w.site.serve(t)
	if log := w.core.log.String(); !strings.Contains(log, "1 sessions were adopted") || !strings.Contains(log, "sessions are taken over") {
		t.Errorf("the core took nothing over:\n%s", log)
	}
	v4.goOn(t, 300)
	v4.end(t, "IPv4")
	v6.end(t, "IPv6")
	w.carried(t, true, 500)
	w.radios.Sh(t, "ip route del unreachable "+n2Addr)
	wait(t, time.Minute, "the radio is back", func() bool { return w.metric(t, "cordon_radios") == 1 })
	w.flows(t)
	after := w.core.devices(t)
	if len(after) != 1 || len(before) != 1 || w.metric(t, "cordon_registrations_total") != 0 || w.metric(t, "cordon_sessions_user_plane") != 1 {
		t.Errorf("%+v became %+v", before, after)
	}
	for imsi, d := range after {
		if len(d.Sessions) != 1 || d.Sessions[0].Address != w.ue4 || d.Sessions[0].Prefix != before[imsi].Sessions[0].Prefix {
			t.Errorf("%+v became %+v", before[imsi], d)
		}
	}
}

// flows waits until datagrams come both ways.
func (w *world) flows(t *testing.T) {
	s := w.stream(t, w.ue4, server4)
	wait(t, time.Minute, "datagrams come both ways", func() bool {
		return len(s.up.missing())+100 < int(s.up.sent.Load()) && len(s.down.missing())+100 < int(s.down.sent.Load())
	})
	s.close()
}

// names asks the evidence log who had the address and port that the server hears.
func (w *world) names(t *testing.T) {
	s := w.stream(t, w.ue4, server4)
	wait(t, 30*time.Second, "the server hears the phone", func() bool { return s.from.Load() != nil })
	from := *s.from.Load()
	s.close()
	if from.Addr().Unmap().String() != publicAddr {
		t.Errorf("the server hears %v", from)
	}
	at := netip.AddrPortFrom(from.Addr().Unmap(), from.Port()).String()
	out := w.core.cordon(t, "log", "nat", at, "--config", filepath.Join(w.site.Dir, "cordon.yaml"))
	words := strings.Fields(out)
	i := 0
	for ; i < len(words) && !strings.HasPrefix(words[i], "sub-"); i++ {
	}
	if i == len(words) {
		t.Fatalf("nobody had %s:\n%s", at, out)
	}
	if who := w.core.cordon(t, "log", "who", words[i], "--pseudonym-key-file", filepath.Join(w.site.Dir, "pseudonyms.key")); !strings.Contains(who, "001010000000001") {
		t.Errorf("%s is %s", words[i], who)
	}
}
