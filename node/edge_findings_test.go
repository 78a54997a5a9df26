package node

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"cordon/n4"
	"cordon/trust"
	"cordon/wire/pfcp"
)

// n3Of is where the record has a radio's user plane.
func (e *edge) n3Of(name string) netip.Addr {
	e.Helper()
	record := e.planes.n.law.now.Load().Element(name)
	if record == nil || len(record.Addresses.N3) == 0 {
		e.Fatalf("no N3 address of %s in its record", name)
	}
	return record.Addresses.N3[0].Addr()
}

// TestEdgeFindings: what user packets show at a site is in the core's book, of the radio that they came from and as the word of the
// site's user plane; where nothing protects that word, or the radio is none of the site's, it is against nobody.
func TestEdgeFindings(t *testing.T) {
	for _, protection := range []string{"ipsec", "none"} {
		t.Run(protection, func(t *testing.T) {
			e := inClear(t, protection, nil)
			defer e.audit()
			e.begin(e.group("public", 1, mill))
			e.on("public", mill)
			radio := e.n3Of(places[mill])
			conn, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(radio, 0)), net.UDPAddrFromAddrPort(e.site.N3))
			e.must(err)
			defer conn.Close()
			_, err = conn.Write([]byte{0x3f, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8})
			e.must(err)
			e.counts(`cordon_user_plane_findings_total{kind="malformed GTP-U"} 1`)
			blamed := map[string]string{"ipsec": places[mill], "none": ""}[protection]
			e.found(blamed, trust.Reported)
			for _, f := range findings(e.land, blamed) {
				if f.Kind == trust.Reported && f.Why != "upf-mill: malformed GTP-U from "+radio.String() {
					t.Errorf("why: %q", f.Why)
				}
				if f.Kind == "malformed GTP-U" {
					t.Error("as if this core had seen it")
				}
			}
			if protection == "none" && slices.ContainsFunc(findings(e.land, places[mill]), func(f trust.Entry) bool { return f.Kind == trust.Reported }) {
				t.Error("a radio is blamed on nobody's word")
			}
		})
	}
}

// TestEdgeInventsFindings: a user plane that says what it likes of radios has a share in a minute, may not choose words, and is not heard of
// radios elsewhere, nor of what only this core can see.
func TestEdgeInventsFindings(t *testing.T) {
	e := inClear(t, "ipsec", nil)
	defer e.audit()
	e.begin(e.group("public", 1, mill))
	e.on("public", mill)
	p := newPlanes(nil, []UserPlaneConfig{e.planes.sites[0].cfg})
	p.n = e.planes.n
	say := func(kind string, of netip.Addr) {
		p.observed(n4.Observed{Peer: e.siteCfg.NodeID, Findings: []pfcp.Observed{{Kind: kind, Source: of, Count: 1 << 60}}})
	}
	entered, lost := p.n.metrics.reported.Load(), p.n.metrics.reportedLost.Load()
	say("stolen connection", e.n3Of(places[mill]))
	say("cut it off at once", e.n3Of(places[mill]))
	say("spoofed source", e.n3Of(places[hill]))
	if got := p.n.metrics.reportedLost.Load() - lost; got != 2 {
		t.Errorf("%d of its words were not taken", got)
	}
	if list := findings(e.land, places[hill]); len(list) != 0 {
		t.Errorf("a radio elsewhere is blamed: %+v", list)
	}
	for range 3 * reportedEach {
		say("spoofed source", e.n3Of(places[mill]))
	}
	if got := p.n.metrics.reported.Load() - entered; got != reportedEach {
		t.Errorf("%d were entered in a minute", got)
	}
	i := slices.IndexFunc(findings(e.land, places[mill]), func(f trust.Entry) bool { return f.Kind == trust.Reported })
	if i < 0 {
		t.Fatal("nothing is in the book")
	}
	if f := findings(e.land, places[mill])[i]; f.Count > reportedEach*reportedMost || !strings.HasPrefix(f.Why, "upf-mill: ") {
		t.Errorf("%+v", f)
	}
}
