package node

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"cordon/evidence"
	"cordon/geo"
	"cordon/ident"
	"cordon/ran"
	"cordon/rules"
	"cordon/trust"
	"cordon/wire/ngap"
)

// TestGateN2Pending: a radio without a record is held until an operator has given it one, and serves then.
func TestGateN2Pending(t *testing.T) {
	l := inLand(t, "", func(l *land) { l.facts.Elements = l.facts.Elements[mill:] })
	defer l.audit()
	cfg := l.load.Radios[hill]
	f := l.refused(l.raw(), cfg)
	if f.Cause != ngap.CauseMiscUnspecified || *f.TimeToWait != ngap.Wait10s {
		t.Errorf("the radio is told %v, and to wait %v", f.Cause, *f.TimeToWait)
	}
	l.begin(l.group("public", 4, hill))
	node := cfg.Node.String()
	l.eventually("the radio waits", func() bool {
		list, err := l.Pending(t.Context())
		return err == nil && len(list) == 1 && list[0].Tries > 2
	})
	list, _ := l.Pending(t.Context())
	p := list[0]
	if p.Node != node || p.Name != cfg.Name || !p.Address.Addr().IsLoopback() || len(p.Areas) != 1 || p.Areas[0].TAI != (ident.TAI{PLMN: cfg.Node.PLMN, TAC: 1}).String() ||
		!slices.Equal(p.Areas[0].Slices, []string{"1"}) || p.First.After(p.Last) {
		t.Errorf("what it claims is shown as %+v", p)
	}
	if st, err := l.Law(t.Context()); err != nil || st.Pending != 1 || st.Elements != 2 {
		t.Errorf("the law: %+v, %v", st, err)
	}
	if why, err := l.Why(t.Context(), node); err != nil || why.Element != node || why.Known || why.Act != rules.Refuse || why.Rule != "CORDON-RECORD" {
		t.Errorf("why it is held: %+v, %v", why, err)
	}
	if err := l.Approve(t.Context(), l.who, p.Record); err == nil {
		t.Error("a record was taken that does not say who made the radio")
	}
	record := strings.NewReplacer("vendor: fill-in", "vendor: acme", "manager: fill-in", "manager: acme", "site: fill-in", "site: hill").Replace(p.Record)
	record = strings.Replace(record, "name: "+node, "name: hill", 1)
	record = withN3(t, record, loopback(t, 10))
	l.must(l.Approve(t.Context(), l.who, record))
	l.on("public", hill)
	if list, _ := l.Pending(t.Context()); len(list) != 0 {
		t.Errorf("it still waits: %+v", list)
	}
	all := l.tells(
		evidence.Entry{Kind: evidence.Start}, evidence.Entry{Kind: evidence.Snapshot},
		evidence.Entry{Kind: evidence.Pending, Act: "pending", Gate: "n2", Subject: node},
		l.by(evidence.Act, "approve", "hill"),
	)
	sum := sha256.Sum256([]byte(record))
	if got := detail(all[3], "record"); got != strings.Join(strings.Fields(record), " ") || detail(all[3], "record_digest") != fmt.Sprintf("sha256:%x", sum) || all[3].Snapshot == all[1].Snapshot {
		t.Errorf("the approval is %+v", all[3])
	}
}

// withN3 gives a record of one radio an address for its user plane.
func withN3(t *testing.T, record string, n3 netip.Addr) string {
	f, _, err := trust.Parse([]trust.File{{Name: "own.yaml", Text: []byte("vendors: [{name: acme}]\nsites: [{name: hill, country: GB, at: [51.5, -0.1]}]\n" + record)}})
	if err != nil {
		t.Fatalf("%v\n%s", err, record)
	}
	f.Elements[0].Addresses.N3 = []netip.Prefix{netip.PrefixFrom(n3, 32)}
	return string(trust.Export(&rules.Facts{Elements: f.Elements}))
}

