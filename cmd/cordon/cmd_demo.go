package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/node"
	"cordon/ran"
	"cordon/subscriber"
	"cordon/transport"
)

const (
	demoPhones = 20
	demoRate   = 20                // phones switched on a second
	demoFirst  = "001010000000001" // the first phone's IMSI
	demoLead   = 3 * time.Second   // for attaching and leaving, beside the traffic
)

// demoNumber counts the phones from 0.
func demoNumber(s ident.SUPI) int {
	first, _ := ident.ParseSUPI(demoFirst) // a constant
	return int(s - first)
}

// demoMethod is how the phone of that number is authenticated: each way in turn.
func demoMethod(number int) subscriber.Method {
	if number%2 == 1 {
		return subscriber.EAPAKAPrime
	}
	return subscriber.FiveGAKA
}

// demoEcho is a service on N6 that sends back what it gets; the range is for benchmarks and
// belongs to nobody (RFC 2544).
var demoEcho = netip.MustParseAddrPort("198.18.0.1:7")

// demoSites are the demo's radios. The makers are invented; what their radios insist on is not.
var demoSites = []struct {
	site, maker string
	behaves     string // the ran.Maker it behaves like
}{
	{"Harbour", "Nordlys", "generic"},
	{"Old Town", "Kestrel", "srsran"},
	{"Airport", "Meridian", "oai"},
}

// demo runs a whole network in this process and tells what happens in it.
func demo(c *call) error {
	length := c.flags.Duration("for", 20*time.Second, "how long the demo lasts, at least 5s")
	asJSON := c.flags.Bool("json", false, "tell nothing but the summary, as JSON")
	if err := c.parse(0); err != nil {
		return err
	}
	if *length < 5*time.Second {
		return misused("--for %v: want at least 5s", *length)
	}
	story := newStory(c.out)
	if *asJSON {
		story = newStory(io.Discard)
	}
	d, err := openDemo(story)
	if err != nil {
		return err
	}
	summary, err := d.run(c.ctx, *length)
	if err != nil {
		return err
	}
	if *asJSON {
		if err := printJSON(c.out, summary); err != nil {
			return err
		}
	} else {
		story.conclude(summary)
	}
	if !summary.OK {
		return errors.New("not every phone did everything: the summary says what failed")
	}
	return nil
}

// demoSummary is what the demo ends with.
type demoSummary struct {
	ran.Summary
	Sites     []string `json:"sites"`
	Transport string   `json:"transport"`
	UserPlane string   `json:"user_plane"`
	Seconds   float64  `json:"seconds"`
}

// demoNet is the demo's core and what it stands on.
type demoNet struct {
	core  *node.Core
	dir   string
	key   aka.HomeKey
	sim   [2][16]byte // K and OPc
	base  netip.Addr  // the first of this process's loopback addresses
	story *story
	began time.Time
}

// openDemo starts a core on loopback addresses of its own, in a directory of its own.
func openDemo(s *story) (_ *demoNet, err error) {
	d := &demoNet{story: s, began: time.Now()}
	if d.dir, err = os.MkdirTemp("", "cordon-demo-"); err != nil {
		return nil, fmt.Errorf("making the demo's directory: %w", err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(d.dir)
		}
	}()
	var b [2]byte
	rand.Read(b[:])
	d.base = netip.AddrFrom4([4]byte{127, 64 + b[0]%128, b[1], 1})
	rand.Read(d.sim[0][:])
	rand.Read(d.sim[1][:])
	private := make([]byte, 32)
	rand.Read(private)
	if d.key, err = aka.NewHomeKey(ident.SchemeProfileA, private); err != nil {
		return nil, err
	}
	if d.core, err = node.Open(d.config(private), node.Options{Version: buildVersion(), Log: slog.New(slog.DiscardHandler)}); err != nil {
		return nil, err
	}
	return d, d.subscribe()
}

