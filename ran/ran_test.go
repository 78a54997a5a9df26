package ran

import (
	"context"
	"crypto/rand"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

func testRadio(c *testCore) RadioConfig {
	return RadioConfig{
		Node:   ident.RANNode{PLMN: testPLMN, Bits: 24, ID: 0x123},
		Name:   "tower",
		TACs:   []ident.TAC{1},
		Slices: []ident.SNSSAI{testSlice},
		Dial:   c.dial, Listen: c.wire.Listen,
		N3: netip.MustParseAddrPort("10.0.0.10:2152"),
	}
}

func testPhone(c *testCore) PhoneConfig {
	return PhoneConfig{
		PLMN: testPLMN, SIM: aka.NewMilenage(testK, testOPc), Random: rand.Reader,
		Conceal:  Concealment{Scheme: ident.SchemeProfileA, KeyID: 1, Public: c.key.Keys[1].Public(), Routing: must(ident.ParseRoutingIndicator("0"))},
		Slices:   []ident.SNSSAI{testSlice},
		Sessions: []SessionConfig{{DNN: "internet", Slice: testSlice}},
	}
}

var firstIMSI = must(ident.ParseSUPI("001010000000001"))

// inBubble runs a test with a core, a radio and a phone in virtual time.
func inBubble(t *testing.T, arrange func(*testCore, *RadioConfig, *PhoneConfig), f func(context.Context, *testCore, *UE)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		c := newTestCore(t)
		defer c.close()
		radio, phone := testRadio(c), testPhone(c)
		if arrange != nil {
			arrange(c, &radio, &phone)
		}
		r, err := Open(ctx, radio)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		u, err := r.Add(ctx, firstIMSI, &phone)
		if err != nil {
			t.Fatal(err)
		}
		f(ctx, c, u)
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLifeOfAPhone(t *testing.T) {
	variants := map[string]func(*testCore, *RadioConfig, *PhoneConfig){
		"profile A": nil,
		"profile B": func(c *testCore, _ *RadioConfig, p *PhoneConfig) {
			p.Conceal.Scheme, p.Conceal.KeyID, p.Conceal.Public = ident.SchemeProfileB, 2, c.key.Keys[2].Public()
		},
		"null scheme": func(_ *testCore, _ *RadioConfig, p *PhoneConfig) { p.Conceal = Concealment{} },
		"EAP":         func(c *testCore, _ *RadioConfig, _ *PhoneConfig) { c.eap = true },
		"out of sync": func(_ *testCore, _ *RadioConfig, p *PhoneConfig) { p.FirstSQN = aka.MakeSQN(5000, 0) },
		"EAP resync":  func(c *testCore, _ *RadioConfig, p *PhoneConfig) { c.eap = true; p.FirstSQN = aka.MakeSQN(5000, 0) },
		"two sessions": func(_ *testCore, _ *RadioConfig, p *PhoneConfig) {
			p.Sessions = append(p.Sessions, SessionConfig{DNN: "ims"})
		},
		"strict radio": func(_ *testCore, r *RadioConfig, _ *PhoneConfig) {
			r.Maker = Maker{StrictStreams: true, NeedsUEAMBR: true, NeedsSessionNAS: true, IPv4Only: true}
		},
	}
	for name, arrange := range variants {
		t.Run(name, func(t *testing.T) {
			inBubble(t, arrange, func(ctx context.Context, c *testCore, u *UE) {
				check(t, u.Register(ctx))
				for i := range u.phone.cfg.Sessions {
					check(t, u.Echo(ctx, ident.PDUSessionID(i+1), serviceSide))
				}
				check(t, u.Idle(ctx))
				check(t, u.Service(ctx))
				check(t, u.Echo(ctx, 1, serviceSide))
				check(t, u.Do(ctx, Update{}))
				check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
				check(t, u.Do(ctx, CloseSession{1}))
				check(t, u.Await(ctx, func(s Status) (bool, error) { _, ok := s.Session(1); return !ok, nil }))
				check(t, u.Do(ctx, OpenSession{1, SessionConfig{}}))
				check(t, u.Await(ctx, func(s Status) (bool, error) { x, _ := s.Session(1); return x.Tunnel && x.Addr.IsValid(), nil }))
				check(t, u.Echo(ctx, 1, serviceSide))
				check(t, u.Deregister(ctx, false))
				check(t, u.Register(ctx)) // with the GUTI, or without
				check(t, u.Echo(ctx, 1, serviceSide))
				check(t, u.Deregister(ctx, true))
				counts, err := u.Radio().Counts(ctx)
				check(t, err)
				if len(counts) > 0 {
					t.Errorf("complaints: %v", counts)
				}
			})
		})
	}
}

func TestPeriodicRegistration(t *testing.T) {
	kinds := map[nas.RegistrationType]int{}
	inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) {
		c.hook = func(_ *testConn, m nas.Message) bool {
			if r, ok := m.(*nas.RegistrationRequest); ok {
				kinds[r.Kind]++
			}
			return false
		}
	}, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		check(t, u.Idle(ctx))
		time.Sleep(7 * time.Minute) // T3512 is six
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
		if kinds[nas.RegistrationPeriodic] != 1 {
			t.Errorf("registrations by kind: %v", kinds)
		}
	})
}

