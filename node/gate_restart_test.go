package node

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/geo"
	"cordon/ledger"
	"cordon/rules"
)

// TestReloadRefused: records and rules that contradict themselves or say nothing are refused whole, with the place;
// what was in force stays, nobody notices, and the next good ones are taken.
func TestReloadRefused(t *testing.T) {
	placed := regexp.MustCompile(`(records|own)\.yaml:[0-9]+:[0-9]+: `)
	l := inLand(t, rule("OWN-1", at(hill), "shape: phase-out, from: 2020-01-01, hard: 2099-01-01"))
	defer l.audit()
	l.begin(l.group("public", 3, hill))
	l.on("public", hill)
	good, law := *l.facts, l.law
	before, err := l.Law(t.Context())
	l.must(err)
	for name, break_ := range map[string]func(f *rules.Facts){
		"two with one identity":      func(f *rules.Facts) { f.Elements[mill].Node = f.Elements[hill].Node },
		"two with one address on N3": func(f *rules.Facts) { f.Elements[mill].Addresses.N3 = f.Elements[hill].Addresses.N3 },
		"a maker without a record":   func(f *rules.Facts) { f.Elements[mill].Vendor = "nobody" },
		"vendors that own each other": func(f *rules.Facts) {
			f.Vendors[0].Parent, f.Vendors[1].Parent = f.Vendors[1].Name, f.Vendors[0].Name
		},
		"a radio in the sea": func(f *rules.Facts) {
			f.Zones = append(f.Zones, rules.Zone{Name: "land", Purpose: rules.Territory, Area: geo.Area{Centre: geo.Point{Lat: 10, Lon: 10}, Radius: 1000}})
		},
		"an unknown function": func(f *rules.Facts) { f.Elements[mill].Functions = []rules.Function{"teapot"} },
	} {
		bad := good
		bad.Elements, bad.Vendors, bad.Zones = slices.Clone(good.Elements), slices.Clone(good.Vendors), slices.Clone(good.Zones)
		break_(&bad)
		l.facts = &bad
		l.badReload(t, name, placed, before)
	}
	l.facts = &good
	for name, line := range map[string]string{
		"a selector that is none": rule("OWN-2", "element.name ==", ban),
		"an unknown fact":         rule("OWN-2", `element.colour == "red"`, ban),
		"a selector of a text":    rule("OWN-2", "element.name", ban),
		"an unknown shape":        rule("OWN-2", at(hill), "shape: prayer"),
		"a rule twice":            law,
	} {
		l.law = law + line
		l.badReload(t, name, placed, before)
	}
	l.must(os.WriteFile(l.cfg.Trust.Records[0], nil, 0o600))
	if err := l.Reload(t.Context(), l.who); err == nil {
		t.Error("records that say nothing are taken")
	}
	l.amend("")
	if now, err := l.Law(t.Context()); err != nil || now.Problem != "" || now.Digest == before.Digest || now.Restricted != 0 {
		t.Errorf("the law is %+v, %v", now, err)
	}
	l.on("public", hill)
	l.tells(l.by(evidence.Act, "reload", ""))
}

// badReload wants the files as they are refused.
func (l *land) badReload(t *testing.T, name string, placed *regexp.Regexp, before console.LawStatus) {
	t.Helper()
	l.write()
	err := l.Reload(t.Context(), l.who)
	if err == nil || !placed.MatchString(err.Error()) {
		t.Errorf("%s: %v", name, err)
	}
	now, lerr := l.Law(t.Context())
	l.must(lerr)
	if err != nil && now.Problem != err.Error() {
		t.Errorf("%s: the console says %q", name, now.Problem)
	}
	if now.Digest != before.Digest || now.Since != before.Since || now.Restricted != 1 {
		t.Errorf("%s: the law is %+v", name, now)
	}
	l.on("public", hill)
}

// TestStartRefused: a core does not start under records or rules that it cannot read, and says which and where.
func TestStartRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*land)
		want   []string
	}{
		"missing records": {func(l *land) { l.cfg.Trust.Records[0] = "/nonexistent/radios.yaml" }, []string{"/nonexistent/radios.yaml", "no such file"}},
		"missing rules":   {func(l *land) { l.cfg.Trust.Rules[0] = "/nonexistent/board.yaml" }, []string{"/nonexistent/board.yaml", "no such file"}},
		"unknown regime":  {func(l *land) { l.cfg.Trust.Regimes = []RegimeConfig{{Name: "uk-1066"}} }, []string{"uk-1066"}},
		"unknown parameter": {func(l *land) {
			l.cfg.Trust.Regimes = []RegimeConfig{{Name: "contain", Parameters: map[string]string{"grave_limit": "7"}}}
		}, []string{"contain", "grave_limit", "7"}},
		"contradiction": {func(l *land) { l.facts.Elements[mill].Node = l.facts.Elements[hill].Node; l.write() },
			[]string{"records.yaml:", "hill", "mill"}},
		"rule": {func(l *land) { l.law = rule("OWN-1", "nonsense", ban); l.write() }, []string{"own.yaml:", "nonsense"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := inLand(t, "")
			l.audit()
			c.change(l)
			core, err := Open(l.cfg, Options{Log: slog.New(slog.DiscardHandler)})
			if err == nil {
				core.Close()
				t.Fatal("it starts")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v: want %q", err, w)
				}
			}
		})
	}
}

