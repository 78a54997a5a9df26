package node

import (
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"cordon/amf"
	"cordon/console"
	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
	"cordon/store"
	"cordon/transport"
	"cordon/wire/ngap"
)

// sink is a connection that takes everything.
type sink struct{ transport.Conn }

func (sink) Send(transport.Message) error { return nil }
func (sink) Close() error                 { return nil }

// nowhere keeps no statements.
type nowhere struct{ n int }

func (s *nowhere) AddStatement(string, []byte) (int, error)    { s.n++; return s.n, nil }
func (*nowhere) RemoveStatement(int) error                     { return nil }
func (*nowhere) Statements() (none []store.Statement, _ error) { return none, nil }

// country is records of so many radios, all near others, of which each tenth is of the maker "tenth".
func country(n int) *rules.Facts {
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "maker"}, {Name: "tenth"}}}
	for i := range n {
		if i%20 == 0 {
			at := geo.Point{Lat: 45 + float64(i/20%100)*0.03, Lon: float64(i/2000) * 0.05}
			f.Sites = append(f.Sites, rules.Site{Name: fmt.Sprint("site-", i/20), Country: "GB", At: at, Placed: true})
		}
		vendor := "maker"
		if i%10 == 0 {
			vendor = "tenth"
		}
		node := ident.RANNode{PLMN: testPLMN, Bits: 24, ID: uint32(i)}
		f.Elements = append(f.Elements, rules.Element{
			Name: fmt.Sprintf("gnb-%06d", i), Functions: []rules.Function{"gnb"}, Technology: "5g", Vendor: vendor, Manager: vendor, Support: []string{vendor}, Site: fmt.Sprint("site-", i/20), Traffic: -1, Premises: -1,
			Node: node, HasNode: true, TACs: []ident.TAC{1}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
			Served:    geo.Area{Centre: f.Sites[i/20].At, Radius: 2000},
			Addresses: rules.Addresses{N2: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		})
	}
	return f
}

// peopled is a core with all of a country's radios set up. Nothing runs in it.
func peopled(b *testing.B, radios int) *Node {
	b.Helper()
	n := still(b, 1, &testStore{})
	n.d.Statements = &nowhere{}
	n.amf.TACs = []ident.TAC{1}
	n.law.in.facts = country(radios)
	for _, name := range []string{"contain"} {
		g, err := rules.Pack(name)
		if err != nil {
			b.Fatal(err)
		}
		n.law.in.regimes = append(n.law.in.regimes, g)
	}
	snapshot, err := n.law.in.compile()
	if err != nil {
		b.Fatal(err)
	}
	n.law.now.Store(snapshot)
	slice := ident.SNSSAI{SST: 1, SD: ident.NoSD}
	for i := range radios {
		a := n.living(amf.RadioID(i+1), "127.0.0.1:38412")
		a.conn, a.radio = sink{}, amf.NewRadio(&n.amf, a.id)
		a.performAll(b.Context(), a.radio.Step(amf.Input{Law: snapshot, Peer: a.peer.Addr(), Msg: &ngap.NGSetupRequest{
			GlobalRANNodeID: ident.RANNode{PLMN: testPLMN, Bits: 24, ID: uint32(i)}, RANNodeName: "radio",
			SupportedTAs: []ngap.SupportedTA{{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: []ident.SNSSAI{slice}}}}},
		}}))
		if a.info.Load() == nil {
			b.Fatalf("radio %d is not set up", i)
		}
	}
	return n
}

// spent is the processor time of this process so far.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCut cuts off a vendor of 10,000 radios among 100,000 that are connected, with the report and until every
// one is told and its place in the order of draining is known: at most 1 s.
func BenchmarkCut(b *testing.B) {
	n := peopled(b, 100_000)
	act := console.Act{Who: "noc", Why: "order"}
	var cutting, cpu time.Duration
	for b.Loop() {
		began, before := time.Now(), spent(b)
		report, err := n.Cut(b.Context(), console.CutOrder{Act: act, Vendor: "tenth"})
		if err != nil || len(report.Elements) != 10_000 || n.drains.len() != 10_000 {
			b.Fatalf("%d elements, %d to drain, %v", len(report.Elements), n.drains.len(), err)
		}
		cutting, cpu = cutting+time.Since(began), cpu+spent(b)-before
		if err := n.Restore(b.Context(), act, report.Number); err != nil {
			b.Fatal(err)
		}
		for len(n.shards[0].inbox) > 0 {
			<-n.shards[0].inbox
		}
	}
	b.ReportMetric(0, "ns/op") // with the restoring
	b.ReportMetric(cutting.Seconds()/float64(b.N), "s/10k")
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/10k")
}

// BenchmarkFinding is one finding on its way into the book, from as many goroutines as there are processors.
func BenchmarkFinding(b *testing.B) {
	n := peopled(b, 1000)
	message := make([]byte, 512)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			n.finding(amf.Finding{Kind: amf.FindingMAC, Radio: 1, SUPI: 7, Why: "again", Bytes: message})
		}
	})
}

// BenchmarkKeepFindings keeps a book that is full, every entry with the largest messages.
func BenchmarkKeepFindings(b *testing.B) {
	n := peopled(b, maxFindings)
	message := make([]byte, 512)
	for i := range maxFindings {
		for _, kind := range []amf.FindingKind{amf.FindingLocation, amf.FindingMAC, amf.FindingAuth} {
			n.finding(amf.Finding{Kind: kind, Radio: amf.RadioID(i + 1), SUPI: 7, Why: "again", Bytes: message})
		}
	}
	store := &measured{}
	n.d.Store = store
	for b.Loop() {
		n.book.grave = true
		n.keepFindings(true)
	}
	b.ReportMetric(float64(store.size)/1e6, "MB")
}

// measured tells how large what is kept is.
type measured struct {
	testStore
	size int
}

func (s *measured) Keep(_ string, value []byte) error { s.size = len(value); return nil }
