package rules_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
)

// TestDecideAllocates nothing at any gate, with shares, lists, cuts and claims to judge.
func TestDecideAllocates(t *testing.T) {
	_, s := large(t, 2000)
	s, err := s.With(rules.Change{Cuts: []rules.Cut{{Vendor: "vendor-1"}, {Element: "element-000009"}}})
	if err != nil {
		t.Fatal(err)
	}
	areas := []rules.ClaimedArea{{TAI: ident.TAI{PLMN: largeNode(0).PLMN, TAC: 1}, Slices: []ident.SNSSAI{{SST: 3}}}}
	n := 0
	for gate := rules.GateN2; gate <= rules.GateSoftware; gate++ {
		if got := testing.AllocsPerRun(200, func() {
			n = (n + 7) % 2100 // some have no record
			rules.Decide(s, rules.Question{Gate: gate, Node: largeNode(n), Areas: areas, Peer: netip.MustParseAddr("10.0.0.1"), DNN: "ims", TAC: 3, UserPlane: "element-000001", Protected: n&1 == 0})
		}); got != 0 {
			t.Errorf("%v: %v allocations", gate, got)
		}
	}
}

// TestNothingRefuses: no snapshot, an empty one and an element without a record refuse.
func TestNothingRefuses(t *testing.T) {
	empty, err := rules.Compile(&rules.Facts{}, nil, 20000)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*rules.Snapshot{nil, {}, empty} {
		v := rules.Decide(s, rules.Question{Gate: rules.GateN2, Element: "x"})
		if v.Act != rules.Refuse || v.Known {
			t.Errorf("%+v", v)
		}
		e := v.Explain()
		if e.Known || e.Act != rules.Refuse {
			t.Errorf("%+v", e)
		}
		s.Dates()
		s.Network()
		s.Digest()
		for range s.Elements() {
			t.Error("an element of nothing")
		}
	}
	if v := rules.Decide(empty, rules.Question{Element: "x"}); v.Rule == nil || v.Rule.ID != rules.RuleRecord {
		t.Errorf("refused by %v", v.Rule)
	}
}

// TestRecordMatch: what a radio claims is held against its record.
func TestRecordMatch(t *testing.T) {
	node := largeNode(1)
	f := &rules.Facts{
		Vendors: []rules.Vendor{{Name: "v"}},
		Elements: []rules.Element{{
			Name: "radio", Functions: []rules.Function{"gnb"}, Vendor: "v", Node: node, HasNode: true, TACs: []ident.TAC{1},
			Addresses: rules.Addresses{N2: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}}, Fingerprint: "aa",
		}},
	}
	s, err := rules.Compile(f, nil, 20000)
	if err != nil {
		t.Fatal(err)
	}
	area := func(tac ident.TAC, plmn ident.PLMN, slices ...ident.SNSSAI) []rules.ClaimedArea {
		return []rules.ClaimedArea{{TAI: ident.TAI{PLMN: plmn, TAC: tac}, Slices: slices}}
	}
	own, foreign := netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("10.0.1.0")
	for _, c := range []struct {
		name string
		q    rules.Question
		act  rules.Act
		rule string
	}{
		{"as recorded", rules.Question{Node: node, Peer: own, Fingerprint: "aa", Areas: area(1, node.PLMN, ident.SNSSAI{SST: 1, SD: ident.NoSD})}, rules.Allow, ""},
		{"mapped address", rules.Question{Node: node, Peer: netip.MustParseAddr("::ffff:10.0.0.9"), Areas: area(1, node.PLMN)}, rules.Allow, ""},
		{"no certificate shown", rules.Question{Node: node, Peer: own}, rules.Allow, ""},
		{"another certificate", rules.Question{Node: node, Peer: own, Fingerprint: "bb"}, rules.Refuse, rules.RuleCertificate},
		{"another address", rules.Question{Node: node, Peer: foreign}, rules.Refuse, rules.RuleAddress},
		{"no address", rules.Question{Node: node}, rules.Refuse, rules.RuleAddress},
		{"another area", rules.Question{Node: node, Peer: own, Areas: area(2, node.PLMN)}, rules.Refuse, rules.RuleArea},
		{"another network", rules.Question{Node: node, Peer: own, Areas: area(1, ident.PLMN{1})}, rules.Refuse, rules.RuleArea},
		{"one slice more", rules.Question{Node: node, Peer: own, Areas: area(1, node.PLMN, ident.SNSSAI{SST: 2, SD: ident.NoSD})}, rules.Restrict, rules.RuleSlice},
		{"same number in another length", rules.Question{Node: ident.RANNode{PLMN: node.PLMN, Bits: 25, ID: 1}, Peer: own}, rules.Refuse, rules.RuleRecord},
	} {
		c.q.Gate = rules.GateN2
		v := rules.Decide(s, c.q)
		rule := ""
		if v.Rule != nil {
			rule = v.Rule.ID
		}
		if v.Act != c.act || rule != c.rule || v.Known != (c.rule != rules.RuleRecord) {
			t.Errorf("%s: %v by %q, known %v", c.name, v.Act, rule, v.Known)
		}
		told := slices.ContainsFunc(v.Explain().Rules, func(r rules.Ruling) bool {
			return r.Rule == c.rule && r.Outcome == rules.Violated && len(r.Facts) > 0
		})
		if c.rule != "" && !told {
			t.Errorf("%s: %s is not explained", c.name, c.rule)
		}
	}
}