// TestRestartKeeps: what operators ordered and what was found outlasts a restart, and is obeyed from the first radio on.
func TestRestartKeeps(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.packs = []string{"contain"}; l.facts.Elements = l.facts.Elements[:port] })
	defer func() { l.audit() }()
	cut, err := l.Cut(t.Context(), console.CutOrder{Act: l.who, Element: "hill"})
	l.must(err)
	newcomer := l.load.Radios[port]
	l.refused(l.raw(), newcomer)
	list, err := l.Pending(t.Context())
	l.must(err)
	record := strings.NewReplacer("vendor: fill-in", "vendor: nordic", "manager: fill-in", "manager: nordic", "site: fill-in", "site: mill").Replace(list[0].Record)
	l.must(l.Approve(t.Context(), l.who, record))
	thief := l.raw()
	l.accepted(thief, l.load.Radios[mill])
	wrong := l.load.Radios[mill].Node
	wrong.ID = 0x999
	for range graveLimit {
		l.changesIdentity(thief, wrong)
	}
	l.eventually("it is out of service", thief.Ended)
	before, err := l.Findings(t.Context())
	l.must(err)
	old, err := l.Law(t.Context())
	l.must(err)
	l.restart()

	if cuts, err := l.Cuts(t.Context()); err != nil || len(cuts) != 1 || cuts[0].Number != cut.Number || cuts[0].Element != "hill" || cuts[0].Who != "alice" || cuts[0].At.IsZero() {
		t.Errorf("the cuts are %+v, %v", cuts, err)
	}
	l.refused(l.raw(), l.load.Radios[hill])
	l.accepted(l.raw(), newcomer)
	l.eventually("the findings are judged", func() bool { return l.state(mill).Act == "refuse" })
	l.refused(l.raw(), l.load.Radios[mill])
	after, err := l.Findings(t.Context())
	l.must(err)
	for i := range before {
		if i >= len(after) || after[i].Kind != before[i].Kind || after[i].Element != before[i].Element || after[i].Count != before[i].Count || !reflect.DeepEqual(after[i].FirstBytes, before[i].FirstBytes) {
			t.Fatalf("found was %+v, and now is %+v", before, after)
		}
	}
	if now, err := l.Law(t.Context()); err != nil || now.Digest != old.Digest {
		t.Errorf("the law was %s, and now is %s, %v", old.Digest, now.Digest, err)
	}
	l.must(l.Restore(t.Context(), l.who, cut.Number))
	l.accepted(l.raw(), l.load.Radios[hill])
	l.tells(l.by(evidence.Cut, "cut", "hill"), l.by(evidence.Act, "approve", newcomer.Node.String()), evidence.Entry{Kind: evidence.Stop}, evidence.Entry{Kind: evidence.Start},
		evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{rules.RuleCut}},
		evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "mill", Rules: []string{"CONTAIN-16"}},
		l.by(evidence.Cut, "restore", "hill"))
}

// restart ends the core and starts it again.
func (l *land) restart() {
	l.Helper()
	l.end(l.T)()
	l.eventually("associations have ended, as they do with a process", func() bool {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(l.cfg.N2.Address.Addr(), l.cfg.N2.UDPPort)))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	load := l.load
	l.open()
	for i := range load.Radios { // their core is another
		load.Radios[i].Dial = l.load.Radios[i].Dial
	}
	l.load = load
}

