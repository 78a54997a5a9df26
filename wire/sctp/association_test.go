package sctp

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// Whatever the link does, each stream arrives whole and in order, and both sides end
// gracefully with nothing held.
func TestTransfer(t *testing.T) {
	links := []struct {
		name                     string
		loss, duplicate, reorder float64
		delay                    time.Duration
	}{
		{"clean", 0, 0, 0, time.Millisecond},
		{"lossy", 0.05, 0, 0, 10 * time.Millisecond},
		{"reordering", 0, 0, 0.3, 10 * time.Millisecond},
		{"duplicating", 0, 0.3, 0, 10 * time.Millisecond},
		{"all of it", 0.1, 0.1, 0.3, 50 * time.Millisecond},
		{"dreadful", 0.3, 0.2, 0.5, 100 * time.Millisecond},
	}
	for _, l := range links {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s/%d", l.name, seed), func(t *testing.T) {
				n := newNetwork(t, seed)
				n.loss, n.duplicate, n.reorder, n.delay = l.loss, l.duplicate, l.reorder, l.delay
				cfg := Config{Retransmissions: 40, InitRetransmissions: 40, Guard: time.Hour}
				s, c, sa, ca := pair(t, n, cfg, cfg)
				wantS, wantC := exchange(t, n, sa, ca)
				n.run(2*time.Hour, func() bool { return check(s.got, wantS) == nil && check(c.got, wantC) == nil })
				ca.Shutdown(n.now)
				n.run(2*time.Hour, func() bool { return len(s.down) == 1 && len(c.down) == 1 })
				if ca.Err() != ErrClosed || sa.Err() != ErrShutdown {
					t.Errorf("ended with %v and %v", ca.Err(), sa.Err())
				}
				if err := errors.Join(check(s.got, wantS), check(c.got, wantC)); err != nil {
					t.Error(err)
				}
				if s.ep.Stats().Associations != 0 || len(s.ep.shares) != 0 || len(s.ep.due.heap) != 0 {
					t.Error("something is left of the association")
				}
			})
		}
	}
}

// exchange queues messages of many sizes on many streams in both directions.
func exchange(t *testing.T, n *network, sa, ca *Association) (toServer, toClient map[uint16]uint32) {
	t.Helper()
	toServer, toClient = map[uint16]uint32{}, map[uint16]uint32{}
	for i := range 200 {
		size := 4 + n.rand.IntN(300)
		if i%40 == 0 {
			size = 4 + n.rand.IntN(20_000)
		}
		for a, counts := range map[*Association]map[uint16]uint32{ca: toServer, sa: toClient} {
			stream := uint16(n.rand.IntN(16))
			if err := a.Send(numbered(stream, counts[stream], size)); err != nil {
				t.Fatal(err)
			}
			counts[stream]++
		}
	}
	return toServer, toClient
}

func TestLargestMessage(t *testing.T) {
	n := newNetwork(t, 1)
	n.loss = 0.02
	s, _, _, ca := pair(t, n, Config{}, Config{})
	const size = 256 << 10
	if err := ca.Send(numbered(3, 0, size)); err != nil {
		t.Fatal(err)
	}
	if err := ca.Send(numbered(3, 1, size+1)); err != ErrTooLong {
		t.Errorf("a message too long: %v", err)
	}
	n.run(time.Hour, func() bool { return len(s.got) == 1 })
	if err := check(s.got, map[uint16]uint32{3: 1}); err != nil {
		t.Error(err)
	}
}

// A message on one stream does not wait for a lost one on another, and the lost one
// comes without waiting for a time-out when three reports say that it is missing.
func TestStreamsAreIndependent(t *testing.T) {
	n := newNetwork(t, 1)
	s, c, _, ca := pair(t, n, Config{}, Config{})
	n.run(time.Second, nil)
	lose := true
	n.drop = func(from netip.Addr, p Packet) bool {
		hit := lose && from == c.addr && p.first().Type == TypeData
		lose = lose && !hit
		return hit
	}
	begun := n.now
	for i := range uint32(6) {
		stream := uint16(min(i, 1)) // the first alone on stream 0
		if err := ca.Send(numbered(stream, max(i, 1)-1, 100)); err != nil {
			t.Fatal(err)
		}
		n.settle(c)
		n.now += time.Millisecond
	}
	n.run(time.Minute, func() bool { return len(s.got) == 5 })
	if err := check(s.got, map[uint16]uint32{1: 5}); err != nil {
		t.Error(err)
	}
	n.run(time.Minute, func() bool { return len(s.got) == 6 })
	if took := n.now - begun; took > 100*time.Millisecond {
		t.Errorf("the lost message took %v: no fast retransmission", took)
	}
}

