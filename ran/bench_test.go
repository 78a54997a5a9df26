package ran

import "testing"

// BenchmarkAttach is the time of radio, phone and the test core together for one phone that
// registers with SUCI profile A and opens a session.
func BenchmarkAttach(b *testing.B) {
	c := newTestCore(b)
	defer c.close()
	cfg := Config{Groups: []Group{{Phones: b.N, First: firstIMSI, Phone: testPhone(c)}}, Radios: Radios(2, testRadio(c))}
	b.ReportAllocs()
	b.ResetTimer()
	s, err := Run(b.Context(), cfg)
	if err != nil || !s.OK {
		b.Fatalf("%+v, %v", s, err)
	}
}

// BenchmarkProbe is one user packet made, echoed in place and verified.
func BenchmarkProbe(b *testing.B) {
	e := newEndpoint(nil, phoneSide.Addr(), nil, nil)
	f := &flow{probes: flowID(firstIMSI, 1)}
	e.address(f, phoneSide.Addr(), [8]byte{})
	e.install(f, 7, 9, serviceSide.Addr(), 1)
	e.start(f, 1372, serviceSide)
	buf := make([]byte, 0, 2048)
	out := make([]byte, 0, 64)
	b.SetBytes(1400)
	b.ReportAllocs()
	for b.Loop() {
		e.mu.Lock()
		p, _ := e.probe(f, f.nextLane(), buf)
		e.mu.Unlock()
		in := p[len(p)-1400:]
		copy(in[12:], append(append(make([]byte, 0, 8), in[16:20]...), in[12:16]...))
		copy(in[20:], append(append(make([]byte, 0, 4), in[22:24]...), in[20:22]...))
		p[7] = 7 // the radio's own tunnel
		p[4], p[5], p[6] = 0, 0, 0
		e.arrived(p, f.peer, out)
	}
	if e.counts.Echoed != e.counts.Sent {
		b.Fatalf("%+v", e.counts)
	}
}
