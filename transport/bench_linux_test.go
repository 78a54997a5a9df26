package transport

import (
	"context"
	"net/netip"
	"testing"
)

// benchPair gives an association over UDP on the loopback interface.
func benchPair(b *testing.B) (s, c Conn) {
	b.Helper()
	l, choice, err := Listen(Config{Mode: UDP, EphemeralUDP: true, Addr: netip.MustParseAddrPort("127.0.0.1:38400")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	c, _, err = Dial(context.Background(), DialConfig{Mode: UDP, UDPPort: choice.UDPPort, Remote: l.Addr()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Abort)
	if s, err = l.Accept(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Abort)
	return s, c
}

// BenchmarkStream sends messages of 200 octets one way as fast as they are taken. CPU is
// that of both ends together.
func BenchmarkStream(b *testing.B) {
	s, c := benchPair(b)
	data := make([]byte, 200)
	done := make(chan error)
	before := cpuTime(b)
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		for range b.N {
			if _, err := s.Receive(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for i := range b.N {
		for {
			err := c.Send(Message{Stream: uint16(i) % 16, PPID: PPIDNGAP, Data: data})
			if err == nil {
				break
			}
			if err != ErrBacklog {
				b.Fatal(err)
			}
			pauseBriefly()
		}
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/message")
}

// BenchmarkRequest sends a message of 200 octets and waits for the answer, with the given
// number under way at once: what N2 is like.
func BenchmarkRequest(b *testing.B) {
	for _, n := range []struct {
		name   string
		atOnce int
	}{{"one", 1}, {"thirty-two", 32}} {
		b.Run(n.name, func(b *testing.B) {
			s, c := benchPair(b)
			data := make([]byte, 200)
			go func() {
				for {
					m, err := s.Receive()
					if err != nil || s.Send(m) != nil {
						return
					}
				}
			}()
			before := cpuTime(b)
			b.ReportAllocs()
			b.ResetTimer()
			sent := 0
			for got := range b.N {
				for ; sent < min(got+n.atOnce, b.N); sent++ {
					if err := c.Send(Message{Stream: 1, PPID: PPIDNGAP, Data: data}); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := c.Receive(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime(b)-before)/float64(2*b.N), "cpu-ns/message")
		})
	}
}
