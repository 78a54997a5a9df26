package amf

import (
	"runtime"
	"testing"

	"cordon/ident"
	"cordon/wire/ngap"
)

// next is a phone that nothing remembers once it is idle.
func (w *world) next(msin uint64) *phone {
	p := *w.phone("model")
	p.supi = ident.SUPI(15<<56 | 1010000000000 + msin)
	return &p
}

// TestMemory holds the budget of a registered, idle device with a session: everything that the
// AMF keeps of it, maps and timers with it.
func TestMemory(t *testing.T) {
	const devices, budget = 5000, 600
	w := newWorld(t, testConfig())
	w.bare = true
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range devices {
		p := w.next(uint64(i))
		w.register(p)
		w.establish(p, 1)
		w.fromRadio(p, &ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: p.conn, RANUENGAPID: p.ran, UERadioCapability: make([]byte, 2000)})
		w.idle(p)
	}
	each := (heap() - before) / devices
	if w.a.Len() != devices || w.a.Connections() != 0 {
		t.Fatalf("%d devices, %d connections", w.a.Len(), w.a.Connections())
	}
	t.Logf("%d octets for each device", each)
	if each > budget {
		t.Errorf("%d octets for each device, the budget is %d", each, budget)
	}
	runtime.KeepAlive(w)
}

// BenchmarkRegistration is the machine's share of an initial registration with 5G AKA, NAS security,
// context setup, one session, release and deregistration by silence: its Steps alone, with fifty rules.
func BenchmarkRegistration(b *testing.B) {
	w := newWorld(b, testConfig())
	w.bare = true
	w.law = fiftyRules(b)
	w.step(NewLaw{Law: w.law, Forbidden: w.law.Forbidden()})
	b.ReportAllocs()
	n := uint64(0)
	w.spent = 0
	for b.Loop() {
		n++
		p := w.next(n)
		w.register(p)
		w.establish(p, 1)
		w.idle(p)
		w.step(Deregister{SUPI: p.supi})
	}
	b.ReportMetric(float64(w.spent.Nanoseconds())/float64(b.N), "machine-ns/op")
}

// BenchmarkServiceRequest is the same for a device that comes back and goes.
func BenchmarkServiceRequest(b *testing.B) {
	w := newWorld(b, testConfig())
	w.bare = true
	p := w.next(1)
	w.register(p)
	w.idle(p)
	w.spent = 0
	for b.Loop() {
		w.asks(p, []string{"service", "context"}, func(s string) bool { return s == "context" })
		w.idle(p)
	}
	b.ReportMetric(float64(w.spent.Nanoseconds())/float64(b.N), "machine-ns/op")
}
