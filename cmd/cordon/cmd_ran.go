package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/transport"
	"cordon/wire/nas"
)

// ranHeartbeat finds out soon that a core has begun anew, even when nobody has anything to say.
const ranHeartbeat = 2 * time.Second

// ranFlags are the flags of "cordon ran" as they were given.
type ranFlags struct {
	core, sctp, n3, n2                 string
	plmn, tac, slice, dnn              string
	imsi, key, opc, op, algorithm      string
	suci, suciKey, routing             string
	target, target6, maker, csv        string
	kind, tun                          string
	udpPort, gnb, suciKeyID            uint
	radios, reach, phones              int
	payload, atOnce                    int
	rate, pps                          float64
	traffic, hold, patience, reconnect time.Duration
	deregister, json, keepTunnels      bool
}

func (f *ranFlags) define(fs *flag.FlagSet) {
	fs.StringVar(&f.core, "core", "127.0.0.1:38412", "the core's N2 address and SCTP port")
	fs.StringVar(&f.sctp, "sctp", "auto", "auto, kernel, raw or udp")
	fs.UintVar(&f.udpPort, "udp-port", transport.DefaultUDPPort, "the core's port for SCTP over UDP")
	fs.StringVar(&f.n2, "n2", "", "the first radio's own address towards the AMF; the others' follow (default: as --n3)")
	fs.StringVar(&f.n3, "n3", "", "the first radio's address for GTP-U; the others' follow (default: towards the core; 127.0.0.2 if that is here)")
	fs.StringVar(&f.plmn, "plmn", "00101", "country code and network code")
	fs.StringVar(&f.tac, "tac", "1", "tracking areas, decimal or 0x..., separated by commas: the radios have one each, in turn")
	fs.StringVar(&f.slice, "slice", "1", "slices, SST or SST-SD, separated by commas; sessions use the first")
	fs.StringVar(&f.dnn, "dnn", "internet", "data networks, separated by commas: a session in each; \"\" for no session")
	fs.StringVar(&f.kind, "type", "ipv4", "what sessions ask for: ipv4, ipv6, ipv4v6 or ethernet")
	fs.IntVar(&f.radios, "radios", 1, "how many radios")
	fs.IntVar(&f.reach, "reach", 1, "how many radios a phone may use: its own, and the next ones if that will not do")
	fs.UintVar(&f.gnb, "gnb", 1, "identifier of the first radio, 24 bits; the others count up")
	fs.StringVar(&f.maker, "maker", "generic", "what the radios are like: "+strings.Join(makerNames(), ", ")+", or mixed")
	fs.IntVar(&f.phones, "phones", 1, "how many phones")
	fs.Float64Var(&f.rate, "rate", 100, "phones switched on each second; 0 for all at once")
	fs.IntVar(&f.atOnce, "at-once", 0, "how many phones may be attaching at a time; 0 for any number")
	fs.StringVar(&f.imsi, "imsi", "", "IMSI of the first phone; the others count up (default: the PLMN and 1)")
	fs.StringVar(&f.key, "key", "465b5ce8b199b49faa5f0a2ee238a6bc", "K of every phone, hexadecimal")
	fs.StringVar(&f.opc, "opc", "e8ed289deba952e4283b54e88e6183ca", "OPc or TOPc of every phone, hexadecimal")
	fs.StringVar(&f.op, "op", "", "OP, in place of --opc")
	fs.StringVar(&f.algorithm, "algorithm", "milenage", "of the SIM: milenage or tuak")
	fs.StringVar(&f.suci, "suci", "null", "how the SIM conceals its identity: null, a or b")
	fs.StringVar(&f.suciKey, "suci-key", "", "the home network's public key, hexadecimal: 32 octets for a, 33 for b")
	fs.UintVar(&f.suciKeyID, "suci-key-id", 1, "its identifier, 0 to 255")
	fs.StringVar(&f.routing, "routing", "0", "routing indicator, 1 to 4 digits")
	fs.DurationVar(&f.traffic, "traffic", 0, "how long packets flow once all phones are attached; 0 for no packets")
	fs.StringVar(&f.target, "target", "10.45.0.1:7", "the UDP echo service that packets go to")
	fs.StringVar(&f.target6, "target6", "[fd00:45::1]:7", "the same over IPv6, for sessions that have it")
	fs.StringVar(&f.tun, "tun", "", "give the first phone's first session to a TUN device of this name (a TAP device with --type ethernet), for programs; needs CAP_NET_ADMIN")
	fs.IntVar(&f.payload, "payload", 64, "octets of payload in a packet, at least 32")
	fs.Float64Var(&f.pps, "pps", 1, "packets a second in each session")
	fs.DurationVar(&f.hold, "hold", 0, "how long phones stay attached after that")
	fs.DurationVar(&f.patience, "patience", time.Minute, "how long stragglers are waited for")
	fs.DurationVar(&f.reconnect, "reconnect", time.Second, "pause before a broken association is set up again; 0 for never")
	fs.BoolVar(&f.keepTunnels, "keep-tunnels", false, "go on with packets while the association is broken, until there is another")
	fs.BoolVar(&f.deregister, "deregister", false, "have the phones deregister in the end")
	fs.StringVar(&f.csv, "write-csv", "", "write the phones as subscribers to this file, for \"cordon subscriber import\", and do nothing else")
	fs.BoolVar(&f.json, "json", false, "print the summary as JSON")
}

