package node

import (
	"os"
	"sync"
	"testing"

	"cordon/console"
	"cordon/evidence"
	"cordon/ran"
	"cordon/wire/ngap"
)

// TestLawFlips: radios and phones that come and go while the law changes again and again end where the last one has them.
func TestLawFlips(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.cfg.Trust.Drain = DrainRate{Devices: 1000, Radios: 8} })
	defer l.audit()
	l.load.Rate = 40
	l.begin(l.group("public", 30, hill, mill, port), l.group("protected", 10, mill, hill, port))
	laws := []string{rule("OWN-1", at(hill), ban), rule("OWN-2", at(mill), away), rule("OWN-3", at(mill), ban), rule("OWN-4", at(hill), sealed), ""}
	for i := range 25 {
		l.amend(laws[i%len(laws)])
		if i%5 == 3 { // with an order between
			r, err := l.Cut(t.Context(), console.CutOrder{Act: l.who, Element: "port"})
			l.must(err)
			l.must(l.Restore(t.Context(), l.who, r.Number))
		}
	}
	l.amend(rule("OWN-1", at(hill), ban) + rule("OWN-2", at(mill), away))
	l.on("public", mill, port)
	l.on("protected", port)
	l.is(hill, "absent")
	l.is(mill, "connected")
	l.eventually("nothing is left over", func() bool {
		load, err := l.Load(t.Context())
		return err == nil && load == Load{Radios: 2, Devices: 40, Connected: 40, Sessions: 40}
	})
	if st, err := l.Law(t.Context()); err != nil || st.Draining != 0 || st.Problem != "" {
		t.Errorf("%+v, %v", st, err)
	}
}

// TestDrainOfTheSilent: a radio that answers nothing does not keep its devices by that.
func TestDrainOfTheSilent(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	var mu sync.Mutex
	silent := false
	l.load.Radios[hill].Tamper = func(m ngap.Message) []ngap.Message {
		mu.Lock()
		defer mu.Unlock()
		if silent {
			return nil
		}
		return []ngap.Message{m}
	}
	l.load.Radios[hill].Deaf = func(ngap.Message) bool {
		mu.Lock()
		defer mu.Unlock()
		return silent
	}
	l.begin(l.group("public", 5, hill, mill))
	l.on("public", hill)
	before := l.addresses("public")
	mu.Lock()
	silent = true
	mu.Unlock()
	l.amend(rule("OWN-1", at(hill), ban))
	l.is(hill, "absent")
	l.on("public", mill)
	l.same("public", before)
	l.tells(evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"})
}

// TestCutRestoredWhileDraining: a radio that may serve again while it is being drained goes on, with those that it
// still has.
func TestCutRestoredWhileDraining(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.cfg.Trust.Drain = DrainRate{Devices: 1, Radios: 1} })
	defer l.audit()
	l.begin(l.group("public", 40, hill))
	l.on("public", hill)
	before := l.addresses("public")
	r, err := l.Cut(t.Context(), console.CutOrder{Act: l.who, Element: "hill"})
	l.must(err)
	l.is(hill, "draining")
	l.must(l.Restore(t.Context(), l.who, r.Number))
	l.is(hill, "connected")
	l.on("public", hill)
	l.same("public", before)
	if st := l.state(hill); st.Devices != 40 {
		t.Errorf("it is %+v", st)
	}
	var radio ran.RadioStatus
	l.eventually("the radio is told that it may take phones again", func() bool {
		radio, err = l.live.Radio(hill).Status(l.soon())
		return err == nil && !radio.Overloaded
	})
	if radio.Refused != 0 || !radio.Up {
		t.Errorf("the radio is %+v", radio)
	}
}

// TestEvidenceUnwritable: while evidence cannot be written the network obeys the law as before, and says so; afterwards
// what happened meanwhile is there, or that it is lost.
func TestEvidenceUnwritable(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	l.begin(l.group("public", 2, hill, mill))
	l.on("public", hill)
	away := l.cfg.Evidence.Path + ".away"
	l.must(os.Rename(l.cfg.Evidence.Path, away))
	l.amend(rule("OWN-1", at(hill), ban))
	l.on("public", mill)
	l.eventually("the console says so", func() bool {
		st, err := l.Law(t.Context())
		return err == nil && !st.Evidence.OK && st.Evidence.Problem != ""
	})
	l.must(os.Rename(away, l.cfg.Evidence.Path))
	l.eventually("it is written again", func() bool {
		st, err := l.Law(t.Context())
		return err == nil && st.Evidence.OK && st.Evidence.Pending == 0
	})
	l.tells(l.by(evidence.Act, "reload", ""), evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"})
}
