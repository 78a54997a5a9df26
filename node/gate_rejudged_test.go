package node

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/rules"
	"cordon/wire/ngap"
)

// addresses are the phones' of a group, by number.
func (l *land) addresses(group string) map[int]netip.Addr {
	all := map[int]netip.Addr{}
	for _, s := range l.live.Phones() {
		if s.Group == group && len(s.Sessions) > 0 {
			all[s.Number] = s.Sessions[0].Addr
		}
	}
	return all
}

// same wants a group's phones to have the addresses that they had.
func (l *land) same(group string, before map[int]netip.Addr) {
	l.Helper()
	now := l.addresses(group)
	for i, addr := range before {
		if now[i] != addr || !addr.IsValid() {
			l.Errorf("%s phone %d had %v and has %v", group, i, addr, now[i])
		}
	}
}

// TestRejudgedReload: a new law takes a radio out of service at a bounded rate; its devices end on a lawful one with
// their addresses and their traffic, and the radio is not let in again.
func TestRejudgedReload(t *testing.T) {
	const phones = 30
	l := inLand(t, "", func(l *land) { l.cfg.Trust.Drain = DrainRate{Devices: 40, Radios: 8} })
	defer l.audit()
	var mu sync.Mutex
	var released []time.Time
	l.load.Radios[hill].Deaf = func(m ngap.Message) bool {
		if c, ok := m.(*ngap.UEContextReleaseCommand); ok && c.Cause == ngap.CauseRadioReleaseDueTo5GCGeneratedReason {
			mu.Lock()
			released = append(released, time.Now())
			mu.Unlock()
		}
		return false
	}
	l.begin(l.group("public", phones, hill, mill), l.group("others", 5, mill))
	l.on("public", hill)
	l.on("others", mill)
	public, others := l.addresses("public"), l.addresses("others")
	l.amend(rule("OWN-1", from("acme"), ban))
	l.on("public", mill)
	l.on("others", mill)
	l.is(hill, "absent")
	l.same("public", public)
	l.same("others", others)
	for _, s := range l.live.Phones() {
		if s.Group == "others" && s.Moves != 0 {
			t.Errorf("phone %d of a lawful radio was moved", s.Number)
		}
	}
	mu.Lock()
	if took := released[len(released)-1].Sub(released[0]); len(released) != phones || took < phones*time.Second/40/2 {
		t.Errorf("%d devices were released in %v, and the rate is 40 in a second", len(released), took)
	}
	mu.Unlock()
	all := l.tells(l.by(evidence.Act, "reload", ""), evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{"OWN-1"}},
		evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"})
	if all[2].Count != phones || all[0].Snapshot != all[1].Snapshot {
		t.Errorf("%+v", all)
	}
	l.amend("") // it may come back
	l.is(hill, "connected")
}