func makerNames() []string {
	var names []string
	for _, m := range ran.Makers() {
		names = append(names, m.Name)
	}
	return names
}

// ranRun simulates radios and phones against a core.
func ranRun(c *call) error {
	var f ranFlags
	f.define(c.flags)
	if err := c.parse(0); err != nil {
		return err
	}
	cfg, err := f.config(c)
	if err != nil {
		return err
	}
	if f.csv != "" {
		return f.writeCSV(cfg)
	}
	show := &ranProgress{}
	if file, ok := c.err.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		cfg.Progress = func(p ran.Progress) { show.print(c, p) }
	}
	if f.tun != "" {
		host, err := f.host(c)
		if err != nil {
			return err
		}
		cfg.Groups[0].Host = host
		defer host.Close()
	}
	s, err := ran.Run(c.ctx, cfg)
	show.clear(c)
	if _, no := errors.AsType[ran.Refused](err); no {
		return fmt.Errorf("%w: --plmn, --tac, --slice and --gnb must suit the core, whose log says more", err)
	} else if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: is a core at %s (--core), with the same SCTP (--sctp, --udp-port)?", err, f.core)
	} else if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: name other addresses with --n3, and other radios with --gnb", err)
	} else if err != nil {
		return err
	}
	if f.json {
		err = printJSON(c.out, s)
	} else {
		err = printSummary(c, s)
	}
	if err == nil && !s.OK {
		err = fmt.Errorf("not all phones did all of it: %d of %d registered, %d of %d sessions", s.Registered, s.Phones,
			s.Sessions, s.Phones*len(cfg.Groups[0].Phone.Sessions))
	}
	return err
}

// config makes the load of the flags.
func (f *ranFlags) config(c *call) (cfg ran.Config, err error) {
	plmn, err := ident.ParsePLMN(f.plmn)
	if err != nil {
		return cfg, misused("--plmn: %v", err)
	}
	radios, err := f.radioConfigs(c, plmn)
	if err != nil {
		return cfg, err
	}
	phone, err := f.phoneConfig(plmn)
	if err != nil {
		return cfg, err
	}
	phone.Slices = radios[0].Slices
	kind, known := map[string]nas.PDUSessionType{"ipv4": nas.PDUSessionIPv4, "ipv6": nas.PDUSessionIPv6, "ipv4v6": nas.PDUSessionIPv4v6, "ethernet": nas.PDUSessionEthernet}[f.kind]
	if !known {
		return cfg, misused("--type %q: want ipv4, ipv6, ipv4v6 or ethernet", f.kind)
	}
	for name := range strings.SplitSeq(f.dnn, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		dnn, err := ident.ParseDNN(name)
		if err != nil {
			return cfg, misused("--dnn: %v", err)
		}
		phone.Sessions = append(phone.Sessions, ran.SessionConfig{DNN: dnn, Slice: phone.Slices[0], Type: kind})
	}
	if f.imsi == "" {
		home := plmn.MCC() + plmn.MNC()
		f.imsi = home + strings.Repeat("0", 14-len(home)) + "1"
	}
	first, err := ident.ParseSUPI(f.imsi)
	if err != nil {
		return cfg, misused("--imsi: %v", err)
	}
	phones := ran.Group{Phones: f.phones, First: first, Phone: phone}
	if f.reach < 1 || f.reach > f.radios {
		return cfg, misused("--reach %d: want 1 to the number of radios, %d", f.reach, f.radios)
	} else if f.reach > 1 {
		phones.Reach = f.reachOf
	}
	cfg = ran.Config{Radios: radios, Groups: []ran.Group{phones}, Rate: f.rate, AtOnce: f.atOnce,
		Traffic: f.traffic, PPS: f.pps, Payload: f.payload, Hold: f.hold, Deregister: f.deregister, Patience: f.patience}
	return cfg, f.targets(&cfg.Groups[0], kind)
}

