package node

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"cordon/console"
	"cordon/evidence"
	"cordon/ident"
	"cordon/ran"
	"cordon/subscriber"
)

// TestGateSessionSealed: a sealed session reaches the seal gateway and nothing else; one over another radio is open.
func TestGateSessionSealed(t *testing.T) {
	for name, c := range map[string]struct {
		gateway netip.Prefix
		passes  bool
	}{
		"to the gateway": {netip.MustParsePrefix("198.18.0.0/24"), true},
		"elsewhere":      {netip.MustParsePrefix("203.0.113.0/24"), false},
	} {
		t.Run(name, func(t *testing.T) {
			l := inLand(t, rule("OWN-1", at(hill), sealed), func(l *land) { l.cfg.Trust.Seal = []netip.Prefix{c.gateway} })
			defer l.audit()
			l.begin(l.group("public", 3, hill), l.group("others", 3, mill))
			l.on("others", mill)
			if c.passes {
				l.on("public", hill)
			} else {
				l.silent("public")
			}
			d := l.session("public", 0)
			if !d.Sealed || d.State != "active" || (d.Uplink.Packets > 0) != c.passes || l.session("others", 0).Sealed {
				t.Errorf("the session is %+v", d)
			}
			e := l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "restrict", Gate: "session", Element: "hill", Rules: []string{"OWN-1"}})[0]
			if detail(e, "owes") != "sealed-only" || detail(e, "dnn") != "internet" || e.Subject == "" {
				t.Errorf("the verdict is %+v", e)
			}
		})
	}
}

// silent waits until each phone of a group has sent many packets more, and wants none of them back.
func (l *land) silent(group string) {
	l.Helper()
	count := func(all []ran.Sighting) (sent, heard []uint64) {
		for _, s := range all {
			if s.Group == group && s.Why == "" {
				sent, heard = append(sent, s.Sent), append(heard, s.Echoed)
			}
		}
		return sent, heard
	}
	var began, last []uint64 // since when packets came back last
	l.must(l.live.Await(l.soon(), func(all []ran.Sighting) bool {
		sent, heard := count(all)
		if len(sent) == 0 || !slices.Equal(heard, last) {
			began, last = sent, heard
			return false
		}
		for i, n := range sent {
			if n < began[i]+20 {
				return false
			}
		}
		return true
	}))
}

// session is what the core has of a phone's first one.
func (l *land) session(group string, number int) console.Session {
	l.Helper()
	d, err := l.Device(l.soon(), l.live.Phone(group, number).SUPI())
	l.must(err)
	if len(d.Sessions) == 0 {
		l.Fatalf("%s phone %d has no session", group, number)
	}
	return d.Sessions[0]
}

// TestGateSessionSealedAtOnce: a change of law seals sessions that stand, from then on nothing passes in the clear,
// and the next change opens them again.
func TestGateSessionSealedAtOnce(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.cfg.Trust.Seal = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")} })
	defer l.audit()
	l.begin(l.group("public", 5, hill))
	l.on("public", hill)
	l.amend(rule("OWN-1", at(hill), sealed))
	passed := map[int]uint64{}
	for i := range 5 {
		l.eventually("it is sealed", func() bool { return l.session("public", i).Sealed })
		passed[i] = l.session("public", i).Uplink.Packets
	}
	l.silent("public")
	for i := range 5 {
		if s := l.session("public", i); s.Uplink.Packets != passed[i] || !s.Sealed || s.State != "active" {
			t.Errorf("%d packets passed before, and now it is %+v", passed[i], s)
		}
	}
	l.amend("")
	l.on("public", hill)
	l.tells(l.by(evidence.Act, "reload", ""), evidence.Entry{Kind: evidence.Verdict, Act: "restrict", Gate: "session", Element: "hill", Rules: []string{"OWN-1"}},
		l.by(evidence.Act, "reload", ""))
}

// TestGateSessionProtected: over a radio that is not trusted a protected subscriber's session is sealed and another's
// is open, and it is open again where the device moves to a trusted one.
func TestGateSessionProtected(t *testing.T) {
	l := inLand(t, rule("OWN-1", at(hill), "shape: separation, act: restrict, owes: [sealed-only], protected: true"), func(l *land) {
		l.cfg.Trust.Seal = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
	})
	defer l.audit()
	l.begin(l.group("public", 3, hill, mill), l.group("protected", 3, hill, mill))
	l.on("public", hill)
	l.silent("protected")
	if s := l.session("protected", 0); !s.Sealed || s.Uplink.Packets != 0 || l.session("public", 0).Sealed {
		t.Errorf("the session is %+v", s)
	}
	l.must(l.live.Radio(hill).Switch(l.soon(), false))
	l.on("protected", mill)
	l.on("public", mill)
	if s := l.session("protected", 0); s.Sealed {
		t.Errorf("the session is %+v", s)
	}
	l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "restrict", Gate: "session", Element: "hill", Rules: []string{"OWN-1"}})
}

