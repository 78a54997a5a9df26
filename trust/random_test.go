package trust

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"

	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
)

// randomFacts is records that pass their check, with every field now and then.
func randomFacts(rng *rand.Rand, n int) *rules.Facts {
	f := &rules.Facts{}
	for i := range 1 + rng.IntN(n) {
		v := rules.Vendor{Name: fmt.Sprintf("v%05d", i), Title: maybe(rng, word(rng)+fmt.Sprint(i)), Country: maybe(rng, "GB")}
		if i > 0 {
			v.Parent = maybe(rng, f.Vendors[rng.IntN(i)].Name)
		}
		if rng.IntN(2) == 0 {
			v.Aliases = []string{fmt.Sprintf("%s %d", word(rng), i), fmt.Sprintf("#%d: \"%s\"", i, word(rng))}
			v.Classes = []rules.Classing{{Regime: maybe(rng, "uk-2019"), Class: rules.Class(rng.IntN(3)), Notice: maybe(rng, word(rng)), From: day(rng)}}
		}
		f.Vendors = append(f.Vendors, v)
	}
	for i := range 1 + rng.IntN(n) {
		s := rules.Site{Name: fmt.Sprintf("%05d %s", i, word(rng)), Title: maybe(rng, word(rng)), Country: maybe(rng, "DE")}
		if rng.IntN(4) > 0 {
			s.At, s.Placed = randomPoint(rng), true
		}
		f.Sites = append(f.Sites, s)
	}
	for i := range rng.IntN(n) {
		f.Zones = append(f.Zones, rules.Zone{Name: fmt.Sprintf("z%05d", i), Title: maybe(rng, word(rng)), Purpose: rules.Sensitive, Area: randomArea(rng)})
	}
	for i := range 2 + rng.IntN(n) {
		f.Elements = append(f.Elements, randomElement(rng, f, i))
	}
	for i := range rng.IntN(n) {
		f.Links = append(f.Links, rules.Link{Name: fmt.Sprintf("l%05d", i), A: f.Elements[0].Name, B: f.Elements[1].Name,
			Carrier: maybe(rng, word(rng)), Kind: maybe(rng, "leased"), Protection: maybe(rng, "none")})
	}
	return f
}

func randomElement(rng *rand.Rand, f *rules.Facts, i int) rules.Element {
	vendor := func() string { return f.Vendors[rng.IntN(len(f.Vendors))].Name }
	e := rules.Element{Name: fmt.Sprintf("%06d %s", i, word(rng)), Functions: []rules.Function{"gnb"}, Technology: maybe(rng, "5g"), Vendor: maybe(rng, vendor()),
		Manager: maybe(rng, vendor()), Model: maybe(rng, word(rng)), Version: maybe(rng, word(rng)), Site: maybe(rng, f.Sites[rng.IntN(len(f.Sites))].Name),
		Digest: maybe(rng, "sha256:"+strings.Repeat("0a", 32)), Traffic: -1, Premises: -1, SupportEnd: day(rng), LikeForLike: rng.IntN(2) == 0}
	if rng.IntN(2) == 0 {
		e.Support, e.Software, e.Tags = []string{vendor()}, []string{vendor()}, []string{word(rng), "true"}
		e.Served = randomArea(rng)
		e.Traffic, e.Premises = math.Round(rng.Float64()*1e6)/1e3, float64(rng.IntN(1000))
		e.Fingerprint = fmt.Sprintf("%064x", i)
		e.WireGuard, e.Protection = base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(make([]byte, 24), uint64(i))), wireGuard
		e.Purchased = day(rng)
		e.Installed = e.Purchased
		e.Management = rules.Management{Path: maybe(rng, "direct"), Country: maybe(rng, "US"), Staff: maybe(rng, vendor()), Recorded: rules.Known(rng.IntN(3)),
			Months: rng.IntN(20), Separated: rules.Known(rng.IntN(3)), TwoPeople: rules.Known(rng.IntN(3))}
	}
	if rng.IntN(2) == 0 {
		e.Node, e.HasNode = ident.RANNode{PLMN: ident.PLMN{0, 0xf1, 0x10}, Bits: 22 + uint8(rng.IntN(11)), ID: uint32(i)}, true
		e.TACs = []ident.TAC{ident.TAC(i), ident.TAC(i + 1)}
		e.PLMNs = []ident.PLMN{{0, 0xf1, 0x10}}
		e.Slices = []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 1, SD: uint32(rng.IntN(1 << 24))}}
		e.Addresses.N2 = prefixes{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)}
		e.Addresses.N3 = prefixes{netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(i >> 8), byte(i)}), 64)}
	}
	if rng.IntN(3) == 0 {
		e.Permits = []rules.Permit{{Kind: "authorisation", By: maybe(rng, word(rng)), Ref: maybe(rng, word(rng)), Version: maybe(rng, word(rng)), Site: e.Site, From: 100, Until: day(rng)}}
		e.Plan = &rules.Replacement{By: 30_000, Vendor: maybe(rng, vendor()), Cost: rng.Int64N(1e13), Currency: maybe(rng, "EUR")}
	}
	return e
}

func maybe(rng *rand.Rand, s string) string {
	if rng.IntN(3) == 0 {
		return ""
	}
	return s
}

func day(rng *rand.Rand) rules.Date {
	if rng.IntN(3) == 0 {
		return 0
	}
	return rules.Date(10_000 + rng.IntN(10_000))
}

// word is a text that YAML or CSV may stumble over.
func word(rng *rand.Rand) string {
	words := []string{"alder", "null", "yes", "007", "1.0", "a: b", "# no", "- x", "\"q\"", "it's", "é", "日本", "[x]", "{y}", "*z", "&a", "!t", "%d", "@x", "a,b;c", "~", "0x1f", "2020-01-01", "\\n", "=1+1"}
	return words[rng.IntN(len(words))]
}

func randomPoint(rng *rand.Rand) geo.Point {
	return geo.Point{Lat: math.Round((rng.Float64()*170-85)*1e7) / 1e7, Lon: rng.Float64()*358 - 179}
}

func randomArea(rng *rand.Rand) geo.Area {
	c := randomPoint(rng)
	if rng.IntN(2) == 0 {
		return geo.Area{Centre: c, Radius: float64(1+rng.IntN(1e8)) / 1000}
	}
	square := func(r float64) []geo.Point {
		return []geo.Point{{Lat: c.Lat - r, Lon: c.Lon - r}, {Lat: c.Lat - r, Lon: c.Lon + r}, {Lat: c.Lat + r, Lon: c.Lon + r}, {Lat: c.Lat + r, Lon: c.Lon - r}}
	}
	a := geo.Area{Ring: square(0.5)}
	if rng.IntN(2) == 0 {
		a.Holes = [][]geo.Point{square(0.25)}
	}
	return a
}
