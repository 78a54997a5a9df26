package main

import (
	"crypto/rand"
	"net/netip"
	"slices"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/rules"
)

const demoFirst = "001010000000001" // the first phone's IMSI

func demoIMSI() ident.SUPI {
	first, _ := ident.ParseSUPI(demoFirst) // a constant
	return first
}

// demoPeople are those who have phones: where they are, and which radios they may use there, the best
// first. The network knows nothing of the last two.
var demoPeople = []struct {
	name      string
	phones    int
	radios    []string
	protected bool
}{
	{name: "harbour", phones: 5, radios: []string{"harbour-m", "harbour-n"}},
	{name: "old town", phones: 4, radios: []string{"oldtown-h", "oldtown-k"}},
	{name: "airport", phones: 3, radios: []string{"airport-o", "airport-n"}},
	{name: "university", phones: 2, radios: []string{"university-k"}},
	{name: "fort", phones: 2, radios: []string{"fort-m", "fort-o"}},
	{name: "cape", phones: 2, radios: []string{"cape-m"}},
	{name: "market", phones: 2, radios: []string{"market-n"}},
	{name: "minister", phones: 1, radios: []string{"oldtown-h", "oldtown-k"}, protected: true},
	{name: "harbour master", phones: 1, radios: []string{"harbour-m", "harbour-n"}, protected: true},
}

// demoMarket is the radio that nobody told the operator of.
var demoMarket = struct {
	name    string
	node    uint32
	tac     ident.TAC
	network netip.Prefix
	vendor  string // as the operator finds out
	site    string
}{"market-n", 0x10c, 81, netip.MustParsePrefix("127.76.0.0/16"), "nordlys", "market"}

// demoHostile is the radio that is not run by the load, but says what the demo wants it to.
const demoHostile = "ferry-o"

// demoMakers is what radios of invented makers insist on, by the names that ran has for it.
var demoMakers = map[string]string{"kestrel": "srsran", "osprey": "oai"}

// Radios in a hurry: a country of 24 seconds cannot wait for a minute.
const (
	demoRetry  = 300 * time.Millisecond
	demoForget = 2 * time.Second // phones else avoid an area that was closed to them for 12 hours
	demoReject = time.Second     // and a radio that held them back for 4 seconds
)

// radioOf is the radio of a record, with this process's addresses.
func (d *demoNet) radioOf(e *rules.Element) ran.RadioConfig {
	at := d.address(e.Addresses.N2[0])
	r := ran.RadioConfig{
		Node: e.Node, Name: e.Name, TACs: e.TACs, Slices: e.Slices, N3: netip.AddrPortFrom(at, 2152), Dial: d.dial(at),
		Reconnect: true, Optional: true, RetryAfter: demoRetry, MaxWait: demoRetry, RetryRefused: demoRetry, RejectWait: demoReject,
	}
	for _, m := range ran.Makers() {
		if m.Name == demoMakers[e.Vendor] {
			r.Maker = m
		}
	}
	return r
}

// marketRadio is the one without a record.
func (d *demoNet) marketRadio() ran.RadioConfig {
	plmn, _ := ident.ParsePLMN(demoFirst[:5])
	return d.radioOf(&rules.Element{
		Name: demoMarket.name, Vendor: demoMarket.vendor, Node: ident.RANNode{PLMN: plmn, Bits: 24, ID: demoMarket.node},
		TACs: []ident.TAC{demoMarket.tac}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
		Addresses: rules.Addresses{N2: []netip.Prefix{demoMarket.network}},
	})
}

// load is the radios and their phones.
func (d *demoNet) load() ran.Config {
	cfg := ran.Config{Rate: 40, PPS: 10, Deregister: true}
	place := map[string]int{}
	for i := range d.facts.Elements {
		if e := &d.facts.Elements[i]; e.HasNode && e.Name != demoHostile {
			place[e.Name] = len(cfg.Radios)
			cfg.Radios = append(cfg.Radios, d.radioOf(e))
		}
	}
	place[demoMarket.name] = len(cfg.Radios)
	cfg.Radios = append(cfg.Radios, d.marketRadio())
	next := demoIMSI()
	for _, p := range demoPeople {
		g := ran.Group{Name: p.name, Phones: p.phones, First: next, Target: demoInternet, Phone: d.phone()}
		var reach []int
		for _, name := range p.radios {
			reach = append(reach, place[name])
		}
		g.Reach = ran.Reach(slices.Clip(reach)...)
		cfg.Groups = append(cfg.Groups, g)
		next += ident.SUPI(p.phones)
	}
	return cfg
}

func (d *demoNet) phone() ran.PhoneConfig {
	plmn, _ := ident.ParsePLMN(demoFirst[:5])
	slice := ident.SNSSAI{SST: 1, SD: ident.NoSD}
	return ran.PhoneConfig{
		PLMN: plmn, SIM: aka.NewMilenage(d.sim[0], d.sim[1]), Slices: []ident.SNSSAI{slice}, Random: rand.Reader,
		Conceal:  ran.Concealment{Scheme: ident.SchemeProfileA, KeyID: 1, Public: d.key.Public(), Routing: ident.RoutingIndicator{0xf0, 0xff}},
		Sessions: []ran.SessionConfig{{DNN: "internet", Slice: slice}},
		Timers:   ran.Timers{T3511: time.Second, Forbidden: demoForget, Search: 100 * time.Millisecond},
	}
}