// reachOf is the radios that a phone may use: in turn its own, and the next ones.
func (f *ranFlags) reachOf(phone int) []int {
	radios := make([]int, f.reach)
	for i := range radios {
		radios[i] = (phone + i) % f.radios
	}
	return radios
}

func (f *ranFlags) radioConfigs(c *call, plmn ident.PLMN) ([]ran.RadioConfig, error) {
	var tacs []ident.TAC
	for s := range strings.SplitSeq(f.tac, ",") {
		tac, err := ident.ParseTAC(strings.TrimSpace(s))
		if err != nil {
			return nil, misused("--tac: %v", err)
		}
		tacs = append(tacs, tac)
	}
	var slices []ident.SNSSAI
	for s := range strings.SplitSeq(f.slice, ",") {
		slice, err := ident.ParseSNSSAI(strings.TrimSpace(s))
		if err != nil {
			return nil, misused("--slice: %v", err)
		}
		slices = append(slices, slice)
	}
	makers, err := f.makers()
	if err != nil {
		return nil, err
	}
	if f.radios < 1 || f.gnb+uint(f.radios) > 1<<24 {
		return nil, misused("--radios %d: want at least 1, and identifiers of 24 bits", f.radios)
	}
	n3, err := f.address(f.n3, "--n3")
	if err != nil {
		return nil, err
	}
	all := ran.Radios(f.radios, ran.RadioConfig{
		Node: ident.RANNode{PLMN: plmn, Kind: ident.GNB, Bits: 24, ID: uint32(f.gnb)}, Name: "cordon-ran",
		Slices: slices, N3: netip.AddrPortFrom(n3, 2152),
		Reconnect: f.reconnect > 0, RetryAfter: f.reconnect, KeepTunnels: f.keepTunnels,
	}, makers...)
	dial, err := f.dialler(c)
	if err != nil {
		return nil, err
	}
	local := n3
	if f.n2 != "" {
		if local, err = f.address(f.n2, "--n2"); err != nil {
			return nil, err
		}
	}
	for i := range all {
		own := local
		all[i].TACs = []ident.TAC{tacs[i%len(tacs)]}
		all[i].Dial = func(ctx context.Context) (ran.N2, error) { return dial(ctx, own) }
		local = local.Next()
	}
	return all, nil
}

func (f *ranFlags) makers() ([]ran.Maker, error) {
	if f.maker == "mixed" {
		return ran.Makers(), nil
	}
	for _, m := range ran.Makers() {
		if m.Name == f.maker {
			return []ran.Maker{m}, nil
		}
	}
	return nil, misused("--maker %q: want %s or mixed", f.maker, strings.Join(makerNames(), ", "))
}

// address reads one of our own addresses, or finds the one from which the core is reached.
func (f *ranFlags) address(s, name string) (netip.Addr, error) {
	if s != "" {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return a, misused("%s %q: want an address", name, s)
		}
		return a, nil
	}
	conn, err := net.Dial("udp", f.core) // sends nothing
	if err != nil {
		return netip.Addr{}, misused("--core %q: %v", f.core, err)
	}
	defer conn.Close()
	a := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
	if a.IsLoopback() && a.Is4() {
		a = netip.AddrFrom4([4]byte{127, 0, 0, 2}) // the core has the first one
	}
	return a, nil
}