func TestUnknownToTheCore(t *testing.T) {
	inBubble(t, nil, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		check(t, u.Idle(ctx))
		c.mu.Lock()
		clear(c.devices)
		c.mu.Unlock()
		check(t, u.Do(ctx, Pending{}))
		check(t, u.Await(ctx, func(s Status) (bool, error) {
			return s.State == Registered && s.Connected && attached(s, u.phone.cfg), nil
		}))
		check(t, u.Echo(ctx, 1, serviceSide))
	})
}

func TestRefusals(t *testing.T) {
	reject := func(m nas.Message) func(*testCore) {
		return func(c *testCore) {
			c.hook = func(u *testConn, got nas.Message) bool {
				if _, ok := got.(*nas.RegistrationRequest); ok {
					u.down(m, nas.HeaderPlain)
					u.release(ngap.CauseNASNormalRelease)
				}
				return true
			}
		}
	}
	for name, tc := range map[string]struct {
		arrange func(*testCore)
		want    Failure
		final   bool
	}{
		"illegal UE":      {reject(&nas.RegistrationReject{Cause: nas.CauseIllegalUE}), Failure{What: "registration rejected", MM: nas.CauseIllegalUE}, true},
		"no slices":       {reject(&nas.RegistrationReject{Cause: nas.CauseNoNetworkSlices}), Failure{What: "registration rejected", MM: nas.CauseNoNetworkSlices}, true},
		"protocol error":  {reject(&nas.RegistrationReject{Cause: nas.CauseProtocol}), Failure{What: "registration rejected", MM: nas.CauseProtocol}, false},
		"authentication":  {reject(&nas.AuthenticationReject{}), Failure{What: "authentication rejected"}, true},
		"silence":         {func(c *testCore) { c.hook = func(*testConn, nas.Message) bool { return true } }, Failure{What: "registration not answered"}, false},
		"wrong radio key": {func(c *testCore) { c.wrongKey = true }, Failure{What: "registration not answered"}, false},
		"no such DNN":     {func(c *testCore) { c.noSession = true }, Failure{What: "session rejected", SM: nas.SMCauseUnknownDNN}, true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) { tc.arrange(c) }, func(ctx context.Context, c *testCore, u *UE) {
				err := u.Register(ctx)
				if f, ok := errors.AsType[Failure](err); !ok || f != tc.want {
					t.Fatalf("%v, want %v", err, tc.want)
				}
				c.mu.Lock()
				c.hook, c.wrongKey, c.noSession = nil, false, false
				c.mu.Unlock()
				if !tc.final { // it tries again by itself
					check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
					return
				}
				time.Sleep(30 * time.Minute)
				if s, _ := u.Status(ctx); tc.want.SM == 0 && s.State != Deregistered {
					t.Errorf("it is %s", s.State)
				}
			})
		})
	}
}

