package sctp

import (
	"container/heap"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// flight is a packet on the simulated link.
type inFlight struct {
	at   time.Duration
	seq  int
	to   netip.Addr
	path Path
	b    []byte
}

type air []inFlight

func (a air) Len() int { return len(a) }
func (a air) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].seq < a[j].seq
}
func (a air) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *air) Push(x any)   { *a = append(*a, x.(inFlight)) }
func (a *air) Pop() any {
	old := *a
	x := old[len(old)-1]
	*a = old[:len(old)-1]
	return x
}

// host is an endpoint with an address on the simulated network, and what it told.
type host struct {
	addr   netip.Addr
	ep     *Endpoint
	up     []*Association
	down   []*Association
	got    []Message
	paused bool // does not take messages
}

// network joins hosts in virtual time.
type network struct {
	t                        testing.TB
	now                      time.Duration
	rand                     *rand.Rand
	loss, duplicate, reorder float64
	delay                    time.Duration
	drop                     func(from netip.Addr, p Packet) bool
	hosts                    []*host
	air                      air
	seq                      int
	packets                  int
}

func newNetwork(t testing.TB, seed uint64) *network {
	return &network{t: t, now: time.Second, rand: rand.New(rand.NewPCG(seed, 1)), delay: 5 * time.Millisecond}
}

func (n *network) host(addr string, cfg Config) *host {
	cfg.Random = n.rand.Uint32
	cfg.Key[0] = byte(len(n.hosts) + 1)
	if cfg.Port == 0 {
		cfg.Port = 38412
	}
	h := &host{addr: netip.MustParseAddr(addr), ep: NewEndpoint(cfg)}
	n.hosts = append(n.hosts, h)
	return h
}

func pathTo(h *host) Path { return Path{Remote: netip.AddrPortFrom(h.addr, 9899)} }

// settle takes what a host has to say.
func (n *network) settle(h *host) {
	var buf [2048]byte
	for {
		p, path, ok := h.ep.Emit(n.now, buf[:])
		if !ok {
			break
		}
		n.transmit(h.addr, path.Remote.Addr(), append([]byte(nil), p...))
	}
	for {
		e, ok := h.ep.Event()
		if !ok {
			break
		}
		switch e.Kind {
		case Up:
			h.up = append(h.up, e.Association)
		case Down:
			h.down = append(h.down, e.Association)
			h.take(e.Association)
		case Readable:
			h.take(e.Association)
		}
	}
}

func (h *host) take(a *Association) {
	for !h.paused {
		m, ok := a.Receive()
		if !ok {
			return
		}
		h.got = append(h.got, m)
	}
}

func (n *network) transmit(from, to netip.Addr, b []byte) {
	n.packets++
	p, err := ParsePacket(b)
	if err != nil {
		n.t.Fatalf("emitted a packet that does not parse: %v", err)
	}
	if n.drop != nil && n.drop(from, p) {
		return
	}
	copies := 1
	if n.rand.Float64() < n.duplicate {
		copies = 2
	}
	for range copies {
		if n.rand.Float64() < n.loss {
			continue
		}
		at := n.now + n.delay
		if n.rand.Float64() < n.reorder {
			at += time.Duration(n.rand.Int64N(int64(4 * n.delay)))
		}
		n.seq++
		heap.Push(&n.air, inFlight{at: at, seq: n.seq, to: to, path: Path{Remote: netip.AddrPortFrom(from, 9899)}, b: b})
	}
}

// run lets time pass until done says so; it fails the test at the limit.
func (n *network) run(limit time.Duration, done func() bool) {
	n.t.Helper()
	end := n.now + limit
	for {
		for _, h := range n.hosts {
			n.settle(h)
		}
		if done != nil && done() {
			return
		}
		next := never
		if len(n.air) > 0 {
			next = n.air[0].at
		}
		for _, h := range n.hosts {
			if d, ok := h.ep.Next(); ok {
				next = min(next, max(d, n.now))
			}
		}
		if next > end {
			n.now = end
			if done != nil {
				n.t.Fatalf("not done after %v", limit)
			}
			return
		}
		n.now = next
		for len(n.air) > 0 && n.air[0].at <= n.now {
			f := heap.Pop(&n.air).(inFlight)
			for _, h := range n.hosts {
				if h.addr == f.to {
					h.ep.Input(n.now, f.path, f.b)
				}
			}
		}
		for _, h := range n.hosts {
			h.ep.Expire(n.now)
		}
	}
}

// pair sets up an association between a fresh listener and a fresh dialler.
func pair(t testing.TB, n *network, server, client Config) (s, c *host, sa, ca *Association) {
	t.Helper()
	server.Listen = true
	s = n.host("192.0.2.1", server)
	client.Port = 50000
	c = n.host("198.51.100.7", client)
	ca, err := c.ep.Connect(n.now, pathTo(s), s.ep.cfg.Port)
	if err != nil {
		t.Fatal(err)
	}
	n.run(10*time.Minute, func() bool { return len(s.up) == 1 && len(c.up) == 1 })
	return s, c, s.up[0], ca
}

// numbered is a message that check can recognise: its stream's count, then filler.
func numbered(stream uint16, count uint32, size int) Message {
	b := binary.BigEndian.AppendUint32(nil, count)
	for len(b) < size {
		b = append(b, byte(len(b))^byte(count))
	}
	return Message{Stream: stream, PPID: 60, Data: b}
}

// check sees that got is, per stream, exactly numbered messages in order.
func check(got []Message, want map[uint16]uint32) error {
	seen := map[uint16]uint32{}
	for _, m := range got {
		if len(m.Data) < 4 || m.PPID != 60 {
			return fmt.Errorf("a message of %d octets with PPID %d", len(m.Data), m.PPID)
		}
		count := binary.BigEndian.Uint32(m.Data)
		if count != seen[m.Stream] {
			return fmt.Errorf("stream %d: message %d where %d was due", m.Stream, count, seen[m.Stream])
		}
		for i, v := range m.Data[4:] {
			if v != byte(i+4)^byte(count) {
				return fmt.Errorf("stream %d message %d: octet %d changed", m.Stream, count, i+4)
			}
		}
		seen[m.Stream]++
	}
	for s, w := range want {
		if seen[s] != w {
			return fmt.Errorf("stream %d: %d messages of %d", s, seen[s], w)
		}
	}
	return nil
}
