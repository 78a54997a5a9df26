package datapath

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"time"

	"cordon/wire/gtpu"
)

// pipe is a way to other user planes in memory.
type pipe struct {
	in   chan sent
	out  chan sent
	done chan struct{}
}

type sent struct {
	b  []byte
	at netip.AddrPort
}

func newPipe() *pipe {
	return &pipe{in: make(chan sent, 16), out: make(chan sent, 16), done: make(chan struct{})}
}

func (p *pipe) ReadBatch(bufs [][]byte, sizes []int, from []netip.AddrPort) (int, error) {
	select {
	case d := <-p.in:
		sizes[0], from[0] = copy(bufs[0], d.b), d.at
		return 1, nil
	case <-p.done:
		return 0, net.ErrClosed
	}
}

func (p *pipe) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	p.out <- sent{append([]byte(nil), b...), to}
	return len(b), nil
}

func (p *pipe) Close() error { close(p.done); return nil }

// The session of a user plane inside a tunnel: its packets take N9 both ways, and what comes by N3 in that user plane's
// name goes nowhere.
func TestN9(t *testing.T) {
	way, inside := newPipe(), netip.AddrPortFrom(loopback(2), gtpu.Port)
	cfg := testConfig(Netstack)
	cfg.Echo = netip.MustParseAddrPort("10.45.0.1:7")
	cfg.N9, cfg.N9Peers = way, []netip.Addr{inside.Addr()}
	f := open(t, cfg)
	g := attach(t, f)
	packet := udpPacket(ue, gate, 4000, 7, []byte("hello"))
	way.in <- sent{g.wrapped(packet), inside}
	select {
	case back := <-way.out:
		if back.at != inside || !bytes.HasSuffix(back.b, []byte("hello")) {
			t.Errorf("%x came back to %s", back.b, back.at)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing came back by N9")
	}
	for end := time.Now().Add(time.Minute); f.Stats().Faults[FaultOutside] == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what came by N3 in its name was not dropped")
		}
		g.send(packet)
	}
	if n := f.Stats().Uplink.Packets; n != 1 || len(way.out) != 0 {
		t.Errorf("%d packets went up, %d came back", n, len(way.out))
	}
}