func TestCongestion(t *testing.T) {
	after := 40 * time.Second
	inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) {
		c.hook = func(u *testConn, m nas.Message) bool {
			c.hook = nil
			u.down(&nas.RegistrationReject{Cause: nas.CauseCongestion, T3346: &after}, nas.HeaderPlain)
			u.release(ngap.CauseNASNormalRelease)
			return true
		}
	}, func(ctx context.Context, c *testCore, u *UE) {
		began := time.Now()
		if err := u.Register(ctx); err == nil {
			t.Fatal("registered in spite of the congestion")
		}
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
		if took := time.Since(began); took < after || took > after+time.Second {
			t.Errorf("registered after %v, want %v", took, after)
		}
	})
}

func TestNGSetupRefused(t *testing.T) {
	wait := ngap.Wait5s
	synctest.Test(t, func(t *testing.T) {
		c := newTestCore(t)
		defer c.close()
		c.setup = func(n int) ngap.Message {
			if n < 3 {
				return &ngap.NGSetupFailure{Cause: ngap.CauseMiscUnspecified, TimeToWait: &wait}
			}
			return &ngap.NGSetupFailure{Cause: ngap.CauseMiscUnspecified}
		}
		began := time.Now()
		_, err := Open(t.Context(), testRadio(c))
		if r, ok := errors.AsType[Refused](err); !ok || r.Cause != ngap.CauseMiscUnspecified {
			t.Errorf("%v, want it refused", err)
		}
		if took := time.Since(began); took.Truncate(time.Second) != 10*time.Second {
			t.Errorf("took %v, want two waits of 5 s", took)
		}
	})
}

func TestNoCore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestCore(t)
		c.close()
		if _, err := Open(t.Context(), testRadio(c)); err == nil {
			t.Error("a radio without a core opened")
		}
		cfg := testRadio(c)
		cfg.Reconnect = true // which is for what has once stood
		began := time.Now()
		if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "nobody listens there") || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		cfg.Dial = func(ctx context.Context) (N2, error) { <-ctx.Done(); return nil, ctx.Err() }
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := Open(ctx, cfg); !errors.Is(err, context.DeadlineExceeded) || err.Error() != "no core answers" {
			t.Errorf("%v, want the deadline", err)
		}
	})
}

// What a radio is does not change by waiting, whatever the core says.
func TestNGSetupRefusedForGood(t *testing.T) {
	wait := ngap.Wait60s
	for _, cause := range []ngap.Cause{ngap.CauseMiscUnknownPLMNOrSNPN, ngap.CauseRadioSliceNotSupported} {
		synctest.Test(t, func(t *testing.T) {
			c := newTestCore(t)
			defer c.close()
			c.setup = func(int) ngap.Message { return &ngap.NGSetupFailure{Cause: cause, TimeToWait: &wait} }
			began := time.Now()
			_, err := Open(t.Context(), testRadio(c))
			if r, ok := errors.AsType[Refused](err); !ok || r.Cause != cause || time.Since(began) > time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	}
}

func TestRadioProcedures(t *testing.T) {
	inBubble(t, nil, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		m, err := u.Radio().Update(ctx, "renamed", nil, nil)
		check(t, err)
		if _, ok := m.(*ngap.RANConfigurationUpdateAcknowledge); !ok {
			t.Errorf("answer is %T", m)
		}
		ack, err := u.Radio().Reset(ctx, u)
		check(t, err)
		if len(ack.Connections) != 1 {
			t.Errorf("reset of %d connections", len(ack.Connections))
		}
		if s, _ := u.Status(ctx); s.Connected || s.State != Registered {
			t.Errorf("after the reset it is %+v", s)
		}
		check(t, u.Service(ctx))
	})
}

func TestPaging(t *testing.T) {
	inBubble(t, nil, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		check(t, u.Idle(ctx))
		s, _ := u.Status(ctx)
		c.mu.Lock()
		c.send(c.live[0], &ngap.Paging{STMSI: s.GUTI.STMSI(), TAIs: []ident.TAI{{PLMN: testPLMN, TAC: 1}}}, 0)
		c.mu.Unlock()
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.Connected && attached(s, u.phone.cfg), nil }))
	})
}
