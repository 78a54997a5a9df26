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

// country is a core with radios in tracking areas 1, 2, ... and a phone that reaches them all.
type country struct {
	*testing.T
	ctx    context.Context
	core   *testCore
	radios []*Radio
	u      *UE
	notes  []NoteKind // read them while the loops are at rest
}

// inCountry runs a test with radios whose tracking areas are given, in virtual time.
func inCountry(t *testing.T, tacs []ident.TAC, arrange func(*testCore, *PhoneConfig), f func(*country)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Hour)
		defer cancel()
		c := newTestCore(t)
		defer c.close()
		phone := testPhone(c)
		if arrange != nil {
			arrange(c, &phone)
		}
		x := &country{T: t, ctx: ctx, core: c}
		radio := testRadio(c)
		radio.Reconnect = true
		radio.Notify = func(_ *UE, n Note) { x.notes = append(x.notes, n.Kind) }
		for i, cfg := range Radios(len(tacs), radio) {
			cfg.TACs = tacs[i : i+1]
			r, err := Open(ctx, cfg)
			check(t, err)
			defer r.Close()
			x.radios = append(x.radios, r)
		}
		var err error
		x.u, err = x.radios[0].Add(ctx, firstIMSI, &phone, x.radios...)
		check(t, err)
		f(x)
	})
}

// awaitOn waits until the phone is registered on a radio, with its sessions' addresses, and
// has a packet echoed.
func (x *country) awaitOn(r *Radio) Status {
	x.Helper()
	check(x.T, x.u.Await(x.ctx, func(s Status) (bool, error) {
		return s.State == Registered && s.Camped && x.u.Radio() == r && sessionsOpen(s, x.u), nil
	}))
	check(x.T, x.u.Echo(x.ctx, 1, serviceSide))
	s, err := x.u.Status(x.ctx)
	check(x.T, err)
	return s
}

func sessionsOpen(s Status, u *UE) bool {
	n := 0
	for _, y := range s.Sessions {
		if y.Addr.IsValid() {
			n++
		}
	}
	return n == len(u.phone.cfg.Sessions)
}

// asked is how many initial messages of a type came from a tracking area.
func (x *country) asked(t ident.TAC, m nas.MessageType) int {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	return x.core.asked[t][m]
}

func (x *country) law(f func(*testCore)) {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	f(x.core)
}

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

func TestServiceArea(t *testing.T) {
	one := []ident.TAI{{PLMN: testPLMN, TAC: 1}}
	two := []ident.TAI{{PLMN: testPLMN, TAC: 2}}
	for name, list := range map[string]*nas.ServiceAreas{
		"not allowed here": {NotAllowed: true, TAIs: one},
		"allowed there":    {TAIs: two},
	} {
		t.Run(name, func(t *testing.T) {
			inCountry(t, []ident.TAC{1, 2}, func(c *testCore, _ *PhoneConfig) { c.services = list }, func(x *country) {
				check(t, x.u.Do(x.ctx, PowerOn{}))
				check(t, x.u.Await(x.ctx, func(s Status) (bool, error) { return s.State == Registered && s.Restricted, nil }))
				check(t, x.u.Do(x.ctx, OpenSession{PSI: 5}))
				check(t, x.u.Do(x.ctx, Pending{}))
				time.Sleep(time.Minute)
				s, err := x.u.Status(x.ctx)
				check(t, err)
				for _, y := range s.Sessions {
					if y.Addr.IsValid() {
						t.Errorf("session in spite of the restriction: %+v", y)
					}
				}
				if x.asked(1, nas.TypeServiceRequest) != 0 || x.u.Radio() != x.radios[0] {
					t.Error("it asked for service, or left a suitable cell")
				}
				check(t, x.radios[0].Switch(x.ctx, false))
				check(t, x.u.Await(x.ctx, func(s Status) (bool, error) {
					a, _ := s.Session(1)
					b, _ := s.Session(5)
					return a.Tunnel && b.Tunnel && !s.Restricted, nil
				}))
			})
		})
	}
}

