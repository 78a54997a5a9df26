package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/node"
	"cordon/ran"
	"cordon/rules"
	"cordon/subscriber"
	"cordon/transport"
)

// demoInternet stands for the internet: a service on N6 that sends back what it gets. The range
// is for benchmarks and belongs to nobody (RFC 2544).
var demoInternet = netip.MustParseAddrPort("198.18.0.1:7")

// demoNet is the demo's core and what it stands on.
type demoNet struct {
	core  *node.Core
	law   node.TrustConfig
	facts *rules.Facts
	dir   string
	key   aka.HomeKey
	sim   [2][16]byte // K and OPc
	host  [2]byte     // the last octets of all of this process's loopback addresses
	seal  *echoer
	story *story
	began time.Time
	limit time.Duration // of a scene
}

// openDemo starts a core on loopback addresses of its own, in a directory of its own.
func openDemo(s *story) (_ *demoNet, err error) {
	d := &demoNet{story: s, began: time.Now(), limit: sceneLimit}
	if d.dir, err = os.MkdirTemp("", "cordon-demo-"); err != nil {
		return nil, fmt.Errorf("making the demo's directory: %w", err)
	}
	defer func() {
		if err != nil {
			d.clear()
		}
	}()
	if d.law, err = writeCountry(filepath.Join(d.dir, "records")); err != nil {
		return nil, err
	}
	if d.facts, _, err = countryFacts(); err != nil {
		return nil, err
	}
	rand.Read(d.host[:])
	d.host[1] |= 1 // not the address of a network itself
	rand.Read(d.sim[0][:])
	rand.Read(d.sim[1][:])
	private := make([]byte, 32)
	rand.Read(private)
	if d.key, err = aka.NewHomeKey(ident.SchemeProfileA, private); err != nil {
		return nil, err
	}
	if d.seal, err = openEchoer(netip.AddrPortFrom(d.address(demoCoreNetwork), 0)); err != nil {
		return nil, err
	}
	d.core, err = node.Open(d.config(private), node.Options{Version: buildVersion(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := d.subscribe(); err != nil {
		return nil, errors.Join(err, d.core.Close())
	}
	return d, nil
}

// clear leaves nothing behind.
func (d *demoNet) clear() {
	if d.seal != nil {
		d.seal.close()
	}
	os.RemoveAll(d.dir)
}

// demoCoreNetwork is the network of the record amf-1.
var demoCoreNetwork = netip.MustParsePrefix("127.64.0.0/16")

// address is this process's own in a network of the records.
func (d *demoNet) address(network netip.Prefix) netip.Addr {
	a := network.Addr().As4()
	return netip.AddrFrom4([4]byte{a[0], a[1], d.host[0], d.host[1]})
}

// config is a network that needs no privilege and no place on the machine.
func (d *demoNet) config(private []byte) node.Config {
	own := d.address(demoCoreNetwork)
	cfg := node.DefaultConfig()
	cfg.Name = "haldrey"
	cfg.PLMN, _ = ident.ParsePLMN(demoFirst[:5])
	cfg.TACs = []ident.TAC{demoMarket.tac}
	for _, e := range d.facts.Elements {
		cfg.TACs = append(cfg.TACs, e.TACs...)
	}
	cfg.NetworkName = node.NameConfig{Full: "Haldrey Mobile", Short: "Haldrey", NITZ: true}
	cfg.Networks = []node.NetworkConfig{{Name: "internet", Pool: netip.MustParsePrefix("10.45.0.0/16"), MTU: 1400}}
	cfg.Plans = []subscriber.Plan{{Name: "demo", UEAMBR: subscriber.AMBR{UL: 100e6, DL: 200e6}, Slices: []subscriber.Slice{{
		SNSSAI: ident.SNSSAI{SST: 1, SD: ident.NoSD}, Default: true,
		DNNs: []subscriber.Network{{DNN: "internet", Default: true, AMBR: subscriber.AMBR{UL: 50e6, DL: 100e6}}},
	}}}}
	cfg.DefaultPlan = "demo"
	cfg.N2 = node.N2Config{Address: netip.AddrPortFrom(own, 38412), SCTP: transport.UDP}
	cfg.N3 = node.N3Config{Address: netip.AddrPortFrom(own, 2152)}
	cfg.N6.Mode, cfg.N6.Echo = "netstack", demoInternet
	cfg.N6.Services = []node.ServiceConfig{{Address: d.seal.addr, Protocol: "udp"}}
	cfg.Security.Keys = []node.HomeKeyConfig{{ID: 1, Profile: ident.SchemeProfileA, Private: private}}
	cfg.Timers.T3346 = 2 * time.Second
	cfg.Trust = d.law
	cfg.Trust.Seal = []netip.Prefix{netip.PrefixFrom(d.seal.addr.Addr(), 32)}
	cfg.Trust.Drain = node.DefaultConfig().Trust.Drain
	cfg.Evidence = node.EvidenceConfig{
		Path: d.evidence(), KeyFile: filepath.Join(d.dir, "log.key"), PseudonymFile: filepath.Join(d.dir, "pseudonyms.key"),
	}
	cfg.Store.Path, cfg.Store.KeyFile = filepath.Join(d.dir, "cordon.db"), filepath.Join(d.dir, "cordon.key")
	cfg.API.Listen, cfg.API.TokenFile = netip.MustParseAddrPort("127.0.0.1:0"), filepath.Join(d.dir, "cordon.token")
	return cfg
}

// evidence is the directory of the evidence log.
func (d *demoNet) evidence() string { return filepath.Join(d.dir, "evidence") }

// subscribe enters everybody's phone.
func (d *demoNet) subscribe() error {
	next := demoIMSI()
	for _, p := range demoPeople {
		for range p.phones {
			method := subscriber.FiveGAKA
			if next%2 == 0 {
				method = subscriber.EAPAKAPrime
			}
			profile := subscriber.Profile{SUPI: next, Plan: "demo", Protected: p.protected, Credentials: subscriber.Credentials{
				Method: method, AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(d.sim[0][:]), OPc: subscriber.NewSecret(d.sim[1][:])}}
			if err := d.core.Store.Add(profile, false); err != nil {
				return err
			}
			next++
		}
	}
	return nil
}

// run serves, has the story happen, and checks what evidence there is of it. A length of 0 is as
// fast as it goes.
func (d *demoNet) run(ctx context.Context, length time.Duration) (demoSummary, error) {
	defer d.clear()
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(d.core.Run(serving), d.core.Close()) }()
	s := demoSummary{
		Regime: demoRegime, AsOf: demoAsOf, Transport: d.core.SCTP.String(), UserPlane: string(d.core.N6.N6),
		Findings: map[string]int{}, Cut: demoCut{Vendor: demoCutOff}, WhatIf: demoWhatIf{Regime: demoOther},
	}
	for _, site := range d.facts.Sites {
		s.Sites = append(s.Sites, site.Title)
	}
	p := &play{demoNet: d, sum: &s}
	err := p.run(ctx, length)
	found, failed := d.core.Findings(serving)
	for _, f := range found {
		s.Findings[f.Kind] += int(f.Count)
	}
	stop()
	if err := errors.Join(err, failed, <-ended); err != nil {
		return s, err
	}
	if err := d.proof(&s); err != nil {
		return s, err
	}
	s.Seconds = time.Since(d.began).Seconds()
	s.judge()
	return s, nil
}

// dial is a radio's association, from its own address.
func (d *demoNet) dial(from netip.Addr) func(context.Context) (ran.N2, error) {
	return func(ctx context.Context) (ran.N2, error) {
		conn, _, err := transport.Dial(ctx, transport.DialConfig{
			Mode: transport.UDP, Local: netip.AddrPortFrom(from, 0), Remote: d.core.N2, UDPPort: d.core.SCTP.UDPPort})
		if err != nil {
			return nil, err
		}
		return ran.Over(conn, transport.ErrBacklog), nil
	}
}
