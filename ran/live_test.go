package ran

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// groups is a load of three kinds of phones on three radios.
func groups(c *testCore) Config {
	radio := testRadio(c)
	radio.Reconnect = true
	cfg := Config{Radios: Radios(3, radio), Rate: 100, PPS: 5}
	for i := range cfg.Radios {
		cfg.Radios[i].TACs = []ident.TAC{ident.TAC(i + 1)}
	}
	quiet := testPhone(c)
	quiet.Sessions = nil
	cfg.Groups = []Group{
		{Name: "public", Phones: 20, First: firstIMSI, Phone: testPhone(c), Reach: Reach(0, 1, 2), Target: serviceSide},
		{Name: "protected", Phones: 10, First: firstIMSI + 100, Phone: testPhone(c), Reach: Reach(0, 2), Target: serviceSide},
		{Name: "meters", Phones: 5, First: firstIMSI + 200, Phone: quiet, Reach: Reach(0)},
	}
	return cfg
}

// protected reports whether a connection is of the second group.
func protected(u *testConn) bool {
	return u.dev != nil && u.dev.supi >= firstIMSI+100 && u.dev.supi < firstIMSI+200
}

// What phones do while the law changes under them: protected ones leave the radio that they
// may no longer use, the others stay; then the radio is gone for all.
func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		c := newTestCore(t)
		defer c.close()
		live, err := Begin(ctx, groups(c))
		check(t, err)
		for _, g := range []string{"public", "protected", "meters"} {
			check(t, live.AwaitOn(ctx, g, 0))
		}
		before := live.Phones()

		c.mu.Lock()
		c.hook = func(u *testConn, m nas.Message) bool {
			_, service := m.(*nas.ServiceRequest)
			if !service || !protected(u) || u.tai.TAC != 1 {
				return false
			}
			u.down(&nas.ServiceReject{Cause: nas.CauseNoSuitableCells}, nas.HeaderCiphered)
			u.release(ngap.CauseNASNormalRelease)
			return true
		}
		for _, u := range c.conns {
			if protected(u) {
				u.release(ngap.CauseNASUnspecified)
			}
		}
		c.mu.Unlock()
		check(t, live.AwaitOn(ctx, "protected", 2))
		if on := live.On("public"); on["tower-1"] != 20 {
			t.Errorf("others were moved too: %v", on)
		}

		check(t, live.Radio(0).Switch(ctx, false))
		check(t, live.AwaitOn(ctx, "public", 1))
		check(t, live.AwaitOn(ctx, "meters"))
		after := live.Phones()
		for i, a := range after {
			if b := before[i]; a.UE != b.UE || len(a.Sessions) > 0 && (a.Sessions[0].Addr != b.Sessions[0].Addr || a.Echoed <= b.Echoed) {
				t.Errorf("%s phone %d: before %+v, after %+v", a.Group, a.Number, b, a)
			}
		}
		if u := live.Phone("protected", 3); u == nil || u.SUPI() != firstIMSI+103 || live.Phone("protected", 10) != nil {
			t.Error("a phone is not found by its number")
		}
		judgeLive(t, live.Close())
	})
}

func judgeLive(t *testing.T, s Summary) {
	t.Helper()
	b, _ := json.Marshal(s)
	public, guarded, meters := s.Groups[0], s.Groups[1], s.Groups[2]
	switch {
	case s.OK != true, s.Moves != 30, s.NoSuitableCell != 5, s.Reregistered != 0, s.Corrupted != 0, s.WrongTunnel != 0:
		t.Errorf("%s", b)
	case public.On["tower-2"] != 20, public.PhonesEchoed != 20, len(public.Rejected) != 0:
		t.Errorf("public: %s", b)
	case guarded.On["tower-3"] != 10, guarded.Rejected["service rejected: no suitable cells in tracking area"] != 10:
		t.Errorf("protected: %s", b)
	case meters.NoSuitableCell != 5, len(meters.On) != 0, meters.Registered != 5, meters.PacketsSent != 0:
		t.Errorf("meters: %s", b)
	}
}

// Run, too, keeps groups apart, and does without a radio that is optional.
func TestRunGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestCore(t)
		defer c.close()
		c.admit = func(name string, _ int) ngap.Message {
			if name == "tower-1" {
				return &ngap.NGSetupFailure{Cause: ngap.CauseMiscUnspecified}
			}
			return nil
		}
		cfg := groups(c)
		cfg.Traffic, cfg.Patience = 10*time.Second, 30*time.Second
		cfg.Radios[0].Optional = true
		s, err := Run(t.Context(), cfg)
		check(t, err)
		if s.OK || s.RadiosUp != 2 || s.Groups[0].On["tower-2"] != 20 || s.Groups[1].On["tower-3"] != 10 ||
			s.Groups[2].NoSuitableCell != 5 || s.Failed["no suitable cell"] != 5 || s.PhonesEchoed != 30 {
			b, _ := json.Marshal(s)
			t.Errorf("%s", b)
		}
		cfg.Radios[0].Optional = false
		if _, err := Run(t.Context(), cfg); err == nil {
			t.Error("it ran without a radio that it needs")
		}
	})
}