// TestGateSessionIdle: a session that was idle when the law changed is sealed from its first packet on.
func TestGateSessionIdle(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.cfg.Trust.Seal = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")} })
	defer l.audit()
	g := l.group("public", 1, hill)
	g.Target = netip.AddrPort{}
	l.begin(g)
	l.on("public", hill)
	u := l.live.Phone("public", 0)
	l.must(u.Echo(l.soon(), 1, testEcho))
	l.must(u.Idle(l.soon()))
	passed := l.session("public", 0).Uplink.Packets
	l.amend(rule("OWN-1", at(hill), sealed))
	l.must(u.Service(l.soon()))
	l.eventually("it is sealed", func() bool { s := l.session("public", 0); return s.State == "active" && s.Sealed })
	ctx, cancel := context.WithTimeout(t.Context(), 10*quiet)
	defer cancel()
	if err := u.Echo(ctx, 1, testEcho); err == nil {
		t.Error("a packet came back")
	}
	if s := l.session("public", 0); s.Uplink.Packets != passed || passed == 0 {
		t.Errorf("%d packets had passed, and now it is %+v", passed, s)
	}
}

// TestGateSessionRefused: what leads where it may not is refused once, and the phone told for how long to leave it alone;
// its other session stands.
func TestGateSessionRefused(t *testing.T) {
	two := ident.SNSSAI{SST: 2, SD: ident.NoSD}
	for name, terms := range map[string]string{
		"data network": "shape: separation, only_dnns: [factory]",
		"slice":        `shape: separation, only_slices: ["2"]`,
		"user plane":   `shape: separation, only_user_planes: ["tag:trusted"]`,
	} {
		t.Run(name, func(t *testing.T) {
			l := inLand(t, rule("OWN-1", at(hill), terms), func(l *land) {
				l.cfg.Slices = append(l.cfg.Slices, two)
				l.cfg.Networks = append(l.cfg.Networks, NetworkConfig{Name: "factory", Pool: netip.MustParsePrefix("10.46.0.0/24"), MTU: 1400})
				rate := subscriber.AMBR{UL: 1e8, DL: 1e8}
				l.cfg.Plans[0].Slices = append(l.cfg.Plans[0].Slices, subscriber.Slice{SNSSAI: two, DNNs: []subscriber.Network{{DNN: "factory", Default: true, AMBR: rate}}})
				l.facts.Elements[hill].Slices = append(l.facts.Elements[hill].Slices, two)
			})
			defer l.audit()
			l.load.Radios[hill].Slices = l.cfg.Slices
			g := l.group("public", 2, hill)
			g.Phone.Slices = l.cfg.Slices
			g.Phone.Sessions = append(g.Phone.Sessions, ran.SessionConfig{DNN: "factory", Slice: two})
			g.Target = netip.AddrPort{}
			l.begin(g)
			stands := 1
			if name == "user plane" {
				stands = 0 // the core's own is not trusted either
			}
			l.must(l.live.Await(l.soon(), func(all []ran.Sighting) bool {
				for _, s := range all {
					if s.State != ran.Registered || rejected(s.Status, "operator determined barring") != 2-stands {
						return false
					}
				}
				return len(all) == 2
			}))
			u := l.live.Phone("public", 0)
			if stands > 0 {
				l.eventually("the other session stands", func() bool { return l.session("public", 0).State == "active" })
				l.must(u.Echo(l.soon(), 2, testEcho))
			}
			d, err := l.Device(l.soon(), u.SUPI())
			l.must(err)
			if len(d.Sessions) != stands || d.State != "registered" {
				t.Errorf("the core has %+v", d)
			}
			if s, _ := u.Status(l.soon()); rejected(s, "operator determined barring") != 2-stands {
				t.Errorf("it asked again: %v", s.Rejected)
			}
			e := l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "session", Element: "hill", Rules: []string{"OWN-1"}})[0]
			if !strings.Contains("internet factory", detail(e, "dnn")) || detail(e, "slice") == "" || e.Subject == "" {
				t.Errorf("the verdict is %+v", e)
			}
		})
	}
}