// While the receiving application sleeps, the sender neither gives up nor overruns it.
func TestClosedWindow(t *testing.T) {
	n := newNetwork(t, 1)
	s, _, sa, ca := pair(t, n, Config{}, Config{Queue: 4 << 20})
	s.paused = true
	for i := range uint32(2000) {
		if err := ca.Send(numbered(1, i, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	n.run(30*time.Minute, nil)
	if len(s.down) > 0 {
		t.Fatalf("ended with %v", sa.Err())
	}
	if held := sa.rx.held; held > 2*sa.ep.cfg.Window+2000 || held < sa.ep.cfg.Window/2 {
		t.Errorf("%d octets held under a window of %d", held, sa.ep.cfg.Window)
	}
	s.paused = false
	s.take(sa)
	n.run(time.Hour, func() bool { return len(s.got) == 2000 })
	if err := check(s.got, map[uint16]uint32{1: 2000}); err != nil {
		t.Error(err)
	}
}

func TestBacklog(t *testing.T) {
	n := newNetwork(t, 1)
	_, _, _, ca := pair(t, n, Config{}, Config{Queue: 10_000, Streams: 4})
	if err := ca.Send(Message{Stream: 4, Data: []byte{1}}); err != ErrStream {
		t.Errorf("stream 4 of 4: %v", err)
	}
	if err := ca.Send(Message{}); err != ErrTooLong {
		t.Errorf("an empty message: %v", err)
	}
	sent := 0
	for ca.Send(Message{Data: make([]byte, 936)}) == nil {
		sent++
	}
	if sent != 10 {
		t.Errorf("%d messages of 1000 octets queued under a limit of 10000", sent)
	}
}

// A peer that falls silent is lost, whether something is under way or not, and at once
// if it answers that it knows of nothing.
func TestPeerDies(t *testing.T) {
	for _, busy := range []bool{true, false} {
		n := newNetwork(t, 1)
		s, _, sa, ca := pair(t, n, Config{Retransmissions: 3}, Config{})
		n.drop = func(netip.Addr, Packet) bool { return true }
		if busy {
			if err := sa.Send(Message{Data: []byte{1}}); err != nil {
				t.Fatal(err)
			}
		}
		n.run(5*time.Minute, func() bool { return len(s.down) == 1 })
		if sa.Err() != ErrLost {
			t.Errorf("busy %v: %v", busy, sa.Err())
		}
		n.drop = nil
		if err := ca.Send(Message{Data: []byte{1}}); err != nil {
			t.Fatal(err)
		}
		n.run(10*time.Second, func() bool { return ca.Err() != nil })
		if ca.Err() != ErrAborted {
			t.Errorf("after the peer forgot: %v", ca.Err())
		}
	}
}

// A heartbeat keeps an idle association for ever.
func TestIdle(t *testing.T) {
	n := newNetwork(t, 1)
	_, _, sa, ca := pair(t, n, Config{}, Config{})
	before := n.packets
	n.run(24*time.Hour, nil)
	if sa.Err() != nil || ca.Err() != nil {
		t.Errorf("%v, %v", sa.Err(), ca.Err())
	}
	if sent := n.packets - before; sent < 2000 || sent > 15_000 {
		t.Errorf("%d packets in a day of silence", sent)
	}
}

func TestRestart(t *testing.T) {
	n := newNetwork(t, 1)
	s, c, sa, _ := pair(t, n, Config{}, Config{})
	n.hosts = n.hosts[:1]
	again := n.host("198.51.100.7", Config{Port: c.ep.cfg.Port})
	na, err := again.ep.Connect(n.now, pathTo(s), 38412)
	if err != nil {
		t.Fatal(err)
	}
	n.run(time.Minute, func() bool { return len(s.up) == 2 && len(again.up) == 1 })
	if sa.Err() != ErrRestart || len(s.down) != 1 {
		t.Errorf("the old association: %v", sa.Err())
	}
	if err := na.Send(numbered(0, 0, 50)); err != nil {
		t.Fatal(err)
	}
	n.run(time.Minute, func() bool { return len(s.got) == 1 })
	if st := s.ep.Stats(); st.Associations != 1 || st.Restarts != 1 {
		t.Errorf("%+v", st)
	}
}

// Both sides begin at once and get one association (§5.2.1).
func TestCollision(t *testing.T) {
	for seed := range uint64(20) {
		n := newNetwork(t, seed)
		n.reorder, n.loss, n.duplicate = 0.5, 0.1, 0.1
		a := n.host("192.0.2.1", Config{Listen: true})
		b := n.host("198.51.100.7", Config{Listen: true})
		aa, _ := a.ep.Connect(n.now, pathTo(b), 38412)
		ba, _ := b.ep.Connect(n.now, pathTo(a), 38412)
		n.run(10*time.Minute, func() bool { return len(a.up) == 1 && len(b.up) == 1 })
		n.run(time.Minute, nil)
		if len(a.down)+len(b.down) != 0 || a.up[0] != aa || b.up[0] != ba {
			t.Fatalf("seed %d: the set-up did not converge", seed)
		}
		if aa.ownTag != ba.peerTag || aa.peerTag != ba.ownTag {
			t.Fatalf("seed %d: the sides have different tags", seed)
		}
	}
}

func TestShutdownFromBothSides(t *testing.T) {
	n := newNetwork(t, 1)
	s, c, sa, ca := pair(t, n, Config{}, Config{})
	if err := sa.Send(numbered(0, 0, 5000)); err != nil {
		t.Fatal(err)
	}
	sa.Shutdown(n.now)
	ca.Shutdown(n.now)
	n.run(time.Minute, func() bool { return len(s.down) == 1 && len(c.down) == 1 })
	if err := check(c.got, map[uint16]uint32{0: 1}); err != nil {
		t.Errorf("sent before the shutdown: %v", err)
	}
	if err := ca.Send(numbered(0, 0, 50)); err == nil {
		t.Error("a closed association takes messages")
	}
}

func TestAbort(t *testing.T) {
	n := newNetwork(t, 1)
	_, c, sa, ca := pair(t, n, Config{}, Config{})
	sa.Abort()
	n.run(time.Second, func() bool { return len(c.down) == 1 })
	if sa.Err() != ErrClosed || ca.Err() != ErrAborted {
		t.Errorf("%v, %v", sa.Err(), ca.Err())
	}
}
