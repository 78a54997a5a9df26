package node

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cordon/evidence"
	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
	"cordon/trust"
)

// Records of the radios that tests bring. Each may broadcast area 1 with slice 1 and comes from
// loopback or from the addresses of tests without a network.

// testRadio is the record of a radio with that gNB identifier whose N3 address is n3.
func testRadio(id uint32, n3 netip.Addr) rules.Element {
	node := ident.RANNode{PLMN: testPLMN, Bits: 24, ID: id}
	return rules.Element{
		Name: node.String(), Functions: []rules.Function{"gnb"}, Technology: "5g", Vendor: "maker", Site: "site", Traffic: -1, Premises: -1,
		Node: node, HasNode: true, TACs: []ident.TAC{1}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
		Addresses: rules.Addresses{
			N2: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("192.0.2.0/24")},
			N3: []netip.Prefix{netip.PrefixFrom(n3, 32)},
		},
	}
}

// wideRadio is a radio whose record has an area that the core does not serve.
const wideRadio = 0xa000

var testPLMN, _ = ident.ParsePLMN("00101")

// testFacts are records of all radios that the whole-core tests make up: those of load, whose N3
// addresses lie in this process's part of loopback, and many that have no user plane.
func testFacts(t testing.TB) *rules.Facts {
	f := &rules.Facts{
		Vendors: []rules.Vendor{{Name: "maker"}},
		Sites:   []rules.Site{{Name: "site", Country: "GB", At: geo.Point{Lat: 51.5, Lon: -0.1}, Placed: true}},
	}
	for i := range uint32(6) {
		f.Elements = append(f.Elements, testRadio(0x100+i, loopback(t, byte(10+i))))
	}
	n3 := netip.MustParseAddr("198.51.0.1") // where nobody is
	add := func(first, n uint32) {
		for i := range n {
			f.Elements = append(f.Elements, testRadio(first+i, n3))
			n3 = n3.Next()
		}
	}
	add(1, 16)
	add(0x900, 1100)
	add(0x4000, 400)
	add(0x9000, 64)
	add(0x104000, 400)
	wide := testRadio(wideRadio, n3)
	wide.TACs = append(wide.TACs, 99)
	f.Elements = append(f.Elements, wide)
	return f
}

// record is that of a radio, to be changed before a core reads it.
func record(f *rules.Facts, id uint32) *rules.Element {
	i := slices.IndexFunc(f.Elements, func(e rules.Element) bool { return e.Node.ID == id })
	return &f.Elements[i]
}

// testRecords writes facts to a file of records.
func testRecords(t testing.TB, f *rules.Facts) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.yaml")
	if err := os.WriteFile(path, trust.Export(f), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// memory is an evidence log that remembers, and nothing more.
type memory struct{ entries chan evidence.Entry }

func (m memory) Append(e evidence.Entry) {
	select {
	case m.entries <- e:
	default:
	}
}
func (memory) Pseudonym(supi string) string        { return "p" + supi[len(supi)-4:] }
func (memory) Digest([]byte) string                { return "digest" }
func (memory) Health() (bool, string, int, uint64) { return true, "", 0, 0 }
