package amf

import (
	"testing"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// TestClassedWhileRegistering: a subscriber who becomes protected while a registration is under way is, though the
// challenge was made before.
func TestClassedWhileRegistering(t *testing.T) {
	w := newWorld(t, testConfig())
	w.obey("away=1")
	for i, when := range []string{"before the vector", "before the answer"} {
		p := w.next(uint64(i))
		w.connect(p, p.initialPDU(p.registration(nas.RegistrationInitial)), false)
		if when == "before the vector" {
			w.step(Classed{SUPI: p.supi, Protected: true})
		}
		w.answerVector(p, VectorOK)
		if when == "before the answer" {
			w.step(Classed{SUPI: p.supi, Protected: true})
		}
		w.answerChallenge(p)
		w.uplink(p, p.complete(true))
		if _, ok := w.a.Device(p.supi); ok {
			t.Errorf("classed %s: registered where protected subscribers may not be", when)
		}
	}
}

// TestSetUpAgainstTheLaw: a session whose radio answers after the law has come to refuse it is taken away
// again.
func TestSetUpAgainstTheLaw(t *testing.T) {
	w := newWorld(t, testConfig())
	p := w.next(1)
	w.register(p)
	w.establish(p, 1)
	c := w.a.ues[p.supi].conn
	c.active, c.asking = 0, c.active // as before the radio's answer
	w.obey("slice=1:9")              // of another slice than the session's
	w.tick(judgePause)
	w.fromRadio(p, &ngap.PDUSessionResourceSetupResponse{
		AMFUENGAPID: p.conn, RANUENGAPID: c.ran, Setup: []ngap.PDUSessionTransfer{{ID: 1, Transfer: []byte("radio's")}},
	})
	if c.active != 0 {
		t.Errorf("sessions %v are served", c.active)
	}
}

// TestProtectedDoNotWait: protected subscribers leave a radio that may serve nobody at once, others when it is their turn.
func TestProtectedDoNotWait(t *testing.T) {
	w := newWorld(t, testConfig())
	p, other := w.next(1), w.next(2)
	p.vip = true
	w.register(p)
	w.register(other)
	w.obey("ban=1")
	w.tick(judgePause)
	if info, _ := w.a.Device(p.supi); info.Connected {
		t.Error("a protected subscriber is still connected by a radio that is refused")
	}
	if info, _ := w.a.Device(other.supi); !info.Connected {
		t.Error("everybody was sent away at once")
	}
}

// TestKeptSession: a session that stands, since another of its identity was asked for badly, is judged by where it leads.
func TestKeptSession(t *testing.T) {
	w := newWorld(t, testConfig())
	p := w.next(1)
	w.register(p)
	w.establish(p, 1)
	u := w.a.ues[p.supi]
	internet := w.a.lists.route(u.routes[1])
	u.routes[1] = w.a.lists.number(route{internet.slice, "ims"}) // as asked for
	w.step(SMKept{SUPI: p.supi, PSI: 1, SNSSAI: internet.slice, DNN: internet.dnn})
	if got := w.a.lists.route(u.routes[1]); got != internet {
		t.Errorf("it is judged as %+v", got)
	}
	w.step(SMKept{SUPI: p.supi, PSI: 1, SNSSAI: ident.SNSSAI{SST: 7, SD: ident.NoSD}, DNN: internet.dnn}) // that the record has not
	if u.conn.active.Has(1) {
		t.Error("a session that is refused is served")
	}
}
