package rules_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
)

// largeRegime is a regime of so many rules, of every shape.
func largeRegime(t testing.TB, n int) *rules.Regime {
	t.Helper()
	bodies := []string{
		`shape: function-ban, functions: [core], class: high-risk, anyone: true`,
		`shape: function-ban, where: 'element.version < "$few" && element.technology == "5g"', act: restrict, owes: [watch]`,
		`shape: geo-exclusion, functions: [access], class: high-risk, zones: [sensitive], within: 1.5`,
		`shape: phase-out, class: high-risk, trigger: notice, months: $many`,
		`shape: freeze, functions: [access], class: high-risk, after: "2020-12-31", except: element.like_for_like`,
		`shape: permission, class: high-risk, permit: {kind: mitigation, version: true}, act: restrict, owes: [sealed-only]`,
		`shape: separation, require: 'management.path == "mediated" && management.months >= $few', act: restrict, owes: [mediate]`,
		`shape: share-cap, functions: [access], class: high-risk, cap: 35, measure: count, hard: "2030-01-01"`,
		`shape: separation, functions: [access], class: high-risk, only_dnns: [internet], act: restrict, owes: [report]`,
		`shape: function-ban, where: 'element.findings["radio-$few"] > 3', act: restrict, owes: [watch, no-protected]`,
		`shape: diversity, where: 'element.technology == "5g"', functions: [access], class: high-risk, vendors: 2, outside: 1, act: restrict, owes: [diversify]`,
	}
	var b strings.Builder
	b.WriteString("regime: large\ntitle: large\nstatus: own\nsummary: of every shape\nsets: {core: [amf, upf], access: [gnb]}\nrules:\n")
	for i := range n {
		body := bodies[i%len(bodies)]
		body = strings.NewReplacer("$few", fmt.Sprint(i%7), "$many", fmt.Sprint(200+i)).Replace(body)
		fmt.Fprintf(&b, "  - {id: L-%02d, text: rule %d, source: {document: test}, %s}\n", i, i, body)
	}
	g, err := rules.Parse("large.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// largeFacts is a network of so many elements of eight vendors, two of them of high risk, at a site for every
// twenty.
func largeFacts(n int) *rules.Facts {
	rng := rand.New(rand.NewPCG(1, 2))
	f := &rules.Facts{}
	for i := range 8 {
		v := rules.Vendor{Name: fmt.Sprintf("vendor-%d", i), Country: "SE"}
		if i >= 6 {
			v.Classes = []rules.Classing{{Class: rules.HighRisk, From: 18000}}
		}
		f.Vendors = append(f.Vendors, v)
	}
	somewhere := func() geo.Point { return geo.Point{Lat: 50 + 8*rng.Float64(), Lon: -5 + 6*rng.Float64()} }
	for i := range 50 {
		f.Zones = append(f.Zones, rules.Zone{Name: fmt.Sprintf("zone-%d", i), Purpose: rules.Sensitive, Area: geo.Area{Centre: somewhere(), Radius: 2000}})
	}
	for i := range n/20 + 1 {
		f.Sites = append(f.Sites, rules.Site{Name: fmt.Sprintf("site-%d", i), At: somewhere(), Placed: true, Country: "GB"})
	}
	for i := range n {
		f.Elements = append(f.Elements, largeElement(i, f.Sites[i/20], rng))
	}
	return f
}

func largeElement(i int, site rules.Site, rng *rand.Rand) rules.Element {
	v := rng.IntN(8)
	return rules.Element{
		Name: fmt.Sprintf("element-%06d", i), Functions: []rules.Function{"gnb"}, Technology: "5g",
		Vendor: fmt.Sprintf("vendor-%d", v), Manager: fmt.Sprintf("vendor-%d", v), Version: fmt.Sprint(rng.IntN(10)),
		Site: site.Name, Served: geo.Area{Centre: site.At, Radius: 800},
		Addresses: rules.Addresses{N2: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)}},
		Node:      largeNode(i), HasNode: true, TACs: []ident.TAC{ident.TAC(i % 500)}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
		Purchased: rules.Date(17000 + rng.IntN(3000)), Installed: rules.Date(17000 + rng.IntN(3000)),
		Traffic: rng.Float64() * 100, Premises: -1,
		Permits:    []rules.Permit{{Kind: "mitigation", From: 18000, Until: 22000}},
		Management: rules.Management{Path: "mediated", Country: "GB", Recorded: rules.Yes, Months: rng.IntN(24)},
	}
}

func largeNode(i int) ident.RANNode {
	return ident.RANNode{PLMN: ident.PLMN{0x00, 0xf1, 0x10}, Kind: ident.GNB, Bits: 24, ID: uint32(i)}
}
