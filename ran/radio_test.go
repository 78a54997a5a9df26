package ran

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

// A radio that is held back is launched all the same, its cell barred, and comes up once the
// core has changed its mind.
func TestLaunchPending(t *testing.T) {
	wait := ngap.Wait60s
	for name, tc := range map[string]struct {
		failure ngap.NGSetupFailure
		cfg     func(*RadioConfig)
		tries   int // in ten minutes
	}{
		"as told":      {ngap.NGSetupFailure{TimeToWait: &wait}, func(*RadioConfig) {}, 11},
		"in a hurry":   {ngap.NGSetupFailure{TimeToWait: &wait}, func(c *RadioConfig) { c.MaxWait = 10 * time.Second }, 61},
		"not told":     {ngap.NGSetupFailure{}, func(*RadioConfig) {}, 1},
		"by our clock": {ngap.NGSetupFailure{}, func(c *RadioConfig) { c.RetryRefused = 2 * time.Minute }, 6},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestCore(t)
				defer c.close()
				tc.failure.Cause = ngap.CauseMiscControlProcessingOverload
				c.admit = func(string, int) ngap.Message { return &tc.failure }
				cfg := testRadio(c)
				tc.cfg(&cfg)
				r, err := Launch(cfg)
				check(t, err)
				defer r.Close()
				u, err := r.Add(t.Context(), firstIMSI, ptr(testPhone(c)))
				check(t, err)
				check(t, u.Do(t.Context(), PowerOn{}))
				time.Sleep(10*time.Minute + time.Second)
				s, err := r.Status(t.Context())
				check(t, err)
				c.mu.Lock()
				n := c.setups
				c.admit = nil
				c.mu.Unlock()
				if n != tc.tries || s.Refused != n || s.Up || s.Err == nil {
					t.Errorf("%d tries, %+v", n, s)
				}
				if tc.tries == 1 {
					return
				}
				check(t, u.Await(t.Context(), func(s Status) (bool, error) { return s.State == Registered, nil }))
			})
		})
	}
}

func ptr[T any](v T) *T { return &v }

// A change of configuration holds once the core has accepted it, and phones hear of it.
func TestUpdateHoldsOnceAccepted(t *testing.T) {
	inBubble(t, nil, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		check(t, u.Idle(ctx))
		r := u.Radio()
		c.mu.Lock()
		c.update = &ngap.RANConfigurationUpdateFailure{Cause: ngap.CauseMiscUnspecified}
		c.mu.Unlock()
		m, err := r.Update(ctx, "", []ident.TAC{2}, nil)
		check(t, err)
		if s, _ := r.Status(ctx); m.Kind() != ngap.Unsuccessful || s.TACs[0] != 1 {
			t.Errorf("after a refusal (%T) its area is %v", m, s.TACs)
		}
		c.mu.Lock()
		c.update = nil
		c.mu.Unlock()
		_, err = r.Update(ctx, "", []ident.TAC{2}, nil)
		check(t, err)
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered && s.Cell.TAC == 2, nil }))
		if s, _ := r.Status(ctx); s.TACs[0] != 2 {
			t.Errorf("its area is %v", s.TACs)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.asked[2] == nil {
			t.Error("the phone did not update its registration")
		}
	})
}
