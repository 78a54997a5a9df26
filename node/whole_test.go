package node

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/subscriber"
	"cordon/transport"
)

// Whole-core tests: a core as an operator would start it, on loopback addresses that the
// test chose, and simulated radios and phones.

var (
	testK   = [16]byte{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc}
	testOPc = [16]byte{0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e, 0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf}
)

const firstIMSI = "001010000000001"

// world is a running core and what is needed to reach it.
type world struct {
	*Core
	cfg  Config
	stop context.CancelFunc
	done chan error
}

// addresses on loopback that one test uses, apart from those of others in other processes.
func loopback(t testing.TB, n byte) netip.Addr {
	t.Helper()
	return netip.AddrFrom4([4]byte{127, 20 + testNet(t), 0, n})
}

var testEcho = netip.MustParseAddrPort("198.18.0.1:7")

func testConfig(t testing.TB) Config {
	dir := t.TempDir()
	cfg := DefaultConfig()
	cfg.PLMN, _ = ident.ParsePLMN("00101")
	cfg.TACs = []ident.TAC{1}
	cfg.Networks = []NetworkConfig{{Name: "internet", Pool: netip.MustParsePrefix("10.45.0.0/16"), MTU: 1400, DNS: []netip.Addr{netip.MustParseAddr("198.18.0.53")}}}
	cfg.Plans = []subscriber.Plan{{Name: "gold", UEAMBR: subscriber.AMBR{UL: 1e9, DL: 1e9}, Slices: []subscriber.Slice{{
		SNSSAI: ident.SNSSAI{SST: 1, SD: ident.NoSD}, Default: true,
		DNNs: []subscriber.Network{{DNN: "internet", Default: true, AMBR: subscriber.AMBR{UL: 1e8, DL: 1e8}}},
	}}}}
	cfg.DefaultPlan = "gold"
	cfg.N2.SCTP, cfg.N2.UDPPort = transport.UDP, 0
	cfg.N2.Address = netip.AddrPortFrom(loopback(t, 1), 38412)
	cfg.N3.Address = netip.AddrPortFrom(loopback(t, 1), 2152)
	cfg.N6.Mode, cfg.N6.Echo = "netstack", testEcho
	cfg.Security.NullScheme = true
	private := make([]byte, 32)
	rand.Read(private)
	cfg.Security.Keys = []HomeKeyConfig{{ID: 1, Profile: ident.SchemeProfileA, Private: private}}
	cfg.Store.Path, cfg.Store.KeyFile = filepath.Join(dir, "cordon.db"), filepath.Join(dir, "cordon.key")
	cfg.API.Listen, cfg.API.TokenFile = netip.MustParseAddrPort("127.0.0.1:0"), filepath.Join(dir, "cordon.token")
	cfg.Trust.Records = []string{testRecords(t, testFacts(t))}
	cfg.Evidence = EvidenceConfig{Path: filepath.Join(dir, "evidence"), KeyFile: filepath.Join(dir, "log.key"), PseudonymFile: filepath.Join(dir, "pseudonyms.key")}
	return cfg
}

func start(t testing.TB, cfg Config) *world {
	t.Helper()
	return startLogging(t, cfg, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})))
}

func startLogging(t testing.TB, cfg Config, log *slog.Logger) *world {
	t.Helper()
	return startWithin(t, cfg, log, func(f func() error) error { return f() })
}

// startWithin starts a core that opens its sockets where within has it.
func startWithin(t testing.TB, cfg Config, log *slog.Logger, within func(func() error) error) *world {
	t.Helper()
	var core *Core
	err := within(func() (err error) {
		core, err = Open(cfg, Options{Version: "test", Log: log})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := &world{Core: core, cfg: cfg, stop: cancel, done: make(chan error, 1)}
	go func() { w.done <- errors.Join(core.Run(ctx), core.Close()); close(w.done) }()
	t.Cleanup(w.end(t))
	return w
}

// end stops the core, if it is not stopped yet, and wants it to stop cleanly.
func (w *world) end(t testing.TB) func() {
	return func() {
		w.stop()
		if err := <-w.done; err != nil {
			t.Errorf("the core ended with: %v", err)
		}
	}
}

// subscribe adds n subscribers from the first IMSI on.
func (w *world) subscribe(t testing.TB, n int) {
	t.Helper()
	first, err := ident.ParseSUPI(firstIMSI)
	if err != nil {
		t.Fatal(err)
	}
	w.subscribeFrom(t, first, n)
}

func (w *world) subscribeFrom(t testing.TB, first ident.SUPI, n int) {
	t.Helper()
	for i := range n {
		p := subscriber.Profile{SUPI: first + ident.SUPI(i), Plan: "gold", Credentials: subscriber.Credentials{
			AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(testK[:]), OPc: subscriber.NewSecret(testOPc[:])}}
		if err := w.Store.Add(p, false); err != nil {
			t.Fatal(err)
		}
	}
}

// load is a load of n phones on two radios.
func (w *world) load(t testing.TB, n int) ran.Config {
	t.Helper()
	first, _ := ident.ParseSUPI(firstIMSI)
	plmn := w.cfg.PLMN
	slice := ident.SNSSAI{SST: 1, SD: ident.NoSD}
	key, err := aka.NewHomeKey(ident.SchemeProfileA, w.cfg.Security.Keys[0].Private)
	if err != nil {
		t.Fatal(err)
	}
	radio := ran.RadioConfig{
		Node: ident.RANNode{PLMN: plmn, Bits: 24, ID: 0x100}, Name: "test", TACs: []ident.TAC{1}, Slices: []ident.SNSSAI{slice},
		N3: netip.AddrPortFrom(loopback(t, 10), 2152), Reconnect: true,
		Dial: func(ctx context.Context) (ran.N2, error) {
			c, _, err := transport.Dial(ctx, transport.DialConfig{Mode: transport.UDP, Remote: w.N2, UDPPort: w.SCTP.UDPPort})
			if err != nil {
				return nil, err
			}
			return ran.Over(c, transport.ErrBacklog), nil
		},
	}
	return ran.Config{
		Radios: ran.Radios(2, radio),
		Groups: []ran.Group{{Phones: n, First: first, Target: testEcho, Phone: ran.PhoneConfig{
			PLMN: plmn, SIM: aka.NewMilenage(testK, testOPc), Slices: []ident.SNSSAI{slice}, Random: rand.Reader,
			Conceal:  ran.Concealment{Scheme: ident.SchemeProfileA, KeyID: 1, Public: key.Public(), Routing: ident.RoutingIndicator{0xf0, 0xff}},
			Sessions: []ran.SessionConfig{{DNN: "internet", Slice: slice}},
		}}},
		PPS: 10, Traffic: 2 * time.Second, Patience: 20 * time.Second,
	}
}

func TestFirstLight(t *testing.T) {
	w := start(t, testConfig(t))
	w.subscribe(t, 20)
	cfg := w.load(t, 20)
	cfg.Deregister = true
	s, err := ran.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(s)
	t.Logf("%s", b)
	if !s.OK || s.Registered != 20 || s.Sessions != 20 || s.PhonesEchoed != 20 || s.Deregistered != 20 {
		t.Errorf("not everybody did everything: %s", b)
	}
	load, err := w.Load(t.Context())
	if err != nil || load.Devices != 0 || load.Sessions != 0 {
		t.Errorf("left behind: %+v, %v", load, err)
	}
}

// testNet is the second octet of this process's loopback addresses.
func testNet(testing.TB) byte { return byte(os.Getpid() % 200) }
