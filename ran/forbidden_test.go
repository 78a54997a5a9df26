package ran

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// notIn has the core refuse a tracking area.
func notIn(tac ident.TAC, cause nas.Cause) func(*testCore) {
	return func(c *testCore) {
		c.hook = func(u *testConn, m nas.Message) bool {
			if u.tai.TAC != tac {
				return false
			}
			switch m.(type) {
			case *nas.RegistrationRequest:
				u.down(&nas.RegistrationReject{Cause: cause}, nas.HeaderPlain)
			case *nas.ServiceRequest:
				u.down(&nas.ServiceReject{Cause: cause}, nas.HeaderCiphered)
			default:
				return false
			}
			u.release(ngap.CauseNASNormalRelease)
			return true
		}
	}
}

var areaCauses = []nas.Cause{nas.CauseTrackingAreaNotAllowed, nas.CauseRoamingNotAllowed, nas.CauseNoSuitableCells}

func TestForbiddenAtRegistration(t *testing.T) {
	for _, cause := range areaCauses {
		t.Run(cause.String(), func(t *testing.T) {
			inCountry(t, []ident.TAC{1, 1, 2}, func(c *testCore, _ *PhoneConfig) { notIn(1, cause)(c) }, func(x *country) {
				check(t, x.u.Do(x.ctx, PowerOn{}))
				s := x.awaitOn(x.radios[2])
				time.Sleep(5 * time.Hour)
				if n := x.asked(1, nas.TypeRegistrationRequest); n != 1 {
					t.Errorf("it asked %d times where it may not be", n)
				}
				if want := []ident.TAI{{PLMN: testPLMN, TAC: 1}}; !slices.Equal(s.Forbidden, want) || s.Moves != 1 {
					t.Errorf("forbidden %v after %d moves", s.Forbidden, s.Moves)
				}
				if why := (Failure{What: "registration rejected", MM: cause}).String(); s.Rejected[why] != 1 {
					t.Errorf("rejected: %v", s.Rejected)
				}
			})
		})
	}
}

// A phone whose registration comes to nothing five times in one tracking area waits for T3502; in another one it begins
// to count anew (TS 24.501 §5.5.1.1).
func TestAttemptsElsewhere(t *testing.T) {
	lost := 0
	inCountry(t, []ident.TAC{1, 2}, func(c *testCore, _ *PhoneConfig) {
		c.hook = func(u *testConn, m nas.Message) bool {
			if _, ok := m.(*nas.RegistrationRequest); !ok || u.tai.TAC == 2 && lost > 4 {
				return false
			}
			lost++
			u.release(ngap.CauseNASNormalRelease)
			return true
		}
	}, func(x *country) {
		check(t, x.u.Do(x.ctx, PowerOn{}))
		time.Sleep(35 * time.Second) // four times, T3511 apart
		check(t, x.radios[0].Switch(x.ctx, false))
		began := time.Now()
		x.awaitOn(x.radios[1])
		took := time.Since(began)
		x.law(func(*testCore) {
			if lost != 5 || took > time.Minute {
				t.Errorf("it is registered %v after it came, and %d attempts", took, lost)
			}
		})
		check(t, x.u.Deregister(x.ctx, true))
		check(t, x.radios[1].Switch(x.ctx, false))
		check(t, x.radios[0].Switch(x.ctx, true))
		check(t, x.u.Do(x.ctx, PowerOn{}))
		time.Sleep(5 * time.Minute)
		x.law(func(*testCore) {
			if lost != 10 {
				t.Errorf("it has tried %d times in one area", lost-5)
			}
		})
	})
}

func TestForbiddenAtService(t *testing.T) {
	for _, cause := range areaCauses {
		t.Run(cause.String(), func(t *testing.T) {
			inCountry(t, []ident.TAC{1, 2}, nil, func(x *country) {
				check(t, x.u.Register(x.ctx))
				before := x.awaitOn(x.radios[0])
				check(t, x.u.Idle(x.ctx))
				x.law(notIn(1, cause))
				check(t, x.u.Do(x.ctx, Pending{}))
				after := x.awaitOn(x.radios[1])
				kept := before.Sessions[0].Addr == after.Sessions[0].Addr
				if kept != (cause != nas.CauseTrackingAreaNotAllowed) { // which ends the registration
					t.Errorf("address %v, before %v", after.Sessions[0].Addr, before.Sessions[0].Addr)
				}
				if n := x.asked(1, nas.TypeServiceRequest); n != 1 {
					t.Errorf("asked %d times", n)
				}
			})
		})
	}
}

func TestDeregisteredForTheArea(t *testing.T) {
	inCountry(t, []ident.TAC{1, 2}, nil, func(x *country) {
		check(t, x.u.Register(x.ctx))
		x.law(func(c *testCore) {
			notIn(1, nas.CauseNoSuitableCells)(c)
			for _, u := range c.conns {
				u.down(&nas.DeregistrationRequestNetwork{Kind: nas.Deregister3GPP, Cause: nas.CauseNoSuitableCells}, nas.HeaderCiphered)
				u.release(ngap.CauseNASDeregister)
			}
		})
		x.awaitOn(x.radios[1])
		if n := x.asked(1, nas.TypeRegistrationRequest); n != 1 {
			t.Errorf("registered %d times where it may not be", n)
		}
	})
}

// A phone that may be nowhere waits, and says so; it comes back once its lists are erased.
func TestNoSuitableCell(t *testing.T) {
	inCountry(t, []ident.TAC{1}, func(c *testCore, _ *PhoneConfig) { notIn(1, nas.CauseNoSuitableCells)(c) }, func(x *country) {
		check(t, x.u.Do(x.ctx, PowerOn{}))
		time.Sleep(11 * time.Hour)
		synctest.Wait()
		if n := x.asked(1, nas.TypeRegistrationRequest); n != 1 || !slices.Contains(x.notes, NoteNoCell) {
			t.Errorf("asked %d times, %v", n, x.notes)
		}
		x.law(func(c *testCore) { c.hook = nil })
		x.awaitOn(x.radios[0])
	})
}

// Switched off and on again, a phone tries everything anew.
func TestSwitchedOffForgetsForbidden(t *testing.T) {
	inCountry(t, []ident.TAC{1, 2}, func(c *testCore, _ *PhoneConfig) { notIn(1, nas.CauseRoamingNotAllowed)(c) }, func(x *country) {
		check(t, x.u.Do(x.ctx, PowerOn{}))
		x.awaitOn(x.radios[1])
		x.law(func(c *testCore) { c.hook = nil })
		check(t, x.u.Deregister(x.ctx, true))
		check(t, x.u.Do(x.ctx, PowerOn{}))
		x.awaitOn(x.radios[0])
	})
}

func TestMobilityRestrictionsAreKept(t *testing.T) {
	list := &ngap.MobilityRestrictions{ServingPLMN: testPLMN, Forbidden: []ngap.ForbiddenArea{{PLMN: testPLMN, TACs: []ident.TAC{7}}}}
	inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) { c.mobility = list }, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		s, err := u.Status(ctx)
		check(t, err)
		if s.Mobility == nil || len(s.Mobility.Forbidden) != 1 || s.Mobility.Forbidden[0].TACs[0] != 7 {
			t.Errorf("kept %+v", s.Mobility)
		}
	})
}
