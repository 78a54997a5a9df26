package amf

import (
	"fmt"
	"testing"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// TestFloodIsPaidByItsRadio: a radio that fills the table of half-open connections evicts its own,
// and a registration that is under way through another goes on.
func TestFloodIsPaidByItsRadio(t *testing.T) {
	cfg := testConfig()
	cfg.Limits.HalfOpen = 100
	w := newWorld(t, cfg)
	honest := w.phone("honest")
	w.connect(honest, honest.initialPDU(honest.registration(nas.RegistrationInitial)), false)
	flood := func() {
		for i := range 1000 {
			p := w.phone(fmt.Sprintf("flood-%d", i))
			p.radio = 2
			w.connect(p, p.initialPDU(p.registration(nas.RegistrationInitial)), false)
		}
	}
	flood()
	c := w.a.conns[honest.conn]
	if c == nil || c.state != stateVector {
		t.Fatalf("the honest radio's connection was evicted: %+v", c)
	}
	w.answerVector(honest, VectorOK)
	flood()
	w.answerChallenge(honest)
	w.uplink(honest, honest.complete(true))
	w.uplink(honest, honest.protected(&nas.RegistrationComplete{}))
	if _, ok := w.a.Device(honest.supi); !ok {
		t.Error("the honest radio's device did not register")
	}
}

// TestUnansweredReleases: first messages that end at once, and whose release the radio never
// answers, are held in a bounded number, whoever else waits for a release.
func TestUnansweredReleases(t *testing.T) {
	cfg := testConfig()
	cfg.Limits.HalfOpen = 10
	w := newWorld(t, cfg)
	honest := w.phone("honest")
	w.connect(honest, []byte{0x7e}, false)
	for i := range 1000 {
		p := w.phone(fmt.Sprintf("flood-%d", i))
		p.radio = 2
		w.connect(p, []byte{0x7e}, false)
		if n := w.a.Connections(); n > 41 {
			t.Fatalf("%d connections", n)
		}
	}
	if w.a.conns[honest.conn] == nil {
		t.Error("the honest radio's connection was given up")
	}
	w.fromRadio(honest, &ngap.UEContextReleaseComplete{AMFUENGAPID: honest.conn, RANUENGAPID: honest.ran})
	w.tick(tRelease)
	if w.a.Connections() != 0 || w.a.closing.n != 0 {
		t.Errorf("afterwards %d connections, %d closing", w.a.Connections(), w.a.closing.n)
	}
}