// TestGateN2Dismissed: who is dismissed is no longer listed, until it comes again.
func TestGateN2Dismissed(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	cfg := l.load.Radios[hill]
	cfg.Node.ID = 0xbad
	r := l.raw()
	l.refused(r, cfg)
	l.must(l.Dismiss(t.Context(), l.who, cfg.Node.String()))
	if list, _ := l.Pending(t.Context()); len(list) != 0 {
		t.Errorf("it still waits: %+v", list)
	}
	if err := l.Dismiss(t.Context(), l.who, cfg.Node.String()); err == nil {
		t.Error("nobody was dismissed")
	}
	l.refused(r, cfg)
	if list, _ := l.Pending(t.Context()); len(list) != 1 {
		t.Errorf("it came again, and those who wait are %+v", list)
	}
	l.tells(evidence.Entry{Kind: evidence.Pending, Subject: cfg.Node.String()}, evidence.Entry{Kind: evidence.Act, Act: "dismiss", Subject: cfg.Node.String(), Who: "alice"},
		evidence.Entry{Kind: evidence.Pending, Subject: cfg.Node.String()})
}

// TestGateN2Refused: what a rule or a record refuses is not served, whatever the reason, and the others are.
func TestGateN2Refused(t *testing.T) {
	elsewhere := netip.MustParsePrefix("10.99.0.0/16")
	for _, c := range []struct {
		name    string
		law     string
		change  func(*land)
		claim   func(*ran.RadioConfig)
		by      string
		finding string
	}{
		{"maker", rule("OWN-1", from("acme"), ban), nil, nil, "OWN-1", ""},
		{"place", rule("OWN-2", `vendor.name == "acme"`, "shape: geo-exclusion, zones: [sensitive], within: 2"), func(l *land) { l.facts.Sites[hill].At = geo.Point{Lat: 52.02} }, nil, "OWN-2", ""},
		{"place unknown", rule("OWN-3", `vendor.name == "acme"`, "shape: geo-exclusion, zones: [sensitive]"), func(l *land) { l.facts.Sites[hill].Placed = false }, nil, "OWN-3", ""},
		{"address", "", func(l *land) { l.facts.Elements[hill].Addresses.N2 = []netip.Prefix{elsewhere} }, nil, rules.RuleAddress, "radio address"},
		{"area", "", nil, func(c *ran.RadioConfig) { c.TACs = []ident.TAC{1, 2} }, rules.RuleArea, "scope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := inLand(t, c.law, func(l *land) {
				if c.change != nil {
					c.change(l)
				}
			})
			defer l.audit()
			cfg := l.load.Radios[hill]
			if c.claim != nil {
				c.claim(&cfg)
			}
			r := l.raw()
			for range 3 { // and is told the same each time
				if f := l.refused(r, cfg); *f.TimeToWait != ngap.Wait60s {
					t.Errorf("it is to wait %v", *f.TimeToWait)
				}
			}
			l.accepted(l.raw(), l.load.Radios[mill])
			why, err := l.Why(t.Context(), cfg.Node.String())
			if err != nil || why.Element != "hill" {
				t.Errorf("why: %+v, %v", why, err)
			}
			if st := l.state(hill); st.State != "absent" {
				t.Errorf("it is shown as %+v", st)
			}
			e := l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{c.by}})[0]
			if detail(e, "node") != cfg.Node.String() || !strings.HasPrefix(detail(e, "peer"), "127.") {
				t.Errorf("the verdict is %+v", e)
			}
			n := 0
			for _, e := range l.evidence() {
				if e.Kind == evidence.Verdict {
					n++
				}
			}
			if n != 1 {
				t.Errorf("one verdict was written down %d times", n)
			}
			if c.finding == "" {
				return
			}
			against := "hill"
			if c.finding == "radio address" {
				against = "" // it may be anybody
			}
			told := l.tells(evidence.Entry{Kind: evidence.Finding, Act: c.finding, Element: against})
			if node := detail(told[0], "node"); node != "" || detail(told[0], "peer") == "" {
				t.Errorf("a radio that is not set up is told of as %q: %+v", node, told[0])
			}
			list := findings(l, against)
			i := slices.IndexFunc(list, func(f trust.Entry) bool { return f.Kind == c.finding })
			if i < 0 || list[i].Count != 3 || len(list[i].FirstBytes) == 0 || !strings.Contains(list[i].Why, `"hill"`) {
				t.Errorf("found is %+v", list)
			}
		})
	}
}