// TestRestartSealed: sessions that were sealed are sealed from their first packet after a restart, and so are those of a
// law that was made stricter while the core was away.
func TestRestartSealed(t *testing.T) {
	for _, before := range []string{rule("OWN-1", at(hill), sealed), ""} {
		t.Run("before "+fmt.Sprint(before != ""), func(t *testing.T) {
			l := inLand(t, before, func(l *land) { l.cfg.Trust.Seal = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")} })
			defer func() { l.audit() }()
			l.begin(l.group("public", 3, hill))
			if before == "" {
				l.on("public", hill)
			} else {
				l.silent("public")
			}
			addresses := l.addresses("public")
			l.law = rule("OWN-1", at(hill), sealed)
			l.write()
			l.restart()
			for i := range 3 {
				l.eventually("its session is back", func() bool { return l.session("public", i).State == "active" })
			}
			l.silent("public")
			l.same("public", addresses)
			for i := range 3 {
				if s := l.session("public", i); !s.Sealed || s.Uplink.Packets != 0 {
					t.Errorf("the session is %+v", s)
				}
			}
		})
	}
}

// TestRestartUnknownFindings: what the findings book holds of a radio whose record is gone harms nothing.
func TestRestartUnknownFindings(t *testing.T) {
	l := inLand(t, "", contained)
	defer func() { l.audit() }()
	r := l.raw()
	l.accepted(r, l.load.Radios[mill])
	wrong := l.load.Radios[mill].Node
	wrong.ID = 0x999
	l.changesIdentity(r, wrong)
	l.facts.Elements = slices.Delete(l.facts.Elements, mill, mill+1)
	l.amend("")
	l.eventually("it is drained", r.Ended)
	l.restart()
	if list := findings(l, "mill"); len(list) != 1 {
		t.Errorf("%+v", list)
	}
	l.accepted(l.raw(), l.load.Radios[hill])
}

// TestAsOf: a core on trial judges by the law of one day for ever.
func TestAsOf(t *testing.T) {
	for _, c := range []struct {
		day string
		act string
	}{{"2020-12-31", "allow"}, {"2021-01-01", "refuse"}} {
		t.Run(c.day, func(t *testing.T) {
			day, err := rules.ParseDate(c.day)
			if err != nil {
				t.Fatal(err)
			}
			l := inLand(t, rule("OWN-1", from("acme"), "shape: function-ban, from: 2021-01-01"), func(l *land) { l.cfg.Trust.AsOf = day })
			defer l.audit()
			l.followCalendar(rules.DateOf(time.Now()))
			if st, err := l.Law(t.Context()); err != nil || st.AsOf != c.day || l.state(hill).Act != c.act {
				t.Errorf("the law is %+v, hill %+v, %v", st, l.state(hill), err)
			}
			if c.act == "allow" {
				l.accepted(l.raw(), l.load.Radios[hill])
			} else {
				l.refused(l.raw(), l.load.Radios[hill])
			}
			if e := l.tells(evidence.Entry{Kind: evidence.Snapshot})[0]; detail(e, "as_of") != c.day {
				t.Errorf("%+v", e)
			}
		})
	}
}

// TestEvidenceRolledBack: a core whose evidence was put back to an earlier state, or taken away, does not start and says so.
func TestEvidenceRolledBack(t *testing.T) {
	l := inLand(t, "")
	l.tells(evidence.Entry{Kind: evidence.Snapshot})
	early := filepath.Join(t.TempDir(), "early")
	l.must(os.CopyFS(early, os.DirFS(l.cfg.Evidence.Path)))
	_, err := l.Cut(t.Context(), console.CutOrder{Act: l.who, Element: "hill"})
	l.must(err)
	l.audit()
	for name, put := range map[string]func() error{
		"earlier": func() error { return os.CopyFS(l.cfg.Evidence.Path, os.DirFS(early)) },
		"gone":    func() error { return nil },
	} {
		l.must(os.RemoveAll(l.cfg.Evidence.Path))
		l.must(put())
		core, err := Open(l.cfg, Options{Log: slog.New(slog.DiscardHandler)})
		if err == nil {
			core.Close()
		}
		if !errors.Is(err, ledger.ErrRolledBack) || !strings.Contains(err.Error(), l.cfg.Evidence.Path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestApprovedSuperseded: a radio that an operator approved and then entered in the files is what the files say, now and
// after a restart; and taken out of them again it is unknown, for the approval has had its day.
func TestApprovedSuperseded(t *testing.T) {
	for _, when := range []string{"reload", "restart"} {
		t.Run(when, func(t *testing.T) {
			var own rules.Element
			l := inLand(t, "", func(l *land) { own, l.facts.Elements = l.facts.Elements[port], l.facts.Elements[:port] })
			defer func() { l.audit() }()
			cfg := l.load.Radios[port]
			l.refused(l.raw(), cfg)
			list, err := l.Pending(t.Context())
			l.must(err)
			record := strings.NewReplacer("vendor: fill-in", "vendor: nordic", "manager: fill-in", "manager: nordic", "site: fill-in", "site: mill").Replace(list[0].Record)
			l.must(l.Approve(t.Context(), l.who, record))
			radio := l.raw()
			l.accepted(radio, cfg)
			l.facts.Elements = append(l.facts.Elements, own) // under another name
			if when == "reload" {
				l.amend("")
			} else {
				l.write()
				l.restart()
				radio = l.raw()
				l.accepted(radio, cfg)
			}
			l.is(port, "connected") // which it is a moment after it has been told so
			if st := l.state(port); st.Name != "port" || st.Vendor != "kestrel" {
				t.Errorf("it is %+v", st)
			}
			l.facts.Elements = l.facts.Elements[:port]
			l.amend("")
			l.eventually("it is drained", radio.Ended)
			l.refused(l.raw(), cfg)
			l.restart()
			l.refused(l.raw(), cfg)
			if list, err := l.Pending(t.Context()); err != nil || len(list) != 1 {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}