// TestRejudgedInOrder: where two radios go at once, the one that the other's devices lean on goes last, and
// nobody is left behind.
func TestRejudgedInOrder(t *testing.T) {
	l := inLand(t, "", func(l *land) {
		l.cfg.Trust.Drain = DrainRate{Devices: 1000, Radios: 1}
		for i := range l.facts.Sites { // hill is near mill only
			l.facts.Sites[i].At.Lat = 51.5 + 0.045*float64(i)
		}
	})
	defer l.audit()
	l.begin(l.group("public", 10, hill, mill, port), l.group("others", 10, mill, port))
	l.on("public", hill)
	l.on("others", mill)
	public, others := l.addresses("public"), l.addresses("others")
	l.amend(rule("OWN-1", from("acme"), ban) + rule("OWN-2", from("nordic"), ban))
	l.on("public", port)
	l.on("others", port)
	l.same("public", public)
	l.same("others", others)
	l.tells(evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"}, evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "mill"})
}

// TestRejudgedWithoutRecords: radios whose records are gone are drained, each of them, and wait for an operator.
func TestRejudgedWithoutRecords(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	l.begin(l.group("public", 3, hill, port), l.group("others", 3, mill, port))
	l.on("public", hill)
	l.on("others", mill)
	l.facts.Elements = l.facts.Elements[port:]
	l.amend("")
	l.on("public", port)
	l.on("others", port)
	l.eventually("both wait", func() bool { list, err := l.Pending(t.Context()); return err == nil && len(list) == 2 })
	for _, e := range l.tells(evidence.Entry{Kind: evidence.Cut, Act: "drained"}, evidence.Entry{Kind: evidence.Cut, Act: "drained"}) {
		if node := detail(e, "node"); e.Count != 3 || node == "" || e.Element != node {
			t.Errorf("%+v", e)
		}
	}
}

// TestRejudgedByCalendar: a permit's last day is the last on which its radio serves, and a clock that goes back
// changes nothing.
func TestRejudgedByCalendar(t *testing.T) {
	today := rules.DateOf(time.Now())
	l := inLand(t, rule("OWN-1", at(hill), "shape: permission, permit: {kind: authorisation}"), func(l *land) {
		l.facts.Elements[hill].Permits = []rules.Permit{{Kind: "authorisation", By: "the ministry", From: today - 10, Until: today}}
	})
	defer l.audit()
	l.begin(l.group("public", 5, hill, mill))
	l.on("public", hill)
	before := l.addresses("public")
	l.followCalendar(today)
	l.followCalendar(today - 1)
	if st, err := l.Law(t.Context()); err != nil || st.AsOf != today.String() || st.Refused != 0 {
		t.Fatalf("the law is %+v, %v", st, err)
	}
	l.followCalendar(today + 1)
	l.on("public", mill)
	l.same("public", before)
	l.is(hill, "absent")
	if st, err := l.Law(t.Context()); err != nil || st.AsOf != (today+1).String() || st.Refused != 1 {
		t.Errorf("the law is %+v, %v", st, err)
	}
	all := l.tells(evidence.Entry{Kind: evidence.Snapshot, Act: "in force", Why: "a new day"},
		evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{"OWN-1"}},
		evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"})
	if detail(all[0], "as_of") != (today+1).String() || !slices.Contains(all[0].Regimes, "own") {
		t.Errorf("%+v", all[0])
	}
}

// TestCut: what a dry run says is what then happens; nothing happens before. Restored, the radio comes back, and so do
// phones that have no other.
func TestCut(t *testing.T) {
	software := "sha256:" + strings.Repeat("5a", 32)
	for name, order := range map[string]console.CutOrder{
		"vendor": {Vendor: "acme"}, "element": {Element: "hill"}, "software": {Digest: software},
	} {
		t.Run(name, func(t *testing.T) {
			l := inLand(t, "", func(l *land) { l.facts.Elements[hill].Digest = software })
			defer l.audit()
			l.begin(l.group("public", 5, hill, mill), l.group("lonely", 3, hill))
			l.on("public", hill)
			l.on("lonely", hill)
			public, lonely := l.addresses("public"), l.addresses("lonely")
			order.Act, order.DryRun = l.who, true
			dry, err := l.Cut(t.Context(), order)
			l.must(err)
			want := console.CutRadio{Element: "hill", Site: "hill", Devices: 8, To: []string{"mill", "port"}}
			if !dry.DryRun || dry.Number != 0 || dry.Devices != 8 || dry.Dark != 0 || dry.Stranded != 0 || !slices.Equal(dry.Elements, []string{"hill"}) ||
				len(dry.Radios) != 1 || dry.Radios[0].Element != want.Element || dry.Radios[0].Devices != want.Devices || !slices.Equal(dry.Radios[0].To, want.To) {
				t.Errorf("the dry run says %+v", dry)
			}
			l.on("public", hill)
			if cuts, err := l.Cuts(t.Context()); err != nil || len(cuts) != 0 {
				t.Errorf("a dry run cuts: %+v, %v", cuts, err)
			}
			order.DryRun = false
			report, err := l.Cut(t.Context(), order)
			l.must(err)
			if report.Devices != dry.Devices || report.Dark != dry.Dark || !slices.Equal(report.Elements, dry.Elements) || report.DryRun || report.Number == 0 {
				t.Errorf("the cut says %+v, and the dry run said %+v", report, dry)
			}
			l.on("public", mill)
			l.on("lonely") // no radio
			l.is(hill, "absent")
			l.same("public", public)
			if cuts, err := l.Cuts(t.Context()); err != nil || len(cuts) != 1 || cuts[0].Number != report.Number || cuts[0].Who != "alice" || cuts[0].Why != l.who.Why {
				t.Errorf("%+v, %v", cuts, err)
			}
			l.must(l.Restore(t.Context(), l.who, report.Number))
			l.on("lonely", hill)
			l.same("lonely", lonely)
			if err := l.Restore(t.Context(), l.who, report.Number); err == nil {
				t.Error("it was restored twice")
			}
			all := l.tells(l.by(evidence.Cut, "cut", ""), evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{rules.RuleCut}},
				evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"}, l.by(evidence.Cut, "restore", ""))
			if detail(all[0], "devices") != "8" || all[0].Count != 1 || all[2].Count != 8 || all[0].Element != all[3].Element {
				t.Errorf("%+v", all)
			}
		})
	}
}

// TestCutOfNothing: an order that names nothing that is there is refused, and changes nothing.
func TestCutOfNothing(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	l.begin(l.group("public", 2, hill))
	l.on("public", hill)
	before, err := l.Law(t.Context())
	l.must(err)
	for _, order := range []console.CutOrder{{Vendor: "nobody"}, {Element: "nothing"}, {}, {Vendor: "acme", Element: "hill"}} {
		for _, order.DryRun = range []bool{true, false} {
			order.Act = l.who
			if r, err := l.Cut(t.Context(), order); err == nil {
				t.Errorf("%+v cuts %+v", order, r)
			}
		}
	}
	if now, err := l.Law(t.Context()); err != nil || now.Digest != before.Digest || now.Cuts != 0 {
		t.Errorf("the law is %+v, %v", now, err)
	}
	l.on("public", hill)
}