// config is a network that needs no privilege and no place on the machine.
func (d *demoNet) config(private []byte) node.Config {
	cfg := node.DefaultConfig()
	cfg.Name = "cordon-demo"
	cfg.PLMN, _ = ident.ParsePLMN(demoFirst[:5])
	cfg.TACs = []ident.TAC{1}
	cfg.NetworkName = node.NameConfig{Full: "Cordon demo", Short: "Cordon", NITZ: true}
	cfg.Networks = []node.NetworkConfig{{Name: "internet", Pool: netip.MustParsePrefix("10.45.0.0/16"), MTU: 1400}}
	cfg.Plans = []subscriber.Plan{{Name: "demo", UEAMBR: subscriber.AMBR{UL: 100e6, DL: 200e6}, Slices: []subscriber.Slice{{
		SNSSAI: ident.SNSSAI{SST: 1, SD: ident.NoSD}, Default: true,
		DNNs: []subscriber.Network{{DNN: "internet", Default: true, AMBR: subscriber.AMBR{UL: 50e6, DL: 100e6}}},
	}}}}
	cfg.DefaultPlan = "demo"
	cfg.N2 = node.N2Config{Address: netip.AddrPortFrom(d.base, 38412), SCTP: transport.UDP}
	cfg.N3 = node.N3Config{Address: netip.AddrPortFrom(d.base, 2152)}
	cfg.N6.Mode, cfg.N6.Echo = "netstack", demoEcho
	cfg.Security.Keys = []node.HomeKeyConfig{{ID: 1, Profile: ident.SchemeProfileA, Private: private}}
	cfg.Store.Path, cfg.Store.KeyFile = filepath.Join(d.dir, "cordon.db"), filepath.Join(d.dir, "cordon.key")
	cfg.API.Listen, cfg.API.TokenFile = netip.MustParseAddrPort("127.0.0.1:0"), filepath.Join(d.dir, "cordon.token")
	return cfg
}

func (d *demoNet) subscribe() error {
	first, err := ident.ParseSUPI(demoFirst)
	if err != nil {
		return err
	}
	for i := range demoPhones {
		p := subscriber.Profile{SUPI: first + ident.SUPI(i), Plan: "demo", Credentials: subscriber.Credentials{
			Method: demoMethod(i), AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(d.sim[0][:]), OPc: subscriber.NewSecret(d.sim[1][:])}}
		if err := d.core.Store.Add(p, false); err != nil {
			return err
		}
	}
	return nil
}

// run serves, puts the phones' load on the core, and cleans up.
func (d *demoNet) run(ctx context.Context, length time.Duration) (demoSummary, error) {
	defer os.RemoveAll(d.dir)
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(d.core.Run(serving), d.core.Close()) }()
	d.story.tell("core", "serves PLMN %s on %s; %s; user plane %s", demoFirst[:5], d.core.N2, d.core.SCTP, d.core.N6.N6)
	s, err := ran.Run(ctx, d.load(length))
	stop()
	if ends := <-ended; err == nil {
		err = ends
	}
	sum := demoSummary{Summary: s, Transport: d.core.SCTP.String(), UserPlane: string(d.core.N6.N6), Seconds: time.Since(d.began).Seconds()}
	for _, site := range demoSites {
		sum.Sites = append(sum.Sites, site.site)
	}
	return sum, err
}

// load is the three radios and their phones.
func (d *demoNet) load(length time.Duration) ran.Config {
	first, _ := ident.ParseSUPI(demoFirst) // subscribe has read it
	plmn, _ := ident.ParsePLMN(demoFirst[:5])
	slice := ident.SNSSAI{SST: 1, SD: ident.NoSD}
	cfg := ran.Config{
		Groups: []ran.Group{{Phones: demoPhones, First: first, Target: demoEcho, Phone: ran.PhoneConfig{
			PLMN: plmn, SIM: aka.NewMilenage(d.sim[0], d.sim[1]), Slices: []ident.SNSSAI{slice}, Random: rand.Reader,
			Conceal:  ran.Concealment{Scheme: ident.SchemeProfileA, KeyID: 1, Public: d.key.Public(), Routing: ident.RoutingIndicator{0xf0, 0xff}},
			Sessions: []ran.SessionConfig{{DNN: "internet", Slice: slice}},
		}}},
		Rate: demoRate, Traffic: length - demoLead, PPS: 5, Deregister: true, Progress: d.story.progress,
	}
	addr := d.base
	for i, site := range demoSites {
		addr = addr.Next()
		r := ran.RadioConfig{
			Node: ident.RANNode{PLMN: plmn, Bits: 24, ID: 0x101 + uint32(i)}, Name: site.site + " (" + site.maker + ")",
			TACs: []ident.TAC{1}, Slices: []ident.SNSSAI{slice}, N3: netip.AddrPortFrom(addr, 2152), Reconnect: true,
			Dial: d.dial, Notify: d.story.noter(site.site),
		}
		for _, m := range ran.Makers() {
			if m.Name == site.behaves {
				r.Maker = m
			}
		}
		cfg.Radios = append(cfg.Radios, r)
	}
	return cfg
}

func (d *demoNet) dial(ctx context.Context) (ran.N2, error) {
	conn, _, err := transport.Dial(ctx, transport.DialConfig{Mode: transport.UDP, Remote: d.core.N2, UDPPort: d.core.SCTP.UDPPort})
	if err != nil {
		return nil, err
	}
	return ran.Over(conn, transport.ErrBacklog), nil
}
