package ran

import (
	"context"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// A radio that is gone leaves its phones to another: with a service request where the
// registration area has both, with an update where it has not. The address stays.
func TestRadioGone(t *testing.T) {
	both := []ident.TAI{{PLMN: testPLMN, TAC: 1}, {PLMN: testPLMN, TAC: 2}}
	gone := map[string]func(*country){
		"switched off": func(x *country) { check(x.T, x.radios[0].Switch(x.ctx, false)) },
		"refused again": func(x *country) {
			x.law(func(c *testCore) {
				c.admit = func(name string, _ int) ngap.Message {
					if name == "tower-1" {
						return &ngap.NGSetupFailure{Cause: ngap.CauseMiscUnspecified}
					}
					return nil
				}
				_ = c.byName["tower-1"].Close()
			})
		},
	}
	for how, leave := range gone {
		for _, area := range [][]ident.TAI{both, nil} {
			t.Run(how, func(t *testing.T) {
				inCountry(t, []ident.TAC{1, 2}, func(c *testCore, _ *PhoneConfig) { c.area = area }, func(x *country) {
					check(t, x.u.Register(x.ctx))
					before := x.awaitOn(x.radios[0])
					leave(x)
					after := x.awaitOn(x.radios[1])
					if before.Sessions[0].Addr != after.Sessions[0].Addr || after.Echoed <= before.Echoed {
						t.Errorf("before %+v, after %+v", before, after)
					}
					if updates := x.asked(2, nas.TypeRegistrationRequest); updates != map[bool]int{true: 0, false: 1}[area != nil] {
						t.Errorf("%d updates with the area %v", updates, area)
					}
				})
			})
		}
	}
}

// A phone whose better radio is back uses it again once it is idle.
func TestRadioBack(t *testing.T) {
	inCountry(t, []ident.TAC{1, 2}, nil, func(x *country) {
		check(t, x.u.Register(x.ctx))
		check(t, x.radios[0].Switch(x.ctx, false))
		x.awaitOn(x.radios[1])
		check(t, x.radios[0].Switch(x.ctx, true))
		check(t, x.radios[0].Await(x.ctx, func(s RadioStatus) bool { return s.Up }))
		if x.u.Radio() != x.radios[1] {
			t.Error("it left in the middle of a connection")
		}
		check(t, x.u.Do(x.ctx, Pending{})) // nothing, or the connection it has
		ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
		defer cancel()
		check(t, x.u.Idle(ctx))
		x.awaitOn(x.radios[0])
	})
}

// Uplink data goes along with the update, so that traffic goes on at once.
func TestUpdateCarriesUplinkData(t *testing.T) {
	var update *nas.RegistrationRequest
	inCountry(t, []ident.TAC{1, 2}, func(c *testCore, _ *PhoneConfig) {
		c.hook = func(u *testConn, m nas.Message) bool {
			if r, ok := m.(*nas.RegistrationRequest); ok && r.Kind == nas.RegistrationMobility {
				update = r
			}
			return false
		}
	}, func(x *country) {
		check(t, x.u.Register(x.ctx))
		x.awaitOn(x.radios[0])
		check(t, x.radios[1].Switch(x.ctx, false))
		check(t, x.radios[0].Switch(x.ctx, false))
		check(t, x.u.Await(x.ctx, func(s Status) (bool, error) { return !s.Camped && !s.Connected, nil }))
		check(t, x.u.Do(x.ctx, Pending{}))
		check(t, x.radios[1].Switch(x.ctx, true))
		x.awaitOn(x.radios[1])
		x.core.mu.Lock()
		defer x.core.mu.Unlock()
		if update == nil || update.UplinkData == nil || !update.UplinkData.Has(1) || update.SessionStatus == nil {
			t.Errorf("the update says %+v", update)
		}
	})
}
