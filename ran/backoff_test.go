package ran

import (
	"context"
	"testing"
	"time"

	"cordon/wire/nas"
)

func TestSessionBackOff(t *testing.T) {
	minute, zero, never := time.Minute, time.Duration(0), nas.Deactivated
	for name, tc := range map[string]struct {
		reject nas.PDUSessionEstablishmentReject
		after  time.Duration // when the phone asks again; 0 for not by itself
	}{
		"a minute":       {nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseInsufficientResources, BackOff: &minute}, time.Minute},
		"no wait":        {nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseInsufficientResources, BackOff: &zero}, 0},
		"for good":       {nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseNotSubscribed, BackOff: &never}, 0},
		"by the cause":   {nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseNotSubscribed}, 12 * time.Minute},
		"cause for none": {nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseNetworkFailure}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) { c.reject = &tc.reject }, func(ctx context.Context, c *testCore, u *UE) {
				began := time.Now()
				if err := u.Register(ctx); err == nil {
					t.Fatal("it has its session")
				}
				c.mu.Lock()
				c.reject = nil
				c.mu.Unlock()
				short, cancel := context.WithTimeout(ctx, 30*time.Minute)
				defer cancel()
				err := u.Await(short, func(s Status) (bool, error) { x, _ := s.Session(1); return x.Addr.IsValid(), nil })
				if took := time.Since(began).Truncate(time.Second); (err == nil) != (tc.after > 0) || err == nil && took != tc.after {
					t.Errorf("%v after %v", err, took)
				}
				s, err := u.Status(ctx)
				check(t, err)
				if s.Rejected["session rejected: "+tc.reject.Cause.String()] != 1 {
					t.Errorf("rejected: %v", s.Rejected)
				}
			})
		})
	}
}

// While a data network is to be left alone, a phone asks for no session there, and for others
// as it likes; switched off and on, it has forgotten.
func TestLeftAlone(t *testing.T) {
	never := nas.Deactivated
	inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) {
		c.reject = &nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseInsufficientResources, BackOff: &never}
	}, func(ctx context.Context, c *testCore, u *UE) {
		if err := u.Register(ctx); err == nil {
			t.Fatal("it has its session")
		}
		c.mu.Lock()
		c.reject = nil
		c.mu.Unlock()
		check(t, u.Do(ctx, OpenSession{2, SessionConfig{DNN: "internet"}}))
		check(t, u.Do(ctx, OpenSession{3, SessionConfig{DNN: "ims"}}))
		check(t, u.Await(ctx, func(s Status) (bool, error) { x, _ := s.Session(3); return x.Tunnel, nil }))
		s, err := u.Status(ctx)
		check(t, err)
		if _, ok := s.Session(2); ok {
			t.Error("it asked for a session that it is to leave alone")
		}
		check(t, u.Deregister(ctx, true))
		check(t, u.Register(ctx))
	})
}
