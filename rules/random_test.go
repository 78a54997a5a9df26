package rules

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"cordon/geo"
	"cordon/ident"
)

// random makes small networks and laws in which everything that rules look at differs, is missing
// and coincides often.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 7))} }

func one[T any](r random, of ...T) T { return of[r.IntN(len(of))] }

func some[T any](r random, of ...T) []T {
	var s []T
	for _, v := range of {
		if r.IntN(3) == 0 {
			s = append(s, v)
		}
	}
	return s
}

const middle = Date(20000) // days are drawn around it

func (r random) day() Date {
	if r.IntN(5) == 0 {
		return 0
	}
	return middle + Date(r.IntN(9)-4)
}

var vendorNames = []string{"alpha", "beta", "beta-uk", "gamma", "delta"}

func (r random) facts() *Facts {
	f := &Facts{}
	for _, name := range vendorNames {
		v := Vendor{Name: name, Country: one(r, "", "SE", "CN")}
		if name == "beta-uk" {
			v.Parent = "beta"
		}
		for range r.IntN(2) {
			v.Classes = append(v.Classes, Classing{Regime: one(r, "", "one", "two"), Class: one(r, Standard, Trusted, HighRisk), From: r.day()})
		}
		f.Vendors = append(f.Vendors, v)
	}
	f.Zones = []Zone{
		{Name: "base", Purpose: Sensitive, Area: geo.Area{Centre: geo.Point{Lat: 50, Lon: 1}, Radius: 1000}},
		{Name: "plant", Purpose: Critical, Area: geo.Area{Ring: []geo.Point{{Lat: 51, Lon: 1}, {Lat: 51, Lon: 2}, {Lat: 52, Lon: 1}}}},
	}
	f.Sites = []Site{
		{Name: "in", At: geo.Point{Lat: 50, Lon: 1}, Placed: true}, {Name: "near", At: geo.Point{Lat: 50.02, Lon: 1}, Placed: true, Country: "GB"},
		{Name: "far", At: geo.Point{Lat: 40, Lon: 1}, Placed: true, Country: "GB"}, {Name: "nowhere", Country: "CN"},
	}
	for i := range 3 + r.IntN(8) {
		f.Elements = append(f.Elements, r.element(i))
	}
	for i := range r.IntN(4) {
		f.Links = append(f.Links, Link{Name: fmt.Sprint("link-", i), A: one(r, f.Elements...).Name, B: one(r, f.Elements...).Name, Carrier: one(r, "", "bt"), Protection: one(r, "", "none", "ipsec")})
	}
	for i := range f.Elements {
		for _, kind := range some(r, "theft", "location") {
			f.Findings = append(f.Findings, Observation{f.Elements[i].Name, kind, 1 + r.IntN(4)})
		}
	}
	for range r.IntN(5) / 3 {
		f.Cuts = append(f.Cuts, r.cut())
	}
	return f
}

func (r random) cut() Cut {
	return one(r, Cut{Vendor: one(r, vendorNames...)}, Cut{Element: fmt.Sprint("e", r.IntN(9))}, Cut{Digest: "sha256:aa"})
}

