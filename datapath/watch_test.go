package datapath

import (
	"testing"
	"time"

	"cordon/wire/gtpu"
)

// A radio is asked for echoes. Its answers are measured, and what has another number, or comes from elsewhere, is not.
func TestEchoesAreMeasured(t *testing.T) {
	rounds := make(chan Event, 64)
	cfg := testConfig(Netstack)
	cfg.EchoInterval = 20 * time.Millisecond
	cfg.Events = func(e Event) {
		if e.Echo != nil {
			select {
			case rounds <- e:
			default:
			}
		}
	}
	f := open(t, cfg)
	g := attach(t, f)
	asked := 0
	for got := 0; got < 2; {
		select {
		case e := <-rounds:
			if e.Source.Addr() != loopback(2) || !e.Radio || e.Report != nil || e.Echo.Answered > 0 && e.Echo.Fastest <= 0 {
				t.Fatalf("%+v", e)
			}
			if e.Echo.Answered > 0 { // a busy machine may answer none of a round in time
				got++
			}
		default:
			asked += g.answerEcho()
		}
	}
	for _, p := range f.Peers() {
		switch {
		case !p.Peer.IsValid():
			if p.Echo.Asked != 0 {
				t.Errorf("nobody was asked: %+v", p.Echo)
			}
		case p.Peer != loopback(2) || p.Sessions != 1 || p.Echo.Answered < 2 || p.Echo.Stray == 0 || p.Echo.Answered+p.Echo.Stray > 2*uint64(asked):
			t.Errorf("%+v, %d answered", p, asked)
		}
	}
	if s := f.Stats(); s.Echoes.Asked < 10 || s.Echoes.Answered < 2 || s.Echoes.Stray == 0 {
		t.Errorf("%+v", s.Echoes)
	}
}

// answerEcho answers the next request, after an answer with another number, and gives 1.
func (g *gnb) answerEcho() int {
	g.t.Helper()
	g.conn.SetReadDeadline(time.Now().Add(around))
	b := make([]byte, 1<<11)
	n, from, err := g.conn.ReadFromUDPAddrPort(b)
	if err != nil {
		g.t.Fatal(err)
	}
	h, rest, err := gtpu.Parse(b[:n])
	if err != nil || h.Type != gtpu.TypeEchoRequest {
		g.t.Fatalf("%+v, %v", h, err)
	}
	m, err := gtpu.ParseEchoRequest(h, rest)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, seq := range []uint16{m.Seq + 1, m.Seq} {
		answer, err := gtpu.EchoResponse{Seq: seq}.AppendBinary(nil)
		if err != nil {
			g.t.Fatal(err)
		}
		if _, err := g.conn.WriteToUDPAddrPort(answer, from); err != nil {
			g.t.Fatal(err)
		}
	}
	return 1
}