// A phone in an area without service answers a page, and what else the core tells it counts.
func TestServiceAreaChanges(t *testing.T) {
	inCountry(t, []ident.TAC{1}, nil, func(x *country) {
		check(t, x.u.Register(x.ctx))
		none := &nas.ServiceAreas{NotAllowed: true, TAIs: []ident.TAI{{PLMN: testPLMN, TAC: 1}}}
		x.law(func(c *testCore) {
			for _, u := range c.conns {
				u.down(&nas.ConfigurationUpdateCommand{ServiceAreas: none}, nas.HeaderCiphered)
			}
		})
		check(t, x.u.Await(x.ctx, func(s Status) (bool, error) { return s.Restricted, nil }))
		check(t, x.u.Idle(x.ctx))
		check(t, x.u.Do(x.ctx, Pending{}))
		s, err := x.u.Status(x.ctx)
		check(t, err)
		if s.Connected || s.State != Registered {
			t.Errorf("it is %+v", s)
		}
		x.law(func(c *testCore) {
			c.send(c.byName["tower"], &ngap.Paging{STMSI: s.GUTI.STMSI(), TAIs: []ident.TAI{s.Cell}}, 0)
		})
		check(t, x.u.Await(x.ctx, func(s Status) (bool, error) { return s.Connected && s.State == Registered, nil }))
	})
}

// Cause 28 keeps a phone from asking again until it is registered anew.
func TestRestrictedServiceArea(t *testing.T) {
	inCountry(t, []ident.TAC{1}, nil, func(x *country) {
		check(t, x.u.Register(x.ctx))
		check(t, x.u.Idle(x.ctx))
		x.law(func(c *testCore) {
			c.hook = func(u *testConn, m nas.Message) bool {
				if _, ok := m.(*nas.ServiceRequest); !ok {
					return false
				}
				u.down(&nas.ServiceReject{Cause: nas.CauseRestrictedServiceArea}, nas.HeaderCiphered)
				u.release(ngap.CauseNASNormalRelease)
				return true
			}
		})
		for range 10 {
			check(t, x.u.Do(x.ctx, Pending{}))
			time.Sleep(10 * time.Second)
		}
		if n, m := x.asked(1, nas.TypeServiceRequest), x.asked(1, nas.TypeRegistrationRequest); n != 1 || m != 2 {
			t.Errorf("%d service requests, %d registrations", n, m)
		}
	})
}

// A session that a phone may not have where it is, is asked for where it may: whether the core gives the request back,
// or says nothing of it and closes the area. In the area it asks no more than that once.
func TestSessionWaitsForService(t *testing.T) {
	here := &nas.ServiceAreas{NotAllowed: true, TAIs: []ident.TAI{{PLMN: testPLMN, TAC: 1}}}
	for name, answer := range map[string]func(*testConn, *nas.ULNASTransport){
		"given back": func(u *testConn, m *nas.ULNASTransport) {
			u.core.services = here
			u.giveBack(m)
			u.release(ngap.CauseNASNormalRelease)
		},
		"unanswered": func(u *testConn, _ *nas.ULNASTransport) {
			u.down(&nas.ConfigurationUpdateCommand{ServiceAreas: here}, nas.HeaderCiphered)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inCountry(t, []ident.TAC{1, 2}, nil, func(x *country) {
				asked := x.sessionRequests(1, answer)
				check(t, x.u.Do(x.ctx, PowerOn{}))
				time.Sleep(10 * time.Minute)
				if n := asked(); n != 1 {
					t.Errorf("it asked %d times", n)
				}
				check(t, x.radios[0].Switch(x.ctx, false))
				began := time.Now()
				x.awaitOn(x.radios[1])
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("it has its session after %v", took)
				}
			})
		})
	}
}

// A core that gives the request back and lets the phone register again and again is asked five times.
func TestSessionGivenBackForEver(t *testing.T) {
	inCountry(t, []ident.TAC{1}, nil, func(x *country) {
		asked := x.sessionRequests(1, func(u *testConn, m *nas.ULNASTransport) {
			u.giveBack(m)
			u.release(ngap.CauseNASNormalRelease)
		})
		if err := x.u.Register(x.ctx); err == nil {
			t.Error("it has its session")
		}
		time.Sleep(5 * time.Minute) // less than until it registers periodically, and begins anew
		if n := asked(); n != maxSends {
			t.Errorf("it asked %d times", n)
		}
	})
}

// sessionRequests has the core answer requests for sessions from a tracking area so, and counts them.
func (x *country) sessionRequests(tac ident.TAC, answer func(*testConn, *nas.ULNASTransport)) (count func() int) {
	n := 0
	x.law(func(c *testCore) {
		c.hook = func(u *testConn, m nas.Message) bool {
			up, ok := m.(*nas.ULNASTransport)
			if !ok || u.tai.TAC != tac {
				return false
			}
			n++
			answer(u, up)
			return true
		}
	})
	return func() (now int) { x.law(func(*testCore) { now = n }); return now }
}

// giveBack returns what may not be asked for in this area.
func (u *testConn) giveBack(m *nas.ULNASTransport) {
	u.down(&nas.DLNASTransport{PayloadType: m.PayloadType, Payload: m.Payload, Session: m.Session, Cause: nas.CauseRestrictedServiceArea}, nas.HeaderCiphered)
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
