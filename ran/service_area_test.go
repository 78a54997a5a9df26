package ran

import (
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

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
