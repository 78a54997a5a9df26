package ran

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

func TestOverloadActions(t *testing.T) {
	action := func(a ngap.OverloadAction) *ngap.OverloadAction { return &a }
	all := []ngap.RRCEstablishmentCause{ngap.RRCEmergency, ngap.RRCHighPriorityAccess, ngap.RRCMTAccess, ngap.RRCMOSignalling, ngap.RRCMOData}
	used, other := []ident.SNSSAI{{SST: 1}}, []ident.SNSSAI{{SST: 2}}
	for name, tc := range map[string]struct {
		m    ngap.OverloadStart
		held []ngap.RRCEstablishmentCause
	}{
		"nothing said":   {ngap.OverloadStart{}, []ngap.RRCEstablishmentCause{ngap.RRCMOSignalling, ngap.RRCMOData}},
		"data":           {ngap.OverloadStart{Response: action(ngap.OverloadRejectNonEmergencyMO)}, []ngap.RRCEstablishmentCause{ngap.RRCMOData}},
		"signalling":     {ngap.OverloadStart{Response: action(ngap.OverloadRejectSignalling)}, []ngap.RRCEstablishmentCause{ngap.RRCMOSignalling, ngap.RRCMOData}},
		"emergency only": {ngap.OverloadStart{Response: action(ngap.OverloadPermitEmergencyAndMT)}, []ngap.RRCEstablishmentCause{ngap.RRCHighPriorityAccess, ngap.RRCMOSignalling, ngap.RRCMOData}},
		"priority only":  {ngap.OverloadStart{Response: action(ngap.OverloadPermitHighPriorityAndMT)}, []ngap.RRCEstablishmentCause{ngap.RRCEmergency, ngap.RRCMOSignalling, ngap.RRCMOData}},
		"its slice":      {ngap.OverloadStart{Slices: []ngap.SliceOverload{{Slices: used}}}, []ngap.RRCEstablishmentCause{ngap.RRCMOSignalling, ngap.RRCMOData}},
		"another slice":  {ngap.OverloadStart{Slices: []ngap.SliceOverload{{Slices: other}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := overload{on: true, msg: tc.m}
			for _, cause := range all {
				if got := o.refuses(cause, used); got != slices.Contains(tc.held, cause) {
					t.Errorf("cause %d refused: %v", cause, got)
				}
			}
		})
	}
}

// A reduction refuses so many of each hundred, not the first ones.
func TestOverloadReduction(t *testing.T) {
	percent := uint8(30)
	o := overload{on: true, msg: ngap.OverloadStart{TrafficLoadReduction: &percent}}
	refused, run, longest := 0, 0, 0
	for range 1000 {
		if run++; o.refuses(ngap.RRCMOSignalling, nil) {
			refused++
			run = 0
		}
		longest = max(longest, run)
	}
	if refused != 300 || longest > 4 {
		t.Errorf("%d of 1000 refused, %d in a row let in", refused, longest)
	}
}

// An overloaded radio's phones go to the next one.
func TestOverloadSendsPhonesAway(t *testing.T) {
	inCountry(t, []ident.TAC{1, 1}, nil, func(x *country) {
		x.law(func(c *testCore) { c.send(c.byName["tower-1"], &ngap.OverloadStart{}, 0) })
		check(t, x.radios[0].Await(x.ctx, func(s RadioStatus) bool { return s.Overloaded }))
		check(t, x.u.Do(x.ctx, PowerOn{}))
		x.awaitOn(x.radios[1])
		synctest.Wait()
		if !slices.Contains(x.notes, NoteNotLetIn) || slices.Contains(x.notes, NoteRegistrationFailed) {
			t.Errorf("notes: %v", x.notes)
		}
		check(t, x.u.Idle(x.ctx)) // and back when its wait is over
		time.Sleep(time.Minute)
		x.law(func(c *testCore) { c.send(c.byName["tower-1"], &ngap.OverloadStop{}, 0) })
		check(t, x.radios[0].Await(x.ctx, func(s RadioStatus) bool { return !s.Overloaded }))
		check(t, x.u.Do(x.ctx, Pending{}))
		x.awaitOn(x.u.Radio())
	})
}

// With one radio in reach a phone waits for it, and its registration does not count as tried.
func TestOverloadIsWaitedFor(t *testing.T) {
	inBubble(t, func(_ *testCore, r *RadioConfig, _ *PhoneConfig) { r.RejectWait = 3 * time.Second }, func(ctx context.Context, c *testCore, u *UE) {
		c.mu.Lock()
		c.send(c.byName["tower"], &ngap.OverloadStart{}, 0)
		c.mu.Unlock()
		r := u.Radio()
		check(t, r.Await(ctx, func(s RadioStatus) bool { return s.Overloaded }))
		check(t, u.Do(ctx, PowerOn{}))
		time.Sleep(10*time.Minute + time.Second)
		c.mu.Lock()
		if n := c.asked[1]; len(n) != 0 {
			t.Errorf("the overloaded core was asked %v", n)
		}
		c.send(c.byName["tower"], &ngap.OverloadStop{}, 0)
		c.mu.Unlock()
		began := time.Now()
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
		if took := time.Since(began); took > time.Second {
			t.Errorf("registered %v after the overload", took)
		}
	})
}