// TestExplain: every rule about an element is told, with facts, under its regime.
func TestExplain(t *testing.T) {
	_, s := large(t, 200)
	for e, v := range s.Elements() {
		x := v.Explain()
		if x.Element != e.Name || x.Act != v.Act || len(x.Regimes) != 2 || x.Regimes[1].Act != v.Act {
			t.Fatalf("%s: %+v", e.Name, x)
		}
		if v.Rule != nil && x.Rules[0].Rule != v.Rule.ID && x.Rules[0].Act != v.Act {
			t.Errorf("%s: decided by %s and %s is told first", e.Name, v.Rule.ID, x.Rules[0].Rule)
		}
		for _, r := range x.Rules {
			if r.Text == "" || r.Source.Document == "" || len(r.Facts) == 0 && r.Rule != rules.RuleCut {
				t.Errorf("%s: %+v", e.Name, r)
			}
		}
		if _, err := json.Marshal(x); err != nil {
			t.Fatal(err)
		}
	}
}

// TestShareAtItsCap: 35 % exactly is kept, and of one radio more that one is not.
func TestShareAtItsCap(t *testing.T) {
	g, err := rules.Parse("share.yaml", []byte(`regime: share
title: a
status: own
summary: a
rules:
  - {id: S-1, shape: share-cap, text: a third, source: {document: d}, functions: [gnb], class: high-risk, cap: 35, measure: count}
`))
	if err != nil {
		t.Fatal(err)
	}
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "good"}, {Name: "bad", Classes: []rules.Classing{{Class: rules.HighRisk}}}}}
	for i := range 100 {
		e := rules.Element{Name: "e" + string(rune('a'+i/10)) + string(rune('0'+i%10)), Functions: []rules.Function{"gnb"}, Vendor: "good", Installed: rules.Date(100 + i)}
		if i >= 65 {
			e.Vendor = "bad"
		}
		f.Elements = append(f.Elements, e)
	}
	s, err := rules.Compile(f, []*rules.Regime{g}, 20000)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(s *rules.Snapshot) (names []string) {
		for e, v := range s.Elements() {
			if v.Act == rules.Refuse {
				names = append(names, e.Name)
			}
		}
		return names
	}
	if got := refused(s); got != nil {
		t.Errorf("of 35 %%, %v are refused", got)
	}
	more := rules.Element{Name: "more", Functions: []rules.Function{"gnb"}, Vendor: "bad", Installed: 999}
	s, err = s.With(rules.Change{Elements: []rules.Element{more}})
	if err != nil {
		t.Fatal(err)
	}
	if got := refused(s); !slices.Equal(got, []string{"more"}) {
		t.Errorf("of one more, %v are refused", got)
	}
	n := s.Network()
	if len(n) != 1 || n[0].Over != 1 || n[0].Members != 36 || n[0].Outcome != rules.Violated || n[0].Share < 35.6 || n[0].Share > 35.7 {
		t.Errorf("network: %+v", n)
	}
}

// TestCompileRefuses: contradictory facts are named, all of them, and nothing is compiled.
func TestCompileRefuses(t *testing.T) {
	gnb := func(name string, change func(*rules.Element)) rules.Element {
		e := rules.Element{Name: name, Functions: []rules.Function{"gnb"}}
		change(&e)
		return e
	}
	f := &rules.Facts{
		Vendors: []rules.Vendor{{Name: "a", Parent: "b"}, {Name: "b", Parent: "a"}, {Name: "c", Parent: "zz"}},
		Sites:   []rules.Site{{Name: "s"}, {Name: "s"}, {Name: "wrong", At: geo.Point{Lat: 91}, Placed: true}},
		Zones:   []rules.Zone{{Name: "z", Purpose: "secret"}},
	}
	_, err := rules.Compile(f, nil, 20000)
	wantAll(t, err, "controls itself", `vendor c: its parent "zz" has no record`, `site "s" is there twice`, "site wrong:", `zone z: "secret" is no purpose of a zone`, "zone z has no area")
	f = &rules.Facts{
		Vendors: []rules.Vendor{{Name: "huawei"}},
		Elements: []rules.Element{
			gnb("one", func(e *rules.Element) { e.Node, e.HasNode = largeNode(1), true }),
			gnb("two", func(e *rules.Element) { e.Node, e.HasNode = largeNode(1), true }),
			gnb("two", func(e *rules.Element) {}),
			gnb("three", func(e *rules.Element) { e.Vendor = "huawai" }),
			gnb("four", func(e *rules.Element) { e.Functions = []rules.Function{"gnbb"} }),
			gnb("five", func(e *rules.Element) { e.Site = "nowhere" }),
			gnb("six", func(e *rules.Element) { e.Functions = nil }),
		},
		Links:    []rules.Link{{Name: "l", A: "one", B: "none"}},
		Findings: []rules.Observation{{Element: "none", Kind: "k", Count: 1}, {Element: "one", Kind: "k", Count: 1}, {Element: "one", Kind: "k", Count: 2}},
		Cuts:     []rules.Cut{{Vendor: "nokia"}, {}},
	}
	_, err = rules.Compile(f, nil, 20000)
	wantAll(t, err, "elements one and two are both the radio", `element "two" is there twice`, `element three: vendor "huawai" has no record: "huawei" is`,
		`element four: "gnbb" is no function tag: "gnb" is`, `element five: site "nowhere" has no record`, "element six: 0 functions",
		`link l: "none" has no record`, `findings against "none"`, "counted twice", `cut of vendor "nokia", which has no record`, "a cut names one of")
	if _, err = rules.Compile(&rules.Facts{}, nil, 0); err == nil {
		t.Error("compiled for no date")
	}
}

func wantAll(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("no %q in\n%v", p, err)
		}
	}
}