// findings is the findings book's of one element.
func findings(l *land, element string) (list []trust.Entry) {
	all, err := l.Findings(l.Context())
	l.must(err)
	return slices.DeleteFunc(all, func(e trust.Entry) bool { return e.Element != element })
}

// TestGateN2Restricted: a radio serves those of its slices that its record has too, and the console says what it owes.
func TestGateN2Restricted(t *testing.T) {
	two := ident.SNSSAI{SST: 2, SD: ident.NoSD}
	l := inLand(t, rule("OWN-1", at(hill), "shape: phase-out, from: 2020-01-01, hard: 2099-01-01"), func(l *land) {
		l.cfg.Slices = append(l.cfg.Slices, two)
	})
	defer l.audit()
	l.load.Radios[hill].Slices = l.cfg.Slices
	l.begin(l.group("public", 2, hill))
	l.on("public", hill)
	if st := l.state(hill); st.Act != "restrict" || !slices.Equal(st.Owes, []string{"replace"}) || st.Due != "2099-01-01" || st.Rule != "OWN-1" || st.State != "connected" || st.Devices != 2 {
		t.Errorf("it is shown as %+v", st)
	}
	radios, err := l.Radios(t.Context())
	l.must(err)
	info := l.radiosByElement()["hill"].info.Load()
	if len(radios) != 3 || len(info.Areas) != 1 || !slices.Equal(info.Areas[0].Served, l.cfg.Slices[:1]) || !slices.Equal(info.Areas[0].Offered, l.cfg.Slices) {
		t.Errorf("it serves %+v", info.Areas)
	}
	e := l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "restrict", Gate: "n2", Element: "hill"})[0]
	if !slices.Contains(e.Rules, "OWN-1") || !slices.Contains(e.Rules, rules.RuleSlice) || detail(e, "due") != "2099-01-01" || !strings.Contains(detail(e, "owes"), "replace") {
		t.Errorf("the verdict is %+v", e)
	}
}

// TestGateN2Update: a radio that is served does not get by an update what it would not have got by a set-up.
func TestGateN2Update(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	cfg := l.load.Radios[hill]
	r := l.raw()
	l.accepted(r, cfg)
	claim := func(tac ident.TAC, plmn ident.PLMN) {
		t.Helper()
		l.must(r.Send(&ngap.RANConfigurationUpdate{SupportedTAs: []ngap.SupportedTA{{TAC: tac, PLMNs: []ngap.PLMNSupport{{PLMN: plmn, Slices: cfg.Slices}}}}}, 0))
	}
	claim(2, cfg.Node.PLMN)
	if f, err := ran.Expect[*ngap.RANConfigurationUpdateFailure](l.soon(), r); err != nil || f.TimeToWait == nil {
		t.Fatalf("%+v, %v", f, err)
	}
	claim(1, ident.PLMN{0x99, 0xf9, 0x07})
	if _, err := ran.Expect[*ngap.RANConfigurationUpdateFailure](l.soon(), r); err != nil {
		t.Fatal(err)
	}
	claim(1, cfg.Node.PLMN)
	if _, err := ran.Expect[*ngap.RANConfigurationUpdateAcknowledge](l.soon(), r); err != nil {
		t.Fatal(err)
	}
	if st := l.state(hill); st.State != "connected" {
		t.Errorf("it is %+v", st)
	}
	l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{rules.RuleArea}},
		evidence.Entry{Kind: evidence.Finding, Act: "scope", Element: "hill"})
}

// TestGateN2Duplicate: the second radio of one identity is not served, the first one is, and it is found.
func TestGateN2Duplicate(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	l.begin(l.group("public", 2, hill))
	l.on("public", hill)
	l.refused(l.raw(), l.load.Radios[hill])
	l.on("public", hill)
	l.tells(evidence.Entry{Kind: evidence.Finding, Act: "duplicate radio"})
}
