package ran

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// load runs a load on a test core in virtual time; meanwhile runs beside it.
func runLoad(t *testing.T, arrange func(*testCore, *Config), meanwhile func(*testCore)) (s Summary, err error) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestCore(t)
		defer c.close()
		cfg := Config{
			Groups: []Group{{Phones: 60, First: firstIMSI, Phone: testPhone(c), Target: serviceSide}},
			Rate:   20, Traffic: 10 * time.Second, PPS: 4, Payload: 100,
		}
		radio := testRadio(c)
		radio.Reconnect = true
		cfg.Radios = Radios(3, radio, Makers()...)
		if arrange != nil {
			arrange(c, &cfg)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if meanwhile != nil {
			go meanwhile(c)
		}
		s, err = Run(ctx, cfg)
	})
	return s, err
}

func TestRun(t *testing.T) {
	var phases []string
	s, err := runLoad(t, func(_ *testCore, cfg *Config) {
		cfg.Groups[0].Phone.Sessions = append(cfg.Groups[0].Phone.Sessions, SessionConfig{DNN: "ims"})
		cfg.Deregister = true
		cfg.Hold = time.Second
		cfg.Progress = func(p Progress) {
			if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
				phases = append(phases, p.Phase)
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(s)
	t.Logf("%s %v", b, phases)
	switch {
	case !s.OK, s.RadiosUp != 3, s.Registered != 60, s.Sessions != 120, s.PhonesEchoed != 60, s.Deregistered != 60:
		t.Errorf("%s", b)
	case s.PacketsSent < 4000 || s.PacketsEchoed != s.PacketsSent:
		t.Errorf("%d sent, %d echoed", s.PacketsSent, s.PacketsEchoed)
	case s.AttachRate < 19 || s.AttachRate > 22:
		t.Errorf("attach rate %v, want 20", s.AttachRate)
	case len(s.Complaints) != 0:
		t.Errorf("complaints: %v", s.Complaints)
	}
}

// Phones wait for a place when only so many may attach at a time, and stragglers do not keep
// places for ever.
func TestRunAtOnce(t *testing.T) {
	most := 0
	s, err := runLoad(t, func(_ *testCore, cfg *Config) {
		cfg.Rate, cfg.AtOnce, cfg.Traffic = 0, 5, 0
		cfg.Progress = func(p Progress) { most = max(most, p.Started-p.Sessions) }
	}, nil)
	if err != nil || !s.OK || most > 5 {
		t.Errorf("%+v, %v, %d at once", s, err, most)
	}
	s, err = runLoad(t, func(c *testCore, cfg *Config) {
		cfg.Rate, cfg.AtOnce, cfg.Traffic, cfg.Patience = 0, 5, 0, 10*time.Second
		c.wrongKey = true
	}, nil)
	if err != nil || s.OK || s.Failed["not switched on"] > 0 || s.DurationS > 60 {
		t.Errorf("%+v, %v", s, err)
	}
}

// The core goes away in the middle of the traffic and comes back with what it knew: phones
// ask for service, and nobody registers again.
func TestRunCoreRestarts(t *testing.T) {
	s, err := runLoad(t, nil, func(c *testCore) {
		time.Sleep(6 * time.Second)
		c.breakAll(false)
	})
	if err != nil || !s.OK || s.Reregistered != 0 || s.ServiceRequests != 60 || s.Reconnects != 3 {
		t.Errorf("%+v, %v", s, err)
	}
}

// It comes back knowing nothing: all register again by themselves.
func TestRunCoreForgets(t *testing.T) {
	s, err := runLoad(t, nil, func(c *testCore) {
		time.Sleep(6 * time.Second)
		c.breakAll(true)
	})
	if err != nil || !s.OK || s.Reregistered != 60 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestRunNotices(t *testing.T) {
	alter := func(b []byte) []byte { b[len(b)-1] ^= 1; return b }
	for name, tc := range map[string]struct {
		arrange func(*testCore, *Config)
		bad     func(Summary) bool
	}{
		"altered": {func(c *testCore, _ *Config) { c.corrupt = alter }, func(s Summary) bool { return s.Corrupted > 100 && s.PhonesEchoed == 0 }},
		"wrong tunnel": {func(c *testCore, cfg *Config) {
			c.crossOver, cfg.Groups[0].Phones, cfg.Radios = true, 2, cfg.Radios[:1]
		}, func(s Summary) bool { return s.WrongTunnel > 10 && s.PacketsEchoed == 0 }},
		"wrong key": {func(c *testCore, _ *Config) { c.wrongKey = true }, func(s Summary) bool {
			return s.Registered == 0 && s.Complaints["security key that is not the phone's"] >= 60
		}},
		"no session": {func(c *testCore, _ *Config) { c.noSession = true }, func(s Summary) bool {
			return s.Sessions == 0 && s.Failed["session rejected: missing or unknown DNN"] == 60
		}},
		"no packets":    {func(c *testCore, cfg *Config) { cfg.Groups[0].Target = netip.AddrPort{} }, func(s Summary) bool { return s.OK && s.PacketsSent == 0 }},
		"radio refused": {func(c *testCore, _ *Config) { c.setup = func(int) ngap.Message { return &ngap.NGSetupFailure{} } }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := runLoad(t, func(c *testCore, cfg *Config) { cfg.Patience = 5 * time.Second; tc.arrange(c, cfg) }, nil)
			if tc.bad == nil {
				if _, ok := errors.AsType[Refused](err); !ok {
					t.Errorf("%v, want a refusal", err)
				}
				return
			}
			if err != nil || !tc.bad(s) || s.OK != (name == "no packets") {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestRunRefusesNonsense(t *testing.T) {
	for name, spoil := range map[string]func(*testCore, *Config){
		"no radio":        func(_ *testCore, c *Config) { c.Radios = nil },
		"no SIM":          func(_ *testCore, c *Config) { c.Groups[0].Phone.SIM = nil },
		"too many phones": func(_ *testCore, c *Config) { c.Groups[0].Phones = 4 << 20 },
		"IMSIs run out": func(_ *testCore, c *Config) {
			c.Groups[0].First = must(ident.ParseSUPI("00101999999999"))
			c.Groups[0].Phones = 2
		},
		"16 sessions":      func(_ *testCore, c *Config) { c.Groups[0].Phone.Sessions = make([]SessionConfig, 16) },
		"small payload":    func(_ *testCore, c *Config) { c.Payload = 8 },
		"target with IPv6": func(_ *testCore, c *Config) { c.Groups[0].Target = netip.MustParseAddrPort("[::1]:7") },
		"AtOnce below 0":   func(_ *testCore, c *Config) { c.AtOnce = -1 },
		"no N3":            func(_ *testCore, c *Config) { c.Radios[1].N3 = netip.AddrPort{} },
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := runLoad(t, spoil, nil); err == nil {
				t.Error("it ran")
			}
		})
	}
}

func TestHostileTools(t *testing.T) {
	inBubble(t, nil, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		before, err := u.Status(ctx)
		check(t, err)

		// A raw radio registers a phone's first step by hand.
		n2, err := c.dial(ctx)
		check(t, err)
		var rec Recorder
		raw := Raw(rec.Wrap("raw", n2))
		defer raw.Close()
		cfg := testRadio(c)
		m, err := raw.Setup(ctx, cfg)
		check(t, err)
		if _, ok := m.(*ngap.NGSetupResponse); !ok {
			t.Fatalf("setup answered by %T", m)
		}
		check(t, raw.Initial(cfg, 7, must(nas.Append(nil, &nas.RegistrationRequest{
			Kind: nas.RegistrationInitial, KSI: nas.NoKSI, Security: u.phone.capability(),
			Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: ident.GUTI{GUAMI: c.guami, TMSI: 1}},
		}))))
		down, err := Expect[*ngap.DownlinkNASTransport](ctx, raw)
		check(t, err)
		if down.RANUENGAPID != 7 {
			t.Errorf("answered to %d", down.RANUENGAPID)
		}
		// It speaks for a phone that is not its own; this core's conn is by another radio.
		check(t, raw.Send(&ngap.UEContextReleaseRequest{AMFUENGAPID: before.AMF + 100, RANUENGAPID: before.RAN}, 1))
		if heard := raw.Heard(time.Second); len(heard) != 0 {
			t.Errorf("heard %d messages", len(heard))
		}
		if got := len(rec.Records()); got != 5 { // three sent, two heard
			t.Errorf("%d messages recorded", got)
		}
		// A phone that repeats every message: the core of this test minds, so it is told not to.
		sent := 0
		check(t, u.Tamper(ctx, func(b []byte) [][]byte { sent++; return nil }))
		check(t, u.Do(ctx, CloseSession{1}))
		check(t, u.Tamper(ctx, nil))
		if sent != 1 {
			t.Errorf("%d messages seen", sent)
		}
		// What was lost is sent again.
		check(t, u.Await(ctx, func(s Status) (bool, error) { _, ok := s.Session(1); return !ok, nil }))
		// A message of a test's own, in the phone's name and under its keys.
		b, err := u.Seal(ctx, &nas.MMStatus{Cause: nas.CauseSemantic})
		check(t, err)
		check(t, u.SendNAS(ctx, b))
	})
}

func TestRadioTamper(t *testing.T) {
	lied := make(chan struct{}, 8)
	inBubble(t, func(c *testCore, r *RadioConfig, _ *PhoneConfig) {
		r.Tamper = func(m ngap.Message) []ngap.Message {
			if x, ok := m.(*ngap.InitialUEMessage); ok {
				x.UserLocation.Cell = 1
				lied <- struct{}{}
			}
			return []ngap.Message{m}
		}
		r.Deaf = func(m ngap.Message) bool { return m.Procedure() == ngap.ProcUEContextRelease }
	}, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		if len(lied) != 1 {
			t.Errorf("%d messages altered", len(lied))
		}
		short, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := u.Idle(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a deaf radio released its phone: %v", err)
		}
	})
}