func (r random) element(i int) Element {
	e := Element{
		Name: fmt.Sprint("e", i), Functions: one(r, []Function{"gnb"}, []Function{"upf"}, []Function{"router", "seg"}, []Function{"cu"}),
		Technology: one(r, "", "5g", "4g"), Vendor: one(r, append(vendorNames, "")...), Manager: one(r, append(vendorNames, "")...),
		Support: some(r, vendorNames...), Software: some(r, vendorNames...), Model: one(r, "", "m1"), Version: one(r, "", "1", "2"),
		Digest: one(r, "", "sha256:aa", "sha256:bb"), Site: one(r, "", "in", "near", "far", "nowhere"),
		Addresses: Addresses{N2: some(r, netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"))},
		TACs:      some[ident.TAC](r, 1, 2), Slices: some(r, ident.SNSSAI{SST: 1, SD: ident.NoSD}), Fingerprint: one(r, "", "aa"), Protection: one(r, "", "none", "wireguard"),
		Purchased: r.day(), Installed: r.day(), LikeForLike: r.IntN(2) == 0, Traffic: one(r, -1, 0, 1, 35, 65, 0.1), Premises: one(r, -1, 10, 90.0),
		SupportEnd: r.day(), Tags: some(r, "edge", "lab"),
		Management: Management{Path: one(r, "", "mediated", "direct"), Country: one(r, "", "GB", "CN"), Recorded: Known(r.IntN(3)), Months: one(r, 0, 12, 13), Separated: Known(r.IntN(3)), TwoPeople: Known(r.IntN(3))},
	}
	if r.IntN(2) == 0 {
		e.Served = geo.Area{Centre: geo.Point{Lat: one(r, 50, 40.0), Lon: 1}, Radius: 500}
	}
	if r.IntN(2) == 0 {
		e.HasNode, e.Node = true, ident.RANNode{PLMN: ident.PLMN{0, 0xf1, 0x10}, Bits: 24, ID: uint32(i + 1)}
	}
	for range r.IntN(3) {
		e.Permits = append(e.Permits, Permit{Kind: one(r, "mitigation", "licence"), By: one(r, "ncsc", "bsi"), Version: one(r, "", "1"), Site: one(r, "", "in"), From: r.day(), Until: r.day()})
	}
	return e
}

var someSelectors = []string{
	"", `element.technology == "5g"`, `element.protection == "wireguard"`, `element.version < "2" || element.like_for_like`, `vendor.country != "SE"`,
	`element.tags.exists(t, t == "edge")`, `site.country == "GB" && !("sensitive" in site.zones)`, `management.months >= 13`,
	`element.findings["theft"] > 1`, `links.unprotected == 0`, `management.path == "mediated" && management.recorded`,
	`vendor.class == "trusted"`, `"sensitive" in element.reaches`, `support.countries.all(c, c == "SE")`, `element.name < "e4"`,
	`element.installed <= today`, `"high-risk" in software.classes`, `manager.group == vendor.group`, `element.functions[1] == "seg"`,
}

// regimes makes two laws.
func (r random) regimes() []*Regime {
	return []*Regime{r.regime("one"), r.regime("two")}
}

func (r random) regime(name string) *Regime {
	g := &Regime{Name: name, Title: name, Status: Law, DeadlineGrace: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		g.Vendors = []NamedVendor{{Names: []string{one(r, "Gamma", "beta-uk")}, Class: one(r, HighRisk, Trusted), From: r.day()}}
	}
	for i := range 1 + r.IntN(6) {
		g.Rules = append(g.Rules, r.rule(g, i))
	}
	return g
}

func (r random) rule(g *Regime, i int) *Rule {
	u := &Rule{
		ID: fmt.Sprintf("%s-%02d", g.Name, i), Regime: g, Shape: FunctionBan + Shape(r.IntN(int(Separation))), Status: Law, Mark: MarkUnsure,
		Functions: some[Function](r, "gnb", "upf", "router"), Class: one(r, HighRisk, HighRisk, Standard), Where: one(r, someSelectors...),
		Except: one(r, "", "", one(r, someSelectors...)), From: one(r, 0, 0, r.day()), Act: one(r, Refuse, Restrict),
		Owes: Owes(r.IntN(256)), Protected: r.IntN(4) == 0,
	}
	u.Anyone = u.Class == HighRisk && r.IntN(2) == 0
	if r.IntN(2) == 0 {
		u.Target, u.Hard = r.day(), r.day()
	}
	domain := Domain{Functions: some[Function](r, "gnb", "upf"), Where: one(r, "", "", one(r, someSelectors...))}
	switch u.Shape {
	case ShareCap:
		u.Share = &Share{Cap: one[Percent](r, 0, 35_000, 50_000, 100_000), Measure: Measure(r.IntN(3)), PerVendor: r.IntN(2) == 0, Domain: domain}
	case GeoExclusion:
		u.Geo = &Geo{Zones: one(r, []Purpose{Sensitive}, []Purpose{Critical, Sensitive}), Within: one(r, 0, 2000.0)}
	case PhaseOut:
		if u.Trigger = u.Class == HighRisk && r.IntN(2) == 0; u.Trigger {
			u.Months, u.Hard = one(r, 1, 600), 0
		}
	case Freeze:
		u.Freeze = &FreezeTerms{After: middle + Date(r.IntN(3)-1), Notice: u.Class == HighRisk && r.IntN(2) == 0, Install: r.IntN(3) > 0, Purchase: r.IntN(3) > 0}
	case Permission:
		u.Permit = &PermitTerms{Kind: "mitigation", Authority: one(r, "", "ncsc"), Version: r.IntN(2) == 0, Site: r.IntN(2) == 0}
	case Diversity:
		u.Act = Restrict
		u.Diverse = &DiversityTerms{Domain: domain, Vendors: r.IntN(4), Outside: r.IntN(3), Share: one[Percent](r, 0, 50_000), Measure: Measure(r.IntN(3))}
	case Separation:
		u.Apart = &SeparationTerms{Require: one(r, someSelectors...)}
		if r.IntN(3) == 0 {
			u.Apart.OnlyDNNs, u.Apart.OnlyUserPlanes = []ident.DNN{"internet"}, []string{"own", "e1"}
		}
	}
	return u
}

// questions asks of every element, and of one that has no record, at every gate.
func (r random) questions(f *Facts) []Question {
	var qs []Question
	for i := range 12 {
		for gate := GateN2; gate <= GateSoftware; gate++ {
			q := Question{Gate: gate, Element: fmt.Sprint("e", i), Protected: r.IntN(2) == 0}
			switch gate {
			case GateN2:
				if i < len(f.Elements) && f.Elements[i].HasNode {
					q.Node = f.Elements[i].Node
				}
				q.Peer, q.Fingerprint = one(r, netip.MustParseAddr("10.1.1.1"), netip.MustParseAddr("192.0.2.2")), one(r, "", "aa", "bb")
				q.Areas = []ClaimedArea{{TAI: ident.TAI{PLMN: ident.PLMN{0, 0xf1, 0x10}, TAC: one[ident.TAC](r, 1, 2)}, Slices: some(r, ident.SNSSAI{SST: 1, SD: ident.NoSD}, ident.SNSSAI{SST: 2})}}
			case GateDevice:
				q.TAC = one[ident.TAC](r, 0, 1, 3)
			case GateSession:
				q.DNN, q.UserPlane = one[ident.DNN](r, "internet", "ims"), one(r, "", "e1", "e2", "e99")
				q.Slice = one(r, ident.SNSSAI{}, ident.SNSSAI{SST: 1, SD: ident.NoSD}, ident.SNSSAI{SST: 2})
			}
			qs = append(qs, q)
		}
	}
	return qs
}