// dialler sets associations up, and tells once in which way.
func (f *ranFlags) dialler(c *call) (func(context.Context, netip.Addr) (ran.N2, error), error) {
	mode, err := transport.ParseMode(f.sctp)
	if err != nil {
		return nil, misused("--sctp: %v", err)
	}
	remote, err := net.ResolveUDPAddr("udp", f.core)
	if err != nil {
		return nil, misused("--core %q: %v", f.core, err)
	}
	if f.udpPort == 0 || f.udpPort > 65535 {
		return nil, misused("--udp-port %d: want 1 to 65535", f.udpPort)
	}
	core := remote.AddrPort()
	core = netip.AddrPortFrom(core.Addr().Unmap(), core.Port())
	var once sync.Once
	return func(ctx context.Context, local netip.Addr) (ran.N2, error) {
		conn, choice, err := transport.Dial(ctx, transport.DialConfig{Mode: mode, Local: netip.AddrPortFrom(local, 0),
			Remote: core, UDPPort: uint16(f.udpPort), Heartbeat: ranHeartbeat})
		if err != nil {
			return nil, err
		}
		once.Do(func() { fmt.Fprintf(c.err, "%s to %s\n", choice, core) })
		return ran.Over(conn, transport.ErrBacklog), nil
	}, nil
}

func (f *ranFlags) phoneConfig(plmn ident.PLMN) (p ran.PhoneConfig, err error) {
	p = ran.PhoneConfig{PLMN: plmn, Random: rand.Reader}
	if p.SIM, err = f.sim(); err != nil {
		return p, err
	}
	if p.Conceal.Routing, err = ident.ParseRoutingIndicator(f.routing); err != nil {
		return p, misused("--routing: %v", err)
	}
	lengths := map[string]int{"null": 0, "a": 32, "b": 33}
	schemes := map[string]ident.SchemeID{"null": ident.SchemeNull, "a": ident.SchemeProfileA, "b": ident.SchemeProfileB}
	want, known := lengths[f.suci]
	switch {
	case !known:
		return p, misused("--suci %q: want null, a or b", f.suci)
	case f.suciKeyID > 255:
		return p, misused("--suci-key-id %d: want 0 to 255", f.suciKeyID)
	}
	if p.Conceal.Scheme = schemes[f.suci]; want == 0 {
		return p, nil
	}
	p.Conceal.KeyID = uint8(f.suciKeyID)
	if p.Conceal.Public, err = hex.DecodeString(f.suciKey); err != nil || len(p.Conceal.Public) != want {
		return p, misused("--suci-key: want the home network's public key, %d octets in hexadecimal", want)
	}
	return p, nil
}

// sim is the algorithm set with its keys.
func (f *ranFlags) sim() (aka.Functions, error) {
	k, err := hex.DecodeString(f.key)
	if err != nil {
		return nil, misused("--key: want hexadecimal digits")
	}
	opc, err := hex.DecodeString(f.opc)
	if err != nil {
		return nil, misused("--opc: want hexadecimal digits")
	}
	switch {
	case f.algorithm == "milenage" && len(k) == 16 && f.op != "":
		op, err := hex.DecodeString(f.op)
		if err != nil || len(op) != 16 {
			return nil, misused("--op: want 32 hexadecimal digits")
		}
		return aka.NewMilenage([16]byte(k), aka.OPc([16]byte(k), [16]byte(op))), nil
	case f.algorithm == "milenage" && len(k) == 16 && len(opc) == 16:
		return aka.NewMilenage([16]byte(k), [16]byte(opc)), nil
	case f.algorithm == "milenage":
		return nil, misused("--key and --opc: want 32 hexadecimal digits each")
	case f.algorithm != "tuak":
		return nil, misused("--algorithm %q: want milenage or tuak", f.algorithm)
	case len(opc) != 32 || f.op != "":
		return nil, misused("--opc: with TUAK want TOPc, 64 hexadecimal digits")
	}
	sim, err := aka.NewTUAK(k, [32]byte(opc), aka.TUAKSizes{RES: 8, Iterations: 1})
	if err != nil {
		return nil, misused("--key: %v", err)
	}
	return sim, nil
}
